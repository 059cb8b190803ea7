"""Run this branch and its parent in turn on the same inputs, and say what got slower.

Usage: parent.py TREE [--tests PATH] [--parent COMMIT] [--rounds N]

TREE is an unpacked tree, which is never written to. Measured is processor time. Something got
slower where it took longer in so many of the rounds that chance would seldom have it so, and by
more than nobody cares about; the exit code is 1 then. What both find is compared as well.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import measure
from comparisons import CHECK, DRY_RUN, FOUND, FUNCTIONAL
from measure import Command, Measured
from peers import REPOSITORY, described

ROUNDS = 9
CHANCE = 0.05  # how likely it may be that noise alone has a command slower so often
MATTERS = 0.03  # the share by which it has to be slower for anybody to care
MAIN = "main"
ONE_LINE = "import os\n"


@dataclass(frozen=True)
class Pair:
    """What one input took, in each round, the parent and the branch."""

    label: str
    before: Sequence[float]
    after: Sequence[float]

    @property
    def ratio(self) -> float:
        """Return the median of what the branch took of the parent's time in each round."""
        return statistics.median(
            new / old for old, new in zip(self.before, self.after, strict=True)
        )

    @property
    def slower(self) -> bool:
        """Tell whether the branch is slower, beyond noise and by enough."""
        return self.ratio > 1 + MATTERS and chance(self.before, self.after) <= CHANCE

    @property
    def faster(self) -> bool:
        """Tell whether the branch is faster, beyond noise and by enough."""
        return self.ratio < 1 / (1 + MATTERS) and chance(self.after, self.before) <= CHANCE

    def row(self) -> str:
        """Return the row of the table."""
        said = "slower" if self.slower else "faster" if self.faster else ""
        before, after = statistics.median(self.before), statistics.median(self.after)
        return f"| {self.label} | {before:.3f} | {after:.3f} | {self.ratio:.2f} | {said} |"


def chance(less: Sequence[float], more: Sequence[float]) -> float:
    """Return how likely it is that of two equal commands one is slower as often as `more` is.

    Each round is a coin then, and those in which both took the same time say nothing.
    """
    rounds = [(one, other) for one, other in zip(less, more, strict=True) if one != other]
    often = sum(one < other for one, other in rounds)
    ways = sum(math.comb(len(rounds), count) for count in range(often, len(rounds) + 1))
    return ways / 2 ** len(rounds)


def main() -> int:
    options = arguments()
    tree = options.tree.resolve()
    with tempfile.TemporaryDirectory() as folder, checked_out(options.parent) as parent:
        scratch = Path(folder)
        sides = {"parent": parent / "src", "branch": REPOSITORY / "src"}
        commands = [
            command
            for label, where, words in inputs(tree, options.tests, scratch)
            for command in beside(label, where, words, sides, scratch)
        ]
        for command in commands:
            measure.run_once(command)  # whatever is compiled, or kept from run to run
        measured = measure.alternate(commands, options.rounds)
        revision = _git("rev-parse", "--short", "HEAD", cwd=parent)
    print(described(tree, ("click", "libcst")))
    print(f"Medians of {options.rounds}; the parent is {revision}.\n")
    problems = [*unlike(measured)]
    pairs = [] if problems else list(paired(measured))
    print("\n".join(table(pairs)))
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return int(bool(problems) or any(pair.slower for pair in pairs))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", type=Path, help="an unpacked tree")
    parser.add_argument("--tests", default=FUNCTIONAL, help="its tests (%(default)s)")
    parser.add_argument("--parent", help=f"a commit, by default where the branch left {MAIN}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


@contextmanager
def checked_out(commit: str | None) -> Iterator[Path]:
    """Give a work tree of a commit for as long as the block runs."""
    left = commit or _git("merge-base", "HEAD", MAIN)
    if commit is None and left == _git("rev-parse", "HEAD"):
        left = "HEAD^"
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "parent"
        _git("worktree", "add", "--quiet", "--detach", str(where), left)
        try:
            yield where
        finally:
            _git("worktree", "remove", "--force", str(where))


def inputs(tree: Path, tests: str, scratch: Path) -> Iterator[tuple[str, Path, Sequence[str]]]:
    """Yield what is measured: its name, the folder it runs in, and its words."""
    small = scratch / "small"
    small.mkdir()
    (small / "fixtests.toml").write_text("root = true\n")
    (small / "test_one.py").write_text(ONE_LINE)
    yield "--version", small, ["--version"]
    yield "check, one line", small, ["check", "--no-cache", "test_one.py"]
    yield "check, cold", tree, [*CHECK, "--no-cache", "--jobs", "1", tests]
    yield "--dry-run, cold", tree, [*DRY_RUN, "--no-cache", "--jobs", "1", tests]
    yield "check, warm", tree, [*CHECK, "--cache-dir", "CACHE", tests]


def beside(
    label: str, where: Path, words: Sequence[str], sides: dict[str, Path], scratch: Path
) -> Iterator[Command]:
    """Yield the command of each side for an input; each has a cache of its own."""
    for side, source in sides.items():
        given = [str(scratch / f"cache-{side}") if word == "CACHE" else word for word in words]
        yield Command(
            f"{label}: {side}",
            [sys.executable, "-m", "fixtests", *given],
            FOUND if where.name != "small" else "",
            folder=where,
            environment={"PYTHONPATH": str(source)},
        )


def unlike(measured: dict[str, Measured]) -> Iterator[str]:
    """Yield what failed, and where both sides do not find the same."""
    for label, item in measured.items():
        if item.problem:
            yield f"{label}: {item.problem}"
    for label, before, after in sides_of(measured):
        found = [item.runs[0].findings for item in (before, after)]
        if found[0] != found[1]:
            yield f"{label}: {found[0]} findings before, {found[1]} now"


def paired(measured: dict[str, Measured]) -> Iterator[Pair]:
    """Yield what each input took on both sides."""
    for label, before, after in sides_of(measured):
        times = ([run.processor for run in item.runs] for item in (before, after))
        yield Pair(label, *times)


def sides_of(measured: dict[str, Measured]) -> Iterator[tuple[str, Measured, Measured]]:
    """Yield each input with what was measured of the parent and of the branch."""
    for label, before in measured.items():
        name, _, side = label.rpartition(": ")
        if side == "parent":
            yield name, before, measured[f"{name}: branch"]


def table(pairs: Sequence[Pair]) -> list[str]:
    """Return the Markdown lines of a table."""
    head = ["| input | parent, CPU s | branch, CPU s | ratio | |", "|---|---:|---:|---:|---|"]
    return [*head, *(pair.row() for pair in pairs)]


def _git(*words: str, cwd: Path = REPOSITORY) -> str:
    done = subprocess.run(["git", *words], cwd=cwd, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
