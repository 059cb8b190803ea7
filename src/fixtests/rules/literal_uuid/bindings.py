"""Names that the target tree already binds to a string value, in constants and fixture modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from fixtests.syntax.queries import constant_string
from fixtests.tree.module import Class, Module, Value
from fixtests.tree.profile import Constants
from fixtests.tree.project import Project

DEPTH = 3


@dataclass(frozen=True)
class Binding:
    """A value's name: `expression` is relative to `origin`, a dotted module or class path."""

    origin: str
    member: str
    expression: str
    import_: str
    rank: tuple[int, int]

    @property
    def full(self) -> str:
        """The absolute dotted name that an import has to reach."""
        return f"{self.origin}.{self.member}"


class Bindings:
    """The string values of a profile's constants modules, by value."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._found = _collected(project)

    def of(self, value: str) -> Binding | None:
        """Return the best name of a value: the shortest way to it, an `id` before other keys."""
        return self._found.get(value)

    def imports(self, start: str) -> frozenset[str]:
        """Return the paths of the test modules that importing a module imports.

        Code under test imports no tests, so the way through it is not followed.
        """
        return self.project.memory.ask_plain(("imports", start), self._imports, start)

    def _imports(self, start: str) -> frozenset[str]:
        waiting, seen = [start], set()
        paths = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            path = self.project.path_of(name)
            is_test = path is not None and self.project.is_test(str(path))
            module = self.project.module(name) if is_test else None
            if module is not None:
                paths.add(module.path)
                for target in (*module.imports.values(), *module.stars):
                    waiting += [target, target.rpartition(".")[0]]
        return frozenset(paths)


def _collected(project: Project) -> dict[str, Binding]:
    """Return the best name of each value that the constants modules of a project bind."""
    found: dict[str, Binding] = {}
    for entry in project.profile.constants:
        reached = project.concluded(
            f"values of {entry.module}", partial(_values_of, entry, project)
        )
        for member, path, value, rank in reached:
            known = found.get(value)
            if known is None or tuple(rank) < known.rank:
                expression = f"{member}{path}"
                found[value] = Binding(
                    entry.module, member, expression, entry.import_, (rank[0], rank[1])
                )
    return found


def _values_of(entry: Constants, project: Project) -> list[tuple[str, str, str, tuple[int, int]]]:
    """Return each string value of a constants module: member, way below it, value and rank."""
    module = project.module(entry.module)
    if module is None:
        return []
    return [
        (member, path, value, rank)
        for member, expressions in _members(project, module)
        for path, value, rank in expressions
    ]


Path = tuple[str, str, tuple[int, int]]  # how to reach a value, the value, how good a name it is


def _members(project: Project, module: Module) -> Iterator[tuple[str, list[Path]]]:
    """Yield each public name of a module with the string values that can be reached from it."""
    stars = [project.module(star) for star in module.stars]
    modules = [item for item in (module, *stars) if item is not None]
    names = [name for item in modules for name in (*item.classes, *item.values)]
    for name in dict.fromkeys((*names, *module.imports)):
        if name.startswith("_"):
            continue
        found = project.lookup(module, name)
        if isinstance(found, Class):
            yield (
                name,
                [
                    (f".{attribute}{path}", value, rank)
                    for attribute, node in found.attributes.items()
                    if not attribute.startswith("_")
                    for path, value, rank in _values(node, 0)
                ],
            )
        elif isinstance(found, Value):
            yield name, list(_values(found.node, 0))


def _values(node: ast.expr, depth: int, key: str = "") -> Iterator[Path]:
    value = constant_string(node)
    if value is not None:
        yield "", value, (depth, 0 if key in ("", "id", "uuid") else 1)
    elif depth < DEPTH and isinstance(node, ast.Dict):
        for name, item in zip(node.keys, node.values, strict=True):
            text = constant_string(name)
            if text is not None:
                for path, found, rank in _values(item, depth + 1, text):
                    yield f"[{text!r}]{path}", found, rank
    elif depth < DEPTH and isinstance(node, ast.List | ast.Tuple):
        for at, item in enumerate(node.elts):
            for path, found, rank in _values(item, depth + 1, "-"):
                yield f"[{at}]{path}", found, rank


def reached(module: Module, full: str) -> str | None:
    """Return how a module writes an absolute dotted name with what it imports already."""
    ways = []
    for local, target in module.imports.items():
        if full == target:
            ways.append(local)
        elif full.startswith(f"{target}.") and target.count(".") > 0:
            ways.append(f"{local}{full[len(target) :]}")
    return min(ways, key=lambda way: (way.count("."), way), default=None)


def bindings(project: Project) -> Bindings:
    """Return what the constants modules of a project bind; they are data and never fixed."""
    return project.memory.ask_plain(Bindings, Bindings, project)
