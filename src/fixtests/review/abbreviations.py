"""Short names that a review gives to files, such as `ZT = test_zt.py`, with their paths instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

PATH = r"[`*\"]*(?P<path>[\w./-]+\.py)[`*\"]*"
NAME = r"[`*\"]*(?P<name>{})[`*\"]*"
CAPITALS, WORD = r"[A-Z][A-Z\d_]{0,15}", r"[A-Za-z]\w{0,9}"
GIVEN = (
    re.compile(rf"(?<![\w./-]){NAME.format(WORD)}\s*=\s*{PATH}(?![\w/])"),
    re.compile(rf"(?<![\w./-]){PATH}\s*\({NAME.format(CAPITALS)}\)"),
    re.compile(rf"(?<![\w./-]){PATH}\s+(?:as|alias|aka|below)\s+{NAME.format(CAPITALS)}(?!\w)"),
    re.compile(rf"^\W*{NAME.format(CAPITALS)}\W*[:\u2013\u2014-]\s+{PATH}\s*$", re.MULTILINE),
)
LISTED = (  # in a table, which says nothing else
    re.compile(rf"^\s*\|\s*{PATH}\s*\|\s*{NAME.format(CAPITALS)}\s*\|[ \t]*$", re.MULTILINE),
    re.compile(rf"^\s*\|\s*{NAME.format(CAPITALS)}\s*\|\s*{PATH}\s*\|[ \t]*$", re.MULTILINE),
)
LEADS = r"^\W*(?:\d{1,3}[.)]\s+)?(?:also for |for |in )?|\|\s*"  # in front of what a line is about
ROWS = r"(?=:L?\d|[#@]L?\d|,? (?:lines? |L)\d)"  # behind it
WITHIN = r"(?<=\b(?:of|in|at) )|(?<=\bfrom )|(?<=[\u2013\u2014(] )|(?<=\()"
ENDS = r"(?=[\s:,;|)\]]|\.\s|\.?$)(?!\W*=)(?!\s*\|\s*[`*]*[\w./-]+\.py)"


def spelled(text: str) -> str:
    """Return a text with the paths of files where it has their short names.

    Lines and cells begin with them; those in capitals stand elsewhere, too, as a place does.
    """
    given = dict(_given(text))
    for pattern in LISTED:
        text = pattern.sub(_left_out, text)
    for name, path in given.items():
        begins = rf"({LEADS}){name}(?=\s*[|:,]|\s+\d)(?!\W*=)"
        text = re.sub(begins, rf"\g<1>{path}", text, flags=re.MULTILINE | re.IGNORECASE)
        if name.isupper():
            placed = rf"(?<![\w./=-]){name}{ROWS}|(?:{WITHIN}){name}{ENDS}"
            text = re.sub(placed, path, text, flags=re.MULTILINE)
    return text


def _given(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (*GIVEN, *LISTED):
        for match in pattern.finditer(text):
            yield match["name"], match["path"]


def _left_out(match: re.Match[str]) -> str:
    """Return the ends of lines of what is left out, so that rows stay what they are."""
    return "\n" * match[0].count("\n")
