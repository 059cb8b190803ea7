"""What is known of the indexes that are not flagged: where the length is checked, or nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning.calls import Run
from fixtests.reasoning.fetched import asserted, lengths
from fixtests.reasoning.fetched.flow import Flow, relevant
from fixtests.reasoning.fetched.lengths import text
from fixtests.reasoning.fetched.lists import Lists, Origins
from fixtests.rules.api import Context
from fixtests.syntax.queries import Function, constant_int, is_function, walk, walk_function


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
    origins = Origins(Lists.of(context.project), Run(method, context.class_at(node)))
    names = relevant(walk(node), [item.value for item in indexes])
    flow = Flow(node, origins, origins.checked, names, origins.expected)
    needy = {use.node for use in flow.uses}
    for index in indexes:
        if index in flow.covered:
            told = _checked(index, flow.covered[index], node)
            yield context.judged(index, Judgement.RIGHT, told)
        elif index not in needy:
            told = f"nothing tells whether `{ast.unparse(index.value)}` was fetched"
            yield context.judged(index, Judgement.OPEN, told)


def _checked(index: ast.Subscript, listed: ast.expr, function: Function) -> str:
    """Say that the list of an index is long enough there, and on which line that is checked."""
    name, path = ast.unparse(listed), text(listed)
    above = [node for node in _checks(function, path) if node.lineno < index.lineno]
    above = [node for node in above if not isinstance(node, ast.Subscript)] or above
    if not above:
        return f"`{name}` is known to be long enough for `{ast.unparse(index)}`"
    row = max(node.lineno for node in above)
    return f"the length of `{name}` is checked on line {row}"


def _checks(function: Function, path: str) -> Iterator[ast.expr]:
    """Yield the assertions and conditions that say how long a list is."""
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
