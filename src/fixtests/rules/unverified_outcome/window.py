"""What a test may run after an action, on whichever path, and what its names stand for there."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.flow import Order, Reaching, dropping
from fixtests.syntax.queries import is_function, walk, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import Pattern, pattern
from fixtests.tree.profile_words import Outcomes
from fixtests.tree.project import Project

Position = tuple[int, int]  # row and column


@dataclass(frozen=True)
class Window:
    """What a function may run after a call in it; nested functions run at any time."""

    method: Method
    owner: Class | None
    project: Project
    call: ast.Call

    @cached_property
    def following(self) -> set[ast.AST]:
        """The nodes that may run after the call."""
        return set(self.order([self.call]).after(self.call))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The nodes that may run after the call, all those of nested functions among them."""
        inner = self.project.memory.ask(("inner nodes", self.method.node), _inner, self.method)
        following = self.following
        return [node for node in self.written if node in inner or node in following]

    @property
    def written(self) -> list[ast.AST]:
        """All nodes of the function, those of nested ones among them."""
        function = self.method.node
        key = "written", function
        return self.project.memory.ask(key, lambda: walk_function(function, nested=True))

    @property
    def outcomes(self) -> Outcomes:
        """How the project's tests learn the end of an action."""
        return self.project.profile.outcomes

    @property
    def host(self) -> Pattern:
        """The names by which a reply tells the server's host."""
        return pattern(self.outcomes.host)

    @property
    def reaching(self) -> Reaching:
        """Which bindings reach which name of the function."""
        return Reaching.of(self.method, self.owner, self.project)

    def order(self, calls: Collection[ast.AST]) -> Order:
        """Return which of some calls may have run last before each node of the function."""
        drops = dropping(self.method, self.owner, self.project)
        return Order(self.method.node, calls, drops)

    def values(self, name: ast.Name) -> list[ast.expr]:
        """Return what a name may be bound to; where that is made from itself, what it was then."""
        found, waiting = [], [name]
        for use in waiting:
            for value in self.reaching.values(use):
                inner = walk(value) if value is not None else []
                own = [item for item in inner if isinstance(item, ast.Name) and item.id == name.id]
                waiting += [item for item in own if item not in waiting]
                found += [value] if value is not None and not own else []
        return found

    def unnamed(self, node: ast.expr) -> list[ast.expr]:
        """Return what a name may be bound to, other expressions as they are."""
        return (self.values(node) if isinstance(node, ast.Name) else []) or [node]


def _inner(method: Method) -> set[ast.AST]:
    """Return the nodes of the functions and lambdas inside of one."""
    return {
        item
        for node in walk_function(method.node)
        if is_function(node) or isinstance(node, ast.Lambda)
        for item in walk(node)
    }


def helpers(window: Window) -> Iterator[Method]:
    """Yield the functions of the tests that a window runs, directly or not.

    What acts is left out, and what looks at the notifications that have come.
    """
    counted = pattern(window.outcomes.counted)

    def enters(run: Run) -> bool:
        own, name = run.method.node is window.method.node, run.method.name
        return not (own or roles.ACTS.fullmatch(name) or counted.fullmatch(name))

    known = Calls.of(window.project)
    nodes = set(window.nodes)
    called = known.called(Run(window.method, window.owner))
    starts = [found for call, found in called if call in nodes]
    return (run.method for run in known.reached(starts, enters))
