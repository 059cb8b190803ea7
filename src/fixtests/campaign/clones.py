"""What a clone holds, as far as a series depends on it, and where its branch stands."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from fixtests.campaign.recipe import Order
from fixtests.git import refs
from fixtests.git.repository import Repository
from fixtests.model import RunError
from fixtests.series.record import Records

# Ends of names of what is read though git does not know it: modules and configuration.
READ = (".py", ".toml", ".cfg", ".ini", ".conf")


class CloneError(RunError):
    """A clone that nothing can be done in; the message names it, and the remedy."""


@dataclass(frozen=True)
class Seen:
    """A clone at one time: a digest of what it holds, and the commit of its branch if there is one.

    `series` is the command that the series of that branch was made by, empty where it has none.
    """

    holds: str
    tip: str | None
    series: tuple[str, ...]


def look(order: Order) -> Seen:
    """Look at the clone of an order. Raises CloneError, GitError and RecordError."""
    clone = order.clone
    if not (clone / ".git").exists():
        what = "is no clone of git" if clone.is_dir() else "does not exist"
        raise CloneError(f"{clone}: {what}; clone it there, or correct its path")
    for path in order.paths:
        if not (clone / path).resolve().is_relative_to(clone):
            raise CloneError(f"{clone / path}: leads out of the clone; name another path")
    repository = Repository(clone)
    tip = refs.commit_at(repository, refs.HEADS + order.branch)
    series = Records(repository).of(order.branch, tip) if tip else None
    return Seen(_digest(repository), tip, series.arguments if series else ())


def _digest(repository: Repository) -> str:
    """Return a digest of HEAD, of changes that are not committed, and of new files that are read.

    Raises GitError.
    """
    head = refs.commit_at(repository, "HEAD")
    if head is None:
        raise CloneError(f"{repository.root}: has no commit yet; make the first one")
    found = hashlib.sha256(head.encode())
    plain = ("--no-ext-diff", "--no-textconv", "--no-color", "--binary")
    found.update(repository.run("diff", *plain, "HEAD"))
    listed = repository.run("ls-files", "--others", "--exclude-standard", "-z")
    for name in sorted(listed.split(b"\0")):
        path = repository.root / os.fsdecode(name)
        if path.name.endswith(READ) and path.is_file():
            found.update(b"\0%b\0%b" % (name, hashlib.sha256(path.read_bytes()).digest()))
    return found.hexdigest()
