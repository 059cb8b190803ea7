"""Packages of plug-ins: imported so that nothing they do harms a run, watched, and blamed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

from fixtests.files.discover import USED
from fixtests.plugins.installed import Offer

REPAIR = "repair it, or run: pip uninstall {}"
_watched: dict[str, tuple[int, int]] = {}  # what was used of plug-ins: size and time of change
_faults: dict[str, None] = {}  # what is wrong with them, in words


class PluginError(Exception):
    """What is wrong with a plug-in, and the remedy, if that is not to repair it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.remedy = remedy


def note(line: str) -> None:
    """Take note of what is wrong with a plug-in: the command names it, and ends in 2."""
    _faults[line] = None


def faults() -> tuple[str, ...]:
    """Return what was found to be wrong with plug-ins so far."""
    return tuple(_faults)


@contextlib.contextmanager
def judging(offer: Offer) -> Iterator[None]:
    """Take note of what a plug-in does wrong in a block, and go on behind it."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # stdout is for the diff and the report
            yield
    except (Exception, SystemExit) as error:
        if isinstance(error, PluginError):
            said, remedy = str(error), error.remedy
        else:
            said, remedy = _said(error), ""
        remedy = remedy or REPAIR.format(offer.distribution)
        note(f"plug-in {offer.origin}: {offer.name} = {offer.value}: {said}; {remedy}")


def imported(name: str) -> ModuleType:
    """Return a module of a plug-in. Raises PluginError where it cannot be imported."""
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise PluginError(f"cannot be imported: {_said(error)}") from None


def _said(error: BaseException) -> str:
    """Return the kind of an exception and what it says, on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def folder_of(name: str) -> Path:
    """Return the folder of a package of a plug-in. Raises PluginError where there is none."""
    spec = _spec(name)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise PluginError(f"there is no package {name}")
    return Path(next(iter(places)))


def file_of(name: str) -> Path:
    """Return the file of a module of a plug-in. Raises PluginError where there is none."""
    spec = _spec(name)
    if spec is None or spec.origin is None:
        raise PluginError(f"there is no module {name}")
    return Path(spec.origin)


def _spec(name: str) -> ModuleSpec | None:
    """Return where a module stands; nothing is imported for it, as `find_spec` would do."""
    parts = name.split(".")
    spec = importlib.util.find_spec(parts[0])
    for end in range(2, len(parts) + 1):
        inside = spec.submodule_search_locations if spec else None
        if inside is None:
            return None
        spec = PathFinder.find_spec(".".join(parts[:end]), inside)
    return spec


def watch(package: ModuleType) -> None:
    """Have kept answers and results depend on the files of a package, and on what it imported.

    Python does not open what it has compiled, so that nobody would note it.
    """
    top = package.__name__.partition(".")[0]
    files = [
        getattr(module, "__file__", None)
        for name, module in sys.modules.copy().items()
        if name == top or name.startswith(f"{top}.")
    ]
    watch_files(str(file) for file in files if file)
    for place in package.__path__:
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if name != "__pycache__"]
            watch_files(str(Path(folder, name)) for name in names)


def watch_files(paths: Iterable[str]) -> None:
    """Have kept answers and results depend on some files."""
    stamps = {}
    for path in paths:
        with contextlib.suppress(OSError):
            status = Path(path).stat()
            stamps[path] = status.st_size, status.st_mtime_ns
    sys.audit(USED, stamps, {})
    _watched.update(stamps)


def state() -> str:
    """Return a digest of what was used of plug-ins, empty where there are none."""
    if not _watched:
        return ""
    return hashlib.sha256(repr(sorted(_watched.items())).encode()).hexdigest()
