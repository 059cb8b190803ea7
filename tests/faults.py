"""Faults of every kind in the middle of a run, and what must hold after each.

A run is a process of its own, forked off this one, in which a fault strikes at
one of its operations on files; these are counted from the moment it opens its
journal. A loss is a line of text.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import chain, combinations
from pathlib import Path

import warm
from conftest import fixed, module
from fixtests.write import staging

OPERATIONS = ("open", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir")
OPERATIONS += ("chmod", "chown")
SINGLES = 4  # files whose fix stands alone
NOUNS = ("volume", "server", "image")  # one test module each, in a root of files that share
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
WRITE = ("fix", "--quiet", "--jobs", "1", "--no-cache")
NEXT = ("runs",)
UNDO = ("undo",)
SETTINGS = ("FIXTESTS_STATE_DIR", "FIXTESTS_CACHE_DIR")


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code or minus the signal, what it said, what it did."""

    code: int
    text: str
    operations: tuple[str, ...] = ()


@dataclass
class Fault:
    """Something that happens right before an operation: the `at`-th, or each from then on."""

    at: int
    action: Callable[[], None]
    lasting: bool = False
    done: list[str] = field(default_factory=list)

    def meet(self, name: str, told: str) -> None:
        """Count an operation, and strike."""
        self.done.append(f"{name} {told}")
        now = len(self.done)
        if now == self.at or (self.lasting and now > self.at):
            self.action()


def kill() -> None:
    """End this process as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def sent(number: int) -> Callable[[], None]:
    """Return what sends a signal to this process."""
    return lambda: os.kill(os.getpid(), number)


def failing(number: int) -> Callable[[], None]:
    """Return what makes an operation fail."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


