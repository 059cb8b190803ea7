"""Which handlers hide a failure: what they catch, what comes of it, and what they stand around."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence

from fixtests.reasoning import roles, stand_ins
from fixtests.syntax.queries import (
    SCOPES,
    Function,
    called_name,
    dotted,
    is_function,
    walk,
    walk_function,
)
from fixtests.text.source import Source
from fixtests.tree.files import is_test_module
from fixtests.tree.module import Module
from fixtests.tree.project import Project

BROAD = {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}
SUPPRESS = {"suppress", "contextlib.suppress"}
FAILING = re.compile(r"exception|error|fail|rais|invalid|broken|crash|negative", re.IGNORECASE)
FINE = re.compile(r"(^|_)(no|not|without|never|ignores?|does_?nt)(_|$)", re.IGNORECASE)
# In a comment, or in what the handler logs.
EXPLAINED = re.compile(
    rb"(?:#|['\"]).*\b(ignor\w+|best[- ]effort|expect\w*|may fail|can fail|do(?:es)?n't care"
    rb"|fall(?:s|ing)? back|valid|legitimate|acceptable|no problem)"
)
PLAIN = set(dir(builtins)) | {"sleep", "time", "append", "join", "format"}
# What only reads and changes values, where no client is asked for it.
OF_VALUES = {name for kind in (dict, list, set, str) for name in dir(kind)}


def hides(handler: ast.ExceptHandler, block: ast.Try | ast.TryStar) -> bool:
    """Tell whether a handler takes every exception and does nothing about it."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if not any(kind is None or dotted(kind) in BROAD for kind in kinds):
        return False
    others = [item for item in block.handlers if item is not handler]
    if any(_decides(item.body) for item in others) or _decides(block.orelse):
        return False
    returned = [item for item in walk_function(block) if isinstance(item, ast.Return)]
    return all(does_nothing(item, returned) for item in handler.body)


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


def risks(body: Sequence[ast.stmt]) -> list[ast.Call]:
    """Return the calls of some statements that may meet an error of what is under test.

    None where the last statement raises: then something is to be caught.
    """
    last = body[-1]
    while isinstance(last, ast.With | ast.AsyncWith):
        last = last.body[-1]
    if isinstance(last, ast.Raise):
        return []
    own = [node for node in body if not isinstance(node, SCOPES)]
    found = [item for node in own for item in walk_function(node) if isinstance(item, ast.Call)]
    return [
        call
        for call in found
        if not _is_plain(call) and not roles.TELLS.fullmatch(dotted(call.func) or "")
    ]


def _is_plain(call: ast.Call) -> bool:
    """Tell whether a call asks nothing of what is under test."""
    name = called_name(call)
    asked = isinstance(call.func, ast.Attribute) and roles.TRANSPORT.search(
        ast.unparse(call.func.value)
    )
    return name in PLAIN or (name in OF_VALUES and not asked)


def verdict(risky: Sequence[ast.Call]) -> ast.Call | None:
    """Return the first of some calls that is an assertion."""
    return next((call for call in risky if roles.decides(called_name(call))), None)


def is_excused(node: ast.AST, risky: Sequence[ast.Call], module: Module) -> bool:
    """Tell whether a failure may be hidden there: cleanup, polling, or a failure under way."""
    tested = verdict(risky) is not None
    if all(roles.CLEANS_UP.fullmatch(called_name(call)) for call in risky):
        return True
    parents = module.parents
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
            named = [above.name, owner.name if owner else ""]
            if any(map(stand_ins.names_stand_in, named)):
                return True
            aside = _is_aside(above.name) or is_cleanup(above, module) or _answers(above, block)
            return not tested and aside
        inner = above
    return True  # what runs on import


def _answers(function: Function, block: ast.AST | None) -> bool:
    """Tell whether a helper answers yes or no, and no where something failed."""
    if function.name.startswith("test") or not isinstance(block, ast.Try | ast.TryStar):
        return False
    match block.body[-1], function.body[-1]:
        case ast.Return(value=ast.Compare() | ast.BoolOp() | ast.Constant(True)), last:
            return last is block or ast.unparse(last) == "return False"
    return False


def is_of_support(module: Module, project: Project) -> bool:
    """Tell whether a module is what tests use, and holds none itself."""
    named = is_test_module(module.path) and any(
        name.startswith("test")
        for holder in (module.functions, *(item.methods for item in module.classes.values()))
        for name in holder
    )
    return not named and not any(map(project.is_test_case, module.classes.values()))


def is_explained(block: ast.stmt, handler: ast.AST, source: Source) -> bool:
    """Tell whether a comment above a block or in its handler says that failures are no matter."""
    rows = range(handler.lineno, (handler.end_lineno or 0) + 1)  # type: ignore[attr-defined]
    above = block.lineno - 1
    while above and source.line(above).lstrip().startswith(b"#"):
        above -= 1
    return any(
        EXPLAINED.search(source.line(row)) for row in (*range(above + 1, block.lineno), *rows)
    )


def only_shows(body: Sequence[ast.stmt]) -> bool:
    """Tell whether all that statements lead to is a line of the log."""
    *before, last = body
    match last:
        case ast.Expr(value=ast.Call(func=function)):
            shows = roles.TELLS.fullmatch(dotted(function) or "") is not None
            return shows and all(isinstance(item, ast.Assign) for item in before)
    return False


def is_cleanup(function: Function, module: Module) -> bool:
    """Tell whether a module registers a function of it to be run when a test ends."""
    return any(
        isinstance(node, ast.Call)
        and roles.REGISTERS_CLEANUP.fullmatch(called_name(node))
        and any((dotted(item) or "").rpartition(".")[2] == function.name for item in node.args)
        for node in module.near_word(function.name)
    )


def _is_aside(name: str) -> bool:
    """Tell whether a function cleans up, waits, shows what went wrong, or has something fail."""
    fails = FAILING.search(name) is not None and FINE.search(name) is None
    return fails or roles.STANDS_ASIDE.fullmatch(name) is not None


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
