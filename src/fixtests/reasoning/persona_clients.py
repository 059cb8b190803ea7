"""Whose API clients test classes use: which manager of clients an attribute of theirs leads to.

There is a manager for each persona that a class asks credentials for, and one class method
binds their clients to attributes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.reasoning.stores import stores
from fixtests.syntax.queries import dotted, walk_function
from fixtests.tree.module import Class, External
from fixtests.tree.project import Project


@dataclass(frozen=True)
class PersonaClients:
    """Knows the clients of a tree's test classes.

    `method` binds them, `manager` begins the names of the managers, `asked` is the class's list
    of credentials, and `root` the class that all inherit from, where it is not in the tree.
    """

    project: Project
    method: str
    manager: str
    asked: str
    root: str

    def origin(self, owner: Class, name: str, seen: tuple[str, ...] = ()) -> tuple[str, str] | None:
        """Return the persona and the manager's name of the client that an attribute is.

        None where the method does not bind it once, without a condition, or the attribute is
        bound by something else, too.
        """
        for item in self.project.mro(owner):
            if isinstance(item, External):
                if item.name != self.root:
                    return None
                continue
            stored = stores(item, name, self.project)
            if name in item.attributes or len(stored) > 1:
                return None
            if stored:
                store = stored[0]
                if store.conditions or store.method.name != self.method or name in seen:
                    return None
                value = (dotted(store.value) or "").removeprefix("cls.")
                found = self.client(value)
                if found or not value:  # a call, such as one that makes a client, has no name
                    return found
                return self.origin(owner, value, (*seen, name))
        return None

    def client(self, path: str) -> tuple[str, str] | None:
        """Return the persona and the name of a client given as what follows `self.`."""
        manager, _, name = path.partition(".")
        if not manager.startswith(self.manager) or not name or "." in name:
            return None
        return manager.removeprefix(self.manager), name

    def of_persona(self, owner: Class, persona: str) -> dict[str, str]:
        """Return the attributes that are clients of a persona, by the manager's names."""
        known: dict[str, str] = {}
        for item in reversed(self.project.mro(owner)):
            for target, value in self._assigned(item) if isinstance(item, Class) else ():
                found = self.client(value)
                if found and found[0] == persona:
                    known[target] = found[1]
                elif value in known:
                    known[target] = known[value]
        return {client: target for target, client in known.items()}

    def _assigned(self, owner: Class) -> Iterator[tuple[str, str]]:
        """Yield what a class's own method binds to attributes of `cls`, without the `cls`."""
        method = owner.methods.get(self.method)
        for node in walk_function(method.node) if method else ():
            if isinstance(node, ast.Assign):
                value = (dotted(node.value) or "").removeprefix("cls.")
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        yield target.attr, value

    def credentials(self, owner: Class) -> tuple[Class, ast.List] | None:
        """Return the list of credentials that a class asks for, and the class that has it."""
        for item in self.project.mro(owner):
            if isinstance(item, External):
                if item.name != self.root:
                    return None
            elif self.asked in item.attributes:
                value = item.attributes[self.asked]
                return (item, value) if isinstance(value, ast.List) and value.elts else None
        return None

    def heir_that_breaks(self, owner: Class, names: set[str]) -> str:
        """Return why a subclass would not have what the class's method binds, in words."""
        for heir in self.project.subclasses(owner):
            setup = heir.methods.get(self.method)
            source = heir.module.source
            if setup and "super" not in source.slice(source.span(setup.node)):
                return f"{heir.name} has a {self.method} of its own, without this one"
            for name in sorted(names):
                if stores(heir, name, self.project) or name in heir.attributes:
                    return f"{heir.name} binds `{name}`, too"
        return ""
