"""Lines of plain text that each begin with a mark, or with a mark and a number: a list of findings.

What a mark means is told by a legend, such as `o = open, x = done`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fixtests.review import phrases
from fixtests.review.claim import Asks

KEPT = "\u2298"  # in the box of an item that has to stay as it is
BOXES = {Asks.CHANGE: "[ ] ", Asks.NOTHING: "[x] ", Asks.CONTRARY: f"[{KEPT}] "}
SIGN = r"[^\s\w|>#`\"'()\[\]]{1,3}|[A-Za-z]{1,3}"
BOX = r"\[(?P<box>[^\]\d]{1,12})\]\s+(?!\()"
LINE = re.compile(
    rf"^(?P<before>\s*(?:(?P<mark>{SIGN})\s+|{BOX})?)"
    r"(?P<row>(?P<line>L|l\.|lines? )?\d{1,6}(?:[-,/]\d{1,6})*)"
    r"(?P<colon>:?)\s+(?P<text>(?(line)[^\s|]|[^\s\d|]).*)$"
)
MARKED = re.compile(rf"^(?P<before>\s*(?:(?P<mark>{SIGN})\s+|{BOX}))(?P<text>\S.*)$")
TICKS = "xX\u2713\u2714"  # in a box, where no legend tells of it
PAIR = re.compile(
    rf"(?:^|[\s(,;])[`'\"]?(?P<mark>{SIGN})[`'\"]? ?(?:=|\bis\b|:) ?(?P<said>[^,;=()]+)"
)
BULLETS = ("-", "*", "+")  # which Markdown knows
ORDINAL = re.compile(r"^\(?\d{1,3}[.)]\s+")  # in front of an item that has a mark, too
FEWEST = 2  # lines of a list that no legend tells of
STAYS, IS_DONE, IS_OPEN = map(phrases.pattern, ("stays", "done", "open"))


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with those as items of lists that begin with marks alike."""
    known = _legend(lines)
    found: list[str] = []
    start = 0
    for end in range(len(lines) + 1):
        if end == len(lines) or not lines[end].strip():
            found += _listed(lines[start:end], known)
            found += lines[end : end + 1]
            start = end + 1
    return found


def _legend(lines: Sequence[str]) -> dict[str, Asks]:
    """Return what marks ask for, as far as a line of the text tells of two of them or more."""
    found: dict[str, Asks] = {}
    for line in lines:
        told = {match["mark"]: _meaning(match["said"]) for match in PAIR.finditer(line)}
        if len(told) > 1:
            found |= {mark: asks for mark, asks in told.items() if asks is not None}
    return found


def _meaning(said: str) -> Asks | None:
    told = ((STAYS, Asks.CONTRARY), (IS_DONE, Asks.NOTHING), (IS_OPEN, Asks.CHANGE))
    return next((asks for pattern, asks in told if pattern.match(said.strip())), None)


def _listed(lines: Sequence[str], known: Mapping[str, Asks]) -> list[str]:
    """Return a paragraph, whose first line may name a file, as a list where it is one."""
    matches = [_match(line, known) for line in lines]
    head = 1 if matches and matches[0] is None else 0
    items = [match for match in matches[head:] if match]
    if not items or any(match.groupdict().get("colon") and not _mark(match) for match in items):
        return [*lines]
    alike = len({bool(match["mark"] or match["box"]) for match in items}) == 1
    told = all(_mark(match) in known for match in items)
    if not alike or not (told or len(items) >= FEWEST):
        return [*lines]
    deep = min(len(match["before"]) for match in items)
    rest = zip(lines[head:], matches[head:], strict=True)
    if any(match is None and _depth(line) < deep for line, match in rest):
        return [*lines]  # which do not go on with the item above them
    pairs = zip(lines[head:], matches[head:], strict=True)
    return [*lines[:head], *(_item(line, match, known) for line, match in pairs)]


def _match(line: str, known: Mapping[str, Asks]) -> re.Match[str] | None:
    match = LINE.match(line)
    if match is None:
        match = MARKED.match(line)
        match = match if match and (match["box"] or match["mark"] in known) else None
    return None if match is None or match["mark"] in BULLETS else match


def _mark(match: re.Match[str]) -> str:
    """Return the mark of a line, which may stand in a box; empty for none."""
    return match["mark"] or (match["box"] or "").strip()


def _item(line: str, match: re.Match[str] | None, known: Mapping[str, Asks]) -> str:
    if match is None:
        return f"  {line.strip()}"
    row, mark = match.groupdict().get("row"), _mark(match)
    text = ORDINAL.sub("", match["text"])
    if row and text[:1].isdecimal():  # which would be a row, too, behind a word for rows
        row = row.removeprefix(match.groupdict().get("line") or "")
    if row and match["box"] and len(mark) > 1:
        row, text = None, f"{row}{match['colon']} {text}"  # which may be a number of things
    box = BOXES[known[mark]] if mark in known else ""
    if match["box"] and mark not in known:
        asks = _meaning(mark) if len(mark) > 1 else None
        box = BOXES[asks or (Asks.NOTHING if mark and mark in TICKS else Asks.CHANGE)]
    return f"- {box}{f'{row}: ' if row else ''}{text}"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
