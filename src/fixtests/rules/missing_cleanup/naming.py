"""Which methods of a class name an attribute of `self`: told by the text first, as most do not."""

from __future__ import annotations

from fixtests.reasoning.bodies import Body
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


class Naming(dict[str, frozenset[str]]):
    """The names of a class's methods, by the attribute of `self` that they name."""

    def __init__(self, owner: Class, project: Project) -> None:
        super().__init__()
        self._owner = owner
        self._project = project

    def any_of(self, attributes: set[str]) -> list[Method]:
        """Return the methods that name one of some attributes, in their order."""
        names = [name for attribute in attributes for name in self[attribute]]
        if not names:
            return []
        return [method for name, method in self._owner.methods.items() if name in names]

    def __missing__(self, attribute: str) -> frozenset[str]:
        self[attribute] = found = frozenset(
            method.name
            for method in self._owner.holding(attribute)
            if attribute in Body.of(method, self._project).attributes
        )
        return found
