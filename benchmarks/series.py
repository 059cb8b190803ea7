"""Make a series of commits of a real repository, and hold it against what it promises.

    python benchmarks/series.py REPOSITORY [PATH ...] [--at REV] [--onto REV] [--flake8 COMMAND]

The repository is cloned, so that nothing of it changes. The series is made at a revision, by rule
and directory, at most ten files a commit. Then it is seen that every commit parses and has no
finding of flake8 that its parent has not, that `git am` of its patches in a fresh clone gives the
tree that `fixtests` writes, that a second run changes nothing, and what `--refresh` keeps when the
trunk moves: to another revision, or by a comment in a file of three commits.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

COMMAND = [sys.executable, "-m", "fixtests"]
BRANCH = "fixtests"
SPLIT = ("--split", "rule,directory", "--max-files", "10")


def main() -> int:
    """Do it, print the figures, and return 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("paths", nargs="*", default=["."])
    parser.add_argument("--at", default="HEAD", help="where the series is made (%(default)s)")
    parser.add_argument("--onto", help="where it is refreshed")
    parser.add_argument("--flake8", help="how flake8 is called; not at all by default")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(asked.repository.resolve(), Path(folder), asked.at, asked.paths)
        trial.make()
        trial.parse(shlex.split(asked.flake8) if asked.flake8 else [])
        trial.send()
        trial.make_again()
        trial.move(asked.onto)
        trial.send()
    print("broken promises:", trial.broken)
    return 1 if trial.broken else 0


class Trial:
    """One repository, its series, and how many promises were not kept."""

    def __init__(self, origin: Path, folder: Path, at: str, paths: list[str]) -> None:
        self.broken = 0
        self._folder = folder
        self._paths = paths
        self._at = git(origin, "rev-parse", at)
        self._origin = origin
        self._here = self._clone("here")

    def make(self) -> None:
        """Make the series."""
        began = time.monotonic()
        done = self._run("commit", *self._paths, *SPLIT)
        seconds = time.monotonic() - began
        self._hold(done.returncode == 0, done.stderr.strip())
        print(f"made: {len(self._commits())} commits in {seconds:.1f} s")

    def parse(self, flake8: list[str]) -> None:
        """Parse what each commit changes, and let flake8 compare it with what its parent has."""
        worse: Counter[str] = Counter()
        files = 0
        for commit in self._commits():
            for name in git(self._here, "show", "--format=", "--name-only", commit).split("\n"):
                files += 1
                after = git(self._here, "show", f"{commit}:{name}", strip=False)
                try:
                    ast.parse(after)
                except SyntaxError as error:
                    self._hold(False, f"{commit}:{name}: {error}")
                if flake8:
                    before = git(self._here, "show", f"{commit}^:{name}", strip=False)
                    worse += said(flake8, after) - said(flake8, before)
        self._hold(not worse, f"flake8: {dict(worse)}")
        print(f"parsed: {files} files of commits; new findings of flake8: {worse.total()}")

    def send(self) -> None:
        """Apply the patches in a fresh clone, and compare with what `fixtests` writes at once."""
        trunk = git(self._here, "rev-parse", "HEAD")
        patches = self._folder / f"patches-{trunk}"
        git(self._here, "format-patch", "-q", "-o", str(patches), f"{trunk}..{BRANCH}")
        there = self._clone(f"there-{trunk}")
        git(there, "fetch", "-q", str(self._here), "trunk")
        git(there, "reset", "-q", "--hard", trunk)
        git(there, "am", "-q", *sorted(map(str, patches.iterdir())))
        self._run(*self._paths)
        git(self._here, "add", "-A")
        trees = (git(there, "rev-parse", "HEAD^{tree}"), git(self._here, "write-tree"))
        self._hold(trees[0] == trees[1], "git am gives another tree than fixtests")
        git(self._here, "reset", "-q", "--hard")
        print(
            f"sent: {len(list(patches.iterdir()))} patches, the same tree: {trees[0] == trees[1]}"
        )

    def make_again(self) -> None:
        """Make it a second time."""
        before = git(self._here, "for-each-ref")
        self._run("commit", *self._paths, *SPLIT)
        is_same = git(self._here, "for-each-ref") == before
        self._hold(is_same, "a second run changes a branch")
        print(f"made again: nothing new: {is_same}")

    def move(self, onto: str | None) -> None:
        """Move the trunk, refresh, and count what stays."""
        before, ids = self._commits(), self._ids()
        if onto is not None:
            git(self._here, "reset", "-q", "--hard", git(self._origin, "rev-parse", onto))
        else:
            self._touch([commit for commit in before if self._stands_alone(commit)][:3])
        done = self._run("commit", "--refresh")
        self._hold(done.returncode == 0, done.stderr.strip())
        after, after_ids = self._commits(), self._ids()
        kept = len(set(before) & set(after))
        print(f"refreshed: {len(after)} commits, {kept} as before, {len(after) - kept} new")
        print(
            f"ids: {len(ids & after_ids)} of {len(ids)} as before, {len(after_ids - ids)} new, "
            f"{len(ids - after_ids)} gone"
        )
        self._hold(onto is not None or after_ids == ids, "ids changed")
        said = self._run("series").stdout
        standing = Counter(re.findall(r"(?m)^  \w+ ([a-z ]+)", said))
        print("standing:", ", ".join(f"{times} {what}" for what, times in standing.items()))

    def _touch(self, commits: list[str]) -> None:
        for commit in commits:
            name = git(self._here, "show", "--format=", "--name-only", commit).split("\n")[0]
            path = self._here / name
            path.write_bytes(path.read_bytes() + b"# moved\n")
        git(self._here, "commit", "-qam", "moved")

    def _stands_alone(self, commit: str) -> bool:
        return git(self._here, "rev-parse", f"{commit}^") == self._at

    def _commits(self) -> list[str]:
        return git(self._here, "rev-list", "--no-merges", f"HEAD..{BRANCH}").split()

    def _ids(self) -> set[str]:
        said = git(self._here, "log", "--no-merges", "--format=%B", f"HEAD..{BRANCH}")
        return {line for line in said.split("\n") if line.startswith("Change-Id: ")}

    def _clone(self, name: str) -> Path:
        place = self._folder / name
        git(self._folder, "clone", "-q", "--shared", "--no-checkout", str(self._origin), str(place))
        git(place, "checkout", "-q", "-B", "trunk", self._at)
        git(place, "config", "user.name", "A Trial")
        git(place, "config", "user.email", "trial@example.org")
        return place

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *arguments]
        return subprocess.run(command, cwd=self._here, capture_output=True, text=True, check=False)

    def _hold(self, is_kept: bool, what: str) -> None:
        if not is_kept:
            self.broken += 1
            print(f"NOT KEPT: {what}")


def git(folder: Path, *arguments: str, strip: bool = True) -> str:
    """Return what git says."""
    said = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True).stdout
    text = said.decode("utf-8", "surrogateescape")
    return text.strip() if strip else text


def said(flake8: list[str], text: str) -> Counter[str]:
    """Return the findings of flake8 in a text, without their lines."""
    done = subprocess.run([*flake8, "-"], input=text, capture_output=True, text=True, check=False)
    return Counter(line.split(" ", 1)[1] for line in _lines(done.stdout))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        with contextlib.suppress(ValueError):
            if line.index(" ") > 0:
                yield line


if __name__ == "__main__":
    sys.exit(main())
