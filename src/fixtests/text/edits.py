"""Arithmetic of edits: which go together, what they make of a text, and their composition."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from fixtests.model import Edit, Finding, Span


def clash(one: Edit, other: Edit) -> bool:
    """Tell whether two different edits of one file touch the same text.

    Insertions at one place, or at the rim of a replacement, do not.
    """
    return one.start < other.end and other.start < one.end


def compatible(findings: Iterable[Finding]) -> tuple[list[Finding], tuple[Edit, ...]]:
    """Take the fixes in order, leaving out those that clash with one taken before.

    Returns the findings whose fixes were taken, and all their edits in the
    order of their places; equal edits stand once.
    """
    taken: list[Finding] = []
    edits: list[Edit] = []
    seen: set[Edit] = set()
    reach: list[Edit] = []  # the edits taken, sorted by range
    for finding in findings:
        if finding.fix is None:
            continue
        new = [edit for edit in dict.fromkeys(finding.fix.edits) if edit not in seen]
        if any(_touches(reach, edit) for edit in new):
            continue
        taken.append(finding)
        for edit in new:
            seen.add(edit)
            edits.append(edit)
            bisect.insort(reach, edit, key=_range)
    return taken, ordered(edits)


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Sort edits by place; insertions at one place by `order`, then as they come."""
    return tuple(sorted(edits, key=lambda edit: (edit.start, edit.end, edit.order)))


def apply(text: bytes, edits: Sequence[Edit]) -> bytes:
    """Return a text after edits that `ordered` has sorted."""
    parts: list[bytes] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.content.encode("utf-8", "surrogatepass"))
        at = edit.end
    return b"".join((*parts, text[at:]))


class Piece(NamedTuple):
    """A part of a result: original text from `start` to `end`, or new text."""

    start: int
    end: int
    new: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes the piece stands for."""
        return self.end - self.start if self.new is None else len(self.new)

    def cut(self, begin: int, end: int) -> Piece:
        """Return the part between two offsets into this piece."""
        if self.new is None:
            return Piece(self.start + begin, self.start + end)
        return Piece(self.start, self.end, self.new[begin:end])


def compose(length: int, rounds: Sequence[Sequence[Edit]]) -> tuple[Edit, ...]:
    """Return edits of the original text, `length` bytes long, that do what some rounds do.

    The edits of each round are offsets into the result of the one before.
    """
    if len(rounds) == 1:
        return tuple(rounds[0])
    pieces = [Piece(0, length)]
    path = ""
    for edits in rounds:
        changed: list[Piece] = []
        left = pieces[::-1]
        at = 0
        for edit in edits:
            path = edit.path
            changed += _taken(left, edit.start - at)
            changed.append(Piece(0, 0, edit.content.encode("utf-8", "surrogatepass")))
            _taken(left, edit.end - edit.start)
            at = edit.end
        pieces = [*changed, *left[::-1]]
    return _as_edits(path, pieces, length)


def landed(rounds: Sequence[Sequence[Edit]]) -> list[dict[Edit, Span]]:
    """Return for each round where the new text of its edits stands in the result of all rounds.

    The edits of each round are offsets into the result of the one before, sorted as by `ordered`.
    """
    found: list[dict[Edit, Span]] = []
    for edits in rounds:
        found = [{edit: moved(place, edits) for edit, place in its.items()} for its in found]
        here: dict[Edit, Span] = {}
        grown = 0
        for edit in edits:
            start = edit.start + grown
            here[edit] = Span(start, edit.end + grown + _growth(edit))
            grown += _growth(edit)
        found.append(here)
    return found


def moved(span: Span, edits: Sequence[Edit]) -> Span:
    """Return where a part of a text stands after edits.

    What is inserted at its rims is not of it; what replaces a part of it is, as a whole.
    """
    start, end = span.start, span.end
    for edit in edits:
        if edit.end <= span.start:
            start += _growth(edit)
            end += _growth(edit)
        elif edit.start < span.end:
            start -= max(span.start - edit.start, 0)
            end += _growth(edit) + max(edit.end - span.end, 0)
    return Span(start, end)


def _growth(edit: Edit) -> int:
    return len(edit.content.encode("utf-8", "surrogatepass")) - (edit.end - edit.start)


def _taken(left: list[Piece], size: int) -> list[Piece]:
    """Take so many bytes off the end of some pieces, which stand there last to first."""
    found = []
    while size > 0 and left:
        piece = left.pop()
        if piece.size > size:
            left.append(piece.cut(size, piece.size))
            piece = piece.cut(0, size)
        found.append(piece)
        size -= piece.size
    return found


def _as_edits(path: str, pieces: list[Piece], length: int) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    at = 0
    new = b""
    for piece in (*pieces, Piece(length, length)):
        if piece.new is not None:
            new += piece.new
            continue
        if new or piece.start > at:
            edits.append(Edit(path, at, piece.start, new.decode("utf-8", "surrogatepass")))
            new = b""
        at = piece.end
    return tuple(edits)


def _touches(reach: list[Edit], edit: Edit) -> bool:
    place = edit.start, edit.start
    at = bisect.bisect_left(reach, place, key=_range)
    past = bisect.bisect_right(reach, place, at, key=_range)  # insertions there touch nothing
    for number in chain(range(max(at - 3, 0), at), range(past, len(reach))):
        other = reach[number]
        if other.start >= edit.end and other.start > edit.start:
            return False
        if clash(other, edit):
            return True
    return False


def _range(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end
