"""Where the copies of a bench stand; those of one that was killed are removed by the next."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

LOCK = "lock"
MADE = 3600.0  # seconds after which a folder without a lock is not being made any more


class Folder:
    """A folder in the state folder, which is held as long as its process lives."""

    def __init__(self, state: Path) -> None:
        above = state / "copies"
        above.mkdir(parents=True, exist_ok=True)
        for left in every(state):
            remove(left)
        self.path = Path(tempfile.mkdtemp(prefix="", dir=above)).resolve()
        self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        _hold(self._lock)

    def close(self) -> None:
        """Remove the folder."""
        os.close(self._lock)
        shutil.rmtree(self.path, ignore_errors=True)


def every(state: Path) -> list[Path]:
    """Return the folders that there are, held or not."""
    try:
        return sorted((state / "copies").iterdir())
    except OSError:
        return []


def is_held(folder: Path) -> bool:
    """Tell whether a process lives that uses a folder, or is about to."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return _is_being_made(folder)
    try:
        _hold(lock)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def remove(folder: Path) -> None:
    """Remove a folder that nobody holds any more."""
    with contextlib.suppress(OSError):
        if not (folder / LOCK).exists():
            if not _is_being_made(folder):
                shutil.rmtree(folder, ignore_errors=True)
            return
        lock = os.open(folder / LOCK, os.O_RDWR)
        try:
            _hold(lock)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _is_being_made(folder: Path) -> bool:
    """Tell whether a folder without a lock is so new that it may get one yet."""
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime < MADE
    return False


def _hold(lock: int) -> None:
    """Hold a lock until its descriptor is closed.

    Raises OSError where another process holds it.
    """
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
