"""How lines become one again, where only a long expression kept them from fitting on it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from fixtests.fixing.nodes import Nodes
from fixtests.model import Applicability, Edit, Finding, Fix, Span
from fixtests.syntax.queries import walk

BRACKETS = ast.Call | ast.List | ast.Tuple | ast.Set | ast.Dict
OPENED = ("(", "[", "{")
TWO = 2  # keywords, which stand on lines of their own, or texts of one row


@dataclass(frozen=True)
class Break:
    """The line breaks in brackets, and how long their line would be without them."""

    gaps: tuple[tuple[Span, str], ...]  # what stands in the place of each then
    columns: int


class Shortened(NamedTuple):
    """A fix by the number of its finding, and its edit that puts something on one line."""

    number: int
    fix: Fix
    edit: Edit


def dividing(nodes: Nodes, node: ast.expr) -> Break | None:
    """Return the line breaks that only the length of an expression may need.

    It is the only one in the brackets around, or those of a call divide nothing but its bracket and
    its two arguments. A comma at their end asks for lines of their own, a comment needs one, and
    keys of a dict or keywords of a call stand on lines of theirs.
    """
    source = nodes.source
    bracket = _bracket(nodes, node)
    if bracket is None or not _is_row(bracket):
        return None
    row, last = opening(bracket), bracket.end_lineno or 0
    if last != row + 1 and not _are_lines_of_two(bracket, row, last):
        return None
    lines = [source.line(at).decode("utf-8", "surrogatepass") for at in range(row, last + 1)]
    texts, end = [line.rstrip() for line in lines], source.span(bracket).end
    tail = source.slice(Span(end, source.starts[last - 1] + len(source.line(last)))).rstrip()
    inner = source.slice(Span(source.starts[last - 1], end - 1)).rstrip()
    if (
        source.utf8[end - 1 : end] not in (b")", b"]", b"}")
        or not all(text.endswith((",", *OPENED)) for text in texts[:-1])
        or inner.endswith(",")
        or any("#" in text for text in texts)
        or tail.endswith(OPENED)
        or any(map(_is_text_on_lines, walk(bracket)))
    ):
        return None
    gaps = []
    for at, (text, below) in enumerate(pairwise(lines), start=row - 1):
        start = source.starts[at] + len(text.rstrip().encode("utf-8", "surrogatepass"))
        gap = Span(start, source.starts[at + 1] + len(below) - len(below.lstrip()))
        gaps.append((gap, " " if text.rstrip().endswith(",") else ""))
    columns = len(texts[0]) + sum(len(text.strip()) for text in texts[1:])
    return Break(tuple(gaps), columns + sum(len(blank) for _, blank in gaps))


def continued(nodes: Nodes, node: ast.expr, text: str, length: int) -> tuple[Span, str] | None:
    """Return how to undo the backslash above an expression that a shorter text replaces.

    It stays where there was room for the expression beside it.
    """
    source, span = nodes.source, nodes.source.span(node)
    row, column = source.location(span.start)
    if row == 1 or len(nodes.indentation(row)) < column - 1:
        return None
    above = source.line(row - 1).decode("utf-8", "surrogatepass").rstrip("\r\n")
    if not above.endswith("\\") or "#" in above:
        return None
    above = above[:-1].rstrip()
    last, _ = source.location(span.end)
    tail = source.slice(Span(span.end, source.starts[last - 1] + len(source.line(last)))).rstrip()
    around = len(above) + 1 + len(tail)
    old = source.slice(span)
    needed = "\n" in old or around + len(old) > length
    if not needed or around + len(text) > length or not above.strip():
        return None
    start = source.starts[row - 2] + len(above.encode("utf-8", "surrogatepass"))
    return Span(start, span.end), f" {text}"


def is_only_one_below(bracket: ast.expr | None, node: ast.expr) -> bool:
    """Tell whether no other value of a dict stands below its key, as only length asks for."""
    if not isinstance(bracket, ast.Dict):
        return False
    pairs = zip(bracket.keys, bracket.values, strict=True)
    return not any(
        key is not None and value is not node and value.lineno > (key.end_lineno or 0)
        for key, value in pairs
    )


def rows(findings: Sequence[Finding], nodes: Nodes, length: int) -> list[Finding]:
    """Return findings with their fixes, of which some make two lines short enough for one.

    Each of these does what all of them do, so that none is left with half a line too long.
    """
    found: dict[tuple[Break, str, Applicability], list[Shortened]] = {}
    for item, node in shortened(findings, nodes):
        finding, gap = findings[item.number], dividing(nodes, node)
        if gap is not None and gap.columns > length:
            found.setdefault((gap, finding.code, finding.applicability), []).append(item)
    result = list(findings)
    for (gap, _, _), its in found.items():
        saved = sum(
            len(nodes.source.slice(Span(it.edit.start, it.edit.end))) - len(it.edit.content)
            for it in its
        )
        if len(its) < TWO or gap.columns - saved > length:
            continue
        joins = (Edit(nodes.source.path, it.start, it.end, blank) for it, blank in gap.gaps)
        make_all(result, its, (*(edit for it in its for edit in it.fix.edits), *joins))
    return result


def shortened(findings: Sequence[Finding], nodes: Nodes) -> Iterator[tuple[Shortened, ast.expr]]:
    """Yield the fixes that put something on one line in the place of what is flagged, with that."""
    for number, finding in enumerate(findings):
        fix, span = finding.fix, finding.span
        edits = fix.edits if fix is not None else ()
        edit = next((it for it in edits if Span(it.start, it.end) == span), None)
        if fix is None or edit is None or "\n" in edit.content:
            continue
        if (node := nodes.find(span, ast.expr)) is not None:
            yield Shortened(number, fix, edit), node


def make_all(findings: list[Finding], its: Sequence[Shortened], edits: Iterable[Edit]) -> None:
    """Have the fix of each of some findings make the edits that all of them make together."""
    made = tuple(dict.fromkeys(edits))
    declared = tuple(dict.fromkeys(item for it in its for item in it.fix.declarations))
    for it in its:
        fix = replace(it.fix, edits=made, declarations=declared)
        findings[it.number] = replace(findings[it.number], fix=fix)


def _bracket(nodes: Nodes, node: ast.expr) -> ast.expr | None:
    """Return the innermost brackets on several lines around a node; none outside a statement."""
    found = next((item for item in nodes.parents.above(node) if _is_divided(item)), None)
    return found if isinstance(found, ast.expr) else None


def _is_divided(node: ast.AST) -> bool:
    """Tell whether a node is one in brackets, which stand on more than one line, or a statement."""
    if isinstance(node, BRACKETS):
        return opening(node) != node.end_lineno
    return isinstance(node, ast.stmt)


def opening(bracket: ast.expr) -> int:
    """Return the row on which the brackets of an expression open."""
    return (bracket.func.end_lineno or 0) if isinstance(bracket, ast.Call) else bracket.lineno


def _is_row(bracket: ast.expr) -> bool:
    """Tell whether what brackets hold stands in a row as long as there is room for it."""
    if isinstance(bracket, ast.Call):
        return len(bracket.keywords) < TWO
    return isinstance(bracket, ast.List | ast.Tuple | ast.Set)


def _are_lines_of_two(bracket: ast.expr, row: int, last: int) -> bool:
    """Tell whether brackets hold two arguments on a line of its own each, and close behind them."""
    if not isinstance(bracket, ast.Call) or len(bracket.args) != TWO or bracket.keywords:
        return False
    rows = [at for item in bracket.args for at in (item.lineno, item.end_lineno)]
    return rows == [row + 1, row + 1, row + 2, row + 2] and last == row + 2


def _is_text_on_lines(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr | ast.Constant)
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]
