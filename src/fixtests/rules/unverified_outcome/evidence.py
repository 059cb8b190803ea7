"""What a test looks at after it has started something: records, events, notifications, hosts."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.reasoning import roles
from fixtests.reasoning.bindings import begin
from fixtests.rules.unverified_outcome.actions import identified
from fixtests.rules.unverified_outcome.course import Marked
from fixtests.rules.unverified_outcome.window import Position, Window, run_after
from fixtests.syntax.queries import (
    called_name,
    calls,
    constant_string,
    values_given,
    walk,
    walk_function,
)
from fixtests.tree.module import Method
from fixtests.tree.patterns import Pattern, pattern

STATUS = re.compile(r"[A-Z][A-Z_]+")


def verified(window: Window) -> bool:
    """Tell whether a record, an action event, a fault or a notification is looked at."""
    told, texts = pattern(window.outcomes.told), pattern(window.outcomes.texts)

    def tells(method: Method) -> bool:
        return any(_tells(node, told) for node in walk_function(method.node, nested=True))

    def is_look(node: ast.AST) -> bool:
        return (_tells(node, told) or _says(node, texts)) and not _counts(node, window)

    looks = window.marked("looks", is_look)
    if window.meets(looks) and not _are_only_told(looks, window):
        return True
    return window.meets(run_after(window, "run looks", tells))


def _tells(node: ast.AST, told: Pattern) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return told.fullmatch(name) is not None
    return False


def counts_notifications(window: Window) -> bool:
    """Tell whether a function reads which notifications have come, which needs all of them."""
    key = "counts notifications", window.method.node

    def counts() -> bool:
        return any(_counts(node, window) for node in window.written)

    return window.project.memory.ask(key, counts)


def _counts(node: ast.AST, window: Window) -> bool:
    """Tell whether a name stands for the notifications that have come, or for what keeps them."""
    return _tells(node, pattern(window.outcomes.counted))


def gives_host(window: Window) -> bool:
    """Tell whether a function returns the host of a server after its call."""

    def gives(node: ast.AST) -> bool:
        return isinstance(node, ast.Return) and any(
            isinstance(item, ast.expr) and _read(item, window) for item in walk(node)
        )

    return window.meets(window.marked("gives host", gives), inner=False)


def _says(node: ast.AST, texts: Pattern) -> bool:
    text = constant_string(node)
    return text is not None and texts.fullmatch(text) is not None


def _are_only_told(looks: Marked, window: Window) -> bool:
    """Tell whether what looks at records in a window does so for the message of a failure alone."""
    loops = window.marked("loops", _is_over_name)
    if not loops.nodes:
        return False
    aside, marked = _only_told(window.nodes), set(looks.nodes)
    return all(node in aside for node in window.nodes if node in marked)


def _is_over_name(node: ast.AST) -> bool:
    return isinstance(node, ast.For) and isinstance(node.iter, ast.Name)


def _only_told(nodes: list[ast.AST]) -> set[ast.AST]:
    """Return what reads records for nothing but the message of a failure."""
    found: set[ast.AST] = set()
    uses = Counter(item.id for item in nodes if isinstance(item, ast.Name))
    over: dict[str, list[ast.For]] = {}
    for node in nodes:
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Name):
            over.setdefault(node.iter.id, []).append(node)
    for node in nodes if over else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                loops = over.get(name, [])
                if loops and uses[name] == len(loops) + 1 and all(map(_only_adds, loops)):
                    found.update(walk(value))
                    found.update(target for target in walk(node) if isinstance(target, ast.Name))
                    found.update(item.iter for item in loops)
    return found


def _only_adds(loop: ast.For) -> bool:
    statements = [item for node in loop.body for item in walk(node) if isinstance(item, ast.stmt)]
    return all(isinstance(item, ast.If | ast.AugAssign) for item in statements)


def other_checks(window: Window) -> bool:
    """Tell whether something else than status and host is asserted."""

    def asserts(method: Method) -> bool:
        return any(called_name(call).startswith(roles.ASSERTION) for call in calls(method.node))

    def is_other(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and roles.ASSERTS.match(called_name(node)) is not None
            and not (compared_host(node, window) or compared_status(node, window))
        )

    others = window.marked("other checks", is_other)
    return window.meets(others) or window.meets(run_after(window, "run checks", asserts))


def compared_status(call: ast.Call, window: Window) -> set[str]:
    """Return the server statuses that a call waits for or asserts."""
    name = called_name(call)
    given = values_given(call)
    if pattern(window.outcomes.status).fullmatch(name):
        asked = [item for node in given for item in window.unnamed(node)]
        found = {constant_string(item) or "" for node in asked for item in _shown(node)}
        return {item for item in found if STATUS.fullmatch(item)}
    if name in ("assertEqual", "assertEquals", "assertIn"):
        reads = any(
            isinstance(item, ast.Subscript) and constant_string(item.slice) == "status"
            for node in given
            for item in walk(node)
        )
        words = {constant_string(item) or "" for node in given for item in walk(node)}
        return {item for item in words if reads and STATUS.fullmatch(item)}
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
    """A comparison of a server's host: with what, of which expression, for likeness or not.

    `servers` are the server's dictionary, one for each place where the host may have been read.
    """

    call: ast.Call
    expected: ast.expr
    shown: ast.expr
    servers: tuple[ast.expr, ...]
    equal: bool = True


def compared_host(call: ast.Call, window: Window) -> list[Compared]:
    """Return the comparisons of a server's host that a call makes, on any path to it."""
    name = called_name(call)
    if pattern(window.outcomes.status).fullmatch(name):
        return list(_waited(call, window))
    if name not in ("assertEqual", "assertEquals", "assertNotEqual") or len(call.args) < 2:
        return []
    sides = [(item, _read(item, window)) for item in call.args[:2]]
    read = [(item, servers) for item, servers in sides if servers]
    if not read:
        return []
    # Of two hosts that are read, the one read last is that of the server in question.
    shown, servers = max(read, key=lambda item: _row(item[0], window))
    other = next(item for item, _ in sides if item is not shown)
    return [Compared(call, other, shown, servers, equal=name != "assertNotEqual")]


def _waited(call: ast.Call, window: Window) -> Iterator[Compared]:
    servers = tuple(item for item in call.args if not _is_client(item))[:1]
    for given in values_given(call):
        for params in window.unnamed(given):
            if isinstance(params, ast.Dict):
                for key, expected in zip(params.keys, params.values, strict=True):
                    if window.host.fullmatch(constant_string(key) or ""):
                        yield Compared(call, expected, given, servers)


def _is_client(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).endswith(roles.API)


def _read(node: ast.expr, window: Window) -> tuple[ast.expr, ...]:
    """Return the servers whose host an expression may have read, none where it reads none."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
            return (value,) if window.host.fullmatch(key) else ()
        case ast.Call(args=[*_, last]) if window.host.fullmatch(called_name(node)):
            return (identified(last) or last,)
        case ast.Name():
            return tuple(item for held in window.values(node) for item in _read(held, window))
    return ()


def _row(node: ast.expr, window: Window) -> Position:
    """Return where a host was read: at the binding of a name, else in place."""
    if isinstance(node, ast.Name):
        return max(map(begin, window.values(node)), default=(0, 0))
    return begin(node)
