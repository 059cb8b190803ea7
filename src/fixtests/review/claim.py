"""One finding of a review, whatever the review was written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from fixtests.review.rows import Rows

CWE = re.compile(r"\bCWE[-_ ]?(\d{1,4})\b", re.IGNORECASE)
LENGTH = re.compile(r"(?<![\w.-])(\d{2,4})\+?[- ]?(?:\w+ )?(?:lines?|LOC)\b", re.IGNORECASE)
TENS = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
LENGTH_IN_WORDS = re.compile(
    rf"\b({'|'.join(TENS)}|(?:a|one) hundred)(?:-odd)?[- ](?:\w+ )?(?:lines?|LOC)\b", re.IGNORECASE
)
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,}|[0-9a-f]{8}-[0-9a-f-]{27}")
BESIDE = {"/COMMIT_MSG": "the commit message", "/PATCHSET_LEVEL": "the change as a whole"}


class Asks(StrEnum):
    """What somebody wants who says something of a test."""

    CHANGE = "change"
    NOTHING = "nothing"  # praise, thanks, what is said to be there
    CONTRARY = "contrary"  # that something stays as it is


@dataclass(frozen=True)
class Place:
    """Where: files, rows of code, functions and classes by name, and code that is quoted.

    `guessed` are rows that stand in brackets without a word that says that they are rows,
    `also` those beside the ones that something else tells, `shown` whole lines of code above
    which something is said.
    """

    files: tuple[str, ...] = ()
    rows: Rows = field(default_factory=Rows)
    guessed: Rows = field(default_factory=Rows)
    names: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    also: Rows = field(default_factory=Rows)

    @property
    def lines(self) -> Rows:
        """The rows that it names, else those that it seems to name, with those beside them."""
        return Rows.of((*self._own.ranges, *self.also.ranges)) if self.also.ranges else self._own

    @property
    def _own(self) -> Rows:
        return self.rows if self.rows.ranges else self.guessed

    @property
    def is_told(self) -> bool:
        """Whether it says more than the file."""
        return bool(self.lines.ranges or self.names or self.quoted or self.shown)

    def below(self, above: Place) -> Place:
        """Return this place with what one above it says where this one says nothing."""
        rows = Rows() if self._own.ranges or self.names else above._own
        return Place(
            self.files or above.files,
            self.rows if self._own.ranges else rows,
            self.guessed,
            self.names if self._own.ranges or self._is_named else (*self.names, *above.names),
            self.quoted or above.quoted,
            self.shown or above.shown,
            Rows.of((*self.also.ranges, *above.also.ranges)),
        )

    @property
    def _is_named(self) -> bool:
        """Whether it names more than the lists that it indexes: `x[0]` stands in some function."""
        return any(
            not any(code.startswith(f"{name}[") for code in self.quoted) for name in self.names
        )

    def and_also(self, other: Place) -> Place:
        """Return what two places name together."""
        return Place(
            _once((*self.files, *other.files)),
            Rows.of((*self.rows.ranges, *other.rows.ranges)),
            Rows.of((*self.guessed.ranges, *other.guessed.ranges)),
            _once((*self.names, *other.names)),
            _once((*self.quoted, *other.quoted)),
            _once((*self.shown, *other.shown)),
            Rows.of((*self.also.ranges, *other.also.ranges)),
        )

    @cached_property
    def code(self) -> tuple[str, ...]:
        """What is quoted that can be nothing but code."""
        return tuple(word for word in self.quoted if len(word) > 3 and not word.isalpha())


@dataclass(frozen=True)
class Thread:
    """The comment of a review server that a claim stands in, so that it can be answered there.

    `first` is the comment that opened the thread.
    """

    path: str
    comment: str
    line: int
    first: str


@dataclass(frozen=True)
class Claim:
    """One finding of a review.

    `origin` is the review's file and line, `above` what headings say of it, `refers` what it
    points back to, `rules` what a tool called it, and `about` what that tool says of all that
    it calls so, one text for all of them; `beside` is what it stands at that is no file.
    """

    origin: str
    title: str
    text: str
    place: Place = field(default_factory=Place)
    asks: Asks = Asks.CHANGE
    above: str = ""
    refers: str = ""
    cwe: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    about: str = ""
    thread: Thread | None = None
    beside: str = ""

    def at(self, beside: str) -> Claim:
        """Return the claim as one at what is no file; it is about one that its own words name."""
        files = tuple(name for name in self.place.files if name in self.text)
        return replace(self, place=replace(self.place, files=files), beside=beside)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of lines that it tells."""
        words = LENGTH_IN_WORDS.findall(self.text)
        told = [
            100 if word.lower().endswith("hundred") else (TENS.index(word.lower()) + 1) * 10
            for word in words
        ]
        return (*map(int, LENGTH.findall(self.text)), *told)

    def names_part_of(self, code: str) -> bool:
        """Tell whether it names something that stands in some code as a whole word."""
        words = frozenset(IDENTIFIER.findall(code))
        return not words.isdisjoint((*self.place.names, *self.place.quoted))

    def shares(self, words: frozenset[str]) -> bool:
        """Tell whether one of some words is among its own."""
        return not (self._own.isdisjoint(words) and _words_of_all(self.about).isdisjoint(words))

    @cached_property
    def _own(self) -> frozenset[str]:
        return words_of(self.text)


@dataclass(frozen=True)
class Reading:
    """What came of reading a review: its claims, and the lines that nobody understood."""

    claims: tuple[Claim, ...] = ()
    unread: tuple[str, ...] = ()  # "review.md:12: text"
    folders: tuple[str, ...] = ()  # that the review names, and paths of files
    is_empty: bool = False  # whether it is a list of findings with none in it


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that a claim and a line of code may share."""
    return frozenset(WORD.findall(text))


_words_of_all = cache(words_of)


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of the weaknesses (CWE) that a text names."""
    return _once(map(int, CWE.findall(text)))


def _once(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))
