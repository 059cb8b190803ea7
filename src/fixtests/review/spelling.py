"""Lines of mails, notes and tables spelled as Markdown has them, with the rows of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fixtests.review import columns, counted, hypertext, marks, speakers, tables, units, wiki

BULLET = re.compile(r"^(\s*)[\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2013\u2014]\s+(?=\S)")
LETTERED = re.compile(
    r"^(\s*)(?:\((?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)|[a-z][.)]|[A-Z]\)|[ivx]{2,4}[.)])\s+(?=\S)"
    r"(?!(?<=[lp]\. )\d)"  # a line or a page
)
ITEM = re.compile(r"\s*(?:\d{1,9}[.)]|[-*+])\s")
FOLDED = re.compile(r"\s*(?:<details[^>]*>\s*)?<summary>(.+?)</summary>\s*(?:<blockquote>)?\s*")
FOLDS = re.compile(r"\s*(?:</?(?:details|blockquote|summary|br)\b[^>]*>\s*)+|\s*<!--.*-->\s*")
POINT = re.compile(r"^\s*(?:[A-Z]|\d{1,2})[.-]\d{1,2}[.):]?\s+(?=\S)")  # A.1, 2.3
ROWS = re.compile(r"(\s*[-*+]\s+)(\d{2,5}(?:\s?[-\u2013]\s?\d+)?)\s*:?\s*")  # an item of them
CODE = 4  # columns that a line stands in, for Markdown to take it for code
NUMBERED = re.compile(r"^\s{0,3}\d{1,9}[.)]\s")
SIGNATURE = re.compile(r"^-- ?$")
RULE = re.compile(r"^\s*(?:-{3,}|={3,}|_{3,}|\*{3,}|~{5,})\s*$")
UNDERLINE = re.compile(r"([~^+.*#\"])\1{4,}")  # below a heading, beside those that Markdown knows
WIKI = re.compile(r"\s*(={2,6})\s(.+?)\s\1\s*")  # a heading between signs
LIKE = 3  # characters that it may be longer or shorter
CAPITALS = re.compile(
    r"^\s*(?:\d+[.)]\s+)?([A-Z][A-Z &/,-]{3,60}):?\s*$"
)  # a heading of plain text
MARKS = re.compile(r"\s*(?:> ?)+")
QUOTED = re.compile(r"\s{0,3}(?:> ?)+")
ROW = re.compile(r"^\s*\|.*\|\s*$")
COUNT = re.compile(r"\s*\(\d{1,3}\)\s*$")  # of the remarks below a heading
GRID = re.compile(r"^\s*\+[-=+]+\+\s*$")
DIVIDES = re.compile(r"^\s*\|[\s:|=+-]+\|\s*$")
QUOTE, FENCE = "quote", "~" * 12  # how a quote is spelled as code


def spelled(text: str) -> tuple[list[str], list[int], range]:
    """Return the lines of a text as Markdown has them, the row of each, and a signature's rows."""
    if hypertext.is_page(text):
        page = hypertext.lines_of(text)
        lines, rows, _ = spelled("\n".join(line for line, _ in page))
        return lines, [page[row - 1][1] if row <= len(page) else 1 for row in rows], range(0)
    given = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    given = _outdented([line.expandtabs(4) for line in tables.spelled(wiki.spelled(given))])
    ends = next((at for at, line in enumerate(given) if SIGNATURE.match(line)), len(given))
    told = counted.spelled(_headed(_unquoted(given[:ends])))
    lines, rows = _as_written(marks.spelled(columns.spelled(speakers.spelled(told))))
    return lines, rows, range(ends + 1, len(given) + 1)


def _outdented(lines: list[str]) -> list[str]:
    """Return lines with lists where they stand that begin further in, below no item of a list."""
    found: list[str] = []
    indent, before = 0, ""  # the last line that is not empty
    for line in lines:
        deep = len(line) - len(line.lstrip())
        if line.strip() and deep < indent:
            indent = 0
        if not indent and deep >= CODE and ITEM.match(line) and before[:1].strip():
            indent = 0 if ITEM.match(before) else deep
        found.append(line[indent:])
        before = found[-1] if line.strip() else before
    return found


def _unquoted(lines: list[str]) -> list[str]:
    """Take the marks of a quote away where all is quoted, as in a mail that was passed on."""
    said = [line for line in lines if line.strip()]
    deep = [match[0].count(">") for line in said if (match := MARKS.match(line))]
    if not deep or len(said) - len(deep) > 1:
        return lines
    return [re.sub(rf"^\s*(?:> ?){{1,{min(deep)}}}", "", line) for line in lines]


