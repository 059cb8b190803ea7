"""What is known of fetched lists at one place of a function.

Everything is kept by the text of an expression: `servers`, `resp.body['servers']`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from fixtests.rules.unguarded_index import lengths, reach
from fixtests.rules.unguarded_index.lengths import text

BODIES = frozenset({"body", "json", "json_body", "result"})  # attributes that are a reply's body
PATHS = (ast.Name, ast.Attribute, ast.Subscript)
Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Kind(StrEnum):
    """What came back: a list, a response with a body, a body with lists, a list or a body.

    `open` stands for what a function gets from itself, directly or not: whatever else it returns.
    """

    OPEN = "open"
    LIST = "list"
    RESPONSE = "response"
    BODY = "body"
    ANSWER = "answer"


@dataclass(frozen=True)
class Fetched:
    """Something fetched, and how many elements it has at least."""

    kind: Kind
    least: int = 0

    @property
    def open(self) -> bool:
        """Whether it is what a function gets from itself."""
        return self.kind is Kind.OPEN


OPEN = Fetched(Kind.OPEN, lengths.KNOWN)


def both(one: Fetched | None, other: Fetched | None) -> Fetched | None:
    """Return what holds for a function that gives back one thing or another."""
    if one is None or other is None:
        return None
    kinds = {one.kind, other.kind} - {Kind.OPEN}
    least = min(one.least, other.least)
    return Fetched(kinds.pop() if len(kinds) == 1 else Kind.ANSWER, least) if kinds else OPEN


@dataclass
class State:
    """What is known at one place of a function, by the text of an expression."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)
    origins: dict[str, ast.stmt] = field(default_factory=dict)
    made_of: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def copy(self) -> State:
        """Return a state that can be changed on its own."""
        return State(dict(self.kinds), dict(self.least), dict(self.origins), dict(self.made_of))

    def length(self, node: ast.expr) -> int:
        """Return how many elements an expression has at least."""
        if not self.least:
            return 0
        listed = lengths.same_length(node)
        known = self.least.get(text(listed), 0)
        while isinstance(listed, ast.Attribute | ast.Subscript):
            listed = listed.value
            if f"{text(listed)}.{lengths.EVERY}" in self.least:
                return lengths.KNOWN
        return known

    def prove(self, facts: Iterable[lengths.Fact]) -> None:
        """Take in what a condition or an assertion says."""
        for node, least in facts:
            for source in lengths.sources(node) if least else ():
                if isinstance(source, (*PATHS, ast.Call)):
                    self._prove(text(source), least)

    def _prove(self, name: str, least: int) -> None:
        self.least[name] = max(least, self.least.get(name, 0))
        for source in self.made_of.get(name, ()):
            self._prove(source, least)

    def forget(self, name: str) -> None:
        """Drop what is known of everything that a name is part of."""
        for table in (self.kinds, self.least, self.origins, self.made_of):
            for known in [known for known in table if reach.mentions(known, name)]:
                del table[known]
        for known, sources in list(self.made_of.items()):
            if any(reach.mentions(source, name) for source in sources):
                del self.made_of[known]

    def join(self, other: State) -> State:
        """Return what holds on both of two paths."""
        return State(
            _merged(self.kinds, other.kinds),
            {
                name: min(least, other.least[name])
                for name, least in self.least.items()
                if name in other.least
            },
            _common(self.origins, other.origins),
            _common(self.made_of, other.made_of),
        )


def _common(one: dict[Key, Thing], other: dict[Key, Thing]) -> dict[Key, Thing]:
    return {key: value for key, value in one.items() if key in other and other[key] == value}


def _merged(one: dict[str, Kind], other: dict[str, Kind]) -> dict[str, Kind]:
    """Join kinds: what is a body or its response is used as a body, a list or an answer as both."""
    found = {}
    for name, kind in one.items():
        another = other.get(name)
        kinds = {kind, another}
        if len(kinds) == 1:
            found[name] = kind
        elif kinds == {Kind.RESPONSE, Kind.BODY}:
            found[name] = Kind.BODY
        elif kinds == {Kind.LIST, Kind.ANSWER}:
            found[name] = Kind.ANSWER
        elif another is not None and Kind.OPEN in kinds:
            found[name] = another if kind is Kind.OPEN else kind
    return found
