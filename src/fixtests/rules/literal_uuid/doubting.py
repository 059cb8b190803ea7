"""Why a new constant is no safe fix although its role is told: what stands beside it in the file.

A name that its neighbours contradict, or that is given to a part of what belongs together, is
worse than the literal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from fixtests.reasoning import reflection
from fixtests.rules.literal_uuid import naming, packages, telling_apart, together
from fixtests.rules.literal_uuid.evidence import IDS
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.names import METACLASS, Names
from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.queries import bound_by, constant_string

MOST = 3  # constants that differ in a number which nothing around them says
INVENTED = re.compile(r"_\d+$")
NUMBER = re.compile(r"_?\d+")
ACTING = ("add", "create", "delete", "get", "list", "remove", "show", "update")  # on what is known
SHORT = 3  # letters of a word that may be short for another one
ALIKE = 4  # digits in which values differ that are numbered themselves


def doubts(own: Names, named: Mapping[str, str]) -> dict[str, str]:
    """Return why constants, by their values, are to be looked at; `named` are all, by value."""
    found: dict[str, str] = {}
    for value, why in (
        *_of_places(own, named),
        *_of_numbers(named),
        *_of_gaps(own, named),
        *_of_single_uses(own, named),
        *_of_words(own, named),
        *_of_short_words(own, named),
        *_of_classes(own, named),
    ):
        found.setdefault(value, why)
    return found


def numbered_twice(names: Iterable[str]) -> set[str]:
    """Return the names of families in which one has a number of its own and one of its place.

    `PORT2_ID_2` is no name: the code numbers its ports, and each test anew.
    """
    named = set(names)
    told = {
        _unnumbered(name)
        for name in named
        if NUMBER.search(INVENTED.sub("", name)) and INVENTED.search(name)
    }
    return {name for name in named if _unnumbered(name) in told}


def _of_places(own: Names, named: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the values that data keep, or a thing of no name as its own id, or that may not exist.

    What a module or a class writes down is left as it is: a name for the rest would be half.
    """
    # What tells a module's names, or shows its source, may tell of a new constant.
    read = reflection.reaches_names(own.module) or reflection.reads_code(own.module)
    for value in named:
        literals = own.literals.by_value[value]
        if read:
            yield value, f"line {read} reads the module's own names or source"
        kept = [item.node.lineno for item in literals if _is_data(item, own)]
        if kept and len(literals) > len(kept):
            yield value, f"the data in line {kept[0]} keep it; name them together by hand"
        for item in literals:
            name = together.holder(item.node, own.literals.parents)
            if name in IDS and item.open and own.role(item) is None:
                yield value, f"nothing says whose `{name}` it is in {_place(item)}"
            if item.open and (alike := next(together.alike(item.node, own.module), "")):
                yield value, f"`{alike}` beside it is written as an id, too, and stays"
        if keeper := next(packages.data(own.module, value, own.project), ""):
            yield value, f"`{keeper}` holds it already"
        if any(reflection.binds_by_itself(item.node, own.module) for item in literals):
            yield value, METACLASS
        if len(literals) == 1 and own.literals.absence.is_expected(literals[0].node):
            yield value, "the test expects that something is not found"


def _is_data(literal: Literal, own: Names) -> bool:
    """Tell whether a literal stands in what the module or a class writes down, and is no name's."""
    named = isinstance(own.literals.parents.of(literal.node), ast.Assign | ast.AnnAssign)
    return literal.function is None and literal.verdict is Verdict.LEAVE and not named


def _place(literal: Literal) -> str:
    return f"`{literal.function.name}`" if literal.function else "the module"


