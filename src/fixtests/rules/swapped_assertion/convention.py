"""Whether a class takes the expected value first: it is one of testtools, as far as the tree shows.

In plain unittest both orders are in use, so that nothing can be told there.
"""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import lineage, receivers, reflection, roles
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.module_names import sets_attribute
from fixtests.rules.api import Context
from fixtests.syntax.queries import called_name
from fixtests.tree.files import within
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

COMPARING = "addTypeEqualityFunc"
# What tells unittest how to compare, each side in its own way, or how to say that it failed.
COMPARES = re.compile(
    rf"\b{COMPARING}\b|\b_type_equality_funcs\b|\bfailureException\s*=[^=]".encode()
)


def holds(call: ast.Call, context: Context) -> bool:
    """Tell whether an assertion on `self` is one of testtools that nothing looks at."""
    owner, method, project = context.class_at(call), context.method_at(call), context.project
    if owner is None or method is None or not project.is_test(context.source.path):
        return False
    if roles.is_looked_at(call, context.module) or not _is_of_self(call, method, project):
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
    """Tell whether a class of the tree binds an assertion of that name, or what it compares by."""
    aliased = project.attribute(owner, name) is not None
    modules = lineage.modules(owner, project)
    return aliased or any(
        sets_attribute(item, name)
        or item.rows(COMPARES)
        or reflection.asked_by_text(item, COMPARING, unknown=False)
        for item in modules
    )


def _is_of_self(call: ast.Call, method: Method, project: Project) -> bool:
    """Tell whether `self` is the test where an assertion is called on it, and not a stand-in."""
    own = receivers.receiver(method) == "self" and receivers.is_meant(call, "self", method)
    return own and not receivers.is_lent(method, project)
