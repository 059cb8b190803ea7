"""Claims that no finding bears out: what is there instead, nothing, or what nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fixtests.model import Judged, Judgement
from fixtests.review.claim import Claim
from fixtests.review.files import File
from fixtests.review.matching import NEAR, at_place, is_head, missing, spoken_of
from fixtests.review.ranking import Meaning
from fixtests.review.rows import Rows
from fixtests.review.spots import Left
from fixtests.review.topics import Topics
from fixtests.review.touching import rows_told, touches
from fixtests.review.verdicts import SHOWN, Answer, Reason, Verdict, said
from fixtests.rules.api import Rule

INHERITED = re.compile(r"\b(?:inherit\w*|(?:base|parent|super) ?class\w*)\b", re.IGNORECASE)
LAST = re.compile(
    r"\b(?:last|final|closing)\W+(?:line|statement|call|step|check|comparison|assert\w*)\b",
    re.IGNORECASE,
)
OPENING = ("for ", "with ", "if ", "try:", "while ", "async ")  # what stands in front of a block
Looked = tuple[File, Left]  # what a rule has looked at and not flagged, in its file
DENIALS = (Verdict.RIGHT, Verdict.ABSENT)
JUDGED = {
    Judgement.RIGHT: Verdict.RIGHT,
    Judgement.SO: Verdict.REPORTED,
    Judgement.HALF: Verdict.RIGHT,
    Judgement.OPEN: Verdict.CANNOT,
}


def answer(
    claim: Claim, rule: Rule, meaning: Meaning, files: Sequence[File], topics: Topics
) -> Answer | None:
    """Answer a claim about a rule that finds nothing there, None where its words do not tell.

    Nothing is denied where they leave a doubt.
    """
    half = topics.allows_half(claim, rule)
    is_told = not set(claim.cwe).isdisjoint(rule.cwe)
    looked, things = left(claim, rule, files), topics.things(claim, rule)
    plain = _is_best(rule, meaning) and (
        meaning.is_plain or (_stand_there(claim, looked, meaning) and topics.names(claim, rule))
    )
    plain = plain or is_told
    about = [item for item in looked if not things or item[1].is_one_of(things)]
    if all(_away(claim, *item) == 0 for item in about):
        about = [item for item in about if _begins(claim, item[1])] or about
    if looked and not about:
        return said(claim, Verdict.CANNOT, f"{rule.name} judges nothing there that it names")
    about = [item for item in about if _is_meant(claim, item, meaning, half=half, plain=plain)]
    about = _counted(claim, about)
    shown = [*_shown(claim, rule, files, topics)]
    found = _quiet(
        claim, rule, files, _most(about), shown, half=half, plain=plain, narrowed=bool(things)
    )
    if found is None or found.verdict not in DENIALS:
        return found
    if not _may_be_denied(claim, rule, meaning, found, files, topics):
        return None
    if found.verdict is Verdict.ABSENT and _is_written(claim, files):
        return said(claim, Verdict.CANNOT, f"{rule.name} does not judge what stands there")
    if found.verdict is Verdict.ABSENT and INHERITED.search(claim.text):
        return said(claim, Verdict.CANNOT, f"{rule.name} looks at what stands in a file itself")
    if found.verdict is Verdict.RIGHT and not touches(claim, files, found.reasons):
        return said(claim, Verdict.CANNOT, f"{rule.name} judges nothing there that it names")
    return found if meaning.is_agreed or plain else None


def _counted(claim: Claim, about: Sequence[Looked]) -> list[Looked]:
    """Return the one that a claim tells by where it stands in its function, else all."""
    listed = sorted(about, key=lambda item: item[1].first)
    if claim.place.lines.ranges or len({file.result.path for file, _ in listed}) != 1:
        return [*about]
    return listed[-1:] if LAST.search(claim.text) else listed


def _may_be_denied(
    claim: Claim,
    rule: Rule,
    meaning: Meaning,
    found: Answer,
    files: Sequence[File],
    topics: Topics,
) -> bool:
    """Tell whether a claim says clearly enough what a denial would deny.

    What stands on its very rows takes less than that there is nothing of the kind in a file;
    that takes most where it is no text that could be seen on a line.
    """
    is_named = topics.is_named(claim, rule)
    if found.verdict is Verdict.ABSENT:
        is_told = meaning.is_firm or not set(claim.cwe).isdisjoint(rule.cwe)
        is_clear = meaning.is_certain or topics.is_literal(rule)
        gone = any(missing(claim, file) for file in files)
        return (is_named and is_told and is_clear) or gone
    return is_named or (meaning.is_strong and bool(claim.place.lines.ranges))


def _is_written(claim: Claim, files: Sequence[File]) -> bool:
    """Tell whether a text that a claim quotes is a literal of a file, which a rule left."""
    quoted = {part.strip("'\"") for part in claim.place.quoted} - {""}
    marks = ("'", '"')
    return any(
        file.holds(f"{mark}{part}{mark}") for file in files for part in quoted for mark in marks
    )


def _stand_there(claim: Claim, looked: Sequence[Looked], meaning: Meaning) -> bool:
    """Tell whether words that are near enough meet what a rule has looked at on their very rows."""
    return meaning.is_near and any(_away(claim, *item) == 0 for item in looked)


def _is_best(rule: Rule, meaning: Meaning) -> bool:
    """Tell whether words come nearest to a rule, and to nothing that no rule judges as near."""
    first = all(score.topic.rule is rule for score in meaning.scores[:1])
    return first and len(meaning.rules) == len(meaning.topics)


def left(claim: Claim, rule: Rule, files: Sequence[File]) -> list[Looked]:
    """Return what a rule has looked at and not flagged of what a claim is about.

    Where nothing of it stands on the very rows, what is told by these rows counts as well.
    """
    found = [(file, item) for file in files for item in at_place(claim, file, file.left(rule.code))]
    if not any(_away(claim, *item) == 0 for item in found):
        every = [(file, item) for file in files for item in file.left(rule.code)]
        found += [item for item in every if _away(claim, *item) == 0 and item not in found]
    named = [(file, item) for file, item in found if _names(claim, file, item)]
    return named or found


def _begins(claim: Claim, item: Left) -> bool:
    """Tell whether a place begins on the one row that a claim names."""
    ranges = claim.place.lines.ranges
    return sum(map(len, ranges)) == 1 and item.first in ranges[0]


def _names(claim: Claim, file: File, item: Left) -> bool:
    """Tell whether a claim names a part of a place, and not only the function that it stands in."""
    names = claim.place.names
    around = [name for name in names if any(item.first in rows[1:] for rows in file.blocks(name))]
    left = tuple(name for name in names if name not in around)
    return replace(claim, place=replace(claim.place, names=left)).names_part_of(item.text)


def _quiet(
    claim: Claim,
    rule: Rule,
    files: Sequence[File],
    about: Sequence[Looked],
    shown: Sequence[Reason],
    *,
    half: bool,
    plain: bool,
    narrowed: bool,
) -> Answer | None:
    """Answer a claim that no finding bears out: what is there instead, or that nothing is.

    `about` is what the rule has looked at there, `shown` are lines that look like what it is
    about, and that it does not judge; `half` tells that it is so where something is done; where
    it is not `plain` what it is about, nothing is denied, and None returned.
    """
    told = {item.judged.judgement for _, item in about}
    if {Judgement.RIGHT, Judgement.SO} <= told and not half and not narrowed:
        text = f"of what stands there, {rule.name} judges some so, and some not"
        return said(claim, Verdict.CANNOT, text)
    for judgement in [Judgement.HALF, *JUDGED] if half else JUDGED:
        if judgement is Judgement.OPEN and not plain:
            continue  # neither the words nor the place tell
        found = [(file, item) for file, item in about if item.judged.judgement is judgement]
        if found and (claim.place.is_told or len(found) <= SHOWN):
            reasons = [
                Reason(rule.code, file.result.path, item.first, item.judged.message)
                for file, item in found[:SHOWN]
            ]
            so = half and judgement is Judgement.HALF
            verdict = Verdict.REPORTED if so else _verdict(claim, found[0][1].judged)
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


def _most(about: Sequence[Looked]) -> Sequence[Looked]:
    """Return the largest of what a rule has measured, else all that it has looked at."""
    measured = [item for item in about if item[1].judged.measured]
    return [max(measured, key=lambda item: item[1].judged.measured)] if measured else about


def _is_meant(claim: Claim, looked: Looked, meaning: Meaning, *, half: bool, plain: bool) -> bool:
    """Tell whether a claim means something that a rule looked at, so that its judgement answers.

    For nothing to be done, it has to name it, or its very rows and what the rule asks for; else
    words or rows that are near will do.
    """
    file, item = looked
    if claim.names_part_of(file.line(item.first)):
        return True
    away = _away(claim, file, item)
    judgement = item.judged.judgement
    if (half and judgement is Judgement.HALF) or JUDGED[judgement] is not Verdict.RIGHT:
        is_near = away is not None and away <= NEAR
        return plain or (meaning.is_agreed and (meaning.is_firm or is_near)) or away == 0
    return plain and (is_head(item, file) or not away)


def _away(claim: Claim, file: File, item: Left) -> int | None:
    """Return how far the rows that a claim names are from a place, or from what is told of it."""
    rows = _with_bodies(claim.place.lines.up_to(file.rows), file)
    told = [rows.away(row, row) for row in rows_told(item.judged.message)]
    gaps = [gap for gap in (rows.away(item.first, item.last), *told) if gap is not None]
    return min(gaps, default=None)


def _with_bodies(rows: Rows, file: File) -> Rows:
    """Return rows with the first one of the block that the last of each range opens."""
    return Rows.of(
        range(part.start, part.stop + 1) if _opens(file.line(part.stop - 1)) else part
        for part in rows.ranges
    )


def _opens(line: str) -> bool:
    return line.rstrip().endswith(":") and line.lstrip().startswith(OPENING)


def _verdict(claim: Claim, judged: Judged) -> Verdict:
    """Return the verdict of what a rule thinks of a place; a number that is told is compared."""
    told = claim.numbers if judged.measured else ()
    if any(abs(number - judged.measured) * 10 <= judged.measured for number in told):
        return Verdict.REPORTED
    return Verdict.RIGHT if told else JUDGED[judged.judgement]


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
