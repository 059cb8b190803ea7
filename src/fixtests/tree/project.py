"""What names in the modules of a root mean: imports, classes, resolution order, functions, callers.

Names that lead out of the tree become External.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path

from fixtests.tree.inheritance import Inheritance
from fixtests.tree.module import Class, Definition, External, Module, Value
from fixtests.tree.said import short
from fixtests.tree.trail import Memory


class Project(Inheritance):
    """Everything known about one root."""

    def fit(self, name: str) -> None:
        """Look at the tree as the files of a profile do: what was learnt by others is not asked."""
        if not self.has_one_profile and name != self.fits:
            self.look_as(name)
            self.memory = self._memories.setdefault(name, Memory(self.trail))

    def told(self, asked: str, module: Module) -> str:
        """Return a digest of what a function of a module says in one respect."""
        number, name, fits, *runs_as = asked.split("\t")
        says = self._traits(name)
        function = next(islice(module.numbers, int(number), None), None)
        method = module.method_at(function) if function else None
        if says is None or method is None:
            return ""
        before = self.fits
        self.fit(fits)
        try:
            owners, _ = self.trail.follow(self._classes, *runs_as)
            if len(runs_as) > len(owners) * 2:
                return ""
            answer, _ = self.trail.follow(says, method, self, *owners)
            return short(answer)
        finally:
            self.fit(before)

    def _classes(self, name: str = "", path: str = "") -> list[Class]:
        """Return the class of a name in a file, if one is asked for that is there."""
        module = self.at(Path(path)) if path else None
        return [module.classes[name]] if module and name in module.classes else []

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
        return self._locate(name, set())

    def _locate(self, name: str, seen: set[str]) -> Definition | None:
        """Follow a dotted name; imports in `seen` lead in a circle, to nothing."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                rest = parts[length:]
                if not rest:
                    return module
                found = self._member(module, rest[0], seen)
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
            found = self._locate(module.imports[name], seen)
            return self._beside(module, found, seen) if isinstance(found, External) else found
        if name in module.values:
            return Value(module, name, module.values[name])
        for star in module.stars:
            target = self.module(star)
            if target is not None and f"{target.name}.*" not in seen:
                seen.add(f"{target.name}.*")
                found = self._member(target, name, seen)
                if found is not None:
                    return found
        return self.module(f"{module.name}.{name}") if module.package else None

    def _beside(self, module: Module, found: External, seen: set[str]) -> Definition:
        """Return what a name stands for in a module whose package is not in the root, but below it.

        `moon.tests.base` in `contrib/plugin/moon/tests/test_one.py` is beside that, if `moon` is a
        package there and `contrib/plugin` is none.
        """
        top, *folders = found.name.partition(".")[0], *self.relative(module.path).split("/")[:-1]
        for place in range(len(folders) - 1, 0, -1):
            above = ".".join(folders[:place])
            if folders[place] != top or self.module(above) is not None:
                continue
            if self.module(f"{above}.{top}") is not None:
                beside = self._locate(f"{above}.{found.name}", seen)
                return found if beside is None or isinstance(beside, External) else beside
        return found

    def _descend(self, found: Definition, rest: str) -> Definition | None:
        if isinstance(found, External):
            return External(f"{found.name}.{rest}")
        if isinstance(found, Module):
            return self.lookup(found, rest)
        if isinstance(found, Class) and "." not in rest:
            member: Definition | None = self.first(found, ("member", rest), partial(_held, rest))
            return member
        return None


def _held(name: str, owner: Class | External) -> Definition | None:
    """Return what the body of a class gives a name."""
    if not isinstance(owner, Class):
        return None
    if name in owner.methods:
        return owner.methods[name]
    found = owner.attributes.get(name)
    return None if found is None else Value(owner.module, name, found)
