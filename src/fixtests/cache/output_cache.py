"""What an earlier run printed, given again as long as nothing that it looked at has changed.

An entry holds the answer of one command line and every file and folder that
was opened for it (see `recorder`), with size and time of change; where those
leave a doubt, the content decides. This module imports little, so that an
answer is given before anything else is loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fixtests.cache import entries, seal
from fixtests.files import user_folders
from fixtests.plugins import installed

COMMANDS = ("check", "fix")
OTHERS = (
    *("apply", "baseline", "campaign", "clean", "commit", "explain", "lsp", "migrate", "new-rule"),
    *("plan", "plan-edit", "review", "rules", "runs", "series", "undo", "verify"),
)
# Options by which a run writes, runs tests, asks, tells of itself, or depends on what git says of
# commits.
UNKEPT = ("--output-file", "--verify", "--since", "--staged", "--interactive", "--verbose")
UNKEPT_LETTERS = frozenset("oiv")  # the short forms of these, alone or among others
SURROUNDINGS = ("COLUMNS", "FORCE_COLOR", "LANG", "LC_ALL", "NO_COLOR", "PYTHONIOENCODING", "TERM")
Stamp = list[Any]  # size, time of change in ns, and where that time is fresh a digest


class Answer(NamedTuple):
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
    if any(map(_is_unkept, arguments)):
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
        about = [
            *(os.getcwd(), list(arguments)),
            [os.environ.get(name) for name in SURROUNDINGS],
            [stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr)],
            named,
            installed.stamp(),
        ]
    except (OSError, ValueError):
        return None
    return os.path.join(where, f"{entries.name(about)}.json")


def _is_unkept(word: str) -> bool:
    """Tell whether a word of a command line holds an option whose answer is not kept."""
    letters = word[1:] if word[:1] == "-" and word[:2] != "--" else ""
    return word.startswith(UNKEPT) or not UNKEPT_LETTERS.isdisjoint(letters)


def read(entry: str) -> Answer | None:
    """Return the answer of an entry, None where it does not hold any more, or is no entry."""
    try:
        told = entries.load(entry)
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


def _listed(folders: Mapping[str, str]) -> dict[str, str]:
    """Return digests of what git lists below some folders now; ignore rules are many."""
    if not folders:
        return {}
    from fixtests.files import git

    return {path: listing(git.ask(path)) for path in folders}


def listing(names: bytes | None) -> str:
    """Return a digest of what git lists, empty where it refuses."""
    return "" if names is None else entries.digest(names)


def _holds(path: str, stamp: Stamp) -> bool:
    status = os.stat(path)
    size, changed, digest = stamp
    if status.st_size != size:
        return False
    if status.st_mtime_ns == changed and digest is None:
        return True
    return digest is not None and digest_of(path) == digest


def digest_of(path: str) -> str:
    """Return a digest of what a file holds. Raises OSError."""
    with open(path, "rb") as stream:
        return entries.digest(stream.read())
