"""The one writer: temporary file, flush, rename; the files of one group together or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import digest
from fixtests.plan import Group, Plan, Write


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was written."""

    path: Path
    problem: str = ""


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A file that must not be written, with the reason."""


def apply(plan: Plan) -> list[Outcome]:
    """Write a plan, and say of each of its files what became of it.

    A file that changed since it was read is left out first, so that the
    others' groups are written without it.
    """
    outcomes: list[Outcome] = []
    refused: set[Path] = set()
    for write in plan.writes:
        try:
            _check(write)
        except Refused as error:
            refused.add(write.path)
            outcomes.append(Outcome(write.path, str(error)))
    if refused:
        plan = plan.without(refused)
    for group in plan.groups:
        if any(write.path in refused for write in group.writes):
            reason = "a file that the same fix needs could not be written"
            others = [write.path for write in group.writes if write.path not in refused]
            outcomes += [Outcome(path, reason) for path in others]
        else:
            outcomes += _apply_group(group)
    return outcomes


def _check(write: Write) -> None:
    """Look whether a file may be written. Raises Refused."""
    try:
        status = write.path.lstat()
        content = write.path.read_bytes()
    except FileNotFoundError:
        if write.before is None:
            return
        raise Refused("vanished since it was read; run again") from None
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    if write.digest != digest(content):
        raise Refused("changed since it was read; run again")
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is not a regular file")
    if status.st_nlink > 1:
        raise Refused(f"has {status.st_nlink} hard links, which a rename would part; copy it first")
    if not status.st_mode & 0o222 or not os.access(write.path, os.W_OK):
        raise Refused("is read-only; make it writable (chmod u+w)")


def _apply_group(group: Group) -> list[Outcome]:
    """Write the files of a group; on any failure every one of them is as it was."""
    staged: list[Path] = []
    done: list[Write] = []
    try:
        for write in group.writes:
            _check(write)
            staged.append(_stage(write.path, write.after, write.before is not None))
        for write, temporary in zip(group.writes, staged, strict=True):
            temporary.replace(write.path)
            done.append(write)
        for folder in {write.path.parent for write in group.writes}:
            _sync(folder)
    except BaseException as error:
        for write in done:
            _restore(write)
        for temporary in staged:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if not isinstance(error, OSError | Refused):
            raise
        reason = str(error) if isinstance(error, Refused) else _reason(error)
        return [Outcome(write.path, reason) for write in group.writes]
    return [Outcome(write.path) for write in group.writes]


def _stage(path: Path, content: bytes, existed: bool) -> Path:
    """Write a temporary file beside a path, with the path's mode. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=".fixtests-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if existed:
            status = path.stat()
            with contextlib.suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
            temporary.chmod(stat.S_IMODE(status.st_mode))
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _restore(write: Write) -> None:
    """Take a write back: the old bytes by the same way, or no file where there was none."""
    if write.before is None:
        write.path.unlink()
    else:
        _stage(write.path, write.before, existed=True).replace(write.path)


def _sync(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    return f"could not be written: {error.strerror or error}; it is as it was"
