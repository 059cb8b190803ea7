"""Findings that a word and a number begin, such as `FINDING 3 (low) line 12`, spelled as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

BEGINS = re.compile(r"\s{0,3}(?P<word>[A-Za-z]{4,15})[ -]?#?(?P<number>\d{1,3})\b(?!\.\d)")
PLACES = frozenset(("line", "lines", "rows", "step", "page", "test", "case", "python", "cwe"))
FEWEST = 2


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with those that count findings, and what follows each, as items of a list."""
    matches = [BEGINS.match(line) for line in lines]
    told = [(match["word"].lower(), int(match["number"])) for match in matches if match]
    words = {
        word
        for word in {word for word, _ in told} - PLACES
        if _counts([number for other, number in told if other == word])
    }
    found: list[str] = []
    inside = False
    for line, match in zip(lines, matches, strict=True):
        begins = match is not None and match["word"].lower() in words
        inside = begins or (inside and bool(line.strip()))
        if begins and found and found[-1].strip() and not found[-1].startswith(("- ", "  ")):
            found.append("")
        found.append(f"- {line.strip()}" if begins else f"  {line.strip()}" if inside else line)
    return found


def _counts(numbers: Sequence[int]) -> bool:
    """Tell whether numbers go up one by one."""
    return len(numbers) >= FEWEST and all(
        after == number + 1 for number, after in pairwise(numbers)
    )
