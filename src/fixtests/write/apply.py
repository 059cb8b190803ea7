"""The one writer: all is staged and journalled, then renamed; a group lands whole or not at all.

Signals wait until the file at hand is done. What a killed run left behind is
`recovery`'s.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.model import digest
from fixtests.plan.plan import MovedError, Plan, Write
from fixtests.text.source import read
from fixtests.write import journal, staging
from fixtests.write.journal import Change, Entry, Run

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
TOGETHER = "a file that the same fix needs could not be written"
ALL_OR_NOTHING = "not written, since another file of the run could not be; it is as it was"
STOPPED = "not written, since the run was interrupted; it is as it was"
HALF = "could not be given back what it held; the next command does that"


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was written."""

    path: Path
    problem: str = ""


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A file that must not be written, with the reason."""


class HalfError(Exception):
    """A group that could neither be written nor be given back what it held."""


def apply(
    plan: Plan, told: Mapping[str, Any], *, atomic: bool = False
) -> tuple[list[Outcome], int | None]:
    """Write a plan, and say of each of its files what became of it.

    A file that changed since it was read is left out first, so that the
    others' groups are written without it; with `atomic` nothing is written
    then. `told` goes into the journal. Returns the run's number, too, None
    where nothing was written. Raises journal.JournalError.
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
        written, number = _written(groups, told)
    return outcomes + written, number


def write(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any]
) -> tuple[list[Outcome], int | None]:
    """Make some changes of files, as `apply` does. Raises journal.JournalError."""
    with _alone():
        refused = _refused(groups)
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        whole = [group for group in groups if not any(item.path in refused for item in group)]
        rest = (item.path for group in groups if group not in whole for item in group)
        outcomes += [Outcome(path, TOGETHER) for path in rest if path not in refused]
        written, number = _written(whole, told)
    return outcomes + written, number


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Be the only one that writes, on files that no killed run has left half way."""
    with journal.lock():
        if any(not run.has_ended for run in journal.unfinished()):
            raise journal.JournalError("another run was killed meanwhile; run again to end it")
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


def _check(change: Change) -> bytes | None:
    """Look whether a file may be changed, and return what it holds. Raises Refused."""
    path = change.path
    try:
        inside = path.parent.resolve(strict=True).is_relative_to(change.root.resolve())
        content: bytes | None = read(path)
        status = path.lstat()
    except FileNotFoundError:
        if change.before is None and path.parent.is_dir():
            inside, content = path.parent.resolve().is_relative_to(change.root.resolve()), None
        else:
            raise Refused("vanished since it was read; run again") from None
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    if not inside:
        raise Refused(f"stands outside of {change.root}; it is left as it was")
    if content is None:
        return None
    if change.before is None:
        raise Refused("exists by now; run again")
    if digest(content) != change.before:
        raise Refused("changed since it was read; run again")
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is not a regular file")
    if status.st_nlink > 1:
        raise Refused(f"has {status.st_nlink} hard links, which a rename would part; copy it first")
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Refused("is read-only; make it writable (chmod u+w)")
    return content


def _written(
    groups: Sequence[Sequence[Change]], told: Mapping[str, Any]
) -> tuple[list[Outcome], int | None]:
    """Stage, journal and rename; on any failure the files of a group are as they were."""
    if not groups:
        return [], None
    with _patient() as stopped:
        run = journal.begin(groups, told)
        entries = iter(run.entries)
        parts = [[(change, next(entries)) for change in group] for group in groups]
        problems: dict[Path, str] = {}
        whole = clean = True
        try:
            kept: dict[Entry, bytes] = {}
            for part in parts:
                problem = _staged(part, kept) if not stopped() else STOPPED
                problems |= dict.fromkeys([change.path for change, _ in part], problem)
            run.set_ready({entry: old for entry, old in kept.items() if not problems[entry.path]})
        except OSError as error:
            problems = dict.fromkeys(problems, _reason(error, "the journal could not be written"))
        for part in parts:
            if stopped():
                problems |= {item.path: problems[item.path] or STOPPED for item, _ in part}
            if not any(problems[change.path] for change, _ in part):
                try:
                    problem = _landed(part, run)
                except HalfError as error:
                    problem, whole = str(error), False
                problems |= dict.fromkeys([change.path for change, _ in part], problem)
                if not whole:
                    continue
            clean &= staging.discard(entry for _, entry in part)
        for folder in {change.path.parent for part in parts for change, _ in part}:
            journal.sync(folder)
        if whole and clean:
            _end(run, {path: why for path, why in problems.items() if why})
    number = None if all(problems.values()) else run.number
    return [Outcome(path, problem) for path, problem in problems.items()], number


def _end(run: Run, problems: Mapping[Path, str]) -> None:
    """Note how a run ended; where that fails its mark stays, and the next command ends it."""
    with contextlib.suppress(OSError, journal.JournalError):
        if len(problems) == len(run.entries):
            run.drop()
        else:
            journal.end(run, problems)
            journal.prune()


def _staged(part: Sequence[tuple[Change, Entry]], kept: dict[Entry, bytes]) -> str:
    """Write the temporary files of a group; return why that was not possible."""
    try:
        for change, entry in part:
            old = _check(change)
            if old is not None:
                kept[entry] = old
            if change.after is not None:
                staging.stage(
                    change.path, change.content(), entry.temporary, existed=old is not None
                )
    except (OSError, Refused, MovedError) as error:
        staging.discard(entry for _, entry in part)
        return _reason(error) if isinstance(error, OSError) else str(error)
    return ""


def _landed(part: Sequence[tuple[Change, Entry]], run: Run) -> str:
    """Rename the files of a group; return why that was not possible, with all as it was."""
    done: list[Entry] = []
    try:
        for change, entry in part:
            _check(change)
            staging.rename(entry)
            done.append(entry)
    except (OSError, Refused) as error:
        try:
            for entry in done:
                staging.restore(entry, run)
        except (OSError, journal.JournalError) as second:
            why = second.strerror if isinstance(second, OSError) else second
            raise HalfError(f"{HALF} ({why})") from None
        return _reason(error) if isinstance(error, OSError) else str(error)
    return ""


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
