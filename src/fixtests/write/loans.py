"""Files of the user that hold something else while tests run, and then what they held before.

A loan is a run in the journal: what the files held is on disk before any of them is replaced. One
that was killed is given back by the next command.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fixtests.model import RunError
from fixtests.write import journal, landing, staging
from fixtests.write.record import Change, Entry
from fixtests.write.run_folder import Run, write
from fixtests.write.staging import HalfError


class LoanError(RunError):
    """Files that cannot hold something else, or not be given back; the message names them."""


@contextlib.contextmanager
def lent(changes: Sequence[Change], stamp: int) -> Iterator[None]:
    """Have files hold something else as long as the block runs.

    The caller is the only one that writes (`writer.alone`). The time of change of what the files
    hold meanwhile is `stamp`, in seconds.

    Raises LoanError where a file is not what it was: it is left as it is, and the others are given
    back. Raises JournalError.
    """
    if not changes:
        yield
        return
    run = journal.begin([changes], {"loan": True, "command": sys.argv[1:]})
    try:
        _lend(changes, run, stamp)
        yield
    finally:
        changed = give_back(run)
        if changed:
            raise LoanError("\nerror: ".join(f"{path}: {why}" for path, why in changed.items()))


def _lend(changes: Sequence[Change], run: Run, stamp: int) -> None:
    """Replace all files, or none."""
    part = list(zip(changes, run.entries, strict=True))
    before: dict[Entry, bytes] = {}
    problems = landing.staged(part, "", before, {})
    if not any(problems.values()):
        try:
            run.set_ready(before)
            for _, entry in part:
                os.utime(entry.temporary, (stamp, stamp))
            problems = landing.landed(part, run, "")
        except OSError as error:
            raise LoanError(landing.reason_of(error, f"{run.folder}: cannot be written")) from None
        except HalfError as error:
            raise LoanError(f"{part[0][0].path}: {error}") from None
    named = [f"{path}: {why}" for path, why in problems.items() if why]
    if named:
        raise LoanError("\nerror: ".join(named))


def give_back(run: Run) -> dict[Path, str]:
    """Give the files of a loan back what they held; return what is said of those changed since.

    Raises LoanError, and then the loan stands: the next command tries again.
    """
    changed: dict[Path, str] = {}
    try:
        for entry in run.entries if run.is_ready else ():
            if not staging.give_back(entry, run):
                changed[entry.path] = (
                    "changed while tests ran with another content in its place; it is left as it"
                    f" is{_kept(entry, run)}"
                )
        left = staging.close(run, written=False)
    except OSError as error:
        raise LoanError(
            f"{error.filename or run.folder}: {error.strerror}; files still hold what tests ran"
            " with, and the next command gives them back what they held"
        ) from None
    return {**changed, **left}


def _kept(entry: Entry, run: Run) -> str:
    """Save what a file held where it is not given back, and say where that is. Raises OSError."""
    if entry.before is None:
        return ""
    folder = journal.state() / "kept"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{os.urandom(4).hex()}-{entry.path.name}"
    write(path, run.old(entry))
    return f", and what it held before is in {path}"
