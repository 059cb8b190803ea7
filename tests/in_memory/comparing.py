"""Whether a fixed form does what the form before it did, for each test and each length of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from in_memory.running import Ran, apart
from in_memory.service import LENGTHS

GUARDS = ("assertGreater", "assertNotEmpty", "assertTrue", "assertLess")


@dataclass
class Answer:
    """How many tests passed before, and what is wrong with those afterwards, by test.

    A test is broken once, whatever lists it is run with; the first that tells is named. `changed`
    are tests whose requests are not the same any more, but for what the rule is there to add.
    """

    tests: int = 0
    passed: int = 0
    why: str = ""
    broken: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    left: tuple[int, int] = (0, 0)


def compare(before: Path, after: Path, rule: str) -> Answer:
    """Run both forms with lists of each length; a test that failed may fail otherwise."""
    answer = Answer()
    passed: set[str] = set()
    tests: set[str] = set()
    is_same = before.read_bytes() == after.read_bytes()
    for length in LENGTHS:
        first = apart(before, length)
        second = first if is_same else apart(after, length)
        tests |= set(first)
        for name, ran in first.items():
            if ran.verdict:
                answer.why = answer.why or ran.verdict
                continue
            passed.add(name)
            again = second.get(name) or second.get("(loading)")
            for problem in problems(ran, again, rule):
                told = f"{name.rpartition('.')[2]}, {length} lists: {problem}"
                answer.broken.setdefault(name, told)
            if again is not None:
                answer.left = (answer.left[0] + ran.left, answer.left[1] + again.left)
                if again.events and list(_unlike(ran.events, again.events, _added_by(rule))):
                    answer.changed = [*dict.fromkeys([*answer.changed, name])]
    answer.tests, answer.passed = len(tests), len(passed)
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
    for told in _unlike(before.asserted, after.asserted, lambda it: guards and _guards(it)):
        yield f"asserts otherwise: {told}"
    for told in _unlike(before.events, after.events, _added_by(rule)):
        yield f"asks otherwise: {told}"
    if after.left > before.left:
        yield f"leaves {after.left} behind instead of {before.left}"


def _guards(told: str) -> bool:
    return told.startswith(GUARDS)


def _added_by(rule: str) -> Callable[[str], bool]:
    """Return what tells the requests that the fix of a rule is there to add."""
    if rule == "FT301":
        return lambda event: event.startswith("cleanup: DELETE ")
    if rule == "FT501":
        return lambda event: event.startswith("test: GET ")
    return lambda event: False


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
