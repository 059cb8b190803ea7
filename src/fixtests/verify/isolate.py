"""Which fixes stand: from the first run without any to those that tests fail with.

Nothing is run here. Whoever asks says how some tests go with some fixes; what is asked is what
the answers so far leave open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from fixtests.verify.judging import Evidence, Judged, Taken, judged
from fixtests.verify.rounds import Rounds, Try
from fixtests.verify.searching import Blame, Fixes, apart, search, turned
from fixtests.verify.trial import Outcome, Status

ROUNDS = 200  # after which what is not found out yet is taken back as a whole
WIDTH = 4  # sets of fixes that are tried at once for one test
NONE: frozenset[str] = frozenset()
LEVELS = 3  # how far fixes may be from a test that they are suspected for


def prove(
    fixes: Sequence[str],
    reach: Mapping[str, frozenset[str]],
    near: Mapping[str, frozenset[str]],
    try_: Try,
    say: Callable[[str], None] = lambda _: None,
    *,
    rounds: int = ROUNDS,
    width: int = WIDTH,
) -> Judged:
    """Return which fixes the tests let stand, and what they say of each.

    `fixes` are in the order in which they are rather kept. `reach` are the tests that run what a
    fix changes, `near` all tests of the files that it changes. `try_` answers the questions of
    one round, `say` is told what is being done. After `rounds` rounds all fixes that may be to
    blame for a failure are taken back; `width` sets of fixes at most are tried at once for one
    test.
    """
    prover = _Prover(fixes, reach, near, try_, say, rounds, width)
    prover.begin()
    while failing := prover.confirm():
        prover.isolate(failing)
    return judged(fixes, reach, prover.evidence, prover.rounds)


class _Prover:
    """What is known of some fixes and tests, and what is asked next."""

    def __init__(
        self,
        fixes: Sequence[str],
        reach: Mapping[str, frozenset[str]],
        near: Mapping[str, frozenset[str]],
        try_: Try,
        say: Callable[[str], None],
        rounds: int,
        width: int,
    ) -> None:
        self._fixes = dict.fromkeys(fixes)
        self._reaching = turned(fixes, reach)
        around = {fix: reach.get(fix, NONE) | near.get(fix, NONE) for fix in fixes}
        self._around = turned(fixes, around)
        self._near = {fix: near.get(fix, NONE) for fix in fixes}
        self._tests = {test for fix in fixes for test in reach.get(fix, ())}
        self.rounds = Rounds(try_)
        self._say = say
        self._limit = rounds
        self._width = max(2, width)
        self._levels: Counter[str] = Counter()
        self._company: dict[str, frozenset[str]] = {}  # tests beside which one fails
        self._given_back: set[str] = set()
        self.evidence = Evidence()

    def begin(self) -> None:
        """Run all tests without any fix, and set those aside that do not pass twice.

        Of a file in which no fix is run one test tells whether the file can be loaded; where that
        one fails anyway, all the others are asked.
        """
        self._say(f"Running {len(self._tests):,} tests without any fix")
        self._run_before(self._tests | {min(tests) for tests in self._unwatched()})
        self._run_before({test for tests in self._unwatched() for test in tests})

    def _unwatched(self) -> list[frozenset[str]]:
        """Return the tests of files of which no test tells anything so far."""
        found = (tests.difference(self.evidence.before) for tests in self._near.values())
        around = zip(found, self._near.values(), strict=True)
        return [left for left, tests in around if left and self._tests.isdisjoint(tests)]

    def _run_before(self, tests: set[str]) -> None:
        evidence = self.evidence
        (outcomes,) = self.rounds.ask([(frozenset(), tests)])
        evidence.before.update(outcomes)
        bad = {test for test, outcome in outcomes.items() if not outcome.is_fine}
        (again,) = self.rounds.ask([(frozenset(), bad)])
        failing = {test for test in bad if not again[test].is_fine}
        evidence.failing |= failing
        self._tests |= tests
        self._tests -= failing
        self._note_flaky(bad - failing)

    def confirm(self) -> set[str]:
        """Run all tests with the fixes that are kept; return those that fail because of them."""
        evidence, kept = self.evidence, frozenset(self._kept)
        self._say(
            f"Running {len(self._tests):,} tests with {len(kept):,} fixes"
            f"{f', {len(evidence.taken):,} taken back' if evidence.taken else ''}"
        )
        (evidence.after,) = self.rounds.ask([(kept, self._tests)])
        bad = {test for test, outcome in evidence.after.items() if self._fails(test, outcome)}
        if not bad:
            return bad
        # What fails every other time has to fail three times in a row here, and to pass between.
        quick = {test for test in bad if evidence.after[test].status is Status.FAILED}
        again, without, more = self.rounds.ask([(kept, bad), (frozenset(), bad), (kept, quick)])
        both_ways = {
            test
            for test in bad
            if self._fails(test, without[test])
            or not self._fails(test, again[test])
            or (test in quick and not self._fails(test, more[test]))
        }
        both_ways -= self._beside(both_ways & quick)
        self._note_flaky(both_ways)
        return bad - both_ways

    def _beside(self, tests: set[str]) -> set[str]:
        """Return which of some tests fail whenever others of their files run with them.

        What one of these does with a fix is left behind for them. From now on they run together.
        """
        near = self._near.values()
        company = {
            test: frozenset().union(*(its for its in near if test in its)) & self._tests
            for test in tests
        }
        asked = {test for its in company.values() for test in its}
        kept = self._kept
        answers = self.rounds.ask([(kept, asked), (kept, asked), ((), asked), ((), asked)])
        found = {
            test
            for test in tests
            if [self._fails(test, its[test]) for its in answers] == [True, True, False, False]
        }
        self._company.update({test: company[test] for test in found})
        for test in found:
            self._levels[test] = max(1, self._levels[test])  # what runs in it is not to blame
        return found

    def _with_company(self, tests: Iterable[str]) -> set[str]:
        return {it for test in tests for it in (test, *self._company.get(test, ()))}

    def isolate(self, failing: set[str]) -> None:
        """Take the fixes back with which some tests fail, as few as needed."""
        while failing:
            suspects = {test: self._suspects(test) for test in failing}
            self._say(
                f"Narrowing down why {len(failing):,} tests fail; "
                f"{len(self.evidence.taken):,} fixes taken back"
            )
            found = self._search(apart(suspects))
            taken: set[str] = set()
            for test, blames in found.items():
                if blames is not None:
                    failing.discard(test)
                    taken |= {blame.fix for blame in blames}
                elif self._levels[test] < LEVELS - 1:
                    self._levels[test] += 1
                else:
                    self._note_flaky({test})
                    failing.discard(test)
            if self._is_over:
                taken |= self._give_up(failing)
                failing.clear()
            loose = {test for test in failing if not taken.isdisjoint(suspects[test])}
            loose |= {test for test in failing & found.keys() if taken}  # failed for another reason
            failing -= self._passing(loose)
        self._give_back()

    @property
    def _kept(self) -> dict[str, None]:
        return {fix: None for fix in self._fixes if fix not in self.evidence.taken}

    @property
    def _is_over(self) -> bool:
        return self.rounds.number >= self._limit

    def _passing(self, tests: set[str]) -> set[str]:
        """Return which of some tests pass with the fixes that are kept."""
        (outcomes,) = self.rounds.ask([(self._kept, self._with_company(tests))])
        self.evidence.after.update(outcomes)
        return {test for test in tests if not self._fails(test, outcomes[test])}

    def _suspects(self, test: str) -> list[str]:
        """Return the fixes that are kept and may make a test fail.

        A test that was not to be seen at all may be kept from it by all that is in its file.
        """
        missing = self.evidence.after[test].status is Status.MISSING
        reaching = {} if missing else self._reaching.get(test, {})
        levels = (reaching, self._around.get(test, {}), self._fixes)
        for level in levels[self._levels[test] :]:
            found = [fix for fix in level if fix not in self.evidence.taken]
            if found:
                return found
        return []

    def _search(self, chosen: Mapping[str, list[str]]) -> dict[str, list[Blame] | None]:
        """Search for the fixes to blame for some tests in the same rounds; None: not found."""
        found: dict[str, list[Blame] | None] = {}
        searches = {test: search(own, self._width) for test, own in chosen.items() if own}
        found.update(dict.fromkeys(chosen.keys() - searches.keys()))
        open_: dict[str, list[Fixes]] = {test: next(own) for test, own in searches.items()}
        tails: dict[tuple[str, Fixes], str] = {}
        while open_ and not self._is_over:
            for test, outcomes in self.rounds.answers(open_, self._company).items():
                fails = [self._fails(test, outcome) for outcome in outcomes]
                for fixes, outcome in zip(open_[test], outcomes, strict=True):
                    tails[test, fixes] = outcome.tail or tails.get((test, fixes), "")
                try:
                    open_[test] = searches[test].send(fails)
                except StopIteration as ended:
                    found[test] = ended.value
                    del open_[test]
        self._doubt(found)
        for test, blames in found.items():
            for blame in blames or ():
                self._take(blame, test, tails.get((test, blame.fixes), ""))
        return found

    def _doubt(self, found: dict[str, list[Blame] | None]) -> None:
        """Set tests aside, with whom they blame, that do not go twice as was found out for them.

        Of what fails by chance some fix or other can be found that seems to be to blame.
        """
        outcomes = self.evidence.after
        asked = {
            test
            for test, blames in found.items()
            if blames and outcomes[test].status is Status.FAILED
        }
        blamed = {blame.fix for test in asked for blame in found[test] or ()}
        without = {fix: None for fix in self._kept if fix not in blamed}
        tests = self._with_company(asked)
        answers = self.rounds.ask([(self._kept, tests)] * 2 + [(without, tests)] * 2)
        for test in asked:
            first, second, third, fourth = (self._fails(test, its[test]) for its in answers)
            if not (first and second) or third != fourth:
                self._note_flaky({test})
                found[test] = []

    def _take(self, blame: Blame, test: str, tail: str, *, bound: bool = False) -> None:
        self.evidence.taken[blame.fix] = Taken(test, tail, blame.together, bound)

    def _give_up(self, failing: Iterable[str]) -> set[str]:
        """Take back all that may be to blame for some tests; return what was taken."""
        suspects = {test: self._suspects(test) for test in sorted(failing)}
        if not any(suspects.values()):
            self._note_flaky(set(failing))
        for test, own in suspects.items():
            for fix in own:
                self._take(Blame(fix), test, self.evidence.after[test].tail, bound=True)
        return {fix for own in suspects.values() for fix in own}

    def _give_back(self) -> None:
        """Keep what was taken back only since a test failed with it and another that is gone."""
        taken = self.evidence.taken
        back = {
            fix: it.test
            for fix, it in taken.items()
            if not taken.keys().isdisjoint(it.together) and fix not in self._given_back
        }
        self._given_back.update(back)
        if not self._is_over:
            asked = [({*self._kept, fix}, self._with_company([test])) for fix, test in back.items()]
            answers = zip(back.items(), self.rounds.ask(asked), strict=True)
            for (fix, test), outcomes in answers:
                if not self._fails(test, outcomes[test]):
                    del taken[fix]

    def _fails(self, test: str, outcome: Outcome) -> bool:
        """Tell whether a test does worse than without any fix; to skip is worse than to pass."""
        skipped = outcome.status is Status.SKIPPED
        return not outcome.is_fine or (
            skipped and self.evidence.before[test].status is not Status.SKIPPED
        )

    def _note_flaky(self, tests: set[str]) -> None:
        """Set tests aside that came out both ways."""
        self.evidence.flaky |= tests
        self._tests -= tests
