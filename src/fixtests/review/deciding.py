"""What a claim is about once its place has had its say, beside its words.

A place alone decides nothing, since a review may speak of something else on the same line; it
weighs for the rules that the words come near to, unless these are about what no rule judges.
"""

from __future__ import annotations

from collections.abc import Sequence

from fixtests.model import Judgement
from fixtests.review import ranking
from fixtests.review.claim import Claim
from fixtests.review.files import File, Spot
from fixtests.review.matching import at_place, exactly
from fixtests.review.ranking import Meaning, Score
from fixtests.rules.api import Rule

HINTED = 1.6  # what words have to weigh, for a place to count
FOUND, LOOKED = 2.0, 0.75  # what a rule has there: what is said, or something it looked at
AROUND = 0.7  # how much of that counts for what stands near by, or in the function


def decided(claim: Claim, meaning: Meaning, files: Sequence[File]) -> Meaning:
    """Return the meaning of a claim with what the rules have at its place."""
    told = claim.place.is_told and bool(meaning.scores)
    if not told or any(topic.rule is None for topic in meaning.topics):
        return meaning
    return ranking.ranked(_supported(claim, item, files) for item in meaning.scores)


def _supported(claim: Claim, score: Score, files: Sequence[File]) -> Score:
    rule = score.topic.rule
    support = _support(claim, rule, files) if rule and score.weight >= HINTED else 0.0
    is_agreed = score.is_agreed or support >= LOOKED
    return score._replace(weight=score.weight + support, is_agreed=is_agreed)


def _support(claim: Claim, rule: Rule, files: Sequence[File]) -> float:
    """Return how much the place of a claim speaks for a rule; what bears it out speaks most."""
    found: list[tuple[File, Sequence[Spot], float]] = []
    for file in files:
        found += [(file, _borne_out(file, rule), FOUND), (file, file.left(rule.code), LOOKED)]
    return max((_weight(claim, file, spots, most) for file, spots, most in found), default=0.0)


def _weight(claim: Claim, file: File, spots: Sequence[Spot], most: float) -> float:
    if exactly(claim, file, spots):
        return most
    return most * AROUND if at_place(claim, file, spots) else 0.0


def _borne_out(file: File, rule: Rule) -> list[Spot]:
    """Return what a rule finds in a file, and what it says is so without finding fault."""
    so = [item for item in file.left(rule.code) if item.judged.judgement is Judgement.SO]
    return [*file.of_rule.get(rule.code, []), *so]
