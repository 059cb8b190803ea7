"""A walk over one expression in the order it is evaluated: what it reads, binds and changes."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import Generic, Protocol, Self, TypeVar

from fixtests.syntax.syntax import bound_names, called_name, children

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


class State(Protocol):
    """What is known at a place; it is never changed, only followed by another one."""

    def join(self, other: Self) -> Self:
        """Return what is known where two paths meet."""

    def restored(self, names: set[str], before: Self) -> Self:
        """Return this state with what was known of some names before."""


S = TypeVar("S", bound=State)


class Evaluation(ABC, Generic[S]):
    """The walk over expressions; what each does to what is known, a subclass says."""

    def __init__(self) -> None:
        self.loops: list[ast.AST] = []  # around the place
        self.around: S | None = None  # what was known around the outermost class
        self.lazy: ast.GeneratorExp | None = None  # around the place, if it may be used up later
        self._used_up: ast.AST | None = None  # the generator that is used up at once

    @abstractmethod
    def read(self, node: ast.Name, state: S) -> None:
        """Take in a use of a name."""

    @abstractmethod
    def bind(self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: S) -> S:
        """Return what is known once a node binds a name, to a value where it has one."""

    @abstractmethod
    def unbind(self, name: str, state: S) -> S:
        """Return what is known once a name is bound no longer."""

    @abstractmethod
    def change(self, name: str, by: ast.AST, state: S) -> S:
        """Return what is known once something is put into what a name holds."""

    @abstractmethod
    def enter(self, node: ast.AST, state: S) -> None:
        """Take in a function or a lambda that may run from here on."""

    @abstractmethod
    def may_raise(self, state: S) -> None:
        """Take in that an exception may be raised."""

    def look(self, node: ast.AST, state: S) -> S:
        """Evaluate an expression, and return what is known after it."""
        match node:
            case ast.Name():
                self.read(node, state)
            case ast.Constant():
                pass
            case ast.NamedExpr(target=target, value=value):
                state = self.store(target, value, node, self.look(value, state))
                self.may_raise(state)
            case ast.Lambda():
                for part in signature(node.args):
                    state = self.look(part, state)
                self.enter(node, state)
            case ast.BoolOp(values=[first, *others]):
                state = self._maybe(others, self.look(first, state))
            case ast.Compare(left=left, comparators=[first, *others]):
                state = self._maybe(others, self.look(first, self.look(left, state)))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                state = self.look(test, state)
                state = self.look(body, state).join(self.look(orelse, state))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                state = self._comprehension(node, state)
            case _:
                state = self._parts(node, state)
        return state

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
                    self.read(target, state)
                return self.store(target, None, node, self.look(value, state))
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

    def _maybe(self, others: list[ast.expr], state: S) -> S:
        """Evaluate operands of which each may be the last one."""
        end = state
        for other in others:
            state = self.look(other, state)
            end = end.join(state)
        return end

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
        known = False
        while not known:
            grown = state.join(self._once(node, state).restored(names, state))
            known, state = grown == state, grown
        self.loops.pop()
        self.lazy = lazy
        return state

    def _once(self, node: Comprehension, state: S) -> S:
        for number, part in enumerate(node.generators):
            if number:
                state = self.look(part.iter, state)
            state = self.store(part.target, None, part.target, state)
            for test in part.ifs:
                state = self.look(test, state)
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


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return all arguments of a function."""
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return listed + [item for item in (arguments.vararg, arguments.kwarg) if item]


def _divided(parts: list[ast.expr], value: ast.expr | None) -> list[ast.expr | None]:
    """Return the values that the parts of a target are given, None where they are not written."""
    listed = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    starred = any(isinstance(item, ast.Starred) for item in (*parts, *listed))
    if len(listed) != len(parts) or starred:
        return [None for _ in parts]
    return list(listed)
