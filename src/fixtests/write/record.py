"""The record of a run as data: its files, their groups and how it ended, each value checked.

A record that does not fit is an error that names its file, the place in it and
what to do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.model import RunError

FORM = 1
DIGEST = 64
BESIDE = ".fixtests-"  # how the names of files begin that lie beside those of a run
YEARS = 1e11  # seconds; what lies further off is no date


class JournalError(RunError):
    """A journal that cannot be written or read; the message says where and what to do."""


@dataclass(frozen=True)
class Change:
    """What becomes of one file: digests before and after, None where there is no file.

    `content` gives the new bytes.
    """

    path: Path
    root: Path
    before: str | None
    after: str | None
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Entry:
    """One file in the record of a run; the files of one group change together."""

    number: int
    path: Path
    root: Path
    before: str | None
    after: str | None
    temporary: Path
    group: int

    @property
    def kept(self) -> Path:
        """Where the file lies that a rename displaced, until the run has ended."""
        return self.temporary.with_suffix(".old")


def of(groups: Sequence[Sequence[Change]], number: int) -> list[dict[str, Any]]:
    """Return the record of the files of a run that is about to write."""
    token = os.urandom(4).hex()
    changes = [(at, item) for at, group in enumerate(groups) for item in group]
    return [
        {
            "path": str(item.path),
            "root": str(item.root),
            "before": item.before,
            "after": item.after,
            "temporary": str(item.path.with_name(f"{BESIDE}{number}-{token}-{count}.tmp")),
            "group": at,
        }
        for count, (at, item) in enumerate(changes)
    ]


def loaded(path: Path) -> dict[str, Any]:
    """Return what a file of a run's folder says. Raises JournalError."""
    try:
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise unfit(path, f"is no record of a run ({error})") from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise unfit(path, "is a record of another version of fixtests")
    return told


def unfit(path: Path, what: str) -> JournalError:
    """Return the error for a file of a run's folder that is not as it must be."""
    return JournalError(f"{path}: {what}; restore it, or move {path.parent} away")


def of_run(path: Path) -> dict[str, Any]:
    """Return what a run said when it began, its files aside. Raises JournalError."""
    told = loaded(path)
    if type(told.get("time")) not in (int, float) or not abs(told["time"]) < YEARS:
        raise unfit(path, "time: is no time in seconds")
    if not _is_words(told.get("command", [])):
        raise unfit(path, "command: is no list of words")
    if type(told.get("undoes", 0)) is not int:
        raise unfit(path, "undoes: is no number of a run")
    if type(told.get("loan", False)) is not bool:
        raise unfit(path, "loan: is neither true nor false")
    without = told.get("without", {})
    if not isinstance(without, dict) or not all(map(_is_words, without.values())):
        raise unfit(path, "without: are no rules by path")
    return told


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def entries(told: Mapping[str, Any], path: Path) -> list[Entry]:
    """Return the files that the record of a run names. Raises JournalError."""
    files = told.get("files")
    if not isinstance(files, list):
        raise unfit(path, "files: is no list")
    found = []
    for number, item in enumerate(files):
        try:
            found.append(_entry(number, item))
        except (KeyError, TypeError, ValueError) as error:
            raise unfit(path, f"files[{number}]: does not fit ({error})") from None
    return found


def _entry(number: int, item: Any) -> Entry:
    """Return one file of a record. Raises KeyError, TypeError and ValueError."""
    path, root, temporary = (absolute(item[name]) for name in ("path", "root", "temporary"))
    if temporary.parent != path.parent or not temporary.name.startswith(BESIDE):
        raise ValueError(f"temporary: {temporary} does not lie beside {path}")
    if type(item["group"]) is not int:
        raise TypeError("group: is no number")
    before, after = (_digest(item[name]) for name in ("before", "after"))
    return Entry(number, path, root, before, after, temporary, item["group"])


def absolute(value: Any) -> Path:
    """Return a path of a record. Raises ValueError where it can be none."""
    if not isinstance(value, str) or "\0" in value or not Path(value).is_absolute():
        raise ValueError(f"{value!r} is no absolute path")
    return Path(value)


def _digest(value: Any) -> str | None:
    if value is not None and not (isinstance(value, str) and len(value) == DIGEST):
        raise ValueError(f"{value!r} is no digest")
    return value


def outcome(path: Path) -> dict[str, Any]:
    """Return how a run ended: why files were not written, by path, and which run took it back.

    Raises JournalError.
    """
    told = loaded(path)
    problems = told.get("problems")
    if not isinstance(problems, dict) or not all(isinstance(why, str) for why in problems.values()):
        raise unfit(path, "problems: are no reasons by path")
    if type(told.get("undone")) not in (int, type(None)):
        raise unfit(path, "undone: is no number of a run")
    return told
