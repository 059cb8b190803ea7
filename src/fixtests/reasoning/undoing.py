"""Cleanups that undo a call, as far as what they take tells: for calls that no profile knows.

`self.addCleanup(self.client.detach, server)` undoes what was done to that server above it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning import helpers, roles
from fixtests.reasoning.calls import Run
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import (
    Function,
    bound_names,
    called_name,
    calls,
    last_name,
    values_given,
    walk,
)
from fixtests.tree.module import Method
from fixtests.tree.project import Project

REGISTERS = re.compile(r"_*(?:add_?\w*)?cleanup", re.IGNORECASE)
UNDOES = re.compile(
    rf"{roles.DELETES.pattern}|detach|disassociat|dissociat|unassign|unset|unlock|unmanage|revok"
    r"|restor|revert|reset|update|disable|enable|delete",
    re.IGNORECASE,
)
NO_DEED = re.compile(  # names of calls that leave nothing behind
    r"_*(?:get|show|list|find|assert|check|verify|wait|skip|log|debug|info|len|str|super|dict|rand)\w*",
    re.IGNORECASE,
)
OF_ALL = frozenset({"self", "cls", "CONF", "test_utils", "utils"})  # what any call may name


def by_cleanup(node: ast.Call, function: Function, parents: Parents) -> tuple[ast.Call, str] | None:
    """Return what registers that a call is undone, and the name of what undoes it, else None."""
    name, statement = called_name(node), parents.statement(node)
    if NO_DEED.fullmatch(name) or REGISTERS.fullmatch(name) or roles.WAITS.fullmatch(name):
        return None
    if not isinstance(statement, ast.Assign | ast.Expr):
        return None
    bound = bound_names(statement)
    if statement.value is not node and not bound:
        return None
    about = _made_of(bound, function) or _given(node)
    for call in calls(function):
        undoing = _undoing(call) if call.lineno >= node.lineno else ""
        if undoing and (not about.isdisjoint(_given(call)) or _sets_back(node, call)):
            return call, undoing
    return None


def _sets_back(node: ast.Call, cleanup: ast.Call) -> bool:
    """Tell whether a client changes something, and is to change or drop the same once more."""
    if not (isinstance(node.func, ast.Attribute) and roles.CHANGES.fullmatch(node.func.attr)):
        return False
    holder, thing = ast.unparse(node.func.value), node.func.attr.partition("_")[2]
    return bool(thing) and any(
        isinstance(item, ast.Attribute)
        and ast.unparse(item.value) == holder
        and item.attr.partition("_")[2] == thing
        for item in cleanup.args
    )


def is_late(node: ast.Call, cleanup: ast.Call, parents: Parents) -> bool:
    """Tell whether a cleanup is registered behind a loop that a call stands in."""
    around = {*parents.above(cleanup)}
    return any(isinstance(item, ast.For) and item not in around for item in parents.above(node))


def in_helper(call: ast.Call, run: Run, project: Project) -> Method | None:
    """Return what a call runs that registers what undoes it."""
    return helpers.running(call, run, project, lambda item: bool(_undoing(item)))


def _undoing(call: ast.Call) -> str:
    """Return the name of what a call registers to undo something, empty for none."""
    if not REGISTERS.fullmatch(called_name(call)):
        return ""
    names = (last_name(item) for item in call.args)
    return next((name for name in names if _undoes(name)), "")


def _undoes(name: str) -> bool:
    return UNDOES.search(name) is not None and not roles.WAITS.fullmatch(name)


def _made_of(names: set[str], function: Function) -> set[str]:
    """Return some names with those that are bound to parts of what they stand for."""
    found, before = {*names}, -1
    while found and len(found) != before:
        before = len(found)
        for node in walk(function):
            if isinstance(node, ast.Assign | ast.For) and not found.isdisjoint(_read(node)):
                found |= bound_names(node.target if isinstance(node, ast.For) else node)
    return found


def _read(node: ast.Assign | ast.For) -> set[str]:
    value = node.iter if isinstance(node, ast.For) else node.value
    return {item.id for item in walk(value) if isinstance(item, ast.Name)}


def _given(call: ast.Call) -> set[str]:
    return {*_names(call)} - OF_ALL


def _names(call: ast.Call) -> Iterator[str]:
    for part in values_given(call):
        yield from (item.id for item in walk(part) if isinstance(item, ast.Name))
