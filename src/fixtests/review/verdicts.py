"""What becomes of a claim, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fixtests.model import Finding
from fixtests.review.claim import Claim

SHOWN = 3  # places, files and topics that an answer names


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


def said(claim: Claim, verdict: Verdict, text: str) -> Answer:
    """Return an answer that names no place."""
    return Answer(claim, verdict, (Reason("", "", 0, text),))
