"""Whole trees: nothing crashes, what is no Python is named, and undo restores every byte.

Usage: trees.py FOLDER...

For each folder, all rules with unsafe fixes run over every Python file in it.
Every file that this Python cannot parse must be named, and no other. A copy of
the folder is fixed and taken back, and must hold the bytes that it held. Exit 1
where something else happens.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

EVERYTHING = (
    "--select",
    "ALL",
    "--unsafe-fixes",
    "--isolated",
    "--exclude",
    "nothing",
    "--no-cache",
)
FAILED = re.compile(r"^error: (\S+?\.py):", re.MULTILINE)


def main() -> int:
    """Look at each folder, print what was seen, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    wrong = 0
    for folder in parser.parse_args().folders:
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch, "tree")
            shutil.copytree(folder, copy / folder.resolve().name, symlinks=True)
            (copy / "setup.cfg").touch()
            wrong += not all([is_named(copy), is_restored(copy, Path(scratch))])
    return 1 if wrong else 0


def is_named(folder: Path) -> bool:
    """Tell whether a dry run ends well and names exactly the files that are no Python."""
    files = list(folder.rglob("*.py"))
    bad = {path.relative_to(folder).as_posix() for path in files if not parses(path)}
    done = fixtests(folder, "--dry-run", *EVERYTHING)
    named = set(FAILED.findall(done.stderr))
    well = done.returncode in (0, 1, 2) and "Traceback" not in done.stderr
    print(
        f"{files[0].relative_to(folder).parts[0]}: {len(files)} files, "
        f"{len(bad)} of them no Python, {len(named)} named, exit {done.returncode}"
    )
    for path in sorted(bad ^ named):
        print(f"  {'not named' if path in bad else 'wrongly named'}: {path}")
    return well and bad == named


def is_restored(folder: Path, scratch: Path) -> bool:
    """Tell whether fixing everything and taking it back leaves every byte as it was."""
    before = checksums(folder)
    fixtests(folder, *EVERYTHING, state=scratch / "state")
    changed = sum(before[path] != digest for path, digest in checksums(folder).items())
    fixtests(folder, "undo", state=scratch / "state")
    lost = [path for path, digest in checksums(folder).items() if before.get(path) != digest]
    print(f"  {changed} files changed and taken back, {len(lost)} of them not as they were")
    return changed > 0 and not lost and len(checksums(folder)) == len(before)


def fixtests(
    folder: Path, *arguments: str, state: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "fixtests", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, **({"FIXTESTS_STATE_DIR": str(state)} if state else {})},
    )


def parses(path: Path) -> bool:
    """Tell whether this Python can parse a file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def checksums(folder: Path) -> dict[Path, str]:
    """Return the digest of every file below a folder."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    sys.exit(main())
