"""Commits made aside: from an index of their own, and seen only when a ref is set at the end.

The user's index, HEAD, files, stash and hooks for commits are not touched; what was made before a
run was killed is rubbish that git collects.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from fixtests.git import user
from fixtests.git.repository import Repository
from fixtests.model import RunError

ATTRIBUTES = ".gitattributes"
# For an index of our own: nothing is written beside it, and nobody is told of it.
APART = tuple(
    word
    for item in (f"core.hooksPath={os.devnull}", "core.splitIndex=false", "core.fsmonitor=false")
    for word in ("-c", item)
)
FILE = b"100644"
FILES = (FILE, b"100755")


@dataclass(frozen=True)
class Entry:
    """One file of a tree: its mode and the name of its blob."""

    mode: bytes
    blob: str


class NotCommittedError(RunError):
    """Files that are not as the commit has them; the message names them."""


@dataclass
class Commits:
    """New commits on a commit of a repository."""

    repository: Repository
    base: str
    _entries: dict[str, Entry] = field(default_factory=dict)
    _is_raw: dict[str, bool] = field(default_factory=dict)

    def look_at(self, contents: Mapping[str, bytes | None]) -> None:
        """See that files, by path from the top, are in the checkout as the commit has them.

        None stands for a file that does not exist. Raises NotCommittedError with all that differ.
        """
        listed = self.entries(self.base)
        held = {name for name, content in contents.items() if content is not None}
        present = sorted(held & listed.keys())
        cleaned = dict(zip(present, self._digests(present, "--stdin-paths"), strict=True))
        as_is = dict(
            zip(present, self._digests(present, "--no-filters", "--stdin-paths"), strict=True)
        )
        problems = []
        for name, content in sorted(contents.items()):
            entry = listed.get(name)
            if content is None:
                if entry is not None:
                    problems.append(f"{name}: is in the commit, and missing here")
            elif entry is None:
                problems.append(f"{name}: is not in the commit; commit it first")
            elif entry.mode not in FILES:
                problems.append(f"{name}: is no regular file in the commit")
            elif missing := self._missing_attributes(name, listed):
                problems.append(f"{name}: {missing} is in the commit, and missing here; restore it")
            elif entry.blob not in (cleaned[name], as_is[name]):
                problems.append(f"{name}: has changes that are not committed; commit them first")
            elif not self._holds(name, content):
                problems.append(f"{name}: was changed meanwhile; run this again")
            else:
                self._entries[name] = entry
                self._is_raw[name] = entry.blob != cleaned[name]
        if problems:
            raise NotCommittedError("\nerror: ".join(problems))

    def entries(self, commit: str) -> dict[str, Entry]:
        """Return the files of a commit, by path from the top."""
        found = {}
        for line in self.repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            head, tab, name = line.partition(b"\t")
            if tab:
                mode, _, blob = head.split(b" ")
                found[os.fsdecode(name)] = Entry(mode, blob.decode())
        return found

    def entry(self, name: str, content: bytes) -> Entry:
        """Store what a file is to hold, as `git add` would, and return its new entry."""
        filters = "--no-filters" if self._is_raw.get(name) else b"--path=" + os.fsencode(name)
        answer = self.repository.run("hash-object", "-w", "--stdin", filters, input=content)
        mode = self._entries[name].mode if name in self._entries else FILE
        return Entry(mode, answer.decode().strip())

    def before(self, name: str) -> Entry | None:
        """Return the entry of a file that `look_at` has seen, None for one to be created."""
        return self._entries.get(name)

    def commit(
        self, parents: Sequence[str], files: Mapping[str, Entry], message: str, *, on: str = ""
    ) -> str:
        """Make a commit with the tree of its first parent, or of `on`, and some other files."""
        with tempfile.TemporaryDirectory(prefix="fixtests-index-") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.repository.run(*APART, "read-tree", on or parents[0], env=env)
            lines = [
                b"%b %b\t%b" % (entry.mode, entry.blob.encode(), os.fsencode(name))
                for name, entry in sorted(files.items())
            ]
            given = b"".join(line + b"\0" for line in lines)
            command = (*APART, "update-index", "-z", "--index-info")
            self.repository.run(*command, input=given, env=env)
            written = self.repository.run(*APART, "write-tree", "--missing-ok", env=env)
            tree = written.decode().strip()
        options = [option for parent in parents for option in ("-p", parent)]
        options += ["-S"] if self._are_signed else []
        encoding = ("-c", "i18n.commitEncoding=UTF-8")
        command = (*encoding, "commit-tree", *options, "-F", "-", tree)
        return self.repository.run(*command, input=message.encode()).decode().strip()

    @cached_property
    def _are_signed(self) -> bool:
        return user.wants(self.repository, "commit.gpgSign")

    def _missing_attributes(self, name: str, listed: Collection[str]) -> str | None:
        """Return a file of attributes for a file that `hash-object` looks for, and does not find.

        It knows no index, from which git takes those that a sparse checkout leaves out.
        """
        above = [folder / ATTRIBUTES for folder in PurePosixPath(name).parents]
        wanted = [str(path) for path in above if str(path) in listed]
        return next((path for path in wanted if not (self.repository.root / path).exists()), None)

    def _holds(self, name: str, content: bytes) -> bool:
        """Tell whether a file, which git has looked at, holds what was read of it before that."""
        try:
            return (self.repository.root / name).read_bytes() == content
        except OSError:
            return False

    def _digests(self, names: Iterable[str], *options: str) -> list[str]:
        given = b"".join(_quoted(name) + b"\n" for name in names)
        if not given:
            return []
        return self.repository.run("hash-object", *options, input=given).decode().split()


def _quoted(name: str) -> bytes:
    """Return a path as `--stdin-paths` reads it, also where a line would not hold it."""
    plain = os.fsencode(name)
    if not (plain.startswith(b'"') or b"\n" in plain):
        return plain
    escaped = plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
