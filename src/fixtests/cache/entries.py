"""Entries of the cache: JSON under a seal, saved in one step, the oldest let go.

They are read as data and never executed; whatever is not one of ours is as good
as none. This module imports little, so that an answer is given before anything
else is loaded.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from fixtests import __version__
from fixtests.cache import seal

FORM = 2
KEPT = 200  # entries
SIZE = 200_000_000  # bytes of all entries
AGE = 30 * 24 * 3600  # seconds that one is kept after it was made
WRITTEN = 3600  # seconds after which nobody writes an entry any more that is not finished
KINDS = (".json", ".known", ".tmp")
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def known(where: str, *about: str) -> dict[str, Any]:
    """Return what an entry says that is known about something, nothing where there is none."""
    try:
        told = load(_entry(where, about))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def keep(told: Mapping[str, Any], where: str, *about: str) -> None:
    """Save what is known about something, so far as the folder can be written."""
    with contextlib.suppress(OSError):
        save(_entry(where, about), json.dumps(told).encode())


def _entry(where: str, about: Sequence[str]) -> str:
    return os.path.join(where, f"{name(about)}.known")


def name(about: Sequence[Any]) -> str:
    """Return the name of the entry about something, as this state of the program has it."""
    told = [FORM, __version__, sys.version, _state_of_program(), *about]
    return digest(json.dumps(told).encode("utf-8", "surrogatepass"))


def load(entry: str) -> Any:
    """Return what an entry holds. Raises OSError and ValueError where that is none of ours."""
    if not os.path.isfile(entry):
        raise ValueError("no file")  # a pipe would never end
    with open(entry, "rb") as stream:
        told, _, body = stream.read().partition(b"\n")
    if seal.of(body).encode() != told:
        raise ValueError("the seal is another one")
    return json.loads(body)


@functools.cache
def _state_of_program() -> list[Any]:
    """Return the times of our own files, for those who change the program itself."""
    found = []
    for where, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(where, name))
            found.append((name, status.st_size, status.st_mtime_ns))
    return found


def digest(content: bytes) -> str:
    """Return what tells one content from others."""
    return hashlib.sha256(content).hexdigest()


def save(entry: str, body: bytes) -> None:
    """Put an entry in its place in one step, and let go of the oldest ones."""
    where = os.path.dirname(entry)
    os.makedirs(where, mode=0o700, exist_ok=True)
    unfinished = f"{entry}.{os.getpid()}.tmp"
    try:
        with open(unfinished, "wb") as stream:
            stream.write(seal.of(body).encode() + b"\n" + body)
        os.replace(unfinished, entry)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
    _prune(where)


def every(where: str) -> list[tuple[str, int, float]]:
    """Return the entries of a folder, the newest first: path, bytes, and when it was made.

    Others' files are none, nor is what a process may be writing just now. Raises OSError.
    """
    found = []
    with os.scandir(where) as listed:
        for item in listed:
            if item.name.endswith(KINDS) and len(item.name.partition(".")[0]) == 64:
                with contextlib.suppress(FileNotFoundError):  # another process has let go of it
                    status = item.stat()
                    unfinished = item.name.endswith(".tmp")
                    if not unfinished or time.time() - status.st_mtime > WRITTEN:
                        found.append((item.path, status.st_size, status.st_mtime))
    return sorted(found, key=lambda item: item[2], reverse=True)


def remove(path: str) -> None:
    """Let go of an entry; who reads it meanwhile has it open. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _prune(where: str) -> None:
    """Remove the oldest entries where they are too many, too large or too old."""
    total, now = 0, time.time()
    for number, (path, size, made) in enumerate(every(where)):
        total += size
        if number >= KEPT or total > SIZE or now - made > AGE:
            with contextlib.suppress(OSError):
                remove(path)
