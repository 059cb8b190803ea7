"""One answer to each claim: what is true of today's files, and what would be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fixtests.model import Applicability, Finding
from fixtests.review.claim import Claim
from fixtests.review.files import File, Files, Flagged
from fixtests.review.topics import Topics
from fixtests.rules.api import Rule

NEAR = 3  # rows that a review may be off by
SHOWN = 3  # places of evidence


class Verdict(StrEnum):
    """What becomes of a claim."""

    FIXED = "fixed"
    FIXABLE = "fixable with --unsafe-fixes"
    REPORTED = "reported only"
    RIGHT = "already right"
    ABSENT = "not in this file"
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
    """The answer to one claim; `findings` are those that it is about."""

    claim: Claim
    verdict: Verdict
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()


def answer(claim: Claim, files: Files, topics: Topics) -> Answer:
    """Answer one claim about some files. Fixes of `result.fixed` count as done."""
    told = topics.meant(claim)
    meant = files.named(claim)
    found = told or _placed(claim, meant, topics.rules)
    if not found:
        return Answer(claim, Verdict.UNKNOWN, (Reason("", "", 0, _unknown(claim)),))
    if not meant:
        names = ", ".join(claim.files) or "the file"
        return Answer(claim, Verdict.ABSENT, (Reason("", "", 0, f"{names}: is not looked at"),))
    matched = [
        item for rule in found for file in meant for item in _matched(claim, rule.code, file)
    ]
    if matched:
        return _answered(claim, matched) if told else _guessed(claim, matched)
    return _quiet(claim, found, meant)


def _placed(claim: Claim, files: Sequence[File], rules: Sequence[Rule]) -> list[Rule]:
    """Return the rule that alone finds something at what a claim names, where words say nothing.

    Only rules that flag a thing, and not a whole test, can be told by a place.
    """
    nearest: dict[str, int] = {}
    for rule in rules:
        for file in files if rule.default else ():
            for item in file.of_rule.get(rule.code, ()):
                quoted = any(word in item.text for word in claim.code)
                away = claim.rows.away(item.first, item.first)
                distance = 0 if quoted else NEAR if away is None else away
                nearest[rule.code] = min(distance, nearest.get(rule.code, distance))
    best = min(nearest.values(), default=NEAR)
    codes = [code for code, distance in nearest.items() if distance == best < NEAR]
    return [rule for rule in rules if codes == [rule.code]]


def _unknown(claim: Claim) -> str:
    numbers = ", ".join(f"CWE-{number}" for number in claim.cwe)
    what = f"no rule is about {numbers}, and" if numbers else ""
    return f"{what} no rule has words for it; `aliases` in the configuration add some".strip()


def _matched(claim: Claim, code: str, file: File) -> list[Flagged]:
    """Return the findings of one rule that a claim is about.

    Quoted code decides, then the lines it names, give or take some, then the
    words it shares with the flagged line; else all of them.
    """
    findings = file.of_rule.get(code, [])
    if not findings:
        return []
    ranges = _named_ranges(claim, file)
    if ranges:
        findings = [item for item in findings if any(item.first in told for told in ranges)]
    quoted = [item for item in findings if any(word in item.line for word in claim.code)]
    if quoted:
        return quoted
    near = [item for item in findings if _is_near(item, claim)]
    if near:
        return near
    return [item for item in findings if claim.shares(item.words)] or findings


def _named_ranges(claim: Claim, file: File) -> dict[range, None]:
    """Return the rows of each function and class that a claim names."""
    names = (word.strip("()").rpartition(".")[2] for word in claim.words)
    found = (file.blocks(name) for name in names if name.isidentifier())
    return dict.fromkeys(rows for blocks in found for rows in blocks)


def _is_near(item: Flagged, claim: Claim) -> bool:
    away = claim.rows.away(item.first, item.last)
    return away is not None and away <= NEAR


def _answered(claim: Claim, matched: list[Flagged]) -> Answer:
    findings = tuple(item.finding for item in matched)
    tiers = {item.applicability for item in findings}
    if any(item.fixed for item in matched):
        verdict = Verdict.FIXED
    elif tiers & {Applicability.SAFE, Applicability.UNSAFE}:
        verdict = Verdict.FIXABLE
    else:
        verdict = Verdict.REPORTED
    reasons = (_reason(item, f"{item.finding.message} ({_outcome(item)})") for item in matched)
    return Answer(claim, verdict, tuple(reasons), findings)


def _guessed(claim: Claim, matched: list[Flagged]) -> Answer:
    """Answer a claim that only its place explains: what is there, with no fix that answers it."""
    what = "stands where the review points to, which may mean something else"
    reasons = tuple(_reason(item, f"{what}: {item.finding.message}") for item in matched)
    return Answer(claim, Verdict.REPORTED, reasons)


def _reason(item: Flagged, text: str) -> Reason:
    return Reason(item.finding.code, item.finding.path, item.first, text)


def _outcome(item: Flagged) -> str:
    if item.fixed:
        return "fixed"
    if item.finding.suppressed:
        return "silenced"
    if item.finding.applicability is Applicability.DISPLAY:
        return "no mechanical fix"
    return "needs --unsafe-fixes"


def _quiet(claim: Claim, rules: Sequence[Rule], files: Sequence[File]) -> Answer:
    """Answer a claim that no finding bears out: what is there instead, or that nothing is."""
    shown = [
        Reason(rule.code, file.result.path, row, text)
        for rule in rules
        for file in files
        for row, text in _evidence(rule, claim, file)
    ]
    if shown:
        return Answer(claim, Verdict.RIGHT, tuple(shown))
    absent = tuple(
        Reason(rule.code, file.result.path, 0, f"{rule.name} finds nothing: {rule.absent}")
        for rule in rules
        for file in files
    )
    there = any(file.holds(word) for word in claim.code for file in files)
    return Answer(claim, Verdict.REPORTED if there else Verdict.ABSENT, absent)


def _evidence(rule: Rule, claim: Claim, file: File) -> Iterator[tuple[int, str]]:
    """Yield the lines that show what a claim misses, the nearest to the lines it names."""
    if rule.evidence is None:
        return
    for row in sorted(claim.rows.nearest(file.source.rows(rule.evidence), SHOWN)):
        text = file.source.line(row).decode("utf-8", "replace").strip()
        if not text.startswith("#"):
            yield row, f"there is `{text}`"


def lines(answers: Iterable[Answer], shown: Mapping[str, str]) -> Iterator[str]:
    """Yield answers as text; `shown` are the names of files."""
    for item in answers:
        yield f"{item.claim.origin}: {item.claim.title}"
        yield f"  {item.verdict}"
        for reason in item.reasons:
            where = f"{shown.get(reason.path, reason.path)}:{reason.row}: " if reason.row else ""
            yield f"    {where}{reason.code}{' ' if reason.code else ''}{reason.text}"


def table(answers: Iterable[Answer], shown: Mapping[str, str]) -> Iterator[str]:
    """Yield answers as a table in Markdown."""
    yield "| finding | answer | why |"
    yield "|---|---|---|"
    for item in answers:
        reasons = [
            f"{shown.get(reason.path, reason.path)}:{reason.row} {reason.code} {reason.text}"
            if reason.row
            else f"{reason.code} {reason.text}".strip()
            for reason in item.reasons
        ]
        cells = (item.claim.title, item.verdict, "<br>".join(reasons))
        yield f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
