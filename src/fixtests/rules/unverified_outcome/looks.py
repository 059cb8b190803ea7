"""What is looked at again after a call that changes something, beside what it replies itself."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.syntax.queries import bound_names, called_name, calls, walk


def again(node: ast.Call, after: Sequence[ast.Call], context: Context) -> ast.Call | None:
    """Return the first call after one that waits, or fetches what is asserted later, None for none.

    What asks the fake that a change went to, and what is fetched within an assertion, counts too.
    """
    later = sorted(
        (item for item in after if item.lineno > (node.end_lineno or 0)),
        key=lambda item: (item.lineno, item.col_offset),
    )
    asserted = [item for item in later if roles.ASSERTS.match(called_name(item))]
    for item in later:
        name = called_name(item)
        if roles.WAITS.fullmatch(name) or roles.ASKS_A_MOCK.fullmatch(name):
            return item
        if item in asserted and (_reads_state(item) or _fetches(item)):
            return item
        if roles.FETCHES.fullmatch(name):
            bound = bound_names(context.parents.statement(item))
            if any(_names(one) & bound for one in asserted if one.lineno >= item.lineno):
                return item
    return None


def only_reply(node: ast.Call, asserted: Sequence[ast.Call], context: Context) -> bool:
    """Tell whether assertions name what a call replies, and nothing else that is bound there."""
    statement = context.parents.statement(node)
    reply = bound_names(statement) if isinstance(statement, ast.Assign) else set()
    return bool(reply) and all(_names(item) & reply for item in asserted)


def _reads_state(call: ast.Call) -> bool:
    """Tell whether an argument is an attribute of something that the test holds."""
    return any(
        isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Attribute)
        and not item.attr.isupper()
        and _root(item) == "self"
        for part in call.args
        for item in walk(part)
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _fetches(call: ast.Call) -> bool:
    inner = (item for part in call.args for item in calls(part))
    return any(roles.FETCHES.fullmatch(called_name(item)) for item in inner)


def _names(call: ast.Call) -> set[str]:
    return {item.id for part in call.args for item in walk(part) if isinstance(item, ast.Name)}
