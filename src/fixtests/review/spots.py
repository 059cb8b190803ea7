"""Places in a file that claims may be about: what a rule finds there, or has looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from fixtests.model import Finding, Judged
from fixtests.review.claim import words_of


@dataclass(frozen=True, eq=False)
class Spot:
    """A place in a file that claims may be about: its rows, its text, the whole line."""

    first: int
    last: int
    text: str
    line: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its line."""
        return words_of(self.line)

    @property
    def message(self) -> str:
        """What a rule says of it."""
        raise NotImplementedError

    def is_one_of(self, things: Iterable[re.Pattern[str]]) -> bool:
        """Tell whether its line, or what is said of it, speaks of one of some things."""
        return any(pattern.search(f"{self.line}\n{self.message}") for pattern in things)


@dataclass(frozen=True, eq=False)
class Flagged(Spot):
    """A finding at its place."""

    finding: Finding
    fixed: bool

    @property
    def message(self) -> str:
        """What a rule says of it."""
        return self.finding.message


@dataclass(frozen=True, eq=False)
class Left(Spot):
    """What a rule has looked at and does not flag, and why."""

    judged: Judged

    @property
    def message(self) -> str:
        """What a rule says of it."""
        return self.judged.message
