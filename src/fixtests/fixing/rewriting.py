"""How expressions of one file take the place of others, on lines that are laid out anew."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.syntax.queries import first_row
from fixtests.text import relayout
from fixtests.text.tokens import Range

Rows = tuple[int, int]


def rewritten(nodes: Nodes, texts: Mapping[Span, str], length: int) -> Iterator[tuple[Span, str]]:
    """Yield what to put in the place of which spans so that expressions become some texts.

    Raises CannotPlaceError where the source leaves no place for it.
    """
    found: defaultdict[Rows, dict[Span, str]] = defaultdict(dict)
    for span, text in texts.items():
        found[_rows(nodes, span)][span] = text
    for (first, last), changes in found.items():
        lines = _Lines(nodes, first, last)
        laid_out = relayout.laid_out(
            lines.text, {lines.range(span): text for span, text in changes.items()}, length
        )
        if laid_out is None:
            raise CannotPlaceError(f"a line would be longer than {length} columns")
        for place, text in laid_out.items():
            yield lines.span(place), text.replace("\n", nodes.source.newline)


def _rows(nodes: Nodes, span: Span) -> Rows:
    """Return the first and last row of the simple statement or header that holds an expression."""
    node = nodes.expression(span)
    if any(isinstance(item, ast.JoinedStr) for item in nodes.parents.above(node)):
        raise CannotPlaceError("it stands inside an f-string")
    statement = nodes.parents.statement(node)
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list):
        last = max(first_row(body[0]) - 1, statement.lineno)
    rows = statement.lineno, last
    for decorator in getattr(statement, "decorator_list", ()):
        if decorator.lineno <= node.lineno <= (decorator.end_lineno or 0):
            rows = decorator.lineno, decorator.end_lineno or decorator.lineno
    if isinstance(statement, ast.Match) or not rows[0] <= node.lineno <= rows[1]:
        raise CannotPlaceError("it stands in no simple statement or header")
    return rows


class _Lines:
    """Some rows of a file as text with plain line ends, and the places in it."""

    def __init__(self, nodes: Nodes, first: int, last: int) -> None:
        source = nodes.source
        self.lines = [
            source.line(row).decode("utf-8", "surrogatepass") for row in range(first, last + 1)
        ]
        self.starts = source.starts[first - 1 : last]
        self.text = "".join(line.rstrip("\r\n") + "\n" for line in self.lines)
        self.first = first
        self.source = source

    def range(self, span: Span) -> Range:
        """Return the range of the text that a span of the file has."""
        return self._at(span.start), self._at(span.end)

    def _at(self, offset: int) -> int:
        row, column = self.source.location(offset)
        lines = self.lines[: row - self.first]
        return sum(len(line.rstrip("\r\n")) + 1 for line in lines) + column - 1

    def span(self, place: Range) -> Span:
        """Return the span of the file that a range of the text has."""
        return Span(self._offset(place[0]), self._offset(place[1]))

    def _offset(self, at: int) -> int:
        row = self.text.count("\n", 0, at)
        column = at - (self.text.rfind("\n", 0, at) + 1)
        head = self.lines[row][:column]
        return self.starts[row] + len(head.encode("utf-8", "surrogatepass"))
