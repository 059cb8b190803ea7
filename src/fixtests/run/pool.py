"""Several processes for large runs: files in, results out in the order of the files.

The pool starts only where it pays. Workers get paths and give plain results
back; syntax trees never leave them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fixtests.cache import recorder
from fixtests.files.discover import Missing
from fixtests.model import FileResult, Status
from fixtests.run import one_file, workers
from fixtests.run.session import Session
from fixtests.tree.trail import Row

WORTHWHILE = 1_500_000  # bytes; below, one process is through before a second one has begun
CHUNK = 100_000  # bytes, the least that a process is given at once
EACH = 15_000  # what a file costs beside its size, in bytes
GUIDED = 1.5  # how much less than its share a process is given at once
MANY = 300_000  # bytes; below, keeping what was found takes as long as finding it out
Item = Path | Missing
One = Callable[[Session, Item], FileResult]
Found = tuple[FileResult, Sequence[Row]]  # a result, and what it was found from
Heard = tuple[dict[str, Any], dict[str, Any]]  # files and folders that were opened


def run(
    session: Session,
    files: Iterable[Item],
    seen: Callable[[float], None],
    *,
    jobs: int | None = None,
    one: One | None = None,
) -> Iterator[FileResult]:
    """Yield the result of each file, in order.

    `seen` is called after each, as they come, with the part of all work that it was. `jobs` is
    the number of processes, as many as there are processors by default. `one` is what gives the
    result of a file, where that is a script's.
    """
    files = list(files)
    sizes = [_size(item) for item in files]
    known = [session.results.earlier(item) if isinstance(item, Path) else None for item in files]
    left = [(item, size) for item, size, held in zip(files, sizes, known, strict=True) if not held]
    task = _Task(session, left, one or one_file.one, keeps=sum(sizes) >= MANY)
    found = _found(task, [size for _, size in left], jobs or processors(), seen)
    for held in known:
        if held is None:
            held, rows = next(found)
            if rows:
                session.results.remember(held, rows)
        else:
            seen(0)
        yield held
    for _ in found:  # there is none left, but processes that say what they have opened
        pass


def _found(
    task: _Task, sizes: Sequence[int], count: int, seen: Callable[[float], None]
) -> Iterator[Found]:
    """Yield the results of a task's files, given with their sizes, in order."""
    early: dict[int, Found] = {}
    following = 0
    whole = sum(sizes) + EACH * len(sizes)
    for at, found in _as_they_come(task, sizes, count):
        seen((sizes[at] + EACH) / whole)
        early[at] = found
        while following in early:
            yield early.pop(following)
            following += 1


def _as_they_come(task: _Task, sizes: Sequence[int], count: int) -> Iterator[tuple[int, Found]]:
    """Yield the number of each file with its result."""
    if not sizes or not hasattr(os, "fork"):
        yield from ((at, task.work(at)) for at in range(len(sizes)))
        return
    if count < 2 or sum(sizes) < WORTHWHILE:
        parts = [range(len(sizes))]
        task.alone = True
    else:
        parts = list(_chunks(sizes, count))
        task.read_ahead()
    yield from workers.run(task, parts, count)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


class _Task:
    """What each process does: it runs files, and lets go of what it has read when it is much.

    With `keeps`, what results were found from is given for all that a later run may take up;
    for failures in any case, since such a file may have taken long.
    """

    def __init__(
        self, session: Session, todo: Sequence[tuple[Item, int]], one: One, *, keeps: bool
    ) -> None:
        self._session = session
        self._todo = todo
        self._one = one
        self._keeps = keeps
        self.alone = False  # whether one process learns all there is to be learnt

    def read_ahead(self) -> None:
        """Read what all files need, so that processes to come share it."""
        self._session.read_ahead(item for item, _ in self._todo)

    def work(self, at: int) -> Found:
        item, size = self._todo[at]
        if isinstance(item, Path):
            self._session.make_room(item, size)
        return self._kept(item, self._one(self._session, item))

    def close(self) -> Heard:
        """Keep what was learnt of the roots where that is all, and return what was opened."""
        if self.alone:
            self._session.projects.keep()
        return recorder.active.heard() if recorder.active else ({}, {})

    def lost(self, at: int, reason: str, *, lasting: bool) -> Found:
        item, _ = self._todo[at]
        result = FileResult(_path(item), "", Status.FAILED, detail=reason, lasting=lasting)
        if isinstance(item, Path):
            self._session.start_over(item)
        return self._kept(item, result)

    def closed(self, told: Heard | None) -> None:
        if self.alone and told is not None:
            self._session.projects.leave()
        if recorder.active is None:
            return
        if told is None:
            recorder.active.complete = False
        else:
            recorder.active.add(told)

    def _kept(self, item: Item, result: FileResult) -> Found:
        """Return a result with what it was found from, where it is to be kept."""
        sound = result.status is not Status.FAILED and not result.faults
        wanted = result.lasting or (self._keeps and sound)
        if wanted and isinstance(item, Path) and self._session.results.are_kept:
            return result, self._session.results.rows(item)
        return result, ()
