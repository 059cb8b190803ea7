"""Questions about `ast` trees that more than one layer asks."""

from __future__ import annotations

import ast
import bisect
import sys
from collections.abc import Iterator, Sequence
from typing import TypeGuard, TypeVar

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)
BINDING_NOTHING = frozenset(  # most nodes are of these kinds
    {ast.Assign, ast.Attribute, ast.Call, ast.Constant, ast.Expr, ast.Subscript, ast.keyword}
)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
FEW = 8  # statements of a block, or values, that are gone through one by one
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Placed = TypeVar("Placed", ast.stmt, ast.expr)


def is_function(node: ast.AST) -> TypeGuard[Function]:
    """Tell whether a node is a `def`."""
    return isinstance(node, FUNCTIONS)


def dotted(node: ast.AST) -> str | None:
    """Return `a.b.c` for a chain of names and attributes, else None."""
    if isinstance(node, ast.Name):
        return node.id
    rest = ""
    while isinstance(node, ast.Attribute):
        rest = f".{node.attr}{rest}"
        node = node.value
    return f"{node.id}{rest}" if isinstance(node, ast.Name) else None


def constant_string(node: ast.AST | None) -> str | None:
    """Return the value of a string literal, else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def constant_int(node: ast.AST | None) -> int | None:
    """Return the value of an integer literal, negative ones too, else None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = constant_int(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each kind of node that hold nodes, operators and contexts left out."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        plain = PLAIN.get(kind, TEXTS)
        self[kind] = found = tuple(name for name in kind._fields if name not in plain)
        return found


TEXTS = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "kind", "name", "asname", "type_comment", "level"}
    | {"conversion", "is_async", "simple", "module", "rest", "kwd_attrs", "tag", "lineno"}
)
PLAIN: dict[type[ast.AST], frozenset[str]] = {
    ast.Constant: frozenset({"value", "kind"}),
    ast.MatchSingleton: frozenset({"value"}),
    ast.Global: frozenset({"names"}),
    ast.Nonlocal: frozenset({"names"}),
}
TYPE_PARAMETERS: frozenset[type[ast.AST]] = frozenset()
if sys.version_info >= (3, 12):
    PLAIN[ast.TypeAlias] = frozenset()
    TYPE_PARAMETERS = frozenset({ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple})
FIELDS = _Fields()


def walk(tree: ast.AST) -> list[ast.AST]:
    """Return a node and all below it in the order of `ast.walk`, operators and contexts left out.

    It takes a fifth of the time.
    """
    found = [tree]
    for node in found:
        for name in FIELDS[node.__class__]:
            value = getattr(node, name)
            if value:
                if value.__class__ is list:
                    found += filter(None, value)
                else:
                    found.append(value)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly below a node, operators and contexts left out."""
    found: list[ast.AST] = []
    for name in FIELDS[node.__class__]:
        value = getattr(node, name)
        if value:
            if value.__class__ is list:
                found += filter(None, value)
            else:
                found.append(value)
    return found


def walk_function(function: ast.AST, *, nested: bool = False) -> list[ast.AST]:
    """Return the nodes below a function in source order.

    Functions, lambdas and classes inside it are among them, but entered only
    with `nested`.
    """
    found: list[ast.AST] = []
    waiting = children(function)[::-1]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if nested or not isinstance(node, SCOPES):
            waiting += children(node)[::-1]
    return found


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield every call below a node, nested functions included."""
    for child in walk(node):
        if isinstance(child, ast.Call):
            yield child


def called_name(call: ast.Call) -> str:
    """Return the last part of the called name: `delete` for `self.api.delete(x)`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a name or attribute, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument, else None."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def values_given(call: ast.Call) -> list[ast.expr]:
    """Return what a call is given, by position and by keyword; a starred list is one value."""
    return [*call.args, *(item.value for item in call.keywords)]


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return all parameters of a function or lambda, starred ones last."""
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return listed + [item for item in (arguments.vararg, arguments.kwarg) if item]


