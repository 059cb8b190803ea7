"""`--verify`: only what the target's own tests let stand goes on to a diff or into files."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fixtests.model import FileResult, Verdict
from fixtests.report.location import Texts, shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count, minutes
from fixtests.run.request import Request
from fixtests.verify import asking
from fixtests.verify.asking import Way

if TYPE_CHECKING:
    from fixtests.verify.proving import Proven
    from fixtests.verify.trial import Outcome

NAMED = 5  # tests and reasons that are named
ON_TERMINAL, ELSEWHERE = 5.0, 60.0  # seconds after which it is said again how far it is


@dataclass(frozen=True)
class Verifier:
    """Proves the fixes of a run, and says how far it is and what came of it."""

    request: Request
    way: Way = field(default_factory=Way)

    def proved(self, results: Sequence[FileResult], screen: Screen) -> list[FileResult]:
        """Return results with the fixes that stand, each with its proof. Raises RunError."""
        proven = asking.proved(results, self.request, self.way, _Spoken(screen), screen.warn)
        for line in _lines(proven):
            screen.note(line)
        return proven.results


class _Spoken:
    """Says what is being done and how far it is, at once; what only goes on, now and then."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._lock = threading.Lock()
        self._every = ON_TERMINAL if os.isatty(2) else ELSEWHERE
        self._began = self._said = self._since = time.monotonic()
        self._doing = ""
        self._tests = self._done = 0

    def say(self, line: str) -> None:
        """Say what is being done from now on."""
        self._doing = line
        self._print(line)

    def expect(self, tests: int) -> None:
        """Count anew, up to a number of tests."""
        with self._lock:
            self._tests, self._done, self._since = tests, 0, time.monotonic()

    def ended(self, test: str, outcome: Outcome) -> None:
        """Count a test that has ended."""
        with self._lock:
            self._done += 1
            now = time.monotonic()
            left = (now - self._since) / self._done * (self._tests - self._done)
            if now - self._said >= self._every and left > 0:
                done = f"{self._done:,} of {count(self._tests, 'test')}"
                self._print(f"{self._doing}: {done}, {minutes(left)} left")

    def _print(self, line: str) -> None:
        self._said = time.monotonic()
        self._screen.note(f"[{minutes(self._said - self._began)}] {line}")


def _lines(proven: Proven) -> Iterator[str]:
    """Yield what was found out, in words."""
    texts = Texts(proven.results, {})
    for item in (item for result in proven.results for item in result.findings):
        if item.proof and item.proof.verdict is Verdict.TAKEN_BACK:
            row = texts.place(item).row
            yield f"{shown(item.path)}:{row}: {item.code} {item.proof}"
    verdicts = Counter(item.verdict for item in proven.proofs.values())
    told = [f"{verdicts[verdict]:,} {verdict}" for verdict in Verdict if verdicts[verdict]]
    number = len(proven.proofs)
    yield f"{number:,} {'fix' if number == 1 else 'fixes'}: {', '.join(told)}."
    reasons = Counter(
        item.reason for item in proven.proofs.values() if item.verdict is Verdict.NOT_JUDGED
    )
    for reason, times in reasons.most_common(NAMED):
        yield f"not judged, {times:,} x: {reason}"
    # Versions and tests that are named after what is shown differ from fix to fix.
    shows = Counter(item.mutant.partition(":")[0] for item in proven.proofs.values() if item.mutant)
    if shows:
        yield f"Of the proved: {', '.join(f'{times:,} x {it}' for it, times in shows.items())}."
    yield from proven.lowest
    for names, what in ((proven.failing, "without any fix"), (proven.flaky, "now and then")):
        if names:
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            yield f"{count(len(names), 'test')} failed {what}: {', '.join(names[:NAMED])}{more}."
    before = f"; {count(proven.resumed, 'result')} known from before" if proven.resumed else ""
    yield (
        f"Ran {count(proven.executions, 'test')} by {', '.join(proven.runners)}{before}."
        f" Each fix by itself would have run {count(proven.one_by_one, 'test')}, and none together."
    )
