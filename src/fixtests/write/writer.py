"""The one writer: all is staged and journalled, then renamed; a group lands whole or not at all.

Signals wait until the file at hand is done. A file is looked at directly before
its rename; what the rename displaced is looked at after it, and again before the
run ends, and given back with its whole group where it was saved meanwhile. What a
killed run left behind is `recovery`'s.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.model import digest
from fixtests.plan.plan import MovedError, Plan, Write
from fixtests.text.source import read
from fixtests.write import journal, staging
from fixtests.write.journal import Run
from fixtests.write.record import Change, Entry, JournalError
from fixtests.write.staging import HalfError

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
TOGETHER = "a file that the same fix needs could not be written"
ALL_OR_NOTHING = "not written, since another file of the run could not be; it is as it was"
STOPPED = "not written, since the run was interrupted; it is as it was"
HALF = "could not be given back what it held; the next command does that"
Part = Sequence[tuple[Change, Entry]]  # a group of changes, as the journal has it


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was written."""

    path: Path
    problem: str = ""


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A file that must not be written, with the reason."""


def apply(
    plan: Plan, told: Mapping[str, Any], *, atomic: bool = False
) -> tuple[list[Outcome], int | None]:
    """Write a plan, and say of each of its files what became of it.

    A file that changed since it was read is left out first, so that the
    others' groups are written without it; with `atomic` nothing is written
    then. `told` goes into the journal. Returns the run's number, too, None
    where nothing was written. Raises JournalError.
    """
    with _alone():
        refused = _refused(_changes(plan))
        if refused and not atomic:
            plan = plan.without(refused)
        if atomic:
            plan = plan.as_one()
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        groups: list[list[Change]] = []
        left: list[list[Change]] = []
        for changes in _changes(plan):
            whole = not any(change.path in refused for change in changes)
            (groups if whole else left).append(changes)
        rest = (change.path for changes in left for change in changes)
        reason = ALL_OR_NOTHING if atomic else TOGETHER
        outcomes += [Outcome(path, reason) for path in rest if path not in refused]
        written, number = _written(groups, told, reason)
    return outcomes + written, number


def write(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any]
) -> tuple[list[Outcome], int | None]:
    """Make some changes of files, as `apply` does. Raises JournalError."""
    with _alone():
        refused = _refused(groups)
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        whole = []
        for group in groups:
            if any(item.path in refused for item in group):
                rest = (item.path for item in group if item.path not in refused)
                outcomes += [Outcome(path, TOGETHER) for path in rest]
            else:
                whole.append(group)
        written, number = _written(whole, told, TOGETHER)
    return outcomes + written, number


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Be the only one that writes, on files that no killed run has left half way."""
    with journal.lock():
        if any(not run.has_ended for run in journal.unfinished()):
            raise JournalError("another run was killed meanwhile; run again to end it")
        yield


def _changes(plan: Plan) -> list[list[Change]]:
    return [[_change(item) for item in group.writes] for group in plan.groups]


def _change(write: Write) -> Change:
    return Change(write.path, write.root, write.digest, write.result, write.content)


def _refused(groups: Sequence[Sequence[Change]]) -> dict[Path, str]:
    """Return the files that must not be written, with the reasons."""
    found: dict[Path, str] = {}
    for group in groups:
        for change in group:
            try:
                _check(change)
            except Refused as error:
                found[change.path] = str(error)
    return found


def _check(change: Change) -> tuple[bytes, os.stat_result] | None:
    """Look whether a file may be changed; return what it holds and what it is, None for none.

    Raises Refused.
    """
    path = change.path
    try:
        inside = path.parent.resolve(strict=True).is_relative_to(change.root.resolve())
        found = _found(path)
    except FileNotFoundError:
        raise Refused(staging.VANISHED) from None
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    if not inside:
        raise Refused(f"stands outside of {change.root}; it is left as it was")
    if found is None and change.before is None:
        return None
    if found is None:
        raise Refused(staging.VANISHED)
    content, status = found
    if change.before is None:
        raise Refused("exists by now; run again")
    if digest(content) != change.before:
        raise Refused(staging.CHANGED)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is not a regular file")
    if status.st_nlink > 1:
        raise Refused(f"has {status.st_nlink} hard links, which a rename would part; copy it first")
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Refused("is read-only; make it writable (chmod u+w)")
    if staging.is_foreign(path, status):
        raise Refused(staging.foreign(path))
    return found


def _found(path: Path) -> tuple[bytes, os.stat_result] | None:
    """Return what a file holds and what it is, None where there is none. Raises OSError."""
    try:
        status = path.lstat()  # first, so that what is changed during the read is not it any more
        return read(path), status
    except FileNotFoundError:
        return None


