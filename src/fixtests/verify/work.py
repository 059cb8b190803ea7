"""Has pieces of work done in slots, of which any may be lost; what it was doing, others do then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from fixtests.model import RunError
from fixtests.verify.asked import Asked
from fixtests.verify.attempts import Attempt
from fixtests.verify.shards import Known
from fixtests.verify.slots import LostError, Slot, Slots, UnfitError

LOOK = 1.0  # seconds between two looks at which slots there are
LOSSES = 3  # slots that may be lost with the same piece of work
Keep = Callable[[Asked, Attempt], object]


class WorkError(RunError):
    """Tests that whatever runs them does not outlive."""


@dataclass(frozen=True)
class Piece:
    """Tests of a trial that one slot runs, and how many slots were lost while they did."""

    asked: Asked
    tests: Sequence[Known]
    losses: int = 0

    def after(self, lost: LostError) -> Piece:
        """Return it for another slot.

        Raises WorkError where too many were lost with it: it may be what they died of.
        """
        losses = self.losses + (not isinstance(lost, UnfitError))
        if losses == LOSSES:
            raise WorkError(
                f"{losses} workers were lost while they ran {self.tests[0].test.id} and those after"
                " it; what was found out is kept: run it again without --scheduler"
            )
        return replace(self, losses=losses)


class Work:
    """Pieces of work, done in their order, as many at a time as there are slots.

    `keep` is called with all that is found out, by several threads; `stopping` ends it all.
    """

    def __init__(self, slots: Slots, keep: Keep, stopping: threading.Event) -> None:
        self._slots = slots
        self._keep = keep
        self._stopping = stopping
        self._left: SimpleQueue[Piece] = SimpleQueue()

    def do(self, pieces: Sequence[Piece]) -> None:
        """Do all.

        Raises RunError where no slot is left that can, and what any slot raises.
        """
        for piece in pieces:
            self._left.put(piece)
        busy: dict[Future[None], Slot] = {}
        with ThreadPoolExecutor(max(1, len(pieces)), "fixtests-slot") as threads:
            try:
                while busy or not self._left.empty():
                    idle = [it for it in self._slots.now() if it not in busy.values()]
                    for slot in idle[: self._left.qsize()]:
                        busy[threads.submit(self._serve, slot)] = slot
                    if not busy:
                        self._stopping.wait(LOOK)  # for others to come
                    for done in wait(busy, LOOK, FIRST_COMPLETED).done:
                        del busy[done]
                        done.result()
            except BaseException:
                self._stopping.set()
                raise

    def _serve(self, slot: Slot) -> None:
        """Do pieces in one slot until none is left, or the slot is lost."""
        while not self._stopping.is_set():
            try:
                piece = self._left.get_nowait()
            except Empty:
                return
            try:
                for attempt in slot.attempts(piece.asked.trial.files, piece.tests):
                    self._keep(piece.asked, attempt)
            except LostError as error:
                self._left.put(piece.after(error))
                return
