"""`--verify`: only what the target's own tests let stand goes on to a diff or into files."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixtests.files import user_folders
from fixtests.model import FileResult, Verdict
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.settings.config import Verification

if TYPE_CHECKING:
    from fixtests.verify.proving import Proven

FLAKY = 5  # tests that are named


@dataclass(frozen=True)
class Verifier:
    """How fixes are to be proved: by whose configuration, and by which command where one is given.

    `command` is that of the command line, which beats configuration.
    """

    request: Request
    command: str | None = None

    def proved(self, results: Sequence[FileResult], screen: Screen) -> list[FileResult]:
        """Return results with the fixes that stand, each with its proof. Raises RunError."""
        from fixtests.verify import proving

        session = Session(self.request)

        def settings(path: Path) -> Verification:
            found = session.configuration.at(path.parent).verify
            return replace(found, command=self.command) if self.command else found

        proven = proving.prove(
            results,
            settings,
            lambda path: session.jobs.of(path).project,
            Path(user_folders.state()) / "verify",
            _Spoken(screen).say,
        )
        for line in _lines(proven):
            screen.note(line)
        return proven.results


class _Spoken:
    """Says what is being done, on a terminal at once, elsewhere once a minute."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._began = time.monotonic()
        self._said = 0.0

    def say(self, line: str) -> None:
        now = time.monotonic() - self._began
        if os.isatty(2) or not self._said or now - self._said >= 60:
            self._said = now or 1.0
            self._screen.note(f"[{int(now) // 60}:{int(now) % 60:02}] {line}")


def _lines(proven: Proven) -> Iterator[str]:
    """Yield what was found out, in words."""
    judged = [item for result in proven.results for item in result.findings if item.proof]
    for item in judged:
        if item.proof and item.proof.verdict is Verdict.TAKEN_BACK:
            yield f"{shown(item.path)}: {item.code} {item.proof}"
    verdicts = Counter(item.verdict for item in proven.proofs.values())
    told = [f"{verdicts[verdict]:,} {verdict}" for verdict in Verdict if verdicts[verdict]]
    yield f"{count(len(proven.proofs), 'fix')}: {', '.join(told)}.".replace("fixs", "fixes")
    for names, what in ((proven.failing, "without any fix"), (proven.flaky, "now and then")):
        if names:
            more = f" and {len(names) - FLAKY:,} more" if len(names) > FLAKY else ""
            yield f"{count(len(names), 'test')} failed {what}: {', '.join(names[:FLAKY])}{more}."
    before = f", {proven.resumed:,} of them known from before" if proven.resumed else ""
    yield (
        f"{count(proven.runs, 'run')} of tests{before}, {count(proven.executions, 'test')} in all;"
        f" one fix at a time would have taken {proven.one_by_one:,}."
    )
