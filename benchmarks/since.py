"""`--since` on real commits: exactly the findings on lines that git blames a commit for.

Usage: since.py REPOSITORY TESTS COMMIT...

Checks out each commit in a work tree of its own, and compares two answers there: what `check
--since COMMIT^` finds below TESTS, and what a check of all lines of the files that the commit
touched finds on those that `git blame` ascribes to it. Prints a line for each commit. Exit 1 where
any two answers differ.
"""

from __future__ import annotations

import argparse
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("tests", metavar="TESTS", help="what is looked at, relative to it")
    parser.add_argument("commits", nargs="+", metavar="COMMIT")
    options = parser.parse_args()
    repository, tests, commits = options.repository, options.tests, options.commits
    wrong = counted = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree").resolve()
        git(repository, "worktree", "add", "-q", "--detach", "--no-checkout", str(tree))
        try:
            for commit in commits:
                git(tree, "checkout", "-q", "-f", "--detach", commit)
                git(tree, "clean", "-q", "-f", "-d", "-x")
                since = {place(item) for item in check(tree, "--since", f"{commit}^", tests)}
                files = touched(tree, tests, commit)
                every = check(tree, *files) if files else []
                rows = {name: blamed(tree, name, commit) for name in files}
                theirs = {place(item) for item in every if rows[item["filename"]] & lines(item)}
                told = "equal" if since == theirs else "DIFFERENT"
                wrong += since != theirs
                counted += len(since)
                print(f"{commit[:12]} {told}: {len(since)} of {len(every)} findings", flush=True)
                for item in sorted(since ^ theirs):
                    print(f"    only {'--since' if item in since else 'blame'}: {item}")
        finally:
            git(repository, "worktree", "remove", "--force", str(tree))
    print(f"{len(commits)} commits, {counted} findings on their lines, {wrong} different")
    return 1 if wrong else 0


def check(tree: Path, *words: str) -> list[dict[str, Any]]:
    """Return the findings of all rules; a file that cannot be parsed is none."""
    command = [sys.executable, "-m", "fixtests", "check", "--select", "ALL", *words]
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


def touched(tree: Path, tests: str, commit: str) -> list[str]:
    """Return the Python files below a folder that a commit touched, and that are there."""
    told = git(tree, "diff-tree", "-r", "-z", "--name-only", "--no-commit-id", commit, "--", tests)
    paths = (tree / os.fsdecode(name) for name in told.split(b"\0") if name.endswith(b".py"))
    return [str(path) for path in paths if path.exists()]


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
