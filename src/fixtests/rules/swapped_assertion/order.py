"""Which of the two values of an assertion a test read later: that one is observed."""

from __future__ import annotations

import ast

from fixtests.reasoning.scopes import bound_in
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion.values import source_of
from fixtests.syntax.queries import Function, bound_names, called_name, dotted, walk, walk_function

# What these give says when it was bound what they are given.
OF_ANOTHER = frozenset({"dict", "getattr", "int", "len", "list", "set", "sorted", "str", "tuple"})
WRITTEN = (ast.List, ast.Tuple, ast.Set, ast.Dict)


def read_later(call: ast.Call, one: ast.expr, two: ast.expr, context: Context) -> ast.expr | None:
    """Return which of two values was read from something after the other one was bound."""
    function = context.parents.function(call)
    if function is None:
        return None
    first, second = (_bound(item, call, function) for item in (one, two))
    if first is None or second is None or first[0] == second[0]:
        return None
    row, is_read = max(first, second)
    if not is_read:
        return None
    return one if row == first[0] else two


def is_read_now(value: ast.expr, call: ast.Call, context: Context) -> bool:
    """Tell whether an assertion asks for its value anew, of what its test did not bind.

    So it does for what a module holds for all: `os.environ['K']`.
    """
    function, root = context.parents.function(call), _root(value)
    if function is None or not isinstance(root, ast.Name):
        return False
    match value:
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=held)):
            return name in context.module.imports and held.islower()
        case ast.Call():
            pass
        case _:
            return False
    return root.id not in bound_in(function.body) | bound_names(function.args)


def is_observed(named: ast.expr, other: ast.expr, call: ast.Call, context: Context) -> bool:
    """Tell whether a name in capital letters is no constant, but what a test looks at.

    That is a field of a reply, what the test has set, or kept in the other value and reads again.
    """
    function, path = context.parents.function(call), dotted(named)
    if function is None or path is None:
        return False
    bound = [
        (dotted(target), dotted(value))
        for item in walk_function(function)
        for target, value in _bindings(item)
        if target.lineno < call.lineno
    ]
    names = {target for target, _ in bound}
    root = path.partition(".")[0]
    is_reply = root in names and _read_at(root, call.lineno, function)[1]
    is_looked_at = path != root and (is_reply or path in names)
    return is_looked_at or (isinstance(other, ast.Name) and (other.id, path) in bound)


class Sources:
    """What the values of one function are read from, by way of names that hold parts of it."""

    def __init__(self, function: Function) -> None:
        self._taken: dict[str, str] = {}
        for item in walk_function(function):
            match item:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=(ast.Attribute() | ast.Subscript()) as value
                ):
                    self._taken[name] = source_of(value)

    def of(self, value: ast.expr) -> str:
        """Return what a value is read from in the end: `reply` for `body['id']` of `reply.body`.

        A bare name is what it is: what it holds was read before.
        """
        name, seen = source_of(value), set[str]()
        while not isinstance(value, ast.Name) and self._taken.get(name) and name not in seen:
            seen.add(name)
            name = self._taken[name]
        return name


def _bound(value: ast.expr, call: ast.Call, function: Function) -> tuple[int, bool] | None:
    """Return on which row the name was bound that a value is read from, and whether to a reply.

    What the class holds and what the function is given was there before. None where the value
    is made of several names of the function.
    """
    root = _root(value)
    if not isinstance(root, ast.Name):
        names = {item.id for item in walk(root) if isinstance(item, ast.Name)}
        own = bound_in(function.body) | bound_names(function.args)
        return (0, False) if own.isdisjoint(names) else None
    return _read_at(root.id, call.lineno, function)


def _read_at(name: str, below: int, function: Function) -> tuple[int, bool]:
    """Return on which row a name was bound last above one, and whether to a reply.

    What is taken from another name was read where that was.
    """
    bound = [
        (target.lineno, value, isinstance(item, ast.For | ast.AsyncFor))
        for item in walk_function(function)
        for target, value in _bindings(item)
        if target.lineno < below
        and any(isinstance(part, ast.Name) and part.id == name for part in walk(target))
    ]
    if not bound:
        return 0, False
    row, read, in_loop = max(bound, key=lambda item: item[0])
    while isinstance(read, ast.Attribute | ast.Subscript):
        read = read.value
    if in_loop:
        return row, not _is_counted(read, function)
    if isinstance(read, ast.Name):
        return _read_at(read.id, row, function)
    return row, isinstance(read, ast.Call)


def _bindings(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """Return the targets of a statement, each with what it is bound to, or to the items of."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            return [(target, value)]
    return []


def _is_counted(node: ast.expr, function: Function) -> bool:
    """Tell whether a loop goes over numbers, or over what is written down or filled by the test."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "reversed" | "sorted"), args=[inner, *_]):
            return _is_counted(inner, function)
        case ast.Call():
            return called_name(node) == "range"
        case ast.Name(id=name):
            bound = [
                value
                for item in walk_function(function)
                for target, value in _bindings(item)
                if isinstance(target, ast.Name) and target.id == name
            ]
            return bool(bound) and all(isinstance(value, WRITTEN) for value in bound)
    return isinstance(node, WRITTEN)


def _root(value: ast.expr) -> ast.expr:
    """Return what a value is read from: `x` for `x['a'].b.encode()`, `len(x)`."""
    while True:
        match value:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                value = inner
            case ast.Call(func=ast.Attribute(value=inner), args=[]):
                value = inner
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in OF_ANOTHER:
                value = inner
            case _:
                return value
