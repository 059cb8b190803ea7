"""The two streams: findings and diffs to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import click

from fixtests.report import colors
from fixtests.report.location import visible

LONG_RUN = 40  # files; below this a progress bar would only flicker
EACH = 60  # seconds between two lines about a run

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

    def __init__(self, color: str, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.colored = colors.wanted(color, sys.stdout)
        self._colored_errors = colors.wanted(color, sys.stderr)

    @property
    def is_one(self) -> bool:
        """Whether one terminal shows both streams, so that nothing need be said on each."""
        streams = (sys.stdout, sys.stderr)
        return all(stream is not None and stream.isatty() for stream in streams)

    def emit(self, line: str) -> None:
        """Print a line of the report; what the terminal cannot show is escaped."""
        stream = sys.stdout
        if stream is None:  # it was closed before we began, so nobody wants the report
            return
        encoding = stream.encoding or "utf-8"
        data = line.encode(encoding, "backslashreplace") + b"\n"
        _keep(data)
        stream.write(data.decode(encoding))

    def emit_page(self, lines: Iterable[str]) -> None:
        """Print Markdown: laid out on a terminal and where colours are forced, else as it is."""
        if self.colored or colors.is_terminal(sys.stdout):
            from fixtests.report import markdown

            lines = markdown.laid_out(lines, colored=self.colored)
        for line in lines:
            self.emit(line)

    def emit_diff(self, diff: bytes) -> None:
        """Print a diff as the bytes that it is, coloured on a terminal."""
        self.emit_bytes(colors.diff(diff) if self.colored else diff)

    def emit_bytes(self, data: bytes) -> None:
        """Print bytes as they are."""
        if sys.stdout is None:
            return
        sys.stdout.flush()
        out = sys.stdout.buffer
        _keep(data)
        out.write(data)
        out.flush()

    def note(self, line: str) -> None:
        """Print a line of the summary, unless quiet."""
        if not self.quiet:
            self.warn(line)

    def warn(self, line: str, role: str = "") -> None:
        """Print what the user must see; names in it cannot move the terminal's cursor.

        `role` is what the line is coloured for.
        """
        line = "\n".join(map(visible, line.split("\n")))
        line = colors.painter(self._colored_errors)(line, role)
        _keep(f"{line}\n".encode("utf-8", "backslashreplace"), error=True)
        click.echo(line, err=True, color=self._colored_errors)

    def ask(self, question: str) -> str:
        """Return the line that answers a question, empty at the end of the input."""
        self.flush()
        sys.stderr.write(colors.painter(self._colored_errors)(question, "question"))
        sys.stderr.flush()
        return sys.stdin.readline()

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
    def progress(self, files: Sequence[object]) -> Iterator[Callable[[float], None]]:
        """Yield what is to be called after each file, with the part of all work that it was.

        In long runs a bar shows that on a terminal; elsewhere a line a minute does.
        """
        if self.quiet or len(files) < LONG_RUN:
            yield _nothing
            return
        if not colors.is_terminal(sys.stderr):
            yield Told(self, len(files)).one_more
            return
        from rich.console import Console
        from rich.progress import Progress

        system: Literal["auto"] | None = "auto" if self._colored_errors else None
        console = Console(stderr=True, color_system=system, force_terminal=True)
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Checking", total=1)
            yield lambda share: bar.advance(task, share)


class Told:
    """How far a run is, said once a minute where no bar can show it."""

    def __init__(self, screen: Screen, total: int) -> None:
        self._screen = screen
        self._total = total
        self._done = 0
        self._said = time.monotonic()

    def one_more(self, share: float) -> None:
        """Note that a file is done, whichever share of the work it was."""
        self._done += 1
        if (now := time.monotonic()) - self._said >= EACH:
            self._said = now
            self._screen.warn(f"{self._done:,} of {self._total:,} files")


def _nothing(share: float) -> None:
    """Do nothing after a file."""
