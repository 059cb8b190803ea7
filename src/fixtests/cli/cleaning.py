"""`fixtests clean`: what was kept to be quicker and what is left of old work go, the journal stays.

What a living process uses stays, too: each kind of thing says so by its own lock.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from fixtests.cache import entries
from fixtests.files import user_folders
from fixtests.model import RunError
from fixtests.report.location import named
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.verify import folders, store
from fixtests.write import leftovers


@dataclass(frozen=True)
class Cleaned:
    """What was removed of one kind, or would be: how many, what they are, and their bytes.

    `kept` says why some of it stays, `problem` what cannot be removed; both may be empty.
    """

    number: int
    what: str
    size: int
    where: str
    kept: str = ""
    problem: str = ""

    def __str__(self) -> str:
        return f"{count(self.number, self.what)}, {megabytes(self.size)}, in {named(self.where)}"


def clean(cache_dir: Path | None, *, dry_run: bool) -> NoReturn:
    """Remove caches, stores, working copies and what is left over, say what that was, and leave."""
    screen = Screen("never")
    state = Path(user_folders.state())
    done = (
        _cache(str(cache_dir or user_folders.cache()), dry_run=dry_run),
        *_verify(state / "verify", dry_run=dry_run),
        _left("campaign log", leftovers.of_campaigns, state, dry_run=dry_run),
        _left("series record", leftovers.of_series, state, dry_run=dry_run),
    )
    for item in done:
        if item.number:
            screen.emit(str(item))
        if item.kept:
            screen.warn(f"{item.where}: {item.kept}")
        if item.problem:
            screen.warn(f"error: {item.where}: {item.problem}")
    total = sum(item.size for item in done)
    if any(item.number for item in done):
        screen.warn(f"{'Would remove' if dry_run else 'Removed'} {megabytes(total)}.")
    else:
        screen.warn("Nothing to remove.")
    sys.exit(2 if any(item.problem for item in done) else 0)


def megabytes(size: int) -> str:
    """Return a size in bytes in a unit that suits it."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def _cache(where: str, *, dry_run: bool) -> Cleaned:
    number = size = 0
    problem = ""
    try:
        for path, its_size, _ in entries.every(where):
            if not dry_run:
                entries.remove(path)
            number, size = number + 1, size + its_size
    except FileNotFoundError:
        pass
    except OSError as error:
        problem = f"cannot be removed: {error.strerror}; check its permissions"
    return Cleaned(number, "cache file", size, where, problem=problem)


def _verify(state: Path, *, dry_run: bool) -> Iterator[Cleaned]:
    """Remove what runs with `--verify` left: copies of trees, and results of tests."""
    used = False
    number = size = 0
    left = []
    for folder in folders.every(state):
        if folders.is_held(folder):
            used = True
            continue
        its_size = _size(folder)
        if not dry_run:
            folders.remove(folder)
            if folder.exists():
                left.append(folder.name)
                continue
        number, size = number + 1, size + its_size
    problem = f"cannot be removed: {', '.join(left)}; check their permissions" if left else ""
    kept = "used by a run that goes on; left as it is" if used else ""
    yield Cleaned(number, "copied tree", size, str(state / "copies"), kept, problem)
    if not used:
        yield _store(state / "results.sqlite", dry_run=dry_run)


def _store(path: Path, *, dry_run: bool) -> Cleaned:
    number = size = 0
    problem = ""
    try:
        number, size = store.held(path)
        if number and not dry_run:
            store.clear(path)
    except (OSError, sqlite3.DatabaseError) as error:
        number, problem = 0, f"cannot be cleared: {error}; remove it by hand"
    return Cleaned(number, "test result", size, str(path), problem=problem)


def _left(
    what: str, found: Callable[[Path], Iterable[Path]], state: Path, *, dry_run: bool
) -> Cleaned:
    """Remove what ended work left."""
    number = size = 0
    problem = ""
    try:
        for path in found(state):
            its_size = path.stat().st_size
            if not dry_run:
                leftovers.remove(path)
            number, size = number + 1, size + its_size
    except (OSError, RunError) as error:
        problem = f"cannot be removed: {error}; check its permissions"
    return Cleaned(number, what, size, str(state), problem=problem)


def _size(folder: Path) -> int:
    """Return how many bytes the files of a folder have."""
    return sum(item.lstat().st_size for item in folder.rglob("*") if not item.is_dir())
