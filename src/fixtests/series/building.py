"""Builds the commits of a series, each on the one that it needs; what is as it was is kept.

A commit can be kept on the trunk of before if nothing that is done in its block has moved there:
else those that stand on it would bring along what the trunk has done to their files since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from fixtests.git import user
from fixtests.git.commits import Commits, Entry
from fixtests.model import FileResult
from fixtests.series import messages, names
from fixtests.series.messages import Template
from fixtests.series.record import Change, Made, Series
from fixtests.series.splitting import Shard, Splitting

TRAILER = "Change-Id"


@dataclass(frozen=True)
class Order:
    """How a series is to be made.

    `branch` is its name; with `one_each`, a branch below it for each commit, and one for all.
    `script` names the script whose work it is; `arguments` and `folder` are the command that
    asked for it, and where.
    """

    branch: str
    splitting: Splitting
    template: Template
    one_each: bool = False
    refresh: bool = False
    script: str = ""
    arguments: tuple[str, ...] = ()
    folder: str = ""

    @property
    def whole(self) -> str:
        """The branch that holds all of it."""
        return f"{self.branch}/all" if self.one_each else self.branch


class Builder:
    """Builds the commits of one series; `before` is what stands, `identify` gives a shard its id.

    `new` are the keys of the shards that got a commit, `texts` the messages without trailers.
    """

    def __init__(
        self,
        commits: Commits,
        order: Order,
        before: Series | None,
        identify: Callable[[str], str],
    ) -> None:
        self.new: set[str] = set()
        self.texts: dict[str, str] = {}
        self._commits = commits
        self._repository = commits.repository
        self._order = order
        self._before = before
        self._old = {item.key: item for item in before.made} if before else {}
        self._identify = identify
        self._made: dict[str, Made] = {}
        self._blobs: dict[str, str] = {}  # of files, as the commits so far leave them
        self._entries = cache(commits.entries)

    def build(self, shards: Sequence[Shard], results: Mapping[Path, FileResult]) -> list[Made]:
        """Return a commit for each shard, in their order.

        `results` are those of the whole plan. Raises GitError and TemplateError.
        """
        width = user.width(self._repository)
        for shard in shards:
            words = messages.words(shard, results, self._repository.root, width)
            self.texts[shard.key] = self._order.template.filled(words)
        moved = self._moved(shards)
        for shard in shards:
            entries = {
                self._name(step.path): self._commits.entry(self._name(step.path), step.content)
                for step in shard.steps
            }
            made = self._wanted(shard, entries)
            if not self._order.one_each:
                made = replace(made, change_id=self._identify(shard.key))
            kept = self._old.get(shard.key)
            stays = made.needs not in self.new and _first(shard).key not in moved
            if kept and stays and replace(kept, commit="") == made:
                self._made[shard.key] = kept
            else:
                self._made[shard.key] = self._committed(made, entries)
        return list(self._made.values())

    def _moved(self, shards: Sequence[Shard]) -> set[str]:
        """Return the shards on which others stand whose files the trunk has changed since."""
        found = set()
        for shard in shards:
            first = self._old.get(_first(shard).key)
            if first is None:
                continue
            held = self._entries(f"{first.commit}^")
            for name in (self._name(step.path) for step in shard.steps):
                if held.get(name) != self._commits.before(name):
                    found.add(first.key)
        return found

    def _wanted(self, shard: Shard, entries: Mapping[str, Entry]) -> Made:
        """Return what the commit of a shard is to be, but for its name and its id."""
        text = self.texts[shard.key]
        made = Made(
            key=shard.key,
            subject=text.partition("\n")[0],
            commit="",
            text=hashlib.sha256(text.encode()).hexdigest(),
            needs=shard.needs.key if shard.needs else "",
            branch=self._branch(shard) if self._order.one_each else "",
            folder=shard.block.folder if shard.block else "",
            block=shard.block.number if shard.block else 0,
            files=dict(self._changes(entries)),
        )
        self._blobs |= {name: entry.blob for name, entry in entries.items()}
        return made

    def _changes(self, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Change]]:
        for name, entry in entries.items():
            before = self._commits.before(name)
            yield name, Change(self._blobs.get(name, before.blob if before else ""), entry.blob)

    def _committed(self, made: Made, entries: Mapping[str, Entry]) -> Made:
        """Make a commit on the one that it needs, which may have been kept."""
        trailers = {TRAILER: made.change_id} if made.change_id else {}
        message = user.with_trailers(self._repository, self.texts[made.key], trailers)
        parent = self._made[made.needs].commit if made.needs else self._commits.base
        self.new.add(made.key)
        return replace(made, commit=self._commits.commit([parent], entries, message))

    def _branch(self, shard: Shard) -> str:
        """Return the name of a shard's own branch, which no other one has."""
        name = wanted = f"{self._order.branch}/{names.slug(shard.key)}"
        taken, number = {item.branch for item in self._made.values()}, 1
        while name in taken or name == self._order.whole:
            number += 1
            name = f"{wanted}-{number}"
        return name

    def _name(self, path: Path) -> str:
        return path.relative_to(self._repository.root).as_posix()


def _first(shard: Shard) -> Shard:
    """Return the shard on which one stands in the end, be it itself."""
    while shard.needs:
        shard = shard.needs
    return shard
