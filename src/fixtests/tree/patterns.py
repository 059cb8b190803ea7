"""Regular expressions that a profile or a configuration gives, known while they are matched.

One that backtracks without end can thus be named when a file's time is over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

Found = TypeVar("Found")
_running: list[str] = []  # the text of the one that is being matched


@dataclass(frozen=True)
class Pattern:
    """A regular expression: as it is written in a profile, and as it is matched."""

    text: str
    compiled: re.Pattern[str]

    def search(self, subject: str) -> re.Match[str] | None:
        """Return the first match anywhere."""
        return self._noted(self.compiled.search, subject)

    def fullmatch(self, subject: str) -> re.Match[str] | None:
        """Return the match of a whole text."""
        return self._noted(self.compiled.fullmatch, subject)

    def findall(self, subject: str) -> list[Any]:
        """Return what `re.findall` does."""
        return self._noted(self.compiled.findall, subject)

    def _noted(self, match: Callable[[Any], Found], subject: Any) -> Found:
        _running.append(self.text)
        try:
            return match(subject)
        finally:
            _running.pop()


@cache
def pattern(text: str, flags: int = 0) -> Pattern:
    """Return the pattern that a profile gives as a text; an empty one matches nothing."""
    return Pattern(text, re.compile(text or "(?!)", flags))


def running() -> str:
    """Return the pattern that is being matched, empty where none is."""
    return _running[-1] if _running else ""