def _written(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any], rest: str
) -> tuple[list[Outcome], int | None]:
    """Stage, journal and rename; on any failure the files of a group are as they were.

    `rest` is said of the other files of a group of which one cannot be written.
    """
    if not groups:
        return [], None
    with _patient() as stopped:
        run = journal.begin(groups, told)
        entries = iter(run.entries)
        parts = [[(change, next(entries)) for change in group] for group in groups]
        problems = _prepared(parts, run, rest, stopped)
        half: set[int] = set()
        for step in (_landed, _looked):
            for part in parts:
                if any(problems[change.path] for change, _ in part):
                    continue
                if step is _landed and stopped():
                    problems |= {change.path: STOPPED for change, _ in part}
                    continue
                try:
                    problems |= step(part, run, rest)
                except HalfError as error:
                    problems |= {change.path: str(error) for change, _ in part}
                    half.add(part[0][1].group)
                except OSError:  # written, but not looked at: the next command does that
                    half.add(part[0][1].group)
        for folder in {change.path.parent for part in parts for change, _ in part}:
            journal.sync(folder)
        left = _end(run, {path: why for path, why in problems.items() if why}, half)
    number = None if all(problems.values()) else run.number
    return [Outcome(path, problem) for path, problem in (problems | left).items()], number


def _prepared(
    parts: Sequence[Part], run: Run, rest: str, stopped: Callable[[], bool]
) -> dict[Path, str]:
    """Stage all groups, and journal what they replace; return the problem of each file."""
    problems: dict[Path, str] = {}
    before: dict[Entry, bytes] = {}
    folders: dict[Path, OSError | None] = {}
    for part in parts:
        if stopped():
            problems |= {change.path: STOPPED for change, _ in part}
        else:
            problems |= _staged(part, rest, before, folders)
    try:
        run.set_ready({item: old for item, old in before.items() if not problems[item.path]})
    except OSError as error:
        return dict.fromkeys(problems, _reason(error, "the journal could not be written"))
    return problems


def _staged(
    part: Part, rest: str, before: dict[Entry, bytes], folders: dict[Path, OSError | None]
) -> dict[Path, str]:
    """Write the temporary files of a group; return the problem of each file."""
    try:
        for change, entry in part:
            found = _check(change)
            if found is not None:
                before[entry], _ = found
            _probe(entry, folders)
            if change.after is not None:
                staging.stage(
                    change.path, change.content(), entry.temporary, existed=found is not None
                )
    except (OSError, Refused, MovedError) as error:
        staging.discard(entry for _, entry in part)
        return _blamed(part, change, error, rest)
    return {change.path: "" for change, _ in part}


def _probe(entry: Entry, folders: dict[Path, OSError | None]) -> None:
    """Look at the folder of a file, once, before anything is left in it. Raises OSError."""
    folder = entry.path.parent
    if folder not in folders:
        folders[folder] = None
        try:
            staging.probe(entry.temporary)
        except OSError as error:
            folders[folder] = error
    problem = folders[folder]
    if problem is not None:
        raise problem


def _landed(part: Part, run: Run, rest: str) -> dict[Path, str]:
    """Rename the files of a group; return the problem of each, with all as it was where one has."""
    done: list[Entry] = []
    try:
        for change, entry in part:
            found = _check(change)
            staging.land(entry, None if found is None else found[1])
            done.append(entry)
    except (OSError, Refused, MovedError) as error:
        if entry.before and entry.after:  # an exchange has more than one step
            done.append(entry)
        _take_back(done, run)
        return _blamed(part, change, error, rest)
    try:
        return _looked(part, run, rest)
    except OSError:  # it is looked at again before the run ends
        return {change.path: "" for change, _ in part}


def _looked(part: Part, run: Run, rest: str) -> dict[Path, str]:
    """Look at what the renames of a group displaced; see `_landed`.

    Raises OSError where it cannot be read, and HalfError.
    """
    problems = {
        change.path: staging.CHANGED if staging.is_overtaken(entry) else ""
        for change, entry in part
    }
    if any(problems.values()):
        _take_back([entry for _, entry in part], run)
        return {path: why or rest for path, why in problems.items()}
    return problems


def _take_back(done: Sequence[Entry], run: Run) -> None:
    """Give files back what they held. Raises HalfError."""
    try:
        for entry in done:
            staging.restore(entry, run)
    except (OSError, JournalError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise HalfError(f"{HALF} ({why})") from None


def _blamed(part: Part, change: Change, error: Exception, rest: str) -> dict[Path, str]:
    """Return the problem of each file of a group that is left as it was, because of one of them."""
    why = _reason(error) if isinstance(error, OSError) else str(error)
    return {item.path: why if item is change else rest for item, _ in part}


def _end(run: Run, problems: Mapping[Path, str], half: Collection[int]) -> dict[Path, str]:
    """Note how a run ended, and tidy up; return what must be left beside its files, and why.

    Where that fails, or groups are `half` done, its mark stays, and the next command ends it.
    """
    left: dict[Path, str] = {}
    if half:
        staging.discard(entry for entry in run.entries if entry.group not in half)
        return left
    with contextlib.suppress(OSError, JournalError):
        left = staging.end(run, problems)
        journal.prune()
    return left


@contextlib.contextmanager
def _patient() -> Iterator[Callable[[], bool]]:
    """Put signals off until the block has ended; the function given tells whether one came."""
    came: list[int] = []
    before = {}
    with contextlib.suppress(ValueError):  # not in the main thread, where signals never come
        for number in SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, lambda given, _: came.append(given))
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def _reason(error: OSError, what: str = "could not be written") -> str:
    return f"{what}: {error.strerror or error}; it is as it was"
