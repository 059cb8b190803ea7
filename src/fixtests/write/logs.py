"""Files of ours that live as long as something runs: what it prints, and that it does."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from fixtests.write import journal
from fixtests.write.journal import BusyError
from fixtests.write.outputs import OutputError


class Log:
    """A file that grows as something prints; a context manager, which begins it anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> Self:
        """Begin. Raises OutputError."""
        self._handle = _opened(self._path, os.O_WRONLY | os.O_APPEND | os.O_TRUNC)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        """End."""
        os.close(self._handle)

    def add(self, piece: bytes) -> None:
        """Add what was printed. Raises OSError."""
        while piece:
            piece = piece[os.write(self._handle, piece) :]


@contextlib.contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Be the only process that does something, of which a locked file says so.

    Raises BusyError where another one does it, OutputError where the file cannot be written.
    """
    handle = _opened(path, os.O_RDWR)
    try:
        if not journal.locked(handle):
            raise BusyError(f"{what} is running already ({path}); wait until it has ended")
        yield
    finally:
        os.close(handle)


def _opened(path: Path, how: int) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, how | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
