"""Which lines of files are not those of a commit any more, as git counts lines: by LF alone."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fixtests.git import refs
from fixtests.git.repository import GitError, Repository
from fixtests.model import RunError

Lines = tuple[range, ...]  # rows from 1
WHOLE: Lines = (range(1, sys.maxsize),)
# All that a configuration can make of a patch is said, so that it is the same for everybody.
DIFF = (
    *("diff", "--patch", "--text", "--no-color", "--no-ext-diff", "--no-textconv"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--unified=0"),
    *("--inter-hunk-context=0", "--diff-algorithm=myers", "--indent-heuristic"),
    *("--find-renames", "-l0"),  # however many files were renamed
)
UNSTAGED = ("diff", "--name-only", "-z", "--no-renames", "--ignore-submodules=all")
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
ESCAPED = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
CONVERTED = ("filter", "working-tree-encoding")  # attributes by which lines may become others


@dataclass(frozen=True)
class Patch:
    """What a patch says of one file: its name before, empty for a new one, and its new rows."""

    before: bytes
    lines: Lines


class Changes:
    """What changed in a repository since a commit: in its files, or in what is staged.

    `base` names a commit or a tree.
    """

    def __init__(self, repository: Repository, base: str, *, staged: bool = False) -> None:
        self._repository = repository
        self._base = base
        self._staged = staged

    def lines(self, files: Iterable[Path]) -> dict[Path, Lines]:
        """Return the rows that changed of those files in which any did. Raises GitError.

        A file that git does not track has changed as a whole, unless the commit had it. Raises
        RunError where nothing can be staged.
        """
        if self._staged and self._repository.run("ls-files", "-z", "--unmerged"):
            reason = "files are in conflict, so that nothing can be staged; resolve that first"
            raise RunError(f"{self._repository.root}: {reason}")
        names = {self._name(path): path for path in files}
        patches = self._patches(name for name in names if not name.endswith(b".py"))
        touched = {name: item for name, item in patches.items() if name in names}
        found = {names[name]: item.lines for name, item in touched.items()}
        for name in self._converted(touched):
            found[names[name]] = self._compared(names[name], touched[name].before)
        if not self._staged:
            for name in names.keys() - self._watched:
                before = name if name in self._before else b""
                found[names[name]] = self._compared(names[name], before)
        return {path: lines for path, lines in found.items() if lines}

    def staged(self, files: Iterable[Path]) -> dict[Path, bytes]:
        """Return what is staged of files that hold something else by now. Raises GitError."""
        unstaged = set(self._repository.run(*UNSTAGED).split(b"\0"))
        names = {path: self._name(path) for path in files}
        return {
            path: self._content(b":0:" + name)
            for path, name in names.items()
            if name in unstaged or name not in self._watched
        }

    def gone(self) -> list[Path]:
        """Return the files that are staged with changes and not there. Raises GitError."""
        places = (self._repository.root / os.fsdecode(name) for name in self._patches(()))
        return [path for path in places if not os.path.lexists(path)]

    def _name(self, path: Path) -> bytes:
        return os.fsencode(path.relative_to(self._repository.root).as_posix())

    def _patches(self, others: Iterable[bytes]) -> dict[bytes, Patch]:
        """Return what changed in Python files, and in others that are named."""
        cached = ["--cached"] if self._staged else []
        named = [b":(literal)" + name for name in others]
        return dict(patches(self._repository.run(*DIFF, *cached, self._base, "--", "*.py", *named)))

    @cached_property
    def _watched(self) -> set[bytes]:
        """The files that git tracks, and of which it looks whether they are as they were."""
        listed = self._repository.run("ls-files", "-z", "-v", "--stage").split(b"\0")
        entries = (item.partition(b"\t") for item in listed)
        # H is what is in the index as usual, 0 what is in no conflict.
        return {name for about, _, name in entries if about[:2] == b"H " and about[-1:] == b"0"}

    @cached_property
    def _before(self) -> set[bytes]:
        """The files that there were."""
        listed = self._repository.run("ls-tree", "-r", "-z", "--name-only", self._base)
        return set(listed.split(b"\0"))

    def _converted(self, names: Iterable[bytes]) -> set[bytes]:
        """Return the files of which git has not the lines that stand in the work tree."""
        given = b"".join(name + b"\0" for name in names)
        cached = ["--cached"] if self._staged else []
        told = self._repository.run(
            "check-attr", *cached, "-z", "--stdin", *CONVERTED, input=given
        ).split(b"\0")
        answers = zip(told[0::3], told[2::3], strict=False)
        return {name for name, value in answers if value not in (b"unspecified", b"unset")}

    def _compared(self, path: Path, before: bytes) -> Lines:
        """Return the rows of a file that were not there, as the work tree would have had them."""
        if not before:
            return WHOLE
        now = self._content(b":0:" + self._name(path)) if self._staged else path.read_bytes()
        old = self._content(os.fsencode(self._base) + b":" + before)
        return different(old, now)

    def _content(self, blob: bytes) -> bytes:
        """Return what a checkout would put into the work tree."""
        return self._repository.run("cat-file", "--filters", blob)


def merge_base(repository: Repository, revision: str) -> str:
    """Return the last commit that a revision and HEAD have in common.

    Raises RunError, with what to do, where there is none.
    """
    _commit(repository, "HEAD", "has no commit yet, so that nothing can have changed since one")
    given = _commit(repository, revision, f"--since {revision}: there is no such commit")
    try:
        return repository.run("merge-base", given, "HEAD").decode().strip()
    except GitError as error:
        if error.code != 1:
            raise
        reason = f"--since {revision}: HEAD has no commit in common with it"
        raise _without(repository, reason) from None


def head(repository: Repository) -> str:
    """Return the commit that is checked out, the empty tree where there is none yet."""
    commit = refs.commit_at(repository, "HEAD")
    return commit or repository.run("hash-object", "-t", "tree", "--stdin").decode().strip()


def _commit(repository: Repository, revision: str, reason: str) -> str:
    commit = refs.commit_at(repository, revision)
    if commit is None:
        raise _without(repository, reason)
    return commit


def _without(repository: Repository, reason: str) -> RunError:
    """Return what is wrong where a commit is missing, and what to do."""
    shallow = repository.run("rev-parse", "--is-shallow-repository").strip() == b"true"
    remedy = (
        "this clone is shallow: run `git fetch --unshallow`"
        if shallow
        else "check the name, or fetch it"
    )
    return RunError(f"{repository.root}: {reason}; {remedy}")


def meet(lines: Lines, first: int, last: int) -> bool:
    """Tell whether some lines meet the rows from `first` to `last`."""
    return any(part.start <= last and first < part.stop for part in lines)


def patches(text: bytes) -> Iterator[tuple[bytes, Patch]]:
    """Yield the files of a patch without context by name, with the rows that it adds.

    Files that lose lines only, or only change their name, are left out.
    """
    rows = iter(text.split(b"\n"))
    before = after = b""
    found: list[range] = []
    for row in rows:
        if row.startswith(b"diff --git "):
            if found:
                yield after, Patch(before, tuple(found))
            found = []
        elif row.startswith(b"--- "):
            before = _unquoted(row[4:])
        elif row.startswith(b"+++ "):
            after = _unquoted(row[4:])
        elif hunk := HUNK.match(row):
            gone, first, added = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            left = gone + added
            while left:  # these may look like anything; a row that tells of no line end is extra
                left -= not next(rows).startswith(b"\\")
            if added:
                found.append(range(first, first + added))
    if found:
        yield after, Patch(before, tuple(found))


def _unquoted(name: bytes) -> bytes:
    """Return the name that a patch means, without `a/` or `b/`; empty where there is no file."""
    if name == b"/dev/null":
        return b""
    if not name.startswith(b'"'):
        return name.removesuffix(b"\t")[2:]  # the tab ends a name with spaces
    return ESCAPE.sub(_character, name.removesuffix(b"\t")[1:-1])[2:]


def _character(escape: re.Match[bytes]) -> bytes:
    word = escape[1]
    return bytes([int(word, 8) if len(word) == 3 else ESCAPED.get(word[0], word[0])])


def different(old: bytes, new: bytes) -> Lines:
    """Return the rows of a text that another one does not have at this place."""
    before, after = LINE.findall(old), LINE.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        range(first + 1, last + 1)
        for kind, _, _, first, last in matcher.get_opcodes()
        if kind in ("replace", "insert")
    )
