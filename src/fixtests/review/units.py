"""What a piece of a review is, told by its words: a label, a greeting, a place, a title."""

from __future__ import annotations

import re

from fixtests.review import phrases, places, rows
from fixtests.review.claim import Place
from fixtests.review.sentences import FAULT

LABEL = re.compile(
    rf"^\W*(?P<label>{phrases.either('where', 'grade', 'remedy', 'told')})(?:\(s\))?"
    r"(?:[*_]*\s*:[*_]*\s*|\*\*\s+|\s{3,}(?=\S)|\s*\.{3,}\s*|\s+[\u2013\u2014-]+\s+|\W*$)",
    re.IGNORECASE,
)
IS_WHERE, IS_REMEDY, IS_OTHER = map(phrases.pattern, ("where", "remedy", "grade"))
STRONG = re.compile(r"^(?:\*\*|__)(?P<title>.+?)(?:\*\*|__)(?P<rest>.*)$", re.DOTALL)
CATEGORY = phrases.pattern("category", r"(?:\b{}\b|\d|[^\w\s]|\s)+")
PRAISES = phrases.pattern("praising", r"^\W*(?:\w+ )?{}\b.{0,25}$")
CLOSES = phrases.pattern("closing", r"^\W*{}\b\W*.{0,25}$")
SUMS_UP = phrases.pattern("summing", r"^\W*{}\b")
GREETS = phrases.pattern("greeting", r"^\W*{}\b[^.?!:]{0,60}[.!,]?$")
SIGNED = re.compile(  # a name, with whom somebody works for
    r"\W{0,4}[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,3}(?:(?:, | \()[A-Z][\w &.-]+\)?)?\W{0,2}"
)
MAIL = phrases.pattern("header", r"^{}: ?|^.{0,80}\b(?:wrote|schrieb|writes|said):\s*$")
TOTALS = re.compile(
    r"(?:fixtests: )?\d+ findings?(?: found)?(?:[:,] (?:\d+ [a-z -]+(?:, )?)+)?\.\Z"
)
ARROW = re.compile(r"->|=>|[\u2192\u21d2]")  # from what something is to what it should be
CODE = re.compile(r"\b[A-Z]{1,4}\d{2,5}\b")  # such as E501
WITHOUT_PLACE = phrases.pattern("beside", r"\b{}\b|[-+]\d\b|\W|\d")


def label(text: str) -> str:
    """Return the label that a text begins with, such as "where", empty for none."""
    match = LABEL.match(text)
    return match["label"].lower() if match else ""


def tells(line: str) -> bool:
    """Tell whether a line begins with the label of what is wrong, or of what to do."""
    name = label(line)
    return bool(name) and not (IS_WHERE.fullmatch(name) or IS_OTHER.fullmatch(name))


def is_short(line: str) -> bool:
    """Tell whether a line is a label with a place or a grade, which has no more lines."""
    name = label(line)
    return bool(name) and bool(unlabelled(line).strip()) and not tells(line)


def unlabelled(text: str) -> str:
    """Return a text without the label that it begins with."""
    match = LABEL.match(text)
    return text[match.end() :] if match else text


def is_category(text: str) -> bool:
    """Tell whether a heading names a kind of findings, and none of them."""
    return CATEGORY.fullmatch(_plain(text)) is not None


def only_place(text: str) -> Place | None:
    """Return the place that a text names and says nothing else of, None where it says more.

    A word or two may stand beside it, but for the code by which a tool calls what it finds.
    """
    place = places.told(text)
    if not (place.files or place.names or place.rows.ranges):
        return None
    rest = _beside(text, place)
    if FAULT.search(rest) or ARROW.search(rest) or CODE.search(rest) or "=" in rest:
        return None
    words = WITHOUT_PLACE.sub(" ", rest).split()
    return place if len(words) <= (2 if place.files else 0) else None


def says_more(text: str) -> bool:
    """Tell whether a word stands beside the place that a text names."""
    return bool(WITHOUT_PLACE.sub(" ", _beside(text, places.told(text))).strip())


def _beside(text: str, place: Place) -> str:
    """Return what a text says beside the place that it names."""
    rest = places.URL.sub(" ", text)
    rest = places.FILE.sub(" ", rest)
    rest = rows.LINES.sub(" ", places.BACKTICKS.sub(" ", rest))
    for name in place.names:
        rest = rest.replace(name, " ")
    return rest


def is_said_of_all(text: str) -> bool:
    """Tell whether a text greets, sums up, leads over or belongs to the head of a mail."""
    lines = [line for line in text.splitlines() if line.strip()]
    rest = [line for line in lines if not MAIL.match(line)]
    if not rest or (GREETS.match(rest[0]) and len(" ".join(rest[1:]).split()) < 6):
        return True
    leads = text.rstrip().endswith(":") and not re.search(r":\w+:\s*$", text)
    return leads or bool(SUMS_UP.match(text))


def is_signature(text: str) -> bool:
    """Tell whether a text may be the name of who wrote what stands above it."""
    return SIGNED.fullmatch(text.strip()) is not None and not FAULT.search(text)


def _plain(text: str) -> str:
    return re.sub(r"[*_`#]", "", text).strip()
