"""Pieces of a campaign on the workers of a Dask scheduler, which see the clones as we do.

They run by a lease, as tests do (see `verify/pieces.py`): when a worker is given up, nothing that
it was doing can run any more.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fixtests import __version__
from fixtests.campaign import piece as pieces
from fixtests.campaign.piece import Piece
from fixtests.model import RunError
from fixtests.verify.bench import ignore
from fixtests.verify.pieces import Errand, Line, Reply
from fixtests.verify.process import Ended, StoppedError
from fixtests.verify.scheduler import Asked, Scheduler, SchedulerError, silent
from fixtests.verify.slots import LostError, UnfitError

WAIT = 0.25  # seconds between two looks at whether all is to stop


@dataclass(frozen=True)
class PieceErrand(Errand):
    """A piece for a worker to do."""

    piece: Piece


@dataclass(frozen=True)
class PieceReply(Reply):
    """What came of a piece, None where a worker lacks something or was told to stop."""

    ended: Ended | None = None


class PieceError(RunError):
    """A piece of which nobody knows how it ended; the message names the worker."""


def answer(name: str, errand: PieceErrand, archive: Any = None) -> PieceReply:
    """Do a piece on a worker, as an errand of a name of its own."""
    piece = errand.piece
    if errand.misfit:
        return PieceReply(lacks=errand.misfit)
    for folder in (piece.clone, piece.log.parent, Path(piece.state)):
        if not folder.is_dir():
            return PieceReply(lacks=f"does not see {folder}, which it is to share with others")
    try:
        with Line(name, errand) as line:
            return PieceReply(ended=pieces.run(piece, line.stopping, line.lease))
    except StoppedError:
        return PieceReply(is_stopped=True)
    except (RunError, OSError) as error:
        return PieceReply(lacks=str(error))


@contextlib.contextmanager
def at(address: str, jobs: int, warn: Callable[[str], object]) -> Iterator[Workers]:
    """Lend the workers of a scheduler, each for so many pieces at a time. Raises SchedulerError."""
    with Scheduler(address, warn) as there:
        yield Workers(there, jobs)


class Workers:
    """The workers that there are; those in trouble are named once, and asked no more."""

    def __init__(self, there: Scheduler, jobs: int) -> None:
        self._there = there
        self._jobs = jobs
        self._changed = threading.Condition()
        self._alive: set[str] = set()
        self._free: dict[str, int] = {}  # pieces that each can be given
        self._troubles: dict[str, str] = {}
        self.look()
        self.machines = len(self._alive)

    def look(self) -> None:
        """See which workers there are. Raises SchedulerError where the scheduler is gone."""
        found = set(self._there.threads())
        with self._changed:
            self._alive = found
            for address in found - self._free.keys():
                self._free[address] = self._jobs
            self._changed.notify_all()

    def run(self, piece: Piece, stopping: threading.Event) -> Ended:
        """Run a piece to its end on a worker that can.

        Raises process.StoppedError when `stopping`, SchedulerError where no worker can, PieceError
        where one was lost meanwhile: it may be the piece that it died of.
        """
        while True:
            address = self._take(stopping)
            try:
                return self._ask(address, piece, stopping)
            except UnfitError as error:
                self._blame(address, str(error))
            except LostError as error:
                self._blame(address, str(error))
                raise PieceError(f"worker {address} {error}") from None
            finally:
                with self._changed:
                    self._free[address] += 1
                    self._changed.notify()

    def _take(self, stopping: threading.Event) -> str:
        """Wait for the turn on a worker."""
        with self._changed:
            while not stopping.is_set():
                able = self._alive - self._troubles.keys()
                if not able:
                    raise SchedulerError(self._why())
                address = max(able, key=lambda it: self._free[it])
                if self._free[address]:
                    self._free[address] -= 1
                    return address
                self._changed.wait(WAIT)
        raise StoppedError

    def _why(self) -> str:
        told = "".join(f"\n  {address} {why}" for address, why in self._troubles.items())
        return f"{self._there.address}: no worker can work on it{':' if told else ''}{told}"

    def _ask(self, address: str, piece: Piece, stopping: threading.Event) -> Ended:
        errand = PieceErrand(__version__, self._there.run, self._there.lease, piece)
        asked = Asked(ignore, stopping, partial(self._given_up, address))
        reply = self._there.ask(address, answer, errand, None, asked)
        if stopping.is_set():
            raise StoppedError
        if reply.lacks:
            raise UnfitError(reply.lacks)
        if not isinstance(reply, PieceReply) or reply.ended is None:
            raise LostError("lost touch with the scheduler")
        return reply.ended

    def _given_up(self, address: str, sign: float | None) -> str:
        """Return why nobody shall wait for a worker any more, if so."""
        is_there = address in self._alive
        return silent(sign, self._there.lease) if is_there else "was lost while it worked on it"

    def _blame(self, address: str, why: str) -> None:
        """Have a worker asked no more, and say so, once."""
        with self._changed:
            is_new = address not in self._troubles
            self._troubles.setdefault(address, why)
        if is_new:
            self._there.warn(f"warning: worker {address} {why}; it is given nothing more")
