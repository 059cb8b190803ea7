"""One clone's part of a campaign, in a process of its own: what it breaks, others do not feel."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.verify import process
from fixtests.verify.process import Ended, Limits, Tail
from fixtests.write.logs import Log

NEVER = float("inf")  # seconds of silence


@dataclass(frozen=True)
class Piece:
    """A command of fixtests in a clone; what it prints goes into `log`."""

    clone: Path
    words: tuple[str, ...]
    log: Path
    state: str


class _Kept(Tail):
    """Keeps all that a command prints in a file."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        self._lock = threading.Lock()

    def add(self, piece: bytes) -> None:
        with self._lock:
            super().add(piece)
            self._log.add(piece)


def run(piece: Piece, stopping: threading.Event) -> Ended:
    """Run a piece to its end, or until `stopping`; nothing of it outlives this process.

    Raises process.StoppedError then, and OutputError.
    """
    limits = Limits(lambda: None, lambda: False, NEVER, stopping)
    with Log(piece.log) as log:
        return process.run(
            command(piece.words), piece.clone, _surroundings(piece.state), limits, _Kept(log)
        )


def command(words: Sequence[str]) -> list[str]:
    """Return the command line of ours; modules of the clone cannot stand for others in it."""
    return [sys.executable, "-P", "-m", "fixtests", *words]


def _surroundings(state: str) -> dict[str, str]:
    """Return the environment, in which what begins at the current folder is still found."""
    found = {**os.environ, "FIXTESTS_STATE_DIR": state}
    for name in ("PYTHONPATH", "FIXTESTS_CACHE_DIR"):
        if os.environ.get(name):
            places = os.environ[name].split(os.pathsep)
            found[name] = os.pathsep.join(map(os.path.abspath, places))
    return found
