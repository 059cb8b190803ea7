"""What the text of a function shows of how long something is, whether it was fetched or not.

It is for those who ask why a place is not flagged: the walk over a function knows more of what
was fetched, and nothing of other lists.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from fixtests.reasoning import roles
from fixtests.reasoning.fetched import asserted, lengths
from fixtests.reasoning.fetched.lengths import text
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import (
    Function,
    called_name,
    calls,
    constant_int,
    constant_string,
    walk,
)
from fixtests.tree.module import Class, Module

STEP = 3  # the argument of `range` that says by how much it goes on
WRITTEN = (ast.List, ast.Tuple, ast.Set, ast.Dict)


def checks(function: Function, listed: ast.expr) -> Iterator[ast.expr]:
    """Yield the assertions and conditions of a function that say how long something is."""
    path = text(listed)
    for node in walk(function):
        match node:
            case ast.Call():
                facts = [*asserted.assertion(node), *asserted.demanded(node)]
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp():
                facts = [*lengths.condition(node, True), *lengths.condition(node, False)]
            case ast.Subscript(value=value):
                facts = [(value, 1)]
            case _:
                continue
        if any(text(part) == path for item, _ in facts for part in lengths.sources(item)):
            yield node


def asserted_above(node: ast.expr, function: Function, row: int) -> int:
    """Return the last row above another one on which the length of a list is asserted, else 0.

    What a name held before it was bound anew says nothing, nor does what equals another value.
    """
    name = node.id if isinstance(node, ast.Name) else ""
    bound = [item.lineno for item in _bindings(name, function) if item.lineno < row]
    found = [
        item.lineno
        for item in checks(function, node)
        if isinstance(item, ast.Call)
        and max(bound, default=0) <= item.lineno < row
        and _tells(item, node)
    ]
    return max(found, default=0)


def left_above(node: ast.expr, function: Function, row: int) -> int:
    """Return the last row above another one where a function is left unless a list is long enough.

    `if not hosts: raise ...` is such a place, as long as nothing binds the name after it.
    """
    name, path = node.id if isinstance(node, ast.Name) else "", text(node)
    bound = max((item.lineno for item in _bindings(name, function) if item.lineno < row), default=0)
    found = [
        item.lineno
        for item in walk(function)
        if isinstance(item, ast.If)
        and bound <= item.lineno < row
        and _leaves(item.body[-1])
        and any(text(part) == path for part, _ in lengths.condition(item.test, False))
    ]
    return max(found, default=0)


def added_above(node: ast.expr, index: ast.expr, parents: Parents) -> list[int]:
    """Return the rows on which something is added to a list before an index of it is reached.

    Only what stands in a block around the index is sure to be.
    """
    path, found = text(node), list[int]()
    for statement, block in parents.blocks_around(index):
        for item in reversed(block[: block.index(statement)]):
            match item:
                case ast.Expr(ast.Call(func=ast.Attribute(value, "append"))) if text(value) == path:
                    found.insert(0, item.lineno)
                case ast.Assign() if any(text(target) == path for target in item.targets):
                    return found
    return found


def source(node: ast.expr, function: Function) -> ast.expr:
    """Return the list that has as many items as a list, as far as its function shows."""
    listed = alike(node)
    if isinstance(listed, ast.Name):
        values = [
            item.value
            for item in walk(function)
            if isinstance(item, ast.Assign)
            and any(isinstance(part, ast.Name) and part.id == listed.id for part in item.targets)
        ]
        if len(values) == len(_bindings(listed.id, function)) == 1:
            made_of = alike(values[0])
            listed = made_of if made_of is not values[0] else listed
    match listed:
        case ast.Call(func=ast.Attribute(value=first, attr=name), args=[]) if name in lengths.VIEWS:
            return first
    return listed


def demanded_around(node: ast.expr, listed: ast.expr, parents: Parents) -> int:
    """Return the row of a condition around an expression that a list holds something, else 0."""
    inner: ast.AST = node
    for above in parents.above(node):
        if isinstance(above, ast.If | ast.IfExp):
            body = above.body if isinstance(above, ast.If) else [above.body]
            facts = lengths.condition(above.test, True)
            if inner in body and any(text(item) == text(listed) for item, _ in facts):
                return above.test.lineno
        inner = above
    return 0


def alike(node: ast.expr) -> ast.expr:
    """Return the list that has as many items as what a loop goes over."""
    match lengths.same_length(node):
        case ast.Call(func=ast.Name(id="enumerate"), args=[first, *_]):
            return alike(first)
        case ast.Call(func=ast.Attribute(value=first, attr=name), args=[]) if name in lengths.VIEWS:
            return alike(first)
        case other:
            return other


def written_out(node: ast.expr, function: Function, owner: Class | None, module: Module) -> int:
    """Return how many items a list has that is written out where it is bound, else 0."""
    found: list[ast.expr | None] = [node]
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[*limits]) if 0 < len(limits) < STEP:
            numbers = [_number(item, function) for item in limits]
            first, last = (0, *numbers)[-2:]
            return max(last - first, 0) if first is not None and last is not None else 0
        case ast.Call(func=ast.Name(id="zip"), args=[*lists]) if lists:
            return min(written_out(item, function, owner, module) for item in lists)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
            values = [item.value for item in walk(function) if _binds(item, name)]
            whole = len(values) == len(_bindings(name, function)) == 1
            found = [_of_key(values[0], key) if whole else None]
        case ast.Name(id=name):
            bound = _bindings(name, function)
            assigned = [item for item in walk(function) if isinstance(item, ast.Assign)]
            found = [item.value for item in assigned if item.targets[0] in bound]
            if len(found) < len(bound) or name in _parameters(function):
                return 0
            found = found or [module.values.get(name)]
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if owner:
            stored = any(_is_stored(item, name) for item in walk(owner.node))
            found = [None if stored else owner.attributes.get(name)]
    counts = [lengths.minimum(item) if isinstance(item, WRITTEN) else 0 for item in found]
    return min(counts, default=0)


def _number(node: ast.expr, function: Function) -> int | None:
    """Return a number that is written out where it is used, or where its name is bound."""
    if not isinstance(node, ast.Name):
        return constant_int(node)
    values = [item.value for item in walk(function) if _binds(item, node.id)]
    once = len(values) == len(_bindings(node.id, function)) == 1
    return constant_int(values[0]) if once and node.id not in _parameters(function) else None


def _tells(call: ast.Call, listed: ast.expr) -> bool:
    """Tell whether an assertion says how long a list is, and not only what it equals."""
    path = text(listed)
    known = any(
        text(item) == path and least < lengths.KNOWN for item, least in asserted.assertion(call)
    )
    return known or any(
        called_name(item) == "len" and any(text(part) == path for part in item.args)
        for item in calls(call)
    )


def _bindings(name: str, function: Function) -> list[ast.Name]:
    return [
        item
        for item in walk(function)
        if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Store)
    ]


def _binds(node: ast.AST, name: str) -> TypeGuard[ast.Assign]:
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)]):
            return bound == name
    return False


def _of_key(node: ast.expr, key: str) -> ast.expr | None:
    """Return what a dict that is written out has under a key."""
    if not isinstance(node, ast.Dict):
        return None
    pairs = zip(node.keys, node.values, strict=True)
    return next((value for name, value in pairs if constant_string(name) == key), None)


def _parameters(function: Function) -> set[str]:
    return {item.arg for item in walk(function.args) if isinstance(item, ast.arg)}


def _is_stored(node: ast.AST, name: str) -> bool:
    """Tell whether a method binds an attribute."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attribute, ctx=ast.Store()):
            return attribute == name
    return False


def _leaves(statement: ast.stmt) -> bool:
    """Tell whether nothing after a statement is run."""
    leaving = (ast.Raise, ast.Return, ast.Continue, ast.Break)
    return isinstance(statement, leaving) or roles.ends_a_test(statement)
