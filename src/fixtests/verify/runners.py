"""Starts the process that lists or runs some tests in a copy, and hears what it says."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fixtests.verify import interpreters, module_names, process
from fixtests.verify.heard import Heard, Watch
from fixtests.verify.lease import Lease
from fixtests.verify.presets import Preset
from fixtests.verify.process import Ended, Limits, Tail
from fixtests.verify.shards import Known

SUPPORT = Path(__file__).with_name("support")


@dataclass(frozen=True)
class Place:
    """Where tests run and for how long: a copy of the tree, which `of` was made of, or that itself.

    `folder` is for what is ours. With a `lease`, only as long as that is held.
    """

    copy: Path
    of: Path
    folder: Path
    preset: Preset
    silence: float
    stopping: threading.Event
    watch: Watch
    lease: Lease | None = None

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
    with tempfile.TemporaryDirectory(dir=place.folder) as given:
        folder = Path(given)
        ids = [name for names in wanted.values() for name in names]
        heard = Heard(folder / "events", place.watch, ids)
        request = {
            "root": str(place.copy),
            "list": is_list,
            "cache": str(folder / "cache"),
            "modules": [_module(place, path, ids) for path, ids in wanted.items()],
        }
        (folder / "request").write_text(json.dumps(request), encoding="utf-8")
        name = "fixtests_pytest" if place.preset.is_of_pytest else "fixtests_unittest"
        command = [place.preset.interpreter.path, "-m", name]
        more = {"FIXTESTS_REQUEST": str(folder / "request")}
        return heard, start(place, Call(command, folder, Tail(), more), heard)


def _module(place: Place, path: str, ids: Sequence[str]) -> Mapping[str, object]:
    preset = place.preset
    names = module_names.candidates(place.copy, path, preset.tops, preset.interpreter.folders)
    return {"path": str(place.copy / path), "names": names, "ids": list(ids)}


@dataclass(frozen=True)
class Call:
    """A command to start: a folder for its events, what reads its output, more variables.

    `silence` is how many times as long as usual it may say nothing; what it prints is a sign of
    life then, too.
    """

    command: Sequence[str]
    folder: Path
    tail: Tail
    more: Mapping[str, str] = field(default_factory=dict)
    silence: int = 1


def start(place: Place, call: Call, heard: Heard) -> Ended:
    """Run a command in the copy until it ends.

    Raises process.StoppedError.
    """
    preset = place.preset
    own = {**preset.environment, **call.more, "FIXTESTS_EVENTS": str(call.folder / "events")}
    if place.copy == place.of:  # compiled modules of a trial are nothing for the user's tree
        own["PYTHONPYCACHEPREFIX"] = str(place.folder / "compiled")
    environment = interpreters.environment_for(
        preset.interpreter, place.copy, place.of, own, SUPPORT
    )

    def signs() -> object:
        return heard.signs(), call.tail.count if call.silence > 1 else 0

    silence = place.silence * call.silence
    limits = Limits(signs, heard.has_ended, silence, place.stopping, place.lease)
    ended = process.run(call.command, place.copy, environment, limits, call.tail)
    heard.look()
    return ended
