"""What a test replaces that may keep an action from ending as it does without the stub."""

from __future__ import annotations

import ast

from fixtests.reasoning.calls import Run
from fixtests.reasoning.stand_ins import Replacements, replaced_by
from fixtests.syntax.queries import dotted, walk, walk_function
from fixtests.tree.module import Class, Method
from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project


def stubbed(method: Method, owner: Class | None, project: Project) -> str:
    """Return what a test stubs that an action's end may depend on, empty for nothing."""
    hazard = pattern(project.profile.outcomes.hazard)
    replacements = Replacements.of(project)
    given = [item for outer in method.node.decorator_list for item in walk(outer)]
    for node in (*given, *walk_function(method.node, nested=True)):
        match node:
            case ast.Call():
                replaced = replaced_by(node)
                if hazard.search(replaced) and replacements.replaces(node, Run(method, owner)):
                    return replaced
            case ast.Assign(targets=[ast.Attribute() as target]):
                name = dotted(target) or ""
                if hazard.search(name.rpartition(".")[2]) and not name.startswith("self._"):
                    return name
    return ""
