"""Files that must not be written, each with the reason; looked at right before it is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from fixtests.model import digest
from fixtests.text.source import read
from fixtests.write import staging
from fixtests.write.record import Change


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """A file that must not be written, with the reason."""


def refused(groups: Sequence[Sequence[Change]]) -> dict[Path, str]:
    """Return the files that must not be written, with the reasons."""
    found: dict[Path, str] = {}
    for group in groups:
        for change in group:
            try:
                check(change)
            except Refused as error:
                found[change.path] = str(error)
    return found


def check(change: Change) -> tuple[bytes, os.stat_result] | None:
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
