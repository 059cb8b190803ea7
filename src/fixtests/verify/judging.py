"""What the outcomes of tests say of each fix, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fixtests.model import Proof, Verdict
from fixtests.verify.rounds import Rounds, Tally
from fixtests.verify.trial import Outcome, Status

FAILING, FLAKY = "fails without any fix", "is flaky"


@dataclass(frozen=True)
class Taken:
    """Why a fix was taken back: a test fails with it, and how.

    `together` are the fixes without which it does not fail. `bound` says that the rounds ended
    before it was known which of several fixes are to blame.
    """

    test: str
    tail: str
    together: tuple[str, ...] = ()
    bound: bool = False

    def __str__(self) -> str:
        said = ": ".join(filter(None, (self.test, cause(self.tail))))
        if self.bound:
            return f"{said} (not known whether it is this fix: the limit of rounds was reached)"
        if self.together:
            others = "another fix" if len(self.together) == 1 else f"{len(self.together)} others"
            return f"{said} (only together with {others})"
        return said


def cause(tail: str) -> str:
    """Return the line of a failure that says what is wrong: pytest marks it, else the last one."""
    lines = [line for line in tail.splitlines() if line.strip()]
    marked = [line[2:] for line in lines if line.startswith("E  ")]
    return (marked or lines or [""])[0 if marked else -1].strip()


@dataclass
class Evidence:
    """What was found out: how tests went `before` any fix and `after` those that are kept.

    `failing` are the tests that fail without any fix, `flaky` those that came out both ways.
    """

    before: dict[str, Outcome] = field(default_factory=dict)
    after: dict[str, Outcome] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    flaky: set[str] = field(default_factory=set)
    taken: dict[str, Taken] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What the tests say of each fix, and what it took to find out.

    `taken` are those that were taken back, `flaky` the tests that came out both ways. A run is
    one set of files with all the tests that are run in it, a round the runs that do not wait for
    one another. `one_by_one` are the runs that it takes to try each fix by itself, each with the
    tests that reach it, and `one_by_one_executions` those tests.
    """

    proofs: Mapping[str, Proof]
    taken: Mapping[str, Taken]
    failing: tuple[str, ...]
    flaky: Mapping[str, Tally]
    rounds: int
    runs: int
    executions: int
    one_by_one: int
    one_by_one_executions: int

    @property
    def kept(self) -> tuple[str, ...]:
        """The fixes that were not taken back."""
        return tuple(fix for fix in self.proofs if fix not in self.taken)

    @property
    def faults(self) -> Mapping[str, str]:
        """Why tests tell nothing, by their ids."""
        return {**dict.fromkeys(self.failing, FAILING), **dict.fromkeys(self.flaky, FLAKY)}

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The fixes that were taken back since the rounds ended before more was known."""
        return tuple(fix for fix, taken in self.taken.items() if taken.bound)


def judged(
    fixes: Sequence[str],
    reach: Mapping[str, frozenset[str]],
    evidence: Evidence,
    rounds: Rounds,
) -> Judged:
    """Return what the outcomes of tests say of some fixes."""
    reached = [reach[fix] for fix in fixes if reach.get(fix)]
    return Judged(
        {fix: _proof(fix, reach.get(fix, frozenset()), evidence) for fix in fixes},
        {fix: evidence.taken[fix] for fix in fixes if fix in evidence.taken},
        tuple(sorted(evidence.failing)),
        {test: rounds.tally(test) for test in sorted(evidence.flaky)},
        rounds.number,
        rounds.runs,
        rounds.executions,
        len(reached),
        sum(map(len, reached)),
    )


def unlisted(paths: Iterable[str], failed: Mapping[str, str]) -> Proof | None:
    """Return that tests cannot be told, where that is so, and why."""
    for path in paths:
        if path in failed:
            why = f"{path} cannot be loaded: {cause(failed[path])}"
            return Proof(Verdict.NOT_JUDGED, reason=why, failure=failed[path])
    return None


def _proof(fix: str, reach: frozenset[str], evidence: Evidence) -> Proof:
    if fix in evidence.taken:
        taken = evidence.taken[fix]
        return Proof(Verdict.TAKEN_BACK, reason=str(taken), failure=taken.tail.strip())
    if not reach:
        return Proof(Verdict.NOT_COVERED)
    tests = tuple(sorted(test for test in reach if not _fault(test, evidence)))
    if tests:
        return Proof(Verdict.PROVED, tests)
    first = min(reach)
    more = f", and {len(reach) - 1:,} more tell nothing" if reach != {first} else ""
    return Proof(Verdict.NOT_JUDGED, reason=f"{first} {_fault(first, evidence)}{more}")


def _fault(test: str, evidence: Evidence) -> str:
    """Say why a test proves nothing; nothing where it passes before and after."""
    if test in evidence.failing:
        return FAILING
    if test in evidence.flaky:
        return FLAKY
    before, after = evidence.before.get(test), evidence.after.get(test)
    if before is None or after is None:
        return "was not run"
    return "" if {before.status, after.status} == {Status.PASSED} else "is skipped"
