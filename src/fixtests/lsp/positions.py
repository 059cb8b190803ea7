"""Offsets of a text as an editor counts: rows from 0, columns in the units that it has chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lsprotocol import types

from fixtests.model import Edit, Span
from fixtests.text.source import Source

Encoding = types.PositionEncodingKind
UNITS: dict[str, Callable[[str], int]] = {
    Encoding.Utf8: lambda text: len(text.encode("utf-8", "surrogatepass")),
    Encoding.Utf16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    Encoding.Utf32: len,
}
MARK = "\ufeff"  # the byte order mark, where an editor sends it along


@dataclass(frozen=True)
class Positions:
    """The positions in one text; with `marked`, it begins with a mark that `source` leaves out."""

    source: Source
    encoding: str
    marked: bool = False

    def at(self, offset: int) -> types.Position:
        """Return where an offset is."""
        row = self.source.row(offset)
        before = self.source.utf8[self.source.starts[row - 1] : offset]
        column = UNITS[self.encoding](before.decode("utf-8", "surrogatepass"))
        if self.marked and row == 1:
            column += UNITS[self.encoding](MARK)
        return types.Position(row - 1, column)

    def range(self, span: Span) -> types.Range:
        """Return where a span is."""
        return types.Range(self.at(span.start), self.at(span.end))

    def edit(self, edit: Edit) -> types.TextEdit:
        """Return an edit for the editor."""
        return types.TextEdit(self.range(Span(edit.start, edit.end)), edit.content)


def row(number: int) -> types.Range:
    """Return a whole row, given as it is counted from 1."""
    return types.Range(types.Position(number - 1, 0), types.Position(number, 0))


def meet(one: types.Range, other: types.Range) -> bool:
    """Tell whether two ranges have a place in common; an empty one is a place."""

    def key(place: types.Position) -> tuple[int, int]:
        return place.line, place.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)
