"""What the values are that an assertion compares, and where they stand."""

from __future__ import annotations

import ast
from enum import Enum, auto

from fixtests.model import Span
from fixtests.reasoning import roles
from fixtests.syntax.queries import dotted, last_name
from fixtests.text.source import Source

COUNTED = "call_count"


class Kind(Enum):
    """Where a value comes from."""

    LITERAL = auto()
    NAMED = auto()  # a constant by its name, or a literal that holds one
    COMPUTED = auto()


def kind(node: ast.expr) -> Kind:
    """Return what an argument is."""
    match node:
        case ast.Constant(value=value):
            return Kind.COMPUTED if value is Ellipsis else Kind.LITERAL
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float())):
            return Kind.LITERAL
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return _whole(items)
        case ast.Dict(keys=keys, values=items):
            return _whole([*keys, *items])
        case ast.Name() | ast.Attribute() if dotted(node):
            name = last_name(node)
            named = name.isupper() and len(name) > 1 and not name.startswith("_")
            return Kind.NAMED if named else Kind.COMPUTED
    return Kind.COMPUTED


def _whole(items: list[ast.expr | None] | list[ast.expr]) -> Kind:
    """Return what a value of some items is; `None` is a dict that is taken in."""
    found = {Kind.COMPUTED if item is None else kind(item) for item in items}
    for each in (Kind.COMPUTED, Kind.NAMED):
        if each in found:
            return each
    return Kind.LITERAL


def is_swapped(call: ast.Call) -> bool:
    """Tell whether an assertion has a plain value in the second place only."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=args):
            if name not in roles.EXPECTED_FIRST or not 2 <= len(args) <= 3:
                return False
        case _:
            return False
    observed, expected = call.args[:2]
    found = kind(expected)
    if found is Kind.COMPUTED or kind(observed) is not Kind.COMPUTED:
        return False
    if is_called_expected(observed) or not are_in_place(call):
        return False
    return found is Kind.LITERAL or not is_fixed(observed)


def observed(call: ast.Call) -> ast.expr | None:
    """Return the value that an assertion compares with a plain one, in either order."""
    if is_swapped(call):
        return call.args[0]
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[one, two, *_]
        ) if name in roles.EXPECTED_FIRST:
            plain = kind(one) is not Kind.COMPUTED and kind(two) is Kind.COMPUTED
            return two if plain else None
    return None


def names_in(node: ast.expr) -> list[ast.expr]:
    """Return the names of constants that a plain value holds."""
    match node:
        case ast.Name() | ast.Attribute():
            return [node]
        case ast.Dict(keys=keys, values=items):
            return [name for item in (*keys, *items) if item for name in names_in(item)]
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return [name for item in items for name in names_in(item)]
    return []


def is_fixed(node: ast.expr) -> bool:
    """Tell whether a value is made of classes and constants alone, by their names."""
    nodes = list(ast.walk(node))
    names = [item.id for item in nodes if isinstance(item, ast.Name)]
    computed = any(isinstance(item, ast.Call | ast.Subscript | ast.Await) for item in nodes)
    return not computed and all(name[:1].isupper() for name in names)


def is_written(node: ast.expr) -> bool:
    """Tell whether a value is written down, whatever runs for parts of it."""
    return (
        isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict)
        or kind(node) is not Kind.COMPUTED
    )


def is_seen_by_mock(node: ast.expr) -> bool:
    """Tell whether a value is what a mock noted of its calls, or how many there were."""
    return isinstance(node, ast.Attribute) and node.attr in (*roles.CALLS_OF_MOCKS, COUNTED)


def is_called_expected(node: ast.expr) -> bool:
    """Tell whether the author calls a value expected."""
    names = (item for item in ast.walk(node) if isinstance(item, ast.Name | ast.Attribute))
    return any(roles.NAMES_EXPECTED.match(last_name(item)) for item in names)


def source_of(node: ast.expr) -> str:
    """Return the object that a value is read from: `x` for `len(x['a'].get(1))`; else nothing."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id="self" | "cls" as owner), attr=name):
                return f"{owner}.{name}"
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
                node = inner
            case ast.Call(func=ast.Attribute() as inner) | ast.Call(args=[inner, *_]):
                node = inner
            case _:
                return ""


def are_computed(call: ast.Call) -> bool:
    """Tell whether an assertion compares two values that are no plain ones, neither expected."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[one, two, *_]
        ) if name in roles.EXPECTED_FIRST and are_in_place(call):
            plain = any(kind(item) is not Kind.COMPUTED for item in (one, two))
            return not plain and not is_called_expected(one)
    return False


def are_in_place(call: ast.Call) -> bool:
    """Tell whether the first two arguments are those that are compared."""
    if any(isinstance(item, ast.Starred) for item in call.args):
        return False
    return len(call.args) + len(call.keywords) <= 3 and all(
        item.arg in ("msg", "message") for item in call.keywords
    )


def shown(node: ast.expr, source: Source, width: int) -> str:
    """Return a value as a message shows it, on one line of at most some characters."""
    text = " ".join(source.slice(source.span(node)).split())
    return text if len(text) <= width else f"{text[: width - 3]}..."


def extents(call: ast.Call, source: Source) -> tuple[Span, Span]:
    """Return where the first two arguments stand, with round brackets of their own."""
    opening = source.utf8.index(b"(", source.span(call.func).end)
    first, second = (_widened(source.span(item), opening, source) for item in call.args[:2])
    return first, second


def _widened(span: Span, opening: int, source: Source) -> Span:
    """Return a span with the round brackets around it, up to those of the call."""
    start, end = source.code_before(span.start) - 1, source.code_after(span.end)
    enclosed = source.utf8[max(start, 0) : start + 1] == b"(" and source.utf8[end : end + 1] == b")"
    if not enclosed or start == opening:
        return span
    outer = Span(start, end + 1)
    return _widened(outer, opening, source)


def is_commented(call: ast.Call, first: Span, second: Span, source: Source) -> bool:
    """Tell whether a comment may speak of one of two arguments that is not inside of it.

    One at the end of the line speaks of both where they stand on it together.
    """
    rest = [*call.args[2:], *(item.value for item in call.keywords)]
    end = source.span(rest[0]).start if rest else source.span(call).end
    if not rest and source.row(first.start) != source.row(second.end):
        end = source.starts[source.row(end) - 1] + len(source.line(source.row(end)))
    lead = Span(source.span(call.func).end, first.start)
    gaps = (lead, Span(first.end, second.start), Span(second.end, end))
    return any(b"#" in source.utf8[gap.start : gap.end] for gap in gaps)
