"""The search for the fixes that make one test fail, question by question.

A search never runs anything: it asks for sets of fixes whether the test fails with them, so that
the questions of many searches can be answered by the same runs.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

COMPANIONS = 4  # that are named of those with which a fix makes a test fail
Fixes = frozenset[str]
# Asks with which sets of fixes the test fails, is told so, and ends with an answer.
Answers = list[bool]


@dataclass(frozen=True)
class Blame:
    """A fix with which a test fails: by itself, or only `together` with some others."""

    fix: str
    together: tuple[str, ...] = ()

    @property
    def fixes(self) -> Fixes:
        """The fixes with which the test fails, as far as they are named."""
        return frozenset((self.fix, *self.together))


Search = Generator[list[Fixes], Answers, list[Blame] | None]
Point = Generator[list[Fixes], Answers, int | None]


def search(suspects: Sequence[str], width: int) -> Search:
    """Find the fixes to take back so that a test passes that fails with all suspects.

    Those that stand first are rather kept: of fixes that make the test fail only together the
    last one is blamed. At most `width` sets are asked for at once, or two. The answer is None
    where the test does not fail with the suspects alone, or now fails and now does not.
    """
    left, blames, low, sure = list(suspects), list[Blame](), 0, False
    few = len(left) <= width
    if few:
        fails = yield [frozenset({fix}) for fix in left]
        blames = [Blame(fix) for fix, guilty in zip(left, fails, strict=True) if guilty]
    if blames:
        left = [fix for fix in left if Blame(fix) not in blames]
        fails = yield [*(blame.fixes for blame in blames), *([frozenset(left)] if left else [])]
        if not all(fails[: len(blames)]):
            return None
        if not left or not fails[-1]:
            return blames
        sure = True
    while True:
        high = yield from _shortest((), left, low, width, sure=sure)
        if high is None:
            return None
        blame = yield from _companions(left[high - 1], left[: high - 1], width, alone=not few)
        if blame is None:
            return None
        blames.append(blame)
        left.remove(blame.fix)
        low, sure = high - 1, True
        if low == len(left) or not (yield [frozenset(left)])[0]:
            return blames


def _companions(
    fix: str, pool: list[str], width: int, *, alone: bool
) -> Generator[list[Fixes], Answers, Blame | None]:
    """Find the fewest of a pool with which a fix makes the test fail; with all of it, it does.

    Where it takes many, some of them are named: without the fix the test passes anyway. `alone`
    says whether to ask for the fix by itself first. The answer is None where it does not fail
    any more.
    """
    needed = [fix]
    if alone and (yield [frozenset(needed)])[0]:
        return Blame(fix)
    while pool:
        last = yield from _shortest(tuple(needed), pool, 0, width, sure=True)
        if last is None:
            return None
        # What never failed with less than the whole pool may not fail with that any more.
        whole = [frozenset((*needed, *pool))] if last == len(pool) else []
        needed.append(pool[last - 1])
        fails = yield [frozenset(needed), *whole]
        if fails[0]:
            return Blame(fix, tuple(sorted(needed[1:])))
        if whole and not fails[1]:
            return None
        if len(needed) > COMPANIONS:
            return Blame(fix, tuple(sorted(needed[1:])))
        pool = pool[: last - 1]
    return None


def _shortest(on: tuple[str, ...], pool: list[str], low: int, width: int, *, sure: bool) -> Point:
    """Find how many of a pool, from its first on, it takes for the test to fail.

    With `low` of them it does not, and with all of them it does if that is `sure`; else the
    answer may be None.
    """
    high = len(pool)
    while high - low > 1 or not sure:
        number = max(1, width - (not sure))
        points = {low + (high - low) * at // (number + 1) for at in range(1, number + 1)} - {low}
        order = sorted(points if sure else points | {high})
        fails = yield [frozenset((*on, *pool[:point])) for point in order]
        for point, failing in zip(order, fails, strict=True):
            if failing:
                high, sure = point, True
                break
            low = point
        else:
            if not sure:
                return None
    return high


def apart(suspects: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return tests of which no two have a suspect in common, each with its suspects.

    What is found out for one of them says nothing about the others, so that all can be looked at
    in the same runs.
    """
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for test in sorted(suspects, key=lambda test: (len(suspects[test]), test)):
        if taken.isdisjoint(suspects[test]):
            found[test] = suspects[test]
            taken.update(suspects[test])
    return found


def turned(fixes: Sequence[str], tests: Mapping[str, frozenset[str]]) -> dict[str, dict[str, None]]:
    """Return the fixes of each test."""
    found: dict[str, dict[str, None]] = {}
    for fix in fixes:
        for test in tests.get(fix, ()):
            found.setdefault(test, {})[fix] = None
    return found
