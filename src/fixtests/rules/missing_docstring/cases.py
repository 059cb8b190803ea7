"""Whether a comment opens the first of two cases: a later one says the same of the other case."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fixtests.rules.missing_docstring.comments import Block

LABEL = re.compile(r"([a-z][\w ]*):")
WORD = re.compile(r"[a-z0-9]+")
NEGATIVE = re.compile(r"(?:in|un|non|dis)(?=[a-z]{4})")
CONTRARY = {"enabled": "disabled", "with": "without", "online": "offline", "true": "false"}
CONTRARY |= {other: one for one, other in CONTRARY.items()}
ALIKE = 5  # words that two comments share, and four for each that only the first has
EITHER = re.compile(r"_([a-z0-9]+)_or_([a-z0-9]+)(?![a-z0-9])")


def is_first_of_two(text: str, name: str, others: Sequence[Block]) -> bool:
    """Tell whether a later comment goes on with the other case, or the test's name has another."""
    said = set(WORD.findall(text))
    if any(len(said & set(pair)) == 1 for pair in EITHER.findall(name.lower())):
        return True
    return any(_is_other_case(text, said, item.text.lower()) for item in others)


def _is_other_case(text: str, said: set[str], other: str) -> bool:
    label, another = LABEL.match(text), LABEL.match(other)
    if label and another and (label[1] in another[1] or another[1] in label[1]):
        return True
    words = set(WORD.findall(other))
    only, there = said - words, words - said
    if only and there and len(said & words) >= max(ALIKE, 4 * len(only)):
        return True
    if any(CONTRARY.get(word) in there for word in only):
        return bool(said & words)
    return any(_denies(one, two) or _denies(two, one) for one in only for two in there)


def _denies(negative: str, word: str) -> bool:
    match = NEGATIVE.match(negative)
    return match is not None and negative[match.end() :] == word
