"""What was learnt of a tree's files, kept from run to run as plain data.

Size and time of change say whether it holds still. What it is kept in is the
business of `cache`; what has another shape than expected counts for nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from fixtests.files.discover import USED

FRESH = 2_000_000_000  # ns; a file changed so shortly before may change again within one tick
Stamp = tuple[int, int]  # size and time of change in ns


class Knowledge:
    """Facts about single files, and conclusions from several, by kind.

    `told` is what an earlier run kept, None where nothing is to be kept.
    """

    def __init__(self, told: Mapping[str, Any] | None = None) -> None:
        self.changed = False
        self._keeps = told is not None
        told = told or {}
        try:
            self._facts = {
                str(kind): {str(path): (int(size), int(at), fact) for path, size, at, fact in table}
                for kind, table in told["facts"]
            }
            self._conclusions = {
                str(kind): ([(str(path), int(size), int(at)) for path, size, at in files], value)
                for kind, files, value in told["conclusions"]
            }
        except (KeyError, TypeError, ValueError):
            self._facts, self._conclusions = {}, {}

    def told(self) -> dict[str, Any]:
        """Return what a later run is to be told."""
        facts = [
            (kind, [(path, *fact) for path, fact in table.items()])
            for kind, table in self._facts.items()
        ]
        conclusions = [(kind, *rest) for kind, rest in self._conclusions.items()]
        return {"facts": facts, "conclusions": conclusions}

    def fact(self, kind: str, path: str, shape: type, learn: Callable[[], Any]) -> Any:
        """Return what follows from one file or folder, learnt anew where that has changed."""
        if not self._keeps:
            return learn()
        size, changed = _stamp(path)
        table = self._facts.setdefault(kind, {})
        known = table.get(path)
        if known and known[:2] == (size, changed) and isinstance(known[2], shape):
            _say_used(path, size, changed)
            return known[2]
        fact = learn()
        if time.time_ns() - changed > FRESH and _stamp(path) == (size, changed):
            table[path] = (size, changed, fact)
            self.changed = True
        return fact

    def words(self, kind: str, paths: Iterable[str], learn: Callable[[str], str]) -> list[str]:
        """Return the words that follow from each of some files, as `fact` does; many at once."""
        found: list[str] = []
        used: dict[str, Stamp] = {}
        table = self._facts.get(kind, {})
        for path in paths:
            known = table.get(path)
            try:
                if known is not None and _stamp(path) == known[:2] and isinstance(known[2], str):
                    used[path] = known[:2]
                    found.append(known[2])
                else:
                    found.append(self.fact(kind, path, str, partial(learn, path)))
            except OSError:
                found.append(learn(path))
        sys.audit(USED, used, {})
        return found

    def conclusion(self, kind: str) -> Any:
        """Return what was concluded from files that are all as they were, else None."""
        files, value = self._conclusions.get(kind, ([], None))
        try:
            if not all(_stamp(path) == (size, changed) for path, size, changed in files):
                return None
        except OSError:
            return None
        for path, size, changed in files:
            _say_used(path, size, changed)
        return value

    def conclude(self, kind: str, value: Any, paths: Iterable[str]) -> None:
        """Keep what was concluded from some files and folders, unless one is too fresh."""
        if not self._keeps:
            return
        now = time.time_ns()
        files = [(path, *_stamp(path)) for path in paths]
        if all(now - changed > FRESH for _, _, changed in files):
            self._conclusions[kind] = files, value
            self.changed = True


def look_for(place: str, sought: set[str]) -> None:
    """Say that it counts whether something is at a path; in `sought` folders this was said of all.

    Where there is no such folder, the first one above it counts.
    """
    if os.path.islink(place) and not os.path.exists(place):  # noqa: PTH110, PTH114
        sys.audit(USED, {place: None}, {})
    folder = os.path.dirname(place)  # noqa: PTH120 - a thousand times a run
    if folder in sought:
        return
    sought.add(folder)
    while True:
        try:
            changed = os.stat(folder).st_mtime_ns  # noqa: PTH116 - a thousand times a run
        except OSError:
            above = os.path.dirname(folder)  # noqa: PTH120
            if above == folder:
                return
            folder = above
        else:
            sys.audit(USED, {}, {folder: changed})
            return


def _say_used(path: str, size: int, changed: int) -> None:
    if os.path.isdir(path):  # noqa: PTH112 - a hundred times a run
        sys.audit(USED, {}, {path: changed})
    else:
        sys.audit(USED, {path: (size, changed)}, {})


def _stamp(path: str) -> Stamp:
    status = os.stat(path)  # noqa: PTH116 - a thousand times a run
    return status.st_size, status.st_mtime_ns
