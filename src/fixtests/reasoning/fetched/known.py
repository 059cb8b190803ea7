"""What is known of fetched lists at one place of a function.

Everything is kept by the text of an expression: `servers`, `resp.body['servers']`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from fixtests.reasoning.calls import OWN
from fixtests.reasoning.fetched import lengths, reach
from fixtests.reasoning.fetched.lengths import MEASURED, NOTHING, PATHS, MadeOf, text
from fixtests.syntax.queries import walk

BODIES = frozenset({"body", "json", "json_body", "result"})  # attributes that are a reply's body
WORD = re.compile(r"\w+")
NONE: set[str] = set()
Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Kind(StrEnum):
    """What came back: a list, a response with a body, a body with lists, a list or a body, a thing.

    `open` stands for what a function gets from itself, directly or not: whatever else it returns.
    """

    OPEN = "open"
    LIST = "list"
    RESPONSE = "response"
    BODY = "body"
    ANSWER = "answer"
    THING = "thing"


INDEXED = (Kind.LIST, Kind.ANSWER)


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
    if len(kinds) > 1 and Kind.THING in kinds:
        return None
    least = min(one.least, other.least)
    return Fetched(kinds.pop() if len(kinds) == 1 else Kind.ANSWER, least) if kinds else OPEN


class State(NamedTuple):
    """What is known at one place of a function, by the text of an expression."""

    kinds: Mapping[str, Kind] = MappingProxyType({})
    least: Mapping[str, int] = MappingProxyType({})
    origins: Mapping[str, ast.stmt] = MappingProxyType({})
    made_of: MadeOf = NOTHING
    # By each word, the texts with it that may be known anywhere in the function, or made of such.
    sharing: dict[str, set[str]] = {}  # noqa: RUF012 - each walk gives one of its own

    def keeping(self, kept: Mapping[str, Fetched]) -> State:
        """Return what is known with what some attributes hold."""
        for name in kept:
            self._note(name, name)
        return self._replace(
            kinds={**self.kinds, **{name: item.kind for name, item in kept.items()}},
            least={**self.least, **{name: item.least for name, item in kept.items() if item.least}},
        )

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

    def origin(self, node: ast.expr) -> ast.stmt | None:
        """Return the statement that bound a list, or what it is a part of."""
        found: ast.expr | None = node
        while isinstance(found, PATHS):
            if text(found) in self.origins:
                return self.origins[text(found)]
            found = None if isinstance(found, ast.Name) else found.value
        return None

    def proved(self, facts: Iterable[lengths.Fact]) -> State:
        """Return what is known with what a condition or an assertion says."""
        names = [
            (text(source), least)
            for node, least in facts
            for source in (lengths.sources(node) if least else ())
            if isinstance(source, MEASURED)
        ]
        if not names:
            return self
        found: dict[str, int] = {}
        for name, least in names:
            self._prove(name, least, found)
        if all(self.least.get(name) == least for name, least in found.items()):
            return self
        for name in found:
            self._note(name, name)
        return self._replace(least={**self.least, **found})

    def _prove(self, name: str, least: int, found: dict[str, int]) -> None:
        found[name] = max(least, found.get(name, self.least.get(name, 0)))
        for source in self.made_of.get(name, ()):
            self._prove(source, least, found)

    def _note(self, name: str, path: str) -> None:
        """Have a path found by the words of a name."""
        for word in _words(name):
            self.sharing.setdefault(word, set()).add(path)

    def forgotten(self, *names: str) -> State:
        """Return this state without what is known of all that some names are part of."""
        lost: set[str] = set()
        unmade: set[str] = set()
        for name in names:
            of_words = [self.sharing.get(word, NONE) for word in _words(name)]
            for path in min(of_words, key=len) if of_words else self._all():
                if reach.mentions(path, name):
                    lost.add(path)
                elif any(reach.mentions(item, name) for item in self.made_of.get(path, ())):
                    unmade.add(path)
        if not (lost or unmade):
            return self
        return State(
            _cut(self.kinds, lost),
            _cut(self.least, lost),
            _cut(self.origins, lost),
            _cut(self.made_of, lost | unmade),
            self.sharing,
        )

    def _all(self) -> set[str]:
        return {*self.kinds, *self.least, *self.origins, *self.made_of}

    def bound(
        self, name: str, kind: Kind | None, least: int, origin: ast.stmt, made_of: tuple[str, ...]
    ) -> State:
        """Return what is known once a name is bound by a statement."""
        known = self.forgotten(name)
        for source in (name, *made_of):
            self._note(source, name)
        return State(
            {**known.kinds, name: kind} if kind else known.kinds,
            {**known.least, name: least} if least else known.least,
            {**known.origins, name: origin},
            {**known.made_of, name: made_of} if made_of else known.made_of,
            self.sharing,
        )

    def taken(self, listed: ast.expr, call: ast.Call, by: ast.stmt) -> State:
        """Return what is known once a call has taken something out of a list, or changed it."""
        path = text(listed)
        if self.kinds.get(path) not in INDEXED or not lengths.takes_one(call):
            return self.forgotten(path)
        return self.bound(path, Kind.LIST, lengths.less(self.length(listed), 1), by, ())

    def join(self, other: State) -> State:
        """Return what holds on both of two paths."""
        if other is self:
            return self
        return State(
            _merged(self.kinds, other.kinds),
            {
                name: min(least, other.least[name])
                for name, least in self.least.items()
                if name in other.least
            },
            _common(self.origins, other.origins),
            _common(self.made_of, other.made_of),
            self.sharing,
        )

    def restored(self, names: set[str], before: State) -> State:
        """Return this state with what was known of some names before."""
        own, outer = self.forgotten(*names), before.forgotten(*names)
        return State(
            {**own.kinds, **_without(before.kinds, outer.kinds)},
            {**own.least, **_without(before.least, outer.least)},
            {**own.origins, **_without(before.origins, outer.origins)},
            {**own.made_of, **_without(before.made_of, outer.made_of)},
            self.sharing,
        )


def _cut(one: Mapping[str, Thing], lost: set[str]) -> Mapping[str, Thing]:
    """Return a mapping without some keys; the same one where it has none of them."""
    gone = [key for key in lost if key in one]
    if not gone:
        return one
    rest = dict(one)
    for key in gone:
        del rest[key]
    return rest


@lru_cache(4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(WORD.findall(name)))


def _common(one: Mapping[Key, Thing], other: Mapping[Key, Thing]) -> dict[Key, Thing]:
    return {key: value for key, value in one.items() if key in other and other[key] == value}


def _without(one: Mapping[Key, Thing], other: Mapping[Key, Thing]) -> dict[Key, Thing]:
    return {key: value for key, value in one.items() if key not in other}


def _merged(one: Mapping[str, Kind], other: Mapping[str, Kind]) -> dict[str, Kind]:
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


def roots(nodes: Iterable[ast.expr]) -> set[str]:
    """Return the names in expressions: `x`, and `self.x` for what hangs on `self`."""
    found = set()
    for item in (part for node in nodes for part in walk(node)):
        if isinstance(item, ast.Name):
            if item.id not in OWN:
                found.add(item.id)
        elif isinstance(item, ast.Attribute) and (name := _own(item.value)):
            found.add(f"{name}.{item.attr}")
    return found


def _own(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) and node.id in OWN else ""


def given(
    value: ast.expr, state: State, classify: Callable[[ast.expr, State], Fetched | None]
) -> Fetched | None:
    """Return what a name is given, a slice of what was fetched as well."""
    if not (isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice)):
        return classify(value, state)
    found = classify(value.value, state)
    if found is None or found.kind not in INDEXED:
        return found if found and found.open else None
    least = max(found.least, state.length(value.value))
    return Fetched(Kind.LIST, lengths.sliced(value.slice, least))


def bound_in(node: ast.AST) -> list[str]:
    """Return the text of everything that is bound somewhere in a node, arguments included."""
    return [
        item.arg if isinstance(item, ast.arg) else text(item)
        for item in walk(node)
        if isinstance(item, ast.arg)
        or (isinstance(item, PATHS) and isinstance(item.ctx, ast.Store | ast.Del))
    ]


def is_rooted(node: ast.Subscript, state: State) -> bool:
    """Tell whether a subscript's list is bound to a name that is known here."""
    return any(isinstance(item, PATHS) and text(item) in state.kinds for item in walk(node))
