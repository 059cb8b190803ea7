"""What a text is about, learnt from sentences that people say about each topic.

The sentences stand beside the phrases of a topic, as `examples`. They are counted by Bayes' rule:
each word, each pair of neighbours and each beginning of a word speaks for the topics in whose
sentences it stands, and the more so the rarer it is (multinomial, over weights of TF and IDF).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

SIGNS = (  # code in a text, and the words that stand for it
    (re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8}(?:-[0-9a-f]{4}){0,3}(?:-[0-9a-f]{12})?\b"), " uuid "),
    (re.compile(r"(?<=[\w)\]])(?:\[['\"]\w+['\"]\])*\[-?\d\]"), " subscripted "),
    (re.compile(r"\[\]"), " emptylist "),
    (re.compile(r"\btest_\w+"), " "),
    (re.compile(r"(?<![\w-])\d+(?:\.\d+)*"), " number "),
    (re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|would|could|should|ca|wo|must)n't\b"
                r"|\bcannot\b"), " not "),
)  # fmt: skip
WORD = re.compile(r"[^\W\d]\w*")
ENDING = re.compile(r"(?:ations?|ings?|edly|ed|ies|es|ers?|ions?|ly|s|e)$")
SHORT, STEM, BEGINNING = 4, 3, 5  # letters: of a word without an ending, of a stem, of a beginning
EMPTY = re.compile(  # words that speak for nothing
    r"an?|the|is|are|be|to|of|in|and|or|its?|this|that|with|for|on|as|at|by|from|we|i|you|they|here"
    r"|there|so|if|then|would|could|please|should|has|have|had|do|does|was|were|will|can|just|also"
    r"|very|others?"
)
FEWEST = 2  # features that are known, for a text to be about anything
SMOOTH = 0.1  # what a feature counts for a topic none of whose sentences has it


class Examples:
    """The topics of a run, by number, with what was learnt of their sentences."""

    def __init__(self, said: Sequence[Sequence[str]]) -> None:
        listed = [(topic, [*features(text)]) for topic, texts in enumerate(said) for text in texts]
        holding = Counter(item for _, found in listed for item in {*found})
        self._rarity = {
            item: math.log((1 + len(listed)) / (1 + count)) + 1 for item, count in holding.items()
        }
        sums: dict[str, dict[int, float]] = {}
        totals = {topic: 0.0 for topic, texts in enumerate(said) if texts}
        for topic, found in listed:
            for item, weight in self._weighed(found):
                of_topics = sums.setdefault(item, {})
                of_topics[topic] = of_topics.get(topic, 0.0) + weight
                totals[topic] += weight
        self._of_all = {
            topic: -math.log(total + SMOOTH * len(sums)) for topic, total in totals.items()
        }
        self._speaks = {
            item: {topic: math.log1p(weight / SMOOTH) for topic, weight in of_topics.items()}
            for item, of_topics in sums.items()
        }

    def likelihoods(self, text: str) -> dict[int, float]:
        """Return how likely a text is about each topic, empty where too little of it is known."""
        found = [*self._weighed([*features(text)])]
        if len(found) < FEWEST:
            return {}
        whole = sum(weight for _, weight in found)
        scores = {topic: whole * rate for topic, rate in self._of_all.items()}
        for item, weight in found:
            for topic, speaks in self._speaks[item].items():
                scores[topic] += weight * speaks
        most = max(scores.values())
        shares = {topic: math.exp(score - most) for topic, score in scores.items()}
        total = sum(shares.values())
        return {topic: share / total for topic, share in shares.items()}

    def _weighed(self, found: Sequence[str]) -> Iterator[tuple[str, float]]:
        """Yield the features that are known, with weights the sum of whose squares is 1."""
        known = {item: self._rarity[item] for item in found if item in self._rarity}
        length = math.sqrt(sum(weight * weight for weight in known.values()))
        for item, weight in known.items():
            yield item, weight / length


@lru_cache(maxsize=4)
def learnt(said: tuple[tuple[str, ...], ...]) -> Examples:
    """Return what some sentences tell, learnt once for all reviews that a process reads."""
    return Examples(said)


def features(text: str) -> Iterator[str]:
    """Yield what may speak for a topic in a text: stems, pairs of them, beginnings of words."""
    for pattern, sign in SIGNS:
        text = pattern.sub(sign, text)
    before = ""
    for word in map(_stem, WORD.findall(text)):
        if EMPTY.fullmatch(word):
            continue
        yield word
        if before:
            yield f"{before} {word}"
        if len(word) > BEGINNING:
            yield f"{word[:BEGINNING]}*"
        before = word


def _stem(word: str) -> str:
    """Return a word without its ending; of a name of several parts only the first."""
    parts = word.strip("_").split("_")
    if len(parts) > 1:
        return f"{parts[0].lower()}_"
    lower = word.lower()
    if EMPTY.fullmatch(lower) or len(lower) < SHORT:
        return lower
    stem = ENDING.sub("", lower) if len(lower) > SHORT else lower.rstrip("s")
    return stem if len(stem) >= STEM else lower
