"""Runs of the command line on a terminal, as a user has it."""

import os
import pty
import subprocess
import sys

LONGEST = 60  # seconds of a run
# A terminal with colours, whatever the tests' own surroundings say.
USUAL = {"TERM": "xterm-256color", "NO_COLOR": "", "FORCE_COLOR": "", "COLUMNS": "80"}


def on_terminal(*arguments, folder, env=None):
    """Return the exit code and all that a run shows on a terminal, errors included."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fixtests", *map(str, arguments)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
        env={**os.environ, **USUAL, **(env or {})},
    )
    os.close(child)
    shown = b""
    while data := _read(parent):
        shown += data
    os.close(parent)
    return process.wait(LONGEST), shown.decode().replace("\r\n", "\n")


def _read(stream):
    try:
        return os.read(stream, 65536)
    except OSError:  # the other side is gone
        return b""
