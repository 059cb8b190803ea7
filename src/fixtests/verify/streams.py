"""Reads what a runner says in subunit, while it runs."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import IO, Any

from fixtests.verify.heard import Heard
from fixtests.verify.trial import Outcome, Status

FIRST = b"\xb3"  # how each packet begins
STATUSES = {
    "success": Status.PASSED,
    "fail": Status.FAILED,
    "uxsuccess": Status.FAILED,
    "skip": Status.SKIPPED,
    "xfail": Status.SKIPPED,  # whatever else fails would be expected, too
}
LINES = 20  # of a failure
LONGEST = 4000  # characters of them


def read(stream: IO[bytes], heard: Heard) -> None:
    """Read a stream to its end, telling `heard` what comes."""
    import subunit

    subunit.ByteStreamToStreamResult(stream, non_subunit_name="stdout").run(_Told(heard))


class _Told:
    """Takes the packets of a stream; what only says that a test exists is dropped."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._began: dict[str, datetime.datetime] = {}
        self._said: dict[str, dict[str, bytes]] = defaultdict(dict)

    def status(
        self,
        test_id: str | None = None,
        test_status: str | None = None,
        file_name: str | None = None,
        file_bytes: bytes | None = None,
        timestamp: datetime.datetime | None = None,
        **_: Any,
    ) -> None:
        """Take one packet."""
        if test_id is None:
            return
        if file_name is not None:
            before = self._said[test_id].get(file_name, b"")
            self._said[test_id][file_name] = before + bytes(file_bytes or b"")
        if test_status == "inprogress":
            self._said.pop(test_id, None)
            if timestamp:
                self._began[test_id] = timestamp
            self._heard.start(test_id)
        elif test_status in STATUSES:
            began = self._began.pop(test_id, None)
            seconds = (timestamp - began).total_seconds() if timestamp and began else 0.0
            tail = _tail(self._said.pop(test_id, {}))
            self._heard.stop(test_id, Outcome(STATUSES[test_status], seconds, tail))


def _tail(said: Mapping[str, bytes]) -> str:
    """Return the last lines of what was attached, the reason or the traceback if there is one."""
    chosen = [it for name, it in said.items() if name.startswith(("traceback", "reason"))]
    text = b"\n".join(chosen or said.values()).decode("utf-8", "replace")
    return "\n".join(text.rstrip().splitlines()[-LINES:])[-LONGEST:]
