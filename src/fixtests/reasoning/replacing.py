"""Whether a file puts something else in the place of a function, or of what that calls in turn.

Nobody knows what comes of a call then: what it gives may not be there, what it waits for not come.
"""

from __future__ import annotations

import ast

from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.module_names import may_bind, sets_attribute
from fixtests.reasoning.objects import Objects
from fixtests.syntax.queries import called_name, calls, dotted
from fixtests.tree.module import Class, Module
from fixtests.tree.project import Project

PLAIN = frozenset(name for kind in (dict, list, str) for name in dir(kind))
FOLLOWED = 4  # calls on the way from a function to the request that it sends


def of_call(call: ast.Call, run: Run, project: Project) -> str:
    """Return which name may be bound anew on the way of a call of an object, else nothing."""
    written = dotted(call.func)
    if written is None or written.partition(".")[0] not in OWN:
        return _of_call(call, run, project)
    key = of_call, run.method.module, run.owner and run.owner.node, written
    return project.memory.ask(key, _of_call, call, run, project)


def _of_call(call: ast.Call, run: Run, project: Project) -> str:
    module, own = run.method.module, called_name(call)
    if may_bind(module, own):
        return own
    names = _names(_led_to(call, run, project), project, 1)
    return next((name for name in names if sets_attribute(module, name)), "")


def of_function(run: Run, module: Module, project: Project) -> str:
    """Return which name may be bound anew in a file on the way of a function, else nothing.

    What a class of the file overrides that is none of the function's own counts as well.
    """
    line = project.mro(run.owner) if run.owner else ()
    others = [item for item in module.classes.values() if item not in line]
    for name in {run.method.name: None, **_names([run], project, FOLLOWED)}:
        overridden = any(_overrides(item, name, project) for item in others)
        if overridden or may_bind(module, name):
            return name
    return ""


def _overrides(owner: Class, name: str, project: Project) -> bool:
    return name in owner.methods and project.method(owner, name, after=owner) is not None


def _names(runs: list[Run], project: Project, left: int) -> dict[str, None]:
    """Return what some functions call, and what that calls in turn, by its last names."""
    found: dict[str, None] = {}
    below: list[Run] = []
    for run in runs if left else ():
        for call in calls(run.method.node):
            if called_name(call) not in PLAIN:
                found[called_name(call)] = None
            below += _led_to(call, run, project)
    return {**found, **_names(below, project, left - 1)} if below else found


def _led_to(call: ast.Call, run: Run, project: Project) -> list[Run]:
    own = Calls.of(project).callee(call.func, run)
    return [own] if own else Objects.of(project).methods(call.func, run)
