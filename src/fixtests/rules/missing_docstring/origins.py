"""Comments on where a test comes from, what it needs, or what there is before it does anything."""

from __future__ import annotations

import re

from fixtests.rules.missing_docstring import names
from fixtests.syntax.queries import Function, constant_string, walk

# `tests cribbed from lamps.py`, `copy of LampsTest.test_light()`
TAKEN = re.compile(
    r"(?:(?:tests?|code|this(?: \w+)?) )?(?:(?:is|was|are|were) )?(?:\w+ly )?"
    r"(?:adapted|borrowed|cloned|copied|cribbed|lifted|ported|stolen|taken) (?:\w+ly )?from\b"
    r"|(?:an? |an exact |exact )?(?:clone|copy|duplicate) of (?:the )?`*(?=\S*[A-Z_.(])\w",
)
NEEDS = re.compile(r"(?:requires|needs|depends on)\b")
# What there is at the start, told behind what the test is for.
BEFORE = re.compile(r"[.!?]\s+(?:initially|at first|to (?:begin|start) with)\b")
UNFINISHED = re.compile(r"\b(?:an?|the|with) (?:in)?valid$")
STATE = re.compile(r"\w+(?:ing|ed)$")
VALUE = re.compile(r"(\w{3,}) (?:is|are|was|does|has|should)\b")


def said(text: str, function: Function) -> str:
    """Return why a comment is about something else than what its whole test is for, in words."""
    first = text[:1].lower() + text[1:]
    lower = text.lower()
    if TAKEN.match(first):
        return "its first comment says where the code comes from"
    if NEEDS.match(lower) and names.shared(lower.split()[0], function.name) == 0:
        return "its first comment says what there has to be"
    if UNFINISHED.search(lower):
        return "its first comment is not finished"
    if BEFORE.search(lower) or _brings_about(lower, function.name):
        return "its first comment speaks of the first step"
    if _is_of_value(lower, function):
        return "its first comment begins with a value of the test"
    return ""


def _brings_about(text: str, name: str) -> bool:
    """Tell whether a comment orders what the end of a test's name says to be so already.

    `Light the lamp.` in `test_lamp_lighted` is what its first lines do.
    """
    *before, last = name.lower().split("_")
    word = names.first_word(text)
    state = STATE.fullmatch(last) is not None and STATE.fullmatch(word) is None
    return state and len(before) > 1 and names.stem(word) == names.stem(last) and word != last


def _is_of_value(text: str, function: Function) -> bool:
    """Tell whether a comment begins with what a query in the test gives: `?sort=foo`."""
    value = VALUE.match(text)
    if value is None or value[1] in function.name.lower().split("_"):
        return False
    given = re.compile(rf"={re.escape(value[1])}(?!\w)", re.IGNORECASE)
    return any(given.search(constant_string(node) or "") for node in walk(function))
