"""Run commands in turn and measure each: wall clock, processor time, memory, findings.

Stays small on purpose: a process that starts another passes its own peak of
memory on to it, so whatever is imported here is a floor under every figure.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

MEBIBYTE = 1024  # of the kibibytes that ru_maxrss counts


@dataclass(frozen=True)
class Command:
    """A command line, and how its output is read.

    `findings` and `unread` are regular expressions for what it found and for
    the files it gave up on. Where one has a group, the group states the number;
    where it has none, its matches are counted. A command without `findings` is
    not expected to find anything. `before` is run, unmeasured, before each run.
    """

    label: str
    arguments: Sequence[str]
    findings: str = ""
    unread: str = ""
    folder: Path = field(default_factory=Path)
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[int] = frozenset({0, 1})
    before: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Run:
    """One run; `problem` says why it counts for nothing."""

    wall: float
    processor: float
    peak: float
    findings: int
    unread: int
    problem: str


@dataclass(frozen=True)
class Measured:
    """All runs of one command."""

    command: Command
    runs: tuple[Run, ...]

    @property
    def problem(self) -> str:
        """Say why the command failed; empty where each run did the same work."""
        found = {run.findings for run in self.runs}
        uneven = f"findings differ: {sorted(found)}" if len(found) > 1 else ""
        return next((run.problem for run in self.runs if run.problem), uneven)

    @property
    def wall(self) -> float:
        """Return the median of the seconds that passed."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def processor(self) -> float:
        """Return the median of the seconds of processor time, of all processes together."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def peak(self) -> float:
        """Return the median of the largest process's memory, in MiB."""
        return statistics.median(run.peak for run in self.runs)


def alternate(commands: Iterable[Command], repeat: int) -> dict[str, Measured]:
    """Run all commands in turn, again and again, so that a slow moment hits all of them.

    A command that failed is not run again.
    """
    commands = list(commands)
    runs: dict[str, list[Run]] = {command.label: [] for command in commands}
    for _ in range(repeat):
        for command in commands:
            own = runs[command.label]
            if not any(run.problem for run in own):
                own.append(run_once(command))
    return {command.label: Measured(command, tuple(runs[command.label])) for command in commands}


def run_once(command: Command) -> Run:
    """Run a command with its output in files, which never make it wait."""
    command.before()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=command.folder,
            env={**os.environ, **command.environment},
        )
        # On Linux this usage covers the process and all that it waited for: times
        # are added up, ru_maxrss is that of the largest.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = [_text(output), _text(errors)]
    text = "\n".join(texts)
    findings = count(command.findings, text)
    problem = ""
    if process.returncode not in command.codes:
        problem = f"exit {process.returncode}"
    elif command.findings and not findings:
        problem = "found nothing"
    return Run(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / MEBIBYTE,
        findings,
        count(command.unread, text),
        problem,
    )


def count(pattern: str, text: str) -> int:
    """Return the number that a pattern's group states, or how often the pattern matches."""
    expression = re.compile(pattern or r"(?!)", re.MULTILINE)
    found = expression.findall(text)
    if expression.groups:
        return sum(int(number.replace(",", "")) for number in found)
    return len(found)


def table(measured: Iterable[Measured]) -> list[str]:
    """Return the Markdown lines of a table of medians."""
    lines = [
        "| command | findings | files given up | wall s | fastest to slowest | CPU s | peak MiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for item in measured:
        label = item.command.label
        if item.problem:
            lines.append(f"| {label} | failed: {item.problem} | | | | | |")
            continue
        walls = [run.wall for run in item.runs]
        found = f"{item.runs[0].findings}" if item.command.findings else ""
        lines.append(
            f"| {label} | {found} | {item.runs[0].unread or ''} | {item.wall:.2f}"
            f" | {min(walls):.2f} to {max(walls):.2f} | {item.processor:.2f} | {item.peak:.0f} |"
        )
    return lines


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