class Tree:
    """Test modules with one fixable finding each, in two roots of groups and one of singles."""

    def __init__(self, folder: Path, *, singles: int = SINGLES, large: int = 0) -> None:
        self.top = folder / "tree"
        self.state = folder / "state"
        self.cache = folder / "cache"
        self.before: dict[Path, bytes | None] = {}
        self.after: dict[Path, bytes] = {}
        self.groups: list[list[Path]] = []
        self.lines: dict[Path, dict[Path, bytes]] = {}  # of a shared module, by who needs them
        self._kept = folder / "kept"
        for number in range(singles):
            path = self.top / "alone" / "tests" / f"test_{number}.py"
            self.groups.append([path])
            rest = b"" if number else b"#\n" * large
            self.before[path], self.after[path] = module() + rest, fixed() + rest
        for root in ("one", "two"):
            self._share(self.top / root / "tests")
        self.reset()

    def _share(self, folder: Path) -> None:
        """Plan a root in which one fix spans several files; one of them is to be created."""
        constants = folder / "constants.py"
        names = [f"{noun}_id" for noun in NOUNS]
        uuids = {name: f"6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e1{at}" for at, name in enumerate(names)}
        self.before[constants] = None
        lines = self.lines[constants] = {}
        group = [constants]
        for name in sorted(names):
            path = folder / f"test_{name}.py"
            self.before[path] = module(uuids[name], name)
            used = self.before[path].replace(
                f"'{uuids[name]}'".encode(), f"constants.{name.upper()}".encode()
            )
            self.after[path] = used.replace(
                b"import unittest\n", b"import unittest\n\nfrom tests import constants\n"
            )
            lines[path] = f"{name.upper()} = '{uuids[name]}'\n".encode()
            group.append(path)
        self.after[constants] = b"".join(lines.values())
        self.groups.append(group)

    def reset(self) -> None:
        """Put all originals back, and forget all runs."""
        for folder in (self.top, self.state):
            self._clear(folder)
        for root, text in (("alone", "root = true\n"), ("one", SHARED), ("two", SHARED)):
            (self.top / root / "tests").mkdir(parents=True)
            (self.top / root / "tests" / "__init__.py").touch()
            (self.top / root / "fixtests.toml").write_text(text)
        for path, content in self.before.items():
            if content is not None:
                path.write_bytes(content)

    def put(self, name: str, make: Callable[[], object]) -> None:
        """Have the tree and its journal as something leaves them, which is done once."""
        kept = self._kept / name
        if not kept.exists():
            make()
            for folder in (self.top, self.state):
                shutil.copytree(folder, kept / folder.name, symlinks=True)
            return
        for folder in (self.top, self.state):
            self._clear(folder)
            shutil.copytree(kept / folder.name, folder, symlinks=True, dirs_exist_ok=True)

    @staticmethod
    def _clear(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for item in folder.iterdir():  # the folder itself may be a disk of its own
            if item.is_dir():
                shutil.rmtree(item)
            else:
                item.unlink()

    def environment(self) -> dict[str, str]:
        """Return the environment of a run on this tree."""
        own = dict(zip(SETTINGS, map(str, (self.state, self.cache)), strict=True))
        return {**os.environ, **own}

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a run as a user does."""
        return subprocess.Popen(
            [sys.executable, "-m", "fixtests", *arguments],
            cwd=self.top,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(
        self,
        *arguments: str,
        fault: Fault | None = None,
        prepare: Callable[[], object] = lambda: None,
    ) -> Ended:
        """Run the command line in a process forked off this one; `prepare` runs there first."""
        warm.load()
        read, write = os.pipe()
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            os.close(told)
            _child(self, arguments, fault or Fault(0, kill), prepare, write, tell)
        os.close(write)
        os.close(tell)
        with os.fdopen(read, "rb") as stream:
            said = stream.read().decode()
        with os.fdopen(told, "rb") as stream:
            operations = tuple(stream.read().decode().splitlines())
        _, status = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(status), said, operations)

    def now(self) -> dict[Path, bytes | None]:
        """Return what the files hold, None where there is no file."""
        return {path: path.read_bytes() if path.exists() else None for path in self.before}

    def landed(self) -> int:
        """Count the files that hold the result."""
        return sum(content == self.after[path] for path, content in self.now().items())

    def torn(self, spared: Path | None = None) -> list[str]:
        """Name the files that hold neither the original nor the result."""
        return [
            f"{path}: neither original nor result"
            for path, content in self.now().items()
            if content not in self._results(path) and path != spared
        ]

    def _results(self, path: Path) -> list[bytes | None]:
        """Return what a file may hold; a fix that is left out leaves its constant out."""
        lines = self.lines.get(path, {}).values()
        parts = chain.from_iterable(combinations(lines, count) for count in range(1, len(lines)))
        return [self.before[path], self.after[path], *map(b"".join, parts)]

    def halves(self, spared: Path | None = None) -> list[str]:
        """Name the groups that landed in part."""
        now, found = self.now(), []
        for constants, lines in self.lines.items():
            held = (now[constants] or b"").splitlines(keepends=True)
            wanted = {path: line in held for path, line in lines.items() if path != spared}
            has = {path: now[path] == self.after[path] for path in wanted}
            if has != wanted and constants != spared:
                found.append(f"{constants.parent}: a fix landed in part")
        return found

    def leftovers(self) -> list[str]:
        """Name the temporary files."""
        return [f"{path}: left over" for path in self.top.rglob(".fixtests-*")]

    def marks(self) -> list[str]:
        """Name the marks of runs that have not ended, or not taken all away."""
        return [f"{path}: run not ended" for path in (self.state / "open").glob("*")]

    def unsettled(self, spared: Path | None = None) -> list[str]:
        """Name what must not be once nothing runs: torn files, half groups, leftovers."""
        losses = [*self.torn(spared), *self.halves(spared), *self.leftovers()]
        return [*losses, *self.marks()]

    def changed(self) -> list[str]:
        """Name the files that do not hold the original."""
        now = self.now()
        return [f"{path}: not the original" for path in now if now[path] != self.before[path]]


def _child(
    tree: Tree,
    arguments: tuple[str, ...],
    fault: Fault,
    prepare: Callable[[], object],
    output: int,
    tell: int,
) -> None:
    """Be a run of the command line, with a fault; never returns."""
    code = 70
    try:
        from fixtests.cli import main as cli

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
        sys.stderr = os.fdopen(output, "w", buffering=1)
        os.chdir(tree.top)
        os.environ |= dict(zip(SETTINGS, map(str, (tree.state, tree.cache)), strict=True))
        sys.argv = ["fixtests", *arguments]
        _listen(fault, (str(tree.top), str(tree.state)))
        prepare()
        code = cli.outcome()
    except BaseException as error:  # whatever it is, the parent must hear of it
        if isinstance(error, KeyboardInterrupt):
            code = 130
        os.write(output, f"Traceback: {error!r}\n".encode())
    finally:
        os.write(tell, "\n".join(fault.done).encode("utf-8", "replace")[:60_000])
        os._exit(code)


def _listen(fault: Fault, folders: tuple[str, ...]) -> None:
    """Have each operation on files that changes something meet the fault first."""
    begun = []

    def wrapped(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def operate(*given: object, **named: object) -> object:
            target = str(given[0])
            if not begun and target == f"{folders[1]}/lock":
                begun.append(target)
            if begun and (name == "fsync" or target.startswith(folders)):
                fault.meet(name, target)
            return real(*given, **named)

        return operate

    for name in OPERATIONS:
        setattr(os, name, wrapped(name, getattr(os, name)))
    staging.exchange = wrapped("exchange", staging.exchange)  # type: ignore[assignment]
    io.open = wrapped("open", io.open)  # type: ignore[assignment]


def judged(tree: Tree, ended: Ended, codes: Collection[int], *, killed: bool = False) -> list[str]:
    """Return what a fault in a run lost; the next command ends that run, undo takes it back."""
    losses = tree.torn() if killed else answered(tree, ended)
    if ended.code not in codes:
        losses.append(f"exit code {ended.code}, not one of {codes}: {ended.text}")
    return [*losses, *settled(tree), *taken_back(tree)]


def answered(tree: Tree, ended: Ended) -> list[str]:
    """Return where a run that came to its end, or was told to stop, left or said the wrong."""
    losses = tree.torn()
    if not tree.marks():  # else the next command takes them away
        losses += tree.leftovers()
    if tree.halves() and "the next command does that" not in ended.text:
        losses += tree.halves()
    if "Traceback" in ended.text or "cannot write the output" in ended.text:
        losses.append(f"not an answer: {ended.text}")
    return losses


def exit_code(tree: Tree, ended: Ended, *, whole: bool) -> list[str]:
    """Return what is wrong with an exit code, given whether a run did all that it was to do."""
    if ended.code == 0 and not whole:
        return [f"exit code 0, though not all was done: {ended.text}"]
    if ended.code == 2 and whole and str(tree.state) not in ended.text:
        return [f"exit code 2, though all was done: {ended.text}"]
    return []


def settled(tree: Tree, spared: Path | None = None) -> list[str]:
    """Run the next command, and return what is not whole after it."""
    killed = [
        mark
        for mark in (tree.state / "open").glob("*")
        if (tree.state / "runs" / mark.name / "run.json").exists()
        and not (tree.state / "runs" / mark.name / "outcome.json").exists()
    ]
    ended = tree.run(*NEXT)
    losses = tree.unsettled(spared)
    if ended.code:
        losses.append(f"the next command ended with {ended.code}: {ended.text}")
    if killed and "was killed" not in ended.text:
        losses.append(f"the next command does not speak of the killed run: {ended.text!r}")
    return losses


def taken_back(tree: Tree) -> list[str]:
    """Undo the last run where it wrote anything; return what is not as it was."""
    losses = []
    if tree.changed():
        ended = tree.run(*UNDO)
        if ended.code:
            losses.append(f"undo ended with {ended.code}: {ended.text}")
    return [*losses, *tree.changed(), *tree.unsettled()]


def is_whole(tree: Tree) -> bool:
    """Tell whether every file holds the result."""
    return tree.landed() == len(tree.after)


def written(tree: Tree) -> None:
    """Have everything applied to a tree, without a fault."""
    tree.put("written", lambda: _write(tree))


def _write(tree: Tree) -> None:
    tree.reset()
    ended = tree.run(*WRITE)
    assert ended.code == 0, ended
    assert is_whole(tree)
