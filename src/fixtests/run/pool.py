"""Several processes for large runs: files in, results out in the order of the files.

The pool starts only where it pays. Workers get paths and give plain results
back; syntax trees never leave them.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.cache.recorder import Recorder
from fixtests.files.discover import Missing
from fixtests.model import FileResult, Status
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree.trail import Row

if TYPE_CHECKING:
    from concurrent import futures

WORTHWHILE = 1_500_000  # bytes; below, one process is through before a second one has begun
CHUNK = 100_000  # bytes, the least that a process is given at once
EACH = 15_000  # what a file costs beside its size, in bytes
GUIDED = 1.5  # how much less than its share a process is given at once
ENOUGH = 3_000_000  # bytes of source whose trees a worker keeps before it lets them go
MANY = 300_000  # bytes; below, looking up what is known takes as long as finding it out
Item = Path | Missing
One = Callable[[Session, Item], FileResult]
Found = tuple[FileResult, Sequence[Row]]  # a result, and what it was found from
Done = tuple[list[Found], tuple[dict[str, Any], dict[str, Any]] | None]


recorder: Recorder | None = None  # notes what is opened, where that is to be kept


def run(
    session: Session,
    files: Iterable[Item],
    seen: Callable[[], None],
    *,
    jobs: int | None = None,
    one: One = one_file.one,
) -> Iterator[FileResult]:
    """Yield the result of each file, in order; `seen` is called after each.

    `jobs` is the number of processes, as many as there are processors by default. `one` is
    what gives the result of a file; only that of rules can be asked of a process that is no fork.
    """
    files = list(files)
    sizes = [_size(item) for item in files]
    keeps = session.results.are_kept and one is one_file.one and sum(sizes) >= MANY
    known = [
        session.results.earlier(item) if keeps and isinstance(item, Path) else None
        for item in files
    ]
    left = [(item, size) for item, size, held in zip(files, sizes, known, strict=True) if not held]
    found = _found(_Worker(session, keeps, one), left, jobs or processors())
    for held in known:
        if held is None:
            held, rows = next(found)
            if keeps:
                session.results.remember(held, rows)
        yield held
        seen()


def _found(worker: _Worker, todo: Sequence[tuple[Item, int]], count: int) -> Iterator[Found]:
    """Yield the results of files, given with their sizes, in order."""
    if count < 2 or sum(size for _, size in todo) < WORTHWHILE or not worker.can_be_many:
        for item, size in todo:
            yield worker.one(item, size)
    else:
        yield from _shared(worker, todo, count)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forks() -> bool:
    import multiprocessing

    return "fork" in multiprocessing.get_all_start_methods()


def _shared(worker: _Worker, todo: Sequence[tuple[Item, int]], count: int) -> Iterator[Found]:
    import multiprocessing
    from concurrent import futures

    fork = _forks()
    if recorder is not None:
        recorder.complete = fork
    context = multiprocessing.get_context("fork" if fork else "spawn")
    parts = [todo[part.start : part.stop] for part in _chunks([size for _, size in todo], count)]
    start = (worker if fork else worker.session.request, os.getpid())
    if fork:
        worker.session.read_ahead(item for item, _ in todo)
    with futures.ProcessPoolExecutor(count, context, _start, start) as executor:
        try:
            tasks = [executor.submit(_work, part) for part in parts]
            for part, task in zip(parts, tasks, strict=True):
                yield from _outcome(task, part)
        except BaseException:  # workers only read, so that they may end at any moment
            for child in multiprocessing.active_children():
                child.kill()
            raise


def _outcome(task: futures.Future[Done], part: Sequence[tuple[Item, int]]) -> list[Found]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        found, heard = task.result()
    except BrokenProcessPool:
        reason = "a worker process ended before it was through; try again with --jobs 1"
        return [(FileResult(_path(item), "", Status.FAILED, detail=reason), ()) for item, _ in part]
    if recorder is not None and heard is not None:
        recorder.add(heard)
    return found


def _path(item: Item) -> str:
    return str(item.path if isinstance(item, Missing) else item)


def _size(item: Item) -> int:
    try:
        return 0 if isinstance(item, Missing) else item.stat().st_size
    except OSError:
        return 0  # reading it says what is wrong


def _chunks(sizes: Sequence[int], count: int) -> Iterator[range]:
    """Divide files into runs of neighbours, large ones first, for a number of processes.

    Neighbours share what is known of their tree; small runs at the end let all
    processes be through at about the same time.
    """
    weights = [size + EACH for size in sizes]
    left = sum(weights)
    first = total = 0
    share = left / (count * GUIDED)
    for at, weight in enumerate(weights):
        total += weight
        if total >= share:
            yield range(first, at + 1)
            left -= total
            first, total = at + 1, 0
            share = max(left / (count * GUIDED), CHUNK)
    if first < len(sizes):
        yield range(first, len(sizes))


class _Worker:
    """Runs files, and lets go of what it has read when that becomes too much."""

    def __init__(self, session: Session, keeps: bool, one: One = one_file.one) -> None:
        self.session = session
        self._keeps = keeps
        self._one = one
        self._read = 0
        self._root: Path | None = None

    @property
    def can_be_many(self) -> bool:
        """Whether other processes can do the same: forks always, others what rules do."""
        return self._one is one_file.one or _forks()

    def one(self, item: Item, size: int) -> Found:
        if isinstance(item, Path):
            root = self.session.configuration.root(item.parent)
            if self._read > ENOUGH or self._root not in (None, root):
                self.session.forget(item)
                self._read = 0
            self._root = root
        self._read += size
        result = self._one(self.session, item)
        if not self._keeps or not isinstance(item, Path) or result.status is Status.FAILED:
            return result, ()
        return result, self.session.results.rows(item)


_workers: list[_Worker] = []  # of this process: none in the first one, one in each other


def _start(given: _Worker | Request, first: int) -> None:
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    threading.Thread(target=_end_with, args=(first,), daemon=True).start()
    _workers.append(_Worker(Session(given), keeps=False) if isinstance(given, Request) else given)


def _end_with(first: int) -> None:
    """End this worker when the first process is gone, however it went."""
    while os.getppid() == first:
        time.sleep(0.5)
    os._exit(1)


def _work(part: Sequence[tuple[Item, int]]) -> Done:
    """Return the results of some files, and what has been opened so far."""
    (worker,) = _workers
    found = [worker.one(item, size) for item, size in part]
    return found, recorder.heard() if recorder else None
