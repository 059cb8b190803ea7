"""On which rows of a text words stand."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from functools import cached_property

WORDY = re.compile(rb"\w")
WORD = re.compile(rb"\w+")
FEW = 50  # words that are each looked for in the whole text, which takes less than to note all


class WordRows:
    """Looks for words in one text, whose lines begin at `starts`."""

    def __init__(self, utf8: bytes, starts: Sequence[int]) -> None:
        self._utf8 = utf8
        self._starts = starts
        self._asked = 0

    def rows(self, word: bytes, first: int, last: int | None) -> list[int]:
        """Return the rows from `first` to `last` on which a word stands, or several, sorted."""
        if not word:
            return []
        end = len(self._utf8) if last is None else self._end_of(last)
        self._asked += 1
        words = WORD.findall(word) if self._asked > FEW else []
        if not words:
            return self._rows_within(word, self._starts[first - 1], end)
        rows = min((self._noted.get(item, []) for item in words), key=len)
        if first > 1 or last is not None:
            above = len(rows) if last is None else bisect.bisect_right(rows, last)
            rows = rows[bisect.bisect_left(rows, first) : above]
        if words == [word]:
            return rows
        lines = (range(self._starts[row - 1], self._end_of(row)) for row in dict.fromkeys(rows))
        return [row for line in lines for row in self._rows_within(word, line.start, line.stop)]

    def _end_of(self, row: int) -> int:
        return self._starts[row] if row < len(self._starts) else len(self._utf8)

    def _rows_within(self, word: bytes, start: int, end: int) -> list[int]:
        """Return the row of each place in a part of the text where a word begins and ends."""
        found = []
        at = self._utf8.find(word, start, end)
        while at >= 0:
            behind = at + len(word)
            before = self._utf8[max(at - 1, 0) : at]
            if not WORDY.match(before) and not WORDY.match(self._utf8, behind):
                found.append(bisect.bisect_right(self._starts, at))
            at = self._utf8.find(word, behind, end)
        return found

    @cached_property
    def _noted(self) -> dict[bytes, list[int]]:
        """The rows of every word, for a text in which many are looked for."""
        found: dict[bytes, list[int]] = {}
        for row, line in enumerate(self._utf8.splitlines(), 1):
            for word in WORD.findall(line):
                found.setdefault(word, []).append(row)
        return found
