"""Where the triple-quoted strings of a text stand, told without parsing it."""

from __future__ import annotations

import bisect
import re

ENDS = {
    b'"""': re.compile(rb'(?:[^"\\]++|\\.|"(?!""))*+"""', re.DOTALL),
    b"'''": re.compile(rb"(?:[^'\\]++|\\.|'(?!''))*+'''", re.DOTALL),
}
# Code up to a comment, or to a quote that begins no string of one line.
CODE = re.compile(
    rb"(?:[^\"'#]++"
    rb'|"(?:[^"\\\n]++|\\.)*+"'
    rb"|'(?:[^'\\\n]++|\\.)*+')*+"
)


class Strings:
    """Where the triple-quoted strings of a text stand, in order."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans

    def around(self, offset: int) -> int:
        """Return where the string that an offset is inside of ends, 0 for none."""
        at = bisect.bisect_left(self._spans, (offset, 0)) - 1
        return self._spans[at][1] if at >= 0 and offset < self._spans[at][1] else 0

    def begin(self, offset: int) -> int:
        """Return where the string that an offset is inside of begins, the offset for none."""
        at = bisect.bisect_left(self._spans, (offset, 0)) - 1
        return self._spans[at][0] if at >= 0 and offset < self._spans[at][1] else offset

    def line(self, text: bytes, offset: int) -> tuple[int, int]:
        """Return where the part of a line around an offset begins and ends that is no string."""
        at = bisect.bisect_left(self._spans, (offset, 0))
        start, end = text.rfind(b"\n", 0, offset) + 1, text.find(b"\n", offset)
        before = self._spans[at - 1][1] if at else 0
        after = self._spans[at][0] if at < len(self._spans) else len(text)
        return max(start, before), min(end if end >= 0 else after, after)

    def touches(self, start: int, end: int) -> bool:
        """Tell whether a string begins, ends or goes on between two offsets."""
        at = bisect.bisect_left(self._spans, (end, 0)) - 1
        return at >= 0 and start < self._spans[at][1]


def strings(text: bytes) -> Strings | None:
    """Return the triple-quoted strings of a text, None where they cannot be told for certain."""
    if b"\r" in text:
        return None
    found: list[tuple[int, int]] = []
    at = 0
    places = {quotes: text.find(quotes) for quotes in ENDS}
    while begins := [(place, quotes) for quotes, place in places.items() if place >= 0]:
        start, quotes = min(begins)
        line = max(text.rfind(b"\n", at, start) + 1, at)
        if not CODE.fullmatch(text, line, start):
            return None
        end = ENDS[quotes].match(text, start + 3)
        if end is None:
            return None
        at = end.end()
        found.append((start, at))
        for item, place in places.items():
            if 0 <= place < at:
                places[item] = text.find(item, at)
    return Strings(found)
