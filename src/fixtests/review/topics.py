"""Which rules a claim is about: by the name that a tool gave it, by its words, by CWE numbers.

The words are data: each rule's `aliases`, and those of the configuration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from fixtests.review.claim import Claim
from fixtests.rules.api import Rule

TITLE = 3  # how much more a word in a title says than one in the text
ENOUGH = 0.5  # of the best score, for another rule to be meant as well


class Topics:
    """What some rules are called.

    `aliases` adds phrases to rules, by code or name.
    """

    def __init__(self, rules: Iterable[Rule], aliases: Mapping[str, tuple[str, ...]]) -> None:
        self.rules = tuple(rules)
        self._phrases = [
            (rule.code, re.compile(rf"\b(?:{phrase})", re.IGNORECASE))
            for rule in self.rules
            for phrase in (
                *rule.aliases,
                *(
                    re.escape(phrase)
                    for word, phrases in aliases.items()
                    for phrase in phrases
                    if rule.is_called(word)
                ),
            )
        ]
        told = "|".join(pattern.pattern for _, pattern in self._phrases)
        self._any = re.compile(told or "(?!)", re.IGNORECASE)
        self._in_all = cache(self._in)  # for what is said of many claims

    def meant(self, claim: Claim) -> list[Rule]:
        """Return the rules that a claim means, the likeliest first; none where nobody can tell.

        A CWE number alone means the rules that have it, where no words say more.
        """
        named = [rule for rule in self.rules if {rule.code, rule.name} & set(claim.rules)]
        if named:
            return named
        scores: Counter[str] = Counter()
        title, about = self._in(claim.title), self._in_all(claim.about)
        alone = claim.text in (claim.title, f"{claim.title}\n")
        text = title if alone else self._in(claim.text)
        for at in title | text | about:
            code, _ = self._phrases[at]
            scores[code] += TITLE * (at in title) + (at in text or at in about)
        best = max(scores.values(), default=0)
        if not best:
            weak = set(claim.cwe)
            return [rule for rule in self.rules if weak & set(rule.cwe)]
        found = [rule for rule in self.rules if scores[rule.code] >= max(best * ENOUGH, 1)]
        return sorted(found, key=lambda rule: -scores[rule.code])

    def _in(self, text: str) -> frozenset[int]:
        """Return the numbers of the phrases that stand in a text."""
        if not self._any.search(text):  # which takes a small part of the time
            return frozenset()
        found = enumerate(pattern.search(text) for _, pattern in self._phrases)
        return frozenset(at for at, match in found if match)
