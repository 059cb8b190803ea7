"""Which methods of a class name an attribute of `self`: told by the text first, as most do not."""

from __future__ import annotations

from functools import cached_property

from fixtests.reasoning.bodies import Body
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


class Naming(dict[str, list[Method]]):
    """A class's methods, by the attribute of `self` that they name."""

    def __init__(self, owner: Class, project: Project) -> None:
        super().__init__()
        self._owner = owner
        self._project = project

    @classmethod
    def of(cls, owner: Class, project: Project) -> Naming:
        """Return what is remembered of a class."""
        return project.memory.ask(("naming", owner.node), cls, owner, project)

    def any_of(self, attributes: frozenset[str]) -> list[Method]:
        """Return the methods that name one of some attributes, in their order."""
        found = {method for attribute in attributes for method in self[attribute]}
        return sorted(found, key=self._places.__getitem__) if found else []

    @cached_property
    def _places(self) -> dict[Method, int]:
        """The number of each method in the class."""
        return {method: number for number, method in enumerate(self._owner.methods.values())}

    def __missing__(self, attribute: str) -> list[Method]:
        self[attribute] = found = [
            method
            for method in self._owner.holding(attribute)
            if attribute in Body.of(method, self._project).attributes
        ]
        return found
