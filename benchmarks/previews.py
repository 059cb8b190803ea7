"""Preview `specific_assertions` over whole trees, beside LibCST's own program and `git grep`.

    python benchmarks/previews.py TREE... [--repeat N]

The trees are copied into one repository. The programs run in turn on two processors: `fixtests
migrate --dry-run`, a LibCST command that makes the same change (peers/libcst_assertions.py), and
`git grep` of what the codemod looks for in a file.
"""

from __future__ import annotations

import argparse
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import measure
from measure import Command

REPOSITORY = Path(__file__).resolve().parent.parent
PEERS = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).with_name("peers")), *sys.path])}
SCRIPT = REPOSITORY / "codemods" / "specific_assertions.py"
OURS = (sys.executable, "-m", "fixtests", "migrate", SCRIPT.stem, "--dry-run", "-j2")
THEIRS = (sys.executable, "-m", "libcst.tool", "codemod", "-x")
COMMAND = "libcst_assertions.SpecificAssertions"
HOW = ("--no-format", "--hide-progress", "-j", "2", "-u", "3")
FOUND = r"^Would fix ([\d,]+) findings?"
CHANGED = r"^\+[^+]"


def main() -> int:
    """Measure, print a table, and return 1 where a program failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", type=Path, nargs="+")
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tree in asked.trees:
            shutil.copytree(
                tree, folder / "trees" / tree.name, ignore=shutil.ignore_patterns(".git")
            )
        git = ("git", "-C", str(folder / "trees"))
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "-A"], check=True)
        measured = measure.alternate(commands(folder), asked.repeat)
    print("\n".join(measure.table(measured.values())))
    return 1 if any(item.problem for item in measured.values()) else 0


def commands(folder: Path) -> list[Command]:
    """Return what is measured in the folder's trees."""
    place = folder / "trees"
    trees = sorted(tree.name for tree in place.iterdir() if tree.name != ".git")
    ours = (*OURS, "--cache-dir", str(folder / "cache"), *trees)
    theirs = (*THEIRS, COMMAND, *HOW, *trees)
    grep = ("git", "grep", "-nP", needle(), "--", "*.py")
    return [
        Command("fixtests migrate", ours, FOUND, folder=place),
        Command("LibCST codemod", theirs, CHANGED, "^Failed to codemod (\\d+)", place, PEERS),
        Command("git grep", grep, r"^\S+:\d+:", folder=place),
    ]


def needle() -> str:
    """Return the pattern that a file must hold for the codemod to look into it."""
    pattern: re.Pattern[bytes]
    (pattern,) = runpy.run_path(str(SCRIPT))["SpecificAssertions"].needles
    return pattern.pattern.decode()


if __name__ == "__main__":
    raise SystemExit(main())
