"""The parts of a finding's message, for the formats that show them apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from fixtests.model import Applicability, Finding

LONGEST = 100  # characters that say what is wrong
SHORTEST_QUOTE = 12  # characters of quoted code that are left at least
SHORTEST_HEAD = 4
QUOTED = re.compile(r"`[^`]+`")
REMEDY = {
    Applicability.SAFE: "fixable with `fixtests`",
    Applicability.UNSAFE: "fixable with `fixtests --unsafe-fixes`",
    Applicability.DISPLAY: "no mechanical fix",
}


class Parts(NamedTuple):
    """What is wrong, why it is not fixed or not safely, and what helps; empty where not said."""

    what: str
    reason: str
    hint: str


def parts(message: str) -> Parts:
    """Return the parts of a message; code that it quotes is cut where it is long."""
    what, rest = divided(message, "; ")
    reason, hint = divided(rest, ": ")
    return Parts(_shortened(what, LONGEST), reason, hint)


def titled(finding: Finding) -> str:
    """Return all that is said of a finding, after the rule that says it."""
    return f"{finding.code} {finding.name}: {finding.message}"


def remedied(finding: Finding) -> str:
    """Return what can be done about a finding, as a sentence."""
    return f"{REMEDY[finding.applicability].capitalize()}."


def _shortened(text: str, most: int) -> str:
    """Return a text with its longest quoted code cut in the middle, where it has more letters.

    The last name in the code is kept whole where there is room for it.
    """
    quoted = max(QUOTED.findall(text), key=len, default="")
    excess = len(text) - most
    room = len(quoted) - excess - len("...")
    if excess <= 0 or room < SHORTEST_QUOTE:
        return text
    last = len(quoted) - quoted.rfind(".") - 1
    head = room - (last if last <= room - SHORTEST_HEAD else room // 3)
    return text.replace(quoted, f"{quoted[:head]}...{quoted[len(quoted) - room + head :]}", 1)


def divided(text: str, mark: str) -> tuple[str, str]:
    """Return what stands before and after the first mark outside of quoted code."""
    at = text.find(mark)
    while at >= 0 and text.count("`", 0, at) % 2:
        at = text.find(mark, at + 1)
    return (text, "") if at < 0 else (text[:at], text[at + len(mark) :])
