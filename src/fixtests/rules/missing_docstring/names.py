"""What the words of a comment have in common with the name of its test."""

from __future__ import annotations

import re

from fixtests.syntax.queries import Function, bound_names

REQUESTS = frozenset({"post", "put"})
SETS_UP = re.compile(
    r"(?:mock|stub|fake|patch|set|set ?up|simulate|pretend|prepare|define|declare|generate"
    r"|initiali[sz]e|instantiate|emulate|use|assume|avoid)\b"
)
MAKES = frozenset({"add", "build", "boot", "creat", "mak"})  # without their endings
FILLERS = frozenset(
    {"a", "an", "the", "of", "for", "to", "and", "or", "in", "on", "with", "by", "from"}
    | {"is", "are", "be", "it", "its", "this", "that"}
)
# Of 88 comments with as many of their words in the test's name, developers of OpenStack made a
# docstring of 82 by hand.
SAYS_THE_NAME = 0.7
LONG_NAME = 3  # words
FETCHING = frozenset({"fetch", "find", "get", "load", "show"})
HALF = 2
LOOKS = {"list": "get", "show": "get"}  # one deed by other words
# What tests do one after the other.
ACTS = ("add", "call", "create", "delete", "get", "list", "remove", "set", "show", "update")


def stem(text: str) -> str:
    """Return the first word of a comment without its ending."""
    return _bare(first_word(text))


def first_word(text: str) -> str:
    """Return the first word of a text in small letters, empty where it has none."""
    word = re.match(r"\W*(\w+)", text)
    return word[1].lower() if word else ""


def opens_with_deed(text: str) -> bool:
    """Tell whether a comment begins with what is done."""
    return _one_look(stem(text)) in _deeds()


def _bare(word: str) -> str:
    return re.sub(r"(?:ies|ing|ed|es|s|e|y)$", "", word) if len(word) > 3 else word


def says_name(text: str, name: str) -> bool:
    """Tell whether a comment says all that a test's name says, and more."""
    words = [word for word in name.lower().split("_")[1:] if word and word not in FILLERS]
    named = {_bare(word) for word in words if word not in REQUESTS}
    said = {_bare(word) for word in re.findall(r"\w+", text) if word not in FILLERS}
    opens = first_word(text) not in FILLERS and not only_prepares(text, name)
    return opens and len(words) > 1 and bool(named) and named < said


def repeats_name(text: str, name: str) -> bool:
    """Tell whether a comment says little but what a test's name says, and none of its deeds less.

    A test that creates, updates and deletes may begin with a comment on the creation.
    """
    said = _said(text)
    looked, meant = set(map(_one_look, said)), set(map(_one_look, [*_named(name), "test"]))
    if len(said) < 2 or not says_deeds(text, name) or (_deeds() & looked) - meant:
        return False
    if only_prepares(text, name) or _is_half(said, name):
        return False
    return sum(_one_look(word) in meant for word in said) >= SAYS_THE_NAME * len(said)


def _is_half(said: list[str], name: str) -> bool:
    """Tell whether two words are all that a comment says of a name of twice as many.

    `create a pool` in a test of the creation of a duplicate says what its first line does.
    """
    named = set(_named(name)) - FILLERS
    return len(said) == HALF and named >= set(said) and len(named) >= HALF * HALF


def says_deeds(text: str, name: str) -> bool:
    """Tell whether a comment says each deed that is in a test's name."""
    return not (_deeds() & set(map(_one_look, _named(name)))) - set(map(_one_look, _said(text)))


def only_prepares(text: str, name: str) -> bool:
    """Tell whether a comment begins with a preparation, as `create` in a test of another deed."""
    made = stem(text)
    return SETS_UP.match(text) is not None or (made in MAKES and made not in _named(name)[:2])


def is_name(text: str, name: str) -> bool:
    """Tell whether a comment has the words of a test's name, no more and no less."""
    said, named = sorted(_said(text)), sorted(set(_named(name)) - FILLERS)
    return len(said) > 1 and said == named


def says_long_name(text: str, name: str) -> bool:
    """Tell whether a comment says all of a name that is too long for one step of a test."""
    named = set(_named(name)) - FILLERS
    said = {_bare(word) for word in re.findall(r"(?<!\w)[a-z0-9]+(?!\w)", text)}
    opens = first_word(text) not in FILLERS and not only_prepares(text, name)
    return len(named) > LONG_NAME and opens and named < said


def opens_like_name(text: str, name: str) -> bool:
    """Tell whether a comment does what a name does, to the same thing, and tells more of it."""
    said, named = _said(text), _named(name)
    if len(named) < 2 or _one_look(named[0]) not in _deeds() or not says_deeds(text, name):
        return False
    return len(said) > len(named[:2]) + 1 and said[:2] == named[:2]


def _said(text: str) -> list[str]:
    return [_bare(word) for word in re.findall(r"[a-z0-9]+", text) if word not in FILLERS]


def _named(name: str) -> list[str]:
    return [_bare(word) for word in name.lower().split("_")[1:] if word]


def _deeds() -> set[str]:
    return {_one_look(_bare(word)) for word in ACTS}


def _one_look(word: str) -> str:
    return LOOKS.get(word, word)


def shared(text: str, name: str) -> int:
    """Return how many words of a test's name a comment says, those of what is not said aside."""
    return len(_shared(text, name))


def fits_both(text: str, name: str, other: str) -> bool:
    """Tell whether a comment says the same words of the names of two tests.

    Else it was written for one of them, and copied to the other.
    """
    said = _shared(text, name)
    return bool(said) and said == _shared(text, other)


def _shared(text: str, name: str) -> set[str]:
    named = {word for word in _named(name) if len(word) > 2}
    return (named - FILLERS) & set(_said(text))


def says_another_deed(text: str, name: str) -> bool:
    """Tell whether a comment speaks of a deed that the name of its test does not say, instead."""
    said = {_one_look(_bare(word)) for word in re.findall(r"[a-z0-9]+", text)}
    named = {_one_look(_bare(word)) for word in name.lower().split("_")}
    deeds = _deeds()
    return bool(deeds & said - named) and bool(deeds & named) and not deeds & named & said


def names_first_result(text: str, function: Function) -> bool:
    """Tell whether a comment speaks of what the first of several statements binds."""
    words = re.findall(r"[a-z0-9]+", text)
    named = function.name.lower().split("_")
    bound = [name.lower().strip("_").split("_") for name in bound_names(function.body[0])]
    return len(function.body) > 1 and any(
        len(parts) > 1 and parts == words[at : at + len(parts)] and not set(parts) <= set(named)
        for parts in bound
        for at in range(len(words))
    )


def fetches_first_result(text: str, function: Function) -> bool:
    """Tell whether a comment fetches what the first of several statements binds, and no more.

    The test's name goes on: `get a volume` in a test of a volume's attributes is its first step.
    """
    *_, last = re.findall(r"[a-z0-9]+", text) or [""]
    named = function.name.lower().split("_")
    goes_on = len(function.body) > 1 and last in named[:-1] and last != named[-1]
    bound = [name.lower() for name in bound_names(function.body[0])]
    return goes_on and first_word(text) in FETCHING and bound == [last]
