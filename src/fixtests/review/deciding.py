"""What a claim is about once its place has had its say, beside its words.

A place weighs for the rules that the words come near to, unless these are about what no rule
judges as well, and nothing there bears them out. It decides where they only hint at what one rule
finds on the very rows, and no other does.
"""

from __future__ import annotations

from collections.abc import Sequence

from fixtests.model import Judgement
from fixtests.review import ranking
from fixtests.review.claim import Claim
from fixtests.review.files import File
from fixtests.review.matching import at_place, exactly, is_around, is_head
from fixtests.review.ranking import FAIR, Meaning, Score
from fixtests.review.spots import Spot
from fixtests.review.topics import HINTS, Topics
from fixtests.rules.api import Rule

HINTED = 1.6  # what words have to weigh, for a place to count
FOUND, LOOKED = 2.0, 0.75  # what a rule has there: what is said, or something it looked at
NEAREST = 3  # topics that words come near to, of which the place may choose one
BRIEF = 25  # words of a remark that may leave it to its place what it is about
AROUND = 0.7  # how much of that counts for what stands near by, or in the function


def decided(claim: Claim, meaning: Meaning, files: Sequence[File], topics: Topics) -> Meaning:
    """Return the meaning of a claim with what the rules have at its place."""
    told = claim.place.is_told and bool(meaning.scores)
    if not told or any(topic.rule is None for topic in meaning.topics[:1]):
        return meaning
    found = ranking.ranked(_supported(claim, item, files) for item in meaning.scores)
    others = any(topic.rule is None for topic in meaning.topics)
    if others and not _is_borne_out(claim, found, files):
        return meaning
    return found if found.topics else _of_place(claim, found, files, topics)


def _supported(claim: Claim, score: Score, files: Sequence[File]) -> Score:
    rule = score.topic.rule
    is_fair = score.is_firm or score.weight >= FAIR
    support = _support(claim, rule, files, around=is_fair) if rule and score.weight >= HINTED else 0
    is_agreed = is_fair and (score.is_agreed or support >= LOOKED)
    return score._replace(weight=score.weight + support, is_agreed=is_agreed)


def _of_place(claim: Claim, meaning: Meaning, files: Sequence[File], topics: Topics) -> Meaning:
    """Return the meaning of a few words that hint at what one rule alone finds on their rows.

    What rules find at the heads of functions says nothing: nearly every test has it.
    """
    found = [(file, item) for file in files for item in exactly(claim, file, file.flagged)]
    codes = {item.finding.code for file, item in found if not is_head(item, file)}
    is_brief = len(claim.text.split()) <= BRIEF
    if not is_brief or len(codes) != 1:
        return meaning
    (topic,) = topics.named(codes)
    if any(score.is_firm and score.topic != topic for score in meaning.scores):
        return meaning
    near = meaning.scores[:NEAREST]
    if not any(score.topic == topic and score.weight >= HINTS for score in near):
        return meaning
    return Meaning((topic,), meaning.nearest, is_plain=False, scores=meaning.scores)


def _support(claim: Claim, rule: Rule, files: Sequence[File], *, around: bool) -> float:
    """Return how much the place of a claim speaks for a rule; what bears it out speaks most.

    What stands `around` it counts for words that hardly leave a doubt.
    """
    found: list[tuple[File, Sequence[Spot], float]] = []
    for file in files:
        found += [(file, _borne_out(file, rule), FOUND), (file, file.left(rule.code), LOOKED)]
    return max((_weight(claim, *one, around=around) for one in found), default=0.0)


def _weight(claim: Claim, file: File, spots: Sequence[Spot], most: float, *, around: bool) -> float:
    if exactly(claim, file, spots):
        return most
    near = at_place(claim, file, spots) if around else []
    return most * AROUND if near and not is_around(claim, file, near) else 0.0


def _is_borne_out(claim: Claim, meaning: Meaning, files: Sequence[File]) -> bool:
    """Tell whether a claim is about one rule, which finds on the very rows what is said."""
    alone = len(meaning.topics) == len(meaning.rules) == 1
    return alone and any(exactly(claim, file, _borne_out(file, meaning.rules[0])) for file in files)


def _borne_out(file: File, rule: Rule) -> list[Spot]:
    """Return what a rule finds in a file, and what it says is so without finding fault."""
    so = [item for item in file.left(rule.code) if item.judged.judgement is Judgement.SO]
    return [*file.of_rule.get(rule.code, []), *so]
