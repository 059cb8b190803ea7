"""What runs after what in one function, found out once for all windows in it.

What has run makes no difference to what runs in later statements of the function's body: either
all of these that are ever reached run after a call, or none of them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from fixtests.reasoning.flow import Order, dropping
from fixtests.reasoning.walking import Drops
from fixtests.syntax.queries import Function, is_function, walk, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


@dataclass(frozen=True, eq=False)
class Marked:
    """Nodes of a function, in the order of the text; whether one is in a function inside of it."""

    nodes: list[ast.AST]
    inner: bool


class Course:
    """Which nodes of a function are ever reached, in which statement of its body."""

    def __init__(self, function: Function, drops: Drops) -> None:
        self._body = function.body
        self._drops = drops
        self._marked: dict[str, Marked] = {}
        self.written = walk_function(function, nested=True)
        self.inner = {
            item
            for node in walk_function(function)
            if is_function(node) or isinstance(node, ast.Lambda)
            for item in walk(node)
        }

    @classmethod
    def of(cls, method: Method, owner: Class | None, project: Project) -> Course:
        """Return what is remembered of a function."""
        key = cls, method.node, owner
        return project.memory.ask(key, lambda: cls(method.node, dropping(method, owner, project)))

    @cached_property
    def _places(self) -> dict[ast.AST, int]:
        """The number of the statement of the body in which each node stands."""
        return {node: at for at, item in enumerate(self._body) for node in walk(item)}

    @cached_property
    def reached(self) -> dict[ast.AST, int]:
        """The number of the statement of the body in which each node stands that is reached."""
        order = Order(self._body, (), self._drops)
        return {node: at for node, at in self._places.items() if order.last(node)}

    def after(self, call: ast.Call) -> tuple[int, frozenset[ast.AST], bool]:
        """Return in which statement of the body a call stands, what of it runs after the call.

        And whether later statements do.
        """
        at = self._places.get(call, -1)
        if at < 0 or self._body[at] not in self.reached:
            return at, frozenset(), False
        order = Order([self._body[at]], [call], self._drops)
        return at, frozenset(order.after(call)), order.ends_after(call)

    def marked(self, what: str, nodes: Callable[[], Iterable[ast.AST]]) -> Marked:
        """Return the nodes of the function that something is true of, found out once."""
        if what not in self._marked:
            found = [*nodes()]
            self._marked[what] = Marked(found, not self.inner.isdisjoint(found))
        return self._marked[what]
