"""What the methods of a class bind to attributes of `self`, and below which conditions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.tree.module import Class, Method


@dataclass(frozen=True, eq=False)
class Store:
    """A value bound to an attribute, below conditions; `True` with one means its `else`."""

    value: ast.expr
    method: Method
    conditions: tuple[tuple[ast.expr, bool], ...]


def stores(owner: Class, attribute: str) -> list[Store]:
    """Return what the methods of one class bind to an attribute of `self`, tests left out."""
    return [
        store
        for method in owner.holding(attribute)
        if not method.name.startswith("test")
        for name, store in _stored(method.node.body, method, ())
        if name == attribute
    ]


def _stored(
    body: list[ast.stmt], method: Method, conditions: tuple[tuple[ast.expr, bool], ...]
) -> Iterator[tuple[str, Store]]:
    """Yield what some statements bind to attributes of `self`, and the branches they stand in."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    match target:
                        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                            yield attr, Store(value, method, conditions)
            case ast.If(test=test):
                yield from _stored(node.body, method, (*conditions, (test, False)))
                yield from _stored(node.orelse, method, (*conditions, (test, True)))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case _:
                for field in ("body", "orelse", "finalbody"):
                    yield from _stored(getattr(node, field, []), method, conditions)
