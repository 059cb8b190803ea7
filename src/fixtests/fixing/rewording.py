"""How names take the place of other ones: what is aligned moves along, what is too long is divided.

Each line is put together anew; where nothing but a name changes, the edit is that name alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.logical_lines import CLOSING, Bracket, LogicalLines, Row
from fixtests.fixing.nodes import Nodes
from fixtests.model import Span
from fixtests.text.line_breaking import INDENT

BLOCKS = frozenset(
    ("def", "class", "if", "elif", "while", "for", "with", "async", "except", "match", "case")
)
ROOM = 4  # so many more names of the same growth must fit on a line that is not replaced whole


@dataclass(frozen=True)
class Word:
    """A part of one line, by its columns, and what takes its place."""

    start: int
    end: int
    text: str

    @property
    def growth(self) -> int:
        """How many columns are added."""
        return len(self.text) - (self.end - self.start)


class Rewording:
    """Other words for parts of some lines, which hold `length` columns."""

    def __init__(self, nodes: Nodes, words: Mapping[Span, str], length: int) -> None:
        self.source = nodes.source
        self.lines = nodes.lines
        self.logical: LogicalLines = nodes.logical
        self.length = length
        self.spans = words
        self.words: dict[int, list[Word]] = {}
        for span, text in words.items():
            row, column = self.source.location(span.start)
            end = column - 1 + len(self.source.slice(span))
            self.words.setdefault(row, []).append(Word(column - 1, end, text))
        self.shifts: dict[int, int] = {}
        self.leading: set[int] = set()  # rows that others are aligned with

    def placed(self) -> Iterator[tuple[Span, str]]:
        """Yield what to put in the place of which spans.

        Raises CannotPlaceError where a line would be too long.
        """
        for row in sorted(self.words):
            self._align(row)
        for row in sorted({*self.words, *self.shifts}):
            yield from self._row(row)

    def _align(self, row: int) -> None:
        """Note how far the lines move that are aligned with a bracket on a row which moves."""
        waiting = [row]
        while waiting:
            at = waiting.pop(0)
            for bracket in self.logical.rows[at].brackets:
                moved = self._moved(at, bracket.column)
                last = bracket.closed[0] if bracket.closed else at
                if not moved or not bracket.followed or last == at:
                    continue
                for below in range(at + 1, last + 1):
                    if self._aligned(below, bracket):
                        self.shifts[below] = moved
                        self.leading.add(at)
                        waiting.append(below)

    def _aligned(self, row: int, bracket: Bracket) -> bool:
        """Tell whether a row stands where a bracket has it, and not where one further in has."""
        line = self.lines[row - 1]
        indent = len(line) - len(line.lstrip())
        if self.logical.rows[row].text or not line.strip() or indent <= bracket.column:
            return False
        inner = [item for item in self.logical.rows[row].around if bracket in item.above]
        return not any(item.followed and item.row < row and indent > item.column for item in inner)

    def _moved(self, row: int, column: int) -> int:
        """Return how far what stands at a column of a row moves."""
        words = self.words.get(row, ())
        return self.shifts.get(row, 0) + sum(item.growth for item in words if item.end <= column)

    def _row(self, row: int) -> Iterator[tuple[Span, str]]:
        old, new = self.lines[row - 1], self._reworded(row)
        words = self.words.get(row, [])
        parts = [new]
        if self.length < len(new) and len(old) <= self.length:
            parts = self._divided(row, new)
        room = ROOM * sum(item.growth for item in words)
        if len(parts) > 1 or row in self.shifts or row in self.leading:
            whole = True
        else:
            whole = len(new) + room > self.length
        start = self.source.starts[row - 1]
        if whole:
            end = start + len(old.encode("utf-8", "surrogatepass"))
            yield Span(start, end), self.source.newline.join(parts)
            return
        for span, text in self.spans.items():
            if self.source.row(span.start) == row:
                yield span, text

    def _reworded(self, row: int) -> str:
        line, parts, at = self.lines[row - 1], [], 0
        for word in sorted(self.words.get(row, ()), key=lambda item: item.start):
            parts += [line[at : word.start], word.text]
            at = word.end
        text = "".join((*parts, line[at:]))
        shift = self.shifts.get(row, 0)
        return " " * shift + text if shift >= 0 else text[-shift:]

    def _divided(self, row: int, line: str) -> list[str]:
        """Return a line that is too long as two, the second one aligned.

        Raises CannotPlaceError where no comma and no bracket allows it.
        """
        for at, indent in (*self._commas(row, line), *self._brackets(row, line)):
            parts = [line[:at].rstrip(), indent + line[at:].lstrip()]
            if line[at:].strip() and all(len(part) <= self.length for part in parts):
                return parts
        raise CannotPlaceError(f"a line would be longer than {self.length} columns")

    def _commas(self, row: int, line: str) -> list[tuple[int, str]]:
        """Return where a line may be divided after a comma, the best place first."""
        here: Row = self.logical.rows[row]
        found: list[tuple[bool, int, int, str]] = []
        for column, bracket in here.commas:
            if not self._closes_after(row, column) or "#" in line:
                continue
            if bracket.row == row:
                indent = bracket.column + 1 + self._moved(row, bracket.column)
            elif here.around and here.around[-1] is bracket and not here.text:
                indent = len(line) - len(line.lstrip())
            else:
                continue
            place = column + 1 + self._moved(row, column)
            found.append((self._goes_on(row, bracket), len(bracket.above), -place, " " * indent))
        return [(-place, indent) for _, _, place, indent in sorted(found)]

    def _goes_on(self, row: int, bracket: Bracket) -> bool:
        """Tell whether something else follows on a row where a bracket is closed on it."""
        if bracket.closed is None or bracket.closed[0] != row:
            return False
        return bool(self.lines[row - 1][bracket.closed[1] :].strip(f"{CLOSING},: "))

    def _brackets(self, row: int, line: str) -> Iterator[tuple[int, str]]:
        """Yield where a line may be divided after a bracket that is closed on it, `(` first."""
        here = self.logical.rows[row]
        indent = line[: len(line) - len(line.lstrip())]
        indent += INDENT * (2 if here.opens in BLOCKS else 1)
        old = self.lines[row - 1]
        for bracket in sorted(here.brackets, key=lambda item: old[item.column] != "("):
            if "#" not in line and self._closes_after(row, bracket.column - 1):
                yield bracket.column + 1 + self._moved(row, bracket.column), indent

    def _closes_after(self, row: int, column: int) -> bool:
        """Tell whether each bracket that opens after a column of a row is closed on it."""
        return all(
            item.closed is not None and item.closed[0] == row
            for item in self.logical.rows[row].brackets
            if item.column > column
        )
