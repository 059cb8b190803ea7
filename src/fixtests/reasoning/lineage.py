"""What the classes of a resolution order have together: their modules, and their bases outside.

It is gathered once for all classes that inherit it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from fixtests.tree.module import Class, External, Module
from fixtests.tree.project import Project

Thing = TypeVar("Thing")


def modules(owner: Class, project: Project) -> frozenset[Module]:
    """Return the modules of a class and of all that it inherits from."""
    return project.above(owner, "modules", _module)


def outside(owner: Class, project: Project) -> frozenset[str]:
    """Return the names of the bases outside of the tree that a class has, inherited ones too."""

    def told(item: Class) -> frozenset[str]:
        return frozenset(base.name for base in project.bases(item) if isinstance(base, External))

    return project.above(owner, "outside", told)


def family(
    owner: Class, question: Hashable, told: Callable[[Class], frozenset[Thing]], project: Project
) -> frozenset[Thing]:
    """Return what a class, all below it in the tests and all that these inherit from tell together.

    `question` stands for it. What is below a class is asked for what it adds alone, so that it
    does not depend on what is above.
    """

    def added(item: Class) -> frozenset[Thing]:
        bases = project.bases(item)
        beside = (it for it in bases if isinstance(it, Class)) if len(bases) > 1 else ()
        return told(item).union(*(project.above(it, question, told) for it in beside))

    return project.above(owner, question, told) | project.below(owner, ("added", question), added)


def _module(owner: Class) -> frozenset[Module]:
    return frozenset([owner.module])
