"""Runs a command under a guard, until it ends or shows no sign of life for too long."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fixtests.files import interpreter
from fixtests.verify.lease import Lease

GUARD = Path(__file__).with_name("guard.py")
STEP = 0.05  # seconds between two looks
GRACE = 5.0  # seconds for a process to end after it has said all
LONGEST = 4000  # bytes of output that are kept


class StoppedError(Exception):
    """The bench is closed, or a lease has ended: what runs was ended."""


@dataclass(frozen=True)
class Limits:
    """Until when a command may run.

    `signs` returns something else whenever there was a sign of life, of which one is expected every
    `silence` seconds; `is_done` tells whether all is said. `stopping` ends everything, and so does
    the end of a `lease`, where there is one.
    """

    signs: Callable[[], object]
    is_done: Callable[[], bool]
    silence: float
    stopping: threading.Event
    lease: Lease | None = None


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


class _Leave:
    """Tells a guard of each renewal of a lease, as long as that is held.

    Raises StoppedError where it is not from the first on.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._asked = lease.asked
        self._told = time.monotonic()
        self._check(lease.is_held)

    def pass_on(self, guard: IO[bytes] | None) -> None:
        """Let a guard go on if there is a new reason to. Raises StoppedError."""
        self._check(self._lease.is_held)
        if self._asked != self._lease.asked and guard:
            self._asked = self._lease.asked
            self._told = time.monotonic()
            with contextlib.suppress(BrokenPipeError):
                os.write(guard.fileno(), b".")

    def look_back(self) -> None:
        """Raise StoppedError where the guard may have ended its process for want of a lease.

        A process that was stopped for a while only sees that its guard is gone.
        """
        self._check(time.monotonic() - self._told < self._lease.seconds)

    @staticmethod
    def _check(is_fine: bool) -> None:
        if not is_fine:
            raise StoppedError("the lease has ended")


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
    leave = _Leave(limits.lease) if limits.lease else None
    patience = limits.lease.seconds if limits.lease else 0.0
    with subprocess.Popen(
        [interpreter.own(), "-I", "-S", str(GUARD), str(patience), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=dict(environment),
        start_new_session=True,
    ) as guard:
        readers = [_start(tail.listen, guard.stdout), _start(tail.read, guard.stderr)]
        try:
            is_late = _wait(guard, limits, leave)
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


def _wait(guard: subprocess.Popen[bytes], limits: Limits, leave: _Leave | None) -> bool:
    """Wait for the end; tell whether there was no sign of life for too long."""
    seen, since = limits.signs(), time.monotonic()
    done_since = 0.0
    while guard.poll() is None:
        if limits.stopping.wait(STEP):
            raise StoppedError
        if leave:
            leave.pass_on(guard.stdin)
        signs, now = limits.signs(), time.monotonic()
        if signs != seen:
            seen, since = signs, now
        if limits.is_done():
            done_since = done_since or now
            if now - done_since > GRACE:
                return False
        elif now - since > limits.silence:
            return True
    if leave:
        leave.look_back()
    return False
