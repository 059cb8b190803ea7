"""Which rules a claim is about: by the name that a tool gave it, by its words, by CWE numbers.

The words are data: each rule's `aliases`, and those of the configuration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from fixtests.review.claims import Claim
from fixtests.rules.api import Rule

TITLE = 3  # how much more a word in a title says than one in the text
ENOUGH = 0.5  # of the best score, for another rule to be meant as well


def meant(
    claim: Claim, rules: Iterable[Rule], aliases: Mapping[str, tuple[str, ...]]
) -> list[Rule]:
    """Return the rules that a claim means, the likeliest first; none where nobody can tell.

    `aliases` adds phrases to rules, by code or name. A CWE number alone means
    the rules that have it, where no words say more.
    """
    rules = list(rules)
    named = [rule for rule in rules if {rule.code, rule.name} & set(claim.rules)]
    if named:
        return named
    scores: Counter[str] = Counter()
    for rule in rules:
        extra = (*aliases.get(rule.code, ()), *aliases.get(rule.name, ()))
        for phrase in (*rule.aliases, *map(re.escape, extra)):
            pattern = _pattern(phrase)
            scores[rule.code] += TITLE * bool(pattern.search(claim.title))
            scores[rule.code] += bool(pattern.search(claim.text))
    best = max(scores.values(), default=0)
    if not best:
        weak = set(claim.cwe)
        return [rule for rule in rules if weak & set(rule.cwe)]
    found = [rule for rule in rules if scores[rule.code] >= max(best * ENOUGH, 1)]
    return sorted(found, key=lambda rule: -scores[rule.code])


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{phrase})", re.IGNORECASE)
