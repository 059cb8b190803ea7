"""Makes a series, or makes it anew: what is as it was keeps its commits, all else gets new ones.

Nothing is seen of it before its branch is set, in one step, at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fixtests.git import refs, user
from fixtests.git.commits import FILE, Commits, Entry
from fixtests.git.repository import Repository
from fixtests.model import RunError
from fixtests.plan.plan import MovedError, Plan
from fixtests.report.summary import count
from fixtests.series import names
from fixtests.series.building import Builder, Order
from fixtests.series.record import Made, Records, Series
from fixtests.series.splitting import split
from fixtests.series.standing import Standing, Trunk
from fixtests.write import outputs


class SeriesError(RunError):
    """A series that cannot be made; the message says why, and what to do."""


@dataclass(frozen=True)
class Outcome:
    """A series that stands, which of its commits are new, and which branches were set."""

    series: Series
    new: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()


def repository_of(plan: Plan) -> Repository:
    """Return the repository in which all files of a plan stand. Raises SeriesError and GitError."""
    found: dict[Path, str] = {}
    repository = None
    for write in plan.writes:
        repository = Repository.find(write.path.parent)
        if repository is None:
            raise SeriesError(f"{write.path}: is in no git repository; nothing can be committed")
        found.setdefault(repository.root, str(write.path))
    if len(found) > 1:
        one, other, *_ = found.values()
        raise SeriesError(
            f"{one} and {other} are in different repositories; give the paths of one of them"
        )
    if repository is None:
        raise SeriesError("there is nothing to commit")
    return repository


class Maker:
    """Makes one series of a plan in one repository."""

    def __init__(self, repository: Repository, order: Order) -> None:
        self._repository = repository
        self._order = order
        self._records = Records(repository)
        head = refs.commit_at(repository, "HEAD")
        if head is None:
            raise SeriesError(f"{repository.root}: has no commit yet; make the first one")
        self._head = head
        refs.check_name(repository, order.whole)
        refs.check_room(repository, order.whole)
        refs.check_free(repository, order.whole)
        user.identity(repository)
        self._stands = refs.commit_at(repository, refs.HEADS + order.whole)
        self.before = self._records.of(order.whole, self._stands) if self._stands else None
        if self._stands and self.before is None:
            raise SeriesError(
                f"{order.whole}: this branch is there already, and not as fixtests has made it;"
                " rename it, or name another one with --branch"
            )
        self._told = self._records.told(order.whole)
        self._commits = Commits(repository, head)

    def make(self, plan: Plan) -> Outcome:
        """Make the commits of a plan and set the branch.

        Raises SeriesError where a series stands that is another one and is not to be made anew,
        MovedError, and other RunErrors; nothing is made then.
        """
        root, known = self._repository.root, self.before.blocks if self.before else {}
        try:
            shards = split(plan, root, self._order.splitting, known, self._order.script)
        except MovedError as error:
            raise SeriesError(f"a file has {error}") from None
        first: dict[str, bytes | None] = {}
        for shard in shards:
            for step in shard.steps:
                first.setdefault(self._name(step.path), step.before)
        self._commits.look_at(first)
        self._told.closed += self._merged({shard.key for shard in shards})
        project, target = names.project(self._repository), names.target(self._repository)
        identify = partial(names.change_id, project, target, self._told.closed)
        builder = Builder(self._commits, self._order, self.before, identify)
        made = builder.build(shards, {Path(item.path): item for item in plan.results})
        series = self._series(made, project, target)
        before = self.before
        is_same = before and (before.made, before.tip) == (series.made, series.tip)
        if before and not is_same and not self._order.refresh:
            raise SeriesError(
                f"{self._order.whole}: another series stands there; --refresh makes it anew, with"
                " the same ids for what is the same"
            )
        branches = self._branches(series)
        if branches:
            self._records.keep(series)
            self._records.tell(self._order.whole, self._told)
            for item in series.made if self._order.one_each else ():
                self._describe(item, series, builder.texts[item.key])
            refs.set_all(self._repository, branches)
        return Outcome(series, frozenset(builder.new), frozenset(branches))

    def _merged(self, keys: Collection[str]) -> list[str]:
        """Return the ids of changes that are merged, of shards that have something new by now."""
        if self.before is None or self.before.base == self._head:
            return []
        trunk = Trunk(self._repository, self._head)
        return [
            item.change_id
            for item in (*self.before.made, *self.before.gone)
            if item.key in keys
            and item.change_id not in self._told.closed
            and trunk.standing(item, self.before) is Standing.MERGED
        ]

    def _describe(self, made: Made, series: Series, text: str) -> None:
        """Write the title and the body of a pull request. Raises OutputError."""
        title, _, body = text.partition("\n")
        below = next((item.branch for item in series.made if item.key == made.needs), "")
        if below:
            body += f"\nThis stands on `{below}`.\n"
        where = self._records.pull_request(series.branch, made)
        outputs.save_own(where.with_suffix(".title"), f"{title}\n".encode())
        outputs.save_own(where, f"{body.strip()}\n".encode())

    def _series(self, made: Sequence[Made], project: str, target: str) -> Series:
        """Return the series of some commits, whose tip holds them all."""
        order, before = self._order, self.before
        keys = {item.key for item in made}
        return Series(
            branch=order.whole,
            tip=self._tip(made),
            base=self._head,
            trunk=refs.current(self._repository) or "",
            target=target,
            repository=project,
            arguments=order.arguments,
            folder=order.folder,
            made=tuple(made),
            gone=tuple(
                item
                for item in ((*before.made, *before.gone) if before else ())
                if item.key not in keys
            ),
        )

    def _tip(self, made: Sequence[Made]) -> str:
        """Return the commit that all others are reached from."""
        needed = {item.needs for item in made}
        tips = [item.commit for item in made if item.key not in needed]
        if len(tips) == 1:
            return tips[0]
        before = self.before
        if before and before.base == self._head and before.made == tuple(made):
            return before.tip
        files = {}
        for item in made:
            for name, change in item.files.items():
                held = self._commits.before(name)
                mode = held.mode if held else FILE
                files[name] = Entry(mode, change.after)
        said = [f"All {count(len(made), 'commit')} of a series of fixtests", ""]
        said += ["This one only holds them together; it is not for review.", ""]
        said += [f"- {item.subject}" for item in made]
        return self._commits.commit([self._head, *tips], files, "\n".join(said) + "\n")

    def _branches(self, series: Series) -> dict[str, tuple[str, str | None]]:
        """Return the branches that are to be set, with where they are to be, and where they are.

        Raises SeriesError for one that somebody else has set.
        """
        wanted = {item.branch: item.commit for item in series.made if item.branch}
        wanted[self._order.whole] = series.tip  # git sets it last: all is there where it is
        ours = {self._stands, *self._records.commits(self._order.whole)}
        found: dict[str, tuple[str, str | None]] = {}
        for name, commit in wanted.items():
            at = refs.commit_at(self._repository, refs.HEADS + name)
            if at not in (None, commit) and at not in ours:
                raise SeriesError(
                    f"{name}: this branch is there already, and not as fixtests has made it;"
                    " rename it, or name another one with --branch"
                )
            if at != commit:
                refs.check_free(self._repository, name)
                found[name] = (commit, at)
        return found

    def _name(self, path: Path) -> str:
        return path.relative_to(self._repository.root).as_posix()
