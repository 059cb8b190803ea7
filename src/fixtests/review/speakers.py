"""Minutes, chats and logs of channels: each line is a remark of its own, under who made it when.

They are spelled as lists, one item a line, so that rows stay what they are.
"""

from __future__ import annotations

import re
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
MINUTED = re.compile(rf"\s*{NAME}:\s+(?=\S)")
FEWEST = 2  # lines under a name, for a text to be a protocol
OTHER = re.compile(r"\s*(?:[-*+>|#]|```|\d+[.)]\s)")  # what has a form of its own


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with what people say one after the other as items of lists."""
    if sum(bool(HEAD.match(line)) for line in lines) >= FEWEST:
        return _of_chat(lines)
    for pattern in (LOGGED, MINUTED):
        found: list[str] = []
        start = 0
        for end in range(len(lines) + 1):
            if end == len(lines) or not lines[end].strip():
                found += _said(lines[start:end], pattern)
                found += lines[end : end + 1]
                start = end + 1
        lines = found
    return [*lines]


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


def _said(lines: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    """Return a paragraph as a list where most of its lines begin with who says it.

    What stands above the first of them is of nobody: a title.
    """
    spoken = [pattern.match(line) is not None for line in lines]
    labels = any(units.label(line) or units.MAIL.match(line) for line in lines)
    if sum(spoken) < FEWEST or sum(spoken) * 2 <= len(lines) or labels:
        return [*lines]
    first = spoken.index(True)
    return [
        *lines[:first],
        *(
            f"- {_unsigned(line)}" if own else f"  {line.strip()}"
            for line, own in zip(lines[first:], spoken[first:], strict=True)
        ),
    ]


def _unsigned(line: str) -> str:
    """Return a line without who logged it, and when; the name in minutes may be a topic."""
    return LOGGED.sub("", line, count=1).strip()
