"""What a test replaces that may keep an action from ending as it does without the stub."""

from __future__ import annotations

import ast

from fixtests.reasoning.calls import Calls, Run
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
    run = Run(method, owner)
    for node in (*given, *walk_function(method.node, nested=True)):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target]):
                replaced = _bound(target, run, project)
            case ast.Call(ast.Name("setattr"), [holder, ast.Constant(str(name)), _]):
                replaced = _bound(ast.Attribute(holder, name, ast.Store()), run, project)
            case ast.Call():
                replaced = replaced_by(node)
                if not (hazard.search(replaced) and replacements.replaces(node, run)):
                    continue
            case _:
                continue
        if hazard.search(replaced):
            return replaced
    return ""


def _bound(target: ast.Attribute, run: Run, project: Project) -> str:
    """Return the name of an attribute that is replaced where it is bound.

    A private one of the test itself is where a method has that name.
    """
    name = dotted(target) or ""
    calls = Calls.of(project)
    own = name.startswith("self._") and calls.callee(target, run) is None
    return "" if own else name.rpartition(".")[2]
