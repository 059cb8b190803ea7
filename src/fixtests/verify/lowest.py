"""The search for the lowest version with which the tests of a class pass, of many classes at once.

Nothing is run here: what is asked is which tests pass with which versions, and what is asked of
several classes whose tests are not the same ones is asked in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from fixtests.verify.rounds import Question, Rounds
from fixtests.verify.trial import Outcome, Status

Versions = Mapping[str, int]  # by class: the place of its version, from the lowest on


@dataclass(frozen=True)
class Asked:
    """A class: the place of the version that its tests pass with, and these tests.

    `reach` are all tests that run what pins the version, be it that they tell nothing.
    """

    last: int
    tests: frozenset[str]
    reach: frozenset[str]


@dataclass(frozen=True)
class Found:
    """The version to pin: the lowest that passes, or the last one where none is sure.

    Then `passes` is one that passes and `fails` a higher one that fails, or the same one where it
    came out both ways.
    """

    version: int
    passes: int | None = None
    fails: int | None = None


@dataclass(frozen=True)
class Lowest:
    """What was found for each class, in how many runs and executions of tests."""

    found: Mapping[str, Found]
    runs: int
    executions: int


# Asks which of some versions pass, is told so in their order, and ends with an answer.
Search = Generator[list[int], list[bool], Found]


@dataclass(frozen=True)
class Run:
    """Tests to be run with some versions; `again` is how often that was done before."""

    versions: Versions
    tests: frozenset[str]
    again: int = 0


Try = Callable[[Sequence[Run]], Sequence[Mapping[str, Outcome]]]


def search(last: int) -> Search:
    """Find the lowest of the versions 0 to `last` that passes; `last` does.

    The lowest of all is tried at once with the one in the middle: most tests need no other, and
    where it alone passes the versions are in no order. Then the range is halved. In the end the
    one below is tried again, and the one above where it was not tried yet.
    """
    tried = {last: True}
    wanted = sorted({0, last // 2} - {last})
    while wanted:
        passes = yield wanted
        tried.update(zip(wanted, passes, strict=True))
        low = max((at for at, fine in tried.items() if not fine), default=-1)
        high = min(at for at, fine in tried.items() if fine)
        if high < low:
            return Found(last, high, low)
        wanted = [(low + high) // 2] if high - low > 1 else []
    lowest = min(at for at, fine in tried.items() if fine)
    below = [lowest - 1] if lowest else []
    above = [lowest + 1] if lowest < last and lowest + 1 not in tried else []
    passes = (yield [*below, *above]) if below or above else []
    if below and passes[0]:
        return Found(last, below[0], below[0])
    if above and not passes[-1]:
        return Found(last, lowest, above[0])
    return Found(lowest)


def find(asked: Mapping[str, Asked], try_: Try, say: Callable[[str], None]) -> Lowest:
    """Find the lowest version of each class, all in the same runs as far as their tests differ.

    In the end all tests run once with all the versions that were found. Where one fails then, its
    classes keep the version that they had.
    """
    rounds = Rounds(lambda questions: try_([_run(question) for question in questions]))
    found: dict[str, Found] = {}
    searches = {name: search(its.last) for name, its in asked.items()}
    waiting: dict[str, list[int]] = {}
    answers: dict[str, list[bool]] = {}
    while searches:
        for name, own in list(searches.items()):
            try:
                waiting[name] = own.send(answers[name]) if name in answers else next(own)
            except StopIteration as ended:
                found[name] = ended.value
                del searches[name]
                waiting.pop(name, None)
        if waiting:
            say(f"Classes whose lowest version is looked for: {len(waiting):,}")
            answers = _answered(waiting, asked, rounds)
    _confirm(found, asked, rounds, say)
    return Lowest({name: found[name] for name in asked}, rounds.runs, rounds.executions)


def _answered(
    waiting: Mapping[str, list[int]], asked: Mapping[str, Asked], rounds: Rounds
) -> dict[str, list[bool]]:
    """Return which of the versions pass that some searches wait for, after one round."""
    dealt = _dealt(waiting, asked)
    tests = [frozenset().union(*(asked[name].tests for name in run)) for run in dealt]
    outcomes = rounds.ask(zip(map(_named, dealt), tests, strict=True))
    passes = {
        (name, version): _passes(asked[name].tests, ended)
        for run, ended in zip(dealt, outcomes, strict=True)
        for name, version in run.items()
    }
    return {name: [passes[name, version] for version in own] for name, own in waiting.items()}


def _dealt(waiting: Mapping[str, list[int]], asked: Mapping[str, Asked]) -> list[dict[str, int]]:
    """Return as few runs as are needed for no test to run what two classes of a run pin."""
    runs: list[tuple[dict[str, int], set[str]]] = []
    for name, versions in waiting.items():
        reach = asked[name].reach
        for version in versions:
            for run, taken in runs:
                if name not in run and taken.isdisjoint(reach):
                    run[name] = version
                    taken |= reach
                    break
            else:
                runs.append(({name: version}, set(reach)))
    return [run for run, _ in runs]


def _confirm(
    found: dict[str, Found], asked: Mapping[str, Asked], rounds: Rounds, say: Callable[[str], None]
) -> None:
    """Run all tests with all that was found, and take back what fails then."""
    while True:
        lower = {name: it.version for name, it in found.items() if it.version < asked[name].last}
        tests = frozenset().union(*(asked[name].tests for name in lower))
        if lower:
            say(f"Running {len(tests):,} tests with the lowest versions that were found")
        (outcomes,) = rounds.ask([(_named(lower), tests)])
        failing = {name for name in lower if not _passes(asked[name].tests, outcomes)}
        if not failing:
            return
        for name in failing:
            found[name] = Found(asked[name].last, lower[name], lower[name])


def _passes(tests: frozenset[str], outcomes: Mapping[str, Outcome]) -> bool:
    """Tell whether some tests pass; to be skipped is not to pass, since these passed before."""
    return all(outcomes[test].status is Status.PASSED for test in tests)


def _named(versions: Versions) -> list[str]:
    """Return versions as names, by which a round knows what it was asked before."""
    return [f"{version} {name}" for name, version in versions.items()]


def _run(question: Question) -> Run:
    pairs = (word.split(" ", 1) for word in sorted(question.fixes))
    return Run({name: int(version) for version, name in pairs}, question.tests, question.again)
