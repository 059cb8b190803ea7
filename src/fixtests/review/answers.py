"""One answer to each claim: what is true of today's files, and what would be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fixtests.model import Applicability, Finding, Judged, Judgement
from fixtests.review.claim import Asks, Claim
from fixtests.review.deciding import decided
from fixtests.review.files import File, Files, Flagged
from fixtests.review.matching import at_place, is_beyond, missing, spoken_of, together
from fixtests.review.ranking import Meaning
from fixtests.review.topics import Topics
from fixtests.rules.api import Rule

SHOWN = 3  # places of evidence, and of findings elsewhere


class Verdict(StrEnum):
    """What becomes of a claim."""

    FIXED = "fixed"
    FIXABLE = "fixable with --unsafe-fixes"
    PARTLY = "partly fixed"
    REPORTED = "reported only"
    RIGHT = "already right"
    NOTHING = "nothing to change"
    ABSENT = "not in this file"
    CANNOT = "cannot tell without the tree"
    OUTSIDE = "out of scope"
    UNKNOWN = "not understood"


@dataclass(frozen=True)
class Reason:
    """Why: a rule, a place (row 0: the file as a whole), and words."""

    code: str
    path: str
    row: int
    text: str


@dataclass(frozen=True)
class Answer:
    """The answer to one claim; `findings` are those whose fixes answer it."""

    claim: Claim
    verdict: Verdict
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Hit:
    """A finding that a claim is about, in its file."""

    file: File
    item: Flagged


def answer(claim: Claim, files: Files, topics: Topics) -> Answer:
    """Answer one claim about some files. Fixes of `result.fixed` count as done."""
    if claim.asks is not Asks.CHANGE:
        return _said(claim, Verdict.NOTHING, WISHES[claim.asks])
    if claim.beside and not (claim.place.files or claim.place.names):
        return _said(claim, Verdict.OUTSIDE, f"it is about {claim.beside}, which no rule judges")
    meaning = topics.meant(claim)
    meant = files.meant(claim.place)
    meaning = decided(claim, meaning, meant)
    if not meaning.topics:
        return _said(claim, Verdict.UNKNOWN, _nearest(meaning))
    rules = meaning.rules
    if not meant and rules:
        names = ", ".join(claim.place.files) or "the file"
        return _said(claim, Verdict.CANNOT, f"{names}: is not among the files that are looked at")
    if meant and all(is_beyond(claim, file) for file in meant):
        return Answer(claim, Verdict.ABSENT, tuple(_beyond(claim, meant)))
    hits = {rule.code: _hits(claim, rule, meant) for rule in rules or meaning.beside}
    found = [rule for rule in rules or meaning.beside if hits[rule.code]]
    if not rules and not found:
        names = " or ".join(topic.name for topic in meaning.topics[:SHOWN])
        return _said(claim, Verdict.OUTSIDE, f"it is about {names}, which no rule judges")
    if len(meaning.topics) > 1:
        sure = meaning.is_plain or len(rules) == len(meaning.topics)
        left = [rule for rule in rules if sure and _left(claim, rule, meant)]
        likely = (found if sure or meaning.scores[0].is_firm else []) or left
        if not claim.place.is_told or len(likely) != 1:
            return _said(claim, Verdict.UNKNOWN, _nearest(meaning))
        rules = likely
    if found:
        rule, told = found[0], hits[found[0].code]
        return _half(claim, rule, told, meant, topics) or _answered(claim, rule, told)
    half = topics.allows_half(claim, rules[0])
    plain = meaning.is_plain or not set(claim.cwe).isdisjoint(rules[0].cwe)
    looked = _left(claim, rules[0], meant)
    things = topics.things(claim, rules[0])
    about = [item for item in looked if not things or _is_one_of(item, things)]
    if looked and not about:
        return _said(claim, Verdict.CANNOT, f"{rules[0].name} judges nothing there that it names")
    shown = [*_shown(claim, rules[0], meant, topics)]
    quiet = _quiet(claim, rules[0], meant, about, shown, half=half, plain=plain)
    if quiet is None or (quiet.verdict in DENIALS and not (meaning.is_agreed or plain)):
        return _said(claim, Verdict.UNKNOWN, _nearest(Meaning((), meaning.topics)))
    return quiet


DENIALS = (Verdict.RIGHT, Verdict.ABSENT)
WISHES = {
    Asks.NOTHING: "it asks for no change",
    Asks.CONTRARY: "it asks to leave that as it is",
}


def _said(claim: Claim, verdict: Verdict, text: str) -> Answer:
    return Answer(claim, verdict, (Reason("", "", 0, text),))


def _nearest(meaning: Meaning) -> str:
    topics = meaning.topics[:2] if len(meaning.topics) > 1 else meaning.nearest
    if not topics:
        return "no rule has words for it; `aliases` in the configuration add some"
    names = " and ".join(item.name for item in topics)
    if len(topics) > 1:
        return f"it may be about {names}; say which, or what stands on which line"
    return f"nearest is {names}, but its words do not tell; `aliases` in the configuration add some"


def _hits(claim: Claim, rule: Rule, files: Sequence[File]) -> list[_Hit]:
    return [
        _Hit(file, item)
        for file in files
        for item in at_place(claim, file, file.of_rule.get(rule.code, []))
    ]


def _left(claim: Claim, rule: Rule, files: Sequence[File]) -> list[tuple[File, Judged, int]]:
    """Return what a rule has looked at and not flagged of what a claim is about, with its rows."""
    found = [(file, item) for file in files for item in at_place(claim, file, file.left(rule.code))]
    named = [(file, item) for file, item in found if claim.names_part_of(item.text)]
    return [(file, item.judged, item.first) for file, item in named or found]


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
    left = _left(claim, rule, files)
    half = {(file, row): judged for file, judged, row in left if judged.judgement is Judgement.HALF}
    found = [(hit, half.get((hit.file, hit.item.first))) for hit in hits]
    reasons = [
        Reason(rule.code, hit.item.finding.path, hit.item.first, judged.message)
        for hit, judged in found
        if judged is not None
    ]
    return Answer(claim, Verdict.RIGHT, tuple(reasons)) if len(reasons) == len(found) else None


def _quiet(
    claim: Claim,
    rule: Rule,
    files: Sequence[File],
    left: Sequence[tuple[File, Judged, int]],
    shown: Sequence[Reason],
    *,
    half: bool,
    plain: bool,
) -> Answer | None:
    """Answer a claim that no finding bears out: what is there instead, or that nothing is.

    `left` is what the rule has looked at there, `shown` are lines that look like what it is
    about, and that it does not judge; `half` tells that it is so where something is done; where
    it is not `plain` what it is about, nothing is denied, and None returned.
    """
    order = [Judgement.HALF, *JUDGED] if half else [*JUDGED]
    for judgement in order:
        if judgement is Judgement.OPEN and not plain:
            continue  # neither the words nor the place tell
        found = [item for item in left if item[1].judgement is judgement]
        if found and (claim.place.is_told or len(found) <= SHOWN):
            reasons = [
                Reason(rule.code, file.result.path, row, judged.message)
                for file, judged, row in found[:SHOWN]
            ]
            so = half and judgement is Judgement.HALF
            verdict = Verdict.REPORTED if so else _verdict(claim, found[0][1])
            return Answer(claim, verdict, tuple(reasons))
    unknown = {
        file.result.path: reason
        for file in files
        for code, reason in file.result.sought
        if code == rule.code and reason
    }
    if unknown:
        reasons = [Reason(rule.code, path, 0, reason) for path, reason in unknown.items()]
        return Answer(claim, Verdict.CANNOT, tuple(reasons))
    if not plain and not any(missing(claim, file) for file in files):
        return None
    if shown:
        return Answer(claim, Verdict.CANNOT, tuple(shown[:SHOWN]))
    return Answer(claim, Verdict.ABSENT, tuple(_absent(claim, rule, files)))


def _is_one_of(item: tuple[File, Judged, int], things: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether what a rule has looked at is one of some things."""
    file, judged, row = item
    text = f"{file.line(row)}\n{judged.message}"
    return any(pattern.search(text) for pattern in things)


