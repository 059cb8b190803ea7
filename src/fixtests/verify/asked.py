"""A trial that a bench was asked for: what is known of it, and what is left to run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from fixtests.verify.attempts import Attempt
from fixtests.verify.shards import Known
from fixtests.verify.store import Result
from fixtests.verify.trial import Ran, Trial


@dataclass
class Asked:
    """A trial, the key of its tree, its results, and the tests that are left to run."""

    trial: Trial
    key: str
    results: dict[str, Result]
    left: list[Known] = field(default_factory=list)

    def results_of(self, attempt: Attempt) -> dict[str, Result]:
        """Return the results of the tests that one process has run."""
        names = attempt.outcomes.keys()
        own: dict[str, dict[int, int]] = defaultdict(dict)
        shared: dict[int, int] = {}
        for mark, by_test in attempt.hits.items():
            for name, times in by_test.items():
                if name in names:
                    own[name][mark] = times
                else:
                    shared[mark] = shared.get(mark, 0) + times
        loaded = tuple(sorted(attempt.loaded))
        return {
            name: Result(outcome, own[name], shared, loaded)
            for name, outcome in attempt.outcomes.items()
        }

    def ran(self) -> Ran:
        """Return what came of it, in the order in which its tests were asked for."""
        hits: dict[int, dict[str, int]] = defaultdict(dict)
        loaded: set[str] = set()
        for name in self.trial.tests:
            found = self.results[name]
            loaded.update(found.loaded)
            for mark, times in found.hits.items():
                hits[mark][name] = times
            for mark, times in found.shared.items():
                hits[mark][""] = max(hits[mark].get("", 0), times)
        outcomes = {name: self.results[name].outcome for name in self.trial.tests}
        return Ran(outcomes, dict(hits), frozenset(loaded))
