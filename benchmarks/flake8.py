"""flake8 over the tests of a tree, without and with the plug-in, and `fixtests check` beside it.

Usage: flake8.py TREE TESTS [REPEAT]

Runs the three in turn, by the configuration of flake8 in the tree, without kept results; the
plug-in is to find what `check` finds, and to take at most 1.2 times what it takes. What else the
tree's own plug-ins need, such as hacking, has to be installed. Exit 1 where either is not so.
"""

from __future__ import annotations

import argparse
import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import measure

LIMIT = 1.2
REPEAT = 5
FOUND = re.compile(r"^(\S+?):(\d+):(\d+): (?:(FT\d+)(?: \[\*\])?|(error):) (.*)$", re.MULTILINE)
WITHOUT, WITH, CHECK = "flake8", "flake8 with FT", "fixtests check"


def main() -> int:
    """Compare findings, measure, print both and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree")
    parser.add_argument("tests", metavar="TESTS", help="what is looked at, relative to it")
    parser.add_argument("repeat", nargs="?", type=int, default=REPEAT)
    options = parser.parse_args()
    tree, tests = options.tree, options.tests
    lines = {WITHOUT: flake8(tests), WITH: [*flake8(tests), extensions(Path(tree))]}
    lines[CHECK] = [sys.executable, "-m", "fixtests", "check", "--output-format", "concise"]
    lines[CHECK] += ["--no-cache", tests]
    ours, theirs = (found(lines[label], tree) for label in (WITH, CHECK))
    for line in sorted(ours ^ theirs):
        print("only", WITH if line in ours else CHECK, *line)
    commands = [measure.Command(label, line, folder=Path(tree)) for label, line in lines.items()]
    measured = measure.alternate(commands, options.repeat)
    print(f"{len(ours)} findings, {len(ours ^ theirs)} differ; load {os.getloadavg()[0]:.1f}\n")
    print("\n".join(measure.table(measured.values())))
    for what in ("wall", "processor"):
        fastest = (min(getattr(run, what) for run in measured[label].runs) for label in lines)
        share(f"{what}, fastest runs", *fastest)
    met = [
        share(what, *(getattr(measured[label], what) for label in lines)) <= LIMIT
        for what in ("wall", "processor")
    ]
    return 0 if ours == theirs != set() and all(met) else 1


def share(what: str, without: float, both: float, check: float) -> float:
    """Print what the plug-in adds, and return it as a share of what `check` takes."""
    found = (both - without) / check
    print(f"{what}: the plug-in adds {both - without:.2f} s, {found:.2f} times check ({LIMIT:g})")
    return found


def flake8(tests: str) -> list[str]:
    return [sys.executable, "-m", "flake8", tests]


def extensions(tree: Path) -> str:
    """Return the option that turns the plug-in on beside what the tree's configuration does."""
    config = configparser.ConfigParser(interpolation=None)
    config.read([tree / name for name in ("setup.cfg", "tox.ini", ".flake8")])
    known = config.get("flake8", "enable-extensions", fallback="")
    return f"--enable-extensions={','.join(filter(None, (known.strip(), 'FT')))}"


def found(command: list[str], tree: str) -> set[tuple[str, ...]]:
    """Return place, code and message of what fixtests finds."""
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return {match.groups("") for match in FOUND.finditer(done.stdout)}


if __name__ == "__main__":
    sys.exit(main())
