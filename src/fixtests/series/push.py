"""Hands a series over: to `refs/for/` of Gerrit, or branch by branch.

One commit at a time, those first that others stand on: so it is known of which one the server
does not want, and all others go on.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.git import refs
from fixtests.git.repository import GitError, Repository, decoded
from fixtests.model import RunError
from fixtests.series import names
from fixtests.series.record import Made, Records, Series

CLOSED = re.compile(r"\bclosed\b|change .{0,80}\b(?:abandoned|merged)\b", re.IGNORECASE)
UNCHANGED = re.compile(r"no new changes", re.IGNORECASE)


class PushError(RunError):
    """Nowhere to push to; the message says what to do."""


@dataclass(frozen=True)
class Refused:
    """A commit that was not taken, why in the server's words, and what to do about a closed one."""

    made: Made
    why: str
    is_closed: bool = False
    remedy: str = ""

    def __str__(self) -> str:
        if self.is_closed:
            return (
                f"{self.made.subject}: its change is closed; `{self.remedy}` makes it another one"
            )
        return f"{self.made.subject}: {self.why}"


class Push:
    """What is to be pushed of a series, and to which remote."""

    def __init__(self, repository: Repository, series: Series) -> None:
        self._repository = repository
        self._series = series
        self._records = Records(repository)
        self._told = self._records.told(series.branch)
        remote = names.remote_of(repository)
        if remote is None:
            raise PushError(
                f"{repository.root}: has no remote to push to; add one with `git remote add`"
            )
        self._remote = remote

    def left(self) -> list[Made]:
        """Return the commits that the server does not have as they are, in their order."""
        pushed = self._told.pushed
        return [item for item in self._series.made if pushed.get(item.key) != item.commit]

    def arguments(self, made: Made) -> list[str]:
        """Return what git is called with to push one commit."""
        if not made.branch:
            topic = re.sub(r"[^A-Za-z0-9._-]+", "-", self._series.branch)
            there = f"refs/for/{self._series.target}%topic={topic}"
            return ["push", self._remote, f"{made.commit}:{there}"]
        ref = f"{refs.HEADS}{made.branch}"
        before = self._told.pushed.get(made.key)
        lease = [f"--force-with-lease={ref}:{before}"] if before else []
        return ["push", *lease, self._remote, f"{made.commit}:{ref}"]

    def command(self, made: Made) -> str:
        """Return the same as a line for a shell."""
        return shlex.join(["git", *self.arguments(made)])

    def carry_out(self) -> Iterator[Made | Refused]:
        """Push what is left, and yield each commit as it was taken or refused.

        What stands on a refused one is refused with it.
        """
        failed: set[str] = set()
        for made in self.left():
            if made.needs in failed:
                failed.add(made.key)
                yield Refused(made, "what it stands on was not taken")
                continue
            refused = self._push(made)
            if refused is None:
                self._told.pushed[made.key] = made.commit
            else:
                failed.add(made.key)
                if refused.is_closed:
                    self._told.closed.append(made.change_id)
            self._records.tell(self._series.branch, self._told)
            yield refused or made

    def _push(self, made: Made) -> Refused | None:
        try:
            self._repository.run(*self.arguments(made))
        except GitError as error:
            said = str(error)
            if UNCHANGED.search(said):
                return None
            if self._learns(made):
                return self._push(made)
            closed = CLOSED.search(said) is not None
            return Refused(made, said, closed, names.command(self._series, "--refresh"))
        return None

    def _learns(self, made: Made) -> bool:
        """Note where a branch stands on the server, if a run was killed that had pushed it there.

        Tell whether that is something new: the branch can be moved on from there.
        """
        if not made.branch:
            return False
        try:
            address = decoded(self._repository.run("remote", "get-url", "--push", self._remote))
            ref = f"{refs.HEADS}{made.branch}"
            found = decoded(self._repository.run("ls-remote", address.rstrip("\n"), ref))
        except GitError:
            return False
        commit = found.partition("\t")[0]
        known = self._records.commits(self._series.branch)
        if commit == self._told.pushed.get(made.key) or commit not in known:
            return False
        self._told.pushed[made.key] = commit
        return True
