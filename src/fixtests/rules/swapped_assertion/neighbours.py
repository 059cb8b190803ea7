"""Why an assertion is not swapped: a constant that nobody knows, a comment, or one beside it."""

from __future__ import annotations

import ast
import sys
from collections import Counter

from fixtests.reasoning.fetched import forgiving
from fixtests.reasoning.module_names import is_settled, is_settled_in_class, is_spoken_of
from fixtests.reasoning.scopes import bound_in
from fixtests.rules.api import Context
from fixtests.rules.swapped_assertion import order, values
from fixtests.rules.swapped_assertion.values import Kind
from fixtests.syntax.queries import Function, bound_names, called_name, calls, dotted, walk
from fixtests.tree.module import Class, External, Value

# Packages of constants; those of `unittest` are none, as `mock.ANY`.
STANDARD = sys.stdlib_module_names - {"unittest"}
EQUAL = ("assertEqual", "assertEquals")
UNKNOWN = "its constant is not known"
COMMENTED = "a comment stands beside one of the values: swap them by hand"
REPLACED = "a text here speaks of `{name}`, which may be replaced: look before swapping"
LOOKED_AT = "who runs it may look at what its failure says: look before swapping"
BESIDE = "line {row} has its expected value second, too, which is to be swapped by hand: swap both"

HALVED = "line {row} has a computed value second, which seems to be expected: swap all by hand"
TRUTH = "linters refuse `assertEqual({value}, ...)`: say `assertIs`, or what is meant"
NOTHING = "linters refuse `{name}(None, ...)`: say `assertIsNone`"


def is_swapped(call: ast.Call, context: Context) -> bool:
    """Tell whether an assertion has its expected value second."""
    return values.is_swapped(call) and not order.is_observed(
        call.args[1], call.args[0], call, context
    )


def in_the_way(call: ast.Call, context: Context) -> str:
    """Return why the values of an assertion itself are not swapped, in words; else nothing."""
    if not all(_is_plain(item, call, context) for item in values.names_in(call.args[1])):
        return UNKNOWN
    if refused := _refused(called_name(call), call.args[1]):
        return refused
    if is_spoken_of(context.module, called_name(call)):
        return REPLACED.format(name=called_name(call))
    if forgiving.reads_failure(call, context.module, context.project):
        return LOOKED_AT
    first, second = values.extents(call, context.source)
    return COMMENTED if values.is_commented(call, first, second, context.source) else ""


def _refused(name: str, value: ast.expr) -> str:
    """Return why a value is not to stand first in an assertion, in words; else nothing."""
    match value:
        case ast.Constant(value=None) if name in (*EQUAL, "assertIs"):
            return NOTHING.format(name=name)
        case ast.Constant(value=bool() as truth) if name in EQUAL:
            return TRUTH.format(value=truth)
    return ""


def beside(call: ast.Call, context: Context) -> str:
    """Return that another assertion of the same method stays as it is, in words; else nothing."""
    method = context.method_at(call)
    if method is None:
        return ""
    memory = context.project.memory
    row = memory.ask(("stays", method.node), _stays, method.node, context)
    if row:
        return BESIDE.format(row=row)
    row = memory.ask(("half", method.node), _half, method.node, context)
    return HALVED.format(row=row) if row else ""


def _stays(function: Function, context: Context) -> int:
    """Return the row of the first assertion of a function that is not swapped, 0 for none."""
    rows = [
        call.lineno
        for call in calls(function)
        if is_swapped(call, context) and in_the_way(call, context)
    ]
    return min(rows, default=0)


def _half(function: Function, context: Context) -> int:
    """Return the row of the first assertion that would stay the old way round, 0 for none.

    That is one of two computed values, where nothing tells that the first is the expected one:
    whoever wrote down expected values second did so here, too, so that a function whose other
    assertions were swapped would be of two orders.
    """
    found = [call for call in calls(function) if values.are_in_place(call)]
    computed = [call for call in found if values.are_computed(call)]
    if not computed:
        return 0
    sources = order.Sources(function)
    observed = {sources.of(it) for it in filter(None, map(values.observed, found))} - {""}
    written = _written(function)
    rows = [
        call.lineno
        for call in computed
        if not _is_first(
            call, written, [sources.of(item) in observed for item in call.args[:2]], context
        )
    ]
    return min(rows, default=0)


def _is_first(call: ast.Call, written: set[str], observed: list[bool], context: Context) -> bool:
    """Tell whether of two computed values the first seems to be the expected one, or neither.

    What tells is weighed one by one: what an author calls expected, what a mock noted, what is
    written down, of what literals are told, what is calculated, and what was there before.
    """
    one, other = call.args[:2]
    first, second = observed
    later = order.read_later(call, one, other, context)
    is_read_last = later is one and _is_read(one)
    is_asked = isinstance(other, ast.Name) and order.is_read_now(one, call, context)
    told = (
        (False, values.is_called_expected(other)),
        (_is_expectation(one, written), _is_expectation(other, written)),
        (values.is_seen_by_mock(other), values.is_seen_by_mock(one) or is_asked),
        (second and not is_read_last, first),
        (_is_made(one), _is_made(other)),
    )
    for expected, not_expected in told:
        if expected != not_expected:
            return expected
    if first and second:
        return not is_read_last
    if later is not None:
        return later is other
    return _are_alike(one, other) or (_is_read(other) and not _is_read(one))


def _are_alike(one: ast.expr, other: ast.expr) -> bool:
    """Tell whether two values are fields of one object, or what a method gives for two things."""
    match one, other:
        case ((ast.Attribute() | ast.Subscript()), (ast.Attribute() | ast.Subscript())):
            return values.source_of(one) == values.source_of(other) != ""
        case ast.Call(func=ast.Attribute() as function), ast.Call(func=ast.Attribute() as same):
            return ast.dump(function) == ast.dump(same)
    return False


def _is_made(node: ast.expr) -> bool:
    """Tell whether a value is calculated or put together, as expected ones are."""
    return isinstance(node, ast.BinOp | ast.JoinedStr)


def _is_read(node: ast.expr) -> bool:
    """Tell whether a value is read from something else than what the class holds."""
    if isinstance(node, ast.Call):
        return True
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    return inner is not node and not (isinstance(inner, ast.Name) and inner.id in ("self", "cls"))


def _is_expectation(node: ast.expr, written: set[str]) -> bool:
    """Tell whether a value is written down, in its place or for a local, or called expected."""
    local = isinstance(node, ast.Name) and node.id in written
    return local or values.is_written(node) or values.is_called_expected(node)


def _written(function: Function) -> set[str]:
    """Return the locals that nothing is bound to but what is written down, and is not filled."""
    bound = Counter(
        node.id
        for node in walk(function)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    written: Counter[str] = Counter()
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if values.is_written(value):
                written[name] += not _is_empty(value)
    return {name for name, count in written.items() if count == bound[name]}


def _is_empty(node: ast.expr) -> bool:
    """Tell whether a value is a list or a dict that holds nothing yet."""
    match node:
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


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
        settled = is_settled_in_class(owner, name, project, of_class=True)
        return settled and not owner.node.keywords
    return is_settled(found.module, found.name)


def _locals(function: Function) -> set[str]:
    return bound_in(function.body) | bound_names(function.args)
