"""The brackets and commas of a file's logical lines: what lines that go on are aligned with."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field

OPENING, CLOSING = "([{", ")]}"
BLANK = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
)
# Since Python 3.12 what stands in an f-string is made of tokens.
BEGINS_TEXT = getattr(tokenize, "FSTRING_START", -1)
ENDS_TEXT = getattr(tokenize, "FSTRING_END", -1)
TEXTS = frozenset({tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)})


@dataclass(eq=False)
class Bracket:
    """A pair of brackets; `above` are those around it, outermost first.

    `column` is that of the opening one; `closed` is None in what is no Python.
    """

    row: int
    column: int
    above: tuple[Bracket, ...]
    followed: bool = False  # by something on its own row
    closed: tuple[int, int] | None = None


@dataclass
class Row:
    """A line: the brackets open where it begins, and its own; commas with the bracket around.

    `opens` is the first word of a logical line, `text` says that the line begins inside a string.
    """

    around: tuple[Bracket, ...] = ()
    brackets: list[Bracket] = field(default_factory=list)
    commas: list[tuple[int, Bracket]] = field(default_factory=list)
    opens: str = ""
    text: bool = False


class LogicalLines:
    """The rows of one file, by number; columns count characters."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.rows = [Row() for _ in range(len(lines) + 2)]
        self._open: list[Bracket] = []
        self._within = 0
        self._read = io.StringIO("".join(line.rstrip("\r\n") + "\n" for line in lines))
        self._note()

    def _note(self) -> None:
        """Go through the file token by token."""
        begun, last = False, 0
        for token in tokenize.generate_tokens(self._read.readline):
            row, column = token.start
            for passed in range(last + 1, row + 1):  # rows in which no token began before
                self.rows[passed].around = tuple(self._open)
            last = max(last, row)
            if token.type in TEXTS:
                for inside in range(row + 1, token.end[0] + 1):
                    self.rows[inside].text = True
            self._within += (token.type == BEGINS_TEXT) - (token.type == ENDS_TEXT)
            if token.type == tokenize.OP and not self._within:
                self._operator(token.string, row, column)
            elif token.type not in BLANK and self._open:
                self._follow(row)
            if token.type not in BLANK and not begun:
                self.rows[row].opens = token.string
            begun = token.type != tokenize.NEWLINE and (begun or token.type not in BLANK)

    def _follow(self, row: int) -> None:
        if self._open[-1].row == row:
            self._open[-1].followed = True

    def _operator(self, text: str, row: int, column: int) -> None:
        if text in CLOSING and self._open:
            self._open.pop().closed = row, column
            return
        if self._open:
            self._follow(row)
        if text in OPENING:
            bracket = Bracket(row, column, tuple(self._open))
            self._open.append(bracket)
            self.rows[row].brackets.append(bracket)
        elif text == "," and self._open:
            self.rows[row].commas.append((column, self._open[-1]))
