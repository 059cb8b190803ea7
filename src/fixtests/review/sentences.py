"""The sentences of a text, and what who wrote them asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixtests.review import phrases
from fixtests.review.claim import Asks

SHORT = r"(?:\b(?:e\.g|i\.e|cf|vs|no|nr|resp|approx|incl|etc|ll?|ln|p|fig|dr|mr|ms|z\.b|[A-Z]))\.$"
ENDS = re.compile(r"(?<=[.!?])[\"')\]*_]*\s+|\n\s*\n")
CLAUSES = phrases.pattern("but", r"[,;:\u2014-]?\s+{}\b,?")
CONTRARY, PRAISE, FAULT, SETTLED, WANTS = map(
    phrases.pattern, ("contrary", "praise", "fault", "settled", "wants")
)
OPENS = phrases.pattern("opening", r"^\W*(?:(?:it is|it.s|that is|very|really|i|we) )*{}\b")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; abbreviations end none."""
    start = 0
    for match in ENDS.finditer(text):
        said = text[start : match.start()]
        if re.search(SHORT, said.rstrip(), re.IGNORECASE):
            continue
        if said.strip():
            yield said.strip()
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()


def asks(text: str) -> Asks:
    """Return what a text asks for: the first clause that finds fault decides.

    What only praises, thanks or states that all is well asks for nothing.
    """
    found = [_clause(clause) for said in sentences(text) for clause in _clauses(said)]
    if Asks.CONTRARY not in found and any(SETTLED.search(said) for said in sentences(text)):
        return Asks.NOTHING
    for wanted in (Asks.CONTRARY, Asks.CHANGE, Asks.NOTHING):
        if wanted in found:
            return wanted
    return Asks.CHANGE


def _clauses(sentence: str) -> list[str]:
    return [part for part in CLAUSES.split(sentence) if part and part.strip()]


def _clause(text: str) -> Asks | None:
    if CONTRARY.search(text):
        return Asks.CONTRARY
    if OPENS.search(text):
        return Asks.NOTHING
    if FAULT.search(text):
        return Asks.CHANGE
    return Asks.NOTHING if PRAISE.search(text) else None
