"""Where the copies of a bench stand; those of one that was killed are removed by the next."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

LOCK = "lock"


class Folder:
    """A folder in the state folder, which is held as long as its process lives."""

    def __init__(self, state: Path) -> None:
        above = state / "copies"
        above.mkdir(parents=True, exist_ok=True)
        for left in sorted(above.iterdir()):
            _sweep(left)
        self.path = Path(tempfile.mkdtemp(prefix="", dir=above)).resolve()
        self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        _hold(self._lock)

    def close(self) -> None:
        """Remove the folder."""
        os.close(self._lock)
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep(left: Path) -> None:
    """Remove a folder that nobody holds any more; one without a lock is being made."""
    with contextlib.suppress(OSError):
        lock = os.open(left / LOCK, os.O_RDWR)
        try:
            _hold(lock)
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(lock)


def _hold(lock: int) -> None:
    """Hold a lock until its descriptor is closed.

    Raises OSError where another process holds it.
    """
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
