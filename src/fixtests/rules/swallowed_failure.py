"""FT503: a broad `except` hides that a call failed."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence

from fixtests.model import Applicability, Finding, Span
from fixtests.rule import Context, Rule
from fixtests.syntax import SCOPES, called_name, dotted, is_function, walk, walk_function

BROAD = {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}
SUPPRESS = {"suppress", "contextlib.suppress"}
CLEANING = (
    r"tear_?down|clean_?up|clear|delete|remove|destroy|purge|close|kill|terminate|disconnect"
    r"|release|shut_?down|unlink|rmtree"
)
CLEANUP = re.compile(
    rf"_*({CLEANING})(_\w*|[A-Z]\w*|s)?|stop|_*wait_for_\w*(delet|terminat|removal)\w*",
    re.IGNORECASE,
)
ASIDE = re.compile(
    rf"_*({CLEANING}|reset|stop|detach|restore|undo|log|dump|collect|wait|retry|poll)(_\w*|s)?"
    r"|\w+_(tear_?down|clean_?up|deletion|termination)",
    re.IGNORECASE,
)
FAILING = re.compile(r"exception|error|fail|rais|invalid|broken|crash|negative", re.IGNORECASE)
FINE = re.compile(r"(^|_)(no|not|without|never|ignores?|does_?nt)(_|$)", re.IGNORECASE)
TELLING = re.compile(r"(?:\w+\.)*(?:_*LOG(?:GER)?|logging|warnings)\.\w+|print", re.IGNORECASE)
VERDICT = re.compile(r"assert\w*|fail|skip\w*|expect\w*|expectFailure", re.IGNORECASE)
PLAIN = set(dir(builtins)) | {"get", "sleep", "time", "append", "join", "format"}


class SwallowedFailure(Rule):
    """A broad `except` hides that a call failed.

    ## What it does
    Looks for `except Exception`, `except BaseException`, a bare `except` and
    `contextlib.suppress` of these around calls, in tests and their helpers,
    where nothing comes of what was caught but a message in the log, `pass`,
    `continue`, `break` or a return of nothing. It leaves alone what cleans up,
    polls or searches, what answers a question with true or false, what another
    handler of the same `try` decides on, tests in which something is to go
    wrong, and code that collects what a failing test should show.

    ## Why is this bad?
    The test goes on after an error of the service it is to test, and passes
    (CWE-703). A failed assertion is an `Exception`, too.

    ## Fix safety
    There is no fix: whether the error is expected, and which one, only the
    author knows. Let it fail, name the exception, or use `assertRaises`.
    """

    code = "FT503"
    applicability = Applicability.DISPLAY
    default = False
    needles = (re.compile(rb"\b(?:except|suppress)\b"),)
    visits = (ast.ExceptHandler, ast.With, ast.AsyncWith)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the handler, or the `suppress`, that hides a failure."""
        path = context.source.path
        if not context.project.is_test(path) or context.project.is_data(path):
            return
        if isinstance(node, ast.ExceptHandler):
            above = context.parents.of(node)
            if not isinstance(above, ast.Try | ast.TryStar) or not _hides(node, above):
                return
            end = context.source.span(node.type).end if node.type else 0
            start = context.source.span(node).start
            yield from self._judged(
                node, above.body, context, Span(start, end or start + len("except"))
            )
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                call = item.context_expr
                if _suppresses(call):
                    yield from self._judged(call, node.body, context, None)

    def _judged(
        self, node: ast.AST, body: Sequence[ast.stmt], context: Context, span: Span | None
    ) -> Iterator[Finding]:
        """Yield the finding where what may fail is neither cleanup nor expected to fail."""
        risky = [call for call in _calls(body) if _can_fail(call)]
        if not risky or isinstance(body[-1], ast.Raise) or _is_excused(node, body, risky, context):
            return
        tested = next((call for call in risky if VERDICT.fullmatch(called_name(call))), None)
        call = tested or risky[0]
        what = "fails" if tested is None else "finds wrong"
        yield context.finding(
            node,
            f"the broad handler hides it when `{ast.unparse(call.func)}` {what}; let it fail,"
            " name the exception that is expected, or use `assertRaises`",
            Applicability.DISPLAY,
            span=span,
        )


