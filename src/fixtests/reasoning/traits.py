"""What is asked of helpers' bodies so often that results depend on the answer, not on the body."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.syntax.queries import children, constant_string, dotted, walk
from fixtests.tree.module import Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

Conditions = tuple[tuple[ast.expr, bool], ...]  # `True` with one means its `else`
VERSION = re.compile(r"version", re.IGNORECASE)
PLAINLY = frozenset(  # what stands right above a reading that is plain
    (ast.Assign, ast.keyword, ast.If, ast.IfExp, ast.Compare, ast.BoolOp, ast.UnaryOp)
)


@Trait
def attributes_named(method: Method, _: Project) -> tuple[str, ...]:
    """Return the attributes of `self` that a function names, sorted."""
    found = {
        node.attr
        for item in method.node.body
        for node in walk(item)
        if isinstance(node, ast.Attribute) and _is_self(node.value)
    }
    return tuple(sorted(found))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


@Trait
def attributes_bound(method: Method, _: Project) -> tuple[str, ...]:
    """Return the attributes of `self` that the statements of a function bind, sorted."""
    return tuple(sorted({name for name, _, _ in bindings_of_self(method.node.body)}))


def bindings_of_self(
    body: list[ast.stmt], conditions: Conditions = ()
) -> Iterator[tuple[str, ast.expr, Conditions]]:
    """Yield what statements bind to which attribute of `self`, and the branches they stand in."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    match target:
                        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                            yield attr, value, conditions
            case ast.If(test=test):
                yield from bindings_of_self(node.body, (*conditions, (test, False)))
                yield from bindings_of_self(node.orelse, (*conditions, (test, True)))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case _:
                for field in ("body", "orelse", "finalbody"):
                    yield from bindings_of_self(getattr(node, field, []), conditions)


@Trait
def versions_read(method: Method, _: Project) -> tuple[tuple[str, bool], ...]:
    """Return the version attributes of `self` that a function reads, and whether plainly."""
    return tuple((name, plain) for name, plain, _ in readings(method.node))


def readings(statement: ast.stmt) -> list[tuple[str, bool, ast.expr]]:
    """Return where a statement reads version attributes of `self`, in order, and whether plainly.

    That is where one is only set on something, or asked whether it is there.
    """
    nodes = walk(statement)
    read = {
        node: name
        for node in nodes
        if isinstance(node, ast.Attribute | ast.Call)
        and (name := _attribute_read(node))
        and VERSION.search(name)
    }
    plain = {
        node
        for parent in (nodes if read else ())
        if parent.__class__ in PLAINLY
        for node in children(parent)
        if node in read and is_plain(node, parent)
    }
    found = [(name, node in plain, node) for node, name in read.items()]
    return sorted(found, key=lambda item: item[2].lineno)


def _attribute_read(node: ast.AST) -> str | None:
    """Return the name that `self.<name>` or `getattr(self, '<name>')` reads."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Load()):
            return name
        case ast.Attribute(value=ast.Attribute() | ast.Call(), attr=name, ctx=ast.Load()):
            receiver = node.value
            if dotted(receiver) == "self.__class__" or (
                isinstance(receiver, ast.Call) and dotted(receiver.func) == "type"
            ):
                return name
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="self" | "cls"), name, *_]):
            return constant_string(name)
    return None


def is_plain(node: ast.AST, parent: ast.AST) -> bool:
    """Tell whether a version read here is only set on something, or asked whether it is there."""
    match parent:
        case ast.Assign(targets=targets):
            return all(VERSION.search(ast.unparse(target)) for target in targets)
        case ast.keyword(arg=str(name)):
            return VERSION.search(name) is not None
        case ast.If(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.Compare(comparators=[ast.Constant(value=None)]):
            return True
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return True
    return False
