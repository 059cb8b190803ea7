"""Hold codemods against what developers did by hand: the same places of the same commits.

    python benchmarks/migrations.py FILE MIRRORS [--flake8 COMMAND]... [--show]

FILE is TOML, a table for each commit; MIRRORS holds a clone of each repository by its name:

    [[commit]]
    repository = "tempest"
    id = "213d0a4c6"
    run = ["resource_name_prefix"]    # what `fixtests migrate` is called with
    paths = ["tempest"]               # the whole tree by default
    concerns = "rand_name"            # what hunks speak of that count; all by default
    by_hand = false                   # there is no change by hand: run over the commit itself

The codemod runs over the commit's parent. Each hunk of the commit is then compared with what the
codemod did to the same lines, as tokens: the same, other, or left, or beside what it concerns.
Hunks that only the codemod has are counted by whether they stand in a file of the commit. Then it
is seen that the result of every file parses, that no new line is too long, that flake8 finds
nothing new, called in each of the ways given, and that a second run changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tokenize
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "fixtests"]
LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT}
LENGTH = 79
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
AUTHOR = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
Range = tuple[int, int]  # rows of the parent, from 0, half open


def main() -> int:
    """Do it for each commit, print the figures, and return 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("mirrors", type=Path)
    parser.add_argument(
        "--flake8", action="append", default=[], help="how flake8 is called; not at all by default"
    )
    parser.add_argument("--show", action="store_true", help="print hunks that are not the same")
    asked = parser.parse_args()
    broken = 0
    for commit in tomllib.loads(asked.file.read_text())["commit"]:
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(asked.mirrors / commit["repository"], Path(folder), commit)
            trial.run()
            if trial.by_hand:
                trial.compare(show=asked.show)
            trial.judge([command.split() for command in asked.flake8])
            print(trial.line(), flush=True)
            broken += len(trial.broken)
    return 1 if broken else 0


