"""Which handlers hide a failure: what they catch, what comes of it, and what they stand around."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from fixtests.reasoning import roles, stand_ins
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import SCOPES, called_name, dotted, is_function, walk, walk_function
from fixtests.text.source import Source

BROAD = {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}
SUPPRESS = {"suppress", "contextlib.suppress"}
# In a comment, or in what the handler logs.
EXPLAINED = re.compile(
    rb"(?:#|['\"]).*\b(ignor\w+|best[- ]effort|expect\w*|may fail|can fail|do(?:es)?n't care"
    rb"|fall(?:s|ing)? back|valid|legitimate|acceptable|no problem)"
)
# What silences a finding explains nothing by itself, whatever word it is said with.
SILENCES = re.compile(rb"#\s*fixtests\s*:\s*ignore\S*")


def hides(handler: ast.ExceptHandler, block: ast.Try | ast.TryStar) -> bool:
    """Tell whether a handler takes every exception and does nothing about it."""
    if not is_broad(handler):
        return False
    others = [item for item in block.handlers if item is not handler]
    if any(_decides(item.body) for item in others) or block.orelse:
        return False
    returned = [item for item in walk_function(block) if isinstance(item, ast.Return)]
    return all(does_nothing(item, returned) for item in handler.body)


def demands(block: ast.Try | ast.TryStar, parents: Parents) -> bool:
    """Tell whether a test fails right below a block that its handler leaves.

    So people wrote `assertRaises` by hand: the failure is demanded.
    """
    for _, body in parents.blocks_around(block)[:1]:
        match body[body.index(block) + 1 :]:
            case [ast.Expr(value=ast.Call() as call), *_]:
                return called_name(call) == roles.FAILS
    return False


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler takes every exception."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or dotted(kind) in BROAD for kind in kinds)


def suppresses(node: ast.expr) -> bool:
    """Tell whether an expression is a `contextlib.suppress` of every exception."""
    return (
        isinstance(node, ast.Call)
        and dotted(node.func) in SUPPRESS
        and any(dotted(kind) in BROAD for kind in node.args)
    )


def does_nothing(node: ast.stmt, returned: Sequence[ast.Return]) -> bool:
    """Tell whether a statement of a handler lets nobody know of the exception but the log."""
    match node:
        case ast.Pass() | ast.Continue() | ast.Break():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=function)):
            return roles.TELLS.fullmatch(dotted(function) or "") is not None
        case ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Return(value=ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[])):
            return len(returned) > 1
    return False


def _decides(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements raise, assert or fail."""
    nodes = [item for node in body for item in walk(node)]
    return any(
        isinstance(item, ast.Raise | ast.Assert)
        or (isinstance(item, ast.Call) and roles.decides(called_name(item)))
        for item in nodes
    )


def assertion(body: Sequence[ast.stmt]) -> str | None:
    """Return what the first assertion of a `try`'s statements calls, None where they make none.

    None, too, where the last statement raises: then something is to be caught.
    """
    last = body[-1]
    while isinstance(last, ast.With | ast.AsyncWith):
        last = last.body[-1]
    if isinstance(last, ast.Raise):
        return None
    own = [node for node in body if not isinstance(node, SCOPES)]
    nodes = [item for node in own for item in (node, *walk_function(node))]
    statements = {item.value for item in nodes if isinstance(item, ast.Expr)}
    for item in nodes:
        if isinstance(item, ast.Assert):
            return "assert"
        if not isinstance(item, ast.Call) or not roles.ASSERTS.match(called_name(item)):
            continue
        if item in statements or roles.ASSERTION in called_name(item):  # else it fetches something
            return ast.unparse(item.func)
    return None


def is_excused(node: ast.AST, parents: Parents) -> bool:
    """Tell whether a failure may be hidden there: polling, a search, or a failure under way."""
    block = parents.of(node)
    inner: ast.AST = node
    for above in parents.above(node):
        if isinstance(above, ast.ExceptHandler | ast.While):
            return True
        if isinstance(above, ast.For | ast.AsyncFor) and _searches(above, block):
            return True
        if isinstance(above, ast.Try | ast.TryStar) and inner in above.finalbody:
            return True
        if is_function(above):
            owner = parents.class_of(above)
            return any(map(stand_ins.names_stand_in, [above.name, owner.name if owner else ""]))
        inner = above
    return True  # what runs on import


def is_explained(block: ast.stmt, handler: ast.AST, source: Source) -> bool:
    """Tell whether a comment above a block or in its handler says that failures are no matter."""
    rows = range(handler.lineno, (handler.end_lineno or 0) + 1)  # type: ignore[attr-defined]
    above = block.lineno - 1
    while above and source.line(above).lstrip().startswith(b"#"):
        above -= 1
    return any(
        EXPLAINED.search(SILENCES.sub(b"#", source.line(row)))
        for row in (*range(above + 1, block.lineno), *rows)
    )


def _searches(loop: ast.For | ast.AsyncFor, block: ast.AST | None) -> bool:
    """Tell whether a loop tries until something works, or waits between attempts."""
    if roles.sleeps(loop):
        return True
    nodes = walk_function(block) if isinstance(block, ast.Try | ast.TryStar) else []
    handled = {
        inner for item in nodes if isinstance(item, ast.ExceptHandler) for inner in walk(item)
    }
    leaves = (item for item in nodes if isinstance(item, ast.Break | ast.Return))
    return any(item not in handled for item in leaves)
