"""What a project's own linters report on the files of a review, from a run of them."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import RunError

LINE = re.compile(
    r"^(?P<path>[^\s:][^:\n]*):(?P<row>\d+)(?::\d+)?:\s*\[?(?P<code>[A-Z]+\d+)\]?:?\s"
)
PATIENCE = 300  # seconds for one linter


@dataclass(frozen=True)
class Report:
    """What a linter reports on a row."""

    linter: str
    code: str
    row: int


class LinterError(RunError):
    """A linter that cannot be run; the message names it and the remedy."""


def reports(
    commands: Iterable[str], files: Sequence[Path], top: Path
) -> Mapping[Path, list[Report]]:
    """Return what linters report on some files, by path; each is run once, in the folder `top`.

    Raises LinterError.
    """
    found: dict[Path, list[Report]] = {}
    for command in commands if files else ():
        words = shlex.split(command)
        for match in map(LINE.match, _output(words, files, top).splitlines()):
            if match:
                path = (top / match["path"]).resolve()
                report = Report(Path(words[0]).name, match["code"], int(match["row"]))
                found.setdefault(path, []).append(report)
    return found


def _output(words: Sequence[str], files: Sequence[Path], top: Path) -> str:
    shown = shlex.join(words)
    where = "correct [tool.fixtests.review] linters"
    if not words:
        raise LinterError(f"an empty command is no linter; {where}")
    try:
        done = subprocess.run(
            [*words, *map(str, files)],
            cwd=top,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except OSError as error:
        raise LinterError(f"{shown}: cannot be run: {error.strerror}; {where}") from None
    except subprocess.TimeoutExpired:
        raise LinterError(f"{shown}: takes more than {PATIENCE} seconds; {where}") from None
    if done.returncode not in (0, 1):
        told = (done.stderr or done.stdout).strip().partition("\n")[0]
        raise LinterError(f"{shown}: ends with {done.returncode}: {told}; {where}")
    return done.stdout
