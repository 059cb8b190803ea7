"""Files beside those that a run replaces: written, put in place, kept, taken away.

What a run displaces stays beside it until the run has ended, so that a save in the
same moment is found there and given back. `_replace` says what cannot be excluded.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from fixtests.model import digest
from fixtests.plan.plan import MovedError
from fixtests.text.source import read
from fixtests.write import journal
from fixtests.write.record import Entry, JournalError
from fixtests.write.run_folder import Run

CHANGED = "changed since it was read; run again"
VANISHED = "vanished since it was read; run again"
UNREADABLE = "unreadable"
REPLACED = (errno.EACCES, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENOTDIR, errno.EPERM)
FORBIDDEN = (errno.EPERM, errno.EACCES, errno.EROFS)  # what another attempt does not change
HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)


class HalfError(Exception):
    """A group that could neither be written nor be given back what it held."""


def held(path: Path) -> str | None:
    """Return the digest of what a file holds now, None where there is none. Raises OSError."""
    try:
        return digest(read(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in REPLACED:
            raise
        return UNREADABLE


def land(entry: Entry, found: os.stat_result | None) -> None:
    """Put a staged file in its place, or take one away; what was there stays as `kept`.

    `found` is what was seen there, None where there was nothing. Raises OSError, and
    MovedError where something else is there by now.
    """
    if found is None:
        _create(entry)
    elif entry.after is None:
        entry.path.replace(entry.kept)
    else:
        _replace(entry, found)


def _create(entry: Entry) -> None:
    try:
        os.link(entry.temporary, entry.path)  # a rename would replace what is there by now
    except FileExistsError:
        raise MovedError("exists by now; run again") from None
    except OSError:  # files cannot be linked here
        entry.temporary.replace(entry.path)


def _replace(entry: Entry, found: os.stat_result) -> None:
    """Replace a file by a staged one; both change names in one step, where the system can.

    A save after the last look is in what was displaced, then: it is seen there by
    identity, size and time, or later by its digest. What cannot be excluded: a
    program that has the file open and writes into it once the run has ended; where
    the system knows no exchange, a file that is renamed over the path in the
    microseconds between link and rename; and where files cannot be linked
    either, any save in that time.
    """
    try:
        os.link(entry.path, entry.kept)
        now = entry.kept.lstat()
    except FileNotFoundError:
        raise MovedError(VANISHED) from None
    except OSError:  # files cannot be linked here
        now = entry.path.lstat()
    if _identity(now) != _identity(found):
        entry.kept.unlink(missing_ok=True)
        raise MovedError(CHANGED)
    if not exchange(entry.temporary, entry.path):
        entry.temporary.replace(entry.path)
    elif _identity(entry.temporary.lstat()) != _identity(found):
        if not exchange(entry.temporary, entry.path):
            raise HalfError(CHANGED)
        raise MovedError(CHANGED)


def exchange(one: Path, other: Path) -> bool:
    """Have two files change names in one step; tell whether that can be done here.

    Raises MovedError where one of them has vanished.
    """
    call = _renameat2()
    if call is None:
        return False
    if not call(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE):
        return True
    if ctypes.get_errno() == errno.ENOENT:
        raise MovedError(VANISHED)
    return False


@cache
def _renameat2() -> Callable[..., int] | None:
    """Return the system's call, None where there is none, as anywhere but on Linux."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    """Return what tells a file and its state from others; the link itself sets the ctime."""
    of_file = (status.st_dev, status.st_ino, status.st_mode, status.st_uid, status.st_gid)
    return (*of_file, status.st_size, status.st_mtime_ns)


def is_overtaken(entry: Entry) -> bool:
    """Tell whether what a run displaced was saved after the last look. Raises OSError."""
    return entry.before is not None and held(_displaced(entry)) not in (None, entry.before)


def _displaced(entry: Entry) -> Path:
    """Return where the file is that a run displaced; it may be another one than it had linked."""
    try:
        if not entry.temporary.samefile(entry.kept):
            return entry.temporary
    except FileNotFoundError:
        pass
    return entry.kept


