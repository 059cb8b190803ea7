"""Names for values, from the identifiers that stand around them."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping

from fixtests.tree.profile_words import Words

HEX = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
ID = {"ID", "UUID", "GUID", "REF", "HREF"}
SEVERAL = {"IDS": "ID", "UUIDS": "UUID", "GUIDS": "GUID", "REFS": "REF"}
VAGUE = ID | {
    "IDS", "UUIDS", "VALUE", "VALUES", "RETURN", "SIDE", "EFFECT", "EXPECTED", "ACTUAL", "OBSERVED",
    "RESULT", "RESULTS", "DATA", "KEY", "NAME", "ARG", "ARGS", "KWARGS", "PARAM", "PARAMS", "BODY",
    "SELF", "FAKE", "TEST", "MOCK", "CALL", "CALLS", "CALLED", "WITH", "ONCE", "ASSERT", "HAS",
    "ANY", "DICT", "LIST", "STR", "OBJ", "OBJECT", "ITEM", "MSG", "REQ", "RESP", "RESPONSE", "POST",
    "X", "FROM", "DB", "FORMAT", "JOIN", "APPEND", "UPDATE", "PATCH", "GET", "SET", "NEW", "OLD",
    "UNIQUE", "THE", "EXTRA", "ATTRS", "FIELDS", "SOURCE", "INFO", "STUB", "OUT", "NESTED", "MAGIC",
    "RETVAL", "ALL", "CURRENT", "FIND", "CONTEXT", "ATTRIBUTE", "ATTRIBUTES", "FIXTURE", "CONTENT",
    "CONTENTS", "M", "ONE", "CONFIG", "MODEL", "META", "METADATA", "EXC",
    "EXCEPTION", "ERROR", "CM", "RO", "RW", "ARGLIST", "ARGV", "VERIFYLIST", "RES", "RET",
    "MARKER", "PAYLOAD", "PAYLOADS", "EDGE", "EDGES", "PARENT", "PARENTS",
}  # fmt: skip
NOISE = {
    "ACTUAL", "ARG", "ARGS", "ASSERT", "BODY", "DATA", "DICT", "EFFECT", "EXPECTED", "FIND", "GET",
    "INFO", "KWARGS", "LIST", "META", "METADATA", "MOCK", "MODEL", "MSG", "OBJ", "OBJECT",
    "OBSERVED", "PARAM", "PARAMS", "REQ", "RESP", "RESPONSE", "RESULT", "RESULTS", "RETURN",
    "RETVAL", "SIDE", "TEST", "VALUE", "VALUES", "X",
}  # fmt: skip
COMPLETE = {"TOKEN", "SECRET", "PASSWORD"}  # what is its own value, not something with an id


def words(identifier: str) -> list[str]:
    """Return the words of an identifier in capitals: `imageRef` has IMAGE and REF.

    A key that is an id itself names nothing.
    """
    if HEX.search(identifier):
        return []
    found = [word.upper() for word in WORD.findall(identifier)]
    glued = re.fullmatch(r"([A-Z]{3,}?)(UUID|ID)S?", found[-1]) if found else None
    return [*found[:-1], *glued.groups()] if glued and found[-1] not in ID else found


def singular(word: str) -> str:
    """Return a plural word without its ending."""
    if len(word) <= 3 or not word.endswith("S") or word.endswith(("SS", "US", "IS", "IAS")):
        return word
    if word.endswith("IES"):
        return f"{word[:-3]}Y"
    return word[:-2] if word.endswith(("SSES", "XES", "CHES", "SHES", "IASES")) else word[:-1]


def constant(identifiers: Iterable[str], vocabulary: Words) -> str:
    """Return the name of a constant for the first identifier that says something."""
    last = "ID"
    for identifier in identifiers:
        found = _trimmed(_before_by(words(identifier)))
        if found and found[-1] in SEVERAL:
            found[-1] = SEVERAL[found[-1]]
        suffix = found.pop() if found and found[-1] in ID else ""
        found = _trimmed(found)
        if all(_stem(word) in VAGUE or len(word) < 2 for word in found):
            last = suffix or last
            continue
        if not suffix:
            found[-1] = singular(found[-1])
            suffix = "" if found[-1] in COMPLETE else last
        return "_".join([*found, suffix] if suffix else found)
    return vocabulary.unnamed


def resources(identifiers: Iterable[str], vocabulary: Words) -> set[str]:
    """Return the kinds of resource that some identifiers speak of, for each its last one."""
    same = vocabulary.same
    kinds = ([same.get(_stem(word), _stem(word)) for word in words(item)] for item in identifiers)
    found = ([kind for kind in item if kind in vocabulary.things] for item in kinds)
    return {item[-1] for item in found if item}


def agreed(names: list[str], vocabulary: Words) -> str:
    """Return the name that most places want, a neutral one where too many speak of other things."""
    subjects = {name: _subject(name, vocabulary) for name in names if name != vocabulary.unnamed}
    telling = [name for name in names if name in subjects]
    if not telling:
        return vocabulary.unnamed
    subject, votes = Counter(subjects[name] for name in telling).most_common(1)[0]
    others = {*vocabulary.things} & {*subjects.values()} - {subject}
    if others or votes * 3 <= len(telling) * 2:
        return vocabulary.unnamed
    return Counter(name for name in telling if subjects[name] == subject).most_common(1)[0][0]


def meaning(name: str) -> tuple[str, ...]:
    """Return what a constant's name says, without its number and the kind of its id."""
    found = (_stem(word) for word in name.split("_"))
    return tuple(word for word in found if word and word not in ID and word != "FAKE")


def _stem(word: str) -> str:
    """Return a word without the number at its end."""
    return word.rstrip("0123456789")


def _before_by(found: list[str]) -> list[str]:
    """Return words without what follows BY: `get_trigger_by_id` is about a trigger."""
    return found[: found.index("BY")] if "BY" in found[1:] else found


def _trimmed(found: list[str]) -> list[str]:
    """Return words without numbers before them and without noise on either side."""
    begin, end = 0, len(found)
    while begin < end and (not _stem(found[begin]) or _stem(found[begin]) in NOISE):
        begin += 1
    while begin < end and _stem(found[end - 1]) in NOISE:
        end -= 1
    return found[begin:end]


def _subject(name: str, vocabulary: Words) -> str:
    """Return what a constant's name is about: the last word before `ID`."""
    found = [vocabulary.same.get(_stem(word), _stem(word)) for word in name.split("_")]
    return next((word for word in reversed(found) if word and word not in ID), "")


def distinct(
    wanted: Mapping[str, list[str]],
    vocabulary: Words,
    taken: Iterable[str],
    bound: Container[str] = (),
) -> dict[str, str]:
    """Give each value the name agreed for it, none twice and none that is taken or bound.

    Values come in the order in which they are to be served; later ones get
    `_2`, `_3` and so on.
    """
    used = {*taken, *dir(builtins), *keyword.kwlist}
    found: dict[str, str] = {}
    for value, names in wanted.items():
        name = best = agreed(names, vocabulary)
        number = 1
        while name in used or name in bound:
            number += 1
            name = f"{best}_{number}"
        used.add(name)
        found[value] = name
    return found
