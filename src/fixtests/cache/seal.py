"""Whether what the cache holds may be believed: it is sealed with a key that is the user's alone.

This module imports little, so that an answer from the cache is given before
anything else is loaded.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os

from fixtests.files import user_folders

SIZE = 32  # bytes of the key
OTHERS = 0o022  # who else may write a folder: its group, and everybody
READERS = 0o077


def of(body: bytes) -> str:
    """Return the seal of an entry's body. Raises OSError where there is no key."""
    return hashlib.blake2b(body, key=_key(_place()), digest_size=SIZE).hexdigest()


def distrust(folder: str) -> str:
    """Return why a cache folder must not be used, with the remedy; empty where it may be.

    One that does not exist may be used: it is going to be the user's own.
    """
    try:
        status = os.stat(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        return f"{folder}: cannot be read: {error.strerror}; name another one with --cache-dir"
    else:
        if _is_foreign(status):
            return f"{folder}: belongs to another user; name another one with --cache-dir"
        if os.name == "posix" and status.st_mode & OTHERS:
            return f"{folder}: others may write it; run: chmod go-w {folder}"
    try:
        _key(_place())
    except OSError as error:
        return f"{_place()}: {error.strerror}; it is the key that the cache is sealed with"
    return ""


@functools.cache
def _key(place: str) -> bytes:
    """Return the user's key, made where there is none. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        return _read(place)
    _make(place)
    return _read(place)


def _place() -> str:
    return os.path.join(user_folders.state(), "key")


def _read(place: str) -> bytes:
    with open(place, "rb") as stream:
        status = os.fstat(stream.fileno())
        if _is_foreign(status):
            raise PermissionError(0, "belongs to another user; move it away", place)
        if os.name == "posix" and status.st_mode & READERS:
            raise PermissionError(0, f"others may read it; run: chmod 600 {place}", place)
        key = stream.read(SIZE + 1)
    if len(key) != SIZE:
        raise OSError(0, f"is no key of {SIZE} bytes; move it away", place)
    return key


def _make(place: str) -> None:
    """Make a key. Where two processes do so at once, entries under the lost one are found anew."""
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    unfinished = f"{place}.{os.getpid()}.tmp"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(os.urandom(SIZE))
        os.replace(unfinished, place)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)


def _is_foreign(status: os.stat_result) -> bool:
    return hasattr(os, "geteuid") and status.st_uid != os.geteuid()
