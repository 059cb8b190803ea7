"""What ended work leaves in the state folder, found by its age and removed when that is asked for.

Nothing of it is needed: neither by an undo, nor by a campaign that goes on, nor by a series.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from fixtests.write import logs
from fixtests.write.journal import BusyError

AGE = 30 * 24 * 3600  # seconds
PRINTED = (".json", ".txt")  # what a campaign says of a clone; how far it is stands elsewhere
REPOSITORY = "repository"  # where the records of series say whose they are


def of_campaigns(state: Path) -> Iterator[Path]:
    """Yield what campaigns have printed that do not run, if it is old. Raises OSError."""
    for lock in sorted((state / "campaigns").glob("*/lock")):
        with contextlib.suppress(BusyError), logs.alone(lock, "this campaign"):
            for path in sorted(lock.parent.iterdir()):
                if path.suffix in PRINTED and _is_old(path):
                    yield path


def of_series(state: Path) -> Iterator[Path]:
    """Yield the records of series whose repository is gone, if all are old. Raises OSError."""
    for told in sorted((state / "series").glob(f"*/{REPOSITORY}")):
        place = told.read_text(encoding="utf-8", errors="surrogateescape")
        files = [path for path in sorted(told.parent.rglob("*")) if path.is_file()]
        if not Path(place).exists() and all(map(_is_old, files)):
            yield from files


def remove(path: Path) -> None:
    """Remove a file, and the folders above it that are empty then. Raises OSError."""
    path.unlink()
    with contextlib.suppress(OSError):  # another file is left in there
        path.parent.rmdir()
        path.parent.parent.rmdir()


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > AGE
