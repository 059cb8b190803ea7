"""Notes what a run looks at, for the entry that its answer is kept in."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from fixtests.cache import entries
from fixtests.cache.output_cache import Answer, digest_of, listing
from fixtests.files import user_folders
from fixtests.files.discover import MARKERS, USED
from fixtests.plugins.installed import ENTRY_POINTS
from fixtests.settings import layout, linters
from fixtests.tree.knowledge import FRESH

COMPILED = (".pyc", ".so", ".pyd")  # what the interpreter opens for itself
IN_THE_KEY = f"{os.sep}{ENTRY_POINTS}"  # what the key's stamp of distributions speaks of
CONFIGURING = sorted({*MARKERS, *linters.FILES, *layout.FILES})
active: Recorder | None = None  # notes what is opened, where that is to be kept


class Recorder:
    """Notes what a run opens, by the interpreter's own audit events."""

    def __init__(self, entry: str) -> None:
        self.entry = entry
        self._ours = (entries.PACKAGE, os.path.dirname(entry), user_folders.state())
        inside = (os.path.join(folder, "") for folder in self._ours)
        self._others = (*inside, "/dev/")  # whose changes say nothing
        self.files: dict[str, tuple[int, int] | None] = {}
        self.folders: dict[str, int | None] = {}
        self.complete = True
        self.lasts = False  # whether nothing failed but what fails again
        self.code: int | None = None  # that of the run, which an output's fault may replace
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
        if path.endswith((*COMPILED, IN_THE_KEY)) or path.startswith(self._others):
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
            git = {path: listing(names) for path, names in listed.items()}
            body = json.dumps({**self._told(answer), "listed": git}).encode()
            entries.save(self.entry, body)

    def _told(self, answer: Answer) -> dict[str, Any]:
        """Return what an entry says. Raises OSError and ValueError where there can be none."""
        now = time.time_ns()
        looked_at = (*self.files.items(), *self.folders.items())
        absent = {path for path, stamp in looked_at if stamp is None}
        files = []
        for path, stamp in self.files.items():
            if stamp is None:
                continue
            status = os.stat(path)
            if (status.st_size, status.st_mtime_ns) != stamp:
                raise ValueError(f"{path} changed during the run")
            fresh = now - status.st_mtime_ns < FRESH
            files.append((path, [*stamp, digest_of(path) if fresh else None]))
        folders = {path: changed for path, changed in self.folders.items() if changed is not None}
        for above in {os.path.dirname(path) for path in (*self.files, *self.folders)}:
            while above not in folders and os.path.isdir(above):
                folders[above] = os.stat(above).st_mtime_ns
                if _marked(above) or not os.path.exists(os.path.join(above, "__init__.py")):
                    break
                above = os.path.dirname(above)
        for path in {os.path.dirname(path) for path in self.files}:
            absent.update(_absent(path))
        for path in folders:
            if now - os.stat(path).st_mtime_ns < FRESH:
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
    names = [os.path.join(path, name) for name in CONFIGURING]
    here = frozenset(name for name in names if not os.path.exists(name))
    above = os.path.dirname(path)
    return here if above == path or _marked(path) else here | _absent(above)
