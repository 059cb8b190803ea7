"""Lines of JSON that say what tests do, appended to a file at once: a killed process leaves them.

Tests replace functions and clear the environment: all that is used is taken when this is loaded.
"""

from __future__ import annotations

import traceback
from json import dumps
from os import O_APPEND, O_CREAT, O_WRONLY, close, environ, write
from os import open as open_descriptor
from types import TracebackType

FILE = environ.get("FIXTESTS_EVENTS", "")
LINES = 20  # of a failure
LONGEST = 4000  # characters of them
FLAGS = O_WRONLY | O_APPEND | O_CREAT


def send(event: str, **facts: object) -> None:
    """Append one event; where nobody listens, nothing."""
    if FILE:
        line = dumps({"event": event, **facts}).encode("ascii") + b"\n"
        descriptor = open_descriptor(FILE, FLAGS, 0o600)
        try:
            write(descriptor, line)
        finally:
            close(descriptor)


def tail(text: str) -> str:
    """Return the last lines of a text."""
    return "\n".join(text.rstrip().splitlines()[-LINES:])[-LONGEST:]


def failure(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> str:
    """Return the last lines of what a traceback says; objects may fail to say what they are."""
    try:
        return tail("".join(traceback.format_exception(kind, error, trace)))
    except Exception:
        return str(kind)
