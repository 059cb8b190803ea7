"""The new constants of values that no name of the tree holds: what each is to be called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fixtests.rules.literal_uuid import (
    doubting,
    naming,
    packages,
    spelling,
    telling_apart,
    together,
    weighing,
)
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.names import SENTINELS, Names
from fixtests.rules.literal_uuid.naming import Role
from fixtests.rules.literal_uuid.occurrences import elsewhere
from fixtests.rules.literal_uuid.weighing import Left
from fixtests.syntax.queries import constant_string, walk
from fixtests.tree.project import Project

TWICE = "what is numbered so is numbered anew elsewhere in the file; name them by hand"
UNTOLD = "nothing beside it says what it is"
LISTED = Left("not all ids in a list with it can be named; name them together by hand")
LOCAL = Left("a local holds it already; use that name, or share a constant")
STUCK = Left("one of its places has to be changed by hand; name them together by hand")


@dataclass(frozen=True)
class Fresh:
    """A new name for a value, and why nobody can tell that it is the right one.

    A value that nobody can name has none.
    """

    name: str
    doubt: str = ""


def of_module(own: Names, without: Container[str], *, sentinels: bool = False) -> dict[str, Fresh]:
    """Return the new names that a module needs, by value; none means two things.

    They depend on its file alone; values `without` which it goes take no number. Sentinels share
    their names with all others that the module uses.
    """
    needed = wanted([own], own.words.things)
    asked = {value: role for value, role in needed.items() if value not in without}
    if not sentinels:
        return _doubted(own, asked, without)
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
    return _fresh(asked, own.words.unnamed, used, naming.without_id)


def _fresh(
    asked: Mapping[str, Role | Left | None],
    unnamed: str,
    taken: Container[str],
    spelled: Callable[[str], str] = str,
    doubts: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Fresh]:
    """Return the new names of values, by what they stand for or why nobody can tell.

    Values that are doubted take no number from the others, which may be named without them.
    """
    why = {
        value: (role.doubt if role else UNTOLD) or doubts.get(value, "")
        for value, role in asked.items()
    }
    names = {
        value: spelled(role.name if role else unnamed)
        for value, role in sorted(asked.items(), key=lambda item: bool(why[item[0]]))
        if not isinstance(role, Left)
    }
    found = telling_apart.distinct(names, taken)
    return {value: Fresh(found.get(value, ""), why[value]) for value in asked}


def _doubted(
    own: Names, asked: Mapping[str, Role | Left | None], without: Container[str]
) -> dict[str, Fresh]:
    """Return new names with what else in their file speaks against each of them.

    What is to be looked at takes no number from what is not, so each doubt may change names.
    Values `without` which they go have one.
    """
    why: dict[str, str] = {}
    while True:
        found = _fresh(asked, own.words.unnamed, own.bound, doubts=why)
        named = {value: new.name for value, new in found.items() if new.name}
        more = doubting.doubts(own, named)
        clear = {value for value in named if not found[value].doubt and value not in more}
        untold = {value for value, role in asked.items() if role is None}
        more |= together.halves(own, clear, untold, without)
        if more.keys() <= why.keys():
            return _by_hand(found)
        why = {**more, **why}


def _by_hand(found: dict[str, Fresh]) -> dict[str, Fresh]:
    """Leave those without a name that would have two numbers, and what is called like them."""
    twice = doubting.numbered_twice(new.name for new in found.values())
    return {value: Fresh("", TWICE) if new.name in twice else new for value, new in found.items()}


def wanted(modules: Sequence[Names], things: Container[str]) -> dict[str, Role | Left | None]:
    """Return what the values without a name stand for, in the order of their first use.

    A value is among them where a literal of it must be named, or where a local holds it and it
    stands elsewhere, too. All its literals change then, or none does, and with it those of values
    that stand in a list with it. What a local is called counts before all else.
    """
    found: dict[str, tuple[list[Role], list[Role]]] = {}
    left: dict[str, Left] = {}
    for names in modules:
        if names.keeps_values:
            continue
        for value, literals in _by_use(names):
            open_ = [item for item in literals if item.open]
            free = [item for item in open_ if names.of(item) is None]
            held = [item for item in free if item.verdict is Verdict.HELD]
            firm = [item for item in free if item.verdict is Verdict.FIX and not item.absent]
            stuck = any(item.verdict is Verdict.ADVISE for item in literals)
            locals_ = sum(item.named for item in open_)
            everywhere = len(held) == len(open_)
            silent = everywhere and not any(map(names.role, held))
            lone = len(open_) < 2 or silent or (everywhere and locals_)
            lone = lone or 2 * locals_ > len(open_)
            if held and (stuck or lone):
                left[value] = STUCK if stuck else LOCAL
            if value in left or not (firm or held):
                continue
            told, by_locals = found.setdefault(value, ([], []))
            told += filter(None, map(names.role, free))
            by_locals += filter(None, map(names.role, held))
    for names in modules:
        left |= dict.fromkeys(_take_halves(names, found), LISTED)
    named = {value: weighing.weighed(*roles, things) for value, roles in found.items()}
    return {**left, **named}


def _by_use(names: Names) -> list[tuple[str, list[Literal]]]:
    """Return the values with their literals, by the first place that a name may take."""
    found = [*enumerate(names.literals.found)]
    first = {item.value: at for at, item in reversed(found) if item.open}
    return sorted(names.literals.by_value.items(), key=lambda item: first.get(item[0], 0))


def _take_halves(names: Names, found: dict[str, tuple[list[Role], list[Role]]]) -> list[str]:
    """Take out and return values that stand in a list with one that stays as it is."""
    taken: list[str] = []
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
            return taken
        taken += halves
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
