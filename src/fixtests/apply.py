"""The one writer: all is staged and journalled, then renamed; a group lands whole or not at all.

Signals wait until the file at hand is done. What a killed run left behind is
finished or taken back by `recover`.
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

from fixtests import journal
from fixtests.journal import Change, Entry, Run
from fixtests.model import digest
from fixtests.plan import MovedError, Plan, Write
from fixtests.source import read

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
TOGETHER = "a file that the same fix needs could not be written"
ALL_OR_NOTHING = "not written, since another file of the run could not be; it is as it was"
STOPPED = "not written, since the run was interrupted; it is as it was"


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was written."""

    path: Path
    problem: str = ""


@dataclass(frozen=True)
class Recovery:
    """What became of a run that had been killed; the numbers are those of files."""

    number: int
    written: int
    taken_back: int
    untouched: int
    changed: tuple[Path, ...]


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A file that must not be written, with the reason."""


def apply(
    plan: Plan, told: Mapping[str, Any], *, atomic: bool = False
) -> tuple[list[Outcome], int | None]:
    """Write a plan, and say of each of its files what became of it.

    A file that changed since it was read is left out first, so that the
    others' groups are written without it; with `atomic` nothing is written
    then. `told` goes into the journal. Returns the run's number, too, None
    where nothing was written. Raises journal.JournalError.
    """
    with journal.lock():
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
    with journal.lock():
        refused = _refused(groups)
        outcomes = [Outcome(path, problem) for path, problem in refused.items()]
        whole = [group for group in groups if not any(item.path in refused for item in group)]
        rest = (item.path for group in groups if group not in whole for item in group)
        outcomes += [Outcome(path, TOGETHER) for path in rest if path not in refused]
        written, number = _written(whole, told)
    return outcomes + written, number


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
                problem = _landed(part, run)
                problems |= dict.fromkeys([change.path for change, _ in part], problem)
            _discard(entry for _, entry in part)
        for folder in {change.path.parent for part in parts for change, _ in part}:
            journal.sync(folder)
        if all(problems.values()):
            run.drop()
        else:
            with contextlib.suppress(OSError):  # the mark stays, and the next command ends it
                run.end({path: why for path, why in problems.items() if why})
            journal.prune()
    number = None if all(problems.values()) else run.number
    return [Outcome(path, problem) for path, problem in problems.items()], number


def _staged(part: Sequence[tuple[Change, Entry]], kept: dict[Entry, bytes]) -> str:
    """Write the temporary files of a group; return why that was not possible."""
    try:
        for change, entry in part:
            old = _check(change)
            if old is not None:
                kept[entry] = old
            if change.after is not None:
                _stage(change.path, change.content(), entry.temporary, existed=old is not None)
    except (OSError, Refused, MovedError) as error:
        _discard(entry for _, entry in part)
        return _reason(error) if isinstance(error, OSError) else str(error)
    return ""


def _landed(part: Sequence[tuple[Change, Entry]], run: Run) -> str:
    """Rename the files of a group; return why that was not possible, with all as it was."""
    done: list[Entry] = []
    try:
        for change, entry in part:
            _check(change)
            _rename(entry)
            done.append(entry)
    except (OSError, Refused) as error:
        for entry in done:
            _restore(entry, run)
        return _reason(error) if isinstance(error, OSError) else str(error)
    return ""


def _rename(entry: Entry) -> None:
    if entry.after is None:
        entry.path.unlink()
    else:
        entry.temporary.replace(entry.path)


def _restore(entry: Entry, run: Run) -> None:
    """Give a file back what it held before the run. Raises OSError and journal.JournalError."""
    if entry.before is None:
        entry.path.unlink(missing_ok=True)
    else:
        _discard([entry])
        _stage(entry.path, run.old(entry), entry.temporary, existed=entry.path.exists())
        entry.temporary.replace(entry.path)


def _stage(path: Path, content: bytes, temporary: Path, *, existed: bool) -> None:
    """Write a temporary file beside a path, with the path's mode. Raises OSError."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        if existed:
            status = path.stat()
            with contextlib.suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
            temporary.chmod(stat.S_IMODE(status.st_mode))
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        os.fsync(stream.fileno())


def _discard(entries: Iterator[Entry] | Sequence[Entry]) -> None:
    for entry in entries:
        with contextlib.suppress(OSError):
            entry.temporary.unlink()


def save(path: Path, content: bytes) -> None:
    """Save a file of one's own, such as a plan, in one step. Raises journal.JournalError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _stage(path, content, temporary, existed=path.exists())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise journal.JournalError(f"{path}: cannot be written: {error.strerror}") from None


def recover() -> Iterator[Recovery]:
    """Finish or take back what runs left that were killed, and say what became of them.

    A fix that had landed in part is finished where its files are still staged,
    else taken back. Raises journal.JournalError.
    """
    if not journal.unfinished():
        return
    try:
        with journal.lock(patience=0):
            for run in journal.unfinished():
                if run.has_ended:
                    run.unmark()
                else:
                    yield _recovered(run)
    except journal.JournalError as error:
        if "another run" not in str(error):
            raise


def _recovered(run: Run) -> Recovery:
    groups: dict[int, list[Entry]] = {}
    for entry in run.entries if run.begun else ():
        groups.setdefault(entry.group, []).append(entry)
    problems: dict[Path, str] = {}
    taken_back = 0
    changed: list[Path] = []
    for part in groups.values():
        states = {entry: _state(entry) for entry in part}
        landed = [entry for entry in part if states[entry] == entry.after != entry.before]
        left = [entry for entry in part if states[entry] == entry.before]
        other = [entry for entry in part if entry not in (*landed, *left)]
        changed += [entry.path for entry in other]
        if landed and left and not other and all(map(_is_staged, left)):
            for entry in left:
                _rename(entry)
        elif landed and (left or other):
            for entry in landed:
                _restore(entry, run)
            taken_back += len(landed)
            problems |= dict.fromkeys((entry.path for entry in part), "taken back")
        elif left and not other:
            problems |= dict.fromkeys((entry.path for entry in part), "never written")
        _discard(part)
    for folder in {entry.path.parent for part in groups.values() for entry in part}:
        journal.sync(folder)
    total = sum(map(len, groups.values()))
    written = total - len(problems)
    if written:
        run.end(problems)
    else:
        run.drop()
    untouched = len(problems) - taken_back
    return Recovery(run.number, written - len(changed), taken_back, untouched, tuple(changed))


def _state(entry: Entry) -> str | None:
    """Return the digest of what a file holds now, None where there is none."""
    try:
        return digest(read(entry.path))
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


def _is_staged(entry: Entry) -> bool:
    try:
        return entry.after is None or digest(read(entry.temporary)) == entry.after
    except OSError:
        return False


@contextlib.contextmanager
def _patient() -> Iterator[Callable[[], bool]]:
    """Put signals off until the block has ended; the function given tells whether one came."""
    came: list[int] = []
    before = {}
    with contextlib.suppress(ValueError):  # not in the main thread, where signals never come
        for number in SIGNALS:
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
