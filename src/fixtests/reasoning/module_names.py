"""Which names of a module mean one thing wherever a test runs: bound once, without a condition."""

from __future__ import annotations

import ast

from fixtests.syntax.syntax import bound_by
from fixtests.tree.module import Module


def is_settled(module: Module, name: str) -> bool:
    """Tell whether a statement of the module's own body binds a name, and nothing else does.

    A name that begins with two underscores means something else inside of a class, and what a
    call is given the name of as a text may bind it from outside, as `mock.patch` does.
    """
    if name.startswith("__") and not name.endswith("__"):
        return False
    bound = [node for node in module.near_word(name) if name in bound_by(node)]
    if len(bound) != 1 or is_spoken_of(module, name):
        return False
    places = [at for at, node in enumerate(module.tree.body) if _binds(node, bound[0])]
    return bool(places) and not any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        for node in module.tree.body[places[0] + 1 :]
    )


def _binds(statement: ast.stmt, node: ast.AST) -> bool:
    """Tell whether a statement binds a name by an assignment or an import of its own."""
    match statement:
        case ast.Assign(targets=targets):
            return node in targets
        case ast.AnnAssign(target=target, value=value):
            return node is target and value is not None
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return node in names
    return False


def is_spoken_of(module: Module, name: str) -> bool:
    """Tell whether a call of a module is given a name, or a dotted one that ends in it, as text."""
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.rpartition(".")[2] == name
        and isinstance(module.parents.of(node), ast.Call)
        for node in module.near_word(name)
    )
