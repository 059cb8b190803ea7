"""The lines of code that a review names, and how far others are from them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

DASH = r"\-\u2010-\u2015"  # hyphens and dashes, in a set
DIGITS = 9  # of a row; what has more is no row, and may be more than Python reads
LONGEST = 200  # lines of a range; a longer one says nothing of a place
# Repetitions give nothing back, so that each character is looked at a fixed number of times.
LINES = re.compile(
    r"(?:\blines?|\bL|\brows?)[ \u00a0#]*+"
    rf"(\d++(?:\s*+(?:[{DASH}]|to|through|,|and|&|or)\s*+(?:lines?\s++)?\d++)*+)",
    re.IGNORECASE,
)
COLON_LINE = re.compile(rf"\.py:(\d{{1,{DIGITS}}})(?!\d)")
NUMBER = re.compile(rf"(?<!\d)\d{{1,{DIGITS}}}(?!\d)")
RANGE = re.compile(
    rf"(?<!\d)(\d{{1,{DIGITS}}})\s*+(?:[{DASH}]|to|through)\s*+(\d{{1,{DIGITS}}})(?!\d)"
)


@dataclass(frozen=True)
class Rows:
    """Rows, from 1, as ranges in order between which others are left out."""

    ranges: tuple[range, ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[range]) -> Rows:
        """Put ranges together; what is below 1 is no row."""
        joined: list[range] = []
        for item in sorted(ranges, key=lambda item: item.start):
            start = max(item.start, 1)
            if joined and start <= joined[-1].stop:
                start, stop = joined[-1].start, max(joined.pop().stop, item.stop)
            else:
                stop = item.stop
            if start < stop:
                joined.append(range(start, stop))
        return cls(tuple(joined))

    def away(self, first: int, last: int) -> int | None:
        """Return how far some rows are from the nearest of these, None where there are none."""
        after = bisect.bisect_right(self.ranges, last, key=lambda item: item.start)
        beside = self.ranges[max(after - 1, 0) : after + 1]
        return min(
            (max(first - item.stop + 1, item.start - last, 0) for item in beside), default=None
        )

    def nearest(self, rows: Sequence[int], count: int) -> list[int]:
        """Return those of some rows, given in order, that are nearest to these."""
        if not self.ranges:
            return [*rows[:count]]
        beside: set[int] = set()
        for item in self.ranges:
            first, after = (bisect.bisect_left(rows, end) for end in (item.start, item.stop))
            beside.update(rows[max(first - count, 0) : first + count])
            beside.update(rows[after : after + count])
        return sorted(beside, key=lambda row: (self.away(row, row), row))[:count]


def told(text: str) -> Rows:
    """Return the lines that a text names, the first and last of each range among them."""
    return Rows.of(_told(text))


def _told(text: str) -> Iterator[range]:
    for row in COLON_LINE.findall(text):
        yield _one(row)
    for listed in LINES.findall(text):
        for first, last in RANGE.findall(listed):
            if 0 <= int(last) - int(first) <= LONGEST:
                yield range(int(first), int(last) + 1)
        yield from map(_one, NUMBER.findall(listed))


def _one(row: str) -> range:
    return range(int(row), int(row) + 1)
