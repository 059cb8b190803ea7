"""Runs tests by a command that is not ours: stestr, or one that the project names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from io import BufferedReader
from pathlib import Path
from typing import IO

from fixtests.verify import junit, presets, runners, streams
from fixtests.verify.heard import Heard
from fixtests.verify.presets import JUNIT, NoPresetError
from fixtests.verify.process import Ended, Tail
from fixtests.verify.runners import Place
from fixtests.verify.shards import Known
from fixtests.verify.told_names import module
from fixtests.verify.trial import Outcome, Status

NOTE = b"\n__import__('fixtests_marks').loaded(-1)\n"
UNLOADED = "The module of the test was not loaded to its end."
CUT = "The process that ran the tests ended before they did."
# Only the folder that holds the tests is looked through: a project's own one may be another.
STESTR = (
    *("-m", "stestr", "--repo-url", "{results}", "--test-path", "{folder}"),
    *("run", "--subunit", "--load-list", "{list-file}", "--concurrency", "1"),
)


def ran(place: Place, tests: Sequence[Known]) -> tuple[Heard, Ended]:
    """Run tests in one process; return what it said until it ended.

    Its exit code counts only where it says nothing of single tests and is not asked to.

    Raises process.StoppedError, and NoPresetError where subunit cannot be read here.
    """
    preset = place.preset
    words = preset.command or (preset.interpreter.path, *STESTR)
    silent = bool(preset.command)  # it may say nothing before it ends
    with tempfile.TemporaryDirectory(dir=place.folder) as given:
        folder = Path(given)
        heard = Heard(folder / "events", place.watch, [item.test.id for item in tests])
        output = Output(heard)
        command = list(_filled(words, place, tests, folder))
        call = runners.Call(command, folder, output, silence=len(tests) if silent else 1)
        ended = runners.start(place, call, heard)
        if output.is_unreadable:
            raise NoPresetError(f"{words[0]}: prints subunit; to read it: {presets.EXTRA}")
        if any(JUNIT in word for word in words):
            for name, outcome in junit.read(folder / "junit"):
                heard.stop(name, outcome)
            heard.is_done = bool(heard.outcomes)
        elif silent and not output.is_subunit and not ended.is_late:
            _believe(place, heard, tests, ended)
        return heard, ended


class Output(Tail):
    """Reads what a command prints: as subunit where it begins so, else for its last lines."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard
        self.is_subunit = self.is_unreadable = False

    def listen(self, stream: IO[bytes]) -> None:
        """Read standard output to its end."""
        first = stream.peek(1)[:1] if isinstance(stream, BufferedReader) else b""
        self.is_subunit = first == streams.FIRST
        self.is_unreadable = self.is_subunit and not find_spec("subunit")
        try:
            if self.is_subunit and not self.is_unreadable:
                streams.read(stream, self._heard)
        finally:
            self.read(stream)  # nobody shall wait until it is read


def _believe(place: Place, heard: Heard, tests: Sequence[Known], ended: Ended) -> None:
    """Take the exit code for the outcome of all tests that ran, if their process got that far.

    A test that ends its process by itself can let it say anything. Where something is wrong,
    nothing is said unless there was one test alone.
    """
    outcome = Outcome(Status.PASSED)
    if not {item.via for item in tests} <= set(map(place.relative, heard.loaded)):
        outcome = Outcome(Status.MISSING, tail=f"{ended.output}\n{UNLOADED}".strip())
    elif heard.open:
        outcome = Outcome(Status.DIED, tail=f"{ended.output}\n{CUT}".strip())
    elif ended.code:
        outcome = Outcome(Status.FAILED, tail=ended.output)
    for item in tests if outcome.is_fine or len(tests) == 1 else ():
        heard.stop(item.test.id, outcome)


def _filled(
    words: Sequence[str], place: Place, tests: Sequence[Known], folder: Path
) -> Iterator[str]:
    """Yield the words of a command; one that is a placeholder becomes a word for each thing."""
    ids = [item.test.id for item in tests]
    (folder / "list").write_text("".join(f"{item}\n" for item in ids), encoding="utf-8")
    files = list(dict.fromkeys(item.via for item in tests))
    many = {
        "{folder}": [f"./{os.path.commonpath(map(os.path.dirname, files))}"],
        "{ids}": ids,
        "{modules}": list(dict.fromkeys(module(item.test) for item in tests)),
        "{files}": files,
        "{list-file}": [str(folder / "list")],
        "{results}": [str(folder)],
        JUNIT: [str(folder / "junit")],
    }
    for word in words:
        if word in many:
            yield from many[word]
        else:
            for placeholder, values in many.items():
                word = word.replace(placeholder, " ".join(values))
            yield word
