"""One logical line under changes of its text: what hangs on it moves along.

A line that begins under something behind a bracket goes on doing so; one that gets too long
is divided after a comma, behind a bracket, or inside of a dotted string.
"""

from __future__ import annotations

import io
import itertools
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fixtests.fixing.fragments import CannotPlaceError
from fixtests.text.line_breaking import INDENT

Change = tuple[int, int, str]  # start and end in the text, what is to stand there
DEEPEST = 4  # breaks that one change may need, one after the other
PLAIN = re.compile(r"""[uU]?(['"])(?!\1\1)[\w.%()]+\1""")
OPENS, CLOSES = (getattr(tokenize, f"FSTRING_{name}", -1) for name in ("START", "END"))
EXCUSE = re.compile(r"#\s*noqa")
HEADERS = frozenset(
    ("async", "class", "def", "elif", "except", "for", "if", "match", "case", "while", "with")
)
LAYOUT = frozenset(
    (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
)


@dataclass
class Bracket:
    """One pair of brackets: where it opens, and whether something follows on its line."""

    offset: int
    row: int
    column: int
    depth: int
    filled: bool = False


@dataclass(frozen=True)
class Piece:
    """A word, sign or string of the line, with the innermost bracket that it stands in."""

    text: str
    start: int
    end: int
    row: int
    bracket: Bracket | None
    kind: int


class Line:
    """The text of one logical line, a comment at its end included."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows = text.split("\n")
        lengths = (len(row) + 1 for row in self.rows)
        self.starts = [0, *itertools.accumulate(lengths)]
        self.pieces: list[Piece] = []
        self.within: dict[int, Bracket] = {}  # the innermost bracket around where a row begins
        self.inside: set[int] = set()  # rows that begin in a string
        self._read()

    def _read(self) -> None:
        """Read the words of the line. Raises CannotPlaceError where it is no logical line."""
        try:
            tokens = [*tokenize.generate_tokens(io.StringIO(self.text).readline)]
        except (tokenize.TokenError, SyntaxError):
            raise CannotPlaceError("the line cannot be divided into words") from None
        open_: list[Bracket] = []
        last = 0
        for token in _whole_strings(tokens):
            row, column = token.start[0] - 1, token.start[1]
            self.inside.update(range(row + 1, token.end[0]))
            if token.type in LAYOUT:
                continue
            if row > last and open_:
                self.within.update((at, open_[-1]) for at in range(last + 1, row + 1))
            if open_ and not open_[-1].filled and row == open_[-1].row:
                open_[-1].filled = token.type != tokenize.COMMENT
            start, end = self.starts[row] + column, self.starts[token.end[0] - 1] + token.end[1]
            if token.string in tuple(")]}") and open_:
                open_.pop()
            around = open_[-1] if open_ else None
            self.pieces.append(Piece(token.string, start, end, row, around, token.type))
            if token.type == tokenize.OP and token.string in tuple("([{"):
                open_.append(Bracket(start, row, column, len(open_)))
            last = token.end[0] - 1

    def indentation(self, row: int) -> int:
        """Return how many blanks a row begins with."""
        return len(self.rows[row]) - len(self.rows[row].lstrip(" \t"))

    def changed(self, changes: Sequence[Change], deeper: Mapping[int, int] | None = None) -> str:
        """Return the text with some changes; rows that stand under something move with it.

        `deeper` says for some rows how many blanks they are to begin with.
        """
        out = ""
        columns: dict[int, int] = {}  # of brackets, by their place in the text
        indents: dict[int, int] = {}  # of the rows that they stand on
        opening = {bracket.offset for bracket in self.within.values()}
        todo = sorted(changes)[::-1]
        at = 0
        for row, line in enumerate(self.rows):
            if row and row not in self.inside and line.strip():
                indent = self._indent(row, columns, indents)
                indent = (deeper or {}).get(row, indent)
                own = self.indentation(row)
                lead = line[:own] if indent == own else " " * indent
                out, at = out + lead, max(at, self.starts[row] + own)
            end = self.starts[row + 1]
            while at < end:
                if todo and todo[-1][0] <= at:
                    _, at_, new = todo.pop()
                    out, at = out + new, max(at, at_)
                    continue
                if at in opening:
                    head = out.rpartition("\n")[2]
                    columns[at] = len(head)
                    indents[at] = len(head) - len(head.lstrip(" \t"))
                out += self.text[at : at + 1]
                at += 1
        return out + "".join(new for _, _, new in todo[::-1])

    def _indent(self, row: int, columns: Mapping[int, int], indents: Mapping[int, int]) -> int:
        """Return how many blanks a row is to begin with, as what it hangs on stands now."""
        own = self.indentation(row)
        bracket = self.within.get(row)
        if bracket is None:
            return own
        if bracket.offset not in columns:
            raise CannotPlaceError("the bracket would go that lines below stand in")
        if bracket.filled and own >= bracket.column:
            return max(own + columns[bracket.offset] - bracket.column, 0)
        return max(own + indents[bracket.offset] - self.indentation(bracket.row), 0)

    def breaks(self, row: int) -> Iterator[str]:
        """Yield the line with a break more on one of its rows, the least obtrusive first."""
        here = [piece for piece in self.pieces if piece.row == row]
        commas = [
            (piece.bracket.depth, -piece.start, piece, after)
            for piece, after in itertools.pairwise(here)
            if piece.text == "," and piece.bracket and after.kind != tokenize.COMMENT
        ]
        for _, _, piece, after in sorted(commas, key=lambda item: item[:2]):
            yield self.changed([(piece.end, after.start, self._lead(piece))])
        for piece, after in itertools.pairwise(here):
            if piece.text in tuple("([{") and after.text not in tuple(")]}"):
                yield self._hanging(piece, after)
        around = self.within.get(row)
        for piece, after in itertools.pairwise(self.pieces):
            if around and piece.start == around.offset and around.filled:
                yield self._hanging(piece, after)
        for piece in here:
            if piece.bracket and piece.kind == tokenize.STRING and PLAIN.fullmatch(piece.text):
                quote = piece.text[-1]
                for dot in [found.end() for found in re.finditer(r"\.(?=\w)", piece.text)][::-1]:
                    place = piece.start + dot
                    yield self.changed([(place, place, f"{quote}{self._lead(piece)}{quote}")])
        yield from self._bracketed()

    def _lead(self, piece: Piece) -> str:
        """Return the line end and the blanks for what goes on in the bracket of a piece."""
        bracket = piece.bracket
        if bracket is None or bracket.filled:
            return "\n" + " " * (bracket.column + 1 if bracket else 0)
        return "\n" + " " * self.indentation(bracket.row + 1)

    def _hanging(self, piece: Piece, after: Piece) -> str:
        """Return the line with a break right after a bracket, and all in it less deep."""
        first = self.rows[piece.row].split(maxsplit=1)[0] if piece.row == 0 else ""
        deep = len(INDENT) * (2 if first.rstrip(":") in HEADERS else 1)
        indent = self.indentation(piece.row) + deep
        rows = {row: indent for row, item in self.within.items() if item.offset == piece.start}
        return self.changed([(piece.end, after.start, "\n" + " " * indent)], rows)

    def _bracketed(self) -> Iterator[str]:
        """Yield the line with brackets around what it assigns or returns."""
        code = [piece for piece in self.pieces if piece.kind != tokenize.COMMENT]
        signs = [at for at, item in enumerate(code) if item.text == "=" and item.bracket is None]
        start = signs[-1] if signs else 0
        if (signs or code[0].text == "return") and start + 1 < len(code):
            indent = self.indentation(0) + len(INDENT)
            value, end = code[start + 1], code[-1].end
            going = [  # where a backslash led from one row to the next, which brackets do now
                (above.end, self.text.index("\n", above.end), "")
                for above, below in itertools.pairwise(code[start + 1 :])
                if below.bracket is None and self.text[above.end : below.start].strip() == "\\"
            ]
            rows = {self.text.count("\n", 0, stop) + 1: indent for _, stop, _ in going}
            opened = (value.start, value.start, "(\n" + " " * indent)
            yield self.changed([opened, *going, (end, end, ")")], rows)


def _whole_strings(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    """Yield tokens, those of which Python from 3.12 on makes an f-string as one."""
    opened: list[tokenize.TokenInfo] = []
    for token in tokens:
        if token.type == OPENS:
            opened.append(token)
        elif token.type == CLOSES:
            first = opened.pop()
            if not opened:
                yield first._replace(type=tokenize.STRING, end=token.end)
        elif not opened:
            yield token


def changed(text: str, changes: Sequence[Change], length: int) -> str:
    """Return a logical line, a newline between its rows, with some changes.

    Rows that would get longer than `length` are divided, but for those that were. Raises
    CannotPlaceError where no way is found.
    """
    before = Line(text)
    known = set(before.rows)
    waiting = [first := before.changed(changes)]
    code = any(piece.kind != tokenize.COMMENT for piece in before.pieces)
    for _ in range(DEEPEST):
        tried: list[str] = []
        for candidate in waiting:
            rows = candidate.split("\n")
            long = [
                row
                for row, line in enumerate(rows)
                if len(line) > length and line not in known and not EXCUSE.search(line)
            ]
            if not long:
                return candidate
            tried += Line(candidate).breaks(long[0]) if code else ()
        waiting = [*dict.fromkeys(tried)][:200]
    if any(len(piece.text) > length for piece in before.pieces):
        return first  # no line holds it anyway
    raise CannotPlaceError(f"a line would be longer than {length} columns")


def difference(before: str, after: str) -> Change:
    """Return the rows that differ between two texts, as one change of the first one."""
    old, new = before.split("\n"), after.split("\n")
    most = min(len(old), len(new)) - 1  # one row at least is changed
    head = tail = 0
    while head < most and old[head] == new[head]:
        head += 1
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start = sum(len(row) + 1 for row in old[:head])
    rest = sum(len(row) + 1 for row in old[len(old) - tail :])
    return start, len(before) - rest, "\n".join(new[head : len(new) - tail])
