"""What an earlier run printed, given again as long as nothing that it looked at has changed.

An entry holds the answer of one command line and every file and folder that
was opened for it, with size and time of change; where those leave a doubt, the
content decides. Entries are JSON under a seal that only their owner can make,
read as data and never executed; whatever is not one of ours is as good as none.
This module imports little, so that an answer is given before anything else is
loaded.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fixtests import __version__
from fixtests.cache import seal
from fixtests.files import user_folders
from fixtests.tree.knowledge import FRESH, USED

FORM = 2
COMMANDS = ("check", "fix")
OTHERS = (
    *("apply", "baseline", "explain", "migrate", "plan", "plan-edit", "review"),
    *("rules", "runs", "undo"),
)
SURROUNDINGS = ("COLUMNS", "FORCE_COLOR", "LANG", "LC_ALL", "NO_COLOR", "PYTHONIOENCODING", "TERM")
KEPT = 200  # entries
SIZE = 200_000_000  # bytes of all entries
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMPILED = (".pyc", ".so", ".pyd")  # what the interpreter opens for itself
MARKERS = (".git", "pyproject.toml", "setup.cfg", "fixtests.toml")
Stamp = list[Any]  # size, time of change in ns, and where that time is fresh a digest


@dataclass(frozen=True)
class Answer:
    """What a run printed, in order, each part to stdout or to stderr, and its exit code."""

    parts: Sequence[tuple[bool, bytes]]
    code: int


def place(arguments: Sequence[str]) -> str | None:
    """Return where the entry of a command line is; None for one that may not have one.

    Only what writes nothing has one: `check` and dry runs.
    """
    command = arguments[0] if arguments and arguments[0] in (*COMMANDS, *OTHERS) else "fix"
    dry = "--dry-run" in arguments or "--diff" in arguments
    if "--no-cache" in arguments or command in OTHERS or (command == "fix" and not dry):
        return None
    if any(item.startswith(("-o", "--output-file")) for item in arguments):
        return None
    if "-" in arguments or not {"-h", "--help", "--version"}.isdisjoint(arguments):
        return None
    where = user_folders.cache()
    for at, word in enumerate(arguments):
        if word == "--cache-dir" and at + 1 < len(arguments):
            where = arguments[at + 1]
        elif word.startswith("--cache-dir="):
            where = word.partition("=")[2]
    words = [".", *(word for word in arguments if word[:1] != "-" and word != where)]
    try:
        where = os.path.realpath(where)
        if seal.distrust(where):
            return None
        named = [os.path.realpath(word) for word in words]
        if any(os.path.join(item, "").startswith(os.path.join(where, "")) for item in named):
            return None  # what is below the cache is not looked at
        told = [
            *(FORM, __version__, sys.version, _state_of_program(), os.getcwd(), list(arguments)),
            [os.environ.get(name) for name in SURROUNDINGS],
            [stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr)],
            named,
        ]
    except (OSError, ValueError):
        return None
    name = hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()
    return os.path.join(where, f"{name}.json")


@functools.cache
def _state_of_program() -> list[Any]:
    """Return the times of our own files, for those who change the program itself."""
    found = []
    for where, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(where, name))
            found.append((name, status.st_size, status.st_mtime_ns))
    return found


def read(entry: str) -> Answer | None:
    """Return the answer of an entry, None where it does not hold any more, or is no entry."""
    try:
        told = _load(entry)
        for path, stamp in told["files"]:
            if not _holds(path, stamp):
                return None
        for path, changed in told["folders"]:
            if os.stat(path).st_mtime_ns != changed:
                return None
        for path in told["absent"]:
            if os.path.exists(path):
                return None
        if told["listed"] != _listed(told["listed"]):
            return None
        parts = [(bool(error), text.encode("latin-1")) for error, text in told["parts"]]
        return Answer(parts, int(told["code"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def known(where: str, *about: str) -> dict[str, Any]:
    """Return what an entry says that is known about something, nothing where there is none."""
    try:
        told = _load(_entry(where, about))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def keep(told: Mapping[str, Any], where: str, *about: str) -> None:
    """Save what is known about something, so far as the folder can be written."""
    with contextlib.suppress(OSError):
        _save(_entry(where, about), json.dumps(told).encode())


def _entry(where: str, about: Sequence[str]) -> str:
    told = [FORM, __version__, sys.version, _state_of_program(), *about]
    return os.path.join(where, f"{_of(json.dumps(told).encode('utf-8', 'surrogatepass'))}.known")


def _load(entry: str) -> Any:
    """Return what an entry holds. Raises OSError and ValueError where that is none of ours."""
    if not os.path.isfile(entry):
        raise ValueError("no file")  # a pipe would never end
    with open(entry, "rb") as stream:
        told, _, body = stream.read().partition(b"\n")
    if seal.of(body).encode() != told:
        raise ValueError("the seal is another one")
    return json.loads(body)


def _listed(folders: Mapping[str, str]) -> dict[str, str]:
    """Return digests of what git lists below some folders now; ignore rules are many."""
    if not folders:
        return {}
    from fixtests.files import git

    return {path: _listing(git.ask(path)) for path in folders}


def _listing(names: bytes | None) -> str:
    """Return a digest of what git lists, empty where it refuses."""
    return "" if names is None else _of(names)


def _of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _holds(path: str, stamp: Stamp) -> bool:
    status = os.stat(path)
    size, changed, digest = stamp
    if status.st_size != size:
        return False
    if status.st_mtime_ns == changed and digest is None:
        return True
    return digest is not None and _digest(path) == digest


def _digest(path: str) -> str:
    with open(path, "rb") as stream:
        return _of(stream.read())


class Recorder:
    """Notes what a run opens, by the interpreter's own audit events."""

    def __init__(self, entry: str) -> None:
        self.entry = entry
        self._ours = (PACKAGE, os.path.dirname(entry), user_folders.state())
        inside = (os.path.join(folder, "") for folder in self._ours)
        self._others = (*inside, "/dev/")  # whose changes say nothing
        self.files: dict[str, tuple[int, int] | None] = {}
        self.folders: dict[str, int | None] = {}
        self.complete = True
        self._on = True
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            self._note(arguments[0], self.files)
        elif event == USED:
            files, folders = arguments
            self.files.update(files)
            self.folders.update(folders)
        elif event in ("os.scandir", "os.listdir"):
            self._note(arguments[0] if arguments[0] is not None else ".", self.folders)

    def _note(self, given: Any, found: dict[str, Any]) -> None:
        if isinstance(given, int):
            return
        path = os.path.abspath(os.fsdecode(given))
        if path in found or path in self._ours:
            return
        if path.endswith(COMPILED) or path.startswith(self._others):
            return
        try:
            status = os.stat(path)
        except OSError:
            found[path] = None
            return
        whole = (status.st_size, status.st_mtime_ns)
        found[path] = whole if found is self.files else status.st_mtime_ns

    def heard(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return files and folders that were opened, for another process to add to its own."""
        return self.files, self.folders

    def add(self, heard: tuple[dict[str, Any], dict[str, Any]]) -> None:
        """Add what another process has opened."""
        files, folders = heard
        self.files.update(files)
        self.folders.update(folders)

    def write(self, answer: Answer, listed: Mapping[str, bytes | None]) -> None:
        """Save an answer, unless something changed meanwhile or too shortly before to tell.

        `listed` is what git listed, by folder.
        """
        self._on = False
        if not self.complete:
            return
        with contextlib.suppress(OSError, ValueError):
            git = {path: _listing(names) for path, names in listed.items()}
            body = json.dumps({**self._told(answer), "listed": git}).encode()
            _save(self.entry, body)

    def _told(self, answer: Answer) -> dict[str, Any]:
        """Return what an entry says. Raises OSError and ValueError where there can be none."""
        now = time.time_ns()
        absent = {path for path, stamp in self.files.items() if stamp is None}
        files = []
        for path, stamp in self.files.items():
            if stamp is None:
                continue
            status = os.stat(path)
            if (status.st_size, status.st_mtime_ns) != stamp:
                raise ValueError(f"{path} changed during the run")
            fresh = now - status.st_mtime_ns < FRESH
            files.append((path, [*stamp, _digest(path) if fresh else None]))
        folders = {**self.folders}
        for above in {os.path.dirname(path) for path in (*self.files, *self.folders)}:
            while above not in folders and os.path.isdir(above):
                folders[above] = os.stat(above).st_mtime_ns
                if _marked(above) or not os.path.exists(os.path.join(above, "__init__.py")):
                    break
                above = os.path.dirname(above)
        for path in {os.path.dirname(path) for path in self.files}:
            absent.update(_absent(path))
        for path, changed in folders.items():
            if changed is None or now - os.stat(path).st_mtime_ns < FRESH:
                raise ValueError(f"{path} changed just now")
        return {
            "files": files,
            "folders": list(folders.items()),
            "absent": sorted(absent),
            "parts": [(error, data.decode("latin-1")) for error, data in answer.parts],
            "code": answer.code,
        }


def _marked(path: str) -> bool:
    """Tell whether a folder is a root."""
    return any(os.path.exists(os.path.join(path, name)) for name in MARKERS)


@functools.cache
def _absent(path: str) -> frozenset[str]:
    """Return the files that could make another root or configuration and that are not there."""
    names = [os.path.join(path, name) for name in MARKERS]
    here = frozenset(name for name in names if not os.path.exists(name))
    above = os.path.dirname(path)
    return here if above == path or len(here) < len(names) else here | _absent(above)


def _save(entry: str, body: bytes) -> None:
    """Put an entry in its place in one step, and let go of the oldest ones."""
    where = os.path.dirname(entry)
    os.makedirs(where, mode=0o700, exist_ok=True)
    unfinished = f"{entry}.{os.getpid()}.tmp"
    try:
        with open(unfinished, "wb") as stream:
            stream.write(seal.of(body).encode() + b"\n" + body)
        os.replace(unfinished, entry)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
    _prune(where)


def _prune(where: str) -> None:
    """Remove the oldest entries where they are too many or too large; others' files stay."""
    with os.scandir(where) as listed:
        entries = [
            (item.stat().st_mtime_ns, item.stat().st_size, item.path)
            for item in listed
            if item.name.endswith((".json", ".known", ".tmp"))
            and len(item.name.partition(".")[0]) == 64
        ]
    total = 0
    for number, (_, size, path) in enumerate(sorted(entries, reverse=True)):
        total += size
        if number >= KEPT or total > SIZE:
            with contextlib.suppress(OSError):
                os.unlink(path)
