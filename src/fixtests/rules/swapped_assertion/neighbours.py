"""Why an assertion is not swapped: a constant that nobody knows, a comment, or one beside it."""

from __future__ import annotations

import ast
import sys

from fixtests.reasoning.module_names import is_settled, is_settled_in_class
from fixtests.reasoning.scopes import bound_in
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import values
from fixtests.rules.swapped_assertion.values import Kind
from fixtests.syntax.queries import Function, bound_names, calls, dotted
from fixtests.tree.module import Class, External, Value

# Packages of constants; those of `unittest` are none, as `mock.ANY`.
STANDARD = sys.stdlib_module_names - {"unittest"}
UNKNOWN = "its constant is not known"
COMMENTED = "a comment stands beside one of the values: swap them by hand"
BESIDE = "line {row} has its expected value second, too, which is to be swapped by hand: swap both"

HALVED = "line {row} compares the same object with a computed value second: swap all by hand"


def in_the_way(call: ast.Call, context: Context) -> str:
    """Return why the values of an assertion itself are not swapped, in words; else nothing."""
    if not all(_is_plain(item, call, context) for item in values.names_in(call.args[1])):
        return UNKNOWN
    first, second = values.extents(call, context.source)
    return COMMENTED if values.is_commented(call, first, second, context.source) else ""


def beside(call: ast.Call, context: Context) -> str:
    """Return that another assertion of the same method stays as it is, in words; else nothing."""
    method = context.method_at(call)
    if method is None:
        return ""
    memory = context.project.memory
    row = memory.ask(("stays", method.node), _stays, method.node, context)
    if row:
        return BESIDE.format(row=row)
    row = memory.ask(("half", method.node), _half, method.node)
    return HALVED.format(row=row) if row else ""


def _stays(function: Function, context: Context) -> int:
    """Return the row of the first assertion of a function that is not swapped, 0 for none."""
    rows = [
        call.lineno
        for call in calls(function)
        if values.is_swapped(call) and in_the_way(call, context)
    ]
    return min(rows, default=0)


def _half(function: Function) -> int:
    """Return the row of the first assertion that would stay the old way round, 0 for none.

    It holds what swapped ones observe against a computed value of something else: a function whose
    other assertions were swapped would then be of two orders.
    """
    found = list(calls(function))
    swapped = {values.source_of(call.args[0]) for call in found if values.is_swapped(call)} - {""}
    rows = [
        call.lineno
        for call in found
        if values.are_computed(call)
        and values.source_of(call.args[0]) in swapped
        and values.source_of(call.args[1]) not in swapped
    ]
    return min(rows, default=0)


def _is_plain(node: ast.expr, call: ast.Call, context: Context) -> bool:
    """Tell whether a constant is Python's own, or a literal that its module or class binds once."""
    path, method, project = dotted(node) or "", context.method_at(call), context.project
    holder, _, name = path.rpartition(".")
    if method is None or path.partition(".")[0] in _locals(method.node):
        return False
    found = project.lookup(context.module, path)
    if isinstance(found, External):
        return found.name.partition(".")[0] in STANDARD
    if not isinstance(found, Value) or values.kind(found.node) is not Kind.LITERAL:
        return False
    owner = project.lookup(context.module, holder) if holder else None
    if isinstance(owner, Class):
        return not owner.node.keywords and is_settled_in_class(owner, name, project)
    return is_settled(found.module, found.name)


def _locals(function: Function) -> set[str]:
    return bound_in(function.body) | bound_names(function.args)