def _verdict(claim: Claim, judged: Judged) -> Verdict:
    """Return the verdict of what a rule thinks of a place; a number that is told is compared."""
    told = claim.numbers if judged.measured else ()
    if any(abs(number - judged.measured) * 10 <= judged.measured for number in told):
        return Verdict.REPORTED
    return Verdict.RIGHT if told else JUDGED[judged.judgement]


JUDGED = {
    Judgement.RIGHT: Verdict.RIGHT,
    Judgement.HALF: Verdict.RIGHT,
    Judgement.SO: Verdict.REPORTED,
    Judgement.OPEN: Verdict.CANNOT,
}


def _shown(claim: Claim, rule: Rule, files: Sequence[File], topics: Topics) -> Iterator[Reason]:
    """Yield the lines of a place that show what a rule may be about; of a head, all of it."""
    for file in files:
        for part in spoken_of(claim, file):
            for row in part:
                if topics.shows(file.line(row), rule):
                    text = f"{rule.name} does not judge what stands there"
                    yield Reason(rule.code, file.result.path, row, text)


def _absent(claim: Claim, rule: Rule, files: Sequence[File]) -> Iterator[Reason]:
    for file in files:
        gone = missing(claim, file)
        elsewhere = [str(item.first) for item in file.of_rule.get(rule.code, [])][:SHOWN]
        if gone:
            text = f"nothing is called `{gone[0]}` in it"
        elif elsewhere:
            text = f"{rule.name} finds nothing there, but on line {', '.join(elsewhere)}"
        else:
            text = f"{rule.name} finds nothing: {rule.absent}"
        yield Reason(rule.code, file.result.path, 0, text)


def _beyond(claim: Claim, files: Sequence[File]) -> Iterator[Reason]:
    first = claim.place.rows.ranges[0].start
    for file in files[:SHOWN]:
        text = f"there is no line {first}; it has {file.rows}"
        yield Reason("", file.result.path, 0, text)
