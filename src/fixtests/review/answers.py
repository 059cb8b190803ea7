"""One answer to each claim: what is true of today's files, and what would be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fixtests.model import Applicability, Judgement
from fixtests.review import unborne
from fixtests.review.claim import Asks, Claim, words_of
from fixtests.review.deciding import decided
from fixtests.review.files import File, Files
from fixtests.review.matching import at_place, exactly, is_around, is_beyond, together
from fixtests.review.ranking import Meaning
from fixtests.review.spots import Flagged, Spot
from fixtests.review.topics import Topics
from fixtests.review.verdicts import SHOWN, Answer, Reason, Verdict, said
from fixtests.rules.api import Rule

PRAISE = "praise"  # what matters.toml calls it
URGES = re.compile(r"\b(?:please|pls|should|must|but)\b", re.IGNORECASE)  # what no praise has


@dataclass(frozen=True)
class _Hit:
    """A finding that a claim is about, in its file."""

    file: File
    item: Flagged


def answer(claim: Claim, files: Files, topics: Topics) -> Answer:
    """Answer one claim about some files. Fixes of `result.fixed` count as done."""
    if claim.asks is not Asks.CHANGE:
        return said(claim, Verdict.NOTHING, WISHES[claim.asks])
    if claim.beside and not (claim.place.files or claim.place.names):
        return said(claim, Verdict.OUTSIDE, f"it is about {claim.beside}, which no rule judges")
    meaning = topics.meant(claim)
    meant = files.meant(claim.place)
    meaning = decided(claim, meaning, meant, topics)
    if [topic.name for topic in meaning.topics] == [PRAISE] and not URGES.search(claim.text):
        return said(claim, Verdict.NOTHING, WISHES[Asks.NOTHING])
    if not meaning.topics:
        return said(claim, Verdict.UNKNOWN, _nearest(meaning))
    rules = meaning.rules
    if not meant and rules:
        names = ", ".join(claim.place.files) or "the file"
        return said(claim, Verdict.CANNOT, f"{names}: is not among the files that are looked at")
    if meant and all(is_beyond(claim, file) for file in meant):
        return Answer(claim, Verdict.ABSENT, tuple(_beyond(claim, meant)))
    hits = {rule.code: _hits(claim, rule, meant, topics) for rule in rules or meaning.beside}
    found = [rule for rule in rules or meaning.beside if hits[rule.code]]
    if not rules and not found:
        names = " or ".join(topic.name for topic in meaning.topics[:SHOWN])
        return said(claim, Verdict.OUTSIDE, f"it is about {names}, which no rule judges")
    if len(meaning.topics) > 1:
        sure = meaning.is_plain or len(rules) == len(meaning.topics)
        left = [rule for rule in rules if sure and unborne.left(claim, rule, meant)]
        best = meaning.scores[0]
        is_told = best.is_firm and (best.is_agreed or len(rules) == len(meaning.topics))
        likely = (found if sure or is_told else []) or left
        if not claim.place.is_told or len(likely) != 1:
            return said(claim, Verdict.UNKNOWN, _nearest(meaning))
        rules = likely
    if found:
        rule, told = found[0], hits[found[0].code]
        if not _is_certain(claim, meaning, told):
            return said(claim, Verdict.UNKNOWN, _nearest(Meaning((), meaning.topics)))
        return _half(claim, rule, told, meant, topics) or _answered(claim, rule, told)
    quiet = unborne.answer(claim, rules[0], meaning, meant, topics)
    return quiet or said(claim, Verdict.UNKNOWN, _nearest(Meaning((), meaning.topics)))


WISHES = {
    Asks.NOTHING: "it asks for no change",
    Asks.CONTRARY: "it asks to leave that as it is",
}


def _nearest(meaning: Meaning) -> str:
    topics = meaning.topics[:2] if len(meaning.topics) > 1 else meaning.nearest
    if not topics:
        return "no rule has words for it; `aliases` in the configuration add some"
    names = " and ".join(item.name for item in topics)
    if len(topics) > 1:
        return f"it may be about {names}; say which, or what stands on which line"
    return f"nearest is {names}, but its words do not tell; `aliases` in the configuration add some"


def _hits(claim: Claim, rule: Rule, files: Sequence[File], topics: Topics) -> list[_Hit]:
    """Return the findings of a rule that a claim is about, of the things that it names.

    Where the rule has looked at these and finds fault with others only, there is none.
    """
    found = [
        _Hit(file, item)
        for file in files
        for item in at_place(claim, file, file.of_rule.get(rule.code, []))
    ]
    if found and _is_judged_beside(claim, rule, files, found):
        return []
    things = topics.things(claim, rule) if found else []
    of_things = [hit for hit in found if hit.item.is_one_of(things)]
    looked = things and any(it.is_one_of(things) for _, it in unborne.left(claim, rule, files))
    return of_things if of_things or looked else found


def _is_judged_beside(
    claim: Claim, rule: Rule, files: Sequence[File], found: Sequence[_Hit]
) -> bool:
    """Tell whether a rule has looked at what a claim names on its very rows.

    What is found on rows near by, and is not named, is something else then.
    """
    named = any(_quotes(claim, hit.item) for hit in found)
    return not named and any(
        _quotes(claim, item) and exactly(claim, file, [item])
        for file, item in unborne.left(claim, rule, files)
        if not exactly(claim, file, [hit.item for hit in found if hit.file is file])
    )


def _quotes(claim: Claim, item: Spot) -> bool:
    """Tell whether a line holds a word of the code that a claim quotes."""
    return any(not words_of(code).isdisjoint(item.words) for code in claim.place.code)


def _is_certain(claim: Claim, meaning: Meaning, hits: Sequence[_Hit]) -> bool:
    """Tell whether the words of a claim are enough for findings at the head of its function.

    Those that only hint at it are not enough for findings anywhere where they name no place.
    """
    around = all(is_around(claim, hit.file, [hit.item]) for hit in hits)
    is_hinted = bool(meaning.scores) and not (meaning.is_firm or meaning.is_agreed)
    if is_hinted and not claim.place.is_told:
        return False
    return not (around and meaning.scores) or meaning.scores[0].is_sure


def _answered(claim: Claim, rule: Rule, hits: Sequence[_Hit]) -> Answer:
    """Answer a claim that findings bear out; what belongs together is fixed as a whole."""
    files = dict.fromkeys(hit.file for hit in hits)
    items = [
        item
        for file in files
        for item in together([hit.item for hit in hits if hit.file is file], file)
    ]
    told = [hit.item for hit in hits]
    reasons = tuple(
        Reason(
            rule.code, item.finding.path, item.first, f"{item.finding.message} ({_outcome(item)})"
        )
        for item in told
    )
    fixed = [item for item in items if item.fixed]
    unsafe = [item for item in items if not item.fixed and _is_fixable(item)]
    if unsafe:
        return Answer(claim, Verdict.FIXABLE, reasons)
    if not fixed:
        return Answer(claim, Verdict.REPORTED, reasons)
    verdict = Verdict.FIXED if len(fixed) == len(items) else Verdict.PARTLY
    return Answer(claim, verdict, reasons, tuple(item.finding for item in fixed))


def _is_fixable(item: Flagged) -> bool:
    finding = item.finding
    return finding.applicability is not Applicability.DISPLAY and not finding.suppressed


def _outcome(item: Flagged) -> str:
    if item.fixed:
        return "fixed"
    if item.finding.suppressed:
        return "silenced"
    if item.finding.applicability is Applicability.DISPLAY:
        return "no mechanical fix"
    return "needs --unsafe-fixes"


def _half(
    claim: Claim, rule: Rule, hits: Sequence[_Hit], files: Sequence[File], topics: Topics
) -> Answer | None:
    """Answer a claim that nothing is done where something is, as far as a rule says of findings."""
    if topics.allows_half(claim, rule):
        return None
    left = unborne.left(claim, rule, files)
    half = {
        (file, item.first): item.judged
        for file, item in left
        if item.judged.judgement is Judgement.HALF
    }
    found = [(hit, half.get((hit.file, hit.item.first))) for hit in hits]
    reasons = [
        Reason(rule.code, hit.item.finding.path, hit.item.first, judged.message)
        for hit, judged in found
        if judged is not None
    ]
    return Answer(claim, Verdict.RIGHT, tuple(reasons)) if len(reasons) == len(found) else None


def _beyond(claim: Claim, files: Sequence[File]) -> Iterator[Reason]:
    first = claim.place.rows.ranges[0].start
    for file in files[:SHOWN]:
        text = f"there is no line {first}; it has {file.rows}"
        yield Reason("", file.result.path, 0, text)
