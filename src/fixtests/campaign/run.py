"""Does the orders of a campaign, several at a time, and leaves what stands as it was left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from enum import StrEnum

from fixtests.campaign import clones, piece
from fixtests.campaign.clones import CloneError, Seen
from fixtests.campaign.piece import Piece
from fixtests.campaign.progress import Done, Progress
from fixtests.campaign.recipe import Order, Recipe
from fixtests.files import user_folders
from fixtests.model import RunError
from fixtests.run.pool import processors
from fixtests.verify.process import Ended
from fixtests.write import logs, outputs

KILLED = 128  # and the number of a signal, as the code of what it ended
COMPLETE = (0, 1, 2)  # codes of runs that may have reported
ERROR = "error: "
Begun = Callable[[Order], object]


class Kind(StrEnum):
    """What a campaign has to say of a clone."""

    DONE = "done"
    AS_BEFORE = "as before"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What came of one order: what was done, or why it was not."""

    order: Order
    kind: Kind
    done: Done | None = None
    why: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether nothing failed, no file either."""
        return self.done is not None and not self.done.failed


class Runner:
    """Does the orders of a campaign; `begun` is called by threads when the work on one begins."""

    def __init__(self, recipe: Recipe, jobs: int, begun: Begun) -> None:
        self._recipe = recipe
        self._jobs = min(jobs, len(recipe.orders))
        self._begun = begun
        self._progress = Progress(recipe.state)
        self._stopping = threading.Event()

    def run(self) -> Generator[Outcome]:
        """Yield the outcome of each order as it comes; nothing runs any more at the end.

        Raises BusyError where the same campaign is running, and OutputError.
        """
        with (
            logs.alone(self._recipe.state / "lock", "this campaign"),
            ThreadPoolExecutor(self._jobs, "fixtests-clone") as threads,
        ):
            try:
                waiting = [threads.submit(self._serve, order) for order in self._recipe.orders]
                for item in as_completed(waiting):
                    yield item.result()
            finally:
                self._stopping.set()
                threads.shutdown(wait=True, cancel_futures=True)

    def _serve(self, order: Order) -> Outcome:
        """Return the outcome of one order; what is wrong with it does not stop the others."""
        try:
            seen = clones.look(order)
            before = self._progress.of(order)
            if before and before.is_still_so(order, seen):
                return Outcome(order, Kind.AS_BEFORE, replace(before, new=0))
            if seen.tip and seen.tip != (before and before.tip) and seen.series != order.words:
                raise CloneError(
                    f"{order.clone}: the branch {order.branch} was not made by this campaign;"
                    " rename it, or name another branch in the recipe"
                )
            self._begun(order)
            return self._do(order, seen)
        except (RunError, OSError) as error:
            return Outcome(order, Kind.FAILED, why=str(error))

    def _do(self, order: Order, seen: Seen) -> Outcome:
        """Do what an order says. Raises RunError and OSError."""
        report = order.report.with_name(f"{order.report.name}.json")
        outputs.save_own(report, b"")  # that of an earlier run is none of this one
        once = ["--refresh"] if seen.tip else []
        if self._jobs > 1:
            once.append(f"--jobs={max(1, processors() // self._jobs)}")
        name, *rest = order.words
        words = (name, f"--report={report}", *once, *rest)
        log = order.report.with_name(f"{order.report.name}.txt")
        began = time.monotonic()
        ended = piece.run(Piece(order.clone, words, log, user_folders.state()), self._stopping)
        if ended.code not in COMPLETE or not report.stat().st_size:
            return Outcome(order, Kind.FAILED, why=f"{_said(ended)} ({log})")
        done = Done.reported(order, seen, report, time.monotonic() - began)
        self._progress.keep(order, done)
        return Outcome(order, Kind.DONE, done)


def _said(ended: Ended) -> str:
    """Return why a run has failed, in its own words where it has some."""
    if ended.code > KILLED:
        return f"its process was ended by signal {ended.code - KILLED}"
    lines = [line for line in ended.output.splitlines() if line]
    said = [line.removeprefix(ERROR) for line in lines if line.startswith(ERROR)]
    return (said or lines or [f"its process ended with {ended.code} and said nothing"])[-1]