@dataclass
class Trial:
    """One commit: its parent's tree, what the developers made of it, and what the codemod did."""

    mirror: Path
    tree: Path
    commit: dict[str, Any]
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def by_hand(self) -> bool:
        """Whether developers made the change in the commit."""
        return bool(self.commit.get("by_hand", True))

    @property
    def parent(self) -> str:
        """The commit that the codemod runs over."""
        return f"{self.commit['id']}{'~' if self.by_hand else ''}"

    def run(self) -> None:
        """Lay the parent out and run the codemod over it, twice."""
        archive = git(self.mirror, "archive", self.parent)
        with tarfile.open(fileobj=io.BytesIO(archive)) as held:
            held.extractall(self.tree, filter="data")
        git(self.tree, "init", "-q")
        git(self.tree, "add", "-A", "-f")
        git(self.tree, *AUTHOR, "commit", "-q", "-m", "parent")
        command = [*COMMAND, "migrate", *self.commit["run"], "--quiet", "--exit-zero"]
        paths = self.commit.get("paths", ["."])
        for first in (True, False):
            done = subprocess.run([*command, *paths], cwd=self.tree, capture_output=True, text=True)
            if done.returncode:
                self.broken.append(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
            if first:
                self.after = self._changed()
        if self._changed() != self.after:
            self.broken.append("a second run changed something")

    def _changed(self) -> dict[str, str]:
        names = git(self.tree, "diff", "--name-only").decode().splitlines()
        return {name: (self.tree / name).read_text() for name in names}

    def compare(self, *, show: bool) -> None:
        """Count the hunks of the commit, and those that the codemod has beside them."""
        touched = self._touched()
        for name in sorted({*touched, *self.after}):
            before = self._at(self.parent, name)
            if before is None:
                continue
            theirs = self._at(self.commit["id"], touched[name]) if name in touched else before
            ours = self.after.get(name, before)
            if theirs is None:
                self.counts["files gone by hand"] += 1
                continue
            for kind, text in hunks(before, theirs, ours):
                if kind == "ours alone" and name not in touched:
                    kind = "ours, other file"
                if kind == "left" and not re.search(self.commit.get("concerns", ""), text):
                    kind = "beside it"
                self.counts[kind] += 1
                if show and kind != "same":
                    print(f"--- {kind}: {self.commit['id']} {name}\n{text}")

    def _touched(self) -> dict[str, str]:
        """Return the names of the files that the commit changed, and their names after it."""
        words = ("--format=", "--name-status", "-M", self.commit["id"], "--", "*.py")
        rows = git(self.mirror, "show", *words).decode().splitlines()
        return {names[0]: names[-1] for _, *names in (row.split("\t") for row in rows) if names}

    def _at(self, revision: str, name: str) -> str | None:
        done = subprocess.run(
            ["git", "-C", self.mirror, "show", f"{revision}:{name}"], capture_output=True
        )
        return None if done.returncode else done.stdout.decode()

    def judge(self, flake8: list[list[str]]) -> None:
        """Look at what the codemod left: syntax, length of lines, findings of flake8."""
        for name, text in self.after.items():
            ast.parse(text)
            old = set((self._at(self.parent, name) or "").split("\n"))
            long = [line for line in text.split("\n") if len(line) > LENGTH and line not in old]
            self.counts["long lines"] += len(long)
        if flake8 and self.after:
            found = [self._findings(command, self.after) for command in flake8]
            git(self.tree, "checkout", "-q", ".")
            for command, new in zip(flake8, found, strict=True):
                fresh = new - self._findings(command, {text.partition(":")[0] for text in new})
                self.counts["flake8"] += sum(fresh.values())
                self.broken += sorted(fresh)
        self.broken += [name for name in ("long lines", "flake8") if self.counts[name]]

    def _findings(self, flake8: list[str], names: Collection[str]) -> Counter[str]:
        if not names:
            return Counter()
        done = subprocess.run([*flake8, *names], cwd=self.tree, capture_output=True, text=True)
        if done.stderr:
            self.broken.append(f"flake8: {done.stderr.strip()[-300:]}")
        parts = (line.split(":", 3) for line in done.stdout.splitlines())
        found = (f"{part[0]}:{part[3]}" for part in parts if len(part) == 4)
        return Counter(re.sub(r"(?<=line )\d+", "N", text) for text in found)

    def line(self) -> str:
        """Return the figures in one line."""
        self.counts["files"] = len(self.after)
        theirs = sum(self.counts[kind] for kind in ("same", "other", "left"))
        share = f"{self.counts['same'] / theirs:.0%}" if theirs else "-"
        named = ", ".join(f"{kind} {count}" for kind, count in sorted(self.counts.items()) if count)
        return (
            f"{self.commit['repository']} {self.commit['id'][:10]} "
            f"{' '.join(self.commit['run'])[:60]}: {share} the same ({named})"
            + "".join(f"; BROKEN: {item}" for item in self.broken)
        )


def hunks(before: str, theirs: str, ours: str) -> Iterator[tuple[str, str]]:
    """Yield each place that somebody changed: who did it and whether alike, and the lines."""
    rows = before.splitlines(keepends=True)
    hand, tool = (changes(rows, text) for text in (theirs, ours))
    for first, last in joined([*hand, *tool]):
        old = "".join(rows[first:last])
        by_hand, by_tool = (within(found, rows, first, last) for found in (hand, tool))
        if by_hand == old:
            kind = "ours alone"
        elif tokens(by_hand) == tokens(old):
            kind = "comments and lines only"
        elif by_tool == old:
            kind = "left"
        else:
            kind = "same" if tokens(by_hand) == tokens(by_tool) else "other"
        yield kind, f"{prefixed('-', old)}{prefixed('h', by_hand)}{prefixed('t', by_tool)}"


def changes(rows: list[str], text: str) -> dict[Range, str]:
    """Return the texts that took the place of some rows."""
    new = text.splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, name) for name in ("old", "new")]
        for place, lines in zip(places, (rows, new), strict=True):
            place.write_text("".join(f"{line!r}\n" for line in lines))  # ends of lines, too
        command = ["git", "diff", "--no-index", "--unified=0", *places]
        found = subprocess.run(command, capture_output=True, text=True).stdout
    result: dict[Range, str] = {}
    for match in HUNK.finditer(found):
        first, begin = int(match[1]), int(match[3])
        size, length = int(match[2] or 1), int(match[4] or 1)
        first, begin = first - bool(size), begin - bool(length)
        result[first, first + size] = "".join(new[begin : begin + length])
    return result


def joined(ranges: list[Range]) -> list[Range]:
    """Return ranges that do not touch one another, for some that may."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def within(found: dict[Range, str], rows: list[str], first: int, last: int) -> str:
    """Return what became of some rows."""
    at, parts = first, []
    for (begin, end), text in sorted(found.items()):
        if first <= begin and end <= last:
            parts += [*rows[at:begin], text]
            at = end
    return "".join([*parts, *rows[at:last]])


def tokens(text: str) -> list[str]:
    """Return the tokens of some lines that say something, quotes and layout left out."""
    found: list[str] = []
    with contextlib.suppress(tokenize.TokenError, IndentationError):  # no whole statements
        found.extend(
            token.string.replace('"', "'")
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type not in LAYOUT
        )
    return found


def prefixed(mark: str, text: str) -> str:
    """Return lines with a mark before each."""
    return "".join(f"{mark} {line}\n" for line in text.splitlines())


def git(folder: Path, *words: str) -> bytes:
    """Return what git says in a folder."""
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(main())
