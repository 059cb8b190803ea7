"""Where the values in one function come from: names, parameters, attributes and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property

from fixtests.reasoning import words
from fixtests.syntax.syntax import called_name, children, dotted, is_function, walk
from fixtests.tree.module import Method
from fixtests.tree.project import Project

# What a value may come from: ("parameter", name), ("self", attribute), ("call", file, place...)
# or UNKNOWN for what was looked up or is passed in by somebody unseen.
Token = tuple[str | int, ...]
UNKNOWN: Token = ("unknown",)
COLLECT = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "put"})
UNPACK = frozenset({"get", "pop", "popitem", "items", "values", "copy", "keys", "popleft"})
PASSING = frozenset({"enumerate", "zip", "range", "reversed", "sorted", "list", "tuple", "str"})


def spot(method: Method, node: ast.expr | ast.stmt) -> Token:
    """Name a node by its place, the same however often its file is parsed."""
    return (
        method.module.path,
        node.lineno,
        node.col_offset,
        node.end_lineno or 0,
        node.end_col_offset or 0,
    )


class Body:
    """What one function holds, whoever runs it: every value that a name may have, in no order."""

    def __init__(self, method: Method) -> None:
        self.method = method
        arguments = method.node.args
        listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        listed += [item for item in (arguments.vararg, arguments.kwarg) if item]
        self.parameters = [item.arg for item in listed if item.arg not in ("self", "cls")]
        self.nodes = [node for item in method.node.body for node in walk(item)]

    @classmethod
    def of(cls, method: Method, project: Project) -> Body:
        """Return what is remembered of a function."""
        return project.memory.ask((cls, method.node), cls, method)

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, those of nested functions included, in the order of the text."""
        found = [node for node in self.nodes if isinstance(node, ast.Call)]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    @cached_property
    def called(self) -> dict[str | ast.expr, ast.Call]:
        """The first call of each function, by its dotted name if it has one."""
        found: dict[str | ast.expr, ast.Call] = {}
        for call in self.calls:
            found.setdefault(dotted(call.func) or call.func, call)
        return found

    @cached_property
    def functions(self) -> list[ast.expr]:
        """What is called or passed on, each name once."""
        found = {name: call.func for name, call in self.called.items()}
        for call in self.calls:
            for node in call.args:
                if isinstance(node, ast.Attribute | ast.Name):
                    found.setdefault(dotted(node) or node, node)
        return list(found.values())

    @cached_property
    def inner(self) -> set[str]:
        """The parameters of functions and lambdas inside the function."""
        return {
            item.arg
            for node in self.nodes
            if is_function(node) or isinstance(node, ast.Lambda)
            for item in walk(node.args)
            if isinstance(item, ast.arg)
        }

    @cached_property
    def sources(self) -> dict[str, list[ast.expr]]:
        """What is bound to or put into each name and `self.attribute`."""
        found: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            for target, value in _bindings(node):
                for name in _names(target):
                    found.setdefault(name, []).append(value)
        return found

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr]]:
        """What is assigned to each name as it stands."""
        found: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(node.value)
        return found

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

    @cached_property
    def attributes(self) -> set[str]:
        """The attributes of `self` that the function names."""
        return {
            node.attr
            for node in self.nodes
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("self", "cls")
        }


class Origins:
    """Where the values in one function come from, for one class of `self`.

    `creates` tells which calls make something new whatever they are given.
    """

    def __init__(self, body: Body, creates: Callable[[ast.Call], bool], project: Project) -> None:
        self.body = body
        self.method = body.method
        self.creates = creates
        self._project = project

    def of(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> set[Token]:
        """Return what a value may come from."""
        match node:
            case ast.Name(id=name):
                return self._named(name, seen)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return {("self", attr)} | self._bound(f"self.{attr}", seen)
            case ast.Attribute(value=value):
                return self.of(value, seen)
            case ast.Call():
                return self._called(node, seen)
            case ast.Lambda() | ast.Constant():
                return set()
        return {token for child in children(node) for token in self.of(child, seen)}

    def stored(self, token: Token) -> set[str]:
        """Return the attributes of `self` that hold what comes from a token."""
        return {
            name.removeprefix("self.")
            for name, values in self.body.sources.items()
            if name.startswith("self.") and any(token in self.of(value) for value in values)
        }

    def handed(self, token: Token) -> bool:
        """Tell whether what comes from a token is put into a parameter."""
        return any(
            token in self.of(value)
            for name in self.body.parameters
            for value in self.body.sources.get(name, ())
        )

    def _named(self, name: str, seen: frozenset[str]) -> set[Token]:
        found: set[Token] = {("parameter", name)} if name in self.body.parameters else set()
        if name in self.body.sources:
            return found | self._bound(name, seen)
        if name in self.body.inner:
            found.add(UNKNOWN)
        return found

    def _bound(self, name: str, seen: frozenset[str]) -> set[Token]:
        if name in seen or name not in self.body.sources:
            return set()
        if not seen:
            return self._project.memory.ask((self, name), self._sources, name, seen)
        return self._sources(name, seen)

    def _sources(self, name: str, seen: frozenset[str]) -> set[Token]:
        below = seen | {name}
        return {token for value in self.body.sources[name] for token in self.of(value, below)}

    def _called(self, call: ast.Call, seen: frozenset[str]) -> set[Token]:
        found: set[Token] = {("call", *spot(self.method, call))}
        if self.creates(call):
            return found
        if isinstance(call.func, ast.Name) and call.func.id in PASSING:
            found.clear()
        parts: list[ast.AST] = [*call.args, *call.keywords]
        name = called_name(call)
        if isinstance(call.func, ast.Attribute) and (
            name in UNPACK or not _hangs_on_self(call.func.value)
        ):
            parts.append(call.func.value)
        tokens = {token for part in parts for token in self.of(part, seen)}
        requests = self._project.profile.requests
        if not tokens and (name.startswith(words.LOOKS_UP) or name in requests):
            found.add(UNKNOWN)
        return found | tokens


def _hangs_on_self(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


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
        case ast.Call(func=ast.Attribute(value=target, attr=attr), args=args) if attr in COLLECT:
            for value in args:
                yield target, value


def _names(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds or puts something into."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
            yield f"self.{attr}"
        case ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _names(value)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _names(item)
