"""One answer to each claim: what is true of today's files, and what would be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fixtests.model import Applicability, FileResult, Finding
from fixtests.review import topics
from fixtests.review.claims import Claim
from fixtests.rules.api import Rule
from fixtests.text.source import Source

NEAR = 3  # rows that a review may be off by
SHOWN = 3  # places of evidence
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,}|[0-9a-f]{8}-[0-9a-f-]{27}")


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


@dataclass(frozen=True)
class File:
    """One file of today: what was found in it, and its text."""

    result: FileResult
    source: Source


def answer(
    claim: Claim,
    files: Sequence[File],
    rules: Sequence[Rule],
    aliases: Mapping[str, tuple[str, ...]],
) -> Answer:
    """Answer one claim about some files. Fixes of `result.fixed` count as done."""
    told = topics.meant(claim, rules, aliases)
    found = told or _placed(claim, files, rules)
    if not found:
        return Answer(claim, Verdict.UNKNOWN, (Reason("", "", 0, _unknown(claim)),))
    meant = [file for file in files if _is_named(file, claim)]
    if not meant:
        names = ", ".join(claim.files) or "the file"
        return Answer(claim, Verdict.ABSENT, (Reason("", "", 0, f"{names}: is not looked at"),))
    matched = [
        (file, finding)
        for rule in found
        for file in meant
        for finding in _matched(claim, _found(file, rule), file)
    ]
    if matched:
        return _answered(claim, matched) if told else _guessed(claim, matched)
    return _quiet(claim, found, meant)


def _placed(claim: Claim, files: Sequence[File], rules: Sequence[Rule]) -> list[Rule]:
    """Return the rule that alone finds something at what a claim names, where words say nothing.

    Only rules that flag a thing, and not a whole test, can be told by a place.
    """
    nearest: dict[str, int] = {}
    telling = {rule.code for rule in rules if rule.default}
    for file in files:
        for finding in file.result.findings if _is_named(file, claim) else ():
            if finding.code not in telling:
                continue
            row = file.source.row(finding.span.start)
            flagged = file.source.slice(finding.span)
            quoted = any(_is_code(word) and word in flagged for word in claim.words)
            away = min((abs(row - told) for told in claim.rows), default=NEAR)
            distance = 0 if quoted else away
            nearest[finding.code] = min(distance, nearest.get(finding.code, distance))
    best = min(nearest.values(), default=NEAR)
    codes = [code for code, distance in nearest.items() if distance == best < NEAR]
    return [rule for rule in rules if codes == [rule.code]]


def _found(file: File, rule: Rule) -> list[Finding]:
    return [item for item in file.result.findings if item.code == rule.code]


def _unknown(claim: Claim) -> str:
    numbers = ", ".join(f"CWE-{number}" for number in claim.cwe)
    what = f"no rule is about {numbers}, and" if numbers else ""
    return f"{what} no rule has words for it; `aliases` in the configuration add some".strip()


def _is_named(file: File, claim: Claim) -> bool:
    """Tell whether a claim can be about a file: it names that one, or none."""
    path = Path(file.result.path).as_posix()
    return not claim.files or any(
        path == name or path.endswith(f"/{name.lstrip('./')}") for name in claim.files
    )


def _matched(claim: Claim, findings: list[Finding], file: File) -> list[Finding]:
    """Return the findings of one rule that a claim is about.

    Quoted code decides, then the lines it names, give or take some, then the
    words it shares with the flagged line; else all of them.
    """
    ranges = list(_named_ranges(claim, file))
    if ranges:
        rows = [(item, file.source.row(item.span.start)) for item in findings]
        findings = [item for item, row in rows if any(row in told for told in ranges)]
    lines = [(item, _line(item, file)) for item in findings]
    quoted = [
        item for item, text in lines if any(_is_code(word) and word in text for word in claim.words)
    ]
    if quoted:
        return quoted
    near = [item for item in findings if _distance(item, claim, file) <= NEAR]
    if near:
        return near
    told = set(WORD.findall(claim.text))
    shared = [item for item, text in lines if told & set(WORD.findall(text))]
    return shared or findings


def _named_ranges(claim: Claim, file: File) -> Iterator[range]:
    """Yield the rows of each function and class that a claim names."""
    for word in claim.words:
        name = word.strip("()").rpartition(".")[2]
        for row in file.source.rows_of_word(name.encode()) if name.isidentifier() else ():
            line = file.source.line(row)
            if re.match(rb"\s*(?:async +)?(?:def|class) +" + name.encode(), line):
                depth = len(line) - len(line.lstrip())
                yield range(row, _end(file.source, row, depth))


def _end(source: Source, row: int, depth: int) -> int:
    """Return the row after a block that begins on a row, so far as its indentation shows."""
    for number in range(row + 1, len(source.starts) + 1):
        line = source.line(number)
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            return number
    return len(source.starts) + 1


def _is_code(word: str) -> bool:
    return len(word) > 3 and not word.isalpha()


def _line(finding: Finding, file: File) -> str:
    return file.source.line(file.source.row(finding.span.start)).decode("utf-8", "replace")


def _distance(finding: Finding, claim: Claim, file: File) -> float:
    first = file.source.row(finding.span.start)
    last = file.source.row(max(finding.span.end - 1, finding.span.start))
    return min(
        (max(first - row, row - last, 0) for row in claim.rows),
        default=float("inf"),
    )


def _answered(claim: Claim, matched: list[tuple[File, Finding]]) -> Answer:
    fixed = [item for file, item in matched if item in file.result.fixed]
    tiers = {item.applicability for _, item in matched}
    if fixed:
        verdict = Verdict.FIXED
    elif tiers & {Applicability.SAFE, Applicability.UNSAFE}:
        verdict = Verdict.FIXABLE
    else:
        verdict = Verdict.REPORTED
    reasons = (
        _reason(item, file, f"{item.message} ({_outcome(item, file)})") for file, item in matched
    )
    return Answer(claim, verdict, tuple(reasons), tuple(item for _, item in matched))


def _guessed(claim: Claim, matched: list[tuple[File, Finding]]) -> Answer:
    """Answer a claim that only its place explains: what is there, with no fix that answers it."""
    what = "stands where the review points to, which may mean something else"
    reasons = tuple(_reason(item, file, f"{what}: {item.message}") for file, item in matched)
    return Answer(claim, Verdict.REPORTED, reasons)


def _reason(finding: Finding, file: File, text: str) -> Reason:
    return Reason(finding.code, finding.path, file.source.row(finding.span.start), text)


def _outcome(finding: Finding, file: File) -> str:
    if finding in file.result.fixed:
        return "fixed"
    if finding.suppressed:
        return "silenced"
    if finding.applicability is Applicability.DISPLAY:
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
    there = any(
        _is_code(word) and word.encode() in file.source.utf8
        for word in claim.words
        for file in files
    )
    return Answer(claim, Verdict.REPORTED if there else Verdict.ABSENT, absent)


def _evidence(rule: Rule, claim: Claim, file: File) -> Iterator[tuple[int, str]]:
    """Yield the lines that show what a claim misses, the nearest to the lines it names."""
    if rule.evidence is None:
        return
    rows = file.source.rows(rule.evidence)
    nearest = sorted(rows, key=lambda row: min((abs(row - told) for told in claim.rows), default=0))
    for row in sorted(nearest[:SHOWN]):
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
