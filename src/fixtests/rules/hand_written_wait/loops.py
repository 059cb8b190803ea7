"""Which loops wait: they look at something and sleep until it is as it should be."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable

from fixtests.reasoning import roles
from fixtests.syntax.queries import (
    SCOPES,
    bound_names,
    called_name,
    children,
    constant_int,
    dotted,
    walk,
    walk_function,
)

Loop = ast.While | ast.For
COUNTERS = frozenset({"range", "count", "repeat"})
CLOCKS = frozenset({"time", "monotonic", "now", "utcnow", "perf_counter"})
# Beside what a service is told to make or to do: what is sent off, or written down, each round.
REPEATED = re.compile(r"(?:\w+_)?(?:publish|modify|send|emit|commit_\w+)(?:_\w+)?")
LIMIT = re.compile(  # over the names in a condition, and what is called to open a block
    r"\w*(?:time_?out|deadline|remain|left|tries|attempt|expire|elapsed)\w*|fail_after|move_on_after",
    re.IGNORECASE,
)
# What tells nothing of the thing that a test waits for.
PLAIN = CLOCKS | {*dir(builtins), "append", "extend", "add", "join", "format"}


def polls(loop: Loop) -> bool:
    """Tell whether a loop waits."""
    own = _own(loop)
    if not any(isinstance(item, ast.Call) and _pauses(item) for item in own):
        return False
    if _repeats(loop):
        return False
    leaves = _leaves(loop, own)
    if isinstance(loop, ast.For):
        counted = isinstance(loop.iter, ast.Call) and called_name(loop.iter) in COUNTERS
        return counted and leaves and _looks(walk_function(loop))
    return (leaves and _looks(walk_function(loop))) or _watches(loop)


def _repeats(loop: Loop) -> bool:
    """Tell whether a loop does, asserts or waits for something again and again, which is no wait.

    What it hands to somebody to be called counts, such as `retry(lambda: client.publish(...))`, and
    whatever that is where nobody looks at what comes of it.
    """
    called = [called_name(item) for item in walk(loop) if isinstance(item, ast.Call)]
    acts = (roles.SENDS.fullmatch, roles.MAKES.fullmatch, roles.ACTS.match, REPEATED.fullmatch)
    if any(act(name) for name in called for act in (*acts, roles.WAITS_FOR_ONE.fullmatch)):
        return True
    if any(map(_tries_test, loop.body)):
        return True
    return any((_asserts(item) and fetches(walk(item))) or _hands_on(item) for item in loop.body)


def _asserts(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call() as call):
            return roles.ASSERTS.match(called_name(call)) is not None
    return False


def _tries_test(statement: ast.stmt) -> bool:
    """Tell whether a statement runs a part of the test, which may raise: `self._test_reboot()`."""
    match statement:
        case ast.Try(body=[ast.Expr(value=ast.Call() as call), *_]):
            return called_name(call).lstrip("_").startswith("test_")
    return False


def _hands_on(statement: ast.stmt) -> bool:
    """Tell whether a statement has something called for it, and throws away what comes of it."""
    match statement:
        case ast.Expr(value=ast.Await(value=value) | value):
            given = value.args if isinstance(value, ast.Call) else ()
            return any(isinstance(item, ast.Lambda) for item in given)
    return False


def _pauses(call: ast.Call) -> bool:
    """Tell whether a call sleeps for some time; `sleep(0)` only lets others run."""
    return called_name(call) in roles.PAUSES and [constant_int(item) for item in call.args] != [0]


def ends(loop: Loop, around: Iterable[ast.AST]) -> bool:
    """Tell whether a loop ends although what it waits for never happens, as far as can be seen.

    That it is left where the thing has happened is no limit. `around` are the nodes above it, of
    which a block may be limited, as `async with asyncio.timeout(12)` is, or the whole test.
    """
    if isinstance(loop, ast.For) or any(map(_is_limited, around)):
        return True
    named = {item.id for item in walk(loop.test) if isinstance(item, ast.Name)}
    if any(map(LIMIT.fullmatch, named)):
        return True
    nodes = walk_function(loop)
    return any(
        isinstance(item, ast.AugAssign | ast.Raise)
        or (isinstance(item, ast.Call) and (called_name(item) in CLOCKS or _decides(item)))
        for item in nodes
    )


def _is_limited(node: ast.AST) -> bool:
    """Tell whether a block or a function is given a time by what opens or decorates it."""
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            opened = [item.context_expr for item in items]
        case ast.FunctionDef(decorator_list=opened) | ast.AsyncFunctionDef(decorator_list=opened):
            pass
        case _:
            return False
    return any(isinstance(item, ast.Call) and LIMIT.fullmatch(called_name(item)) for item in opened)


def asks_block(loop: Loop, around: ast.AST) -> bool:
    """Tell whether a loop only asks what a block around it gave: `async_ping() as done`.

    Whoever runs that block knows when it is over, and how long that may take.
    """
    match loop:
        case ast.While(test=ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id=name)))):
            return any(
                item.optional_vars is not None and name in bound_names(item.optional_vars)
                for block in walk(around)
                if isinstance(block, ast.With | ast.AsyncWith)
                for item in block.items
            )
    return False


def fetches(nodes: Iterable[ast.AST]) -> list[ast.Call]:
    """Return the calls that look at something, not at the time, and make and change nothing."""
    found = [item for item in nodes if isinstance(item, ast.Call)]
    paused = {inner for call in found if called_name(call) in roles.PAUSES for inner in walk(call)}
    return [call for call in found if call not in paused and _is_fetch(call)]


def _is_fetch(call: ast.Call) -> bool:
    name = called_name(call)
    if name in PLAIN or name[:1].isupper() or roles.ACTS.match(name) or _decides(call):
        return False
    return not roles.TELLS.fullmatch(dotted(call.func) or "")


def _decides(call: ast.Call) -> bool:
    return roles.decides(called_name(call))


def _own(loop: Loop) -> list[ast.AST]:
    """Return the nodes of a loop that no function or loop inside of it holds."""
    found: list[ast.AST] = []
    waiting = children(loop)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, (*SCOPES, ast.For, ast.AsyncFor, ast.While)):
            waiting += children(node)
    return found


def _leaves(loop: Loop, own: Iterable[ast.AST]) -> bool:
    """Tell whether a loop may be left early."""
    returns = any(isinstance(item, ast.Return) for item in walk_function(loop))
    return returns or any(isinstance(item, ast.Break) for item in own)


def _looks(nodes: list[ast.AST]) -> bool:
    """Tell whether something is looked at: by a call, or in a condition."""
    tests = [item.test for item in nodes if isinstance(item, ast.If | ast.IfExp | ast.While)]
    return bool(fetches(nodes)) or any(map(_reads, tests))


def _reads(test: ast.expr) -> bool:
    """Tell whether a condition reads an attribute or an item of something."""
    called = {inner for item in walk(test) if isinstance(item, ast.Call) for inner in walk(item)}
    return any(
        isinstance(item, ast.Attribute | ast.Subscript) and item not in called
        for item in walk(test)
    )


def _watches(loop: ast.While) -> bool:
    """Tell whether the condition of a loop looks at something that comes from elsewhere."""
    if fetches(walk(loop.test)):
        return True
    nodes = walk_function(loop)
    clocked = any(
        isinstance(item, ast.Call) and called_name(item) in CLOCKS for item in walk(loop.test)
    )
    counted = {ast.unparse(item.target) for item in nodes if isinstance(item, ast.AugAssign)}
    read = {ast.unparse(item) for item in walk(loop.test) if isinstance(item, ast.Attribute)}
    if _reads(loop.test) and not clocked and not read & counted:
        return True
    fetched = [item for item in nodes if isinstance(item, ast.Assign) and fetches(walk(item.value))]
    named = {item.id for item in walk(loop.test) if isinstance(item, ast.Name)}
    return any(named & bound_names(item) for item in fetched)
