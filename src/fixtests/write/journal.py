"""The journal: what each run replaced, on disk before it replaces anything, outside the work tree.

A run has a folder with its record (`run.json`), the old bytes of its files
(`before`, one after the other) and, when all is staged, where each of them
begins (`ready.json`); `outcome.json` ends it. As long as it has not ended, or has
files of its own to take away, there is a mark of it in `open/`. One lock says who
may write, so a mark that is seen under the lock is of a run that is over.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtests.files import user_folders
from fixtests.model import digest
from fixtests.write import record
from fixtests.write.record import FORM, Change, Entry, JournalError

NUMBER = re.compile(r"[1-9][0-9]{0,14}")  # names of runs; what is named otherwise is not ours
KEPT = 50  # runs
SIZE = 500_000_000  # bytes of all runs
UNDONE = "undone by"  # a run's number follows, in the place of the reason why a file is not written
PATIENCE = 60  # seconds to wait for another run to end
Told = Mapping[str, Any]


class BusyError(JournalError):
    """Another run is writing."""


@dataclass(frozen=True)
class Run:
    """One run that wrote, or tried to."""

    folder: Path

    @property
    def number(self) -> int:
        """The name that users call it by."""
        return int(self.folder.name)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What was recorded when it began. Raises JournalError."""
        return record.of_run(self.folder / "run.json")

    @cached_property
    def entries(self) -> list[Entry]:
        """The files it was to change. Raises JournalError."""
        return record.entries(self.told, self.folder / "run.json")

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """How it ended: why files were not written, by path, and which run took it back."""
        path = self.folder / "outcome.json"
        return record.outcome(path) if path.exists() else {"problems": {}, "undone": None}

    @property
    def written(self) -> list[Entry]:
        """The files that it changed."""
        return [item for item in self.entries if str(item.path) not in self.outcome["problems"]]

    @property
    def undone(self) -> list[Entry]:
        """The files that other runs took back."""
        problems = self.outcome["problems"]
        return [
            item for item in self.entries if problems.get(str(item.path), "").startswith(UNDONE)
        ]

    @property
    def is_undo(self) -> bool:
        """Tell whether it took another run back, and not an undo."""
        return "undoes" in self.told and not self.told.get("redo")

    @property
    def begun(self) -> bool:
        """Tell whether it came as far as its record, before which it touches nothing."""
        return os.access(self.folder / "run.json", os.F_OK)

    @property
    def is_ready(self) -> bool:
        """Tell whether it came as far as its first rename."""
        return (self.folder / "ready.json").exists()

    @property
    def has_ended(self) -> bool:
        """Tell whether it came to its end."""
        return (self.folder / "outcome.json").exists()

    def old(self, entry: Entry) -> bytes:
        """Return what a file held before. Raises JournalError."""
        path, index = self.folder / "before", self.folder / "ready.json"
        try:
            offset, size = self._places[str(entry.number)]
            if not 0 <= offset <= offset + size <= path.stat().st_size:
                raise record.unfit(path, f"is too short to hold {entry.path}")
            with path.open("rb") as stream:
                stream.seek(offset)
                content = stream.read(size)
        except (KeyError, ValueError, TypeError):
            raise record.unfit(index, f"places: do not say where {entry.path} is") from None
        except OSError as error:
            raise JournalError(f"{path}: cannot be read: {error.strerror}") from None
        if digest(content) != entry.before:
            raise record.unfit(path, f"does not hold {entry.path} as it was; it is damaged")
        return content

    def held(self, path: Path) -> bytes:
        """Return what the file of a path held before. Raises JournalError."""
        return self.old(self._by_path[path])

    @cached_property
    def _by_path(self) -> dict[Path, Entry]:
        return {item.path: item for item in self.entries}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = record.loaded(self.folder / "ready.json")["places"]
        return found

    def set_ready(self, contents: Mapping[Entry, bytes]) -> None:
        """Save what files hold before they are replaced. Raises OSError."""
        places, at = {}, 0
        with (self.folder / "before").open("wb") as stream:
            for entry, content in contents.items():
                places[str(entry.number)] = (at, len(content))
                at += stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _write(self.folder / "ready.json", json.dumps({"form": FORM, "places": places}).encode())
        sync(self.folder)

    def check(self, entry: Entry) -> None:
        """Look whether what a file held before can be had. Raises JournalError."""
        if entry.before is not None:
            self.old(entry)

    def end(self, problems: Mapping[Path, str]) -> None:
        """Note how it ended. Raises OSError."""
        self._tell({"problems": {str(path): why for path, why in problems.items()}, "undone": None})

    def unmark(self) -> None:
        """Take away the mark of a run that goes on, or has something to tidy. Raises OSError."""
        self._mark.unlink(missing_ok=True)

    def set_undone(self, paths: Sequence[Path], by: int) -> None:
        """Note which of its files another run took back. Raises OSError and JournalError."""
        if not paths:
            return
        told = {**self.outcome["problems"], **{str(path): f"{UNDONE} {by}" for path in paths}}
        whole = all(str(item.path) in told for item in self.entries)
        self._tell({"problems": told, "undone": by if whole else None})

    def drop(self) -> None:
        """Forget it; while its mark stands that can be done again. Raises OSError."""
        with contextlib.suppress(NotADirectoryError):  # a file that is only named like a run
            (self.folder / "run.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.unmark()

    def _tell(self, outcome: Told) -> None:
        unfinished = self.folder / "outcome.tmp"
        _write(unfinished, json.dumps({"form": FORM, **outcome}).encode())
        unfinished.replace(self.folder / "outcome.json")
        sync(self.folder)
        vars(self).pop("outcome", None)

    @property
    def _mark(self) -> Path:
        return self.folder.parent.parent / "open" / self.folder.name


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
        while not _locked(handle):
            if time.monotonic() >= until:
                raise BusyError(f"another run of fixtests is writing ({path}); try again")
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
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
            _write(state() / "open" / str(number), b"")
            sync(state() / "open")
            run.folder.mkdir(mode=0o700)
            body = {"form": FORM, "time": time.time(), **told, "files": record.of(groups, number)}
            unfinished = run.folder / "run.tmp"
            _write(unfinished, json.dumps(body).encode("utf-8", "surrogatepass"))
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
        if count and (count >= KEPT or total > SIZE) and not run._mark.exists():
            run.drop()


def sync(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _runs(folder: Path) -> list[Run]:
    try:
        names = [item.name for item in folder.iterdir()]
    except OSError:
        return []
    return [Run(folder / name) for name in sorted(filter(NUMBER.fullmatch, names), key=int)]


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


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
