"""What became of the commits of a series on a trunk that has moved since: told by content alone.

A server may have rewritten what it merged, so that no id and no message says it. Merged is what
leaves a trunk as it is when it is merged into it; what cannot be merged conflicts.
"""

from __future__ import annotations

import difflib
from enum import StrEnum

from fixtests.git import refs
from fixtests.git.commits import Commits
from fixtests.git.repository import GitError, Repository
from fixtests.series.record import Made, Series


class Standing(StrEnum):
    """What became of a commit; CLOSED is only known from a server or the user."""

    MERGED = "merged"
    CONFLICTING = "conflicting"
    OPEN = "not merged"
    CLOSED = "closed"


class Trunk:
    """The commit that a series is to be merged into."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.commit = commit
        self._repository = repository
        self._tree = self._tree_of(commit)
        self._held = Commits(repository, commit).entries(commit)

    @classmethod
    def of(cls, repository: Repository, series: Series) -> Trunk:
        """Return where a series' trunk stands now: there, or at its upstream where that is newer.

        A series that was made for no branch is held against HEAD.
        """
        commit = refs.commit_at(repository, series.trunk) if series.trunk else None
        if commit is None:
            commit = refs.commit_at(repository, "HEAD") or series.base
        followed = refs.upstream(repository, series.trunk) if series.trunk else None
        there = f"refs/remotes/{'/'.join(followed)}" if followed else ""
        other = refs.commit_at(repository, there) if there else None
        if other and refs.is_ancestor(repository, commit, other):
            commit = other
        return cls(repository, commit)

    def standing(self, made: Made, series: Series) -> Standing:
        """Return what became of a commit of a series, be it one that is not planned any more.

        Raises GitError.
        """
        held = {name: self._held[name].blob if name in self._held else "" for name in made.files}
        since = series.since(made)
        if all(held[name] in {change.after, *since[name]} for name, change in made.files.items()):
            return Standing.MERGED
        if all(held[name] == change.before for name, change in made.files.items()):
            return Standing.OPEN
        return self._tried(made, series.first(made))

    def _tried(self, made: Made, first: Made) -> Standing:
        """Merge a commit into the trunk, aside.

        Where what it stands on is not merged, either, the two only conflict with the trunk if they
        do together. Where lines beside what was merged have changed since, that looks like a
        conflict: the lines themselves tell, then.
        """
        merged = self._merged(f"{made.commit}^", made.commit)
        if merged is None and first != made:
            merged = self._merged(f"{first.commit}^", made.commit)
        if merged is not None:
            return Standing.MERGED if merged == self._tree else Standing.OPEN
        is_in = all(self._holds(made.commit, name) for name in made.files)
        return Standing.MERGED if is_in else Standing.CONFLICTING

    def _holds(self, commit: str, name: str) -> bool:
        """Tell whether a file of the trunk has the lines that a commit writes, none it removes."""
        if name not in self._held:
            return False
        now = self._lines(self._held[name].blob)
        old, new = self._lines(f"{commit}^:{name}"), self._lines(f"{commit}:{name}")
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        return all(
            _stands(new[at:to], now) and not (end > start and _stands(old[start:end], now))
            for tag, start, end, at, to in matcher.get_opcodes()
            if tag != "equal"
        )

    def _lines(self, blob: str) -> list[bytes]:
        try:
            return self._repository.run("cat-file", "blob", blob).split(b"\n")
        except GitError:  # there was no such file
            return []

    def _merged(self, start: str, end: str) -> str | None:
        """Return the tree of the trunk with what changed between commits, None for a conflict.

        The three trees get commits of their own, whose only history is the one that is needed,
        whatever stands below that.
        """
        before = self._made_of(self._tree_of(start))
        after = self._made_of(self._tree_of(end), before)
        trunk = self._made_of(self._tree, before)
        try:
            answer = self._repository.run("merge-tree", "--write-tree", trunk, after)
        except GitError as error:
            if error.code == 1:
                return None
            raise GitError(f"{error}; git 2.38 or later can tell", error.code) from None
        return answer.decode("ascii", "replace").split()[0]

    def _made_of(self, tree: str, *parents: str) -> str:
        options = [word for parent in parents for word in ("-p", parent)]
        said = self._repository.run("commit-tree", "-m", "trial", *options, tree)
        return said.decode().strip()

    def _tree_of(self, commit: str) -> str:
        return self._repository.run("rev-parse", f"{commit}^{{tree}}").decode().strip()


def _stands(part: list[bytes], lines: list[bytes]) -> bool:
    """Tell whether some lines stand in others, one after another."""
    return any(lines[at : at + len(part)] == part for at in range(len(lines) - len(part) + 1))
