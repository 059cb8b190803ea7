"""How two lines become one again, where only a long expression kept brackets from fitting on it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fixtests.fixing.nodes import Nodes
from fixtests.model import Applicability, Edit, Finding, Span
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
    found: dict[tuple[Break, str, Applicability], list[int]] = {}
    for number, finding in enumerate(findings):
        edit = _plain(finding)
        node = nodes.find(finding.span, ast.expr) if edit is not None else None
        gap = dividing(nodes, node) if node is not None else None
        if gap is not None and gap.columns > length:
            found.setdefault((gap, finding.code, finding.applicability), []).append(number)
    result = list(findings)
    for (gap, _, _), numbers in found.items():
        edits = [edit for number in numbers if (edit := _plain(findings[number]))]
        saved = sum(
            len(nodes.source.slice(Span(it.start, it.end))) - len(it.content) for it in edits
        )
        if len(edits) < TWO or gap.columns - saved > length:
            continue
        fixes = [fix for number in numbers if (fix := findings[number].fix)]
        join = Edit(edits[0].path, gap.span.start, gap.span.end, gap.blank)
        together = (*(edit for fix in fixes for edit in fix.edits), join)
        declared = tuple(dict.fromkeys(item for fix in fixes for item in fix.declarations))
        for number, fix in zip(numbers, fixes, strict=True):
            fix = replace(fix, edits=tuple(dict.fromkeys(together)), declarations=declared)
            result[number] = replace(findings[number], fix=fix)
    return result


def _plain(finding: Finding) -> Edit | None:
    """Return the edit that puts something on one line in the place of a finding, and no more."""
    if finding.fix is None:
        return None
    own = (it for it in finding.fix.edits if Span(it.start, it.end) == finding.span)
    edit = next(own, None)
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
