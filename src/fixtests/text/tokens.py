"""The tokens of a statement's lines and what stands between them, where all layout is."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

BLANK = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
    | {tokenize.ENDMARKER, tokenize.ENCODING}
)
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")

Range = tuple[int, int]
NOWHERE = (-1, -1)


@dataclass(frozen=True)
class Token:
    """A token; `gap` is what stands before it in the old text, `change` what it is a part of."""

    text: str
    gap: Range | None
    change: Range | None = None


@dataclass(frozen=True)
class Lines:
    """The tokens of a statement's lines, what stands before each, and the rest of the text."""

    tokens: tuple[Token, ...]
    gaps: tuple[str, ...]
    tail: str

    def places(self) -> list[Range]:
        """Return row and column of each token."""
        found = []
        row = column = 0
        for token, gap in zip(self.tokens, self.gaps, strict=True):
            row, column = _moved(row, column, gap)
            found.append((row, column))
            row, column = _moved(row, column, token.text)
        return found

    def rows(self) -> list[str]:
        """Return the lines."""
        pairs = zip(self.gaps, self.tokens, strict=True)
        return "".join([*(gap + token.text for gap, token in pairs), self.tail]).split("\n")

    def brackets(self) -> dict[int, int]:
        """Return the closing bracket of each opening one, as places in the list of tokens."""
        found, waiting = {}, []
        for at, token in enumerate(self.tokens):
            if token.text in OPENING:
                waiting.append(at)
            elif token.text in CLOSING and waiting:
                found[waiting.pop()] = at
        return dict(sorted(found.items()))

    def around(self, at: int) -> int | None:
        """Return the innermost bracket that is open where a token begins."""
        pairs = self.brackets()
        return max((opening for opening in pairs if opening < at <= pairs[opening]), default=None)

    def but(self, gaps: Mapping[int, str]) -> Lines:
        """Return the lines with other gaps, all that is aligned with what moves moved along."""
        old = self.places()
        changed = replace(self, gaps=tuple(gaps.get(i, gap) for i, gap in enumerate(self.gaps)))
        return followed(changed, old, frozenset(gaps))


def _moved(row: int, column: int, text: str) -> Range:
    head, newline, last = text.rpartition("\n")
    return (row + head.count("\n") + 1, len(last)) if newline else (row, column + len(text))


def read(text: str, changes: Mapping[Range, str]) -> Lines:
    """Return the tokens of a text with some changes made."""
    tokens: list[Token] = []
    gaps: list[str] = []
    end = 0
    for start, stop in _tokens(text):
        change = next((item for item in changes if item[0] <= start < item[1]), None)
        if change is None:
            tokens.append(Token(text[start:stop], (end, start)))
            gaps.append(text[end:start])
        elif start == change[0]:
            new, last = changes[change], 0
            for first, after in _tokens(new):
                tokens.append(Token(new[first:after], None if last else (end, start), change))
                gaps.append(new[last:first] if last else text[end:start])
                last = after
        end = stop
    return Lines(tuple(tokens), tuple(gaps), text[end:])


def _tokens(text: str) -> Iterator[Range]:
    """Yield where tokens begin and end; an f-string is one."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    depth, begin = 0, 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        if kind.endswith("STRING_START"):
            depth += 1
            begin = start if depth == 1 else begin
        if kind.endswith("STRING_END"):
            depth -= 1
            if not depth:
                yield begin, end
        elif not depth and token.type not in BLANK:
            yield start, end


def followed(lines: Lines, old: Sequence[Range], fixed: frozenset[int]) -> Lines:
    """Move each line that begins with a token along with the bracket that it is aligned with.

    A line that hangs below a bracket moves with the bracket's line. `old` are the tokens' places
    before; what is `fixed` stays where it is.
    """
    gaps = list(lines.gaps)
    places = lines.places()
    begun = _starts(old)
    for at, gap in enumerate(gaps):
        opening = lines.around(at) if "\n" in gap and at and at not in fixed else None
        if opening is None or old[opening] == NOWHERE:
            continue
        row, column = places[opening]
        if "\n" in gaps[opening + 1] or old[at][1] <= old[opening][1]:
            by = _starts(places)[row] - begun[old[opening][0]]
        else:
            by = column - old[opening][1]
        gaps[at] = shifted(gap, by)
        lines = replace(lines, gaps=tuple(gaps))
        places = lines.places()
    return lines


def _starts(places: Sequence[Range]) -> dict[int, int]:
    """Return the column in which each row begins."""
    found: dict[int, int] = {}
    for row, column in places:
        found.setdefault(row, column)
    return found


def shifted(gap: str, by: int) -> str:
    """Return what stands before a token with its lines moved."""
    first, *rest = gap.split("\n")
    at = [len(line) - len(line.lstrip(" ")) for line in rest]
    if any("\t" in line for line in rest) or any(column + by < 0 for column in at):
        return gap
    lines = [
        " " * (column + by) + line.lstrip(" ") if line or i == len(rest) - 1 else line
        for i, (line, column) in enumerate(zip(rest, at, strict=True))
    ]
    return "\n".join([first, *lines])
