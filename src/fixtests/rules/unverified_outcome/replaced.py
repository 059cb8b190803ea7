"""Whether a file puts something else in the place of a wait, or of what the wait asks."""

from __future__ import annotations

from fixtests.reasoning import reflection, replacing
from fixtests.reasoning.calls import Run
from fixtests.rules.unverified_outcome.waits import Wait
from fixtests.tree.module import Class
from fixtests.tree.project import Project


def replaced(wait: Wait, owner: Class, project: Project) -> str:
    """Return what may not be what it is called, as it is called in a file; else nothing."""
    name = wait.method.name
    heirs = (item.methods.get(name) for item in project.subclasses(owner))
    made = reflection.is_made_otherwise(owner, project)
    if wait.method.node.decorator_list or any(heirs) or made:
        return name
    return replacing.of_function(Run(wait.method, owner), owner.module, project)