def _headed(lines: list[str]) -> list[str]:
    """Return lines with those that stand above a line of signs, or between signs, as headings."""
    found = [
        f"{'#' * len(match[1])} {match[2]}" if (match := WIKI.fullmatch(line)) else line
        for line in lines
    ]
    for at in range(1, len(lines)):
        above = lines[at - 1].strip()
        if UNDERLINE.fullmatch(lines[at]) and above and abs(len(lines[at]) - len(above)) <= LIKE:
            found[at - 1 : at + 1] = [f"## {above}", ""]
    return found


def _as_written(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return lines as Markdown has them, and the row that each comes from."""
    found: list[str] = []
    rows: list[int] = []
    fenced, quoted = "", False
    labels: list[str] = []  # those of the lines of a paragraph
    for number, line in enumerate(lines, 1):
        if not fenced and (quoted := _quotes(line, quoted, number, found, rows)):
            continue
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark:
            fenced = "" if fenced and line.strip().startswith(fenced) else fenced or mark[1]
        before = found[-1] if found else ""
        if not fenced and ROW.match(before) and GRID.match(line) and "=" not in line:
            continue  # between the rows of a table
        if not fenced and not mark:
            alone = not before.strip() and not "".join(lines[number : number + 1]).strip()
            line = _as_markdown(line, before, alone=alone)
            label = re.sub(r"[\W\d]+$", "", units.label(line))
            labels = [*labels, label] if before.strip() else [label]
            if _stands_apart(line, before) or _begins_record(labels):
                found.append("")
                rows.append(number)
                labels = labels[-1:]
            if ROW.match(line) and not ROW.match(before) and not _has_head(lines, number):
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                divider = "|" + "-|" * len(cells)
                if tables.is_head(cells):
                    found += [line, divider]
                    rows += [number, number]
                    continue
                found += ["|" + " |" * len(cells), divider]
                rows += [number, number]
        found.append(line)
        rows.append(number)
    return found, rows


def _quotes(line: str, before: bool, number: int, found: list[str], rows: list[int]) -> bool:
    """Tell whether a line is quoted; it is taken as code then, whatever it looks like."""
    mark = QUOTED.match(line)
    if bool(mark) != before:
        found += ["", FENCE + QUOTE] if mark else [FENCE]
        rows += [number] * (2 if mark else 1)
    if mark:
        found.append(line[mark.end() :])
        rows.append(number)
    return bool(mark)


def _as_markdown(line: str, before: str, *, alone: bool) -> str:
    if GRID.match(line):
        return f"|{'-|' * (line.count('+') - 1)}" if ROW.match(before) else ""
    if alone and (match := CAPITALS.match(line)):
        return f"## {match[1]}"
    if RULE.match(line) and not before.strip() and line.strip()[0] == "=":
        return ""  # above a heading
    if RULE.match(line) and before.strip() and set(line.strip()) <= {"-", "="}:
        return line if len(line.strip()) >= min(len(before.strip()), 6) else ""
    if match := BULLET.match(line):
        return f"{match[1]}- {line[match.end() :]}"
    if match := FOLDED.fullmatch(line):
        return f"## {COUNT.sub('', match[1])}"
    if FOLDS.fullmatch(line):
        return ""
    if match := POINT.match(line):
        return f"- {line[match.end() :]}"
    if match := ROWS.fullmatch(line):
        return f"{match[1]}line {match[2]}"
    if not NUMBERED.match(line) and (match := LETTERED.match(line)):
        return f"{match[1]}- {line[match.end() :]}"
    return line


def _stands_apart(line: str, before: str) -> bool:
    """Tell whether a line begins something that Markdown would take for more of the text above."""
    if not before.strip():
        return False
    if ROW.match(line) and not ROW.match(before):
        return True
    in_list = ITEM.match(before) or before[:1].isspace()
    place = units.only_place(line) if in_list and line[:1].strip() else None
    if place and place.files:
        return True  # of what stands below it
    starts = re.match(r"\s{0,3}(?:\d{1,9}[.)]|[-*+])\s+\S", line)
    return bool(starts and not ITEM.match(before))


def _begins_record(labels: Sequence[str]) -> bool:
    """Tell whether the last line of a paragraph begins with a label that others came after.

    What is labelled so goes on from one finding to the next.
    """
    told = [label for label in labels if label]
    return bool(labels[-1]) and labels[-1] in told[:-1] and labels[-1] != told[-2]


def _has_head(lines: Sequence[str], number: int) -> bool:
    """Tell whether the row of a table is divided from the next, so that it is the heading."""
    below = "".join(lines[number : number + 1])
    return DIVIDES.match(below) is not None or (GRID.match(below) is not None and "=" in below)
