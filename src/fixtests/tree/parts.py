"""A file's code in parts: the bodies of its functions, and all else, which is its outline.

So a result that was found from some bodies does not depend on the others.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from operator import attrgetter

from fixtests.syntax.uncommented import Uncommented
from fixtests.syntax.unread import Hole
from fixtests.text.source import Source


class Parts:
    """The parts of one file; `bodies` are where those of functions stand, in order."""

    def __init__(self, source: Source, code: Uncommented, bodies: Sequence[Hole]) -> None:
        self._starts = [*source.starts, len(source.utf8)]
        self._code = code
        self._bodies = bodies

    @property
    def outline(self) -> bytes:
        """The code of the file without those bodies, but for where each of them stood."""
        at, found = 0, []
        for hole in self._bodies:
            start, end = self._span(hole)
            found.append(self._code.between(at, start))
            at = end
        return b"\0".join([*found, self._code.between(at, self._starts[-1])])

    def body(self, number: int) -> bytes:
        """Return the code of one body, nothing where there are not so many."""
        if number >= len(self._bodies):
            return b""
        return self._code.between(*self._span(self._bodies[number]))

    def holding(self, rows: Iterable[int]) -> list[int]:
        """Return the numbers of the bodies that some rows are in."""
        found = dict[int, None]()
        for row in rows:
            at = bisect.bisect_right(self._bodies, row, key=attrgetter("body")) - 1
            if at >= 0 and row <= self._bodies[at].last:
                found[at] = None
        return [*found]

    def _span(self, hole: Hole) -> tuple[int, int]:
        return self._starts[hole.body - 1], self._starts[min(hole.last, len(self._starts) - 1)]
