"""Which handlers and blocks deal with an exception that a line of a test raises, or read it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fixtests.reasoning import roles, words
from fixtests.reasoning.calls import Run
from fixtests.reasoning.expectations import Expectation, Expectations
from fixtests.syntax.queries import bound_by, called_name, calls, dotted, last_name, walk
from fixtests.tree.module import External, Module, Value
from fixtests.tree.project import Project

BROAD = frozenset({"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"})
# Who runs something elsewhere, and tells how it ended.
APART = frozenset({"submit", "Thread", "Timer", "ensure_future", "create_task", "apply_async"})
# What reads the exception that is dealt with, whatever it is called.
READING = re.compile(r"(?:format|print)_exc(?:eption)?|exc_info|exception")
FAILURE = "AssertionError"
STEPS = 4  # from one name of a class to another one


@dataclass(frozen=True)
class Kind:
    """An exception: the names it is caught by in particular, and whether only its text matters."""

    caught: frozenset[str]
    is_read: bool = False


INDEX = Kind(frozenset({"IndexError", "LookupError"}))
FAILED = Kind(frozenset({FAILURE, "failureException"}), is_read=True)


class Blocks:
    """What the blocks of one function do with exceptions."""

    def __init__(self, run: Run, project: Project) -> None:
        self._run = run
        self._project = project

    def expected(self, block: ast.With | ast.AsyncWith) -> Expectation | None:
        """Return what a block expects to be raised."""
        return Expectations.of(self._project).around(block, self._run)

    def forgives(self, handler: ast.ExceptHandler) -> bool:
        """Tell whether a handler deals with an index that is out of range."""
        return forgives(handler, self._run.method.module, self._project)


def forgives(
    handler: ast.ExceptHandler, module: Module, project: Project, kind: Kind = INDEX
) -> bool:
    """Tell whether a handler deals with an exception, instead of passing it on.

    Nobody knows which ones it catches where its type is no class by its name.
    """
    if kind.is_read and handler.name is None and not _reads(handler) and not _chains(handler.body):
        return False
    names = _names(handler.type, module, project) if handler.type is not None else set()
    if names & kind.caught or "" in names:
        return True
    passed_on = not kind.is_read and any(isinstance(item, ast.Raise) for item in handler.body)
    return not passed_on and (handler.type is None or bool(names & BROAD))


def _reads(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler asks for the exception that it gives no name."""
    return any(READING.fullmatch(called_name(it)) for part in handler.body for it in calls(part))


def _chains(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements raise an exception of their own, which remembers the one before."""
    for node in (item for part in body for item in walk(part)):
        match node:
            case ast.Raise(exc=ast.expr(), cause=cause):
                if not isinstance(cause, ast.Constant):
                    return True
            case ast.stmt() if roles.ends_a_test(node):
                return True
    return False


def _names(node: ast.expr, module: Module, project: Project, steps: int = STEPS) -> set[str]:
    """Return the names of the classes that an expression is, empty ones for what is none by that.

    A name may stand for another one, as after `from builtins import IndexError as Missing`.
    """
    if isinstance(node, ast.Tuple):
        return {name for item in node.elts for name in _names(item, module, project, steps)}
    path = dotted(node) or ""
    if not path or not steps:
        return {""}
    near = module.near_word(path) if "." not in path else []
    bound = sum(path in bound_by(item) for item in near)
    if bound > 1:
        return {""}
    match project.lookup(module, path):
        case Value(module=origin, node=value):
            return _names(value, origin, project, steps - 1)
        case External(name=name):
            return {_exception(name.rpartition(".")[2])}
        case None if bound:
            return {""}
    return {_exception(last_name(node))}


def _exception(name: str) -> str:
    return name if words.is_exception(name) else ""


def deals(
    above: ast.AST, part: ast.AST, module: Module, project: Project, kind: Kind = INDEX
) -> bool:
    """Tell whether a statement or call deals with an exception from one of its parts."""
    match above:
        case ast.Try(body=body) | ast.TryStar(body=body):
            forgiven = (forgives(item, module, project, kind) for item in above.handlers)
            chains = kind.is_read and _chains(above.finalbody)
            return part in body and (chains or any(forgiven))
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


def holds_handler(tree: ast.AST, module: Module, project: Project, kind: Kind = INDEX) -> bool:
    """Tell whether somewhere in a function, or a class, an exception is dealt with or dropped."""
    for item in walk(tree):
        if isinstance(item, ast.ExceptHandler) and forgives(item, module, project, kind):
            return True
        if not kind.is_read and isinstance(item, ast.Call) and called_name(item) in roles.DROPS:
            return True
    return False