def _hides(handler: ast.ExceptHandler, block: ast.Try | ast.TryStar) -> bool:
    """Tell whether a handler takes every exception and does nothing about it."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if not any(kind is None or dotted(kind) in BROAD for kind in kinds):
        return False
    others = [item for item in block.handlers if item is not handler]
    if any(_decides(item.body) for item in others) or _decides(block.orelse):
        return False
    returned = [item for item in walk_function(block) if isinstance(item, ast.Return)]
    return all(_does_nothing(item, returned) for item in handler.body)


def _suppresses(node: ast.expr) -> bool:
    """Tell whether an expression is a `contextlib.suppress` of every exception."""
    return (
        isinstance(node, ast.Call)
        and dotted(node.func) in SUPPRESS
        and any(dotted(kind) in BROAD for kind in node.args)
    )


def _does_nothing(node: ast.stmt, returned: Sequence[ast.Return]) -> bool:
    """Tell whether a statement of a handler lets nobody know of the exception but the log."""
    match node:
        case ast.Pass() | ast.Continue() | ast.Break():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=function)):
            return TELLING.fullmatch(dotted(function) or "") is not None
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
        or (isinstance(item, ast.Call) and VERDICT.fullmatch(called_name(item)))
        for item in nodes
    )


def _calls(body: Sequence[ast.stmt]) -> list[ast.Call]:
    """Return the calls that statements make themselves, in source order."""
    own = [node for node in body if not isinstance(node, SCOPES)]
    nodes = [item for node in own for item in walk_function(node)]
    return [item for item in nodes if isinstance(item, ast.Call)]


def _can_fail(call: ast.Call) -> bool:
    """Tell whether a call may meet an error of what is under test: no logging, no builtin."""
    return called_name(call) not in PLAIN and not TELLING.fullmatch(dotted(call.func) or "")


def _is_excused(
    node: ast.AST, body: Sequence[ast.stmt], risky: Sequence[ast.Call], context: Context
) -> bool:
    """Tell whether a failure may be hidden there: cleanup, polling, or a failure under way."""
    tested = any(VERDICT.fullmatch(called_name(call)) for call in risky)
    if all(CLEANUP.fullmatch(called_name(call)) for call in risky):
        return True
    block = context.parents.of(node)
    inner: ast.AST = node
    for above in context.parents.above(node):
        if isinstance(above, ast.ExceptHandler | ast.While):
            return True
        if isinstance(above, ast.For | ast.AsyncFor) and _searches(above, block):
            return True
        if isinstance(above, ast.Try | ast.TryStar) and inner in above.finalbody:
            return True
        if is_function(above):
            return not tested and _is_aside(above.name)
        inner = above
    return True  # what runs on import


def _is_aside(name: str) -> bool:
    """Tell whether a function cleans up, waits, shows what went wrong, or has something fail."""
    fails = FAILING.search(name) is not None and FINE.search(name) is None
    return fails or ASIDE.fullmatch(name) is not None


def _searches(loop: ast.For | ast.AsyncFor, block: ast.AST | None) -> bool:
    """Tell whether a loop tries until something works, or waits between attempts."""
    for node in walk_function(loop):
        if isinstance(node, ast.Call) and called_name(node) == "sleep":
            return True
    nodes = walk_function(block) if isinstance(block, ast.Try | ast.TryStar) else []
    handled = {
        inner for item in nodes if isinstance(item, ast.ExceptHandler) for inner in walk(item)
    }
    leaves = (item for item in nodes if isinstance(item, ast.Break | ast.Return))
    return any(item not in handled for item in leaves)
