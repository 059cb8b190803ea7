"""A walk over one expression in the order it is evaluated: what it reads, binds and changes."""

from __future__ import annotations

import ast
from typing import Generic, Protocol, Self, TypeVar

from fixtests.syntax.queries import Function, bound_names, called_name, children, parameters

# Methods that change what they are called on.
CHANGING = frozenset(
    (
        *("add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "put"),
        *("remove", "reverse", "setdefault", "sort", "update"),
    )
)
# What uses up a generator that it is given before anything else runs.
USING_UP = frozenset(
    (
        *("all", "any", "dict", "frozenset", "join", "list", "max", "min", "set", "sorted", "sum"),
        "tuple",
    )
)
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = Function | ast.Lambda


class State(Protocol):
    """What is known at a place; it is never changed, only followed by another one."""

    def join(self, other: Self) -> Self:
        """Return what is known where two paths meet."""

    def restored(self, names: set[str], before: Self) -> Self:
        """Return this state with what was known of some names before."""


S = TypeVar("S", bound=State)


class Evaluation(Generic[S]):
    """The walk over expressions; what each does to what is known, a subclass says.

    `options` are the expressions around the place that may leave it out, `loops`
    those and the statements that may come back to it.
    """

    def __init__(self) -> None:
        self.options: list[ast.expr] = []
        self.loops: list[ast.AST] = []
        self.around: S | None = None  # what was known around the outermost class
        self.lazy: ast.GeneratorExp | None = None  # around the place, if it may be used up later
        self._used_up: ast.AST | None = None  # the generator that is used up at once

    def use(self, node: ast.Name, state: S) -> None:
        """Take in a use of a name."""

    def evaluated(self, node: ast.AST, state: S) -> S:
        """Return what is known once an expression and all that is in it has been evaluated."""
        return state

    def assume(self, test: ast.expr, truth: bool, state: S) -> S:
        """Return what is known where a condition came out true, or false."""
        return state

    def iterate(self, source: ast.expr, state: S) -> S:
        """Return what is known for each element of something: it has one."""
        return state

    def bind(self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: S) -> S:
        """Return what is known once a node binds a name, to a value where it has one."""
        return state

    def unbind(self, name: str, state: S) -> S:
        """Return what is known once a name is bound no longer."""
        return state

    def change(self, name: str, by: ast.AST, state: S) -> S:
        """Return what is known once something is put into what a name holds."""
        return state

    def enter(self, node: Scope, state: S) -> S:
        """Return what is known once there is a function, or a lambda, that may run from here on."""
        return state

    def may_raise(self, state: S) -> None:
        """Take in that an exception may be raised."""

    def look(self, node: ast.AST, state: S) -> S:
        """Evaluate an expression, and return what is known after it."""
        match node:
            case ast.Name():
                self.use(node, state)
            case ast.Constant():
                pass
            case ast.Call() | ast.Subscript() | ast.keyword():
                state = self._parts(node, state)
            case ast.Attribute(value=value):
                state = self.look(value, state)
            case ast.NamedExpr(target=target, value=value):
                state = self.store(target, value, node, self.look(value, state))
                self.may_raise(state)
            case ast.Lambda():
                for part in signature(node.args):
                    state = self.look(part, state)
                state = self.enter(node, state)
            case ast.BoolOp():
                state = self._operands(node, state)
            case ast.Compare():
                state = self._compared(node, state)
            case ast.IfExp():
                state = self._either(node, state)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                state = self._comprehension(node, state)
            case _:
                state = self._parts(node, state)
        return self.evaluated(node, state)

    def store(self, target: ast.expr, value: ast.expr | None, by: ast.AST, state: S) -> S:
        """Return what is known once a target is given a value, None for one that is not written."""
        match target:
            case ast.Name(id=name):
                self.may_raise(state)
                return self.bind(name, target, by, value, state)
            case ast.Starred(value=inner):
                return self.store(inner, None, by, state)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for item, given in zip(parts, _divided(parts, value), strict=True):
                    state = self.store(item, given, by, state)
                return state
        for part in children(target):
            state = self.look(part, state)
        state = self.evaluated(target, state)
        name = root(target)
        self.may_raise(state)
        return self.change(name, by, state) if name else state

    def simple(self, node: ast.stmt, state: S) -> S:
        """Return what is known after a statement without blocks."""
        match node:
            case ast.Assign(targets=targets, value=value):
                state = self.look(value, state)
                for target in targets:
                    state = self.store(target, value, node, state)
                return state
            case ast.AnnAssign(target=target, value=value):
                if value is None:
                    return state
                return self.store(target, value, node, self.look(value, state))
            case ast.AugAssign(target=target, value=value):
                if isinstance(target, ast.Name):
                    self.use(target, state)
                return self.store(target, None, node, self.look(value, state))
            case ast.Assert(test=test, msg=message):
                state = self.look(test, state)
                if message is not None:
                    self.options.append(message)
                    self.may_raise(self.look(message, self.assume(test, False, state)))
                    self.options.pop()
                return self.assume(test, True, state)
            case ast.Delete(targets=targets):
                return self._delete(targets, node, state)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    self.may_raise(state)
                    name = alias.asname or alias.name.partition(".")[0]
                    state = self.bind(name, alias, node, None, state)
                return state
        return self._parts(node, state)

    def capture(self, pattern: ast.AST, state: S) -> S:
        """Return what is known once a pattern has matched."""
        for part in children(pattern):
            inner = isinstance(part, ast.pattern)
            state = self.capture(part, state) if inner else self.look(part, state)
        match pattern:
            case (
                ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                state = self.bind(name, pattern, pattern, None, state)
        return state

    def _parts(self, node: ast.AST, state: S) -> S:
        if isinstance(node, ast.Call) and node.args and called_name(node) in USING_UP:
            self._used_up = node.args[0]
        for part in children(node):
            state = self.look(part, state)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = root(node.func.value) if called_name(node) in CHANGING else ""
            state = self.change(name, node, state) if name else state
        return state

    def _operands(self, node: ast.BoolOp, state: S) -> S:
        """Evaluate operands of which each may be the last one."""
        before, *others = node.values
        state = end = self.look(before, state)
        self.options.append(node)
        for other in others:
            state = self.look(other, self.assume(before, isinstance(node.op, ast.And), state))
            end, before = end.join(state), other
        self.options.pop()
        return end

    def _compared(self, node: ast.Compare, state: S) -> S:
        """Evaluate a comparison: each but the first two operands may be left out."""
        state = end = self.look(node.comparators[0], self.look(node.left, state))
        self.options.append(node)
        for other in node.comparators[1:]:
            state = self.look(other, state)
            end = end.join(state)
        self.options.pop()
        return end

    def _either(self, node: ast.IfExp, state: S) -> S:
        state = self.look(node.test, state)
        self.options.append(node)
        taken = self.look(node.body, self.assume(node.test, True, state))
        state = taken.join(self.look(node.orelse, self.assume(node.test, False, state)))
        self.options.pop()
        return state

    def _delete(self, targets: list[ast.expr], by: ast.AST, state: S) -> S:
        for target in targets:
            match target:
                case ast.Name(id=name):
                    self.may_raise(state)
                    state = self.unbind(name, state)
                case ast.Tuple(elts=parts) | ast.List(elts=parts):
                    state = self._delete(parts, by, state)
                case _:
                    state = self.store(target, None, by, state)
        return state

    def _comprehension(self, node: Comprehension, state: S) -> S:
        """Evaluate a comprehension: its own names are gone after it."""
        state = self.look(node.generators[0].iter, state)
        if self.around is None:
            return self._iterated(node, state)
        around, self.around = self.around, None
        self._iterated(node, around)  # it does not see what is bound in a class around it
        self.around = around
        return state

    def _iterated(self, node: Comprehension, state: S) -> S:
        names = {name for part in node.generators for name in bound_names(part.target)}
        lazy = self.lazy
        if isinstance(node, ast.GeneratorExp) and node is not self._used_up:
            self.lazy = self.lazy or node
        self.loops.append(node)
        self.options.append(node)
        known = False
        while not known:
            grown = state.join(self._once(node, state).restored(names, state))
            known, state = grown == state, grown
        self.options.pop()
        self.loops.pop()
        self.lazy = lazy
        return state

    def _once(self, node: Comprehension, state: S) -> S:
        for number, part in enumerate(node.generators):
            if number:
                state = self.look(part.iter, state)
            state = self.store(part.target, None, part, self.iterate(part.iter, state))
            for test in part.ifs:
                state = self.assume(test, True, self.look(test, state))
        elements = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for element in elements:
            state = self.look(element, state)
        return state


def root(node: ast.AST) -> str:
    """Return the name that a chain of subscripts and attributes begins with, empty for none."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def signature(arguments: ast.arguments) -> list[ast.expr]:
    """Return what of a function's arguments is evaluated where it is defined."""
    written = [item.annotation for item in parameters(arguments)]
    return [item for item in (*arguments.defaults, *arguments.kw_defaults, *written) if item]


def _divided(parts: list[ast.expr], value: ast.expr | None) -> list[ast.expr | None]:
    """Return the values that the parts of a target are given, None where they are not written."""
    listed = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    starred = any(isinstance(item, ast.Starred) for item in (*parts, *listed))
    if len(listed) != len(parts) or starred:
        return [None for _ in parts]
    return list(listed)
