"""The two streams: findings and diffs to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from fixtests.report.location import visible

LONG_RUN = 40  # files; below this a progress bar would only flicker
EACH = 60  # seconds between two lines about a run
STYLES: tuple[tuple[bytes, dict[str, Any]], ...] = (
    (b"diff ", {"bold": True}),
    (b"--- ", {"bold": True}),
    (b"+++ ", {"bold": True}),
    (b"@@", {"fg": "cyan"}),
    (b"-", {"fg": "red"}),
    (b"+", {"fg": "green"}),
)


_printed: list[tuple[bool, bytes]] | None = None  # whether to stderr, and what


def transcribe() -> list[tuple[bool, bytes]]:
    """Keep what is printed from now on, progress left out, and return the growing list."""
    global _printed
    _printed = []
    return _printed


def _keep(data: bytes, *, error: bool = False) -> None:
    if _printed is not None:
        _printed.append((error, data))


class Screen:
    """Where a run prints. `color` is auto, always or never."""

    def __init__(self, color: str, *, quiet: bool = False) -> None:
        self.quiet = quiet
        terminal = sys.stdout is not None and sys.stdout.isatty()
        self.colored = color == "always" or (color == "auto" and terminal)

    def emit(self, line: str) -> None:
        """Print a line of the report; what the terminal cannot show is escaped."""
        stream = sys.stdout
        if stream is None:  # it was closed before we began, so nobody wants the report
            return
        encoding = stream.encoding or "utf-8"
        data = line.encode(encoding, "backslashreplace") + b"\n"
        _keep(data)
        stream.write(data.decode(encoding))

    def emit_diff(self, diff: bytes) -> None:
        """Print a diff as the bytes that it is, coloured on a terminal."""
        if sys.stdout is None:
            return
        sys.stdout.flush()
        out = sys.stdout.buffer
        if self.colored:
            diff = b"".join(_styled(line) + b"\n" for line in diff.split(b"\n")[:-1])
        _keep(diff)
        out.write(diff)
        out.flush()

    def note(self, line: str) -> None:
        """Print a line of the summary, unless quiet."""
        if not self.quiet:
            self.warn(line)

    def warn(self, line: str) -> None:
        """Print what the user must see; names in it cannot move the terminal's cursor."""
        line = "\n".join(map(visible, line.split("\n")))
        _keep(f"{line}\n".encode("utf-8", "backslashreplace"), error=True)
        click.echo(line, err=True)

    def flush(self) -> None:
        """Send off what was printed. Raises OSError where it is not taken."""
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()

    def abandon(self) -> None:
        """Send the rest nowhere, so that the interpreter's own flush at its end succeeds."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                os.dup2(nowhere, stream.fileno())

    @contextmanager
    def progress(self, files: Sequence[object]) -> Iterator[Callable[[], None]]:
        """Yield what is to be called after each file; a bar shows on a terminal in long runs.

        Elsewhere a line a minute does.
        """
        if self.quiet or len(files) < LONG_RUN:
            yield _nothing
            return
        if sys.stderr is None or not sys.stderr.isatty():
            yield Told(self, len(files)).one_more
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Checking", total=len(files))
            yield lambda: bar.advance(task)


class Told:
    """How far a run is, said once a minute where no bar can show it."""

    def __init__(self, screen: Screen, total: int) -> None:
        self._screen = screen
        self._total = total
        self._done = 0
        self._said = time.monotonic()

    def one_more(self) -> None:
        """Note that a file is done."""
        self._done += 1
        if (now := time.monotonic()) - self._said >= EACH:
            self._said = now
            self._screen.warn(f"{self._done:,} of {self._total:,} files")


def _nothing() -> None:
    """Do nothing after a file."""


def _styled(line: bytes) -> bytes:
    for prefix, style in STYLES:
        if line.startswith(prefix):
            on, _, off = click.style("\0", **style).partition("\0")
            return on.encode() + line + off.encode()
    return line
