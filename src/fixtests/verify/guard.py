"""Runs one command, and ends all that it started when it ends or when its parent is no more.

A script, started by `verify/process.py` in a session of its own: neither a signal to our process
group nor `kill -9` of us reaches it, but the end of the pipe that it reads does. Where tests run by
a lease, so does a parent that has stopped: nothing comes through the pipe any more.
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


def main(patience: float, command: list[str]) -> int:
    """Run a command until it ends, or until standard input ends; return its code.

    With `patience`, it is ended when nothing comes through standard input for so many seconds.
    """
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
    limit = time.monotonic() + patience
    while child.poll() is None:
        left = max(0.0, limit - time.monotonic()) if patience else None
        ready = select.select([0, reading], [], [], left)[0]
        if 0 in ready:
            if not os.read(0, 512):
                break
            limit = time.monotonic() + patience
        elif reading in ready:
            os.read(reading, 512)
        else:
            break
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
    os._exit(main(float(sys.argv[1]), sys.argv[2:]))
