"""The journal: what each run replaced, on disk before it replaces anything, outside the work tree.

Each run has a folder (see `run_folder`). One lock says who may write, so a mark
that is seen under the lock is of a run that is over.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fixtests.files import user_folders
from fixtests.write import record
from fixtests.write.record import FORM, Change, JournalError
from fixtests.write.run_folder import Run, Told, sync, write

NUMBER = re.compile(r"[1-9][0-9]{0,14}")  # names of runs; what is named otherwise is not ours
KEPT = 50  # runs
SIZE = 500_000_000  # bytes of all runs
PATIENCE = 60  # seconds to wait for another run to end


class BusyError(JournalError):
    """Another run is writing."""


def state() -> Path:
    """Return the user's folder for journals."""
    return Path(user_folders.state())


@contextlib.contextmanager
def lock(patience: float = PATIENCE) -> Iterator[None]:
    """Be the only one that writes, for as long as the block runs.

    Raises JournalError where another run does not end within `patience` seconds,
    or where there can be no journal.
    """
    path = state() / "lock"
    with _named(path):
        (state() / "runs").mkdir(parents=True, exist_ok=True, mode=0o700)
        (state() / "open").mkdir(exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + patience
        while not locked(handle):
            if time.monotonic() >= until:
                raise BusyError(f"another run of fixtests is writing ({path}); try again")
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def locked(handle: int) -> bool:
    """Lock an open file until it is closed; tell whether no other process had it locked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def begin(groups: Sequence[Sequence[Change]], told: Told) -> Run:
    """Record a run that is about to write, under the lock. Raises JournalError."""
    runs = state() / "runs"
    with _named(runs):
        number = _next()
        run = Run(runs / str(number))
        try:
            write(state() / "open" / str(number), b"")
            sync(state() / "open")
            run.folder.mkdir(mode=0o700)
            body = {"form": FORM, "time": time.time(), **told, "files": record.of(groups, number)}
            unfinished = run.folder / "run.tmp"
            write(unfinished, json.dumps(body).encode("utf-8", "surrogatepass"))
            unfinished.replace(run.folder / "run.json")
            sync(run.folder)
            sync(runs)
        except OSError:
            run.drop()
            raise
    return run


def _next() -> int:
    """Return the number of the next run, past whatever else stands under the names of runs."""
    number = max((run.number for run in every()), default=0) + 1
    while any(os.path.lexists(state() / name / str(number)) for name in ("runs", "open")):
        number += 1
    return number


def end(run: Run, problems: Mapping[Path, str]) -> None:
    """Note how a run ended, and in the run that it takes back what is back.

    Raises OSError and JournalError.
    """
    if "undoes" in run.told:
        undone = Run(state() / "runs" / str(run.told["undoes"]))
        if undone.begun:  # else it is forgotten by now
            before = {item.path: item.before for item in undone.entries}
            undone.set_undone(
                [
                    item.path
                    for item in run.entries
                    if item.path not in problems
                    if run.told.get("wholly") or item.after == before.get(item.path)
                ],
                run.number,
            )
    run.end(problems)


def every() -> list[Run]:
    """Return the runs that are kept, the oldest first."""
    return [run for run in _runs(state() / "runs") if run.begun]


def unfinished() -> list[Run]:
    """Return the runs that are marked; under the lock, those that were killed or left files."""
    marks = [run.folder for run in _runs(state() / "open")]
    return [Run(state() / "runs" / mark.name) for mark in marks if mark.is_file()]


def find(number: int) -> Run:
    """Return a run. Raises JournalError."""
    for run in every():
        if run.number == number:
            return run
    raise JournalError(f"there is no run {number}; `fixtests runs` lists them")


def prune() -> None:
    """Forget the oldest runs where they are too many or too large; never the last one."""
    total = 0
    for count, run in enumerate(reversed(every())):
        with contextlib.suppress(OSError):
            total += sum(item.stat().st_size for item in run.folder.rglob("*") if item.is_file())
        if count and (count >= KEPT or total > SIZE) and not run.is_marked:
            run.drop()


def _runs(folder: Path) -> list[Run]:
    try:
        names = [item.name for item in folder.iterdir()]
    except OSError:
        return []
    return [Run(folder / name) for name in sorted(filter(NUMBER.fullmatch, names), key=int)]


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of what cannot be written that it is the journal, and what to do."""
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"{path}: the journal cannot be written: {error.strerror}; "
            "set FIXTESTS_STATE_DIR to a folder that can, nothing was changed"
        ) from None
