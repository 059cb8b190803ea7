"""Bare `assert` statements of samples, told as the assertions of a test case are: by their values.

A statement says with which values it was tried, not how it is written: a fix may rename a variable.
"""

from __future__ import annotations

import ast
from typing import Any

from fake_api.paths import path_of, shown
from fake_api.unknown import Unknown, value_of
from fake_api.world import UNSET, now

NAME = "__asserts__"  # what a module of a sample knows this one as
SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_open: list[list[str]] = []  # what was told of the assertions that are being tried


def begin() -> None:
    """Begin an assertion."""
    now().asserting += 1
    _open.append(["assert"])


def say(word: str) -> bool:
    """Tell a word of an assertion; true, so that it can stand in its condition."""
    _open[-1].append(word)
    return True


def value(it: Any) -> Any:
    """Tell a value of an assertion, and return it."""
    say(shown(it))
    return it


def known(it: Any, constant: Any) -> Any:
    """Tell a value, and return the constant instead if it is unknown and turns out to be that."""
    say(shown(it))
    unknown = isinstance(it, Unknown) and value_of(it) is UNSET
    return constant if unknown and it == constant else it


def is_instance(it: Any, kind: Any) -> bool:
    """Tell whether a value is of a class, which the world says of what is unknown."""
    if isinstance(it, Unknown) and value_of(it) is UNSET:
        return bool(now().ask(path_of(it), f"class of {shown(kind)}", (True, False)))
    return isinstance(it, kind)


def end() -> None:
    """Note an assertion, but not one that another one calls."""
    world = now()
    world.asserting -= 1
    words = _open.pop()
    if not world.asserting:
        world.asserted.append(" ".join(words))


def told(tree: ast.Module) -> ast.Module:
    """Return a module whose `assert` statements tell what they are tried with."""
    return ast.fix_missing_locations(_Telling().visit(tree))


class _Telling(ast.NodeTransformer):
    """Puts what tells around each `assert` statement, on the same lines."""

    def visit_Assert(self, node: ast.Assert) -> ast.Try:
        node.test = _condition(node.test)
        before, after = (ast.Expr(_call(step)) for step in ("begin", "end"))
        found = ast.Try([before, node], [], [], [after])
        for item in (found, before, after):
            ast.copy_location(item, node)
        return found


def _condition(node: ast.expr) -> ast.expr:
    """Return a condition that tells its values: those that it compares, or is called with."""
    match node:
        case ast.BoolOp():
            word = "and" if isinstance(node.op, ast.And) else "or"
            first, *rest = map(_condition, node.values)
            node.values = [first, *(_after(word, item) for item in rest)]
        case ast.UnaryOp(op=ast.Not()):
            node.operand = _after("not", _condition(node.operand))
        case ast.Compare():
            pairs = [*zip(node.ops, node.comparators, strict=True)]
            node.comparators = [_after(SIGNS[type(op)], _value(item)) for op, item in pairs]
            match pairs:
                case [(ast.Is() | ast.IsNot(), ast.Constant() as constant)]:
                    node.left = _call("known", node.left, constant)
                case _:
                    node.left = _value(node.left)
        case ast.Call(func=ast.Attribute() as function):
            function.value = _value(function.value)
            _arguments(node, function.attr)
        case ast.Call(func=ast.Name(id=name)) if name not in ("locals", "super", "vars", "dir"):
            _arguments(node, name)
            if name == "isinstance":
                node.func = _step("is_instance")
        case _:
            return _value(node)
    return node


def _arguments(node: ast.Call, name: str) -> None:
    """Let a call tell its name and what it is called with."""
    node.args = [
        ast.Starred(_value(item.value), item.ctx) if isinstance(item, ast.Starred) else _value(item)
        for item in node.args
    ]
    for keyword in node.keywords:
        keyword.value = _value(keyword.value)
    told_ = [*node.args, *(item.value for item in node.keywords)]
    if told_:
        first = told_[0].value if isinstance(told_[0], ast.Starred) else told_[0]
        assert isinstance(first, ast.Call)
        first.args[0] = _after(name, first.args[0])


def _after(word: str, node: ast.expr) -> ast.expr:
    """Return an expression that is tried after a word was told."""
    return ast.IfExp(_call("say", ast.Constant(word)), node, ast.Constant(None))


def _value(node: ast.expr) -> ast.Call:
    return _call("value", node)


def _call(step: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(_step(step), [*arguments], [])


def _step(name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name(NAME, ast.Load()), name, ast.Load())
