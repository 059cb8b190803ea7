"""Runs trials: the tests of a tree in which some files are changed, in working copies of it."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from fixtests.model import RunError
from fixtests.run.pool import processors
from fixtests.verify import runners, shards, workers
from fixtests.verify.asked import Asked
from fixtests.verify.attempts import Attempt
from fixtests.verify.copies import Copy
from fixtests.verify.folders import Folder
from fixtests.verify.heard import Watch
from fixtests.verify.in_place import InPlace
from fixtests.verify.presets import Preset
from fixtests.verify.runners import Place
from fixtests.verify.scheduler import Scheduler
from fixtests.verify.shards import Known
from fixtests.verify.slots import LocalSlot, LocalSlots, Slots
from fixtests.verify.store import Result, Store
from fixtests.verify.trial import Listing, Outcome, Ran, Status, Trial
from fixtests.verify.work import Piece, Work

UNKNOWN = Outcome(Status.MISSING, tail="The test was not listed.")


class BenchError(RunError):
    """A tree whose tests cannot be run."""


def ignore(test: str, outcome: Outcome) -> None:
    """Do nothing about a test that has ended."""


class Bench:
    """Runs tests in working copies of a tree, several at a time; a context manager.

    Its results are kept in the state folder: what a killed run has found out answers the same
    question of the next one. There are as many slots as processors, where nobody says; a process
    in which for `timeout` seconds no test begins or ends is ended. With a `scheduler`, tests are
    only listed here, and its workers run them. With `in_place` there is one slot, and no copy: the
    tree itself is changed for each run and put back after it. Whoever asks for that is the only one
    that writes (`writer.alone`).
    `runs` counts the processes that ran tests, `executions` the tests that these ran, `resumed`
    the tests whose results were known. `watch` is called for each test that ends, by a thread.
    """

    def __init__(
        self,
        root: Path,
        preset: Preset,
        state: Path,
        slots: int | None = None,
        timeout: float = 300.0,
        watch: Watch = ignore,
        *,
        scheduler: Scheduler | None = None,
        in_place: bool = False,
    ) -> None:
        self.runs = self.executions = self.resumed = 0
        self._root = root.resolve()
        self._preset = preset
        self._state = state
        self._count = 1 if in_place else slots or processors()
        self._in_place = in_place
        self._timeout = timeout
        self._watch = watch
        self._stopping = threading.Event()
        self._counting = threading.Lock()
        self._known: dict[str, Known] = {}
        self._asked: set[str] = set()  # keys
        self._scheduler = scheduler

    def __enter__(self) -> Self:
        """Copy the tree.

        Raises BenchError where that is not possible.
        """
        if sys.platform == "win32":
            raise BenchError("tests are run on POSIX systems only: groups of processes are ended")
        try:
            self._folder = Folder(self._state)
        except OSError as error:
            raise BenchError(f"{self._state}: cannot be used: {error.strerror}") from None
        try:
            base = self._folder.path / "base"
            self._base = InPlace(self._root) if self._in_place else Copy(self._root, base)
            self._digest = self._base.digest()
            self._store = Store(self._state / "results.sqlite")
        except OSError as error:
            self._folder.close()
            what = "read" if self._in_place else "copied"
            raise BenchError(f"{error.filename}: cannot be {what}: {error.strerror}") from None
        except BaseException:
            self._folder.close()
            raise
        own = [self._slot(number) for number in range(self._count)]
        self._first = own[0]
        self._slots: Slots = LocalSlots(own)
        if self._scheduler:
            place = self._place(self._base.root, self._folder.path)
            key = Trial({}, ()).key(self._digest, self._environment())
            self._slots = workers.slots(self._scheduler, place, self._digest, key)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End what runs and remove the copies."""
        self._stopping.set()
        self._store.close()
        self._folder.close()

    def forget(self) -> None:
        """Forget the results that were asked for: what they were needed for is done."""
        self._store.forget(self._asked)

    @property
    def base(self) -> str:
        """Return a digest of the tree as it was copied."""
        return self._digest

    @property
    def remedy(self) -> str:
        """Say what to do where tests tell nothing of the files that they run on, if anything."""
        return "" if self._in_place else "; --in-place runs tests in the tree itself"

    def tests(self, paths: Sequence[str]) -> Listing:
        """Return the tests of some files, by their paths relative to the root.

        Raises process.StoppedError where the bench is closed meanwhile.
        """
        place = self._first.place
        found: dict[str, Known] = {}
        failed: dict[str, str] = {}
        left = [sorted(set(paths))] if paths else []
        while left:
            now = left.pop()
            with self._first.copy.changed({}):
                heard, ended = runners.listed(place, now)
            for test, via in heard.tests:
                inner = place.relative(test.path) or place.relative(via)
                known = Known(replace(test, path=inner), place.relative(via))
                found.setdefault(test.id, known)
            failed |= {place.relative(path): it.tail for path, it in heard.broken.items()}
            left += _again(now, place.relative(heard.loading), heard.is_done, failed, ended.output)
        self._known |= found
        return Listing(tuple(known.test for known in found.values()), failed)

    def run(
        self, trials: Sequence[Trial], expect: Callable[[int], None] = lambda number: None
    ) -> list[Ran]:
        """Return what comes of some trials, in their order.

        Their tests are such as `tests` returned; others are missing. A test that is asked for
        and was not seen is missing, whatever its process says in the end. `expect` is told first
        how many tests are to run: those that are not known.

        Raises process.StoppedError where the bench is closed meanwhile, and ValueError for a file
        that leads out of the tree.
        """
        asked = [self._ask(trial) for trial in trials]
        expect(sum(len(item.left) for item in asked))
        busy = sum(bool(item.left) for item in asked)
        slots = len(self._slots.now()) if busy else 1
        seconds = self._store.durations(str(self._root)) if busy else {}
        work = [
            (weight, Piece(item, piece))
            for item in asked
            for weight, piece in shards.divide(item.left, seconds, -(-slots // max(busy, 1)))
        ]
        work.sort(key=lambda job: -job[0])
        Work(self._slots, self._keep, self._stopping).do([piece for _, piece in work])
        return [item.ran() for item in asked]

    def _ask(self, trial: Trial) -> Asked:
        """Return a trial with what is known of it."""
        key = replace(trial, tests=()).key(self._digest, self._environment())
        self._asked.add(key)
        asked = Asked(trial, key, self._store.find(key, trial.tests))
        self.resumed += len(asked.results)
        for name in dict.fromkeys(trial.tests):
            if name in self._known and name not in asked.results:
                asked.left.append(self._known[name])
            elif name not in self._known:
                asked.results[name] = Result(UNKNOWN)
        return asked

    def _environment(self) -> str:
        """Return what else the outcome of a test depends on."""
        preset = self._preset
        told = (preset.name, preset.command, preset.tops, sorted(preset.environment.items()))
        text = repr((told, preset.interpreter.digest, self._timeout, self._in_place))
        return hashlib.sha256(text.encode()).hexdigest()

    def _keep(self, asked: Asked, attempt: Attempt) -> None:
        """Take note of what came of tests."""
        results = asked.results_of(attempt)
        self._store.keep(str(self._root), asked.key, results)
        with self._counting:
            asked.results |= results
            self.runs += 1
            self.executions += len(results)

    def _slot(self, number: int) -> LocalSlot:
        """Return a slot here; its copy is made when it is needed."""
        folder, base = self._folder.path / str(number), self._base
        folder.mkdir(exist_ok=True)
        made = partial(Copy, base.root, folder)
        return LocalSlot(folder, (lambda: base) if isinstance(base, InPlace) else made, self._place)

    def _place(self, copy: Path, folder: Path) -> Place:
        """Return how tests run in a copy; `folder` is for what is ours."""
        limits = self._timeout, self._stopping, self._watch
        return Place(copy, self._root, folder, self._preset, *limits)


def _again(
    paths: Sequence[str], loading: str, is_done: bool, failed: dict[str, str], said: str
) -> list[list[str]]:
    """Return which files to list again after a process that may have ended in one of them."""
    if is_done:
        return []
    if loading in paths:
        failed[loading] = said
        rest = [path for path in paths if path != loading]
        return [rest] if rest else []
    if len(paths) == 1:
        failed[paths[0]] = said
        return []
    middle = len(paths) // 2
    return [list(paths[:middle]), list(paths[middle:])]
