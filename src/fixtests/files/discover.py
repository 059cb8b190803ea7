"""Which files a run looks at, and the root that each of them has."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fixtests.files import git

FOREIGN = (".bzr", ".git", ".hg", ".svn")  # folders in which others keep what is theirs
# The audit event for what was known without opening it: files with their stamps, or folders
# with their times of change.
USED = "fixtests.used"
MARKERS = (".git", "pyproject.toml", "setup.cfg", "fixtests.toml")
ANYWHERE = "**/"  # at the beginning of a pattern
EXCLUDED = (
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache",
    ".ruff_cache", ".stestr", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__",
    "_build", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


class Missing(NamedTuple):
    """A path that was asked for and is not there, or cannot be read."""

    path: Path
    reason: str
    is_absent: bool = False


class Excludes(NamedTuple):
    """Patterns of paths to leave out, as ruff and git have them: a name anywhere, or a path.

    One that ends in a slash means folders only; `**/` at its beginning means any folder, or none.
    """

    patterns: tuple[str, ...] = EXCLUDED
    folder: Path = Path("/")

    def match(self, path: Path) -> bool:
        """Tell whether a file or folder is left out."""
        of_all, of_folders = _divided(self.patterns)
        if self._means(path, of_all):
            return True
        return bool(of_folders) and self._means(path, of_folders) and path.is_dir()

    def _means(self, path: Path, patterns: tuple[str, ...]) -> bool:
        names, relative, absolute = _expressions(patterns)
        text, folder = str(path), os.path.join(self.folder, "")  # noqa: PTH118 - ends in "/"
        return bool(
            names.fullmatch(path.name)
            or absolute.fullmatch(text)
            or (text.startswith(folder) and relative.fullmatch(text, len(folder)))
        )


@cache
def _divided(patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the patterns that mean files and folders, and those that mean folders only."""
    whole = [item for pattern in patterns for item in _anywhere(pattern)]
    of_folders = [item.rstrip("/") for item in whole if item.endswith("/") and item.strip("/")]
    return tuple(item for item in whole if not item.endswith("/")), tuple(of_folders)


def _anywhere(pattern: str) -> Iterator[str]:
    """Yield a pattern in the forms of `fnmatch`, whose `*` means slashes, too."""
    yield pattern
    if pattern.startswith(ANYWHERE):
        yield pattern.removeprefix(ANYWHERE)


