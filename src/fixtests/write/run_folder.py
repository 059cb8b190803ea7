"""One run in the journal: its folder, and what it says of the run.

There are its record (`run.json`), the old bytes of its files (`before`, one
after the other) and, when all is staged, where each of them begins
(`ready.json`); `outcome.json` ends it. As long as it has not ended, or has
files of its own to take away, there is a mark of it in `open/`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtests.model import digest
from fixtests.write import record
from fixtests.write.record import FORM, Entry, JournalError

UNDONE = "undone by"  # a run's number follows, in the place of the reason why a file is not written
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """One run that wrote, or tried to."""

    folder: Path

    @property
    def number(self) -> int:
        """The name that users call it by."""
        return int(self.folder.name)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What was recorded when it began. Raises JournalError."""
        return record.of_run(self.folder / "run.json")

    @cached_property
    def entries(self) -> list[Entry]:
        """The files it was to change. Raises JournalError."""
        return record.entries(self.told, self.folder / "run.json")

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """How it ended: why files were not written, by path, and which run took it back."""
        path = self.folder / "outcome.json"
        return record.outcome(path) if path.exists() else {"problems": {}, "undone": None}

    @property
    def written(self) -> list[Entry]:
        """The files that it changed."""
        return [item for item in self.entries if str(item.path) not in self.outcome["problems"]]

    @property
    def undone(self) -> list[Entry]:
        """The files that other runs took back."""
        problems = self.outcome["problems"]
        return [
            item for item in self.entries if problems.get(str(item.path), "").startswith(UNDONE)
        ]

    @property
    def is_undo(self) -> bool:
        """Tell whether it took another run back, and not an undo."""
        return "undoes" in self.told and not self.told.get("redo")

    @property
    def begun(self) -> bool:
        """Tell whether it came as far as its record, before which it touches nothing."""
        return os.access(self.folder / "run.json", os.F_OK)

    @property
    def is_ready(self) -> bool:
        """Tell whether it came as far as its first rename."""
        return (self.folder / "ready.json").exists()

    @property
    def has_ended(self) -> bool:
        """Tell whether it came to its end."""
        return (self.folder / "outcome.json").exists()

    def old(self, entry: Entry) -> bytes:
        """Return what a file held before. Raises JournalError."""
        path, index = self.folder / "before", self.folder / "ready.json"
        try:
            offset, size = self._places[str(entry.number)]
            if not 0 <= offset <= offset + size <= path.stat().st_size:
                raise record.unfit(path, f"is too short to hold {entry.path}")
            with path.open("rb") as stream:
                stream.seek(offset)
                content = stream.read(size)
        except (KeyError, ValueError, TypeError):
            raise record.unfit(index, f"places: do not say where {entry.path} is") from None
        except OSError as error:
            raise JournalError(f"{path}: cannot be read: {error.strerror}") from None
        if digest(content) != entry.before:
            raise record.unfit(path, f"does not hold {entry.path} as it was; it is damaged")
        return content

    def held(self, path: Path) -> bytes:
        """Return what the file of a path held before. Raises JournalError."""
        return self.old(self._by_path[path])

    @cached_property
    def _by_path(self) -> dict[Path, Entry]:
        return {item.path: item for item in self.entries}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = record.loaded(self.folder / "ready.json")["places"]
        return found

    def set_ready(self, contents: Mapping[Entry, bytes]) -> None:
        """Save what files hold before they are replaced. Raises OSError."""
        places, at = {}, 0
        with (self.folder / "before").open("wb") as stream:
            for entry, content in contents.items():
                places[str(entry.number)] = (at, len(content))
                at += stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        write(self.folder / "ready.json", json.dumps({"form": FORM, "places": places}).encode())
        sync(self.folder)

    def check(self, entry: Entry) -> None:
        """Look whether what a file held before can be had. Raises JournalError."""
        if entry.before is not None:
            self.old(entry)

    def end(self, problems: Mapping[Path, str]) -> None:
        """Note how it ended. Raises OSError."""
        self._tell({"problems": {str(path): why for path, why in problems.items()}, "undone": None})

    def unmark(self) -> None:
        """Take away the mark of a run that goes on, or has something to tidy. Raises OSError."""
        self._mark.unlink(missing_ok=True)

    def set_undone(self, paths: Sequence[Path], by: int) -> None:
        """Note which of its files another run took back. Raises OSError and JournalError."""
        if not paths:
            return
        told = {**self.outcome["problems"], **{str(path): f"{UNDONE} {by}" for path in paths}}
        whole = all(str(item.path) in told for item in self.entries)
        self._tell({"problems": told, "undone": by if whole else None})

    def drop(self) -> None:
        """Forget it; while its mark stands that can be done again. Raises OSError."""
        with contextlib.suppress(NotADirectoryError):  # a file that is only named like a run
            (self.folder / "run.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.unmark()

    def _tell(self, outcome: Told) -> None:
        unfinished = self.folder / "outcome.tmp"
        write(unfinished, json.dumps({"form": FORM, **outcome}).encode())
        unfinished.replace(self.folder / "outcome.json")
        sync(self.folder)
        vars(self).pop("outcome", None)

    @property
    def is_marked(self) -> bool:
        """Tell whether it goes on, was killed, or has something to tidy."""
        return self._mark.exists()

    @property
    def _mark(self) -> Path:
        return self.folder.parent.parent / "open" / self.folder.name


def write(path: Path, content: bytes) -> None:
    """Write a file, and flush it to disk. Raises OSError."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
