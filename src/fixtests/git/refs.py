"""Branches: where they stand, who has them checked out, and how they are set, all at once."""

from __future__ import annotations

from collections.abc import Mapping

from fixtests.git import user
from fixtests.git.repository import GitError, Repository, decoded, encoded
from fixtests.model import RunError

HEADS = "refs/heads/"


class BranchError(RunError):
    """A branch that cannot be made or set; the message names it, and the remedy."""


def commit_at(repository: Repository, name: str) -> str | None:
    """Return the commit that a revision stands for, None where there is none."""
    try:
        question = ("rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")
        found = repository.run(*question)
    except GitError as error:
        if error.code == 1:
            return None
        raise
    return found.decode().strip()


def current(repository: Repository) -> str | None:
    """Return the full name of the branch that HEAD is on, None where it is on none."""
    try:
        return decoded(repository.run("symbolic-ref", "-q", "HEAD")).strip()
    except GitError as error:
        if error.code == 1:
            return None
        raise


def upstream(repository: Repository, branch: str) -> tuple[str, str] | None:
    """Return the remote and the branch there that a local branch, by full name, follows."""
    short = branch.removeprefix(HEADS)
    remote = user.setting(repository, f"branch.{short}.remote")
    merge = user.setting(repository, f"branch.{short}.merge")
    return (remote, merge.removeprefix(HEADS)) if remote and merge else None


def check_name(repository: Repository, branch: str) -> None:
    """Raise BranchError for what cannot be the name of a branch."""
    try:
        repository.run("check-ref-format", "--branch", branch)
    except GitError as error:
        if "not a valid branch name" not in str(error):
            raise
        raise BranchError(f"{branch!r} is no name for a branch; name another one") from None


def check_room(repository: Repository, branch: str) -> None:
    """Raise BranchError where another branch has the name of a folder of this one, or is below."""
    above = [branch[:at] for at, letter in enumerate(branch) if letter == "/"]
    known = [f"{HEADS}{name}" for name in (*above, branch)]
    answer = decoded(repository.run("for-each-ref", "--format=%(refname)", *known))
    for name in answer.split("\n"):
        if name in known[:-1] or name.startswith(f"{known[-1]}/"):
            other = name.removeprefix(HEADS)
            raise BranchError(
                f"{branch}: git can have no such branch beside {other}; rename that, or name"
                " another one with --branch"
            )


def check_free(repository: Repository, branch: str) -> None:
    """Raise BranchError where a branch is checked out: its files would not fit any more."""
    where = ""
    for line in decoded(repository.run("worktree", "list", "--porcelain")).split("\n"):
        word, _, told = line.partition(" ")
        where = told if word == "worktree" else where
        if line == f"branch {HEADS}{branch}":
            raise BranchError(
                f"{branch}: is checked out in {where}; check out the branch that the series is to"
                " be made for, or name another one with --branch"
            )


def set_all(repository: Repository, branches: Mapping[str, tuple[str, str | None]]) -> None:
    """Set branches to commits, if they are where they were, or none of them. Raises BranchError.

    Each comes with its new commit and the one that it is at, None where it is to be made.
    """
    lines = [
        "\0".join(("option no-deref", f"update {HEADS}{name}", new, old or "0" * len(new), ""))
        for name, (new, old) in branches.items()
    ]
    given = encoded("".join(lines))
    try:
        repository.run("update-ref", "-m", "fixtests: series", "--stdin", "-z", input=given)
    except GitError as error:
        raise BranchError(f"no branch was set: {error}") from None


def is_ancestor(repository: Repository, one: str, other: str) -> bool:
    """Tell whether a commit is another one or stands below it."""
    try:
        repository.run("merge-base", "--is-ancestor", one, other)
    except GitError as error:
        if error.code == 1:
            return False
        raise
    return True
