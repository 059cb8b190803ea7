"""What conditions and assertions say about how many elements something has.

Pure syntax: expressions go in, pairs of an expression and the number of elements
that it has at least come out. `KNOWN` stands for a number that only the test knows.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fixtests.syntax.plain_text import written
from fixtests.syntax.queries import called_name, constant_int

KNOWN = sys.maxsize
Fact = tuple[ast.expr, int]
MadeOf = Mapping[str, tuple[str, ...]]  # by the text of a list, that of what it is made from
NOTHING: MadeOf = MappingProxyType({})
PATHS = (ast.Name, ast.Attribute, ast.Subscript)
MEASURED = (*PATHS, ast.Call)

# Calls whose result has as many elements as their argument, or fewer.
REORDERING = frozenset({"sorted", "list", "tuple", "reversed", "copy", "deepcopy"})
NARROWING = frozenset({"set", "frozenset", "dict", "filter", "map", "enumerate", "Counter", "zip"})
VIEWS = frozenset({"keys", "values", "items", "copy"})
EVERY = "*"  # stands for all lists of a response
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
_OPPOSITES = ((ast.Gt, ast.LtE), (ast.GtE, ast.Lt), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn))
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **dict(_OPPOSITES),
    **{other: one for one, other in _OPPOSITES},
}


def text(node: ast.expr) -> str:
    """Return the name under which facts about an expression are kept."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{text(node.value)}.{node.attr}"
    return written(node) or ast.unparse(node)


