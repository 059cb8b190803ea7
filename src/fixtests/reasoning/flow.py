"""Which bindings reach a use of a name, on any path, and what was put into them on the way.

Reaching definitions (Aho, Lam, Sethi, Ullman: Compilers, 9.2.4), with the scopes of Python: a
closure sees what is bound around it when it is made or later.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.reasoning.bindings import Binding, Known, Seen, begin
from fixtests.reasoning.scopes import Body, Outside
from fixtests.syntax.syntax import Function
from fixtests.tree.module import Method


@dataclass(frozen=True, eq=False)
class Held:
    """A binding that reaches a use, and the nodes that may have changed what it holds since."""

    binding: Binding
    changes: tuple[ast.AST, ...] = ()

    @property
    def value(self) -> ast.expr | None:
        """The expression that the name was bound to, None where none is written."""
        return self.binding.value


class Reaching:
    """Which bindings reach each use of a name in one function and in those inside it."""

    def __init__(self, function: Function) -> None:
        self._held: dict[ast.AST, Seen] = {}
        bodies = [Body(function, Known(), None)]
        for body in bodies:  # grows by the functions inside
            body.run()
            bodies += [Body(node, made, body) for node, made in body.inner.values()]
        outside = Outside()
        for body in bodies:
            body.share(outside)
        for body in bodies:
            self._held.update(body.answers(outside))

    @classmethod
    def of(cls, method: Method) -> Reaching:
        """Return what is remembered of a function."""
        notes, key = method.module.notes, (cls, method.node)
        if key not in notes:
            notes[key] = cls(method.node)
        found: Reaching = notes[key]
        return found

    def held(self, use: ast.AST) -> list[Held]:
        """Return the bindings that reach a use, in the order of the text.

        There are none for what is no name, and for a name that is bound outside of the function.
        """
        found = self._held.get(use, {})
        return [
            Held(binding, tuple(sorted(found[binding], key=begin)))
            for binding in sorted(found, key=lambda item: begin(item.node))
        ]

    def values(self, use: ast.AST) -> list[ast.expr | None]:
        """Return what a use may stand for, None for each binding without a written value."""
        return [held.value for held in self.held(use)]
