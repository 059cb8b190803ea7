"""What has been heard of tests that run: from the events that they leave, or from a stream."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from fixtests.verify.told_names import ToldNames
from fixtests.verify.trial import Outcome, Status, Test

Watch = Callable[[str, Outcome], object]
# Of two outcomes of one test, the one that stands further back counts.
WORSE = (Status.PASSED, Status.SKIPPED, Status.MISSING, Status.DIED, Status.FAILED)


class Heard:
    """Collects what one process says, in events in a file and by calls from a reader of a stream.

    What it says of other tests than those with `ids` counts for the one whose part they are, if
    any. `outcomes` are by test, `running` the tests that have begun and not ended, `loading` the
    file that is being loaded, `loaded` the changed files that were, `open` the processes that
    loaded some and have not come to their end. `broken` says why files have no tests; `tests` are
    those that were listed, with the file that each was listed from.
    """

    def __init__(self, events: Path, watch: Watch, ids: Iterable[str] = ()) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.running: dict[str, None] = {}
        self.loading = ""
        self.broken: dict[str, Outcome] = {}
        self.tests: list[tuple[Test, str]] = []
        self.hits: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.loaded: set[str] = set()
        self.open: set[int] = set()
        self.is_done = self.is_refused = False
        self._names = ToldNames(ids)
        self._events = events
        self._watch = watch
        self._place = 0
        self._count = 0  # of what came by calls
        self._lock = threading.Lock()

    def signs(self) -> object:
        """Return what is another value after each sign of life."""
        self.look()
        return self._place, self._count

    def has_ended(self) -> bool:
        """Tell whether the process has said that nothing more comes."""
        self.look()
        return self.is_done

    def look(self) -> None:
        """Read what was added to the file; a line that is not whole yet is left."""
        with self._lock:
            try:
                if self._events.stat().st_size == self._place:
                    return
                with self._events.open("rb") as stream:
                    stream.seek(self._place)
                    added = stream.read()
            except FileNotFoundError:
                return
            whole, end, _ = added.rpartition(b"\n")
            self._place += len(whole + end)
            for line in whole.splitlines():
                self._take(json.loads(line))

    def start(self, name: str) -> None:
        """Note that a test has begun."""
        self._count += 1
        self.running |= dict.fromkeys(self._names.mean(name))

    def stop(self, name: str, outcome: Outcome) -> None:
        """Note how a test ended, or a part of it; of several ends the worst counts."""
        self._count += 1
        for one in self._names.mean(name):
            self.running.pop(one, None)
            before = self.outcomes.get(one)
            if before is None or WORSE.index(before.status) < WORSE.index(outcome.status):
                self.outcomes[one] = outcome
                self._watch(one, outcome)

    def _take(self, event: Mapping[str, Any]) -> None:
        kind = event["event"]
        if kind == "start":
            self.loading = ""
            self.start(event["id"])
        elif kind == "stop":
            status = Status(event["status"])
            self.stop(event["id"], Outcome(status, event["seconds"], event["tail"]))
        elif kind == "hit":
            for name in self._names.mean(event["test"]) or [event["test"]]:
                self.hits[event["mark"]][name] += event["times"]
        elif kind == "loaded":
            self.loaded.add(event["path"])
            self.open.add(event["process"])
        elif kind == "exited":
            self.open.discard(event["process"])
        elif kind == "load":
            self.loading = event["path"]
        elif kind == "broken":
            self.broken[event["path"]] = Outcome(Status(event["status"]), tail=event["tail"])
        elif kind == "test":
            test = Test(event["id"], event["path"], event["owner"], event["name"])
            self.tests.append((test, event["via"]))
        elif kind == "done":
            self.is_done = True
        elif kind == "refused":
            self.is_refused = True
