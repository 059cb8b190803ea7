"""How the tests of trials are divided into pieces of work, for slots that run side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fixtests.verify.trial import Test

LONGEST = 90.0  # seconds that a piece of work shall take, so that little is lost with it
UNKNOWN = 0.5  # seconds of a test, where none ever ran


@dataclass(frozen=True)
class Known:
    """A test, and the file that it was listed from."""

    test: Test
    via: str

    @property
    def group(self) -> tuple[str, str, str]:
        """Return what tests have in common that share what is set up for a class."""
        return self.via, self.test.path, self.test.owner


def groups(tests: Sequence[Known]) -> list[list[Known]]:
    """Return tests by class, in their order."""
    found: dict[tuple[str, str, str], list[Known]] = {}
    for item in tests:
        found.setdefault(item.group, []).append(item)
    return list(found.values())


def divide(
    tests: Sequence[Known], seconds: Mapping[str, float], least: int
) -> Iterator[tuple[float, list[Known]]]:
    """Yield pieces of work with the seconds that they will take, `least` pieces where it can be.

    The tests of one class stay together, and those of a file as far as they can.
    """
    usual = sum(seconds.values()) / len(seconds) if seconds else UNKNOWN
    weighed = [
        (sum(seconds.get(it.test.id, usual) for it in group), group) for group in groups(tests)
    ]
    total = sum(weight for weight, _ in weighed)
    count = min(len(weighed), max(least, math.ceil(total / LONGEST)))
    pieces: list[list[Known]] = [[] for _ in range(count)]
    weights = [0.0] * count
    for weight, group in sorted(weighed, key=lambda item: -item[0]):
        lightest = weights.index(min(weights))
        pieces[lightest] += group
        weights[lightest] += weight
    for weight, piece in zip(weights, pieces, strict=True):
        yield weight, sorted(piece, key=lambda item: item.via)


def halves(tests: Sequence[Known], is_fine: bool) -> list[list[Known]]:
    """Return two parts of tests, whole classes in each; none where there is nothing to divide.

    With `is_fine`, the tests of one class are divided, too.
    """
    found = groups(tests)
    if len(found) == 1 and is_fine:
        found = [[item] for item in tests]
    middle = len(found) // 2
    parts = (found[:middle], found[middle:]) if middle else ()
    return [[it for group in part for it in group] for part in parts]
