"""One walk over the statements of a function as they run, branches joined where they meet.

What is known at a place is a `State`; what an expression does to it is for `Evaluation`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from fixtests.reasoning import roles
from fixtests.reasoning.evaluating import Evaluation, S, signature
from fixtests.reasoning.statements import Place, Way, catches_all, matches_all, runs

With = ast.With | ast.AsyncWith
Loop = ast.For | ast.AsyncFor | ast.While
Block = With | Loop | ast.Try | ast.TryStar  # what repeats or protects its body
Drops = Callable[[With], bool]  # whether a block may end early, and the function go on after it


class Walk(Evaluation[S]):
    """A walk over blocks: each gives the state at its end, None where that is never reached.

    An exception may leave a statement before each name that it binds. Loops
    are walked until nothing new is known at their head, so that what is met
    last at a node is what holds there. `places` are the statements around the
    expression that is looked at, innermost last.
    """

    def __init__(self, drops: Drops) -> None:
        super().__init__()
        self.places: list[Place] = []
        self._drops = drops
        self._left: dict[Way, S] = {}
        self._protected = 0

    def may_raise(self, state: S) -> None:
        """Note what is known where an exception may be raised."""
        if self._protected:
            self._leave(Way.RAISE, state)

    def arrive(self, node: ast.stmt, state: S) -> S:
        """Return what is known once a statement is reached."""
        return state

    def returns(self, value: ast.expr, state: S) -> None:
        """Take in a value that is given back."""

    def inside(self, node: Block, state: S) -> S | None:
        """Walk the block that a statement repeats or protects."""
        return self.block(node.body, state)

    def block(self, body: list[ast.stmt], state: S | None) -> S | None:
        """Walk some statements, and return what is known after them."""
        for position, statement in enumerate(body):
            if state is None:
                return None
            self.places.append(Place(body, position))
            state = self.arrive(statement, state)
            self.may_raise(state)
            state = self._statement(statement, state)
            self.places.pop()
        return state

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, state: S) -> S:
        """Take in a nested function."""
        for part in (*node.decorator_list, *signature(node.args)):
            state = self.look(part, state)
        if node.returns is not None:
            state = self.look(node.returns, state)
        return self.bind(node.name, node, node, None, self.enter(node, state))

    def _statement(self, node: ast.stmt, state: S) -> S | None:
        match node:
            case ast.Assign() | ast.Expr():  # most are one
                pass
            case ast.If():
                return self._if(node, state)
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
        state = self.simple(node, state)
        if roles.ends_a_test(node):
            self.may_raise(state)
            return None
        return state

    def _if(self, node: ast.If, state: S) -> S | None:
        state = self.look(node.test, state)
        taken = self.block(node.body, self.assume(node.test, True, state))
        return joined(taken, self.block(node.orelse, self.assume(node.test, False, state)))

    def _jump(self, node: ast.Return | ast.Raise | ast.Break | ast.Continue, state: S) -> None:
        match node:
            case ast.Break():
                self._leave(Way.BREAK, state)
            case ast.Continue():
                self._leave(Way.CONTINUE, state)
            case ast.Return(value=value):
                if value is not None:
                    state = self.look(value, state)
                    self.returns(value, state)
                self._leave(Way.RETURN, state)
            case ast.Raise():
                for part in (node.exc, node.cause):
                    state = self.look(part, state) if part else state
                self.may_raise(state)

    def _leave(self, way: Way, state: S) -> None:
        known = self._left.get(way)
        self._left[way] = state if known is None else known.join(state)

    def apart(self, walked: Callable[[], S | None]) -> tuple[S | None, dict[Way, S]]:
        """Walk something, and return what is known at its end, and where it is left early."""
        outer, self._left = self._left, {}
        end = walked()
        left, self._left = self._left, outer
        return end, left

    def _pass_on(self, left: dict[Way, S]) -> None:
        for way, state in left.items():
            self._leave(way, state)

    def _loop(self, node: Loop, state: S) -> S | None:
        if not isinstance(node, ast.While):
            state = self.look(node.iter, state)
        self.loops.append(node)
        head, broken, known = state, None, False
        while not known:
            self.may_raise(head)
            if isinstance(node, ast.While):
                tested = self.look(node.test, head)
                done: S | None = self.assume(node.test, False, tested)
                begun = self.assume(node.test, True, tested)
            else:
                begun = self.store(node.target, None, node, self.iterate(node.iter, head))
            end, left = self.apart(partial(self.inside, node, begun))
            again = joined(end, left.pop(Way.CONTINUE, None))
            broken = joined(broken, left.pop(Way.BREAK, None))
            self._pass_on(left)
            grown = head if again is None else head.join(again)
            known, head = grown == head, grown
        if not isinstance(node, ast.While):
            done = again if runs(node) else head
        elif isinstance(node.test, ast.Constant) and node.test.value:
            done = None
        self.loops.pop()
        return joined(self.block(node.orelse, done), broken)

    def _with(self, node: With, state: S) -> S | None:
        if not self._drops(node):
            return self._entered(node, state)
        self._protected += 1
        end, left = self.apart(partial(self._entered, node, state))
        self._protected -= 1
        end = joined(end, left.get(Way.RAISE))
        if not self._protected:
            left.pop(Way.RAISE, None)
        self._pass_on(left)
        return end

    def _entered(self, node: With, state: S) -> S | None:
        for item in node.items:
            state = self.look(item.context_expr, state)
            self.may_raise(state)
            if item.optional_vars is not None:
                state = self.store(item.optional_vars, None, item, state)
        end = self.inside(node, state)
        if end is not None:
            self.may_raise(end)
        return end

    def _try(self, node: ast.Try | ast.TryStar, state: S) -> S | None:
        self._protected += 1
        end, left = self.apart(partial(self.inside, node, state))
        raised = left.pop(Way.RAISE, None)
        ways = [left]
        end, left = self.apart(partial(self.block, node.orelse, end))
        ways.append(left)
        if raised is not None:
            for handler in node.handlers:
                handled, left = self.apart(partial(self._handler, handler, raised))
                end = joined(end, handled)
                ways.append(left)
            if not any(map(catches_all, node.handlers)):
                ways.append({Way.RAISE: raised})
        self._protected -= 1
        for left in ways:
            self._finish(node.finalbody, left)
        return self.block(node.finalbody, end)

    def _finish(self, body: list[ast.stmt], left: dict[Way, S]) -> None:
        """Walk the block that runs whichever way a `try` is left."""
        for way, state in left.items():
            end = self.block(body, state)
            if end is not None and (self._protected or way is not Way.RAISE):
                self._leave(way, end)

    def _handler(self, node: ast.ExceptHandler, state: S) -> S | None:
        if node.type is not None:
            state = self.look(node.type, state)
        if node.name:
            state = self.bind(node.name, node, node, None, state)
        end = self.block(node.body, state)
        return self.unbind(node.name, end) if node.name and end is not None else end

    def _match(self, node: ast.Match, state: S) -> S | None:
        rest: S | None = self.look(node.subject, state)
        end = None
        for case in node.cases:
            if rest is None:
                break
            taken = self.matched(node.subject, case.pattern, self.capture(case.pattern, rest))
            if case.guard is not None:
                self.options.append(case.guard)
                taken = self.look(case.guard, taken)
                self.options.pop()
                rest = rest.join(taken)
                taken = self.assume(case.guard, True, taken)
            elif matches_all(case.pattern):
                rest = None
            end = joined(end, self.block(case.body, taken))
        return joined(end, rest)

    def matched(self, subject: ast.expr, pattern: ast.pattern, state: S) -> S:
        """Take in what is known where something fits a pattern."""
        return state

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
