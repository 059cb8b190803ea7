"""Answers about functions that depend on answers about other functions, and may go round.

All that a question leads to is worked out until nothing changes, and only then remembered. So an
answer is the same whichever is asked first, and however long the chain to the end is.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fixtests.tree.project import Project
from fixtests.tree.trail import Look

Answer = TypeVar("Answer")
Looks = tuple[Look, Look] | None
# How many questions are worked out inside of one another, for Python's stack holds so many.
# Others wait in line: that takes longer and gives the same.
INSIDE = 12
# How often an answer is replaced by a later one. Then it only grows, so that all work ends, even
# work that gives less for more; to all other work it makes no difference.
REPLACED = 20


@dataclass(eq=False)
class _Entry(Generic[Answer]):
    """A question that is not settled: how it is worked out, what is known, who has used that."""

    work: Callable[[], Answer]
    looks: Looks
    answer: Answer
    looked: int = 0
    turns: int = 0
    askers: dict[Hashable, None] = field(default_factory=dict)


class Summaries(Generic[Answer]):
    """Answers of one kind, the least ones that agree with each other.

    Work begins with `nothing` for each question and repeats until nothing
    changes: `joined` must only add, and come to an end. The work of a
    question asks about others by `ask` directly, not by `Project.memory`,
    which would keep what is not settled.
    """

    def __init__(
        self,
        project: Project,
        kind: str,
        nothing: Answer,
        joined: Callable[[Answer, Answer], Answer],
    ) -> None:
        self._project = project
        self._kind = kind
        self._nothing = nothing
        self._joined = joined
        self._unsettled: dict[Hashable, _Entry[Answer]] = {}
        self._open: list[Hashable] = []  # what is being worked out, the innermost last
        self._waiting: dict[Hashable, None] = {}

    def ask(self, question: Hashable, work: Callable[[], Answer], looks: Looks = None) -> Answer:
        """Return the answer to a question, which `work` finds out.

        Where the answer is plain, the second one of some `looks` stands for the first one.
        """
        known: tuple[Answer] | None = self._project.memory.recall((self._kind, question))
        if known is not None:
            return known[0]
        if not self._open:
            return self._settle(question, work, looks)
        entry = self._unsettled.get(question) or self._begin(question, work, looks)
        entry.askers[self._open[-1]] = None
        return entry.answer

    def _begin(
        self, question: Hashable, work: Callable[[], Answer], looks: Looks
    ) -> _Entry[Answer]:
        entry = self._unsettled[question] = _Entry(work, looks, self._nothing)
        if len(self._open) < INSIDE:
            self._work(question, entry)
        else:
            self._waiting[question] = None
        return entry

    def _work(self, question: Hashable, entry: _Entry[Answer]) -> None:
        """Work a question out, and let those who used another answer wait for their turn."""
        self._open.append(question)
        try:
            trail = self._project.trail
            answer, looked = trail.follow(trail.instead, entry.looks, entry.work)
        finally:
            self._open.pop()
        entry.looked |= looked
        entry.turns += 1
        if entry.turns > REPLACED:
            answer = self._joined(entry.answer, answer)
        if answer != entry.answer:
            entry.answer = answer
            self._waiting.update(entry.askers)

    def _settle(self, question: Hashable, work: Callable[[], Answer], looks: Looks) -> Answer:
        """Work out a question and all that it leads to, and remember them."""
        try:
            found = self._begin(question, work, looks)
            while self._waiting:
                other, _ = self._waiting.popitem()
                self._work(other, self._unsettled[other])
            self._share_looks()
            for other, entry in self._unsettled.items():
                key = self._kind, other
                self._project.memory.learn(key, (entry.answer,), entry.looked)
            return found.answer
        finally:
            self._unsettled.clear()
            self._waiting.clear()

    def _share_looks(self) -> None:
        """Let each question depend on whatever the answers that it used depend on."""
        changed = True
        while changed:
            changed = False
            for entry in self._unsettled.values():
                for asker in entry.askers:
                    above = self._unsettled[asker]
                    looked = above.looked | entry.looked
                    changed = changed or looked != above.looked
                    above.looked = looked
