"""Starts the process that lists or runs some tests in a copy, and hears what it says."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.verify import interpreters, module_names, process
from fixtests.verify.heard import Heard, Watch
from fixtests.verify.presets import Preset
from fixtests.verify.process import Ended, Limits, Tail
from fixtests.verify.shards import Known

SUPPORT = Path(__file__).with_name("support")


@dataclass(frozen=True)
class Place:
    """Where tests run and for how long: a copy of the tree, which `of` was made of."""

    copy: Path
    of: Path
    preset: Preset
    silence: float
    stopping: threading.Event
    watch: Watch

    def relative(self, path: str) -> str:
        """Return a path of the copy from its root; empty for what stands elsewhere."""
        inner = Path(path)
        return inner.relative_to(self.copy).as_posix() if inner.is_relative_to(self.copy) else ""


def listed(place: Place, paths: Iterable[str]) -> tuple[Heard, Ended]:
    """Return what the runner says of the tests of some files.

    Raises process.StoppedError.
    """
    return _ask(place, {path: [] for path in paths}, is_list=True)


def ran(place: Place, tests: Sequence[Known]) -> tuple[Heard, Ended]:
    """Run tests in one process; return what it said until it ended.

    Raises process.StoppedError.
    """
    wanted: dict[str, list[str]] = {}
    for item in tests:
        wanted.setdefault(item.via, []).append(item.test.id)
    return _ask(place, wanted, is_list=False)


def _ask(place: Place, wanted: Mapping[str, Sequence[str]], is_list: bool) -> tuple[Heard, Ended]:
    """Start a runner of ours with a request."""
    with tempfile.TemporaryDirectory(prefix="fixtests-") as given:
        folder = Path(given)
        heard = Heard(folder / "events", place.watch)
        request = {
            "root": str(place.copy),
            "list": is_list,
            "cache": str(folder / "cache"),
            "modules": [_module(place, path, ids) for path, ids in wanted.items()],
        }
        (folder / "request").write_text(json.dumps(request), encoding="utf-8")
        name = "fixtests_pytest" if place.preset.name == "pytest" else "fixtests_unittest"
        command = [place.preset.interpreter.path, "-m", name]
        more = {"FIXTESTS_REQUEST": str(folder / "request")}
        ended = start(place, command, folder, more, heard)
        heard.look()
        return heard, ended


def _module(place: Place, path: str, ids: Sequence[str]) -> Mapping[str, object]:
    preset = place.preset
    names = module_names.candidates(place.copy, path, preset.tops, preset.interpreter.folders)
    return {"path": str(place.copy / path), "names": names, "ids": list(ids)}


def start(
    place: Place,
    command: Sequence[str],
    folder: Path,
    more: Mapping[str, str],
    heard: Heard,
    reader: process.Reader | None = None,
) -> Ended:
    """Run a command in the copy, whose marks leave events in a folder.

    Raises process.StoppedError.
    """
    own = {**place.preset.environment, **more, "FIXTESTS_EVENTS": str(folder / "events")}
    environment = interpreters.environment_for(
        place.preset.interpreter, place.copy, place.of, own, SUPPORT
    )
    limits = Limits(heard.signs, heard.has_ended, place.silence, place.stopping)
    return process.run(command, place.copy, environment, limits, Tail(), reader)
