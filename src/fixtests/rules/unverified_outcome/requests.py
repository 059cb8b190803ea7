"""The body of a request: what it may hold under which key, on any path to where it is sent."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field

from fixtests.reasoning.flow import Meaning, Reaching
from fixtests.syntax.queries import constant_string


@dataclass
class Body:
    """What may be under each key, and whether all keys are known; `inner` are keys below keys."""

    entries: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    inner: dict[tuple[str, str], list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    whole: bool = True

    def put(self, target: ast.expr, value: ast.expr) -> None:
        """Take in what is put under a key, or under a key of what is under one."""
        match target:
            case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str(key))):
                self.entries[key].append(value)
            case ast.Subscript(
                value=ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str(key))),
                slice=ast.Constant(value=str(other)),
            ):
                self.inner[key, other].append(value)


class Bodies:
    """The dictionaries that expressions of one function may be."""

    def __init__(self, reaching: Reaching) -> None:
        self._reaching = reaching
        self._open: set[ast.expr] = set()  # what is being followed, which may lead to itself

    def of(self, node: ast.expr) -> list[Body]:
        """Return each dictionary that an expression may be, what is put into it later with it."""
        if node in self._open:
            return []
        self._open.add(node)
        found = [self._body(meaning) for meaning in self._reaching.meanings(node)]
        self._open.remove(node)
        return found

    def below(self, body: Body, key: str, other: str) -> list[ast.expr | None]:
        """Return what may be under a key of what is under a key, None for nothing."""
        found: list[ast.expr | None] = [*body.inner.get((key, other), ())]
        for value in body.entries.get(key, ()):
            for inner in self.of(value):
                found += inner.entries.get(other, [None])
        return found or [None]

    def _body(self, meaning: Meaning) -> Body:
        found = Body()
        self._take(meaning.value, found)
        for change in meaning.changes:
            match change:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        found.put(target, value)
                case ast.Call(func=ast.Attribute(attr="update"), args=[given, *_]):
                    self._merge(given, found)
        return found

    def _take(self, value: ast.expr | None, found: Body) -> None:
        """Take in what is written: a dictionary, or a call that makes one."""
        match value:
            case ast.Dict(keys=keys, values=values):
                for key, item in zip(keys, values, strict=True):
                    name = constant_string(key)
                    if key is None:
                        self._merge(item, found)
                    elif name is None:
                        found.whole = False
                    else:
                        found.entries[name].append(item)
            case ast.Call(func=ast.Name(id="dict"), args=given, keywords=keywords):
                for item in (*given, *(word.value for word in keywords if word.arg is None)):
                    self._merge(item, found)
                for word in keywords:
                    if word.arg is not None:
                        found.entries[word.arg].append(word.value)
            case _:
                found.whole = False

    def _merge(self, given: ast.expr, found: Body) -> None:
        for other in self.of(given):
            found.whole = found.whole and other.whole
            for key, values in other.entries.items():
                found.entries[key] += values
