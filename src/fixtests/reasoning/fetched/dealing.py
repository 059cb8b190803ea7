"""Which handlers and blocks deal with an exception that a line of a test raises, or read it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fixtests.reasoning import roles, words
from fixtests.reasoning.calls import Run
from fixtests.reasoning.expectations import Expectation, Expectations
from fixtests.syntax.queries import called_name, calls, dotted, last_name, walk
from fixtests.tree.module import Module
from fixtests.tree.project import Project

BROAD = frozenset({"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"})
# Who runs something elsewhere, and tells how it ended.
APART = frozenset({"submit", "Thread", "Timer", "ensure_future", "create_task", "apply_async"})
# What reads the exception that is dealt with, whatever it is called.
READING = re.compile(r"(?:format|print)_exc(?:eption)?|exc_info|exception")
FAILURE = "AssertionError"


@dataclass(frozen=True)
class Kind:
    """An exception: the names it is caught by in particular, and whether only its text matters."""

    caught: frozenset[str]
    is_read: bool = False


INDEX = Kind(frozenset({"IndexError", "LookupError"}))
FAILED = Kind(frozenset({FAILURE, "failureException"}), is_read=True)


def forgives(handler: ast.ExceptHandler, kind: Kind = INDEX) -> bool:
    """Tell whether a handler deals with an exception, instead of passing it on.

    Nobody knows which ones it catches where its type is no class by its name.
    """
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if kind.is_read and handler.name is None and not _reads(handler):
        return False
    names = {_name(item) for item in types if item is not None}
    if names & kind.caught or "" in names:
        return True
    passed_on = any(isinstance(item, ast.Raise) for item in handler.body)
    return not passed_on and (handler.type is None or bool(names & BROAD))


def _reads(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler asks for the exception that it gives no name."""
    return any(READING.fullmatch(called_name(it)) for part in handler.body for it in calls(part))


def _name(node: ast.expr) -> str:
    """Return the name of an exception's class, empty for what is none by its name."""
    name = last_name(node) if dotted(node) else ""
    return name if words.is_exception(name) else ""


def deals(
    above: ast.AST, part: ast.AST, module: Module, project: Project, kind: Kind = INDEX
) -> bool:
    """Tell whether a statement or call deals with an exception from one of its parts."""
    match above:
        case ast.Try(body=body, handlers=handlers) | ast.TryStar(body=body, handlers=handlers):
            return part in body and any(forgives(item, kind) for item in handlers)
        case ast.With(body=body) | ast.AsyncWith(body=body) if part in body:
            run = run_at(part, module)
            return _takes(run and Expectations.of(project).around(above, run), kind)
        case ast.Call(args=given, keywords=named) if part in given and _gathers(named):
            return True
        case ast.Call(args=given, keywords=named) if called_name(above) in APART:
            return part in given or part in named
        case ast.Call(args=[_, *given]) if part in given:
            run = run_at(part, module)
            return _takes(run and Expectations.of(project).entered(above, run), kind)
    return False


def _gathers(named: list[ast.keyword]) -> bool:
    """Tell whether a call gives back exceptions instead of raising them, as asyncio's may."""
    return any(item.arg == "return_exceptions" for item in named)


def _takes(taken: Expectation | None, kind: Kind) -> bool:
    broad = () if kind.is_read else BROAD
    return taken is not None and (taken.is_open or taken.takes(*kind.caught, *broad))


def run_at(node: ast.AST, module: Module) -> Run | None:
    """Return the function around a node, run by an object of the class around it."""
    method = module.method_at(node)
    return Run(method, module.class_at(node)) if method else None


def holds_handler(tree: ast.AST, kind: Kind = INDEX) -> bool:
    """Tell whether somewhere in a function, or a class, an exception is dealt with or dropped."""
    for item in walk(tree):
        if isinstance(item, ast.ExceptHandler) and forgives(item, kind):
            return True
        if not kind.is_read and isinstance(item, ast.Call) and called_name(item) in roles.DROPS:
            return True
    return False
