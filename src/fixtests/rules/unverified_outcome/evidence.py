"""What a test looks at after it has started something: records, events, notifications, hosts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.reasoning import roles
from fixtests.syntax.syntax import (
    called_name,
    calls,
    constant_string,
    is_function,
    walk,
    walk_function,
)
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import Pattern, pattern
from fixtests.tree.project import Project

STATUS = re.compile(r"[A-Z][A-Z_]+")
Place = tuple[int, int]


def begin(node: ast.AST) -> Place:
    """Return where a node begins."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Window:
    """What a function runs after a place in it; nested functions run at any time."""

    method: Method
    owner: Class | None
    project: Project
    after: Place

    @property
    def nodes(self) -> list[ast.AST]:
        """The nodes after the place, those of nested functions among them."""
        inner = {
            item
            for node in walk_function(self.method.node)
            if is_function(node) or isinstance(node, ast.Lambda)
            for item in walk(node)
        }
        return [
            node
            for node in walk_function(self.method.node, nested=True)
            if hasattr(node, "lineno") and (node in inner or begin(node) > self.after)
        ]


def verified(window: Window) -> bool:
    """Tell whether a record, an action event, a fault or a notification is looked at."""
    nodes = window.nodes
    aside = _only_told(nodes)
    told = pattern(window.project.profile.outcomes.told)
    texts = pattern(window.project.profile.outcomes.texts)
    if any(node not in aside and (_tells(node, told) or _says(node, texts)) for node in nodes):
        return True
    for callee in helpers(window):
        if any(_tells(node, told) for node in walk_function(callee.node, nested=True)):
            return True
    return False


def helpers(window: Window) -> Iterator[Method]:
    """Yield the functions of the tests that a window runs, directly or not."""
    seen: set[ast.AST] = {window.method.node}
    waiting = [(node, window.method) for node in window.nodes if isinstance(node, ast.Call)]
    while waiting:
        call, caller = waiting.pop()
        found = window.project.callee(call, caller, window.owner)
        if found is None or found.node in seen or roles.ACTS.fullmatch(found.name):
            continue
        if not window.project.is_test(found.module.path):
            continue
        seen.add(found.node)
        yield found
        waiting += [(item, found) for item in calls(found.node)]


def _tells(node: ast.AST, told: Pattern) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return told.fullmatch(name) is not None
    return False


def _says(node: ast.AST, texts: Pattern) -> bool:
    text = constant_string(node)
    return text is not None and texts.fullmatch(text) is not None


def _only_told(nodes: list[ast.AST]) -> set[ast.AST]:
    """Return what reads records for nothing but the message of a failure."""
    found: set[ast.AST] = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                loops = [item for item in nodes if isinstance(item, ast.For) and _over(item, name)]
                uses = sum(isinstance(item, ast.Name) and item.id == name for item in nodes)
                if loops and uses == len(loops) + 1 and all(map(_only_adds, loops)):
                    found.update(walk(value))
                    found.update(target for target in walk(node) if isinstance(target, ast.Name))
                    found.update(item.iter for item in loops)
    return found


def _over(loop: ast.For, name: str) -> bool:
    return isinstance(loop.iter, ast.Name) and loop.iter.id == name


def _only_adds(loop: ast.For) -> bool:
    statements = [item for node in loop.body for item in walk(node) if isinstance(item, ast.stmt)]
    return all(isinstance(item, ast.If | ast.AugAssign) for item in statements)


def other_checks(window: Window, host: Pattern) -> bool:
    """Tell whether something else than status and host is asserted."""
    for node in window.nodes:
        if not isinstance(node, ast.Call) or not roles.ASSERTS.match(called_name(node)):
            continue
        if not (compared_host(node, window, host) or compared_status(node, window)):
            return True
    return any(
        called_name(call).startswith(roles.ASSERTION)
        for callee in helpers(window)
        for call in calls(callee.node)
    )


