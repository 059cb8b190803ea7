"""Brackets that a formatter closes on the line that they open on as soon as there is room.

That is how ruff and black are told with `skip-magic-trailing-comma`: a comma at the end asks for
no lines of their own then, and what fits on fewer lines has to stand on fewer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from fixtests.fixing.joining import BRACKETS, OPENED, Shortened, make_all, opening, shortened
from fixtests.fixing.nodes import Nodes
from fixtests.model import Applicability, Edit, Finding, Span
from fixtests.syntax.queries import walk

CLOSED = (")", "]", "}")

Change = tuple[Span, str]


def folds(nodes: Nodes, changes: Sequence[Change], length: int) -> tuple[Change, ...]:
    """Return what else to change so that brackets around some changes stand on fewer lines.

    They are on one line where that has room for them only now; else the arguments of a call are,
    below the bracket, where theirs has.
    """
    found: dict[Change, None] = {}
    stuck: list[Span] = []
    for bracket, inside in _brackets(nodes, changes):
        span = nodes.source.span(bracket)
        if any(_holds(span, other) for other in stuck):
            continue
        lines = _Lines(nodes, bracket)
        gaps = lines.gaps() if all(_is_on_a_line(nodes, item) for item in inside) else None
        saved = sum(len(nodes.source.slice(old)) - len(new) for old, new in inside)
        if gaps and (whole := lines.width(gaps)) - saved <= length < whole:
            found |= dict.fromkeys(gaps)
            continue
        stuck.append(span)
        if gaps and isinstance(bracket, ast.Call) and (arguments := gaps[1:-1]):
            arguments = [*arguments, *lines.last_comma()]
            if (inner := lines.width(arguments, 1, -1)) - saved <= length < inner:
                found |= dict.fromkeys(arguments)
    return tuple(found)


def rows(findings: Sequence[Finding], nodes: Nodes, length: int) -> list[Finding]:
    """Return findings with their fixes, of which several make room on the lines of a statement.

    Each of these does what all of them do, so that none is left with half a line too long.
    """
    groups: dict[tuple[ast.AST, str, Applicability], list[Shortened]] = {}
    for item, node in shortened(findings, nodes):
        finding = findings[item.number]
        key = nodes.parents.statement(node), finding.code, finding.applicability
        groups.setdefault(key, []).append(item)
    result = list(findings)
    for its in groups.values():
        changes = [(Span(it.edit.start, it.edit.end), it.edit.content) for it in its]
        alone = {change: folds(nodes, [change], length) for change in changes}
        joint = folds(nodes, changes, length)
        if set(joint) == {gap for gaps in alone.values() for gap in gaps}:
            continue
        path = nodes.source.path
        edits = [
            edit
            for it, gaps in zip(its, alone.values(), strict=True)
            for edit in it.fix.edits
            if (Span(edit.start, edit.end), edit.content) not in gaps
        ]
        edits += (Edit(path, span.start, span.end, text) for span, text in joint)
        make_all(result, its, edits)
    return result


def _brackets(nodes: Nodes, changes: Iterable[Change]) -> list[tuple[ast.expr, list[Change]]]:
    """Return the brackets on several lines around some changes, the innermost first, with these."""
    found: dict[ast.expr, list[Change]] = {}
    for change in changes:
        for above in nodes.parents.above(nodes.expression(change[0])):
            if isinstance(above, ast.stmt):
                break
            if isinstance(above, BRACKETS) and opening(above) != above.end_lineno:
                found.setdefault(above, []).append(change)
    spans = {item: nodes.source.span(item) for item in found}
    return sorted(found.items(), key=lambda item: spans[item[0]].end - spans[item[0]].start)


def _holds(span: Span, other: Span) -> bool:
    return span.start <= other.start and other.end <= span.end


def _is_on_a_line(nodes: Nodes, change: Change) -> bool:
    """Tell whether what is changed stands on one line, and what comes of it."""
    return "\n" not in nodes.source.slice(change[0]) + change[1]


class _Lines:
    """The lines of brackets that open at the end of one and close at the beginning of another."""

    def __init__(self, nodes: Nodes, bracket: ast.expr) -> None:
        self._source = source = nodes.source
        self._bracket = bracket
        self._first, self._last = opening(bracket), bracket.end_lineno or 0
        rows = range(self._first, self._last + 1)
        self._texts = [source.line(row).decode("utf-8", "surrogatepass").rstrip() for row in rows]

    def gaps(self) -> list[Change] | None:
        """Return how to put them on one line, None where something needs lines of its own."""
        first, *_, last = self._texts
        if (
            not first.endswith(OPENED)
            or not last.lstrip().startswith(CLOSED)
            or last.endswith((*OPENED, "\\"))
            or any("#" in text for text in self._texts)
            or any(map(self._needs_lines, walk(self._bracket)))
        ):
            return None
        return [*self._joints()]

    def _joints(self) -> Iterator[Change]:
        source = self._source
        for at, (above, below) in enumerate(zip(self._texts, self._texts[1:], strict=False)):
            start = source.starts[self._first - 1 + at]
            below_start = source.starts[self._first + at] + len(below) - len(below.lstrip())
            closes = below.lstrip().startswith(CLOSED)
            text = above.removesuffix(",") if closes else above
            blank = "" if closes or above.endswith(OPENED) else " "
            gap = Span(start + len(text.encode("utf-8", "surrogatepass")), below_start)
            yield gap, blank

    def last_comma(self) -> Iterator[Change]:
        """Yield how to take the comma away that stands before the closing bracket."""
        above = self._texts[-2]
        if above.endswith(","):
            end = self._source.starts[self._last - 2] + len(above.encode("utf-8", "surrogatepass"))
            yield Span(end - 1, end), ""

    def width(self, gaps: Sequence[Change], begin: int = 0, end: int | None = None) -> int:
        """Return how long the line is that lines become by closing gaps."""
        total = sum(len(text) + 1 for text in self._texts[begin:end]) - 1
        for span, blank in gaps:
            total -= len(self._source.slice(span).replace(self._source.newline, "\n")) - len(blank)
        return total

    def _needs_lines(self, node: ast.AST) -> bool:
        """Tell whether a node goes on where no comma or bracket divides it, or keeps its comma."""
        if getattr(node, "lineno", None) == getattr(node, "end_lineno", None):
            return False
        if isinstance(node, ast.Tuple):
            return len(node.elts) == 1
        return not isinstance(node, (BRACKETS, ast.keyword, ast.Starred, ast.Attribute))
