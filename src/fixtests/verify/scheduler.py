"""A run's connection to a scheduler of Dask distributed, by which its workers run tests.

Dask starts a task again when its worker is lost, even where it is told not to, and does not say
whether what that had started has ended. So a worker may run tests only by a lease (see
`verify/pieces.py`): when that has ended for sure, somebody else is given the tests.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Self, TypeVar
from uuid import uuid4

from fixtests.model import RunError
from fixtests.verify import pieces
from fixtests.verify.heard import Watch
from fixtests.verify.pieces import Errand, Reply
from fixtests.verify.process import StoppedError
from fixtests.verify.slots import LostError
from fixtests.verify.trial import Outcome, Status

EXTRA = "pip install 'fixtests[distributed]'"
SILENCE = 4  # leases without a sign of life, after which a worker is believed to hang
LEASE = 15.0  # seconds that an answer of the scheduler holds for a worker
CONNECT = 10.0  # seconds to connect
ANSWER = 30.0  # seconds for the scheduler to answer anything
JOIN = 60.0  # seconds for a first worker to be there
GRACE = 5.0  # seconds for what is to end to have ended
LOOK = 0.25  # seconds between two looks at what is being waited for
Doing = TypeVar("Doing", bound=Errand)
Work = Callable[[str, Doing, Any], Reply]


class SchedulerError(RunError):
    """A scheduler that cannot be reached, or has no worker that can run tests."""


@dataclass
class Asked:
    """An order that a worker has, and who waits for it.

    `given_up` says, of the time of the last sign of life if there was one, why nobody shall wait
    any more; empty goes on. `stopping` ends all waiting.
    """

    watch: Watch
    stopping: threading.Event
    given_up: Callable[[float | None], str]
    name: str = field(default_factory=lambda: uuid4().hex)
    sign: float | None = None
    ended: SimpleQueue[tuple[str, Outcome]] = field(default_factory=SimpleQueue)

    def pass_on(self) -> None:
        """Tell who waits which tests have ended."""
        with contextlib.suppress(Empty):
            while True:
                self.watch(*self.ended.get_nowait())


def silent(sign: float | None, lease: float) -> str:
    """Say so where a worker hangs, by the time of its last sign of life if there was one."""
    longest = SILENCE * lease
    if sign is not None and time.monotonic() - sign > longest:
        return f"gave no sign of life for {longest:g} seconds"
    return ""


class Scheduler:
    """A connection; a context manager.

    `warn` is told which workers are not asked any more, and why.
    """

    def __init__(self, address: str, warn: Callable[[str], object]) -> None:
        self.address = address
        self.warn = warn
        self.lease = LEASE
        self.run = f"fixtests-{uuid4().hex}"
        self._asked: dict[str, Asked] = {}
        self._telling = threading.Lock()
        self._count = 0
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        """Connect, and wait for a first worker.

        Raises SchedulerError.
        """
        distributed = _distributed()
        try:
            self._client = distributed.Client(
                self.address, set_as_default=False, timeout=CONNECT, name="fixtests"
            )
        except (*pieces.BROKEN, ValueError, TypeError) as error:
            raise SchedulerError(
                f"{self.address}: no scheduler answers: {_said(error)}; start one"
                " by `dask scheduler`, and give its address to --scheduler"
            ) from None
        self._variable = distributed.Variable(self.run, client=self._client)
        self._client.subscribe_topic(self.run, self._hear)
        self._killed = distributed.KilledWorker
        try:
            self._tell()
            self._client.wait_for_workers(1, timeout=JOIN)
        except OSError:
            self._client.close()
            raise SchedulerError(
                f"{self.address}: has no worker; start some by `dask worker {self.address}`"
            ) from None
        threading.Thread(target=self._keep_telling, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect; what may still run ends by itself."""
        self._closing.set()
        with self._telling, contextlib.suppress(*pieces.BROKEN):
            self._variable.delete()
        self._client.close()

    def threads(self) -> dict[str, int]:
        """Return how many tasks each worker can do at a time, by address.

        Raises SchedulerError where the scheduler does not answer any more.
        """
        try:
            return dict(self._client.nthreads(callback_timeout=ANSWER))
        except pieces.BROKEN as error:
            raise SchedulerError(
                f"{self.address}: the scheduler is gone: {_said(error)}; what was"
                " found out is kept: run it again when there is one"
            ) from None

    def send(self, archive: bytes, address: str) -> Any:
        """Send bytes to a worker and return what stands for them in `ask`.

        Raises LostError where that is not possible.
        """
        try:
            (sent,) = self._client.scatter([archive], workers=[address], hash=False)
        except (*pieces.BROKEN, ValueError) as error:
            raise LostError(f"takes no files: {_said(error)}") from None
        return sent

    def ask(self, address: str, work: Work[Doing], order: Doing, archive: Any, by: Asked) -> Reply:
        """Have a worker carry out an order by the function `work`, and return what it replies.

        Raises LostError where the worker does not reply, when nothing of the order can run there
        any more, and StoppedError where `by` is told to stop, soon after.
        """
        self._asked[by.name] = by
        try:
            self._tell()
            future = self._client.submit(
                *(work, by.name, order, archive),
                key=f"fixtests-{by.name}",
                workers=[address],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )
            why = _followed(future, by)
        except pieces.BROKEN as error:
            raise LostError(f"cannot be asked: {_said(error)}") from None
        finally:
            self._take_back(by)
        self._wait_for_end(future, by)
        if self._has_replied(future):
            return _reply(future)
        if by.stopping.is_set():
            raise StoppedError
        raise LostError(why or "ended while it ran tests")

    def _wait_for_end(self, future: Any, by: Asked) -> None:
        """Wait until a worker has replied or cannot run anything any more, or for a while."""
        end = time.monotonic() + 2 * self.lease + GRACE
        while not self._has_replied(future) and time.monotonic() < end:
            if by.stopping.is_set():
                end = min(end, time.monotonic() + GRACE)
            time.sleep(LOOK)

    def _has_replied(self, future: Any) -> bool:
        """Tell whether it was the worker that brought a task to its end."""
        if future.status == "error":
            return not isinstance(future.exception(), self._killed)
        return bool(future.status == "finished")

    def _take_back(self, asked: Asked) -> None:
        """Take an order back, so that a worker that may still have it loses its lease."""
        del self._asked[asked.name]
        while True:
            with contextlib.suppress(*pieces.BROKEN):
                self._tell()
                return
            if asked.stopping.wait(pieces.BEAT):
                return

    def _tell(self) -> None:
        """Give all workers a sign of life, and tell them what is wanted from now on."""
        with self._telling:
            if self._closing.is_set():
                return
            self._count += 1
            self._variable.set([self._count, list(self._asked)], callback_timeout=ANSWER)

    def _keep_telling(self) -> None:
        while not self._closing.wait(pieces.BEAT):
            with contextlib.suppress(*pieces.BROKEN):
                self._tell()

    def _hear(self, event: tuple[float, tuple[str, list[tuple[str, str, float]]]]) -> None:
        """Take note of a worker's sign of life."""
        name, ended = event[1]
        asked = self._asked.get(name)
        if asked:
            asked.sign = time.monotonic()
            for test, status, seconds in ended:
                asked.ended.put((test, Outcome(Status(status), seconds)))


def _distributed() -> Any:
    """Return the library, which is told to be silent: we say what matters.

    Raises SchedulerError.
    """
    try:
        import distributed
    except ImportError:
        raise SchedulerError(f"--scheduler: Dask distributed is not installed: {EXTRA}") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return distributed


def _followed(future: Any, by: Asked) -> str:
    """Wait for the end of a task; return why nobody waited for it, if so."""
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    why = ""
    while not why and not done.wait(LOOK):
        by.pass_on()
        why = by.given_up(by.sign)
        if by.stopping.is_set():
            break
    by.pass_on()
    return why


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _reply(future: Any) -> Reply:
    """Return what a worker has replied. Raises LostError where it could not."""
    try:
        found = future.result()
    except Exception as error:  # of whatever the worker does not have
        return Reply(lacks=f"cannot run tests: {type(error).__name__}: {error}")
    return found if isinstance(found, Reply) else Reply(lacks="has another fixtests")
