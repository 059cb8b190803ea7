"""Runs a command under a guard, until it ends or shows no sign of life for too long."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

GUARD = Path(__file__).with_name("guard.py")
STEP = 0.05  # seconds between two looks
GRACE = 5.0  # seconds for a process to end after it has said all
LONGEST = 4000  # bytes of output that are kept


class StoppedError(Exception):
    """The bench is closed: what runs was ended."""


@dataclass(frozen=True)
class Limits:
    """Until when a command may run.

    `signs` returns something else whenever there was a sign of life, of which one is expected every
    `silence` seconds; `is_done` tells whether all is said. `stopping` ends everything.
    """

    signs: Callable[[], object]
    is_done: Callable[[], bool]
    silence: float
    stopping: threading.Event


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code, whether it was ended for its silence, its last output."""

    code: int
    is_late: bool
    output: str


class Tail:
    """Keeps the last of what a command prints; `count` grows with each piece."""

    def __init__(self) -> None:
        self.kept = b""
        self.count = 0

    def add(self, piece: bytes) -> None:
        """Keep the end of what was printed by now."""
        self.kept = (self.kept + piece)[-LONGEST:]
        self.count += len(piece)

    def listen(self, stream: IO[bytes]) -> None:
        """Read standard output to its end."""
        self.read(stream)

    def read(self, stream: IO[bytes]) -> None:
        """Read any stream to its end."""
        while piece := stream.read1(65536):  # type: ignore[attr-defined]
            self.add(piece)

    @property
    def text(self) -> str:
        """Return it as text."""
        return self.kept.decode("utf-8", "replace").strip()


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    limits: Limits,
    tail: Tail,
) -> Ended:
    """Run a command in a folder; what it prints goes into a tail, which may read it in its way.

    Raises StoppedError where that is asked for meanwhile.
    """
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=dict(environment),
        start_new_session=True,
    ) as guard:
        readers = [_start(tail.listen, guard.stdout), _start(tail.read, guard.stderr)]
        try:
            is_late = _wait(guard, limits)
        finally:
            if guard.stdin:
                guard.stdin.close()  # it ends what it guards
            code = guard.wait()
            for thread in readers:
                thread.join(GRACE)
        return Ended(code, is_late, tail.text)


def _start(reader: Callable[[IO[bytes]], None], stream: IO[bytes] | None) -> threading.Thread:
    thread = threading.Thread(target=reader, args=(stream,), daemon=True)
    thread.start()
    return thread


def _wait(guard: subprocess.Popen[bytes], limits: Limits) -> bool:
    """Wait for the end; tell whether there was no sign of life for too long."""
    seen, since = limits.signs(), time.monotonic()
    done_since = 0.0
    while guard.poll() is None:
        if limits.stopping.wait(STEP):
            raise StoppedError
        signs, now = limits.signs(), time.monotonic()
        if signs != seen:
            seen, since = signs, now
        if limits.is_done():
            done_since = done_since or now
            if now - done_since > GRACE:
                return False
        elif now - since > limits.silence:
            return True
    return False