def _of_numbers(named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants of families whose numbers say nothing, or something else."""
    families: dict[str, list[str]] = {}
    for value, name in named.items():
        families.setdefault(_unnumbered(name), []).append(value)
    for values in families.values():
        names = [named[value] for value in values]
        invented = [name for name in names if INVENTED.search(name)]
        given = [name for name in names if name not in invented and NUMBER.search(name)]
        why = ""
        if invented and given:
            why = f"`{invented[0]}` beside `{given[0]}` is numbered by nothing but its place"
        elif len(values) > MOST and invented:
            why = f"{len(values)} such ids differ in a number that says nothing"
        elif invented and _are_numbered(values) and values != sorted(values):
            why = f"the digits of the values number them otherwise than `{invented[0]}` does"
        if why:
            yield from ((value, why) for value in values)


def _of_gaps(own: Names, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants that are numbered although nothing is called so without a number.

    The file speaks of that name in a text, as code does that binds it from outside, or has it in
    another spelling.
    """
    for value, name in named.items():
        first = INVENTED.sub("", name)
        if first == name or first in named.values():
            continue
        if not any(first in bound_by(node) for node in own.module.near_word(first)):
            yield value, f"`{first}` is spoken of in this file, and nothing else is called so"


def _of_single_uses(own: Names, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants that stand once, beside others of their kind that do, or that are bound.

    Only their place says which number is whose, and which of them goes without one.
    """
    families: dict[str, list[str]] = {}
    for value, name in named.items():
        if len(own.literals.by_value[value]) == 1:
            families.setdefault(_unnumbered(name), []).append(value)
    for values in families.values():
        told = next((named[it] for it in values if INVENTED.search(named[it])), "")
        if told and (len(values) > 1 or INVENTED.sub("", told) not in named.values()):
            why = f"it stands once, and `{told}` is numbered by nothing but its place"
            yield from ((value, why) for value in values)


def _unnumbered(name: str) -> str:
    return NUMBER.sub("", name)


def _are_numbered(values: list[str]) -> bool:
    """Tell whether values differ in a few digits, which then number them."""
    return all(
        sum(one != other for one, other in zip(values[0], value, strict=True)) <= ALIKE
        for value in values
    )


def _of_words(own: Names, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants for which the file has a second word, as SERVER_ID and INSTANCE_UUID."""
    standing = [name for name, node in own.module.values.items() if _is_id(node)]
    called: dict[tuple[str, ...], dict[str, str]] = {}
    for name in (*named.values(), *standing):
        for kind in naming.kinds(_unnumbered(name), own.words):
            called.setdefault(kind, {}).setdefault(telling_apart.sound(_unnumbered(name)), name)
    for value, name in named.items():
        for kind in naming.kinds(_unnumbered(name), own.words):
            same = [it for it in called if _is_short_for(it, kind)]
            same = [kind, *same, *(it for it in called if _is_short_for(kind, it))]
            told = (item for it in same for item in called[it].items())
            others = [other for sound, other in told if not _is(sound, name)]
            if others:
                yield value, f"`{others[0]}` in this file is the same kind of thing by another word"
                break


def _of_short_words(own: Names, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants whose thing is called by letters that begin a word of the file.

    So does SEC in a file that speaks of security groups; none that has a `get_vpc` for a VPC.
    """
    text = own.module.source.utf8
    for value, name in named.items():
        about = naming.subject(_unnumbered(name), own.words).lower()
        if len(about) > SHORT or about not in naming.without_id(name).split("_"):
            continue
        full = re.search(rf"(?<![a-z]){about}(?!\w{{0,3}}(?:ed|ing|s)\b)[a-z]{{3,}}".encode(), text)
        if full and not re.search(rf"(?:{'|'.join(ACTING)})_{about}s?\b".encode(), text):
            why = f"`{about}` may be short for `{full[0].decode()}`, of which this file speaks"
            yield value, why


def _of_classes(own: Names, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the constants whose name a class of the module gives another id."""
    for value, name in named.items():
        first = INVENTED.sub("", name)
        for owner in own.module.classes.values():
            held = owner.attributes.get(first)
            if held is not None and _is_id(held) and constant_string(held) != value:
                yield value, f"`{owner.name}.{first}` is another one"


def _is_short_for(short: tuple[str, ...], kind: tuple[str, ...]) -> bool:
    """Tell whether one word stands for several: FIP for FLOATING IP, LB for LOAD BALANCER."""
    if len(short) != 1 or not kind[1:] or not all(kind):
        return False
    initials = "".join(word[0] for word in kind)
    return short[0] in (initials, initials[:-1] + kind[-1])


def _is(sound: str, name: str) -> bool:
    return sound == telling_apart.sound(_unnumbered(name))


def _is_id(node: ast.expr) -> bool:
    return EXACT.fullmatch(constant_string(node) or "") is not None
