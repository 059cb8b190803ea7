"""Which bindings reach a use of a name, on any path, and what was put into them on the way.

Reaching definitions (Aho, Lam, Sethi, Ullman: Compilers, 9.2.4), with the scopes of Python: a
closure sees what is bound around it when it is made or later.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from fixtests.reasoning.bindings import Binding, Known, Seen, begin
from fixtests.reasoning.calls import Run
from fixtests.reasoning.evaluating import Scope
from fixtests.reasoning.expectations import Expectations
from fixtests.reasoning.scopes import NameWalk, Outside
from fixtests.reasoning.statements import Way
from fixtests.reasoning.walking import Drops, Walk
from fixtests.syntax.queries import Function
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

NONE: frozenset[ast.expr] = frozenset()


@dataclass(frozen=True, eq=False)
class Held:
    """A binding that reaches a use, and the nodes that may have changed what it holds since."""

    binding: Binding
    changes: tuple[ast.AST, ...] = ()

    @property
    def value(self) -> ast.expr | None:
        """The expression that the name was bound to, None where none is written."""
        return self.binding.value


@dataclass(frozen=True)
class Meaning:
    """What an expression may be, None for what is not written, and what may have changed it."""

    value: ast.expr | None
    changes: tuple[ast.AST, ...] = ()


class Reaching:
    """Which bindings reach each use of a name in one function and in those inside it."""

    def __init__(self, function: Function, drops: Drops) -> None:
        self._held: dict[ast.AST, Seen] = {}
        bodies = [NameWalk(function, Known(), None, drops)]
        for body in bodies:  # grows by the functions inside
            body.run()
            bodies += [NameWalk(node, made, body, drops) for node, made in body.inner.items()]
        outside = Outside()
        for body in bodies:
            body.share(outside)
        for body in bodies:
            self._held.update(body.answers(outside))

    @classmethod
    def of(cls, method: Method, owner: Class | None, project: Project) -> Reaching:
        """Return what is remembered of a function."""
        key = cls, method.node, owner
        return project.memory.ask(key, lambda: cls(method.node, dropping(method, owner, project)))

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

    def meanings(
        self, node: ast.expr, changes: tuple[ast.AST, ...] = (), above: frozenset[ast.expr] = NONE
    ) -> Iterator[Meaning]:
        """Yield what an expression may be, names and conditions followed to what is written.

        A name that is bound outside of the function is its own meaning.
        """
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                parts = [body, orelse]
            case ast.NamedExpr(value=value):
                parts = [value]
            case ast.BoolOp(values=values):
                parts = values
            case ast.Name() if held := self.held(node):
                for item in held if node not in above else ():
                    if item.value is None:
                        yield Meaning(None, (*item.changes, *changes))
                    else:
                        known = (*item.changes, *changes)
                        yield from self.meanings(item.value, known, above | {node})
                return
            case _:
                yield Meaning(node, changes)
                return
        for part in parts:
            yield from self.meanings(part, changes, above)


@dataclass(frozen=True)
class Passed:
    """Which of some nodes may have run last on the way to a place, None for none of them."""

    last: frozenset[ast.AST | None] = frozenset({None})

    def join(self, other: Passed) -> Passed:
        """Return what may have run last on either of two paths."""
        return self if other == self else Passed(self.last | other.last)

    def restored(self, names: set[str], before: Passed) -> Passed:
        """Return this state: what has run does not hang on names."""
        return self


class Order(Walk[Passed]):
    """Which of some calls and statements may have run last before each node of a function's body.

    A function inside of it may have run at any time after it was made.
    """

    def __init__(self, body: list[ast.stmt], marks: Collection[ast.AST], drops: Drops) -> None:
        super().__init__(drops)
        self._marks = marks
        self._before: dict[ast.AST, frozenset[ast.AST | None]] = {}
        self._end = self.block(body, Passed())

    def last(self, node: ast.AST) -> frozenset[ast.AST | None]:
        """Return which of them may have run last before a node, None for none of them.

        There is nothing where the node is never reached.
        """
        return self._before.get(node, frozenset())

    def after(self, mark: ast.AST) -> list[ast.AST]:
        """Return the nodes before which one of them may have been the last, in no order."""
        return [node for node, last in self._before.items() if mark in last]

    def ends_after(self, mark: ast.AST) -> bool:
        """Tell whether the end is reached, and one of them may have been the last before it."""
        return self._end is not None and mark in self._end.last

    def arrive(self, node: ast.stmt, state: Passed) -> Passed:
        """Note what ran before a statement."""
        return self._met(node, state)

    def bind(
        self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: Passed
    ) -> Passed:
        """Note what ran before a name is bound."""
        return self._met(node, state)

    def enter(self, node: Scope, state: Passed) -> Passed:
        """Walk a function inside."""
        if isinstance(node, ast.Lambda):
            return state.join(self.look(node.body, state))
        end, left = self.apart(partial(self.block, node.body, state))
        for found in (end, left.get(Way.RETURN)):
            state = state if found is None else state.join(found)
        return state

    def evaluated(self, node: ast.AST, state: Passed) -> Passed:
        """Note what ran before an expression."""
        return self._met(node, state)

    def _met(self, node: ast.AST, state: Passed) -> Passed:
        """Note what ran before a node, and that it has run where it is one of them."""
        self._before[node] = self.last(node) | state.last
        if node in self._marks:
            state = Passed(frozenset({node}))
            self.may_raise(state)
        return state


def dropping(method: Method, owner: Class | None, project: Project) -> Drops:
    """Return what tells of the blocks of a function whether they may end early."""
    expectations, run = Expectations.of(project), Run(method, owner)
    return lambda block: expectations.around(block, run) is not None
