"""The new constants of values that no name of the tree holds: what each is to be called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from fixtests.rules.literal_uuid import naming, packages, spelling
from fixtests.rules.literal_uuid.literal import OPEN, Verdict
from fixtests.rules.literal_uuid.names import SENTINELS, Names
from fixtests.rules.literal_uuid.naming import Role, Several
from fixtests.rules.literal_uuid.occurrences import elsewhere
from fixtests.syntax.queries import constant_string, walk
from fixtests.tree.project import Project


@dataclass(frozen=True)
class Fresh:
    """A new name for a value, and why nobody can tell that it is the right one.

    `others` are those of a value that stands for several things, by what each is about.
    """

    name: str
    doubt: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def of(self, role: Role | None) -> str:
        """Return the name for what a literal of the value stands for."""
        return self.others.get(role.subject, self.name) if role else self.name


def of_module(own: Names, without: Container[str], *, sentinels: bool = False) -> dict[str, Fresh]:
    """Return the new names that a module needs, by value; none means two things.

    They depend on its file alone; values `without` which it goes take no number. Sentinels share
    their names with all others that the module uses.
    """
    needed = wanted([own], own.words.things)
    asked = {value: role for value, role in needed.items() if value not in without}
    unnamed = own.words.unnamed
    if not sentinels:
        return _fresh(asked, unnamed, own.bound)
    path = own.module.path  # values that stay take no number from those that go
    values = sorted(asked, key=lambda item: bool(elsewhere(own.project, item, path)))
    used = {
        node.attr
        for node in walk(own.module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and own.module.imports.get(node.value.id) == SENTINELS
    }
    asked = {value: asked[value] for value in values}
    return _fresh(asked, unnamed, used, naming.without_id)


def _fresh(
    asked: Mapping[str, Role | Several | None],
    unnamed: str,
    taken: Container[str],
    spelled: Callable[[str], str] = str,
) -> dict[str, Fresh]:
    """Return the new names of values, by what they stand for or why nobody can tell.

    Values that nobody can tell take no number from the others, which may be named without them.
    """
    clear = {value: role for value, role in asked.items() if isinstance(role, Role)}
    names = {(value, ""): spelled(role.name) for value, role in clear.items()}
    for value, role in asked.items():
        if isinstance(role, Several):
            names |= {(value, about): spelled(name) for about, name in role.names.items()}
        elif role is None:
            names[value, ""] = spelled(unnamed)
    found = naming.distinct(names, taken)
    return {value: _named(value, role, found) for value, role in asked.items()}


def _named(value: str, role: Role | Several | None, found: Mapping[tuple[str, str], str]) -> Fresh:
    if isinstance(role, Several):
        others = {about: found[value, about] for about in role.names}
        return Fresh(next(iter(others.values())), role.doubt, others)
    return Fresh(found[value, ""], "" if role else "nothing beside it says what it is")


def wanted(modules: Sequence[Names], things: Container[str]) -> dict[str, Role | Several | None]:
    """Return what the values without a name stand for, in the order of their first use.

    A value is among them where a literal of it must be named, or where a local holds it and it
    stands elsewhere, too. All its literals change then, or none does, and with it those of values
    that stand in a list with it. What a local is called counts before all else.
    """
    found: dict[str, tuple[list[Role], list[Role]]] = {}
    for names in modules:
        if names.keeps_values:
            continue
        for value, literals in names.literals.by_value.items():
            open_ = [item for item in literals if item.verdict in OPEN]
            free = [item for item in open_ if names.of(item) is None]
            held = [item for item in free if item.verdict is Verdict.HELD]
            firm = [item for item in free if item.verdict is Verdict.FIX and not item.absent]
            stuck = any(item.verdict is Verdict.ADVISE for item in literals)
            lone = len(open_) < 2 or all(item.named for item in open_)
            if (held and (stuck or lone)) or not (firm or held):
                continue
            told, by_locals = found.setdefault(value, ([], []))
            told += filter(None, map(names.role, free))
            by_locals += filter(None, map(names.role, held))
    for names in modules:
        _drop_halves(names, found)
    return {value: naming.weighed(*roles, things) for value, roles in found.items()}


def _drop_halves(names: Names, found: dict[str, tuple[list[Role], list[Role]]]) -> None:
    """Take out values that stand in a list with one that stays as it is."""
    listed = [item for item in names.literals.found if item.beside and names.of(item) is None]
    while True:
        halves = {
            value
            for item in listed
            if item.value not in found
            for value in item.beside
            if value in found
        }
        if not halves:
            return
        for value in halves:
            del found[value]


def across(project: Project, target: str) -> dict[str, Fresh]:
    """Return the constants of a shared module: those it has, and those the whole tree needs.

    The tree is read whole, so that a name never depends on which files are
    checked.
    """
    return project.memory.ask_plain(("shared constants", target), _across, project, target)


def _across(project: Project, target: str) -> dict[str, Fresh]:
    module = project.at(project.root / target)
    values = module.values if module else {}
    known = {value: name for name, node in values.items() if (value := constant_string(node))}
    readers = [
        Names(found, project)
        for path in project.texts.holding(spelling.NEEDLE)
        if (found := project.at(path)) and not packages.holds_data(project, str(path))
    ]
    words = project.profile.words
    asked = wanted(readers, words.things)
    missing = {value: role for value, role in asked.items() if value not in known}
    return {
        **_fresh(missing, words.unnamed, values),
        **{value: Fresh(name) for value, name in known.items()},
    }
