"""The lines of code that a review names, and how far others are from them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DASH = r"\-\u2010-\u2015"  # hyphens and dashes, in a set
DIGITS = 9  # of a row; what has more is no row, and may be more than Python reads
LONGEST = 200  # lines of a range; a longer one says nothing of a place
_TO = rf"(?:[{DASH}]{{1,2}}|\.\.|:|to|through|until|till|bis)"
_NEXT = rf"(?:{_TO}|,|;|/|and|&|\+|or|und)"
# Repetitions give nothing back, so that each character is looked at a fixed number of times.
LINES = re.compile(
    r"(?:\blines?+\b|\bZeilen?+\b|\bL(?:n|ns|l)?+\b\.?|\bL(?=\d)|\brows?\b|\bll?\.|@(?=\d)|\#L?(?=L?\d{2}))"
    r"(?:[ \u00a0#:~*`]|no\.|nr\.|number)*+"
    rf"(\d++(?:\s*+{_NEXT}(?:\s*+(?:and|&|or))?+\s*+(?:lines?\s++|L)?\d++)*+)",
    re.IGNORECASE,
)
COLON = re.compile(
    rf"\.py(?::|@|\||`:|:`)\s?(\d{{1,{DIGITS}}}(?:[{DASH}]\d{{1,{DIGITS}}})?+(?:,\s?\d{{1,{DIGITS}}}"
    rf"(?:[{DASH}]\d{{1,{DIGITS}}})?+)*+)(?!\d)"
)
FIRST = re.compile(  # a line that begins with its place
    rf"^\s*+[`(\[*]*+(\d{{1,6}}(?:\s?[{DASH}]\s?\d{{1,6}})?+(?:\s?,\s?\d{{1,6}})*+)[`\])*]*+\s?:(?!\d)"
)
BRACKETS = re.compile(  # but what a call of code is given
    rf"(?<!\brange)(?<!\bsleep)(?<!\blen)(?<!\bint)[(\[][~\s:]*+(\d{{2,6}}(?:\s*+(?:[{DASH}]|,|/|&|and|to)\s*+\d{{2,6}})*+)"
    r"(?!\s*(?:lines|chars|characters|seconds?|times|statements|tests|calls|%|\.|\w))[^()\[\]\d]{0,40}[)\]]"
)
LOOSE = re.compile(  # numbers that follow a word of place, or a colon as if after a file
    rf"(?:\b(?:at|in|on|around|near|see|cf\.?|from|and)\s|~\s?|\u2248\s?|(?<![\w:.,/\]]):)"
    rf"(\d{{2,5}}(?:\s?[{DASH},/]\s?:?\d{{2,5}})*+)(?![\w:%]|\.\d|\s(?:lines|chars|characters|seconds?|times|"
    r"statements|tests|calls|minutes?|hours?|bytes|percent|hosts?|servers?|instances?))",
    re.IGNORECASE,
)
ALSO = re.compile(  # rows that are named beside others
    rf"\(?(?<![\w.])(\d{{2,5}}(?:(?:\s?[{DASH},/&]\s?|\s?,?\s(?:and|or)\s)\d{{2,5}})*+)"
    r"\s(?:too|as well|also|likewise|ditto)\b\)?",
    re.IGNORECASE,
)
NUMBER = re.compile(rf"(?<!\d)\d{{1,{DIGITS}}}(?!\d)")
RANGE = re.compile(
    rf"(?<!\d)(\d{{1,{DIGITS}}})\s*+{_TO}\s*+(?:lines?\s++|L)?(\d{{1,{DIGITS}}})(?!\d)",
    re.IGNORECASE,
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

    def up_to(self, last: int) -> Rows:
        """Return those that a file of so many rows can have."""
        return Rows(tuple(item for item in self.ranges if item.start <= last))


def told(text: str) -> Rows:
    """Return the lines that a text names, the first and last of each range among them."""
    return Rows.of(_told(text))


def guessed(text: str) -> Rows:
    """Return the numbers in brackets, or after a word of place, which may be lines."""
    found = (listed for pattern in (BRACKETS, LOOSE) for listed in pattern.findall(text))
    return Rows.of(row for listed in found for row in listed_in(listed))


def also(text: str) -> Rows:
    """Return the rows that a text names beside those that it is about."""
    return Rows.of(row for listed in ALSO.findall(text) for row in listed_in(listed))


def listed_in(text: str) -> Iterator[range]:
    """Yield the rows of a list of numbers and ranges; what is no such list yields none."""
    for first, last in RANGE.findall(text):
        if 0 <= int(last) - int(first) <= LONGEST:
            yield range(int(first), int(last) + 1)
    yield from map(_one, NUMBER.findall(text))


def _told(text: str) -> Iterator[range]:
    for pattern in (COLON, LINES):
        for listed in pattern.findall(text):
            yield from listed_in(listed)
    for line in text.splitlines():
        if match := FIRST.match(line):
            yield from listed_in(match[1])


def _one(row: str) -> range:
    return range(int(row), int(row) + 1)
