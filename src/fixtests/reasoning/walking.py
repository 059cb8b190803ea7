"""One walk over the statements of a function as they run, branches joined where they meet.

What is known at a place is a `State`; what an expression does to it is for `Evaluation`.
"""

from __future__ import annotations

import ast
from enum import Enum, auto

from fixtests.reasoning.evaluating import Evaluation, S, signature
from fixtests.syntax.syntax import called_name, dotted

# Contexts that may end their block early and go on after it, by the name that is called.
SWALLOWING = ("assertRaises", "raises", "suppress", "ExpectedException", "assertWarns", "ignor")
EVERYTHING = frozenset({"Exception", "BaseException"})


class Way(Enum):
    """How a block is left, but by its end."""

    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


class Walk(Evaluation[S]):
    """A walk over blocks: each gives the state at its end, None where that is never reached.

    An exception may leave a statement before each name that it binds. Loops
    are walked until nothing new is known at their head.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left: dict[Way, S] = {}
        self._protected = 0

    def may_raise(self, state: S) -> None:
        """Note what is known where an exception may be raised."""
        if self._protected:
            self._leave(Way.RAISE, state)

    def block(self, body: list[ast.stmt], state: S | None) -> S | None:
        """Walk some statements, and return what is known after them."""
        for statement in body:
            if state is None:
                return None
            self.may_raise(state)
            state = self._statement(statement, state)
        return state

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, state: S) -> S:
        """Take in a nested function."""
        for part in (*node.decorator_list, *signature(node.args)):
            state = self.look(part, state)
        if node.returns is not None:
            state = self.look(node.returns, state)
        self.enter(node, state)
        return self.bind(node.name, node, node, None, state)

    def _statement(self, node: ast.stmt, state: S) -> S | None:
        match node:
            case ast.If():
                state = self.look(node.test, state)
                return joined(self.block(node.body, state), self.block(node.orelse, state))
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node, state)
            case ast.With() | ast.AsyncWith():
                return self._with(node, state)
            case ast.Try() | ast.TryStar():
                return self._try(node, state)
            case ast.Match():
                return self._match(node, state)
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                self._jump(node, state)
                return None
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self.define(node, state)
            case ast.ClassDef():
                return self._class(node, state)
        return self.simple(node, state)

    def _jump(self, node: ast.Return | ast.Raise | ast.Break | ast.Continue, state: S) -> None:
        match node:
            case ast.Break():
                self._leave(Way.BREAK, state)
            case ast.Continue():
                self._leave(Way.CONTINUE, state)
            case ast.Return(value=value):
                self._leave(Way.RETURN, self.look(value, state) if value else state)
            case ast.Raise():
                for part in (node.exc, node.cause):
                    state = self.look(part, state) if part else state
                self.may_raise(state)

    def _leave(self, way: Way, state: S) -> None:
        known = self._left.get(way)
        self._left[way] = state if known is None else known.join(state)

    def _inside(self, body: list[ast.stmt], state: S | None) -> tuple[S | None, dict[Way, S]]:
        """Walk a block, and return what is known at its end, and where it is left early."""
        outer, self._left = self._left, {}
        end = self.block(body, state)
        left, self._left = self._left, outer
        return end, left

    def _pass_on(self, left: dict[Way, S]) -> None:
        for way, state in left.items():
            self._leave(way, state)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, state: S) -> S | None:
        if not isinstance(node, ast.While):
            state = self.look(node.iter, state)
        self.loops.append(node)
        head, broken, known = state, None, False
        while not known:
            self.may_raise(head)
            if isinstance(node, ast.While):
                begun = self.look(node.test, head)
            else:
                begun = self.store(node.target, None, node.target, head)
            end, left = self._inside(node.body, begun)
            again = joined(end, left.pop(Way.CONTINUE, None))
            broken = joined(broken, left.pop(Way.BREAK, None))
            self._pass_on(left)
            grown = head if again is None else head.join(again)
            known, head = grown == head, grown
        done: S | None = begun if isinstance(node, ast.While) else head
        if isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
            done = None
        self.loops.pop()
        return joined(self.block(node.orelse, done), broken)

    def _with(self, node: ast.With | ast.AsyncWith, state: S) -> S | None:
        self._protected += 1
        outer, self._left = self._left, {}
        for item in node.items:
            state = self.look(item.context_expr, state)
            self.may_raise(state)
            if item.optional_vars is not None:
                state = self.store(item.optional_vars, None, item.optional_vars, state)
        end = self.block(node.body, state)
        if end is not None:
            self.may_raise(end)
        left, self._left = self._left, outer
        self._protected -= 1
        if any(_swallows(item.context_expr) for item in node.items):
            end = joined(end, left.get(Way.RAISE))
        if not self._protected:
            left.pop(Way.RAISE, None)
        self._pass_on(left)
        return end

    def _try(self, node: ast.Try | ast.TryStar, state: S) -> S | None:
        self._protected += 1
        end, left = self._inside(node.body, state)
        raised = left.pop(Way.RAISE, None)
        ways = [left]
        end, left = self._inside(node.orelse, end)
        ways.append(left)
        for handler in node.handlers:
            handled, left = self._handler(handler, raised)
            end = joined(end, handled)
            ways.append(left)
        self._protected -= 1
        if raised is not None and not any(map(_catches_all, node.handlers)):
            ways.append({Way.RAISE: raised})
        for left in ways:
            self._finish(node.finalbody, left)
        return self.block(node.finalbody, end)

    def _finish(self, body: list[ast.stmt], left: dict[Way, S]) -> None:
        """Walk the block that runs whichever way a `try` is left."""
        for way, state in left.items():
            end = self.block(body, state)
            if end is not None and (self._protected or way is not Way.RAISE):
                self._leave(way, end)

    def _handler(self, node: ast.ExceptHandler, state: S | None) -> tuple[S | None, dict[Way, S]]:
        if state is None:
            return None, {}
        if node.type is not None:
            state = self.look(node.type, state)
        if node.name:
            state = self.bind(node.name, node, node, None, state)
        end, left = self._inside(node.body, state)
        if node.name and end is not None:
            end = self.unbind(node.name, end)
        return end, left

    def _match(self, node: ast.Match, state: S) -> S | None:
        rest: S | None = self.look(node.subject, state)
        end = None
        for case in node.cases:
            if rest is None:
                break
            taken = self.capture(case.pattern, rest)
            if case.guard is not None:
                taken = self.look(case.guard, taken)
                rest = rest.join(taken)
            elif _matches_all(case.pattern):
                rest = None
            end = joined(end, self.block(case.body, taken))
        return joined(end, rest)

    def _class(self, node: ast.ClassDef, state: S) -> S:
        """Walk the body of a class: its names are gone after it."""
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            state = self.look(part, state)
        around, self.around = self.around, self.around or state
        self.block(node.body, state)
        self.around = around
        return self.bind(node.name, node, node, None, state)


def joined(one: S | None, other: S | None) -> S | None:
    """Return what is known where two paths meet, of which either may not be there."""
    if one is None or other is None:
        return other if one is None else one
    return one.join(other)


def _swallows(context: ast.expr) -> bool:
    """Tell whether a context may drop an exception, so that what follows it runs."""
    return isinstance(context, ast.Call) and called_name(context).startswith(SWALLOWING)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or dotted(handler.type) == "BaseException"


def _matches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
