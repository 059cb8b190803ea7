"""Which methods of a class name an attribute of `self`: told by the text first, as most do not."""

from __future__ import annotations

from collections.abc import Collection

from fixtests.reasoning.traits import attributes_named
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


def naming(owner: Class, attribute: str, project: Project) -> list[Method]:
    """Return the methods of a class that name an attribute of `self`, in their order."""
    return project.memory.ask(("naming", owner.node, attribute), _naming, owner, attribute, project)


def naming_any(owner: Class, attributes: Collection[str], project: Project) -> list[Method]:
    """Return the methods of a class that name one of some attributes, in their order."""
    found = {item for attribute in attributes for item in naming(owner, attribute, project)}
    return [item for item in owner.methods.values() if item in found] if found else []


def _naming(owner: Class, attribute: str, project: Project) -> list[Method]:
    return [
        method
        for method in owner.holding(attribute)
        if attribute in attributes_named(method, project)
    ]
