"""Whether a fixed form does what the form before it did, for each test and each length of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from in_memory.running import Ran, apart
from in_memory.service import LENGTHS

GUARDS = ("assertGreater", "assertNotEmpty", "assertTrue", "assertLess")


@dataclass
class Answer:
    """How many tests passed before, and what is wrong with those afterwards, by test.

    A test is broken once, whatever lists it is run with; the first that tells is named. `changed`
    are tests whose requests are not the same any more, but for what the rule is there to add, and
    `failed` says why the others pass with no lists.
    """

    tests: int = 0
    passed: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    left: tuple[int, int] = (0, 0)


def compare(before: Path, after: Path, rule: str) -> Answer:
    """Run both forms with lists of each length; a test that failed may fail otherwise."""
    answer = Answer()
    passed: set[str] = set()
    tests: set[str] = set()
    is_same = before.read_bytes() == after.read_bytes()
    for length in _lengths(rule):
        first = apart(before, length)
        second = first if is_same else apart(after, length)
        tests |= set(first)
        for name, ran in first.items():
            if ran.verdict:
                answer.failed.setdefault(name, ran.verdict)
                continue
            passed.add(name)
            again = second.get(name) or second.get("(loading)")
            for problem in problems(ran, again, rule):
                told = f"{name.rpartition('.')[2]}, {length} lists: {problem}"
                answer.broken.setdefault(name, told)
            if again is not None:
                answer.left = (answer.left[0] + ran.left, answer.left[1] + again.left)
                if again.events and list(_unlike(*_asked(ran, again, rule))):
                    answer.changed = [*dict.fromkeys([*answer.changed, name])]
    answer.tests, answer.passed = len(tests), len(passed)
    answer.failed = {name: why for name, why in answer.failed.items() if name not in passed}
    return answer


def problems(before: Ran, after: Ran | None, rule: str) -> Iterator[str]:
    """Yield what is wrong with a test that passed, the most telling first."""
    if after is None:
        yield "is not run any more"
        return
    if after.verdict:
        yield after.verdict
        return
    guards = rule in ("FT201", "FT501")
    asserted = before.asserted, after.asserted
    if rule == "FT603":  # which of two values comes first is its matter
        asserted = [*map(_unordered, before.asserted)], [*map(_unordered, after.asserted)]
    for told in _unlike(*asserted, lambda it: guards and _guards(it)):
        yield f"asserts otherwise: {told}"
    for told in _unlike(*_asked(before, after, rule)):
        yield f"asks otherwise: {told}"
    if after.left > before.left:
        yield f"leaves {after.left} behind instead of {before.left}"


def _unordered(told: str) -> str:
    return "".join(sorted(told))


def _guards(told: str) -> bool:
    return told.startswith(GUARDS)


def _lengths(rule: str) -> Sequence[str]:
    """Return the lists to run with: all where a rule is about lists or what is in them.

    A migration that no list shows is one that never ends.
    """
    if rule in ("FT201", "FT301"):
        return tuple(LENGTHS)
    return ("full", "created") if rule == "FT501" else ("full", "empty")


def _asked(
    before: Ran, after: Ran, rule: str
) -> tuple[list[str], list[str], Callable[[str], bool]]:
    """Return the requests of both forms, and which of them the fix of a rule may add.

    What a test deletes when it is over may be deleted earlier there; what it leaves is compared.
    """
    sides = before.events, after.events
    if rule == "FT301":
        kept = ([it for it in side if not it.startswith("cleanup: DELETE ")] for side in sides)
        sides = next(kept), next(kept)
    return *sides, lambda event: rule == "FT501" and event.startswith("test: GET ")


def _unlike(
    before: list[str], after: list[str], may_be_added: Callable[[str], bool]
) -> Iterator[str]:
    """Yield what is missing from a sequence, or stands in it though nothing may add it."""
    rest = list(before)
    for item in after:
        if rest and rest[0] == item:
            rest.pop(0)
        elif not may_be_added(item):
            yield f"also {item}"
            return
    if rest:
        yield f"no longer {rest[0]}"
