"""What assertions, and calls that demand something, say about how many elements something has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from fixtests.reasoning import roles
from fixtests.reasoning.fetched.lengths import (
    EVERY,
    KNOWN,
    NOTHING,
    Fact,
    MadeOf,
    at_least,
    comparison,
    condition,
    counted,
    text,
)
from fixtests.syntax.queries import Function, called_name, calls, dotted, keyword, walk
from fixtests.tree.module import Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

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


def assertion(call: ast.Call, made_of: MadeOf = NOTHING) -> Iterator[Fact]:
    """Yield what is known after an assertion, or a helper that checks what it is given.

    `made_of` says what the names in it stand for.
    """
    name = called_name(call)
    if not roles.ASSERTS.match(name):
        return
    arguments = [*call.args, *(item.value for item in call.keywords if item.arg != "msg")]
    first, second = (*arguments, None, None)[:2]
    if name in EQUALITIES and first is not None and second is not None:
        yield from comparison(first, ast.Eq, second, made_of)
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


def after(call: ast.Call, method: Method, project: Project) -> Iterator[Fact]:
    """Yield how long what calls on `self` give is after a call of a method that asserts that."""
    for name, least in said(method, project):
        yield _call(name), least
    arguments = method.node.args.args
    names = [item.arg for item in arguments if item.arg not in ("self", "cls")]
    values = {**dict(zip(names, call.args, strict=False))}
    values |= {item.arg: item.value for item in call.keywords if item.arg}
    for name, assertion, parameter in demands(method, project):
        yield _call(name), at_least(ORDERS[assertion], values.get(parameter, call))


@Trait
def said(method: Method, project: Project) -> tuple[tuple[str, int], ...]:
    """Return what a method asserts in any case of what calls on `self` without arguments give."""
    given = _given(method.node)
    asked = {name for name, _, _ in demands(method, project)}
    found = []
    for statement in method.node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            for listed, least in assertion(statement.value):
                name = given.get(text(listed)) or _plain(listed)
                if name and name not in asked:
                    found.append((name, least))
    return (*found,)


@Trait
def demands(method: Method, _: Project) -> tuple[tuple[str, str, str], ...]:
    """Return what a method compares with its parameters: what is called, how, and with which."""
    given = _given(method.node)
    found = []
    for statement in method.node.body:
        match statement:
            case ast.Expr(value=ast.Call(args=[measure, ast.Name(id=parameter), *_]) as call):
                listed, assertion = counted(measure), called_name(call)
                name = given.get(text(listed)) if listed is not None else None
                if name and ORDERS.get(assertion) in (ast.Gt, ast.GtE):
                    found.append((name, assertion, parameter))
    return (*found,)


def _given(function: Function) -> dict[str, str]:
    """Return what a function calls for each name that it binds, the last for each."""
    found = {}
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if called := _plain(value):
                found[name] = called
    return found


def _plain(node: ast.expr) -> str:
    """Return the method of `self` that an expression calls without arguments, else nothing."""
    if isinstance(node, ast.Call) and not (node.args or node.keywords):
        name = dotted(node.func) or ""
        return name if name.startswith("self.") else ""
    return ""


@cache
def _call(name: str) -> ast.expr:
    """Return a call of what a dotted name stands for, without arguments."""
    return ast.parse(f"{name}()", mode="eval").body


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
