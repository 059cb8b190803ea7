"""What wikis and trackers write beside Markdown: tables of MediaWiki, and code within a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

WIKI = re.compile(r"\s*(?:={2,6} .* ={2,6}|\{\|.*)\s*")  # a heading, or where a table begins
STRONG = re.compile(r"'''(?=\S)(.+?)(?<=\S)'''")
CODE = re.compile(r"''(?=\S)(.+?)(?<=\S)''")
MONOSPACED = re.compile(r"\{\{(?=\S)([^{}]+?)(?<=\S)\}\}")  # of Jira
BEGINS, ENDS, PARTS = "{|", "|}", ("|-", "|+")
LEFT_OUT = "+-+"  # a line of a grid, which says nothing between rows


def spelled(lines: Sequence[str]) -> list[str]:
    """Return lines with tables and marks of wikis as Markdown has them, each in its row."""
    found = [MONOSPACED.sub(r"`\1`", line) for line in lines]
    if not any(WIKI.fullmatch(line) for line in lines):
        return found
    return [CODE.sub(r"`\1`", STRONG.sub(r"**\1**", line)) for line in _tables(found)]


def _tables(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with each row of a table in the first of its own, below it those left out."""
    at = 0
    while at < len(lines):
        begun = lines[at].lstrip().startswith(BEGINS)
        yield "" if begun else lines[at]
        at += 1
        while begun and at < len(lines):
            end = at
            while end < len(lines) and not lines[end].lstrip().startswith((ENDS, *PARTS)):
                end += 1
            yield from _row([line.strip() for line in lines[at:end]])
            if end < len(lines):
                begun = not lines[end].lstrip().startswith(ENDS)
                yield _divider(lines[at:end]) if begun else ""
            at = end + 1


def _row(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"| {' | '.join(_cells(lines))} |"
        yield from [LEFT_OUT] * (len(lines) - 1)


def _divider(row: Sequence[str]) -> str:
    """Return what divides a row from the next: a line that tells headings from it."""
    headed = bool(row) and row[0].lstrip().startswith("!")
    return f"+{'=+' * len(_cells(row))}" if headed else LEFT_OUT if row else ""


def _cells(lines: Sequence[str]) -> list[str]:
    """Return the cells of a row, which stand in one line or in one each."""
    found: list[str] = []
    for line in lines:
        if line.lstrip().startswith(("!", "|")):
            cells = re.split(r"!!|\|\|", line.lstrip()[1:])
            found += [re.sub(r"^[^|\[\]]*=[^|]*\|", "", cell).strip() for cell in cells]
        elif found:
            found[-1] = f"{found[-1]} {line.strip()}"
    return found
