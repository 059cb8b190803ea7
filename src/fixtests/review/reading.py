"""The bytes of a review, out of a file, a pipe or a device, and no more of them than a limit."""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import stat
from pathlib import Path

from fixtests.model import RunError

PROSE = 2_000_000  # bytes; three hundred thousand words
SCAN = 30_000_000  # bytes; SARIF of every rule over all tests of nova has 19 million
SCANS = (".json", ".jsonl", ".sarif")
STDIN = "-"  # the standard input, as other commands have it
SILENCE = 600  # seconds without a byte, after which nothing more is waited for
CHUNK = 65_536  # bytes that are taken at once


class ReviewError(RunError):
    """A review that cannot be read; the message names file, place and remedy."""


def is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device, or stands for something that is open already."""
    if str(path) in (STDIN, "/dev/stdin") or str(path.parent) == "/dev/fd":
        return True
    try:
        return _flows(os.stat(path).st_mode)  # noqa: PTH116 - a name may hold anything
    except (OSError, ValueError):
        return False


def is_scan(path: Path, begun: bytes) -> bool:
    """Tell whether a review is what a tool wrote as JSON, by its name or by how it begins."""
    text = begun.removeprefix(codecs.BOM_UTF8).lstrip()
    return path.suffix.lower() in SCANS or text[:1] in (b"{", b"[")


def content(path: Path) -> bytes:
    """Return what a file, a pipe or a device holds.

    Raises ReviewError where that is too much, where it cannot be read, and
    where nothing comes for a long time.
    """
    how = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        number = os.dup(0) if str(path) == STDIN else os.open(path, os.O_RDONLY | how)
        with io.FileIO(number) as stream:
            status = os.fstat(stream.fileno())
            if not (stat.S_ISREG(status.st_mode) or _flows(status.st_mode)):
                raise OSError(errno.EINVAL, "is neither a file nor a pipe")
            return _limited(stream, path, status)
    except OSError as error:
        raise ReviewError(f"{path}: cannot be read: {error.strerror}") from None


def _limited(stream: io.FileIO, path: Path, status: os.stat_result) -> bytes:
    """Return what a file or a pipe holds, unless that is more than the limit of its kind."""
    flows = _flows(status.st_mode)
    if flows:
        os.set_blocking(stream.fileno(), True)
    found = bytearray()
    while part := _part(stream, path, flows):
        found += part
        limit = SCAN if is_scan(path, bytes(found[:CHUNK])) else PROSE
        size = 0 if flows else status.st_size
        if max(size, len(found)) > limit:
            told = f"{size:,} bytes" if size > limit else "more than that"
            raise ReviewError(
                f"{path}: reviews are read up to {limit:,} bytes, and this one has {told}; "
                "divide it, or leave out what it is not about"
            )
    return bytes(found)


def _part(stream: io.FileIO, path: Path, flows: bool) -> bytes:
    """Return the next bytes, none at the end; a pipe or a device is waited for."""
    if flows and not select.select([stream], [], [], SILENCE)[0]:
        raise ReviewError(
            f"{path}: nothing came for {SILENCE:,} seconds; save the review in a file"
        )
    return os.read(stream.fileno(), CHUNK)


def _flows(mode: int) -> bool:
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)
