"""The function by which the tests of a tree wait for whatever they tell it, or loop over."""

from __future__ import annotations

import ast

from fixtests.reasoning import roles
from fixtests.rules.hand_written_wait.styles import Style
from fixtests.syntax.queries import dotted, walk_function
from fixtests.tree.module import Method, Module
from fixtests.tree.project import Project

SEVERAL = 3  # files that call it
LOOKED_AT = 10  # files, in which it is looked for


def advice(style: Style, project: Project) -> str:
    """Return how one that fits a loop is used, empty where tests seldom call any."""
    return project.memory.ask(("usual waiter", style), _advice, style, project)


def _advice(style: Style, project: Project) -> str:
    name = _waiter(style, project)
    found = project.locate(name) if name else None
    if isinstance(found, Method) and _is_generator(found):
        return f"loop over `{name}`"
    return f"call `{name}`" if name else ""


def _is_generator(method: Method) -> bool:
    """Tell whether a function waits between the rounds of a loop over what it gives."""
    return any(isinstance(item, ast.Yield) for item in walk_function(method.node))


def _waiter(style: Style, project: Project) -> str:
    for name in roles.WAITS_FOR_ANYTHING:
        paths = project.mentions(name)
        modules = [project.at(path) for path in paths[:LOOKED_AT]]
        found = [called for module in modules if module and (called := _called(name, module))]
        fitting = [item for item in found if _fits(item, style, project)]
        if len(found) >= SEVERAL and fitting:
            return fitting[0]
    return ""


def _fits(name: str, style: Style, project: Project) -> bool:
    """Tell whether a loop can be told to a function; of one that is not seen it is thought so."""
    found = project.locate(name)
    return not isinstance(found, Method) or style.fits(found.node)


def _called(name: str, module: Module) -> str:
    """Return the whole name of an imported function that a module calls, empty for none."""
    for node in module.near_word(name):
        path = dotted(node.func) if isinstance(node, ast.Call) else None
        first, _, rest = (path or "").partition(".")
        if path and path.rpartition(".")[2] == name and first in module.imports:
            return ".".join(filter(None, (module.imports[first], rest)))
    return ""
