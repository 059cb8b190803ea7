"""What names in the modules of a root mean: imports, classes, resolution order, functions, callers.

Names that lead out of the tree become External.
"""

from __future__ import annotations

import ast

from fixtests.syntax.queries import dotted
from fixtests.tree.files import Files
from fixtests.tree.module import Class, Definition, External, Method, Module, Value
from fixtests.tree.trail import Memory

# How the names of classes end that have unittest's assertions, and of those outside the tree.
ASSERTING = ("TestCase", "TestCaseBase")
ELSEWHERE = (*ASSERTING, "Test")


class Project(Files):
    """Everything known about one root."""

    @property
    def has_one_profile(self) -> bool:
        """Whether all files have the profile of the root, since somebody chose it."""
        return self._load is None

    def fit(self, name: str) -> None:
        """Look at the tree as the files of a profile do: what was learnt by others is not asked."""
        if self._load is not None and name != self.profile.name:
            self.profile = self.home if name == self.home.name else self._load(name)
            self.memory = self._memories.setdefault(name, Memory(self.trail))

    def lookup(self, module: Module, name: str) -> Definition | None:
        """Follow a dotted name as it is written in a module to its definition.

        Returns External where it leads out of the tree, None where the name
        is not bound at the module's level.
        """
        return self.memory.ask(("lookup", module, name), self._lookup, module, name)

    def _lookup(self, module: Module, name: str) -> Definition | None:
        first, _, rest = name.partition(".")
        found = self._member(module, first, set())
        return self._descend(found, rest) if found and rest else found

    def locate(self, name: str) -> Definition | None:
        """Follow an absolute dotted name to its definition."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                rest = parts[length:]
                if not rest:
                    return module
                found = self._member(module, rest[0], set())
                if found is None:
                    return None
                return self._descend(found, ".".join(rest[1:])) if rest[1:] else found
        return External(name)

    def _member(self, module: Module, name: str, seen: set[str]) -> Definition | None:
        if name in module.classes:
            return module.classes[name]
        if name in module.functions:
            return module.functions[name]
        if name in module.imports and module.imports[name] not in seen:
            seen.add(module.imports[name])
            return self.locate(module.imports[name])
        if name in module.values:
            return Value(module, name, module.values[name])
        for star in module.stars:
            target = self.module(star)
            if target is not None and target.name not in seen:
                seen.add(target.name)
                found = self._member(target, name, seen)
                if found is not None:
                    return found
        return self.module(f"{module.name}.{name}") if module.package else None

    def _descend(self, found: Definition, rest: str) -> Definition | None:
        if isinstance(found, External):
            return External(f"{found.name}.{rest}")
        if isinstance(found, Module):
            return self.lookup(found, rest)
        if isinstance(found, Class) and "." not in rest:
            for owner in self.mro(found):
                if isinstance(owner, Class):
                    if rest in owner.methods:
                        return owner.methods[rest]
                    if rest in owner.attributes:
                        return Value(owner.module, rest, owner.attributes[rest])
        return None

    def bases(self, owner: Class) -> list[Class | External]:
        """Return the direct bases of a class."""
        return self.memory.ask(("bases", owner), self._bases, owner)

    def _bases(self, owner: Class) -> list[Class | External]:
        found: list[Class | External] = []
        for node in owner.node.bases:
            name = dotted(node)
            target = self.lookup(owner.module, name) if name else None
            found.append(target if isinstance(target, Class | External) else External(name or "?"))
        return found

    def mro(self, owner: Class) -> tuple[Class | External, ...]:
        """Return the method resolution order (C3), External bases included.

        A class that seems to inherit from itself, as one does whose base has its name, has
        all that it inherits from in its order, nearest first.
        """
        return self.memory.ask(owner, self._order, owner)

    def _order(self, owner: Class) -> tuple[Class | External, ...]:
        bases = self.bases(owner)
        above = list(bases)
        for item in above:
            if isinstance(item, Class):
                above += [base for base in self.bases(item) if base not in above]
        if owner in above:
            return (owner, *(item for item in above if item is not owner))
        lines: list[list[Class | External]] = [
            list(self.mro(base)) if isinstance(base, Class) else [base] for base in bases
        ]
        return (owner, *_merge([*lines, bases]))

    def derives(self, owner: Class, base: str) -> bool:
        """Tell whether a class has a base of that dotted name in its resolution order."""
        names = (
            item.qualified if isinstance(item, Class) else item.name for item in self.mro(owner)
        )
        return base in names

    def is_test_case(self, owner: Class) -> bool:
        """Tell whether a class inherits unittest's assertions, as far as names show."""
        return any(
            item.name.rpartition(".")[2].endswith(
                ASSERTING if isinstance(item, Class) else ELSEWHERE
            )
            for item in self.mro(owner)
        )

    def method(self, owner: Class, name: str, *, after: Class | None = None) -> Method | None:
        """Return the method that `self.name` finds; with `after`, what `super()` finds there."""
        if after is None:
            return self.methods(owner).get(name)
        order = self.mro(owner)
        if after in order:
            order = order[order.index(after) + 1 :]
        for item in order:
            if isinstance(item, Class) and name in item.methods:
                return item.methods[name]
        return None

    def methods(self, owner: Class) -> dict[str, Method]:
        """Return the methods that `self` has in a class, inherited ones too, by name."""
        return self.memory.ask(("methods", owner), self._methods, owner)

    def _methods(self, owner: Class) -> dict[str, Method]:
        found: dict[str, Method] = {}
        for item in reversed(self.mro(owner)):
            if isinstance(item, Class):
                found.update(item.methods)
        return found

    def attribute(self, owner: Class, name: str) -> ast.expr | None:
        """Return what a class attribute is bound to, inherited ones included."""
        for item in self.mro(owner):
            if isinstance(item, Class) and name in item.attributes:
                return item.attributes[name]
        return None

    def subclasses(self, owner: Class) -> list[Class]:
        """Return the classes of the tree's tests that inherit from a class, nearest first."""
        found: list[Class] = []
        waiting = [owner]
        while waiting:
            base = waiting.pop(0)
            for path, name in self.texts.heirs(base.name):
                module = self.at(path)
                heir = module.classes.get(name) if module else None
                if heir and heir not in found and base in self.bases(heir):
                    found.append(heir)
                    waiting.append(heir)
        return found


def _merge(lines: list[list[Class | External]]) -> list[Class | External]:
    """Merge resolution orders as C3 does; where they contradict, in order of appearance."""
    merged: list[Class | External] = []
    lines = [line for line in lines if line]
    while lines:
        heads = [line[0] for line in lines]
        head = next(
            (item for item in heads if not any(item in line[1:] for line in lines)), heads[0]
        )
        merged.append(head)
        lines = [rest for line in lines if (rest := [item for item in line if item != head])]
    return merged
