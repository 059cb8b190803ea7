"""`strategy = "tree"`: the constants that the project's own modules have for a role.

They have other values than the literals, so a literal is only replaced together with all others
of its value in the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace

from fixtests.rules.literal_uuid import naming, weighing
from fixtests.rules.literal_uuid.bindings import Binding
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.names import Name, Names
from fixtests.rules.literal_uuid.naming import Role
from fixtests.rules.literal_uuid.occurrences import supporting
from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.queries import Function, constant_string, walk
from fixtests.tree.project import Project

NUMBER = re.compile(r"\d+")


def of_module(own: Names) -> dict[str, Binding]:
    """Return the constants that values of a module can become, by value.

    Two values in one function never become the same one.
    """
    known = _by_role(own.project)
    taken: dict[str, set[Function | None]] = {}
    found: dict[str, Binding] = {}
    for value, literals in own.literals.by_value.items():
        role = _role(own, literals)
        functions = {literal.function for literal in literals}
        for binding in known.get(_about(role.name), ()) if role else ():
            users = taken.setdefault(binding.member, set())
            if not users & functions and not any(_reads(item, binding) for item in functions):
                users |= functions
                found[value] = binding
                break
    return found


def name(own: Names, literal: Literal, binding: Binding) -> Name:
    """Return how a literal's place reaches a constant, and what speaks against it."""
    reached = own.reaching(binding, literal)
    if reached is None:
        return Name(binding.member, obstacle="nothing says how to import it")
    others = supporting(own.project, literal.value, own.module.path)
    if others and not reached.obstacle:
        reached = replace(
            reached, obstacle=f"the value also stands beside the tests ({others} files)"
        )
    return replace(reached, doubt=f"`{reached.expression}` has another value")


def _role(own: Names, literals: list[Literal]) -> Role | None:
    """Return what a value stands for where all its literals can be replaced."""
    free = all(item.open and not item.absent and not own.of(item) for item in literals)
    if not free or own.keeps_values:
        return None
    told = list(filter(None, map(own.role, literals)))
    held = [item for item in literals if item.verdict is Verdict.HELD]
    role = weighing.weighed(told, list(filter(None, map(own.role, held))), own.words.things)
    return role if isinstance(role, Role) else None


def _by_role(project: Project) -> Mapping[str, list[Binding]]:
    """Return the UUIDs that constants modules bind at their top, by role, lowest number first."""
    found: dict[str, list[Binding]] = {}
    for entry in project.profile.constants:
        module = project.module(entry.module)
        for member, node in module.values.items() if module else ():
            if EXACT.fullmatch(constant_string(node) or "") and member[0] != "_":
                binding = Binding(entry.module, member, member, entry.import_, (0, 0))
                found.setdefault(_about(member), []).append(binding)
    for bindings in found.values():
        bindings.sort(key=lambda item: int("".join(NUMBER.findall(item.member)) or 1))
    return found


def _about(member: str) -> str:
    """Return what a constant is about, without number and underscores: `VOLUME` of `VOLUME2_ID`."""
    return "".join(word for word in NUMBER.sub("", member).split("_") if word not in naming.ID)


def _reads(function: Function | None, binding: Binding) -> bool:
    """Tell whether a function reads a constant already, for something else."""
    return function is not None and any(
        isinstance(node, ast.Attribute) and node.attr == binding.member for node in walk(function)
    )
