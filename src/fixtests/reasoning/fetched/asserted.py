"""What assertions, and calls that demand something, say about how many elements something has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.fetched.lengths import (
    EVERY,
    KNOWN,
    Fact,
    at_least,
    comparison,
    condition,
    counted,
    text,
)
from fixtests.syntax.queries import Function, called_name, calls, dotted, keyword, walk

# Calls that fail on an empty argument.
DEMANDING = frozenset({"max", "min", "choice", "sample", "reduce", "one"})
LISTING = re.compile(r"List")  # `assertValidUserListResponse(response)`
SILENT = frozenset(
    {
        "assertIsNotNone",
        "assertIsNone",
        "assertIsInstance",
        "assertNotIsInstance",
        "assertNotIn",
        "assertRaises",
        "assertRaisesRegex",
        "assertIsNot",
        "assertEmpty",
        "assertLogs",
        "assertWarns",
        "assertNotEqual",
        "assertLess",
        "assertLessEqual",
        "assertFalse",
    }
)
EQUALITIES = frozenset(
    {
        "assertEqual",
        "assertEquals",
        "assertIs",
        "assertListEqual",
        "assertCountEqual",
        "assertItemsEqual",
        "assertSetEqual",
        "assertSequenceEqual",
        "assertTupleEqual",
        "assertDictEqual",
        "assertJsonEqual",
        "assertAlmostEqual",
        "assertMultiLineEqual",
    }
)
ORDERS: dict[str, type[ast.cmpop]] = {
    "assertGreater": ast.Gt,
    "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt,
    "assertLessEqual": ast.LtE,
    "assertNotEqual": ast.NotEq,
    "assertNotEquals": ast.NotEq,
    "assertIn": ast.In,
}


def assertion(call: ast.Call) -> Iterator[Fact]:
    """Yield what is known after an assertion, or a helper that checks what it is given."""
    name = called_name(call)
    if not roles.ASSERTS.match(name):
        return
    arguments = [*call.args, *(item.value for item in call.keywords if item.arg != "msg")]
    first, second = (*arguments, None, None)[:2]
    if name in EQUALITIES and first is not None and second is not None:
        yield from comparison(first, ast.Eq, second)
    elif name in ORDERS and first is not None and second is not None:
        if name == "assertIn":
            second = keyword(call, "haystack") or keyword(call, "container") or second
        yield from comparison(first, ORDERS[name], second)
    elif name in {"assertTrue", "assertFalse"} and first is not None:
        yield from condition(first, name == "assertTrue")
    elif name == "assertNotEmpty" and first is not None:
        yield first, 1
    elif name not in SILENT:
        lists = LISTING.search(name) and name not in EQUALITIES
        for argument in arguments:
            yield counted(argument) or argument, KNOWN
            if lists and isinstance(argument, ast.Name):
                yield ast.Attribute(argument, EVERY), KNOWN


def said(function: Function) -> list[Fact]:
    """Return what a function asserts in any case of what calls on `self` without arguments give."""
    given = {name: value for name, value in _bindings(function) if _is_plain(value)}
    asked = {text(listed) for listed, _, _ in demands(function)}
    found = []
    for statement in function.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            for listed, least in assertion(statement.value):
                called = given.get(text(listed), listed)
                if _is_plain(called) and text(called) not in asked:
                    found.append((called, least))
    return found


def demands(function: Function) -> list[tuple[ast.expr, type[ast.cmpop], str]]:
    """Return what a function compares with its parameters: a list, how, and the parameter."""
    given = {name: value for name, value in _bindings(function) if _is_plain(value)}
    found: list[tuple[ast.expr, type[ast.cmpop], str]] = []
    for statement in function.body:
        match statement:
            case ast.Expr(value=ast.Call(args=[measure, ast.Name(id=name), *_]) as call):
                listed, kind = counted(measure), ORDERS.get(called_name(call))
                called = given.get(text(listed)) if listed is not None else None
                if called is not None and kind in (ast.Gt, ast.GtE):
                    found.append((called, kind, name))
    return found


def demanded_by(call: ast.Call, function: Function) -> Iterator[Fact]:
    """Yield how long lists are after a call that gives numbers to what `demands` says."""
    names = [item.arg for item in function.args.args if item.arg not in ("self", "cls")]
    values = {**dict(zip(names, call.args, strict=False))}
    values |= {item.arg: item.value for item in call.keywords if item.arg}
    for listed, kind, name in demands(function):
        yield listed, at_least(kind, values.get(name, call))


def _bindings(function: Function) -> Iterator[tuple[str, ast.expr]]:
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value


def _is_plain(node: ast.expr) -> bool:
    """Tell whether an expression calls a method of `self` without arguments."""
    return (
        isinstance(node, ast.Call)
        and (dotted(node.func) or "").startswith("self.")
        and not (node.args or node.keywords)
    )


def measured(call: ast.Call) -> set[str]:
    """Return the lists whose length itself an assertion is about."""
    if not roles.ASSERTS.match(called_name(call)):
        return set()
    found = [
        item.args[0]
        for item in walk(call)
        if isinstance(item, ast.Call) and called_name(item) == "len" and item.args
    ]
    if called_name(call) == "assertThat" and len(call.args) > 1:
        matcher = call.args[1]
        if isinstance(matcher, ast.Call) and called_name(matcher) == "HasLength":
            found.append(call.args[0])
    return {text(item) for item in found}


def demanded(call: ast.Call) -> Iterator[Fact]:
    """Yield what is known after a call that fails when it is given too little."""
    name = called_name(call)
    if name in DEMANDING and len(call.args) == 1:
        yield call.args[0], 1
    elif name == "next" and len(call.args) == 1:
        inner = call.args[0]
        if isinstance(inner, ast.Call) and called_name(inner) == "iter" and inner.args:
            inner = inner.args[0]
        yield inner, 1


def measures(function: Function, returned: list[ast.expr]) -> bool:
    """Tell whether a function checks how long a list of the body is that it gives back."""
    bodies = tuple(f"{text(item)}[" for item in returned)
    return any(path.startswith(bodies) for call in calls(function) for path in measured(call))
