"""Whether a comment is a sentence or an order: a phrase of a few nouns is no docstring."""

from __future__ import annotations

import re

from fixtests.reasoning import words
from fixtests.rules.missing_docstring import names

LONGEST = 7  # words, above which somebody wrote more than a heading
FINITE = re.compile(
    r"is|are|was|were|has|have|had|does|do|did|can|can't|cannot|could|should|must|may|might|will"
    r"|would|\w+n't|gets?|tests?|works?|\w{3,}ed"
)
VERBS = frozenset(map(names.stem, words.ORDERS))
OTHERS = frozenset(
    {"accept", "audit", "compare", "contain", "emit", "expire", "handle", "ignore", "keep", "log"}
    | {"match", "need", "pass", "raise", "reject", "return", "skip", "take", "yield"}
)
VERBS |= set(map(names.stem, OTHERS))
DETERMINER = re.compile(r"(?:a|an|the|all|any|every|each|its|that)$")
NO_VERB = frozenset({"not", "no", "only", "just", "for", "in", "on", "of", "with", "without"})
ARROW = "->"
# What a sentence demands of something once, and what another clause begins with.
DEMANDED = re.compile(r"\b(?:should|must|cannot)\b")
CLAUSE = re.compile(
    r"\b(?:and|or|but|so|as|because|since|which|who|that|than|if|when|where|while|until|then|what"
    r"|how|whether|after|before|once|unless|for|to|with)\b|[,;:(]"
)
PRONOUN = re.compile(r"(?:it|they|we|you|he|she|i)\b", re.IGNORECASE)  # `the lamp it lights`
STOP = re.compile(r"[.!?]['\")]*\s")


def is_phrase(text: str) -> bool:
    """Tell whether a comment has no verb, as `no common ancestor`, or an arrow in its place."""
    found = re.findall(r"[a-z][\w']*", text)
    if ARROW in text:
        return True
    if not 0 < len(found) <= LONGEST:
        return False
    first, second = found[0], "".join(found[1:2])
    ordered = DETERMINER.match(second) is not None and first not in NO_VERB
    opens = first in words.ORDERS | OTHERS or first.endswith("ing") or ordered
    return not opens and not any(map(_is_finite, found))


def _is_finite(word: str) -> bool:
    return FINITE.fullmatch(word) is not None or (word.endswith("s") and names.stem(word) in VERBS)


def are_two(before: str, after: str) -> bool:
    """Tell whether two lines hold a sentence each, of which the first one has no stop.

    Each demands something, and nothing on the first one opens another clause.
    """
    opened, closed = STOP.split(before)[-1], STOP.split(after)[0]
    *_, rest = DEMANDED.split(opened)
    ended = rest not in ("", opened) and CLAUSE.search(rest) is None
    return ended and PRONOUN.match(closed) is None and DEMANDED.search(closed) is not None
