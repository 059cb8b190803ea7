"""Which files a run looks at, and the root that each of them has."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fixtests import repo

MARKERS = (".git", "pyproject.toml", "setup.cfg", "fixtests.toml")
EXCLUDED = (
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache",
    ".ruff_cache", ".stestr", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__",
    "_build", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """A path that was asked for and is not there, or cannot be read."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Excludes:
    """Patterns of paths to leave out, matched as ruff does: a name anywhere, or a path."""

    patterns: tuple[str, ...] = EXCLUDED
    folder: Path = Path("/")

    def match(self, path: Path) -> bool:
        """Tell whether a file or folder is left out."""
        text = str(path)
        return any(
            fnmatch.fnmatch(path.name, pattern) or fnmatch.fnmatch(text, str(self.folder / pattern))
            for pattern in self.patterns
        )


@cache
def root_of(folder: Path) -> Path:
    """Return the root of the files in a folder.

    It is the nearest folder upwards with a marker, else the parent of the
    outermost package.
    """
    for item in (folder, *folder.parents):
        if any((item / marker).exists() for marker in MARKERS):
            return item
    outermost = folder
    while (outermost / "__init__.py").is_file() and outermost != outermost.parent:
        outermost = outermost.parent
    return outermost


def files(
    paths: Sequence[Path], excludes: Excludes, *, gitignore: bool = True, force: bool = False
) -> Iterator[Path | Missing]:
    """Yield the Python files at or below some paths, sorted, each once, as real paths.

    A file that is named is taken whatever its name, and is excluded only
    with `force`.
    """
    seen: set[Path] = set()
    for given in paths:
        path = Path(os.path.abspath(given))  # noqa: PTH100 - not resolved yet: a link is judged as a link
        for found in _below(path, excludes, gitignore) if path.is_dir() else [path]:
            if isinstance(found, Missing):
                yield found
                continue
            if found is path and not path.is_file():
                yield Missing(path, _why_not(path))
                continue
            if (found is not path or force) and _excluded(found, path, excludes):
                continue
            real = found.resolve()
            if real not in seen:
                seen.add(real)
                yield real


def _why_not(path: Path) -> str:
    if path.exists():
        return "is not a regular file; name a file or a folder"
    return "does not exist; check the path"


def _below(folder: Path, excludes: Excludes, gitignore: bool) -> Iterator[Path | Missing]:
    listed = repo.listed(folder) if gitignore else None
    if listed is not None:
        for item in listed:
            if item.suffix == ".py":
                yield from _judged(item, folder)
        return
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not excludes.match(Path(place, name)))
        for name in sorted(names):
            item = Path(place, name)
            if name.endswith(".py"):
                yield from _judged(item, folder)


def _judged(path: Path, folder: Path) -> Iterator[Path | Missing]:
    """Yield a listed file; a link out of the root is named, one that leads nowhere is no file."""
    if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(root_of(folder)):
        yield Missing(path, "links to a file outside of the root; name that file itself")
    elif path.is_file():
        yield path


def _excluded(path: Path, start: Path, excludes: Excludes) -> bool:
    above = [item for item in path.parents if item.is_relative_to(start) and item != start]
    return any(excludes.match(item) for item in (path, *above))
