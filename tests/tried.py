"""Made-up trees whose tests fail with some fixes, for what decides which fixes stand."""

import random
from dataclasses import dataclass, field

from fixtests.verify.trial import Outcome, Status

GOOD, BAD = Outcome(Status.PASSED), Outcome(Status.FAILED, tail="AssertionError: 1 != 2")
SKIPPED = Outcome(Status.SKIPPED)
UNSEEN = Outcome(Status.MISSING, tail="ImportError: no such name")


@dataclass
class Tree:
    """Tests that fail with all fixes of one of their sets, and how often they were run.

    `guilty` are pairs of a test and a set of fixes, `unloadable` fixes with which no test of
    their file is seen; `failing` tests fail with any fixes, `flaky` ones now and then.
    """

    reach: dict[str, frozenset[str]]
    near: dict[str, frozenset[str]]
    guilty: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    unloadable: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    flaky: dict[str, float] = field(default_factory=dict)
    seed: int = 0
    asked: list = field(default_factory=list)
    rounds: int = 0

    def __post_init__(self):
        self.chance = random.Random(self.seed)
        self.causes = {}
        for test, fixes in self.guilty:
            self.causes.setdefault(test, []).append(fixes)

    def run(self, questions):
        """Answer the questions of a round, as a bench does."""
        self.rounds += 1
        self.asked += questions
        return [self.outcomes(question.fixes, question.tests) for question in questions]

    def outcomes(self, fixes, tests):
        unseen = {test for fix in self.unloadable & fixes for test in self.near[fix]}
        return {
            test: UNSEEN if test in unseen else BAD if self.fails(test, fixes) else GOOD
            for test in sorted(tests)
        }

    def fails(self, test, fixes):
        always = test in self.failing or self.is_broken(test, fixes)
        return always or self.chance.random() < self.flaky.get(test, 0)

    def is_broken(self, test, fixes):
        return any(cause <= fixes for cause in self.causes.get(test, ()))

    @property
    def executions(self):
        return sum(len(question.tests) for question in self.asked)
