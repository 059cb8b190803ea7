"""Whether a local of a function surely holds a value where a literal of it stands."""

from __future__ import annotations

import ast

from fixtests.reasoning import roles
from fixtests.reasoning.flow import Reaching
from fixtests.reasoning.walking import With
from fixtests.syntax.syntax import Function, called_name, constant_string
from fixtests.tree.module import Module


def holds(local: ast.Name, value: str, node: ast.Constant, module: Module) -> bool:
    """Tell whether a local has a value on every path to the statement of a literal."""
    function = module.parents.function(local)
    if function is None:
        return False
    statement = next(
        item
        for item in (node, *module.parents.above(node))
        if isinstance(item, ast.stmt) and module.parents.function(item) is function
    )
    bindings = _reaching(function, module).before(statement, local.id)
    return bool(bindings) and all(constant_string(item.value) == value for item in bindings)


def _reaching(function: Function, module: Module) -> Reaching:
    key = holds, function
    if key not in module.notes:
        module.notes[key] = Reaching(function, _drops)
    found: Reaching = module.notes[key]
    return found


def _drops(block: With) -> bool:
    calls = [item.context_expr for item in block.items if isinstance(item.context_expr, ast.Call)]
    return any(roles.EXPECTS.fullmatch(called_name(call)) for call in calls)
