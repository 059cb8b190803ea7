"""What becomes of dotted names where modules or names move, and of statements that import them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from fixtests.tree.project import Project


@dataclass(frozen=True)
class Moves:
    """Dotted names of modules, packages, or what modules hold, and what they are from now on."""

    names: Mapping[str, str]
    project: Project
    called: Mapping[str, str] = field(default_factory=dict)  # what files are to call some of them

    def match(self, name: str) -> tuple[str, str] | None:
        """Return what moves of a dotted name, the whole or its beginning, and where it goes."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            old = ".".join(parts[:length])
            moving = old if old in self.names else self._behind_star(old)
            if moving:
                new = self.names[moving]
                return None if self._stays(old, new, name) else (old, new)
        return None

    def _behind_star(self, name: str) -> str:
        """Return what moves that a module has by `from ... import *`, empty for nothing."""
        origin, _, last = name.rpartition(".")
        if not origin or not any(old.endswith(f".{last}") for old in self.names):
            return ""
        module = self.project.module(origin)
        found = (f"{star}.{last}" for star in module.stars) if module else ()
        return next((old for old in found if old in self.names), "")

    def new(self, name: str) -> str | None:
        """Return what a dotted name is from now on, None where nothing of it moves."""
        found = self.match(name)
        return found and found[1] + name[len(found[0]) :]

    def _stays(self, old: str, new: str, name: str) -> bool:
        """Tell whether a name is where something goes below what moves, or stays in a package.

        A package keeps its modules whose own names move below it.
        """
        if any(
            to.startswith(f"{old}.") and f"{name}.".startswith(f"{to}.")
            for to in self.names.values()
        ):
            return True
        below = name[len(old) + 1 :].partition(".")[0]
        return (
            bool(below)
            and new.startswith(f"{old}.")
            and self.project.path_of(f"{old}.{below}") is not None
        )

    def holds_what_moves(self, name: str) -> bool:
        """Tell whether something below a dotted name moves."""
        return any(old.startswith(f"{name}.") for old in self.names)


@dataclass(frozen=True, eq=False)
class Use:
    """An expression in a file that leads to what moves, and what it is to be."""

    node: ast.expr
    text: str


@dataclass(eq=False)
class Change:
    """What becomes of one import statement and of what its names are used for."""

    statement: ast.Import | ast.ImportFrom
    names: list[str] = field(default_factory=list)  # that it no longer binds
    added: dict[str, list[str]] = field(default_factory=dict)  # `from` what, and what of it
    uses: list[Use] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    obstacle: str = ""

    @property
    def texts(self) -> list[str]:
        """The statements that take the place of the names, one for each where there was one."""
        joined = len(self.statement.names) > 1
        return [
            f"from {origin} import {text}" if origin else f"import {text}"
            for origin, names in self.added.items()
            for text in ([", ".join(names)] if joined else names)
        ]

    def add(self, target: str, name: str, *, straight: bool = False) -> None:
        """Import what a dotted name leads to under a name; with `straight`, not by `from`."""
        origin, _, last = target.rpartition(".")
        if straight or not origin:
            text = target if name == target else f"{target} as {name}"
            self.added.setdefault("", []).append(text)
        else:
            alias = last if name == last else f"{last} as {name}"
            self.added.setdefault(origin, []).append(alias)