def bound_names(tree: ast.AST) -> set[str]:
    """Return every name bound anywhere in a tree: assignments, imports, definitions, arguments."""
    return {name for node in walk(tree) for name in bound_by(node)}


def bound_by(node: ast.AST) -> list[str]:
    """Return the names that one node binds itself."""
    if node.__class__ in BINDING_NOTHING:
        return []
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.ClassDef(name=name) | ast.arg(arg=name):
            return [name]
        case ast.alias(name=name, asname=asname):
            return [asname or name.partition(".")[0]]
        case ast.ExceptHandler(name=str(name)):
            return [name]
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
        case ast.Global(names=listed) | ast.Nonlocal(names=listed):
            return listed
    return [node.name] if node.__class__ in TYPE_PARAMETERS else []  # type: ignore[attr-defined]


def spanning(tree: ast.AST, rows: Sequence[int]) -> list[ast.AST]:
    """Return the nodes of a tree's statements that span one of some rows, which are sorted.

    Statements that span none are not entered, nor are those of many values that do.
    """
    found: list[ast.AST] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        for name in FIELDS[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list and len(value) > FEW and isinstance(value[0], ast.stmt):
                waiting += spanning_statements(value, rows)
                continue
            for child in filter(None, value if value.__class__ is list else (value,)):
                if not isinstance(child, BLOCKS):
                    found += _spanning_values(child, rows)
                elif spans(child, rows):
                    waiting.append(child)
    return found


def _spanning_values(tree: ast.AST, rows: Sequence[int]) -> list[ast.AST]:
    """Return what `walk` does, but of many values in a row only those that span one of the rows."""
    found = [tree]
    texts: list[ast.AST] = []  # places inside of them are wrong before Python 3.12
    for node in found:
        if isinstance(node, ast.JoinedStr):
            texts += walk(node)[1:]
            continue
        for name in FIELDS[node.__class__]:
            value = getattr(node, name)
            if value:
                if value.__class__ is not list:
                    found.append(value)
                elif len(value) > FEW and not isinstance(node, COMPREHENSIONS):
                    # keyword-only parameters may all be without a default, and keys may be `**`
                    found += spanning_statements(list(filter(None, value)), rows)
                else:
                    found += filter(None, value)
    return found + texts


def spanning_statements(block: Sequence[Placed], rows: Sequence[int]) -> Iterator[Placed]:
    """Yield the statements of a block that span one of some rows; the others are not gone through.

    Most of a long block are others, for most questions.
    """
    at = bisect.bisect_left(rows, first_row(block[0])) if block else len(rows)
    place = 0
    while at < len(rows) and place < len(block):
        place = bisect.bisect_left(block, rows[at], place, key=last_row)
        while place < len(block) and spans(block[place], rows):
            yield block[place]
            place += 1
        if place < len(block):
            at = bisect.bisect_left(rows, first_row(block[place]), at)


def last_row(node: ast.stmt | ast.expr) -> int:
    """Return the row on which a statement or an expression ends."""
    return node.end_lineno or node.lineno


def first_row(node: ast.AST) -> int:
    """Return the row on which a node begins, that of its first decorator where it has one."""
    rows = [item.lineno for item in getattr(node, "decorator_list", ())]
    return min([node.lineno, *rows])  # type: ignore[attr-defined,no-any-return]


def spans(node: ast.AST, rows: Sequence[int]) -> bool:
    """Tell whether a statement, with its decorators, spans one of some rows, which are sorted."""
    if isinstance(node, ast.match_case):
        return True  # it does not say where it stands
    start: int = node.lineno  # type: ignore[attr-defined]
    if getattr(node, "decorator_list", ()):
        start = first_row(node)
    at = bisect.bisect_left(rows, start)
    return at < len(rows) and rows[at] <= node.end_lineno  # type: ignore[attr-defined]
