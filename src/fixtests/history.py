"""Runs that wrote: which there are, and which of them stand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from fixtests import journal
from fixtests.journal import Run
from fixtests.record import JournalError
from fixtests.report.summary import count


def runs(top: Path) -> list[Run]:
    """Return the runs that wrote below a folder, the oldest first. Raises JournalError."""
    return [
        run
        for run in journal.every()
        if run.has_ended and any(item.path.is_relative_to(top) for item in run.entries)
    ]


def chosen(number: int | None, top: Path) -> Run:
    """Return the run with a number, or the last one below a folder that stands.

    A run stands that wrote, or that took an undo back. Raises JournalError where
    there is none.
    """
    if number is not None:
        run = journal.find(number)
        if run.has_ended and run.written:
            return run
        raise JournalError(
            f"run {number} has nothing left to take back; `fixtests runs` shows which stand"
        )
    for run in reversed(runs(top)):
        if run.written and not run.is_undo:
            return run
    raise JournalError(f"no run below {top} is left to take back; `fixtests runs` lists them")


def listing(top: Path) -> Iterator[str]:
    """Yield a line for each run below a folder. Raises JournalError."""
    for run in runs(top):
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.told["time"]))
        words = " ".join(run.told.get("command", ()))
        left, undone = len(run.written), len(run.undone)
        if run.outcome["undone"]:
            state = f"undone by {run.outcome['undone']}"
        elif undone:
            state = f"{left} of {count(left + undone, 'file')}"
        else:
            state = count(left, "file")
        yield f"{run.number:>4}  {when}  {state:<14}  fixtests {words}".rstrip()
