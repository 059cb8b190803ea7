"""Names for values, from the identifiers that stand around them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fixtests.reasoning.words import PREFIXED, acts
from fixtests.rules.literal_uuid.evidence import Hint, Kind
from fixtests.tree.profile_words import Words

HEX = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
OR_NAME = re.compile(r"(?<![a-z])name_or_(?=id|uuid)|(?<=id)_or_name(?![a-z])")
WORD = re.compile(r"[0-9]+(?:st|nd|rd|th)(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
ID = {"ID", "UUID", "GUID", "REF", "HREF"}
OF_OBJECTS = {"REF", "HREF"}  # what has an id of its own may be called so, too
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
    "GOT", "FOUND", "WANTED", "RETURNED", "SENT", "VAL", "VALS", "RECORD", "ROW", "ENTRY", "FOO",
    "BAR", "BAZ", "TMP", "INPUT", "OUTPUT", "ELEMENT", "FIELD", "DUMMY", "SAMPLE", "EXAMPLE",
    "CLS", "DIC", "FLAGS", "RANDOM", "MARKER", "PAYLOAD", "PAYLOADS", "EDGE", "EDGES", "PARENT",
    "PARENTS", "PAGING",
}  # fmt: skip
THINGS = {"CONFIG", "ENTRY", "KEY", "MODEL", "RECORD"}  # vague, but for a key that is its id
OTHER = {"OBJECT", "PARENT", "SOURCE"}  # whose ids stand beside a thing's own
COMPARING = {"DIFFERENT", "SAME"}  # before what is to be shared with an id's owner, or not
JOINING = frozenset(  # no noun's
    ("AND", "FOR", "FROM", "IN", "IS", "MATCH", "NOT", "OF", "ON", "OR", "TO", "WITH")
)
NOISE = {
    "ACTUAL", "ARG", "ARGS", "ASSERT", "ATTR", "ATTRS", "BASIC", "BODY", "DATA", "DETAIL",
    "DETAILS", "DICT", "DUMMY", "EFFECT", "EXPECTED", "FAKE", "FIND", "GENERIC", "GET", "INFO",
    "KWARGS", "LIST", "M", "META", "METADATA", "MINIMAL", "MOCK", "MODEL", "MSG", "MULTI", "MY",
    "OBJ", "OBJECT", "OBSERVED", "OS", "PARAM", "PARAMS", "REQ", "RESP", "RESPONSE", "RESULT",
    "RESULTS", "RETURN", "RETVAL", "SIDE", "SIMPLE", "TEST", "UPDATE", "UPDATES", "VALUE", "VALUES",
    "X",
}  # fmt: skip
SHORT_PLURALS = {"IPS", "LBS", "VFS", "VMS"}
KEPT = {"DATA", "DETAIL", "DETAILS", "INFO", "METADATA"}  # before an ID what has it
ITSELF = {"DICT", "LIST", "MOCK", "MODEL", "OBJ", "OBJECT"}  # noise behind the name of a thing
PARTICIPLE = re.compile(r"[A-Z]{2,}[^AEIOU]ED")  # LOADED is no thing, a FEED is one
MOST_WORDS = 3  # of a thing's name
# What is its own value, not something with an id.
COMPLETE = {
    *("ETAG", "FSID", "IDENTIFIER", "KEY", "NGUID", "NONCE", "OID", "PASSWORD", "SECRET", "SERIAL"),
    *("TAG", "TOKEN", "UID"),
}
LONE = {"IDENTIFIER", "OID", "TAG", "UID"}  # of these, what does not say by itself whose they are


def words(identifier: str) -> list[str]:
    """Return the words of an identifier in capitals: `imageRef` has IMAGE and REF.

    A key that is an id itself names nothing, and an id that may be a name as well, as
    `name_or_id` is, stays an id.
    """
    if HEX.search(identifier):
        return []
    found = [word.upper() for word in WORD.findall(OR_NAME.sub("", identifier))]
    glued = re.fullmatch(r"([A-Z]{3,}?)(UUID|ID)S?", found[-1]) if found else None
    divided = glued and found[-1] not in ID | COMPLETE
    return [*found[:-1], *glued.groups()] if glued and divided else found


def singular(word: str) -> str:
    """Return a plural word without its ending."""
    stem = _stem(word)
    if stem != word:
        return singular(stem) + word[len(stem) :]
    if word in SHORT_PLURALS:
        return word[:-1]
    if len(word) <= 3 or not word.endswith("S") or word.endswith(("SS", "US", "IS", "IAS")):
        return word
    if word.endswith("IES"):
        return f"{word[:-3]}Y"
    return word[:-2] if word.endswith(("SSES", "XES", "CHES", "SHES", "IASES")) else word[:-1]


@dataclass(frozen=True)
class Role:
    """What a literal stands for: the constant that says so, what it is about, how much told it.

    `strength` is 3 where an identifier says itself whose id it holds, as `volume_id` does, 2 where
    a resource is named that the value is the id of, 1 where something else is named. `number` is
    what the code around it numbers that thing with, `doubt` why the name is a guess. It is `owned`
    where it is an id, and what has that id is named by a word that nobody knows as a resource.
    """

    name: str
    subject: str
    strength: int
    number: str = ""
    doubt: str = ""
    owned: bool = False

    @property
    def is_composed(self) -> bool:
        """Whether several words say what it is, as locals that keep things are called."""
        return self.name.count("_") > 1

    @property
    def guessed(self) -> bool:
        """Whether something is named, but nothing says that this has an id."""
        return self.strength == 1 and self.doubt != ""


def role(hints: Iterable[Hint], vocabulary: Words, prefixes: Container[str] = ()) -> Role | None:
    """Return what a literal stands for by the first hint that says something.

    `prefixes` are what names of functions begin with that is no part of the thing's name.
    """
    found = _named(hints, vocabulary, prefixes)
    return replace(found, subject=subject(found.name, vocabulary)) if found else None


def subject(name: str, vocabulary: Words) -> str:
    """Return what a name is about: its last word but for those that say that it is an id."""
    stems = [_thing(word, vocabulary) for word in name.split("_")]
    last = next((word for word in reversed(stems) if word and word not in ID), "")
    if last in vocabulary.things:
        return last
    known = (word for word in (*vocabulary.same, *vocabulary.things) if last.endswith(word))
    glued = max(known, key=len, default=last)  # `testvol` is a volume
    return vocabulary.same.get(glued, glued)


def _named(hints: Iterable[Hint], vocabulary: Words, prefixes: Container[str] = ()) -> Role | None:
    """Return the role by the first hint that says something, without its subject."""
    last = ""
    for hint in hints:
        spelled = words(hint.identifier.partition("__")[0])
        if hint.kind is Kind.KEY and _tells_purpose(spelled):
            return None
        if _names_no_owner(hint.kind, spelled):
            continue
        if hint.kind is Kind.KEY and len(spelled) == 2 and spelled[0] in OTHER and spelled[1] in ID:
            return Role("_".join(spelled), "", 1)  # of something else than its owner
        found = _after_prefixes(hint, _trimmed(_before_by(spelled)), prefixes)
        if found and found[-1] in SEVERAL:  # `groups_ids` are ids of a group each
            found = [*found[:-2], *map(singular, found[-2:-1]), SEVERAL[found[-1]]]
        suffix = found.pop() if found and found[-1] in ID else ""
        suffix = last if suffix in OF_OBJECTS and last else suffix
        found = _trimmed(found, KEPT if suffix else ())
        own = hint.kind is Kind.KEY and suffix and any(word in THINGS for word in found)
        vague = not own and all(_is_vague(word) for word in found)
        if vague or (not suffix and JOINING.intersection(found)):
            last = suffix or last
            continue
        found = [_in_full(word, vocabulary) for word in found]
        if suffix:
            told = "_".join([*found, suffix])
            strength = 3 if hint.kind is Kind.KEY else 2
            return Role(told, "", strength, doubt=_long(found, hint.identifier))
        found[-1] = singular(found[-1])
        known = _thing(found[-1], vocabulary) in vocabulary.things
        if hint.kind is Kind.CALLED and not known:
            continue
        if not last and found[-1] in COMPLETE:
            lone = len(found) == 1 and found[0] in LONE
            whose = f"`{hint.identifier}` does not say whose it is" if lone else ""
            return Role("_".join(found), "", 1, doubt=whose)
        strength = 2 if known or hint.kind is Kind.NOUN else 1
        doubt = _long(found, hint.identifier)
        if not known and (_stem(spelled[-1]) in NOISE - ITSELF or (strength == 1 and not last)):
            doubt = f"`{hint.identifier}` does not say whose id it is"
        told = "_".join([*found, last or "ID"])
        return Role(told, "", strength, doubt=doubt, owned=strength == 1 and last != "")
    return None


def _after_prefixes(hint: Hint, found: list[str], prefixes: Container[str]) -> list[str]:
    """Return words without what names of functions begin with: `create_cinder_volume` makes one."""
    if hint.kind is Kind.CALLED and PREFIXED.match(hint.identifier):
        return found[2:]
    while hint.kind is not Kind.KEY and len(found) > 1 and found[0] in prefixes:
        found = found[1:]
    return found


def _names_no_owner(kind: Kind, spelled: Sequence[str]) -> bool:
    """Tell whether what has an id is not named, but what is asked for or done with the id.

    That are `show_request` and `resolve_ids(...)`.
    """
    if kind is Kind.NOUN:
        return len(spelled) > 1 and spelled[-1] == "REQUEST"
    *found, last = spelled or [""]
    acting = len(found) == 1 and acts(found[0].lower()) and last in {*ID, *SEVERAL}
    return kind is Kind.CALLED and acting


def _tells_purpose(spelled: Sequence[str]) -> bool:
    """Tell whether a key says what an id is for and not whose it is, as `marker` does.

    That is the id of the last item of the page before; `different_host` takes servers' ids, and a
    `name` is none.
    """
    named = [word for word in spelled if word not in ID]
    compares = len(named) > 1 and named[0] in COMPARING and spelled[-1] not in {*ID, *SEVERAL}
    return named[-1:] == ["MARKER"] or spelled in (["NAME"], ["REPLY", "TO"]) or compares


def _long(found: Sequence[str], identifier: str) -> str:
    """Say that the words of an identifier are too many, or no noun, for the name of a thing."""
    if len(found) > MOST_WORDS or JOINING.intersection(found[1:]):
        return f"`{identifier}` is no name of one thing"
    return ""


def resources(identifiers: Iterable[str], vocabulary: Words) -> set[str]:
    """Return the kinds of resource that some identifiers speak of, for each its last one."""
    kinds = ([_thing(word, vocabulary) for word in words(item)] for item in identifiers)
    found = ([kind for kind in item if kind in vocabulary.things] for item in kinds)
    return {item[-1] for item in found if item}


def mismatch(identifiers: Iterable[str], name: str, vocabulary: Words) -> str:
    """Say where a name speaks of another resource than the words around a literal."""
    about, kinds = resources(identifiers, vocabulary), resources([name], vocabulary)
    if about and kinds and not about & kinds:
        return f"`{name}` has the same value but names another resource"
    return ""


def _thing(word: str, vocabulary: Words) -> str:
    """Return the thing that a word stands for, the word itself where it stands for no other."""
    return vocabulary.same.get(_stem(word), _stem(word))


def _in_full(word: str, vocabulary: Words) -> str:
    """Return the word that a short form begins, as VOL does VOLUME."""
    stem = _stem(word)
    full = vocabulary.same.get(stem, stem)
    return full + word[len(stem) :] if full.startswith(stem) else word


def _is_vague(word: str) -> bool:
    stem = _stem(word)
    known = stem in VAGUE or singular(stem) in VAGUE
    return len(word) < 2 or known or PARTICIPLE.fullmatch(stem) is not None


def _stem(word: str) -> str:
    """Return a word without the number at its end."""
    return word.rstrip("0123456789")


def _before_by(found: list[str]) -> list[str]:
    """Return words without what follows BY: `get_trigger_by_id` is about a trigger."""
    return found[: found.index("BY")] if "BY" in found[1:] else found


def _trimmed(found: list[str], kept: Container[str] = ()) -> list[str]:
    """Return words without numbers before them and without noise on either side.

    Words that are `kept` stay behind another one.
    """
    begin, end = 0, len(found)
    while begin < end and (not _stem(found[begin]) or _stem(found[begin]) in NOISE):
        begin += 1
    while begin < end and _stem(found[end - 1]) in NOISE:
        if begin < end - 1 and _stem(found[end - 1]) in kept:
            break
        end -= 1
    return found[begin:end]


def about(identifier: str, vocabulary: Words) -> tuple[str, ...]:
    """Return whose id an identifier holds, in full words: VOLUME of `vol_id`; else nothing."""
    *found, last = words(identifier) or [""]
    return tuple(_in_full(word, vocabulary) for word in found) if last in ID else ()


def without_id(name: str) -> str:
    """Return what a constant is about, in small letters: `volume_2` for `VOLUME_ID_2`."""
    return "_".join(word for word in name.split("_") if word not in ID).lower() or name.lower()


def kinds(name: str, vocabulary: Words) -> Iterator[tuple[str, ...]]:
    """Yield the kind of thing that a constant is named after, then what it may be said as shorter.

    Things before the last one say whose it is: COMPUTE_NODE_ID may be NODE_ID, OLD_PORT_ID is
    not PORT_ID.
    """
    found = [_thing(word, vocabulary) for word in name.split("_") if word not in ID]
    yield tuple(found)
    while len(found) > 1 and found[0] in vocabulary.things:
        del found[0]
        yield tuple(found)
