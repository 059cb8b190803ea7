"""Whether a class takes the expected value first: it is one of testtools, as far as the tree shows.

In plain unittest both orders are in use, so that nothing can be told there.
"""

from __future__ import annotations

import ast

from fixtests.reasoning import lineage, roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.module_names import sets_attribute
from fixtests.rules.api import Context
from fixtests.syntax.queries import called_name, is_function
from fixtests.tree.files import within
from fixtests.tree.module import Class
from fixtests.tree.project import Project


def holds(call: ast.Call, context: Context) -> bool:
    """Tell whether an assertion on `self` is one of testtools that nothing looks at."""
    owner, method, project = context.class_at(call), context.method_at(call), context.project
    if owner is None or method is None or not project.is_test(context.source.path):
        return False
    if roles.is_looked_at(call, context.module) or _is_another_self(call, context):
        return False
    question = ("expected first", owner.node)
    if not project.memory.ask(question, _is_of_testtools, owner, project):
        return False
    calls, name = Calls.of(project), called_name(call)
    if calls.callee(call.func, Run(method, owner)) is not None:
        return False
    return not project.memory.ask(("bound", owner.node, name), _is_bound, owner, name, project)


def _is_of_testtools(owner: Class, project: Project) -> bool:
    own = _told(owner, project)
    if own is not None:
        return own
    heirs = [_told(heir, project) for heir in project.subclasses(owner)]
    if any(answer is not None for answer in heirs):
        return all(heirs)
    imported = owner.module.imports.values()
    return any(_is_from(name, project) for name in imported)


def _told(owner: Class, project: Project) -> bool | None:
    """Return what the bases of a class tell, None where they tell nothing."""
    tests = [name for name in lineage.outside(owner, project) if "Test" in name.rpartition(".")[2]]
    if any(_is_from(name, project) for name in tests):
        return True
    return False if any(name.partition(".")[0] == "unittest" for name in tests) else None


def _is_from(name: str, project: Project) -> bool:
    places = tuple(item.replace(".", "/") for item in project.profile.testtools)
    return within(name.replace(".", "/"), places)


def _is_bound(owner: Class, name: str, project: Project) -> bool:
    """Tell whether a class of the tree binds an assertion of that name without defining it."""
    aliased = project.attribute(owner, name) is not None
    return aliased or any(sets_attribute(item, name) for item in lineage.modules(owner, project))


def _is_another_self(call: ast.Call, context: Context) -> bool:
    """Tell whether a function inside of a method has a `self` of its own, as stand-ins have."""
    functions = [item for item in context.parents.above(call) if is_function(item)]
    inner = (item for function in functions[:-1] for item in ast.walk(function.args))
    return any(isinstance(item, ast.arg) and item.arg == "self" for item in inner)
