"""Lines of source as markup: coloured by what they are to Python, escaped, numbered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import Any, TypeAlias

from pygments.lexers.python import PythonLexer
from pygments.token import Token

from fixtests.report.location import visible_code
from fixtests.syntax import triple_quoted
from fixtests.text.source import Source

Piece: TypeAlias = tuple[str, str]  # a class of the page's style sheet, and a text within a line
Line: TypeAlias = list[Piece]
CLASSES = (
    (Token.Comment, "c"),
    (Token.Keyword, "k"),
    (Token.Operator.Word, "k"),
    (Token.String, "s"),
    (Token.Number, "n"),
    (Token.Name.Function, "f"),
    (Token.Name.Class, "f"),
    (Token.Name.Decorator, "f"),
)


class Colors:
    """The lines of one file; lines end at LF alone, as in a diff."""

    def __init__(self, source: Source) -> None:
        self._text = source.utf8
        self._strings = triple_quoted.strings(source.utf8)
        self._starts = [0]
        for line in source.utf8.split(b"\n")[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._starts) - (self._starts[-1] == len(self._text))

    def start(self, line: int) -> int:
        """Return the offset of the first byte of a line, from 0."""
        return self._starts[line]

    def row(self, offset: int) -> int:
        """Return the line, from 0, in which an offset is."""
        return bisect_right(self._starts, offset) - 1

    def lines(self, first: int, end: int) -> list[Line]:
        """Return some lines, from 0, `end` left out: a string around the first one is known."""
        if first >= end:
            return []
        start = self._starts[first]
        begin = self._strings.begin(start) if self._strings else start
        skipped = self._text.count(b"\n", begin, start)
        stop = self._starts[end] if end < len(self._starts) else len(self._text)
        text = self._text[begin:stop].decode("utf-8", "surrogatepass")
        return colored(text)[skipped : skipped + end - first]


def colored(text: str) -> list[Line]:
    """Return the lines of a piece of Python."""
    lines: list[Line] = [[]]
    for _, token, value in PythonLexer().get_tokens_unprocessed(text):
        name = _class(token)
        first, *rest = value.split("\n")
        _add(lines[-1], name, first)
        for part in rest:
            lines.append([])
            _add(lines[-1], name, part)
    return lines


def _add(line: Line, name: str, text: str) -> None:
    if line and line[-1][0] == name:
        text = line.pop()[1] + text
    if text:
        line.append((name, text))


@cache
def _class(token: Any) -> str:
    return next((name for kind, name in CLASSES if token in kind), "")


def marked_up(line: Line, number: int, mark: range = range(0)) -> str:
    """Return the markup of a line with its number; `mark` are the characters that are flagged."""
    text = "".join(_cut(line, mark))
    return f"<code data-n={number}>{text}\n</code>"


def _cut(line: Line, mark: range) -> Iterator[str]:
    """Yield the markup of a line in up to three parts, of which the second one is flagged."""
    if not mark:
        yield from _spans(line)
        return
    before, flagged, after = (
        [*_between(line, start, end)]
        for start, end in ((0, mark.start), (mark.start, mark.stop), (mark.stop, None))
    )
    yield from _spans(before)
    yield "<mark>"
    yield from _spans(flagged)
    yield "</mark>"
    yield from _spans(after)


def _between(line: Line, start: int, end: int | None) -> Iterator[Piece]:
    at = 0
    for name, text in line:
        part = text[max(start - at, 0) : None if end is None else max(end - at, 0)]
        at += len(text)
        if part:
            yield name, part


def _spans(pieces: Iterable[Piece]) -> Iterator[str]:
    for name, text in pieces:
        shown = escape(visible_code(text.removesuffix("\r")), quote=False)
        yield f"<span class={name}>{shown}</span>" if name else shown
