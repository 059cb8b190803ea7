"""A walk over one function: which loops over fetched lists may never be entered."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.reasoning import roles
from fixtests.reasoning.fetched import lengths
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.known import INDEXED, State
from fixtests.reasoning.fetched.lists import Origins
from fixtests.syntax.queries import Function, called_name, walk

LEAPS = (ast.Continue, ast.Break)


@dataclass(frozen=True, eq=False)
class Loop:
    """A loop, what bound its list, and the statement before it."""

    node: ast.For | ast.AsyncFor
    origin: ast.stmt | None
    previous: ast.stmt | None


class Entering(Flow):
    """One walk; afterwards `found` holds the loops over lists that may be empty."""

    def __init__(
        self, function: Function, origins: Origins, loops: Sequence[ast.For | ast.AsyncFor]
    ) -> None:
        self._loops = {loop.iter: loop for loop in loops}
        self._found: dict[ast.expr, Loop | None] = {}
        self.filled: set[ast.For | ast.AsyncFor] = set()  # those over lists that hold something
        names = relevant(walk(function), self._loops)
        super().__init__(function, origins, origins.checked, names, origins.expected)

    @property
    def found(self) -> list[Loop]:
        """The loops, in the order in which they are reached."""
        return [item for item in self._found.values() if item is not None]

    def iterate(self, source: ast.expr, state: State) -> State:
        """Look whether what a loop goes over was fetched and may be empty."""
        if source in self._loops:
            self._found[source] = self._judged(source, state)
        return super().iterate(source, state)

    def _judged(self, source: ast.expr, state: State) -> Loop | None:
        listed = lengths.same_length(source)
        found = self._classify(listed, state)
        known = max(found.least, state.length(listed)) if found is not None else 0
        if known:
            self.filled.add(self._loops[source])
        if found is None or found.kind not in INDEXED or known or self.quiet:
            return None
        return Loop(self._loops[source], state.origin(listed), self.places[-1].previous)


def asserts(node: ast.AST) -> bool:
    """Tell whether a call or statement asserts something."""
    if isinstance(node, ast.Call):
        name = called_name(node)
        return bool(roles.ASSERTS.match(name) or roles.EXPECTS.fullmatch(name))
    return isinstance(node, ast.Assert)


def is_conditional(block: Sequence[ast.stmt]) -> bool:
    """Tell whether a block may end without asserting: that stands in branches or behind leaps."""
    for item in block:
        match item:
            case ast.If(body=body, orelse=other):
                if not is_conditional(body) and not is_conditional(other):
                    return False
                if any(isinstance(part, LEAPS) for part in walk(item)):
                    return True
            case _ if any(map(asserts, walk(item))):
                return False
    return True