def restore(entry: Entry, run: Run) -> None:
    """Give a file back what was there before the run, unless it was changed since.

    Raises OSError and JournalError.
    """
    if held(entry.path) != entry.after:
        return
    if entry.before is None:
        entry.path.unlink(missing_ok=True)
    elif os.path.lexists(entry.kept):
        _displaced(entry).replace(entry.path)
    else:
        entry.temporary.unlink(missing_ok=True)
        stage(entry.path, run.old(entry), entry.temporary, existed=entry.path.exists())
        entry.temporary.replace(entry.path)


def give_back(entry: Entry, run: Run) -> bool:
    """Give a file back what was there before; tell whether it was, or was there already.

    It is not where it was changed since, in the same moment too: then it is left as it is. Raises
    OSError and JournalError.
    """
    state = held(entry.path)
    if state != entry.after:
        return state == entry.before
    if entry.before is None:
        entry.path.unlink(missing_ok=True)
        return True
    original = _displaced(entry)
    if held(original) != entry.before:
        entry.temporary.unlink(missing_ok=True)
        original = entry.temporary
        stage(entry.path, run.old(entry), original, existed=True)
    try:
        if not exchange(original, entry.path):
            original.replace(entry.path)
            return True
        if held(original) == entry.after:
            return True
        exchange(original, entry.path)
    except MovedError:
        pass
    return False


def probe(temporary: Path) -> None:
    """Look whether what is made in a folder can be taken away again. Raises OSError."""
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    try:
        temporary.unlink()
    except OSError as error:
        what = f"its folder lets no file be renamed or removed ({error.strerror})"
        raise OSError(error.errno, what) from None


def stage(path: Path, content: bytes, temporary: Path, *, existed: bool) -> None:
    """Write a temporary file beside a path, with the path's owner and mode. Raises OSError."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        if existed:
            status = path.stat()
            _give(temporary, path, status)
            temporary.chmod(stat.S_IMODE(status.st_mode))
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        os.fsync(stream.fileno())


def _give(temporary: Path, path: Path, status: os.stat_result) -> None:
    """Give a file the owner and the group of another one. Raises OSError."""
    try:
        os.chown(temporary, status.st_uid, status.st_gid)
    except PermissionError as error:
        made = temporary.stat()
        if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            raise PermissionError(error.errno, foreign(path)) from None


def is_foreign(path: Path, status: os.stat_result) -> bool:
    """Tell whether a new file could not be given the owner and the group of a file."""
    user = os.geteuid()
    groups = {os.getegid(), *os.getgroups(), path.parent.stat().st_gid}
    return user != 0 and (status.st_uid != user or status.st_gid not in groups)


def foreign(path: Path) -> str:
    """Return why a file is not replaced that would change hands."""
    status = path.lstat()
    try:
        owner = f"{path.owner()}:{path.group()}"
    except KeyError:
        owner = f"{status.st_uid}:{status.st_gid}"
    return f"belongs to {owner}, and a rename would take it over; run as its owner, in its group"


def discard(entries: Iterable[Entry]) -> dict[Path, OSError]:
    """Take away what lies beside the files of a run; return what cannot be, and why."""
    left = {}
    for entry in entries:
        for path in (entry.temporary, entry.kept):
            if os.path.lexists(path):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    left[path] = error
    return left


def end(run: Run, problems: Mapping[Path, str]) -> dict[Path, str]:
    """Note how a run ended, and close it. Raises OSError and JournalError.

    What it displaced is there until that is noted, or cannot be.
    """
    written = len(problems) < len(run.entries)
    try:
        if written or discard(run.entries):
            journal.end(run, problems)
    except (OSError, JournalError):
        discard(run.entries)
        raise
    return close(run, written=written)


def close(run: Run, *, written: bool) -> dict[Path, str]:
    """Take away what lies beside a run's files, and its mark; return what must stay, and why.

    A run that has `written` nothing is forgotten. Where another attempt may
    succeed the mark stays, and the next command makes it. Raises OSError and
    JournalError.
    """
    left = discard(run.entries)
    if all(error.errno in FORBIDDEN for error in left.values()):
        if written:
            run.unmark()
        else:
            run.drop()
    return {
        path: f"cannot be removed: {error.strerror}; remove it by hand"
        for path, error in left.items()
        if error.errno in FORBIDDEN
    }
