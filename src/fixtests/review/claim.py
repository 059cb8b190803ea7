"""One finding of a review, whatever the review was written in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property

from fixtests.review.rows import Rows

CWE = re.compile(r"\bCWE[-_ ]?(\d{1,4})\b", re.IGNORECASE)
QUOTED = re.compile(r"`([^`\n]+)`")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,}|[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Claim:
    """One finding of a review.

    `origin` is the review's file and line, `rows` the lines of code it names,
    `words` the code it quotes, `rules` what a tool called it, and `about` what
    that tool says of all that it calls so, one text for all of them.
    """

    origin: str
    title: str
    text: str
    cwe: tuple[int, ...] = ()
    rows: Rows = field(default_factory=Rows)
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    about: str = ""

    def shares(self, words: frozenset[str]) -> bool:
        """Tell whether one of some words is among its own."""
        return not (self._own.isdisjoint(words) and _words_of_all(self.about).isdisjoint(words))

    @cached_property
    def _own(self) -> frozenset[str]:
        return words_of(self.text)

    @cached_property
    def code(self) -> tuple[str, ...]:
        """What it quotes that can be nothing but code."""
        return tuple(word for word in self.words if len(word) > 3 and not word.isalpha())


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that a claim and a line of code may share."""
    return frozenset(WORD.findall(text))


_words_of_all = cache(words_of)