def compared_status(call: ast.Call, window: Window) -> set[str]:
    """Return the server statuses that a call waits for or asserts."""
    name = called_name(call)
    outcomes = window.project.profile.outcomes
    given = [*call.args, *(item.value for item in call.keywords)]
    if pattern(outcomes.status).fullmatch(name):
        asked = [_unnamed(node, window) for node in given]
        found = {constant_string(item) or "" for node in asked for item in _shown(node)}
        return {item for item in found if STATUS.fullmatch(item)} - {*outcomes.passing}
    if name in ("assertEqual", "assertEquals", "assertIn"):
        reads = any(
            isinstance(item, ast.Subscript) and constant_string(item.slice) == "status"
            for node in given
            for item in walk(node)
        )
        words = {constant_string(item) or "" for node in given for item in walk(node)}
        return {item for item in words if reads and STATUS.fullmatch(item)} - {*outcomes.passing}
    return set()


def _shown(node: ast.expr) -> Iterator[ast.AST]:
    """Yield the parts of an argument that may be a status: a text, or what `status` asks for."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if constant_string(key) == "status":
                yield from walk(value)
    else:
        yield from walk(node)


@dataclass(frozen=True, eq=False)
class Compared:
    """A comparison of a server's host: with what, of which expression, for likeness or not."""

    call: ast.Call
    expected: ast.expr
    server: str
    equal: bool = True


def compared_host(call: ast.Call, window: Window, host: Pattern) -> Compared | None:
    """Return the comparison of a server's host that a call makes, None for other calls."""
    name = called_name(call)
    if pattern(window.project.profile.outcomes.status).fullmatch(name):
        return _waited(call, window, host)
    if name not in ("assertEqual", "assertEquals", "assertNotEqual") or len(call.args) < 2:
        return None
    sides = [(item, _read(item, window, host)) for item in call.args[:2]]
    read = [(item, server) for item, server in sides if server is not None]
    if not read:
        return None
    # Of two hosts that are read, the one read last is that of the server in question.
    shown, server = max(read, key=lambda item: _row(item[0], window))
    other = next(item for item, _ in sides if item is not shown)
    return Compared(call, other, server, equal=name != "assertNotEqual")


def _waited(call: ast.Call, window: Window, host: Pattern) -> Compared | None:
    for given in (*call.args, *(item.value for item in call.keywords)):
        params = _unnamed(given, window)
        if isinstance(params, ast.Dict):
            for key, expected in zip(params.keys, params.values, strict=True):
                if host.fullmatch(constant_string(key) or ""):
                    servers = (ast.unparse(item) for item in call.args if not _is_client(item))
                    return Compared(call, expected, next(servers, ""))
    return None


def _is_client(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).endswith(roles.API)


def _read(node: ast.expr, window: Window, host: Pattern) -> str | None:
    """Return the server whose host an expression reads, None where it reads none."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))) if host.fullmatch(key):
            return ast.unparse(value)
        case ast.Call(args=[*_, last]) if host.fullmatch(called_name(node)):
            return ast.unparse(last).removesuffix("['id']")
        case ast.Name(id=name):
            held = _value(name, window, node)
            return None if held is None else _read(held, window, host)
    return None


def _value(name: str, window: Window, before: ast.AST) -> ast.expr | None:
    """Return what a name was last bound to above a node."""
    found: ast.expr | None = None
    for node in walk_function(window.method.node):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                if begin(node) < begin(before) and not _mentions(value, name):
                    found = value
    return found


def _unnamed(node: ast.expr, window: Window) -> ast.expr:
    """Return what a name was last bound to, other expressions as they are."""
    value = _value(node.id, window, node) if isinstance(node, ast.Name) else None
    return node if value is None else value


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in walk(node))


def _row(node: ast.expr, window: Window) -> Place:
    """Return where a host was read: at the binding of a name, else in place."""
    if isinstance(node, ast.Name):
        value = _value(node.id, window, node)
        return begin(value) if value is not None else (0, 0)
    return begin(node)
