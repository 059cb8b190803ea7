"""One clone's part of a campaign, in a process of its own: what it breaks, others do not feel."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from fixtests.files import interpreter
from fixtests.run.pool import processors
from fixtests.verify import process
from fixtests.verify.lease import Lease
from fixtests.verify.process import Ended, Limits, Tail
from fixtests.write.logs import Log

NEVER = float("inf")  # seconds of silence


@dataclass(frozen=True)
class Piece:
    """A command of fixtests in a clone, which is not alone where more than one of `jobs` is done.

    What it prints goes into `log`; `state` is the folder for what it keeps.
    """

    clone: Path
    words: tuple[str, ...]
    jobs: int
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


def run(piece: Piece, stopping: threading.Event, lease: Lease | None = None) -> Ended:
    """Run a piece to its end, or until `stopping`; nothing of it outlives this process.

    With a `lease`, nothing outlives that either. Raises process.StoppedError then, and OutputError.
    """
    limits = Limits(lambda: None, lambda: False, NEVER, stopping, lease)
    with Log(piece.log) as log:
        return process.run(
            _command(piece), piece.clone, _surroundings(piece.state), limits, _Kept(log)
        )


def _command(piece: Piece) -> list[str]:
    """Return the command line of ours; modules of the clone cannot stand for others in it."""
    name, *rest = piece.words
    if piece.jobs > 1:
        rest.insert(0, f"--jobs={max(1, processors() // piece.jobs)}")
    return [interpreter.own(), "-P", "-m", "fixtests", name, *rest]


def _surroundings(state: str) -> dict[str, str]:
    """Return the environment, in which what begins at the current folder is still found."""
    found = {**os.environ, "FIXTESTS_STATE_DIR": state}
    for name in ("PYTHONPATH", "FIXTESTS_CACHE_DIR"):
        if os.environ.get(name):
            places = os.environ[name].split(os.pathsep)
            found[name] = os.pathsep.join(map(os.path.abspath, places))
    return found
