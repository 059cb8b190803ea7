"""Migrations of several codemods in order: what a script says, and one file through all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One codemod of several: its name or dotted name, and its arguments by their names."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, init=False)
class Steps:
    """Codemods that are applied in order, each to what the one before it left."""

    steps: tuple[Step, ...]

    def __init__(self, *steps: str | Step) -> None:
        made = tuple(Step(item) if isinstance(item, str) else item for item in steps)
        object.__setattr__(self, "steps", made)

    def problem(self) -> str:
        """Return what is wrong with the steps themselves, "" where nothing is."""
        if not self.steps:
            return "names no codemod"
        given: tuple[object, ...] = self.steps  # whatever the annotation says
        odd = [item for item in given if not isinstance(item, Step)]
        if odd:
            return f"{odd[0]!r} is neither a name nor a Step"
        told: list[tuple[str, object]] = [(item.name, item.arguments) for item in self.steps]
        loose = [name for name, its in told if not isinstance(its, Mapping)]
        return f"the arguments of step {loose[0]!r} are no mapping" if loose else ""
