"""What a value stands for by all its literals, each of which may say something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from fixtests.rules.literal_uuid.naming import ID, OTHER, Role, without_id

RELATING = {"ACTUAL", "CURRENT", "EXTERNAL", "INTERNAL", "ORIG", "ORIGINAL"}  # of one place
ANY = "RESOURCE"  # what everything is that has an id
GENERIC = "elsewhere in the file it is the id of a resource, of whatever kind"
NUMBERED = re.compile(r"\d")


@dataclass(frozen=True)
class Left:
    """A value that gets no name, and why."""

    doubt: str


def weighed(
    told: Sequence[Role], held: Sequence[Role], things: Container[str]
) -> Role | Left | None:
    """Return what a value stands for by all its literals, None where nothing tells.

    Only what tells most counts; what locals are called, which hold the value, before all else.
    Where that speaks of more than one thing, or any literal speaks clearly of another one, the
    value stands for several, none of which can name it.
    """
    if not told:
        return None
    specific = told if held else _specific(told, things)
    if len(specific) < len(told):
        kind = weighed(specific, (), things)
        if isinstance(kind, Role) and not kind.doubt:
            return replace(kind, doubt=GENERIC)
        return kind
    everything = [*held, *told]
    strongest = max(item.strength for item in held or told)
    best = [item for item in held or told if item.strength == strongest]
    about, _ = Counter(item.subject for item in best).most_common(1)[0]
    clear = [
        item
        for item in told
        if item.strength >= min(strongest, 2) or (item.owned and not (held and item.is_composed))
    ]
    rest = [item for item in clear if not _related(item.subject, about)]
    others = [item for item in best if not _related(item.subject, about)]
    torn = len(others) * 3 > len(best) or any(item.subject in things for item in others)
    if torn or rest:
        named = [item for item in best if item.subject == about]
        return _several([*named, *others, *rest, *everything], things)
    said = _most_said([item for item in best if item.subject == about], everything)
    said = _plainer(said, everything)
    doubtful = [item for item in told if item.guessed or item.subject in OTHER]
    beside = [item for item in doubtful if not _related(item.subject, about)]
    if len(beside) > 1 and 2 * len(beside) >= len(best):
        return _several([said, *beside], things)
    spoken = sum(item.strength > 1 for item in told) > len(held)  # by more than the locals
    if beside and spoken and not said.doubt:
        other = without_id(beside[0].name)
        said = replace(said, doubt=f"elsewhere in the file it stands beside `{other}`")
    return said


def _specific(roles: Sequence[Role], things: Container[str]) -> Sequence[Role]:
    """Return the roles that say which kind of resource it is, all where that is not known."""
    found = [item for item in roles if item.subject != ANY]
    return found if found and all(item.subject in things for item in found) else roles


def _several(roles: Sequence[Role], things: Container[str]) -> Left:
    """Say that a value stands for several things, and for which where these are such."""
    clear = [item for item in roles if item.strength > 1 or item.subject in things]
    named = {item.subject: without_id(item.name) for item in reversed(clear)}
    listed = [*dict.fromkeys(named[item.subject] for item in clear)]
    what = f"several things are named beside it ({', '.join(listed)})"
    if len(listed) == 1:
        what = f"not all that is beside it speaks of `{listed[0]}`"
    elif not listed:
        what = "what is beside it speaks of several things"
    return Left(f"{what}; name it, or give each an id")


def _most_said(best: Sequence[Role], everything: Sequence[Role]) -> Role:
    """Return the role whose name most have, of several the shortest one, with its number.

    Two numbers speak of two things, or of one that has none of its own.
    """
    named = Counter(item.name for item in best)
    most = max(named.values())
    often = [item for item in best if named[item.name] == most]
    found = min(often, key=lambda item: (item.name.count("_"), bool(item.doubt)))
    called = {_base(item.name): item.name for item in best}
    if not any(all(base.endswith(shortest) for base in called) for shortest in called):
        listed = ", ".join(sorted(called.values()))
        found = replace(found, doubt=f"it is called as many things ({listed})")
    numbers = {item.number for item in everything if _related(item.subject, found.subject)} - {""}
    if not numbers:
        return found
    if len(numbers) > 1:
        said = ", ".join(sorted(number.strip("_") for number in numbers))
        return replace(found, number="", doubt=f"what holds it is numbered {said}")
    (number,) = numbers
    return replace(found, name=_numbered(found.name, number), number=number)


def _plainer(said: Role, everything: Sequence[Role]) -> Role:
    """Return a role without what says how one place is related to its thing: PORT for INTERNALPORT.

    That is where as many places do not say it.
    """
    if said.name.partition("_")[0] not in RELATING:
        return said
    base = _base(said.name)
    counted = Counter(name for item in everything if (name := _base(item.name)))
    plain = [name for name in counted if name != base and base.endswith(name)]
    most = max(plain, key=counted.__getitem__, default=base)
    if counted[most] < counted[base]:
        return said
    return _most_said([item for item in everything if _base(item.name) == most], everything)


def _numbered(name: str, number: str) -> str:
    """Return a name with a number after the thing: `VOLUME2_ID`, `VOLUME_2_ID`."""
    if NUMBERED.search(name):
        return name
    thing, _, suffix = name.rpartition("_")
    return f"{thing}{number}_{suffix}" if thing and suffix in ID else f"{name}{number}"


def _base(name: str) -> str:
    """Return what a name is about, without numbers and underscores."""
    return NUMBERED.sub("", "".join(word for word in name.split("_") if word not in ID))


def _related(one: str, other: str) -> bool:
    """Tell whether two words are of one thing, as GROUP and CONSISTENCYGROUP are."""
    return one.endswith(other) or other.endswith(one)