def sources(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression is made from, itself first: each has at least as many elements."""
    yield node
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[]) if name in VIEWS:
            yield from sources(inner)
        case ast.Call(args=[*_, last]) if called_name(node) in {"filter", "map"}:
            yield from sources(last)
        case ast.Call(args=[first, *_]) if called_name(node) in REORDERING | NARROWING:
            yield from sources(first)
        case (
            ast.ListComp(generators=[first, *_])
            | ast.SetComp(generators=[first, *_])
            | ast.GeneratorExp(generators=[first, *_])
            | ast.DictComp(generators=[first, *_])
        ):
            yield from sources(first.iter)
        case ast.Subscript(value=inner, slice=ast.Slice()):
            yield from sources(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[ast.Constant() as key]):
            yield ast.Subscript(inner, key, ast.Load())
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            yield from sources(first)


def same_length(node: ast.expr) -> ast.expr:
    """Return the list that an expression only reorders or copies, else the expression."""
    match node:
        case ast.Call(args=[first, *_]) if called_name(node) in REORDERING:
            return same_length(first)
        case ast.BoolOp(op=ast.Or(), values=[first, ast.List(elts=[])]):
            return same_length(first)
    return node


def less(least: int, taken: int) -> int:
    """Return how many elements are left of so many, which may be whatever is asked for."""
    return least if least >= KNOWN else max(least - taken, 0)


def sliced(part: ast.Slice, least: int) -> int:
    """Return how many elements a slice of so many has at least, `KNOWN` where nothing tells."""
    first = 0 if part.lower is None else constant_int(part.lower)
    last = KNOWN if part.upper is None else constant_int(part.upper)
    if part.step is not None or first is None or last is None or first < 0 or last < 0:
        return KNOWN
    return less(min(least, last), first)


def takes_one(call: ast.Call) -> bool:
    """Tell whether a call takes one element out of a list: the last, or that of a number."""
    by_number = not call.keywords and all(constant_int(item) is not None for item in call.args)
    return called_name(call) == "pop" and by_number


def minimum(node: ast.expr) -> int:
    """Return how many elements whatever equals an expression has at least."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return sum(not isinstance(item, ast.Starred) for item in items)
        case ast.Dict(keys=keys):
            return sum(key is not None for key in keys)
        case ast.Constant():
            return 0
        case ast.Call(args=[]) if called_name(node) in REORDERING | NARROWING:
            return 0
        case ast.Call(args=[first, *_]) if called_name(node) in REORDERING | NARROWING:
            return minimum(first)
        case ast.BinOp(left=ast.List(elts=[_, *_]), op=ast.Mult(), right=right):
            count = constant_int(right)
            return KNOWN if count is None else count
    return KNOWN


def condition(test: ast.expr, truth: bool) -> Iterator[Fact]:
    """Yield what is known where a condition came out true, or false."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from condition(inner, not truth)
        case ast.BoolOp(op=operator, values=values):
            if isinstance(operator, ast.And) == truth:
                for value in values:
                    yield from condition(value, truth)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            kind = type(operator) if truth else OPPOSITE.get(type(operator))
            if kind is not None:
                yield from comparison(left, kind, right)
        case ast.Compare(left=left, ops=operators, comparators=rights) if truth:
            for first, operator, second in zip([left, *rights], operators, rights, strict=False):
                yield from comparison(first, type(operator), second)
        case ast.NamedExpr(target=target, value=value):
            yield from condition(target, truth)
            yield from condition(value, truth)
        case ast.Call(args=[inner]) if truth and called_name(test) in {"len", "bool", "any"}:
            yield inner, 1
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call() if truth:
            yield test, 1


def looped(node: ast.expr) -> list[Fact]:
    """Return what is known inside a loop over something: it is not empty."""
    inner = [node]
    if isinstance(node, ast.Call) and called_name(node) in {"range", "len", "zip", "product"}:
        inner = [found for item in node.args for found, _ in looped(item)]
    return [(item, 1) for item in inner]


def comparison(
    left: ast.expr, kind: type[ast.cmpop], right: ast.expr, made_of: MadeOf = NOTHING
) -> Iterator[Fact]:
    """Yield what is known where a comparison came out true; `made_of` says what names stand for.

    A list that is compared with what is made of it, such as its own sorted copy, may be empty.
    """
    if kind is ast.In:
        yield right, 1
        return
    if not _origins(left, made_of).isdisjoint(_origins(right, made_of)):
        return
    for one, other, operator in ((left, right, kind), (right, left, FLIPPED.get(kind))):
        if operator is None:
            continue
        measured = _measured(one, other)
        if measured is not None:
            count = at_least(operator, other)
            if count:
                yield measured, count
        elif operator is ast.Eq:
            yield one, minimum(other)
        elif operator is ast.NotEq and isinstance(other, ast.List | ast.Tuple | ast.Dict):
            yield one, 0 if minimum(other) else 1


def _origins(node: ast.expr, made_of: MadeOf) -> set[str]:
    """Return the text of all that an expression, or what it measures, is made from."""
    parts = sources(counted(node) or node)
    found = [text(item) for item in parts if isinstance(item, MEASURED)]
    for name in found:
        found.extend(item for item in made_of.get(name, ()) if item not in found)
    return {*found}


def counted(node: ast.expr) -> ast.expr | None:
    """Return `x` for `len(x)`, whatever name that is given at once."""
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            return inner
        case ast.NamedExpr(value=value):
            return counted(value)
    return None


def _measured(node: ast.expr, other: ast.expr) -> ast.expr | None:
    """Return what is measured where a number is compared with another one.

    A name is, that stands for a length if it is a number at all.
    """
    found = counted(node)
    named = isinstance(node, ast.Name) and isinstance(constant_int(other), int)
    return node if named and found is None else found


def at_least(operator: type[ast.cmpop], other: ast.expr) -> int:
    """Return how long a list is at least whose length stands in a relation to an expression."""
    measured = counted(other)
    count = minimum(measured) if measured is not None else constant_int(other)
    if operator is ast.NotEq:
        return 1 if count == 0 else 0
    if operator not in (ast.Gt, ast.GtE, ast.Eq):
        return 0
    if count is None or count == KNOWN:
        return KNOWN
    return count + 1 if operator is ast.Gt else count
