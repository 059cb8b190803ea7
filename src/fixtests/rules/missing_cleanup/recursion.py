"""Answers to questions that may lead back to themselves, the same whichever is asked first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from fixtests.tree.project import Project

Item = TypeVar("Item")


class Recursion(Generic[Item]):
    """Remembers answers, but not those that were cut short because a circle closed.

    Such an answer is complete only for the question where the circle began.
    """

    def __init__(self, project: Project, kind: str) -> None:
        self._project = project
        self._kind = kind
        self._open: dict[Hashable, int] = {}
        self._cut = sys.maxsize  # the outermost open question that a circle led back to

    def ask(self, question: Hashable, work: Callable[[], list[Item]]) -> list[Item]:
        """Return the answer that `work` gives, and nothing where it is being worked out already."""
        key = self._kind, question
        known: list[Item] | None = self._project.memory.recall(key)
        if known is not None:
            return known
        if question in self._open:
            self._cut = min(self._cut, self._open[question])
            return []
        depth = self._open[question] = len(self._open)
        try:
            found, looked = self._project.trail.follow(work)
        finally:
            del self._open[question]
        if self._cut >= depth:
            self._project.memory.learn(key, found, looked)
            self._cut = sys.maxsize
        return found
