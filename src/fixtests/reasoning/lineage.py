"""What the classes of a resolution order have together: their modules, and their bases outside.

It is gathered once for all classes that inherit it.
"""

from __future__ import annotations

from fixtests.tree.module import Class, External, Module
from fixtests.tree.project import Project


def modules(owner: Class, project: Project) -> frozenset[Module]:
    """Return the modules of a class and of all that it inherits from."""
    return project.above(owner, "modules", _module)


def outside(owner: Class, project: Project) -> frozenset[str]:
    """Return the names of the bases outside of the tree that a class has, inherited ones too."""

    def told(item: Class) -> frozenset[str]:
        return frozenset(base.name for base in project.bases(item) if isinstance(base, External))

    return project.above(owner, "outside", told)


def _module(owner: Class) -> frozenset[Module]:
    return frozenset([owner.module])
