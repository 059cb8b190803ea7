"""Kept results in a real tree: the same as found anew, after each of many changes.

Copies a folder and changes one file below TESTS after the other, at random, or
a file that these look at: statements go, definitions get other names, files
and packages come and go (tests/changes.py); every third time a comment, a blank
line or a helper that none calls comes into a file that others import, and every
third time the body of a function of such a file changes. After each
change a dry run of all rules with the results of the runs before must print what a
run without them prints. Prints how long both took in all. Exit 1 where they differ.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import changes

WORD = re.compile(rb"(?<=import )\w+|(?<=\.)\w+(?= import)")
EVERYTHING = ("--dry-run", "--select", "ALL", "--unsafe-fixes")
TIMES = 50
PROGRESS = re.compile(rb"^[0-9,]+ of [0-9,]+ files\n", re.MULTILINE)  # once a minute


def main() -> int:
    """Change and compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", help="a tree, of which a copy is changed")
    parser.add_argument("tests", metavar="TESTS", help="what is looked at, relative to it")
    parser.add_argument("count", nargs="?", type=int, default=TIMES, metavar="CHANGES")
    parser.add_argument("seed", nargs="?", type=int, default=1, help="what they follow from")
    options = parser.parse_args()
    folder, tests, count = options.folder, options.tests, options.count
    rng = changes.numbers(options.seed)
    wrong = 0
    spent = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as scratch:
        root, cache = Path(scratch, Path(folder).name), Path(scratch, "cache")
        shutil.copytree(folder, root, symlinks=True)
        (root / "setup.cfg").touch()
        files = changes.python_files(root / tests)
        (found, words, _), _ = timed(root, tests, "--cache-dir", str(cache))
        if not found:
            raise SystemExit(f"error: {folder}: nothing to fix in {tests}: {words.decode()}")
        for number in range(count):
            if number % 3 == 0:
                what = changes.change(root, files, rng)
            elif number % 3 == 1:
                what = changes.slight_change(root, imported(root, files), rng)
            else:
                what = changes.bodily_change(root, imported(root, files), rng)
            kept, first = timed(root, tests, "--cache-dir", str(cache))
            anew, second = timed(root, tests, "--no-cache")
            spent = [spent[0] + first, spent[1] + second]
            wrong += kept != anew
            verdict = "as anew" if kept == anew else "DIFFERS"
            print(f"{number + 1:>4} {first:6.2f} s  {second:6.2f} s  {verdict}  {what}", flush=True)
    print(f"{count} changes, {wrong} differ; {spent[0]:.1f} s with kept results, {spent[1]:.1f} s")
    return 1 if wrong else 0


def imported(root: Path, files: list[Path]) -> list[Path]:
    """Return the files that others import, as their names tell, those in folders above too."""
    words = {word for path in files if path.exists() for word in WORD.findall(path.read_bytes())}
    above = {item for path in files for item in path.parents if item.is_relative_to(root)}
    beside = (item for folder in above for item in folder.glob("*.py"))
    return sorted(
        item
        for item in {*files, *beside}
        if item.exists() and item.stat().st_size and item.stem.encode() in words
    )


def timed(root: Path, tests: str, *options: str) -> tuple[tuple[bytes, bytes, int], float]:
    """Return what a dry run answered, and how long it took."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "fixtests", *EVERYTHING, *options, tests],
        cwd=root,
        capture_output=True,
        check=False,
    )
    words = PROGRESS.sub(b"", done.stderr)
    return (done.stdout, words, done.returncode), time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
