"""Runs one command, and ends all that it started when it ends or when its parent is no more.

A script, started by `verify/process.py` in a session of its own: neither a signal to our process
group nor `kill -9` of us reaches it, but the end of the pipe that it reads does.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PROCESSES = Path("/proc")
ROUNDS = 500  # of ending what is left


def main(command: list[str]) -> int:
    """Run a command until it ends, or until standard input ends; return its code."""
    _adopt()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        return 127
    while child.poll() is None:
        if 0 in select.select([0, reading], [], [])[0]:
            break
        os.read(reading, 512)
    _end(child)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _adopt() -> None:
    """Become the parent of what loses its own, so that daemons of tests are found, on Linux."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for _ in range(ROUNDS):
        left = list(_children())
        if not left:
            return
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def _children() -> Iterator[int]:
    """Yield the processes that are ours to end."""
    own = str(os.getpid())
    for path in PROCESSES.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if path.read_text(encoding="latin-1").rpartition(")")[2].split()[1] == own:
                yield int(path.parent.name)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
