"""The claims of texts that name a place for each: linters, grep, the mail of a review server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from fixtests.review import places, units
from fixtests.review.claim import BESIDE, Claim, Place
from fixtests.review.making import Above
from fixtests.review.rows import Rows, listed_in
from fixtests.review.segments import Segments

LINE = re.compile(
    r"^(?P<file>[^\s:]+\.py):(?P<rows>\d+(?:-\d+)?)(?P<column>:\d+)?:\s*(?P<text>.*)$"
)
ENOUGH = 0.5  # of the lines, for a text to be such a list
FILE = re.compile(r"^(?:File )?(?P<file>[\w./+-]+\.py):?\s*$")
LEVEL = re.compile(
    r"^(?:(?P<change>Patchset|(?:File )?/PATCHSET_LEVEL)"
    r"|Commit Message|(?:File )?/COMMIT_MSG):\s*$",
    re.IGNORECASE,
)
SET = r"(?:(?:PS|Patch ?[Ss]et )\d+, )?"
ENTRY = re.compile(
    rf"^{SET}(?:Lines? (?P<rows>\d+(?:-\d+)?)|(?P<whole>PS\d+))"
    r"(?::(?P<code>.*)|\s*)$"
)
LINK = re.compile(r"^https?://\S+/comment/(?P<id>[\w-]+)/? ?:?\s*$")
ENDS = re.compile(r"^(?:-- ?|To view, visit .*|Gerrit-\w[\w-]*: .*)$")


@dataclass
class _Entry:
    row: int
    place: Place
    lines: list[str] = field(default_factory=list)
    rules: tuple[str, ...] = ()  # that report it
    beside: str = ""


def is_list(text: str) -> bool:
    """Tell whether most paragraphs of a text begin with the place of a file."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and sum(bool(LINE.match(line)) for line in lines) >= len(lines) * ENOUGH


def is_gerrit(text: str) -> bool:
    """Tell whether a text is a mail of Gerrit's."""
    return bool(re.search(rf"^{SET}Lines? \d+(?:-\d+)?:", text, re.MULTILINE)) and bool(
        re.search(r"^(?:File .+:|Gerrit-\w+:|Patch ?[Ss]et \d+)", text, re.MULTILINE)
    )


def of_list(text: str, segments: Segments) -> Iterator[Claim]:
    """Yield the claims of lines with places; what follows one up to the next is of it."""
    entries: list[_Entry] = []
    before = ""
    for row, line in enumerate(text.splitlines(), 1):
        if match := LINE.match(line):
            place = Place((match["file"],), Rows.of(listed_in(match["rows"])))
            text = match["text"]
            rules = segments.topics.reported(text, in_front=bool(match["column"]))
            entries.append(_Entry(row, place, [text], rules))
        elif entries and line.strip():
            signed = not before.strip() and units.is_signature(line)
            if not (signed or units.is_said_of_all(line)):
                entries[-1].lines.append(line)
        before = line
    yield from _claims(entries, segments)


def of_gerrit(text: str, segments: Segments) -> Iterator[Claim]:
    """Yield the claims of a mail of Gerrit's."""
    entries: list[_Entry] = []
    file, waiting, beside = Place(), None, ""
    for row, line in enumerate(text.splitlines(), 1):
        if ENDS.match(line):
            break
        if match := FILE.match(line):
            file, waiting, beside = Place((match["file"],)), None, ""
        elif match := LEVEL.match(line):
            name = "/PATCHSET_LEVEL" if match["change"] else "/COMMIT_MSG"
            file, waiting, beside = Place(), None, BESIDE[name]
        elif LINK.match(line):
            waiting = row
            if entries:
                entries.append(_Entry(row, file, beside=beside))
        elif match := ENTRY.match(line):
            rows = Rows.of(listed_in(match["rows"])) if match["rows"] else Rows()
            shown = (match["code"] or "").strip()
            code = (shown,) if shown and match["rows"] else ()
            place = replace(file, rows=rows, quoted=code)
            entries.append(_Entry(waiting or row, place, beside=beside))
            waiting = None
        elif entries:
            entries[-1].lines.append(line)
    yield from _claims(entries, segments)


def _claims(entries: list[_Entry], segments: Segments) -> Iterator[Claim]:
    for entry in entries:
        text = "\n".join(entry.lines).strip("\n")
        if not text.strip():
            continue
        if entry.rules:
            origin = f"{segments.origin}:{entry.row}"
            yield Claim(origin, entry.lines[0], text, entry.place, rules=entry.rules)
            continue
        for claim in segments.of_comment(text, Above(entry.place)):
            place = replace(claim.place, files=entry.place.files or claim.place.files)
            own = places.told(claim.text)
            if entry.place.rows.ranges and not own.rows.ranges:
                place = replace(place, rows=entry.place.rows, guessed=Rows())
            if entry.place.quoted and not own.quoted:
                place = replace(place, quoted=())
            origin = f"{segments.origin}:{entry.row}"
            claim = replace(claim, origin=origin, place=place)
            yield claim.at(entry.beside) if entry.beside else claim
