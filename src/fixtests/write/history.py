"""Runs that wrote: which there are, and which of them stand."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from fixtests.model import FileResult, digest
from fixtests.plan import plan_file
from fixtests.plan.plan_fields import SavedError
from fixtests.report.summary import count
from fixtests.text.source import read
from fixtests.write import journal
from fixtests.write.record import JournalError
from fixtests.write.run_folder import Run


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


def results(run: Run) -> dict[Path, FileResult]:
    """Return what a run found in the files that it wrote. Raises JournalError."""
    plan = run.told.get("plan")
    if not isinstance(plan, dict):
        return {}
    try:
        found = plan_file.recorded(plan, run.folder / "run.json")
    except SavedError as error:
        raise JournalError(str(error)) from None
    return {Path(item.path): item for item in found if item.result}


def has_made(result: FileResult) -> bool:
    """Tell whether an earlier run made just the fixes of a result, which its file still holds."""
    try:
        now = digest(read(result.path))
    except OSError:
        return False
    before, wanted = result.digest, set(plan_file.needs(result))
    for run in journal.every() if wanted else ():
        with contextlib.suppress(JournalError):
            for entry in run.written if run.has_ended else ():
                if (str(entry.path), entry.before, entry.after) != (result.path, before, now):
                    continue
                made = results(run).get(entry.path)
                if made is not None and set(plan_file.needs(made)) == wanted:
                    return True
    return False
