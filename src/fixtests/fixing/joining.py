"""How two lines become one again, where only a long expression kept brackets from fitting on it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fixtests.fixing.nodes import Nodes
from fixtests.model import Applicability, Edit, Finding, Fix, Span
from fixtests.syntax.queries import walk

OPENED = ("(", "[", "{")
TWO = 2  # keywords, which stand on lines of their own, or texts of one row


@dataclass(frozen=True)
class Break:
    """A line break between the two lines of brackets, and how long they would be without it."""

    span: Span
    columns: int
    blank: str  # what stands in its place then


def dividing(nodes: Nodes, node: ast.expr) -> Break | None:
    """Return the line break that only the length of an expression may need.

    It is the only one in the brackets around. A comma at their end asks for lines of their own, a
    comment needs one, and keys of a dict or keywords of a call stand on lines of theirs.
    """
    source = nodes.source
    bracket = _bracket(nodes, node)
    if bracket is None or not _is_row(bracket):
        return None
    row, last = _opening(bracket), bracket.end_lineno or 0
    if last != row + 1:
        return None
    above, below = (source.line(at).decode("utf-8", "surrogatepass") for at in (row, last))
    above, end = above.rstrip(), source.span(bracket).end
    tail = source.slice(Span(end, source.starts[last - 1] + len(source.line(last)))).rstrip()
    inner = source.slice(Span(source.starts[last - 1], end - 1)).rstrip()
    if (
        source.utf8[end - 1 : end] not in (b")", b"]", b"}")
        or not above.endswith((",", *OPENED))
        or inner.endswith(",")
        or "#" in above + below
        or tail.endswith(OPENED)
        or any(map(_is_text_on_lines, walk(bracket)))
    ):
        return None
    start = source.starts[row - 1] + len(above.encode("utf-8", "surrogatepass"))
    gap = Span(start, source.starts[last - 1] + len(below) - len(below.lstrip()))
    blank = " " if above.endswith(",") else ""
    return Break(gap, len(above + blank) + len(below.strip()), blank)


def rows(findings: Sequence[Finding], nodes: Nodes, length: int) -> list[Finding]:
    """Return findings with their fixes, of which some make two lines short enough for one.

    Each of these does what all of them do, so that none is left with half a line too long.
    """
    found: dict[tuple[Break, str, Applicability], list[tuple[int, Fix, Edit]]] = {}
    for number, finding in enumerate(findings):
        fix = finding.fix
        edit = _plain(finding.span, fix) if fix is not None else None
        if fix is None or edit is None:
            continue
        node = nodes.find(finding.span, ast.expr)
        gap = dividing(nodes, node) if node is not None else None
        if gap is not None and gap.columns > length:
            key = gap, finding.code, finding.applicability
            found.setdefault(key, []).append((number, fix, edit))
    result = list(findings)
    for (gap, _, _), its in found.items():
        saved = sum(
            len(nodes.source.slice(Span(edit.start, edit.end))) - len(edit.content)
            for _, _, edit in its
        )
        if len(its) < TWO or gap.columns - saved > length:
            continue
        join = Edit(nodes.source.path, gap.span.start, gap.span.end, gap.blank)
        together = (*(edit for _, fix, _ in its for edit in fix.edits), join)
        declared = tuple(dict.fromkeys(item for _, fix, _ in its for item in fix.declarations))
        for number, fix, _ in its:
            fix = replace(fix, edits=tuple(dict.fromkeys(together)), declarations=declared)
            result[number] = replace(findings[number], fix=fix)
    return result


def _plain(span: Span, fix: Fix) -> Edit | None:
    """Return the edit of a fix that puts something on one line in the place of what is flagged."""
    edit = next((it for it in fix.edits if Span(it.start, it.end) == span), None)
    return edit if edit is not None and "\n" not in edit.content else None


def _bracket(nodes: Nodes, node: ast.expr) -> ast.expr | None:
    """Return the innermost brackets on several lines around a node; none outside a statement."""
    found = next((item for item in nodes.parents.above(node) if _is_divided(item)), None)
    return found if isinstance(found, ast.expr) else None


def _is_divided(node: ast.AST) -> bool:
    """Tell whether a node is one in brackets, which stand on more than one line, or a statement."""
    if isinstance(node, ast.Call | ast.List | ast.Tuple | ast.Set | ast.Dict):
        return _opening(node) != node.end_lineno
    return isinstance(node, ast.stmt)


def _opening(bracket: ast.expr) -> int:
    """Return the row on which the brackets of an expression open."""
    return (bracket.func.end_lineno or 0) if isinstance(bracket, ast.Call) else bracket.lineno


def _is_row(bracket: ast.expr) -> bool:
    """Tell whether what brackets hold stands in a row as long as there is room for it."""
    if isinstance(bracket, ast.Call):
        return len(bracket.keywords) < TWO
    return isinstance(bracket, ast.List | ast.Tuple | ast.Set)


def _is_text_on_lines(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr | ast.Constant)
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]
