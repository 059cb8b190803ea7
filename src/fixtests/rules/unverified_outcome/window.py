"""What a test may run after an action, on whichever path, and what its names stand for there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.flow import Order, Reaching, dropping
from fixtests.rules.unverified_outcome.course import Course, Marked
from fixtests.syntax.queries import walk
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

    @property
    def course(self) -> Course:
        """What runs after what in the function."""
        return Course.of(self.method, self.owner, self.project)

    @cached_property
    def after(self) -> tuple[int, frozenset[ast.AST], bool]:
        """Where the call stands, what of the same statement follows, and whether later ones do."""
        return self.course.after(self.call)

    def follows(self, node: ast.AST) -> bool:
        """Tell whether a node may run after the call."""
        at, near, goes_on = self.after
        place = self.course.reached.get(node, -1)
        return (goes_on and place > at) or node in near

    @property
    def following(self) -> list[ast.AST]:
        """The nodes that may run after the call, in the order of the text."""
        return [node for node in self.written if self.follows(node)]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The nodes that may run after the call, all those of nested functions among them."""
        inner = self.course.inner
        return [node for node in self.written if node in inner or self.follows(node)]

    def meets(self, marked: Marked, *, inner: bool = True) -> bool:
        """Tell whether one of some nodes may run after the call; `inner` ones do at any time."""
        if inner and marked.inner:
            return True
        at, reached = self.after[0], self.course.reached
        for node in reversed(marked.nodes):
            if self.follows(node):
                return True
            if reached.get(node, at) < at:
                return False
        return False

    def marked(self, what: str, tells: Callable[[ast.AST], object]) -> Marked:
        """Return the nodes of the function of which something is true, found out once."""
        return self.course.marked(what, lambda: filter(tells, self.written))

    @property
    def written(self) -> list[ast.AST]:
        """All nodes of the function, those of nested ones among them."""
        return self.course.written

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
        return Order(self.method.node.body, calls, drops)

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


def run_after(window: Window, what: str, tells: Callable[[Method], bool]) -> Marked:
    """Return the calls in a function that run one of the tests' of which something is true.

    Directly or not; what acts is left out, and what looks at the notifications that have come.
    """
    counted, function = pattern(window.outcomes.counted), window.method.node

    def enters(run: Run) -> bool:
        own, name = run.method.node is function, run.method.name
        return not (own or roles.ACTS.fullmatch(name) or counted.fullmatch(name))

    def found() -> Iterator[ast.AST]:
        known = Calls.of(window.project)
        told: dict[Run | None, bool] = {None: False}
        for call, start in known.called(Run(window.method, window.owner)):
            if start not in told:
                reached = known.reached([start], enters)
                told[start] = any(tells(run.method) for run in reached)
            if told[start]:
                yield call

    return window.course.marked(what, found)
