"""What is known of the indexes that are not flagged: where the length is checked, or nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import keeping, sizes
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.rules.api import Context
from fixtests.syntax.queries import (
    Function,
    called_name,
    constant_int,
    is_function,
    walk,
    walk_function,
)

ENDS = (0, -1)  # indexes that every list has which holds anything


def of_function(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield what is known of each index of a function."""
    method = context.method_at(node)
    if not is_function(node) or method is None:
        return
    indexes = [
        item
        for item in walk_function(node)
        if isinstance(item, ast.Subscript) and constant_int(item.slice) is not None
    ]
    if not indexes:
        return
    lists, run = Lists.of(context.project), Run(method, context.class_at(node))
    origins = Origins(lists, run)
    names = relevant(walk(node), [item.value for item in indexes])
    kept = keeping.of_test(walk(node), run, lists)
    flow = Flow(node, origins, origins.checked, names, origins.blocks, kept)
    needy = {use.node for use in flow.uses}
    for index in indexes:
        if index in flow.covered:
            told = _checked(index, flow.covered[index], node)
            yield context.judged(index, Judgement.RIGHT, told)
        elif index not in needy:
            yield _unfetched(index, node, context)


def _checked(index: ast.Subscript, listed: ast.expr, function: Function) -> str:
    """Say that the list of an index is long enough there, and on which line that is checked."""
    name = ast.unparse(listed)
    above = [node for node in sizes.checks(function, listed) if node.lineno < index.lineno]
    above = [node for node in above if not isinstance(node, ast.Subscript)] or above
    if not above:
        return f"`{name}` is known to be long enough for `{ast.unparse(index)}`"
    row = max(node.lineno for node in above)
    return f"the length of `{name}` is checked on line {row}"


def _unfetched(index: ast.Subscript, function: Function, context: Context) -> Judged:
    """Judge an index of what no client is known to have fetched, by the text of the function."""
    listed, name = index.value, f"`{ast.unparse(index.value)}`"
    row = _row_of_check(index, listed, function, context)
    count = sizes.written_out(listed, function, context.class_at(function), context.module)
    at = constant_int(index.slice) or 0
    if row:
        return context.judged(
            index, Judgement.RIGHT, f"the length of {name} is checked on line {row}"
        )
    if _is_divided(listed) and at in ENDS:
        told = f"{name} holds one part at least"
        return context.judged(index, Judgement.RIGHT, told)
    if count > at >= -count:
        told = f"{name} is written out, with {count} item{'s' * (count > 1)}"
        return context.judged(index, Judgement.RIGHT, told)
    added = sizes.added_above(listed, index, context.parents)
    if len(added) > at >= -len(added):
        told = f"something is added to {name} before, on line {added[0]}"
        return context.judged(index, Judgement.RIGHT, told)
    if at in ENDS and _is_made(listed, function):
        told = f"nothing checks the length of {name}; the rule leaves what no client has fetched"
        return context.judged(index, Judgement.SO, told)
    if _is_local(listed):
        told = f"nothing here checks the length of {name}, or tells that it was fetched"
        return context.judged(index, Judgement.SO, told)
    told = f"nothing tells whether {name} was fetched"
    return context.judged(index, Judgement.OPEN, told)


def _is_local(listed: ast.expr) -> bool:
    """Tell whether something is a name of the function, or what a key gives of it."""
    while isinstance(listed, ast.Subscript | ast.Attribute | ast.Call):
        if isinstance(listed, ast.Subscript) and constant_int(listed.slice) is not None:
            return False  # an item of a list, whatever it is
        listed = listed.func if isinstance(listed, ast.Call) else listed.value
    return isinstance(listed, ast.Name) and listed.id not in ("self", "cls", "CONF")


def _row_of_check(
    index: ast.Subscript, listed: ast.expr, function: Function, context: Context
) -> int:
    """Return the row on which the length of a list or of what it is made of is checked, else 0."""
    for item in (listed, sizes.source(listed, function)):
        row = (
            sizes.asserted_above(item, function, index.lineno)
            or sizes.left_above(item, function, index.lineno)
            or sizes.demanded_around(index, item, context.parents)
        )
        if row:
            return row
    return 0


def _is_divided(listed: ast.expr) -> bool:
    """Tell whether something is a text divided by another one, which gives a part in any case."""
    match listed:
        case ast.Call(func=ast.Attribute(attr="split" | "rsplit"), args=[_, *_]):
            return True
        case ast.Call(func=ast.Attribute(attr="partition" | "rpartition")):
            return True
    return False


def _is_made(listed: ast.expr, function: Function) -> bool:
    """Tell whether something is made by a call, or picked from others, and nobody waits for it."""
    match listed:
        case ast.ListComp(generators=[only]):
            return bool(only.ifs)
        case ast.Call():
            name = called_name(listed)
            return bool(name) and not (roles.WAITS.fullmatch(name) or name in roles.CALLS_OF_MOCKS)
        case ast.Subscript(value=value, slice=ast.Constant(value=str())):
            return _is_made(value, function)
        case ast.Attribute(value=ast.Name() as value, attr=name):
            return name not in roles.CALLS_OF_MOCKS and _is_made(value, function)
        case ast.Name(id=name):
            bound = [item for item in walk_function(function) if isinstance(item, ast.Assign)]
            values = [
                item.value
                for item in bound
                if any(isinstance(part, ast.Name) and part.id == name for part in item.targets)
            ]
            return bool(values) and all(
                not isinstance(item, ast.Name) and _is_made(item, function) for item in values
            )
    return False
