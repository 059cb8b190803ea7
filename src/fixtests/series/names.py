"""By which names a server knows a series again: the project's, the branch's, and those of changes.

A change of Gerrit is known by its project, its branch and the id in its message. Ids are made of
what stays the same from run to run, so that a series that is made anew updates its changes.
"""

from __future__ import annotations

import configparser
import hashlib
import itertools
import re
import shlex
from collections.abc import Collection
from pathlib import Path

from fixtests.git import refs, user
from fixtests.git.repository import Repository, decoded
from fixtests.series.record import Series
from fixtests.text.source import read

REVIEW = ".gitreview"
UNSAID = "master"  # what a branch is called where nothing tells


def project(repository: Repository) -> str:
    """Return the project's name, the same in all clones: of `.gitreview`, of a remote's address.

    A repository that has neither is known by its first commit.
    """
    told = _review(repository).get("project", "")
    if told:
        return told.removesuffix(".git")
    remote = remote_of(repository)
    address = user.setting(repository, f"remote.{remote}.url") if remote else None
    if address:
        parts = re.split(r"[/:]", address.rstrip("/").removesuffix(".git"))
        return "/".join(part for part in parts[-2:] if part)
    return repository.run("rev-list", "--max-parents=0", "HEAD").decode().split()[-1]


def target(repository: Repository) -> str:
    """Return the branch that a series is for, as the server calls it."""
    here = refs.current(repository)
    followed = refs.upstream(repository, here) if here else None
    told = _review(repository).get("defaultbranch")
    return (followed[1] if followed else None) or told or _short(here) or UNSAID


def command(series: Series, flag: str) -> str:
    """Return the command that does something more to a series, for a shell in its repository.

    Its branch is named: without it that is the one of a series of all that there is to fix.
    """
    return shlex.join(["fixtests", "commit", flag, "--branch", series.branch.removesuffix("/all")])


def remote_of(repository: Repository) -> str | None:
    """Return the remote to push to: that of `.gitreview`, `gerrit`, the branch's own, `origin`."""
    known = decoded(repository.run("remote")).split("\n")
    here = refs.current(repository)
    followed = refs.upstream(repository, here) if here else None
    wanted = [
        user.setting(repository, "gitreview.remote"),
        _review(repository).get("defaultremote"),
        *("gerrit", followed[0] if followed else None, "origin"),
    ]
    return next((name for name in wanted if name and name in known), None)


def change_id(project: str, target: str, closed: Collection[str], key: str) -> str:
    """Return the id of a shard's change: that of its first generation that is not closed."""
    for generation in itertools.count():
        told = "\0".join((project, target, key, str(generation)))
        found = "I" + hashlib.sha1(told.encode("utf-8", "surrogateescape")).hexdigest()
        if found not in closed:
            break
    return found


def slug(key: str) -> str:
    """Return a shard's key as it can stand in the name of a branch."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", key).strip("-") or "shard"


def _short(branch: str | None) -> str:
    return (branch or "").removeprefix(refs.HEADS)


def _review(repository: Repository) -> dict[str, str]:
    """Return what the project's `.gitreview` says; nothing where it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    path = Path(repository.root) / REVIEW
    try:
        parser.read_string(read(path).decode("utf-8", "replace"))
    except (OSError, configparser.Error):
        return {}
    return dict(parser["gerrit"]) if parser.has_section("gerrit") else {}
