"""Questions of how tests go with some fixes, put together so that few runs answer many of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from fixtests.verify.searching import Fixes
from fixtests.verify.trial import Outcome, Status

UNSEEN = Outcome(Status.MISSING)


class Question(NamedTuple):
    """Some tests that are to run with some fixes.

    `again` is how often one of them ran with these before: an earlier answer does not do.
    """

    fixes: Fixes
    tests: frozenset[str]
    again: int = 0


class Tally(NamedTuple):
    """How often a test failed of the times that it was run."""

    failed: int
    ran: int

    def __str__(self) -> str:
        return f"failed {self.failed} of {self.ran} times"


Try = Callable[[Sequence[Question]], Sequence[Mapping[str, Outcome]]]


class Rounds:
    """Questions that were asked: `runs` in a `number` of rounds, with `executions` of tests.

    A run is one set of files with all the tests that are run in it, a round the runs that do not
    wait for one another. `try_` answers the questions of one round.
    """

    def __init__(self, try_: Try) -> None:
        self.number = 0
        self.runs = 0
        self.executions = 0
        self._try = try_
        self._asked: Counter[tuple[Fixes, str]] = Counter()
        self._ran: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def tally(self, test: str) -> Tally:
        """Return how often a test failed, whichever fixes there were."""
        return Tally(self._failed[test], self._ran[test])

    def ask(self, asked: Iterable[tuple[Iterable[str], Iterable[str]]]) -> list[dict[str, Outcome]]:
        """Let some tests run with some fixes, all in one round; what is not seen is missing."""
        questions = []
        for fixes, tests in asked:
            question = Question(frozenset(fixes), frozenset(tests))
            pairs = [(question.fixes, test) for test in question.tests]
            again = max((self._asked[pair] for pair in pairs), default=0)
            questions.append(question._replace(again=again))
            self._asked.update(pairs)
        runs = [question for question in questions if question.tests]
        self.number += bool(runs)
        self.runs += len(runs)
        self.executions += sum(len(question.tests) for question in runs)
        answers = dict(zip(runs, self._try(runs) if runs else (), strict=True))
        return [self._told(question, answers.get(question, {})) for question in questions]

    def _told(self, question: Question, answer: Mapping[str, Outcome]) -> dict[str, Outcome]:
        told = {test: answer.get(test, UNSEEN) for test in sorted(question.tests)}
        self._ran.update(told.keys())
        self._failed.update(test for test, outcome in told.items() if not outcome.is_fine)
        return told

    def answers(
        self, searches: Mapping[str, Sequence[Fixes]], company: Mapping[str, frozenset[str]]
    ) -> dict[str, list[Outcome]]:
        """Answer the questions of several searches, each of one test, in as few runs as possible.

        The `company` of a test runs with it.

        What one search tries must not show in the test of another. Where it does since more
        depends on a fix than is known, no two searches are always in the same runs: they are
        dealt out anew in each round, the same in each run of the whole.
        """
        width = max(*map(len, searches.values()), min(2, len(searches)))
        order = sorted(searches)
        random.Random(self.number).shuffle(order)
        asked: list[tuple[set[str], set[str]]] = [(set(), set()) for _ in range(width)]
        places: dict[str, list[int]] = {}
        for first, test in enumerate(order):
            questions = searches[test]
            places[test] = [(first + at) % width for at in range(len(questions))]
            for place, fixes in zip(places[test], questions, strict=True):
                asked[place][0].update(fixes)
                asked[place][1].update({test}, company.get(test, ()))
        answers = self.ask(asked)
        return {test: [answers[place][test] for place in own] for test, own in places.items()}
