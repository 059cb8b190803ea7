"""Lines that begin with rows in signs alike, such as `(13)`, `@13` or `13 ->`: a list of findings.

Numbers that go up one by one count findings, and are no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fixtests.review.rows import DASH

LINE = re.compile(
    r"^(?P<before>\s*[*_`]{0,3}\s?[@#\[(<]?)"
    rf"(?P<rows>\d{{1,5}}(?:\s?[{DASH},/&]\s?\d{{1,5}})*)"
    rf"(?P<after>\s?[\])>.:|]?[*_`]{{0,3}}(?:\s*(?:[-=]>|[\u2192\u21d2|:{DASH}]))?)\s+(?P<text>\S.*)$"
)
BULLETS = ("-", "*", "+")  # which Markdown knows
FENCE = re.compile(r"\s*(?:```|~~~)")
FEWEST, HIGHEST = 2, 9  # lines of a list, and a number that counts findings at most


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with those as items of lists; what stands further in goes on with an item."""
    found = [*lines]
    for run in _runs(lines):
        firsts = [int(re.split(r"\D", match["rows"], maxsplit=1)[0]) for _, match in run]
        counted = all(after == number + 1 for number, after in pairwise(firsts))
        if len(run) < FEWEST or counted or max(firsts) <= HIGHEST:
            continue
        items = dict(run)
        for at in range(run[0][0], _end(lines, run)):
            match = items.get(at)
            told = f"- {match['rows']}: {match['text']}" if match else f"  {lines[at].strip()}"
            found[at] = told.rstrip()
    return found


def _runs(lines: Sequence[str]) -> Iterator[list[tuple[int, re.Match[str]]]]:
    """Yield the lines that follow one another and begin alike, with where they stand."""
    run: list[tuple[int, re.Match[str]]] = []
    fenced = False
    for at, line in enumerate(lines):
        fenced ^= FENCE.match(line) is not None
        match = None if fenced else LINE.match(line)
        if match and _signs(match) and run and _signs(match) == _signs(run[-1][1]):
            run.append((at, match))
        elif match and _signs(match):
            yield run
            run = [(at, match)]
        elif run and line.strip() and not _goes_on(line, run[-1][1]):
            yield run
            run = []
    yield run


def _signs(match: re.Match[str]) -> tuple[str, str] | None:
    """Return what stands around rows, None where it is nothing, or the bullet of a list."""
    before, after = match["before"].strip(), "".join(match["after"].split())
    return None if before in BULLETS or not before + after else (before, after)


def _goes_on(line: str, match: re.Match[str]) -> bool:
    """Tell whether a line stands further in than one that begins with rows."""
    return len(line) - len(line.lstrip()) > len(match["before"]) - len(match["before"].lstrip())


def _end(lines: Sequence[str], run: Sequence[tuple[int, re.Match[str]]]) -> int:
    """Return where the last item of a run ends."""
    at, match = run[-1]
    end = at + 1
    while end < len(lines) and lines[end].strip() and _goes_on(lines[end], match):
        end += 1
    return end
