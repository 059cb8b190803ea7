"""Lists whose length is asserted through what is made of them, one item of each."""

from __future__ import annotations

import ast
import builtins
from collections import Counter, defaultdict

from fixtests.reasoning.fetched import asserted
from fixtests.reasoning.fetched.uses import Use
from fixtests.syntax.queries import Function, bound_by, calls, last_name, walk


class MadeOf:
    """The locals of one function, bound once, that are made of a list alone.

    `ids = ids_of(api.get('nodes'))` or `ids = [node['id'] for node in api.get('nodes')]`.
    """

    def __init__(self, function: Function) -> None:
        self._function = function
        nodes = walk(function)
        bound = Counter(name for node in nodes for name in bound_by(node))
        self._made: dict[str, list[tuple[str, int]]] = defaultdict(list)  # names and rows, by lists
        for node in nodes:
            if isinstance(node, ast.Assign):
                for name, listed in _made_of(node):
                    if bound[name] == 1:
                        self._made[listed].append((name, node.lineno))

    def counts(self, use: Use) -> bool:
        """Tell whether it is asserted above an index how many there are of what is indexed."""
        fetched = use.origin.lineno if use.origin is not None else 0
        rows = self._made.get(ast.dump(use.list), ()) if self._made else ()
        made = {name for name, row in rows if fetched < row < use.node.lineno}
        if not made:
            return False
        facts = (
            fact
            for call in calls(self._function)
            if call.lineno < use.node.lineno
            for fact in asserted.assertion(call)
        )
        return any(
            isinstance(item, ast.Name) and item.id in made and least > use.index
            for item, least in facts
        )


def _made_of(node: ast.Assign) -> list[tuple[str, str]]:
    """Return the local that a statement binds to what is made of a list alone, and the list."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(args=[given], keywords=[])
            | ast.ListComp(generators=[ast.comprehension(iter=given, ifs=[])]),
        ):
            called = last_name(node.value.func) if isinstance(node.value, ast.Call) else ""
            return [] if hasattr(builtins, called) else [(name, ast.dump(given))]  # as `len`
    return []
