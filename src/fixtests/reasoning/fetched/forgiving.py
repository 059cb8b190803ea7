"""Whether who runs a function may count on a list that is too short, in words.

Those are callers, blocks that expect an exception, whoever is handed the function, and its
decorators.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.expectations import Expectation, Expectations
from fixtests.reasoning.fetched.flow import BROAD, CAUGHT, forgives
from fixtests.syntax.queries import Function, dotted, last_name, walk
from fixtests.tree.module import Module
from fixtests.tree.project import Project

FORGIVEN = (
    "who calls the method deals with a list that is too short; look whether it counts on that"
)
POLLED = (
    "the method is handed to code that waits for it; look whether it should tell that the list is "
    "not there yet"
)
DECORATED = "`@{}` may deal with a list that is too short; look whether it counts on that"
EXPECTED_TO_FAIL = "the test is expected to fail; look whether it is for this index"


def of_callers(function: Function, module: Module, project: Project) -> str:
    """Return why those who run a function may count on a list that is too short, in words."""
    return project.memory.ask((of_callers, function), _of_callers, function, module, project)


def _of_callers(function: Function, module: Module, project: Project) -> str:
    for decorator in _decorators(function):
        if reason := _of_decorator(decorator, function, module, project):
            return reason
    if _is_polled(function, module, project):
        return POLLED
    forgiven = any(
        _forgives(above, part, module, project)
        for node in _mentions(function, module)
        for part, above in pairwise([node, *module.parents.above(node)])
    )
    return FORGIVEN if forgiven else ""


def _decorators(function: Function) -> Iterator[ast.expr]:
    for item in function.decorator_list:
        yield item.func if isinstance(item, ast.Call) else item


def _of_decorator(decorator: ast.expr, function: Function, module: Module, project: Project) -> str:
    name = last_name(decorator)
    if name == roles.EXPECTED_FAILURE:
        return EXPECTED_TO_FAIL
    run = _run(function, module)
    found = Calls.of(project).callee(decorator, run) if run else None
    nodes = walk(found.method.node) if found else []
    handlers = (item for item in nodes if isinstance(item, ast.ExceptHandler))
    if roles.WAITS.fullmatch(name) or any(map(forgives, handlers)):
        return DECORATED.format(dotted(decorator) or name)
    return ""


def _mentions(function: Function, module: Module) -> Iterator[ast.expr]:
    """Yield where a module names a function."""
    for node in module.near_word(function.name):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name == function.name:
                yield node


def _forgives(above: ast.AST, part: ast.AST, module: Module, project: Project) -> bool:
    """Tell whether a statement or call deals with an index error in one of its parts."""
    match above:
        case ast.Try(body=body, handlers=handlers) | ast.TryStar(body=body, handlers=handlers):
            return part in body and any(map(forgives, handlers))
        case ast.With(body=body) | ast.AsyncWith(body=body) if part in body:
            run = _run(part, module)
            return _takes(run and Expectations.of(project).around(above, run))
        case ast.Call(args=[_, *given]) if part in given:
            run = _run(part, module)
            return _takes(run and Expectations.of(project).entered(above, run))
    return False


def _takes(taken: Expectation | None) -> bool:
    return taken is not None and (taken.is_open or taken.takes(*CAUGHT, *BROAD))


def _run(node: ast.AST, module: Module) -> Run | None:
    method = module.method_at(node)
    return Run(method, module.class_at(node)) if method else None


def _is_polled(function: Function, module: Module, project: Project) -> bool:
    """Tell whether a method is what its module waits for: `wait_until_true(self._is_up)`."""
    return any(
        isinstance(call, ast.Call)
        and _hands_over(call, function.name)
        and _repeats(call, module, project)
        for call in module.near_word(function.name)
    )


def _hands_over(call: ast.Call, name: str) -> bool:
    """Tell whether a method of `self` stands among what a call is given."""
    return any(
        isinstance(item, ast.Attribute)
        and item.attr == name
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
        for given in (*call.args, *(part.value for part in call.keywords))
        for item in walk(given)
    )


def _repeats(call: ast.Call, module: Module, project: Project) -> bool:
    run = _run(call, module)
    return roles.repeats(call, run, project) if run else roles.waits(call)
