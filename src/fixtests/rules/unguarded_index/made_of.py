"""Lists whose length is asserted through what is made of them, one item of each."""

from __future__ import annotations

import ast
import builtins
from collections import Counter

from fixtests.reasoning.fetched import asserted
from fixtests.reasoning.fetched.uses import Use
from fixtests.syntax.queries import Function, bound_by, calls, last_name, walk


def counts(use: Use, function: Function) -> bool:
    """Tell whether a test asserts above an index how many `ids` there are, made of what is indexed.

    `ids = ids_of(api.get('nodes'))` or `ids = [node['id'] for node in api.get('nodes')]`.
    """
    listed, fetched = ast.dump(use.list), use.origin.lineno if use.origin is not None else 0
    bound = Counter(name for node in walk(function) for name in bound_by(node))
    made = {
        name
        for node in walk(function)
        if isinstance(node, ast.Assign) and fetched < node.lineno < use.node.lineno
        for name in _made_of(node, listed)
        if bound[name] == 1
    }
    if not made:
        return False
    facts = (
        fact
        for call in calls(function)
        if call.lineno < use.node.lineno
        for fact in asserted.assertion(call)
    )
    return any(
        isinstance(item, ast.Name) and item.id in made and least > use.index
        for item, least in facts
    )


def _made_of(node: ast.Assign, listed: str) -> list[str]:
    """Return the local that a statement binds to what is made of a list alone."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(args=[given], keywords=[])
            | ast.ListComp(generators=[ast.comprehension(iter=given, ifs=[])]),
        ) if ast.dump(given) == listed:
            called = last_name(node.value.func) if isinstance(node.value, ast.Call) else ""
            return [] if hasattr(builtins, called) else [name]  # as `len`
    return []
