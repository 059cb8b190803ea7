"""Minutes, chats and logs of channels: each line is a remark of its own, under who made it when.

They are spelled as lists, one item a line, so that rows stay what they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fixtests.review import units

NAME = r"[A-Z][\w.-]{0,20}(?: [A-Z][\w.-]{0,20})?"
TIME = r"[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp][Mm])?[\])]?"
HEAD = re.compile(
    rf"\s*(?:@?[\w.-]{{1,20}}(?: {NAME})?[,:]?\s+{TIME}|\*\*@?[\w. -]{{1,40}}\*\*[,:]?\s+{TIME}"
    rf"|{TIME}\s+@?{NAME})\s*:?\s*$"
)
NICK = r"[@+]?[\w.|-]{1,20}"
LOGGED = re.compile(
    rf"\s*(?:(?:{TIME}\s+)?<[@+ ]?[\w.|-]+>|{TIME}\s+(?:{NAME}|{NICK}):"
    rf"|{NICK}(?: {NAME})?,?\s+{TIME}\s*[:>])\s+(?=\S)"
)
MINUTED = re.compile(rf"\s*(?P<name>{NAME}):\s+(?=\S)")
FEWEST = 2  # lines under a name, for a text to be a protocol
OTHER = re.compile(r"\s*(?:[-*+>|#]|```|\d+[.)]\s)")  # what has a form of its own


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with what people say one after the other as items of lists."""
    if sum(bool(HEAD.match(line)) for line in lines) >= FEWEST:
        return _of_chat(lines)
    known = _known(lines)
    for pattern in (LOGGED, *([known] if known else ()), MINUTED):
        found: list[str] = []
        start = 0
        for end in range(len(lines) + 1):
            if end == len(lines) or not lines[end].strip():
                found += _said(lines[start:end], pattern, all_known=pattern is known)
                found += lines[end : end + 1]
                start = end + 1
        lines = found
    return [*lines]


def _known(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return what tells lines that begin with who says it, or of whom they tell, None for nobody.

    Who has said something twice is known.
    """
    told = (match for line in lines if (match := MINUTED.match(line)) and not units.label(line))
    said = Counter(match["name"] for match in told)
    names = [re.escape(name) for name, times in said.items() if times >= FEWEST]
    if not names:
        return None
    known = "|".join(names)
    return re.compile(rf"\s*(?:(?P<known>{known})(?::|(?=\s[a-z]))|{NAME}:)\s+")


def _of_chat(lines: Sequence[str]) -> list[str]:
    """Return the lines of a chat whose remarks stand below who makes them."""
    found: list[str] = []
    spoken = False
    for line in lines:
        head = HEAD.match(line) is not None
        spoken = spoken or head
        item = spoken and line.strip() and not OTHER.match(line)
        found.append("" if head else f"- {line.strip()}" if item else line)
    return found


def _said(lines: Sequence[str], pattern: re.Pattern[str], *, all_known: bool) -> list[str]:
    """Return a paragraph as a list where most of its lines begin with who says it.

    Those who are known need not be most. What stands above the first of them is of nobody: a title.
    """
    begun = [pattern.match(line) for line in lines]
    spoken = [match is not None for match in begun]
    labels = any(units.label(line) or units.MAIL.match(line) for line in lines)
    is_known = all_known and any(match["known"] for match in begun if match)
    fewest = 1 if is_known else max(FEWEST, len(lines) // 2 + 1)
    if sum(spoken) < fewest or labels:
        return [*lines]
    first = spoken.index(True)
    inner = " " * (len(lines[first]) - len(lines[first].lstrip()))
    return [
        *lines[:first],
        *(
            f"{inner}- {_unsigned(line)}" if own else f"{inner}  {line.strip()}"
            for line, own in zip(lines[first:], spoken[first:], strict=True)
        ),
    ]


def _unsigned(line: str) -> str:
    """Return a line without who logged it, and when; the name in minutes may be a topic."""
    return LOGGED.sub("", line, count=1).strip()
