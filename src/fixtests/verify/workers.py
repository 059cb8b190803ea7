"""Slots on other machines: one for each thread of each worker that a scheduler of Dask knows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from fixtests import __version__
from fixtests.verify import archives, pieces, scheduler
from fixtests.verify.attempts import Attempt
from fixtests.verify.pieces import Order, Reply
from fixtests.verify.process import StoppedError
from fixtests.verify.runners import Place
from fixtests.verify.scheduler import Asked, Scheduler, SchedulerError, silent
from fixtests.verify.shards import Known
from fixtests.verify.slots import LostError, UnfitError

LOST = "was lost while it ran tests"
TRIES = 3  # times that a worker may lose touch while it runs the same tests


class Job:
    """What all pieces of work of a bench have in common; `base` is the tree that workers are sent.

    `order` is one without tests.
    """

    def __init__(self, scheduler: Scheduler, base: Place, tree: str, key: str) -> None:
        self.scheduler = scheduler
        self.base = base
        self.order = Order(
            version=__version__,
            run=scheduler.run,
            key=key,
            tree=tree,
            root=base.of,
            preset=base.preset,
            timeout=base.silence,
            lease=scheduler.lease,
        )

    @cached_property
    def archive(self) -> bytes:
        """The tree as bytes."""
        return archives.packed(self.base.copy)


def slots(connection: Scheduler, base: Place, tree: str, key: str) -> WorkerSlots:
    """Return slots for tests of a tree, as they run in its `base`.

    `tree` is a digest of it, `key` one of all that its tests depend on.
    """
    return WorkerSlots(Job(connection, base, tree, key))


@dataclass
class Worker:
    """One process that does so many pieces of work at a time, until it is in trouble."""

    address: str
    slots: list[WorkerSlot] = field(default_factory=list)
    trouble: str = ""
    has_tree: bool = False
    is_there: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)


class WorkerSlots:
    """Slots of the workers that there are at a time; those that are lost are named once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._workers: dict[str, Worker] = {}
        self._patient_until = 0.0

    def now(self) -> Sequence[WorkerSlot]:
        """Return the slots of all workers that can run the tests.

        Raises SchedulerError where each lacks something, or those that were lost are not replaced.
        """
        threads = self._job.scheduler.threads()
        for address in self._workers.keys() - threads.keys():
            self._workers.pop(address).is_there = False
            # What watches over a worker starts it again.
            self._patient_until = time.monotonic() + scheduler.JOIN
        for address, count in threads.items():
            worker = self._workers.setdefault(address, Worker(address))
            while len(worker.slots) < count:
                worker.slots.append(WorkerSlot(self._job, worker, len(worker.slots)))
        found = [
            it for worker in self._workers.values() if not worker.trouble for it in worker.slots
        ]
        if not found and time.monotonic() > self._patient_until:
            raise SchedulerError(self._why())
        return sorted(found, key=lambda slot: slot.number)  # each worker is to have its share

    def _why(self) -> str:
        address = self._job.scheduler.address
        if not self._workers:
            return f"{address}: has no worker any more; what was found out is kept: run it again"
        told = "".join(f"\n  {it.address} {it.trouble}" for it in self._workers.values())
        return f"{address}: no worker can run the tests:{told}"


class WorkerSlot:
    """Has one worker run tests."""

    def __init__(self, job: Job, worker: Worker, number: int) -> None:
        self.number = number
        self._job = job
        self._worker = worker

    def attempts(self, files: Mapping[str, bytes], tests: Sequence[Known]) -> Iterable[Attempt]:
        """Return what is known of some tests, all at once.

        Raises process.StoppedError, LostError and UnfitError.
        """
        order = replace(self._job.order, files=files, tests=tuple(tests))
        try:
            for _ in range(TRIES):
                self._bring()
                reply = self._ask(order)
                if reply.has_tree:
                    return reply.attempts
                self._worker.has_tree = False  # it was started again, or has had many others
            raise UnfitError(f"was without its files {TRIES} times")
        except LostError as error:
            self._blame(str(error))
            raise

    def _bring(self) -> None:
        """Send the tree to the worker, if nobody has.

        Raises UnfitError where the worker cannot run its tests.
        """
        worker = self._worker
        with worker.lock:
            if worker.trouble:
                raise UnfitError(worker.trouble)
            if not worker.has_tree:
                if not self._ask(self._job.order).has_tree:
                    archive = self._job.scheduler.send(self._job.archive, worker.address)
                    self._ask(self._job.order, archive)
                worker.has_tree = True

    def _ask(self, order: Order, archive: Any = None) -> Reply:
        """Return the reply of the worker; where it has lost touch, it is asked again."""
        base = self._job.base
        for _ in range(TRIES):
            if not self._worker.is_there:
                raise LostError(LOST)
            asked = Asked(base.watch, base.stopping, self._given_up)
            reply = self._job.scheduler.ask(
                self._worker.address, pieces.answer, order, archive, asked
            )
            if base.stopping.is_set():
                raise StoppedError
            if reply.lacks:
                raise UnfitError(reply.lacks)
            if not reply.is_stopped:
                return reply
        raise LostError(f"lost touch with the scheduler {TRIES} times")

    def _given_up(self, sign: float | None) -> str:
        """Return why nobody shall wait for the worker any more, if so."""
        return silent(sign, self._job.scheduler.lease) if self._worker.is_there else LOST

    def _blame(self, why: str) -> None:
        """Have the worker asked no more, and say so, once."""
        with self._worker.lock:
            is_new = not self._worker.trouble
            self._worker.trouble = self._worker.trouble or why
        if is_new:
            self._job.scheduler.warn(
                f"warning: worker {self._worker.address} {why}; its tests run elsewhere"
            )
