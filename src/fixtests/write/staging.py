"""Temporary files beside those that they replace: written, put in place, taken away."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from fixtests.write.journal import Entry, Run


def rename(entry: Entry) -> None:
    """Put a staged file in its place, or take away one that is not to be. Raises OSError."""
    if entry.after is None:
        entry.path.unlink()
    else:
        entry.temporary.replace(entry.path)


def restore(entry: Entry, run: Run) -> None:
    """Give a file back what it held before the run. Raises OSError and journal.JournalError."""
    if entry.before is None:
        entry.path.unlink(missing_ok=True)
    else:
        discard([entry])
        stage(entry.path, run.old(entry), entry.temporary, existed=entry.path.exists())
        entry.temporary.replace(entry.path)


def stage(path: Path, content: bytes, temporary: Path, *, existed: bool) -> None:
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


def discard(entries: Iterable[Entry]) -> bool:
    """Take temporary files away; tell whether none is left."""
    left = False
    for entry in entries:
        try:
            entry.temporary.unlink(missing_ok=True)
        except NotADirectoryError:
            continue
        except OSError:
            left = True
    return not left
