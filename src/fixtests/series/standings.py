"""What became of a series as a whole, and what is to be done next for each of its commits."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.git import refs
from fixtests.git.repository import Repository
from fixtests.model import RunError
from fixtests.series import names
from fixtests.series.push import Push, PushError
from fixtests.series.record import Made, Records, Series
from fixtests.series.standing import Standing, Trunk


class NoSeriesError(RunError):
    """A branch or a shard that is not there; the message names what is."""


@dataclass(frozen=True)
class Stand:
    """One commit of a series, what became of it, and the next command for it."""

    made: Made
    standing: Standing
    is_pushed: bool
    next: str


def every(repository: Repository) -> list[Series]:
    """Return all series whose branches stand, by name. Raises GitError and RecordError."""
    records = Records(repository)
    found = []
    for branch in records.branches():
        tip = refs.commit_at(repository, refs.HEADS + branch)
        series = records.of(branch, tip) if tip else None
        if series:
            found.append(series)
    return found


def chosen(repository: Repository, branch: str | None) -> list[Series]:
    """Return the series of a branch, or all. Raises NoSeriesError where there is none."""
    found = every(repository)
    if branch is not None:
        named = [item for item in found if item.branch in (branch, f"{branch}/all")]
        if not named:
            known = ", ".join(item.branch for item in found)
            there = f"there are {known}" if known else "`fixtests commit` makes one"
            raise NoSeriesError(f"{branch}: is no series of this repository; {there}")
        return named
    return found


def close(repository: Repository, series: Series, key: str) -> Made:
    """Take note that a server has closed a shard's change: it gets another id from now on.

    Raises NoSeriesError, and OutputError.
    """
    made = next((item for item in series.made if key in (item.key, item.change_id)), None)
    if made is None:
        known = ", ".join(item.key for item in series.made)
        raise NoSeriesError(f"{key}: is no part of {series.branch}; there are {known}")
    records = Records(repository)
    told = records.told(series.branch)
    told.closed.append(made.change_id)
    records.tell(series.branch, told)
    return made


def stands(repository: Repository, series: Series) -> Iterator[Stand]:
    """Yield what became of each commit of a series, those that the plan has no more at the end.

    Raises GitError and RecordError.
    """
    records = Records(repository)
    told = records.told(series.branch)
    trunk = Trunk.of(repository, series)
    try:
        push = Push(repository, series)
    except PushError:
        push = None
    refresh = names.command(series, "--refresh")
    for made in series.made:
        standing = trunk.standing(made, series)
        if standing is not Standing.MERGED and made.change_id in told.closed:
            standing = Standing.CLOSED
        is_pushed = told.pushed.get(made.key) == made.commit
        match standing:
            case Standing.OPEN if not is_pushed:
                following = push.command(made) if push else ""
            case Standing.OPEN:
                following = _asking(records, series, made)
            case Standing.CONFLICTING | Standing.CLOSED:
                following = refresh
            case Standing.MERGED:
                following = ""
        yield Stand(made, standing, is_pushed, following)
    for made in series.gone:
        yield Stand(made, trunk.standing(made, series), made.key in told.pushed, "")


def _asking(records: Records, series: Series, made: Made) -> str:
    """Return what opens a pull request for a branch that is pushed; empty for a change of Gerrit.

    Where it stands on another commit, the request is held against the branch of that.
    """
    if not made.branch:
        return ""
    below = next((item.branch for item in series.made if item.key == made.needs), series.target)
    file = str(records.pull_request(series.branch, made))
    command = ("gh", "pr", "create", "--base", below, "--head", made.branch)
    return shlex.join([*command, "--title", made.subject, "--body-file", file])
