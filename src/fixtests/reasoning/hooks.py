"""Methods that run where an attribute of a test is set or read, without a call that says so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.syntax.queries import dotted, is_function, last_name
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

HOOK = re.compile(r"__(?!init__|new__)\w+__")
SETTERS = frozenset({"setter", "deleter"})


def of_class(owner: Class, project: Project) -> list[Method]:
    """Return the hooks of a class, those of what its body binds attributes to among them."""
    return [*_of_class(owner, project)]


def _of_class(owner: Class, project: Project) -> Iterator[Method]:
    for node in filter(is_function, owner.node.body):
        sets = any(last_name(item) in SETTERS for item in node.decorator_list)
        if sets or HOOK.fullmatch(node.name):
            yield Method(owner.module, owner, node)
    for value in owner.attributes.values():
        found = None
        if isinstance(value, ast.Call):
            found = project.lookup(owner.module, dotted(value.func) or "")
        if isinstance(found, Class):
            yield from (it for name, it in found.methods.items() if HOOK.fullmatch(name))
