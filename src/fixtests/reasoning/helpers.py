"""What functions that a test calls see to themselves: they repeat, wait, clear up."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from fixtests.reasoning import roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.syntax.queries import called_name, calls, walk
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


def repeats(call: ast.Call, run: Run, project: Project) -> bool:
    """Tell whether a call may run what it is given again and again until it comes out well.

    What the tree defines does where a loop of its body calls a parameter.
    """
    callee = Calls.of(project).callee(call.func, run)
    if callee is None:
        return roles.waits(call) or called_name(call) == roles.HANDS_ON
    function = callee.method.node
    return roles.waits(call) or project.memory.ask(("repeats", function), _calls_again, function)


def _calls_again(function: ast.AST) -> bool:
    given = {item.arg for item in walk(function) if isinstance(item, ast.arg)} - {"self", "cls"}
    return any(
        isinstance(call.func, ast.Name) and call.func.id in given
        for loop in walk(function)
        if isinstance(loop, ast.While) or (isinstance(loop, ast.For) and roles.sleeps(loop))
        for call in calls(loop)
    )


def running(
    call: ast.Call, run: Run, project: Project, does: Callable[[ast.Call], bool]
) -> Method | None:
    """Return the first function of those that a call runs which has a call that does something."""
    known = Calls.of(project)
    for step in known.reached([known.callee(call.func, run)], lambda _: True):
        if any(map(does, calls(step.method.node))):
            return step.method
    return None


def waits_itself(call: ast.Call, run: Run, project: Project) -> Method | None:
    """Return what a call runs that waits for something, so that its caller need not."""
    return running(call, run, project, roles.waits)


def waits_or_asserts(node: ast.AST) -> bool:
    """Tell whether a node is a call that waits or asserts, by its name."""
    return isinstance(node, ast.Call) and (
        roles.waits(node) or roles.ASSERTS.match(called_name(node)) is not None
    )


def may_wait_or_assert(call: ast.Call, run: Run, project: Project) -> bool:
    """Tell whether a call runs what waits or asserts, or what nobody knows."""
    if Calls.of(project).callee(call.func, run) is None:
        return not (isinstance(call.func, ast.Name) and hasattr(builtins, call.func.id))
    return waits_or_asserts(call) or running(call, run, project, waits_or_asserts) is not None


def clears_after_itself(call: ast.Call, run: Run, project: Project) -> Method | None:
    """Return what a call runs that registers a deletion, so that its caller need not."""
    return running(call, run, project, _registers_deletion)


def _registers_deletion(call: ast.Call) -> bool:
    registers = roles.REGISTERS_CLEANUP.fullmatch(called_name(call)) is not None
    return registers and any(roles.DELETES.search(ast.unparse(item)) for item in call.args)


def clears_from_list(call: ast.Call, run: Run, project: Project) -> tuple[str, Method] | None:
    """Return the list of a class in which a call keeps what it makes, and what clears up by it."""
    known, names = Calls.of(project), roles.clearing(project)
    for step in known.reached([known.callee(call.func, run)], lambda _: True):
        if step.owner is None:
            continue
        clearers = [
            item.methods[name]
            for item in project.mro(step.owner)
            if isinstance(item, Class)
            for name in names & item.methods.keys()
        ]
        for kept in filter(None, map(_kept_in, calls(step.method.node))):
            for clearer in clearers:
                if any(_deletes_each(node, kept) for node in walk(clearer.node)):
                    return kept, clearer
    return None


def _kept_in(call: ast.Call) -> str | None:
    """Return the list of a class that something is appended to."""
    match call.func:
        case ast.Attribute(
            attr="append", value=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)
        ):
            return name
    return None


def _deletes_each(node: ast.AST, kept: str) -> bool:
    """Tell whether a loop goes over a list of a class, and deletes something."""
    match node:
        case ast.For(iter=listed, body=body):
            named = any(
                isinstance(item, ast.Attribute) and item.attr == kept for item in walk(listed)
            )
            return named and any(roles.DELETES.search(ast.unparse(item)) for item in body)
    return False
