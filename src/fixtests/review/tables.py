"""Lines whose cells tabs or commas divide, spelled as the table in Markdown that they are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fixtests.review import phrases, places

KNOWN = re.compile(f"{phrases.either('where')}|{phrases.either('grade')}", re.IGNORECASE)
LINES = re.compile(
    r"\W*(?:(?:l|ll|lines?)\W*)?\d{1,5}(?:\s*[-\u2013,/&+]\s*\d{1,5})*\W*", re.IGNORECASE
)
HEADED = re.compile(  # the heading of a column
    r"\W*(?:#|id|nr|no|files?|lines?|rows?|where|location|place|path|severity|prio(?:rity)?|findings?|issues?|problems?|what|"
    r"title|remarks?|comments?|observations?|description|suggestion|recommendation|fix|action|status|state|ok|check|item|rule|kind)\W*",
    re.IGNORECASE,
)
FEWEST = 2  # tabs in a line of a table
MOSTLY = 0.8  # of the lines
RULED = re.compile(r"^\s*-{2,}(?:\+-{2,})+\s*$")
MARKS = ",;\t"  # what divides the cells of lines below headings
WIKI = re.compile(r"^\s*\|\|.*\w.*\|\|\s*$")  # the headings of a table in Jira


def is_head(cells: Sequence[str]) -> bool:
    """Tell whether cells are the headings of columns."""
    return sum(bool(HEADED.fullmatch(cell)) for cell in cells) > 1


def spelled(lines: list[str]) -> list[str]:
    """Return lines as rows of a table where nearly all of them have the same columns."""
    lines = [*_ruled([re.sub(r"\|\|+", "|", line) if WIKI.match(line) else line for line in lines])]
    said = [line for line in lines if line.strip()]
    columns = max((line.count("\t") for line in said), default=0)
    if columns >= FEWEST and sum(line.count("\t") == columns for line in said) >= (
        len(said) * MOSTLY
    ):
        return [_row(line.split("\t")) if line.count("\t") == columns else line for line in lines]
    return next((found for mark in MARKS if (found := [*_divided(lines, mark)]) != lines), lines)


def named(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return headings of columns, those in no language that is known by what stands below them."""
    found = [*head]
    for at, name in enumerate(head):
        cells = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if len(cells) < FEWEST or KNOWN.fullmatch(name.strip(" *_`:#.").lower()):
            continue
        if _mostly(places.FILE, cells):
            found[at] = "file"
        elif _mostly(LINES, cells) and not _counts(cells):
            found[at] = "line"
    return found


def _mostly(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    told = sum(pattern.fullmatch(cell.strip("`")) is not None for cell in cells)
    return told >= len(cells) * MOSTLY


def _counts(cells: Sequence[str]) -> bool:
    """Tell whether cells are numbers that go up one by one."""
    numbers = [int(cell) for cell in cells if cell.isdigit()]
    steps = (after - before for before, after in pairwise(numbers))
    return len(numbers) == len(cells) and all(step == 1 for step in steps)


def _ruled(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with those below and above a rule such as `---+---` as rows of a table."""
    at = 0
    while at < len(lines):
        below = "".join(lines[at + 1 : at + 2])
        bars = lines[at].count("|")
        if not (bars and RULED.match(below) and below.count("+") == bars):
            yield lines[at]
            at += 1
            continue
        yield f"| {lines[at].strip().strip('|')} |"
        yield "|" + "-|" * (bars + 1)
        at += 2
        while at < len(lines) and lines[at].count("|") == bars:
            yield f"| {lines[at].strip()} |"
            at += 1


def _divided(lines: Sequence[str], mark: str) -> Iterator[str]:
    """Yield lines with those that a mark divides as rows, from headings on to the next gap."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip():
            end += 1
        yield from _rows(lines[at:end], mark)
        yield from lines[end : end + 1]
        at = end + 1


def _rows(lines: Sequence[str], mark: str) -> list[str]:
    """Return lines as rows where the first one holds headings, and most others as many cells."""
    head = lines[0].split(mark) if lines else []
    if len(head) <= FEWEST or not is_head(head):
        return [*lines]
    try:
        cells = [next(csv.reader([line], delimiter=mark, strict=True), []) for line in lines]
    except csv.Error:
        return [*lines]  # a cell of several lines
    alike = sum(len(row) == len(head) for row in cells)
    if alike < len(cells) * MOSTLY or any(len(row) > len(head) for row in cells):
        return [*lines]
    return [_row([*row, *[""] * (len(head) - len(row))]) for row in cells]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.strip().replace('|', '/') for cell in cells)} |"
