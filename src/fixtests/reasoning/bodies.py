"""What one function holds, whoever runs it: its calls, bindings and what it returns."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from fixtests.syntax.queries import children, dotted, parameters, walk
from fixtests.tree.module import Method
from fixtests.tree.project import Project

COLLECT = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "put"})

BINDING = frozenset(
    (
        *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.comprehension),
        *(ast.withitem, ast.Match, ast.Call),
    )
)


class Body:
    """What one function holds, whoever runs it: every value that a name may have, in no order."""

    def __init__(self, method: Method) -> None:
        self.method = method
        listed = (item.arg for item in parameters(method.node.args))
        self.parameters = [name for name in listed if name not in ("self", "cls")]
        self.nodes: list[ast.AST] = []
        for item in method.node.body:
            self.nodes += walk(item)

    @classmethod
    def of(cls, method: Method, project: Project) -> Body:
        """Return what is remembered of a function."""
        return project.memory.ask((cls, method.node), cls, method)

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[Any]]:
        """The nodes by their class, so that they are gone through once."""
        found: dict[type[ast.AST], list[Any]] = defaultdict(list)
        for node in self.nodes:
            found[node.__class__].append(node)
        return found

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, those of nested functions included, in the order of the text."""
        return sorted(self._by_kind[ast.Call], key=attrgetter("lineno", "col_offset"))

    @cached_property
    def texts(self) -> set[str]:
        """The strings that are written in the function."""
        return {node.value for node in self._by_kind[ast.Constant] if isinstance(node.value, str)}

    @cached_property
    def called(self) -> dict[str | ast.expr, ast.Call]:
        """The first call of each function, by its dotted name if it has one."""
        found: dict[str | ast.expr, ast.Call] = {}
        for call in self.calls:
            found.setdefault(dotted(call.func) or call.func, call)
        return found

    @cached_property
    def functions(self) -> dict[str | ast.expr, ast.expr]:
        """What is called or passed on, by its dotted name if it has one."""
        found = {name: call.func for name, call in self.called.items()}
        for call in self.calls:
            for node in call.args:
                if isinstance(node, ast.Attribute | ast.Name):
                    found.setdefault(dotted(node) or node, node)
        return found

    @cached_property
    def inner(self) -> set[str]:
        """The parameters of functions and lambdas inside the function."""
        return {
            item.arg
            for kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
            for node in self._by_kind[kind]
            for item in walk(node.args)
            if isinstance(item, ast.arg)
        }

    @cached_property
    def sources(self) -> dict[str, list[ast.expr]]:
        """What is bound to or put into each name and `self.attribute`."""
        found: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            for target, value in _bindings(node) if node.__class__ in BINDING else ():
                for name in _names(target):
                    found.setdefault(name, []).append(value)
        return found

    @cached_property
    def attributes(self) -> dict[str, list[ast.expr]]:
        """What is bound to or put into each attribute of `self`."""
        return {
            name.removeprefix("self."): values
            for name, values in self.sources.items()
            if name.startswith("self.")
        }

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr]]:
        """What is assigned to each name as it stands."""
        found: dict[str, list[ast.expr]] = {}
        for node in self._by_kind[ast.Assign]:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        return found

    @cached_property
    def imported(self) -> dict[str, str]:
        """What the function imports out of modules, by what it calls that."""
        nodes = self._by_kind[ast.ImportFrom]
        return {item.asname or item.name: item.name for node in nodes for item in node.names}

    @cached_property
    def returned(self) -> list[ast.expr]:
        """The values that the function returns or yields."""
        found: list[ast.expr] = []
        waiting: list[ast.AST] = list(reversed(self.method.node.body))
        while waiting:
            match node := waiting.pop():
                case ast.Return(value=ast.expr() as value):
                    found.append(value)
                case ast.Expr(value=ast.Yield(value=ast.expr() as value)):
                    found.append(value)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    continue
            waiting += [
                child
                for child in reversed(children(node))
                if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
            ]
        return found


def _bindings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the targets and values of one node that binds something."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield target, value
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield target, value
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield target, value
        case ast.Match(subject=value, cases=cases):
            for name in _captured(cases):
                yield ast.Name(name, ast.Store()), value
        case ast.Call(func=ast.Name("setattr"), args=[holder, ast.Constant(str(name)), value]):
            yield ast.Attribute(holder, name, ast.Store()), value
        case ast.Call(func=ast.Attribute(value=target, attr=attr), args=args) if attr in COLLECT:
            for value in args:
                yield target, value


def is_own(node: ast.expr) -> bool:
    """Tell whether an expression is `self`, `cls` or the class of `self`."""
    if isinstance(node, ast.Name):
        return node.id in ("self", "cls")
    match node:
        case ast.Attribute(value=ast.Name(id="self"), attr="__class__"):
            return True
        case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id="self")]):
            return True
    return False


def _captured(cases: Sequence[ast.match_case]) -> Iterator[str]:
    """Yield the names that patterns bind."""
    for node in (item for case in cases for item in walk(case.pattern)):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name


def _names(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds or puts something into."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
            yield f"self.{attr}"
        case ast.Attribute(value=ast.Attribute() | ast.Call() as holder, attr=attr) if is_own(
            holder
        ):
            yield f"self.{attr}"
        case (
            ast.Subscript(value=value)
            | ast.Starred(value=value)
            | ast.Attribute(value=ast.Attribute() | ast.Name() as value)
        ):
            yield from _names(value)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _names(item)
