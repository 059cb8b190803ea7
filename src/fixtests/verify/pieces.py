"""What a worker of Dask does for a run elsewhere: tests, in copies of a tree that it was sent.

Dask may start a task again, and a run may be killed or cut off while tests are running for it. So
they run only as long as the scheduler says that the run is alive and wants them, as it says
itself there by a variable.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from fixtests import __version__
from fixtests.files import user_folders
from fixtests.model import RunError
from fixtests.verify import archives, attempts, fitting
from fixtests.verify.attempts import Attempt
from fixtests.verify.copies import Copy
from fixtests.verify.folders import Folder
from fixtests.verify.lease import Lease
from fixtests.verify.presets import Preset
from fixtests.verify.process import StoppedError
from fixtests.verify.runners import Place
from fixtests.verify.shards import Known
from fixtests.verify.trial import Outcome

BEAT = 1.0  # seconds between two questions to the scheduler
BROKEN = (OSError, RuntimeError, AttributeError)  # what is raised for a connection that is gone
KEPT = 1  # trees that are kept for a while though nobody uses them


@dataclass(frozen=True)
class Errand:
    """Something for a worker to do.

    `run` is the name of the variable and the topic of who asks for it, who has `version`. `lease`
    is for how many seconds one answer of the scheduler holds.
    """

    version: str
    run: str
    lease: float

    @property
    def misfit(self) -> str:
        """Why the worker that this is called on cannot know how it is done; empty where it can."""
        if self.version == __version__:
            return ""
        return f"has fixtests {__version__} instead of {self.version}"


@dataclass(frozen=True)
class Order(Errand):
    """Some tests to run in a tree in which some files are changed; without tests, nothing.

    `tree` is a digest of the tree, which is a copy of `root` there, `key` one of that and all else
    that its tests depend on.
    """

    key: str
    tree: str
    root: Path
    preset: Preset
    timeout: float
    files: Mapping[str, bytes] = field(default_factory=dict)
    tests: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What came of an order: all that is known of its tests, or why nothing is.

    The worker `lacks` something, or the tree, or was told to stop, or lost touch.
    """

    attempts: tuple[Attempt, ...] = ()
    lacks: str = ""
    has_tree: bool = True
    is_stopped: bool = False


def answer(piece: str, order: Order, archive: bytes | None = None) -> Reply:
    """Carry out an order of a name of its own; the archive holds the tree, if it is given."""
    if order.misfit:
        return Reply(lacks=order.misfit)
    try:
        with Line(piece, order) as line:
            return _serve(order, archive, line)
    except StoppedError:
        return Reply(is_stopped=True)
    except (RunError, OSError) as error:
        return Reply(lacks=str(error))


class Line:
    """The line from a worker to the run that it works for; a context manager.

    By it the worker says which tests have ended, and hears whether they are wanted any more.
    """

    def __init__(self, piece: str, order: Errand) -> None:
        import distributed

        self.lease = Lease(order.lease)
        self.stopping = threading.Event()
        self._worker = distributed.get_worker()
        self._variable = distributed.Variable(order.run, client=distributed.get_client())
        self._piece = piece
        self._run = order.run
        self._ended: list[tuple[str, str, float]] = []
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        """Begin to listen. Raises StoppedError where nobody wants anything."""
        threading.Thread(target=self._listen, daemon=True).start()
        if not self.lease.wait():
            self._closing.set()
            raise StoppedError
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._closing.set()
        self._tell()

    def note(self, test: str, outcome: Outcome) -> None:
        """Take note of a test that has ended."""
        self._ended.append((test, outcome.status.value, outcome.seconds))

    def _listen(self) -> None:
        """Keep the lease as long as the run is alive and wants the piece."""
        before, since = None, time.monotonic()
        while True:
            asked = time.monotonic()
            with contextlib.suppress(*BROKEN):  # who does not answer gives no leave
                number, wanted = self._variable.get(timeout=self.lease.seconds)
                if self._piece not in wanted:
                    self.lease.end()
                    self.stopping.set()
                    return
                if number != before:  # the run counts as long as it is alive
                    before, since = number, asked
                if asked - since < self.lease.seconds:
                    self.lease.renew(asked)
            self._tell()
            if self._closing.wait(BEAT):
                return

    def _tell(self) -> None:
        """Give a sign of life, with the tests that have ended since the last one."""
        number = len(self._ended)
        told, self._ended[:number] = self._ended[:number], []
        self._worker.log_event(self._run, [self._piece, told])


class _Tree:
    """A tree that was sent, the copies of it that tests run in, and how they do."""

    def __init__(self, folder: Path, archive: bytes, order: Order) -> None:
        self._folder = folder
        archives.unpack(archive, folder / "base")
        (self._base,) = (folder / "base").iterdir()
        self.preset = fitting.fitted(order.preset, self._base)
        self._free = [Copy(self._base, folder / "0")]
        self._made = 1
        self.used = 0
        if self._free[0].digest() != order.tree:
            raise RunError("cannot hold the tree as it is: names or modes of files are others")

    def take(self) -> Copy:
        """Return a copy for one piece of work."""
        self.used += 1
        if not self._free:
            self._free.append(Copy(self._base, self._folder / str(self._made)))
            self._made += 1
        return self._free.pop()

    def give_back(self, copy: Copy) -> None:
        """Have a copy for another piece of work."""
        self.used -= 1
        self._free.append(copy)

    def remove(self) -> None:
        """Remove it from the disk."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _Trees:
    """The trees that this process was sent, the one used last at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._trees: dict[str, _Tree] = {}
        self._folder: Folder | None = None
        self._count = 0

    @contextlib.contextmanager
    def copy(self, order: Order, archive: bytes | None) -> Iterator[tuple[Preset, Copy] | None]:
        """Lend a copy of the tree of an order, and how its tests run; None if it is not here."""
        with self._lock:
            if archive is not None and order.key not in self._trees:
                self._trees[order.key] = self._unpacked(order, archive)
            tree = self._trees.pop(order.key, None)
            if tree is not None:
                self._trees[order.key] = tree
                copy = tree.take()
        if tree is None:
            yield None
            return
        try:
            yield tree.preset, copy
        finally:
            with self._lock:
                tree.give_back(copy)

    def _unpacked(self, order: Order, archive: bytes) -> _Tree:
        if self._folder is None:
            self._folder = Folder(Path(user_folders.state()) / "verify")
            atexit.register(self._folder.close)
        for key in [key for key, tree in self._trees.items() if not tree.used][:-KEPT]:
            self._trees.pop(key).remove()
        self._count += 1
        folder = self._folder.path / str(self._count)
        try:
            return _Tree(folder, archive, order)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


_TREES = _Trees()


def _serve(order: Order, archive: bytes | None, line: Line) -> Reply:
    """Run the tests of an order. Raises StoppedError, RunError and OSError."""
    with _TREES.copy(order, archive) as found:
        if found is None:
            return Reply(has_tree=False)
        preset, copy = found
        limits = order.timeout, line.stopping, line.note, line.lease
        place = Place(copy.root, order.root, copy.root.parent, preset, *limits)
        done = attempts.attempts(place, copy, order.files, order.tests) if order.tests else ()
        return Reply(tuple(_plain(item) for item in done))


def _plain(attempt: Attempt) -> Attempt:
    """Return what a process has said in a form that can be sent."""
    return replace(attempt, hits={mark: dict(by) for mark, by in attempt.hits.items()})
