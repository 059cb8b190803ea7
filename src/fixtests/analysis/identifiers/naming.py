"""Names for values, from the identifiers that stand around them."""

from __future__ import annotations

import builtins
import itertools
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping

HEX = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
ID = {"ID", "UUID", "GUID", "REF", "HREF"}
VAGUE = ID | {
    "IDS", "UUIDS", "VALUE", "VALUES", "RETURN", "SIDE", "EFFECT", "EXPECTED", "ACTUAL", "OBSERVED",
    "RESULT", "RESULTS", "DATA", "KEY", "NAME", "ARG", "ARGS", "KWARGS", "PARAM", "PARAMS", "BODY",
    "SELF", "FAKE", "TEST", "MOCK", "CALL", "CALLS", "CALLED", "WITH", "ONCE", "ASSERT", "HAS",
    "ANY", "DICT", "LIST", "STR", "OBJ", "OBJECT", "ITEM", "MSG", "REQ", "RESP", "RESPONSE", "POST",
    "X", "FROM", "DB", "FORMAT", "JOIN", "APPEND", "UPDATE", "PATCH", "GET", "SET", "NEW", "OLD",
    "UNIQUE", "THE", "EXTRA", "ATTRS", "FIELDS", "SOURCE", "INFO", "STUB", "OUT", "NESTED", "MAGIC",
    "RETVAL", "ALL", "CURRENT", "FIND", "CONTEXT", "ATTRIBUTE", "ATTRIBUTES", "FIXTURE", "CONTENT",
    "CONTENTS", "RECORD", "RECORDS", "M",
}  # fmt: skip
PLAIN = "FAKE_UUID"
RESOURCES = {
    "AGGREGATE", "ATTACHMENT", "BACKUP", "CHASSIS", "FLAVOR", "GROUP", "HOST", "IMAGE", "INSTANCE",
    "KEYPAIR", "MIGRATION", "NETWORK", "NODE", "PORT", "PROJECT", "ROUTER", "SERVER", "SHARE",
    "SNAPSHOT", "SUBNET", "TENANT", "USER", "VOLUME",
}  # fmt: skip
SAME = {"SERVER": "INSTANCE", "NET": "NETWORK", "TENANT": "PROJECT"}


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
    plural = len(word) > 3 and word.endswith("S") and not word.endswith(("SS", "US", "IS"))
    return word[:-1] if plural else word


def constant(identifiers: Iterable[str]) -> str:
    """Return the name of a constant for the first identifier that says something."""
    last = "ID"
    for identifier in identifiers:
        found = list(itertools.dropwhile(lambda word: word[0].isdigit(), words(identifier)))
        if not found:
            continue
        if all(word in VAGUE for word in found):
            last = found[-1] if found[-1] in ID else last
            continue
        found[-1] = singular(found[-1])
        return "_".join(found if found[-1] in ID else [*found, last])
    return PLAIN


def resources(identifiers: Iterable[str]) -> set[str]:
    """Return the kinds of resource that some identifiers speak of."""
    found = {SAME.get(word, word) for item in identifiers for word in words(item)}
    return found & RESOURCES


def agreed(names: list[str]) -> str:
    """Return the name most often wanted, a neutral one where they speak of several resources."""
    kinds = [found for name in names if (found := resources([name]))]
    if kinds and not set.intersection(*kinds):
        return PLAIN
    telling = [name for name in names if name != PLAIN] or names
    return Counter(telling).most_common(1)[0][0]


def distinct(wanted: Mapping[str, list[str]], taken: Iterable[str]) -> dict[str, str]:
    """Give each value the name agreed for it, none twice and none that is taken.

    Values come in the order in which they are to be served; later ones get
    `_2`, `_3` and so on.
    """
    used = {*taken, *dir(builtins), *keyword.kwlist}
    found: dict[str, str] = {}
    for value, names in wanted.items():
        name = best = agreed(names)
        number = 1
        while name in used:
            number += 1
            name = f"{best}_{number}"
        used.add(name)
        found[value] = name
    return found
