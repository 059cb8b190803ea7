"""Files of the user's own that a run is to write: a report, a diff, a plan, a baseline.

A regular file is replaced in one step; what else stands at a path, such as a
device or a pipe, is written into and stays what it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from fixtests.model import RunError
from fixtests.write import staging

DESCRIPTORS = re.compile(r"/dev/fd|/proc/(?:self|thread-self|\d+)(?:/task/\d+)?/fd")
LINKS = 40  # how many are followed, as the system does


class OutputError(RunError):
    """A file that cannot be written; the message names it."""


def save(path: Path, content: bytes) -> None:
    """Write a file, in one step where it is a regular one. Raises OutputError."""
    try:
        place = _followed(path)
        if place is None or (place.exists() and not stat.S_ISREG(place.stat().st_mode)):
            with path.open("wb", buffering=0) as stream:
                _write(stream.fileno(), content)
        else:
            _replace(place, content)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None


def save_new(files: Mapping[Path, bytes]) -> None:
    """Write files that are not there yet, with the folders that they need. Raises OutputError."""
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(content)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None


def save_own(path: Path, content: bytes) -> None:
    """Write a file in the state folder, with the folders that it needs. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    save(path, content)


def _followed(path: Path) -> Path | None:
    """Return the path that links lead to, None where that is an open descriptor."""
    for _ in range(LINKS):
        if DESCRIPTORS.fullmatch(os.path.realpath(path.parent)):
            return None
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return path


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        staging.stage(path, content, temporary, existed=path.exists())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _write(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
