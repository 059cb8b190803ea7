"""Why an indexed call does not get a name of its own without a look, in words."""

from __future__ import annotations

import ast
from collections import Counter

from fixtests.reasoning import roles, words
from fixtests.reasoning.fetched.uses import Use
from fixtests.rules.unguarded_index.first import runs_first
from fixtests.syntax.queries import Function, bound_by, called_name, calls, walk, walk_function
from fixtests.tree.module import Module

EARLIER = (
    "naming it as `{name}` runs the call before the rest of its statement: safe where that "
    "changes nothing"
)
PREPARING = (
    "`{method}` is no test, and what prepares tests takes what is always there: look whether it is"
)
NUMBERED = "it would be called `{name}`: find a name that tells the two apart"
KEPT = "`{name}` is kept for others, as people do with what is always there: look whether it is"
AGAIN = "`{name}` is bound more than once: look whether the list may be empty each time"


def in_the_way(use: Use, function: Function, name: str, module: Module) -> str:
    """Return why a call that is indexed is not safely named above its statement; else nothing.

    Its statement runs it first where it binds a local to an index of it. Where what prepares a
    test indexes a reply, or its name is bound again, people wrote it so for what is always there.
    """
    match use.place.statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if runs_first(
            value, use.node.value
        ):
            if _prepares(function):
                return PREPARING.format(method=function.name)
            if name[-1].isdigit():
                return NUMBERED.format(name=name)
            bindings = module.noted((_bindings, function), _bindings, function)
            once = bindings[target] == 1
            return "" if once else AGAIN.format(name=target)
        case ast.Assign(targets=[ast.Attribute() as kept], value=value) if runs_first(
            value, use.node.value
        ):
            if _prepares(function):
                return PREPARING.format(method=function.name)
            return KEPT.format(name=ast.unparse(kept))
        case ast.Expr(value=value) if name[-1].isdigit() and runs_first(value, use.node.value):
            return NUMBERED.format(name=name)
    return EARLIER.format(name=name)


def _prepares(function: Function) -> bool:
    """Tell whether a function is no test, nor a part of one, which asserts and gives nothing."""
    if function.name.lstrip("_").startswith("test"):
        return False
    gives = any(isinstance(item, ast.Return) and item.value for item in walk_function(function))
    decides = any(roles.decides(called_name(call)) for call in calls(function))
    return gives or not decides or function.name in roles.PREPARES


def of_target(use: Use, noun: str) -> str:
    """Return what an index is bound to, as a name for several of a noun; else nothing.

    `updated_nodes` for one of `nodes` that is `updated_node`, and `other_items` for that whose
    `id` is `other_item_id`.
    """
    match use.place.statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            pass
        case _:
            return ""
    match value:
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))) if inner is use.node:
            target = target.removesuffix(f"_{key}") if target.endswith(f"_{key}") else ""
        case ast.Attribute(value=inner, attr=key) if inner is use.node:
            target = target.removesuffix(f"_{key}") if target.endswith(f"_{key}") else ""
        case _ if value is not use.node:
            return ""
    several = words.pluralized(target)
    alike = several.rpartition("_")[2] == words.pluralized(noun.rpartition("_")[2])
    return several if alike and several != target else ""


def is_bound_below(name: str, use: Use, function: Function, module: Module) -> bool:
    """Tell whether a function speaks of a name after the statement of an index alone."""
    rows = module.noted((_rows, function), _rows, function)
    return rows.get(name, 0) > use.place.statement.lineno


def _rows(function: Function) -> dict[str, int]:
    """Return on which row a function speaks of each name first."""
    found: dict[str, int] = {}
    for item in walk(function):
        if isinstance(item, ast.Name):
            found[item.id] = min(item.lineno, found.get(item.id, item.lineno))
    return found


def _bindings(function: Function) -> Counter[str]:
    """Return how often a function binds each name."""
    return Counter(name for item in walk(function) for name in set(bound_by(item)))
