"""Whether a file puts something else in the place of a wait, or of what the wait asks."""

from __future__ import annotations

from fixtests.reasoning import reflection
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.module_names import may_bind
from fixtests.reasoning.objects import Objects
from fixtests.rules.unverified_outcome.waits import Wait
from fixtests.syntax.queries import called_name, calls
from fixtests.tree.module import Class
from fixtests.tree.project import Project

FOLLOWED = 4  # calls on the way from a wait to the request that it sends


def replaced(wait: Wait, owner: Class, project: Project) -> str:
    """Return what may not be what it is called, as it is called in a file; else nothing."""
    name, module = wait.method.name, owner.module
    heirs = (item.methods.get(name) for item in project.subclasses(owner))
    made = reflection.is_made_otherwise(owner, project)
    if wait.method.node.decorator_list or any(heirs) or made:
        return name
    names = _names([Run(wait.method, owner)], project, FOLLOWED)
    line = project.mro(owner)
    others = [item for item in module.classes.values() if item not in line]
    return next(
        (
            it
            for it in (name, *names)
            if may_bind(module, it) or any(_overrides(item, it, project) for item in others)
        ),
        "",
    )


def _overrides(owner: Class, name: str, project: Project) -> bool:
    return name in owner.methods and project.method(owner, name, after=owner) is not None


def _names(runs: list[Run], project: Project, left: int) -> dict[str, None]:
    """Return what some functions call, and what that calls in turn, by its last names."""
    found: dict[str, None] = {}
    below: list[Run] = []
    for run in runs if left else ():
        for call in calls(run.method.node):
            found[called_name(call)] = None
            own = Calls.of(project).callee(call.func, run)
            below += [own] if own else Objects.of(project).methods(call.func, run)
    return found | _names(below, project, left - 1) if below else found