@cache
def _expressions(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return what matches names, paths from a folder and whole paths that patterns leave out."""
    places = [str(Path(pattern)) for pattern in patterns]
    absolute = [place for place in places if Path(place).is_absolute()]
    relative = [place for place in places if place not in absolute]
    kinds = (patterns, relative, absolute)
    return tuple(
        re.compile("|".join(fnmatch.translate(os.path.normcase(item)) for item in items) or "(?!)")
        for items in kinds
    )


def idle(patterns: Sequence[str], root: Path) -> list[str]:
    """Return the patterns that leave nothing out below a root, in their order.

    What is left out by default may be there at other times only, such as what is built. It counts
    where one of the patterns names it, but not what is in there.
    """
    new = [pattern for pattern in patterns if pattern.strip("/") not in EXCLUDED]
    left = {pattern: Excludes((pattern,), root) for pattern in new}
    usual = Excludes(folder=root)
    for place, folders, names in os.walk(root) if left else ():
        here = [Path(place, name) for name in (*folders, *names)]
        left = {key: it for key, it in left.items() if not any(map(it.match, here))}
        if not left:
            break
        folders[:] = sorted(name for name in folders if not usual.match(Path(place, name)))
    return [*left]


def is_foreign(path: Path) -> bool:
    """Tell whether a path leads into what a version control system keeps for itself."""
    return not {os.path.normcase(part) for part in path.parts}.isdisjoint(FOREIGN)


def below(path: Path, folder: Path, pattern: str) -> bool:
    """Tell whether a path is what a pattern names from a folder, whose own name is no pattern.

    One that ends in a slash names what is below such a folder.
    """
    if pattern.endswith("/"):
        return any(map(Excludes((pattern,), folder).match, _steps(path.parent, folder)))
    return fnmatch.fnmatch(str(path), str(Path(glob.escape(str(folder)), pattern)))


@dataclass(frozen=True)
class Judge:
    """What configuration says of a path, whichever path the run started from.

    `excluded` tells whether a file or folder is left out, by the patterns that
    hold in the folder it stands in; `root` returns the root of a folder. `passed` are the
    repositories that stand inside of the one that is looked at, and are passed over. What is
    `held` in memory is there, whether it is on disk or not.
    """

    excluded: Callable[[Path], bool]
    root: Callable[[Path], Path]
    gitignore: bool = True
    force: bool = False
    passed: list[Path] = field(default_factory=list)
    held: Collection[Path] = ()


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


def forget() -> None:
    """Forget which roots folders have: files that make them may have come or gone."""
    root_of.cache_clear()
    git.top.cache_clear()


def real(given: Path) -> Path:
    """Return an absolute path in a real folder; a link to a file stays one, to be judged as such.

    Raises OSError where the current folder is gone.
    """
    path = Path(os.path.abspath(given))  # noqa: PTH100 - `..` goes, links do not yet
    folder = os.path.realpath(path if path.is_dir() else path.parent)
    return Path(folder) if path.is_dir() else Path(folder, path.name)


def files(path: Path, judge: Judge) -> Iterator[Path | Missing]:
    """Yield the Python files at or below a path that `real` gave, sorted, as real paths.

    A file that is named is taken whatever its name, and is excluded only
    with `force`, as is a folder that is named.
    """
    root = judge.root(path if path.is_dir() else path.parent)
    if judge.force and any(map(judge.excluded, _steps(path, root))):
        return
    try:
        found = _below(path, judge) if path.is_dir() else _judged(path, judge, named=True)
        for item in found:
            yield item if isinstance(item, Missing) else item.resolve()
    except OSError as error:
        yield unreadable(path, error)


def unreadable(path: Path, error: OSError) -> Missing:
    """Say of a path why it cannot be looked at."""
    return Missing(path, f"cannot be read: {error.strerror}; check its name and permissions")


def _steps(path: Path, start: Path) -> list[Path]:
    """Return a path and the folders above it that are below another, the outermost first."""
    return [item for item in reversed((path, *path.parents)) if start in item.parents]


def _unusable(path: Path) -> Missing:
    if path.exists():
        return Missing(path, "not judged: is not a regular file; name a file or a folder")
    if os.path.lexists(path):
        return Missing(path, "is a link that leads nowhere; name the file itself", is_absent=True)
    return Missing(path, "does not exist; check the path", is_absent=True)


def _below(folder: Path, judge: Judge) -> Iterator[Path | Missing]:
    listed = git.listed(folder) if judge.gitignore else None
    if listed is not None:
        for item in listed:
            is_module = item.name.endswith(".py")
            if not (is_module or _is_repository(item)) or _is_excluded(item, folder, judge):
                continue
            if is_module:
                yield from _judged(item, judge)
            else:
                judge.passed.append(item)
        return
    locked: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=locked.append):
        folders[:] = sorted(name for name in folders if not judge.excluded(Path(place, name)))
        for name in sorted(names):
            item = Path(place, name)
            if name.endswith(".py") and not judge.excluded(item):
                yield from _judged(item, judge)
    for error in locked:
        yield unreadable(Path(error.filename), error)


def _is_excluded(path: Path, folder: Path, judge: Judge) -> bool:
    return any(map(judge.excluded, _steps(path, folder)))


def _is_repository(path: Path) -> bool:
    """Tell whether git lists the top of another repository: a submodule, or a clone."""
    try:
        return path.is_dir() and any(item.name == ".git" for item in os.scandir(path))
    except OSError:
        return False


def _judged(path: Path, judge: Judge, *, named: bool = False) -> Iterator[Path | Missing]:
    """Yield a file; a link out of the root is named, and what is no file only where it was."""
    try:
        leads_out = path.is_symlink() and path.exists() and not _inside(path, judge)
        if leads_out:
            yield Missing(path, "links to a file outside of the root; name that file itself")
        elif path.is_file() or path in judge.held:
            yield path
        elif named:
            yield _unusable(path)
    except OSError as error:
        yield unreadable(path, error)


def _inside(link: Path, judge: Judge) -> bool:
    return link.resolve().is_relative_to(judge.root(link.parent))
