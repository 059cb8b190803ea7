"""Processes that work side by side, of which it is known what each one is at.

One that ends takes nothing along but the item that it was at: that is named, and
another process goes on behind it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import selectors
import signal
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from fixtests.report import faults
from fixtests.run import limits

LENGTH = struct.Struct("!Q")  # of a message, which follows
ORDER = struct.Struct("!QQ")  # a run of items: the first one and the one behind the last
DONE = ORDER.pack(0, 0)  # nothing is left to be done
ENDED = (
    "not judged: the process that worked on it was ended by {}, maybe for want of memory;"
    " try again with fewer --jobs"
)


class Task(Protocol):
    """What workers do: they are forked, and know all that the first process knew."""

    def work(self, at: int) -> Any:
        """Return the answer to an item, as data that can be pickled."""

    def close(self) -> Any:
        """Return what is to be known of the whole work of one process, when it is through."""

    def lost(self, at: int, reason: str, *, lasting: bool) -> Any:
        """Return the answer to an item that took its process along."""

    def closed(self, told: Any) -> None:
        """Take what a process gave when it was through; None where it was ended before."""


@dataclass(eq=False)
class _Worker:
    """One process, the pipes to and from it, the items that it has not answered."""

    number: int
    orders: int
    answers: int
    left: deque[int] = field(default_factory=deque)
    patience: limits.Patience = field(init=False)
    waits: bool = False  # for what never comes, so that nobody is to wait for it

    def __post_init__(self) -> None:
        self.wait_anew()

    def wait_anew(self) -> None:
        """Begin to wait; twice as long as a process does by itself that can hear of it."""
        self.patience = limits.Patience(limits.used_by(self.number), 2 * limits.TICKS)

    def order(self, part: range) -> None:
        """Give the process a run of items, or an empty one, with which it is through."""
        self.left.extend(part)
        with contextlib.suppress(BrokenPipeError):  # it has ended, which reading will tell
            os.write(self.orders, ORDER.pack(part.start, part.stop) if part else DONE)

    def receive(self) -> Any:
        """Return the next message. Raises EOFError where the process has ended."""
        (length,) = LENGTH.unpack(_exactly(self.answers, LENGTH.size))
        return pickle.loads(_exactly(self.answers, length))

    def end(self) -> int:
        """Let go of the process, which is about to end; return the signal that it ended by."""
        os.close(self.orders)
        os.close(self.answers)
        _, status = os.waitpid(self.number, os.WNOHANG if self.waits else 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def run(task: Task, parts: Sequence[range], count: int) -> Iterator[tuple[int, Any]]:
    """Yield the number of each item of some parts with its answer, as they come.

    At most `count` processes work, each on a part at a time. Raises what a worker raises, and
    OSError where no process can be made.
    """
    crew = _Crew(task, parts)
    try:
        for _ in range(min(count, len(parts))):
            crew.hire()
        yield from crew.answers()
    finally:
        crew.dismiss()


class _Crew:
    """The processes at work, and the parts that none of them has."""

    def __init__(self, task: Task, parts: Sequence[range]) -> None:
        self._task = task
        self._parts = deque(parts)
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []

    def hire(self) -> None:
        """Make a process, and give it a part."""
        below, orders = os.pipe()
        answers, above = os.pipe()
        first = os.getpid()
        number = os.fork()
        if not number:
            for other in self._workers:
                os.close(other.orders)
            os.close(orders)
            _serve(self._task, below, above, first)
        os.close(below)
        os.close(above)
        worker = _Worker(number, orders, answers)
        self._workers.append(worker)
        self._selector.register(answers, selectors.EVENT_READ, worker)
        worker.order(self._next())

    def answers(self) -> Iterator[tuple[int, Any]]:
        """Yield answers until all processes are through."""
        while self._workers:
            ready = self._selector.select(limits.CLOCK / limits.TICKS)
            for worker in () if ready else [*self._workers]:
                yield from self._look_at(worker)
            for key, _ in ready:
                yield from self._hear(key.data)

    def dismiss(self) -> None:
        """End the processes that are left: they only read, so that they may end at any moment."""
        for worker in self._workers:
            os.kill(worker.number, signal.SIGKILL)
            worker.end()
        self._workers.clear()
        self._selector.close()

    def _next(self) -> range:
        return self._parts.popleft() if self._parts else range(0)

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        """Yield what a process says; one that has ended is replaced."""
        try:
            kind, told = worker.receive()
        except EOFError:
            yield from self._bury(worker)
            return
        if kind == "raised":
            raise told
        if kind == "closed":
            self._task.closed(told)
            self._forget(worker)
            return
        yield worker.left.popleft(), told
        worker.wait_anew()
        if not worker.left:
            worker.order(self._next())

    def _bury(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        """Answer for the item that a process was at when it ended, and see to its others."""
        number = self._forget(worker)
        self._task.closed(None)
        if worker.left:
            at = worker.left.popleft()
            yield at, self._lost(at, number, waits=worker.waits)
        if worker.left:
            self._parts.appendleft(range(worker.left[0], worker.left[-1] + 1))
        if self._parts:
            self.hire()

    def _forget(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        self._selector.unregister(worker.answers)
        return worker.end()

    def _lost(self, at: int, number: int, *, waits: bool) -> Any:
        """Return the answer to an item whose process was ended, by a signal with a number."""
        if waits:
            return self._task.lost(at, limits.waited(), lasting=False)
        if number == signal.SIGVTALRM:
            return self._task.lost(at, limits.too_long(), lasting=True)
        by = signal.Signals(number).name if number else "itself"
        return self._task.lost(at, ENDED.format(by), lasting=False)

    def _look_at(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        """End a process that waits without end and hears no signal but the last one."""
        if worker.patience.is_over(limits.used_by(worker.number)):
            os.kill(worker.number, signal.SIGKILL)
            worker.waits = True
            yield from self._bury(worker)


def _serve(task: Task, orders: int, answers: int, first: int) -> NoReturn:
    """Work on what is ordered, in a process of its own, and end it."""
    try:
        gc.disable()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
        threading.Thread(target=_end_with, args=(first,), daemon=True).start()
        while (order := _exactly(orders, ORDER.size)) != DONE:
            for at in range(*ORDER.unpack(order)):
                with limits.or_end():
                    answer = task.work(at)
                _send(answers, "answer", answer)
        _send(answers, "closed", task.close())
    except EOFError:  # the first process is gone
        pass
    except BaseException as error:
        _send(answers, "raised", error)
    finally:
        os._exit(0)


def _send(answers: int, kind: str, told: Any) -> None:
    """Send a message; of an error that cannot be sent, what it says."""
    try:
        message = pickle.dumps((kind, told))
    except Exception as error:
        said = faults.described(told if isinstance(told, BaseException) else error)
        message = pickle.dumps(("raised", RuntimeError(said)))
    with contextlib.suppress(BrokenPipeError):
        view = memoryview(LENGTH.pack(len(message)) + message)
        while view:
            view = view[os.write(answers, view) :]


def _exactly(stream: int, size: int) -> bytes:
    """Return so many bytes. Raises EOFError where the other end is closed before."""
    found = bytearray()
    while len(found) < size:
        data = os.read(stream, size - len(found))
        if not data:
            raise EOFError
        found += data
    return bytes(found)


def _end_with(first: int) -> None:
    """End this process when the first one is gone, however it went."""
    while os.getppid() == first:
        time.sleep(0.5)
    os._exit(1)
