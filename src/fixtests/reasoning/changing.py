"""Whether a file changes what a name of another module holds, so that its value is not certain."""

from __future__ import annotations

import ast
from itertools import pairwise

from fixtests.reasoning.module_names import is_spoken_of
from fixtests.reasoning.stand_ins import may_replace
from fixtests.syntax.queries import called_name, constant_string, last_name
from fixtests.tree.module import Module

CHANGING = frozenset(
    (
        *("update", "pop", "popitem", "clear", "setdefault", "__setitem__", "__delitem__"),
        *("append", "extend", "insert", "remove", "sort", "reverse"),
    )
)
SETTING = frozenset({"setattr", "delattr", "setitem", "delitem"})


def changes(module: Module, expression: str) -> bool:
    """Tell whether a file changes what a name of a module, or an attribute or item of it, is.

    Any attribute of the same name counts, whoever's it is, and what is done to a local that holds
    it or goes over it.
    """

    def found() -> bool:
        nodes = ast.walk(ast.parse(expression, mode="eval"))
        names = [last_name(it) for it in nodes if isinstance(it, ast.Name | ast.Attribute)]
        below = dict(pairwise(reversed(names)))  # what is read of each
        return any(is_spoken_of(module, it) or _changes(module, it, below.get(it)) for it in names)

    return module.noted((changes, expression), found)


def _changes(module: Module, name: str, below: str | None) -> bool:
    nodes = [item for item in module.near_word(name) if _is_called(item, name)]
    if any(_is_changed(item, module, below) for item in nodes):
        return True
    locals_ = {held for item in nodes for held in _held(item, module)}
    return any(
        isinstance(node, ast.Name) and node.id == held and _is_item_changed(node, module)
        for held in locals_
        for node in module.near_word(held)
    )


def _is_called(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def _is_changed(node: ast.AST, module: Module, below: str | None) -> bool:
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return True
    above = module.parents.of(node)
    if isinstance(above, ast.Call) and node in above.args:
        sets = called_name(above) in SETTING or may_replace(above)
        return sets and not _is_of_another(node, above, below)
    return _is_item_changed(node, module)


def _is_of_another(node: ast.AST, call: ast.Call, below: str | None) -> bool:
    """Tell whether a call sets an attribute of something, and another one is read of it."""
    match call.args:
        case [owner, name, *_] if owner is node and below is not None:
            return constant_string(name) not in (None, below)
    return False


def _is_item_changed(node: ast.AST, module: Module) -> bool:
    """Tell whether an item of what an expression stands for is set, or it is changed in place."""
    above = module.parents.of(node)
    while isinstance(above, ast.Subscript) and above.value is node:
        if not isinstance(above.ctx, ast.Load):
            return True
        node, above = above, module.parents.of(above)
    return isinstance(above, ast.Attribute) and above.attr in CHANGING


def _held(node: ast.AST, module: Module) -> list[str]:
    """Return the locals that an expression is bound to, alone or as one of those gone over."""
    above = module.parents.of(node)
    while isinstance(above, ast.Tuple | ast.List):
        node, above = above, module.parents.of(above)
    match above:
        case ast.Assign(targets=targets) if above.value is node:
            return [item.id for item in targets if isinstance(item, ast.Name)]
        case ast.For(target=ast.Name(id=name)) | ast.NamedExpr(target=ast.Name(id=name)):
            return [name]
    return []
