"""`--since` on real commits: exactly the findings on lines that git blames a commit for.

Usage: since.py REPOSITORY TESTS COMMIT...

Checks out each commit in a work tree of its own, and compares two answers there: what `check
--since COMMIT^` finds below TESTS, and what a full check finds on lines that `git blame` ascribes
to the commit. Prints a line for each commit. Exit 1 where any two answers differ.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HEADER = re.compile(rb"[0-9a-f]{40,} \d+ (\d+)")  # of a line: its commit, its row then and now
Place = tuple[str, str, int, int, str]  # file, code, row, column, message


def main() -> int:
    """Compare commit by commit, and return the exit code."""
    repository, tests, *commits = sys.argv[1:]
    wrong = counted = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree").resolve()
        git(Path(repository), "worktree", "add", "-q", "--detach", "--no-checkout", str(tree))
        try:
            for commit in commits:
                git(tree, "checkout", "-q", "-f", "--detach", commit)
                git(tree, "clean", "-q", "-f", "-d", "-x")
                since = {place(item) for item in check(tree, tests, "--since", f"{commit}^")}
                every = check(tree, tests)
                blamed = on_lines(every, tree, commit)
                told = "equal" if since == blamed else "DIFFERENT"
                wrong += since != blamed
                counted += len(since)
                print(f"{commit[:12]} {told}: {len(since)} of {len(every)} findings", flush=True)
                for item in sorted(since ^ blamed):
                    print(f"    only {'--since' if item in since else 'blame'}: {item}")
        finally:
            git(Path(repository), "worktree", "remove", "--force", str(tree))
    print(f"{len(commits)} commits, {counted} findings on their lines, {wrong} different")
    return 1 if wrong else 0


def check(tree: Path, tests: str, *options: str) -> list[dict[str, Any]]:
    """Return the findings of all rules; a file that cannot be parsed is none."""
    command = [sys.executable, "-m", "fixtests", "check", "--select", "ALL", *options, tests]
    command += ["--output-format", "json-lines", "--quiet"]
    done = subprocess.run(command, cwd=tree, capture_output=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    assert done.returncode < 2 or done.stdout, done.stderr
    entries = map(json.loads, done.stdout.splitlines())
    return [item for item in entries if item["code"] != "invalid-file"]


def place(item: dict[str, Any]) -> Place:
    """Return what tells one finding from the others."""
    where = item["location"]
    return item["filename"], item["code"], where["row"], where["column"], item["message"]


def on_lines(found: list[dict[str, Any]], tree: Path, commit: str) -> set[Place]:
    """Return the findings of which at least one line is the commit's."""
    touched = git(tree, "diff-tree", "-r", "-z", "--name-only", "--no-commit-id", commit)
    names = {str(tree / os.fsdecode(name)) for name in touched.split(b"\0") if name}
    rows = {name: blamed(tree, name, commit) for name in names if Path(name).exists()}
    return {
        place(item) for item in found if not lines(item).isdisjoint(rows.get(item["filename"], ()))
    }


def lines(item: dict[str, Any]) -> set[int]:
    """Return the rows that a finding flags something on."""
    first, end = item["location"]["row"], item["end_location"]
    return set(range(first, end["row"] + (end["column"] > 1))) | {first}


def blamed(tree: Path, name: str, commit: str) -> set[int]:
    """Return the rows of a file that git ascribes to a commit."""
    told = git(tree, "blame", "--line-porcelain", f"{commit}^..{commit}", "--", name)
    rows, row = set(), 0
    for line in told.split(b"\n"):
        if header := HEADER.match(line):
            row = int(header[1])
            rows.add(row)
        elif line == b"boundary":
            rows.discard(row)
    return rows


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
