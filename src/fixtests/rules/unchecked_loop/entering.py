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
OTHERWISE = (ast.NotEq, ast.NotIn, ast.IsNot)


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
        super().__init__(function, origins, origins.checked, names, origins.blocks)

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


def asserts_absence(loop: ast.For | ast.AsyncFor) -> bool:
    """Tell whether all that a loop asserts is that none is a thing which was seen before.

    That is so of an empty list, too, as it is after a deletion. What is no literal was seen before.
    """
    asserting = [item for item in walk(loop) if asserts(item)]
    return bool(asserting) and all(map(_denies, asserting))


def _denies(node: ast.AST) -> bool:
    match node:
        case ast.Call(args=[one, other, *_]) if roles.DENIES.fullmatch(called_name(node)):
            sides = one, other
        case ast.Assert(test=ast.Compare(left=one, ops=[op], comparators=[other])):
            if not isinstance(op, OTHERWISE):
                return False
            sides = one, other
        case _:
            return False
    return not any(isinstance(side, ast.Constant) for side in sides)


def is_conditional(block: Sequence[ast.stmt]) -> bool:
    """Tell whether a block may end without asserting: that stands in branches or behind leaps."""
    for item in block:
        match item:
            case ast.If(body=body, orelse=other):
                if not is_conditional(body) and not is_conditional(other):
                    return False
                if any(isinstance(part, LEAPS) for part in walk(item)):
                    return True
            case ast.For(body=body) | ast.AsyncFor(body=body) | ast.While(body=body):
                if not is_conditional(body):
                    return False
            case _ if any(map(asserts, walk(item))):
                return False
    return True
