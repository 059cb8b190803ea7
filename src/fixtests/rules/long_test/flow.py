"""Which names some statements read that are bound before them, and which they surely bind."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.reasoning.evaluating import Scope
from fixtests.reasoning.walking import Drops, Walk
from fixtests.syntax.queries import bound_names, walk

Flow = tuple[set[str], set[str] | None]


@dataclass(frozen=True)
class Bound:
    """The names that are bound on every path to a place."""

    names: frozenset[str] = frozenset()

    def join(self, other: Bound) -> Bound:
        """Return what is bound on both of two paths."""
        return Bound(self.names & other.names)

    def restored(self, names: set[str], before: Bound) -> Bound:
        """Return this state with what was known of some names before."""
        return Bound((self.names - names) | (before.names & names))


class Reads(Walk[Bound]):
    """What statements of a function read and bind."""

    def __init__(self, drops: Drops) -> None:
        super().__init__(drops)
        self._found: set[str] = set()

    def flow(self, statements: Sequence[ast.stmt]) -> Flow:
        """Return the names read before statements bind them, and those that they surely bind.

        The latter are None where the end is not reached.
        """
        self._found = set()
        end = self.block([*statements], Bound())
        return self._found, set(end.names) if end else None

    def use(self, node: ast.Name, state: Bound) -> None:
        """Note a name that is not surely bound before."""
        if node.id not in state.names:
            self._found.add(node.id)

    def bind(
        self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: Bound
    ) -> Bound:
        """Take in that a name is bound."""
        return Bound(state.names | {name})

    def unbind(self, name: str, state: Bound) -> Bound:
        """Take in that a name is bound no longer."""
        return Bound(state.names - {name})

    def enter(self, node: Scope, state: Bound) -> Bound:
        """Note what a function reads from around it."""
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        read = {
            item.id
            for part in body
            for item in walk(part)
            if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)
        }
        self._found |= read - bound_names(node) - state.names
        return state
