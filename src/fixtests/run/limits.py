"""How long one file may take: by the processor's time, and by the clock where it only waits.

Processor time is the same on a busy machine and on an idle one, so that no file fails
for what runs beside it.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, NoReturn

from fixtests.tree import patterns

PROCESSOR = 120.0  # seconds for one file, a hundred times what a large one takes
GRACE = 5.0  # seconds more, after which a process is ended that does not hear that it is late
CLOCK = 1200.0  # seconds for what waits: for a pipe, for a disk behind a network
TICKS = 20  # looks at the clock; a run that is stopped meanwhile, as by Ctrl-Z, loses one
IDLE = 0.01  # of the time between two looks; what works more than that does not wait
TOO_LONG = "takes more than {} seconds of processor time; exclude it, or split it up"
WAITED = (
    "not judged: {} minutes went by, nearly all of them without work: something that is read for"
    " it does not answer; try again, or exclude it"
)


class TooLong(BaseException):  # nobody may take it for an error of the file
    """A file that a hostile or odd text keeps the processor busy with, without end.

    `pattern` is the regular expression of a profile that did, empty for none.
    """

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


class Waited(BaseException):  # as above
    """A file for which nothing is done: what it waits for does not come."""


class Patience:
    """What is left of the time in which next to nothing is done.

    All times are processor times in seconds.
    """

    def __init__(self, used: float, ticks: int = 0) -> None:
        self._left = ticks or TICKS
        self._used = used

    def is_over(self, used: float) -> bool:
        """Look at the clock, given what is used so far; tell whether none is left."""
        if used - self._used < IDLE * CLOCK / TICKS:
            self._left -= 1
        self._used = used
        return self._left <= 0


def too_long() -> str:
    """Return why a file failed that took too much processor time."""
    return TOO_LONG.format(f"{PROCESSOR:g}")


def waited() -> str:
    """Return why a file was not judged that waited for too long."""
    return WAITED.format(f"{CLOCK / 60:g}")


@contextlib.contextmanager
def within() -> Iterator[None]:
    """Raise TooLong or Waited where a block goes on for too long, as far as Python code runs.

    Only the main thread can be told, and only where the system has such timers.
    """
    if not _can_tell():
        yield
        return
    patience = Patience(time.process_time())

    def stop(number: int, frame: Any) -> NoReturn:
        raise TooLong(patterns.running())

    def tick(number: int, frame: Any) -> None:
        if patience.is_over(time.process_time()):
            raise Waited

    before = signal.signal(signal.SIGPROF, stop), signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR)
    signal.setitimer(signal.ITIMER_REAL, CLOCK / TICKS, CLOCK / TICKS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGPROF, before[0])
        signal.signal(signal.SIGALRM, before[1])


@contextlib.contextmanager
def or_end() -> Iterator[None]:
    """End this process where a block goes on for longer than `within` lets it, in C code too.

    The system does so, by SIGVTALRM; somebody else has to notice.
    """
    if not _can_tell():
        yield
        return
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_VIRTUAL, PROCESSOR + GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def used_by(process: int) -> float:
    """Return the processor time of another process in seconds, 0 where the system does not say."""
    try:
        return time.clock_gettime(~process << 3 | 2)  # as Linux numbers the clocks of processes
    except (AttributeError, OSError):
        return 0.0


def _can_tell() -> bool:
    in_main = threading.current_thread() is threading.main_thread()
    return hasattr(signal, "setitimer") and in_main
