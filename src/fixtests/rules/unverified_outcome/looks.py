"""What is looked at again after a call that changes something, beside what it replies itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.syntax.queries import bound_names, called_name, walk

STATUS = re.compile(r"status\w*|\w*code|content_type|headers|ok|text|reason")  # of an answer
FETCHES = re.compile(
    r"_*(?:\w+_)?(?:get|show|list|find|fetch|detail|read|refresh|query)s?(?:_\w+)?"
)


def again(node: ast.Call, after: Sequence[ast.Call], context: Context) -> ast.Call | None:
    """Return the first call after one that waits, or fetches what is asserted later, None for none.

    What asks the fake that a change went to, and what is fetched within an assertion, counts too;
    a wait for what another call has started is none for this one.
    """
    later = sorted(
        (item for item in after if item.lineno > (node.end_lineno or 0)),
        key=lambda item: (item.lineno, item.col_offset),
    )
    asserted = [item for item in later if roles.ASSERTS.match(called_name(item))]
    started = False
    for item in later:
        name = called_name(item)
        if roles.ASKS_A_MOCK.fullmatch(name):
            return item
        if roles.WAITS.fullmatch(name):
            if not started:
                return item
            started = False
        started = started or roles.TAKES_TIME.fullmatch(name) is not None
        if item in asserted and (_reads_state(item) or _fetches(item)):
            return item
        if FETCHES.fullmatch(name):
            bound = bound_names(context.parents.statement(item))
            if any(_names(one) & bound for one in asserted if one.lineno >= item.lineno):
                return item
    return None


def only_status(node: ast.Call, asserted: Sequence[ast.Call], context: Context) -> bool:
    """Tell whether assertions look at how a call was answered, and not at what is in the answer."""
    statement = context.parents.statement(node)
    reply = bound_names(statement) if isinstance(statement, ast.Assign) else set()
    read = [_read(item, reply) for item in asserted]
    return bool(reply) and all(STATUS.fullmatch(name) for names in read for name in names or [""])


def _read(call: ast.Call, names: set[str]) -> list[str]:
    """Return what the arguments of an assertion read of some names."""
    return [
        item.attr
        for part in call.args
        for item in walk(part)
        if isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id in names
    ]


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
    """Tell whether an assertion fetches something, or is handed what does."""
    inner = (item for part in call.args for item in walk(part))
    return any(isinstance(item, ast.Attribute) and FETCHES.fullmatch(item.attr) for item in inner)


def _names(call: ast.Call) -> set[str]:
    return {item.id for part in call.args for item in walk(part) if isinstance(item, ast.Name)}
