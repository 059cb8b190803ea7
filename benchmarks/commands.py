"""Run commands of LibCST and scripts of Bowler by `fixtests migrate` and by their own programs.

    python benchmarks/commands.py TREE [--times N] [--only WORD]

TREE is copied. For each command the two programs work alternately on copies of it; processor time
is that of the programs and what they start. Then it is seen that the preview of `fixtests`, applied
by git, gives what it writes, and how many files come out as from the other program.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
OURS = [PYTHON, "-m", "fixtests", "migrate", "--quiet", "--exit-zero", "--once", "--jobs", "2"]
THEIRS = [PYTHON, "-m", "libcst.tool", "codemod"]
HOW = ["-x", "--no-format", "--hide-progress", "-j", "2"]
LIBCST = "libcst.codemod.commands."
COMMANDS = {
    "f-strings": ["convert_format_to_fstring.ConvertFormatStringCommand"],
    "percent format": ["convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"],
    "unnecessary f-strings": ["unnecessary_format_string.UnnecessaryFormatString"],
    "type comments": ["convert_type_comments.ConvertTypeComments"],
    "imports": [
        "ensure_import_present.EnsureImportPresentCommand",
        "--module=zlib",
        "--entity=crc32",
    ],
}
# As Bowler's documentation has them: a rename, an argument, an import.
SCRIPTS = {
    "rename": 'Query(".").select_method("_create_server").rename("_boot_server")',
    "argument": 'Query(".").select_method("_create_flavor").add_argument("note", "None", True)',
    "import": 'Query(".").select_module("nova.tests.fixtures").rename("nova.tests.local_fixtures")',
}


def main() -> int:
    """Do it, print a table, and return 1 where a preview is not what is written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    wrong = 0
    print("| command | files | as theirs | preview | seconds | theirs | ratio |")
    print("|---|---:|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for pair in pairs(Path(folder)):
            if asked.only in pair.name:
                trial = Trial(pair, asked.tree, Path(folder))
                print(trial.row(asked.times), flush=True)
                wrong += not trial.same
    return 1 if wrong else 0


@dataclass(frozen=True)
class Pair:
    """What is called in a tree, by us and by its own program."""

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]


def pairs(folder: Path) -> Iterator[Pair]:
    """Yield the commands, with scripts written to a folder."""
    for name, (command, *words) in COMMANDS.items():
        whole = [LIBCST + command, *words]
        yield Pair(name, [*OURS, *whole, "."], [*THEIRS, whole[0], *HOW, *whole[1:], "."])
    for name, query in SCRIPTS.items():
        script = folder / f"{name}.py"
        script.write_text(f"from bowler import Query\n\n{query}.write()\n")
        yield Pair(name, [*OURS, str(script), "."], [PYTHON, str(script)])


class Trial:
    """One command over copies of a tree."""

    def __init__(self, pair: Pair, tree: Path, folder: Path) -> None:
        self.same = False
        self._pair = pair
        self._tree = tree
        self._folder = folder

    def row(self, times: int) -> str:
        """Run both alternately and return their line of the table."""
        ours, theirs = [], []
        for _ in range(times):
            ours.append(self._timed(self._pair.ours, "ours"))
            theirs.append(self._timed(self._pair.theirs, "theirs"))
        preview = self._copy("preview")
        diff = self._run([*self._pair.ours[:4], "--dry-run", *self._pair.ours[4:]], preview)
        if diff:
            subprocess.run(
                ["git", "apply", "--unsafe-paths", "-"], input=diff, cwd=preview, check=True
            )
        written = self._files("ours")
        self.same = written == self._files("preview")
        before, by_them = self._files_of(self._tree), self._files("theirs")
        changed = [name for name, text in written.items() if text != before[name]]
        alike = sum(written[name] == by_them[name] for name in changed)
        one, other = statistics.median(ours), statistics.median(theirs)
        told = "the same" if self.same else "ANOTHER"
        return (
            f"| {self._pair.name} | {len(changed)} | {alike} | {told} "
            f"| {one:.1f} | {other:.1f} | {one / other:.2f} |"
        )

    def _copy(self, name: str) -> Path:
        place = self._folder / name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self._tree, place)
        subprocess.run(["git", "init", "-q"], cwd=place, check=True)
        return place

    def _timed(self, command: Sequence[str], name: str) -> float:
        place = self._copy(name)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._run(command, place)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _run(self, command: Sequence[str], place: Path) -> bytes:
        state = {f"FIXTESTS_{kind}_DIR": str(self._folder / kind) for kind in ("CACHE", "STATE")}
        done = subprocess.run(command, cwd=place, env={**os.environ, **state}, capture_output=True)
        return done.stdout

    def _files(self, name: str) -> dict[str, bytes]:
        return self._files_of(self._folder / name)

    def _files_of(self, place: Path) -> dict[str, bytes]:
        return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*.py")}


if __name__ == "__main__":
    sys.exit(main())
