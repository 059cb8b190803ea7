"""A review in Markdown or plain text as a tree of blocks, each with the rows that it takes.

Markdown-it makes the tree. What people write in mails and notes comes near enough to
Markdown once bullets, letters before items, quotes and signatures are spelled as it has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fixtests.review import counted, marks, speakers, tables
from fixtests.review.claim import Asks
from fixtests.review.rows import told

BULLET = re.compile(r"^(\s*)[\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2013\u2014]\s+(?=\S)")
LETTERED = re.compile(
    r"^(\s*)(?:\((?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)|[a-z][.)]|[A-Z]\)|[ivx]{2,4}[.)])\s+(?=\S)"
    r"(?!(?<=[lp]\. )\d)"  # a line or a page
)
NUMBERED = re.compile(r"^\s{0,3}\d{1,9}[.)]\s")
SIGNATURE = re.compile(r"^-- ?$")
RULE = re.compile(r"^\s*(?:-{3,}|={3,}|_{3,}|\*{3,}|~{5,})\s*$")
UNDERLINE = re.compile(r"([~^+.*#\"])\1{4,}")  # below a heading, beside those that Markdown knows
WIKI = re.compile(r"\s*(={2,6})\s(.+?)\s\1\s*")  # a heading between signs
LIKE = 3  # characters that it may be longer or shorter
CAPITALS = re.compile(
    r"^\s*(?:\d+[.)]\s+)?([A-Z][A-Z &/,-]{3,60}):?\s*$"
)  # a heading of plain text
CHECK = re.compile(rf"^\[([ xX\u2713\u2714\u2717\u2718{marks.KEPT}-])\]\s+")
BOXES = {**dict.fromkeys(" -\u2717\u2718", Asks.CHANGE), marks.KEPT: Asks.CONTRARY}
QUOTED = re.compile(r"\s{0,3}(?:> ?)+")
QUOTE, FENCE = "quote", "~" * 12  # how a quote is spelled as code
ROW = re.compile(r"^\s*\|.*\|\s*$")
GRID = re.compile(r"^\s*\+[-=+]+\+\s*$")
DIVIDES = re.compile(r"^\s*\|[\s:|=+-]+\|\s*$")


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CODE = "code"
    QUOTE = "quote"


@dataclass
class Block:
    """A part of a review; `first` to `last` are its rows, from 1.

    `text` is what stands in a heading, a text or code; `level` that of a heading;
    `cells` are those of a row of a table, under the headings of their columns;
    `asks` is what the box or the mark of an item asks for, None where it has none.
    """

    kind: Kind
    first: int
    last: int
    text: str = ""
    level: int = 0
    cells: tuple[tuple[str, str], ...] = ()
    asks: Asks | None = None
    parts: list[Block] = field(default_factory=list)

    @property
    def own(self) -> str:
        """The texts that stand right in it."""
        return "\n".join(item.text for item in self.parts if item.kind is Kind.TEXT)


@dataclass(frozen=True)
class Document:
    """The blocks of a review, and the rows that hold a signature."""

    blocks: list[Block]
    signed: range


def read(text: str) -> Document:
    """Return the blocks of a text. Raises RecursionError where they are nested too deeply."""
    from markdown_it import MarkdownIt

    given = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    given = [line.expandtabs(4) for line in tables.spelled(given)]
    ends = next((at for at, line in enumerate(given) if SIGNATURE.match(line)), len(given))
    told = counted.spelled(_headed(_unquoted(given[:ends])))
    lines, rows = _spelled(marks.spelled(speakers.spelled(told)))
    parser = (
        MarkdownIt("commonmark")
        .enable("table")
        .disable(["code", "html_block", "reference", "blockquote"])
    )
    tokens = parser.parse("\n".join(lines))
    blocks = _Builder(lines, rows).build(tokens)
    return Document(_joined(blocks), range(ends + 1, len(given) + 1))


def _unquoted(lines: list[str]) -> list[str]:
    """Take the marks of a quote away where all is quoted, as in a mail that was passed on."""
    said = [line for line in lines if line.strip()]
    quoted = [line for line in said if line.lstrip().startswith(">")]
    if quoted and len(said) - len(quoted) <= 1:
        return [re.sub(r"^\s*> ?", "", line) for line in lines]
    return lines


def _headed(lines: list[str]) -> list[str]:
    """Return lines with those that stand above a line of signs, or between signs, as headings."""
    found = [f"## {match[2]}" if (match := WIKI.fullmatch(line)) else line for line in lines]
    for at in range(1, len(lines)):
        above = lines[at - 1].strip()
        if UNDERLINE.fullmatch(lines[at]) and above and abs(len(lines[at]) - len(above)) <= LIKE:
            found[at - 1 : at + 1] = [f"## {above}", ""]
    return found


def _spelled(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return lines as Markdown has them, and the row that each comes from."""
    found: list[str] = []
    rows: list[int] = []
    fenced, quoted = "", False
    for number, line in enumerate(lines, 1):
        if not fenced and (quoted := _quotes(line, quoted, number, found, rows)):
            continue
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark:
            fenced = "" if fenced and line.strip().startswith(fenced) else fenced or mark[1]
        before = found[-1] if found else ""
        if not fenced and not mark:
            alone = not before.strip() and not "".join(lines[number : number + 1]).strip()
            line = _as_markdown(line, before, alone=alone)
            if _stands_apart(line, before):
                found.append("")
                rows.append(number)
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
        return ""
    if alone and (match := CAPITALS.match(line)):
        return f"## {match[1]}"
    if RULE.match(line) and before.strip() and set(line.strip()) <= {"-", "="}:
        return line if len(line.strip()) >= min(len(before.strip()), 6) else ""
    if match := BULLET.match(line):
        return f"{match[1]}- {line[match.end() :]}"
    if not NUMBERED.match(line) and (match := LETTERED.match(line)):
        return f"{match[1]}- {line[match.end() :]}"
    return line


def _stands_apart(line: str, before: str) -> bool:
    """Tell whether a line begins something that Markdown would take for more of the text above."""
    if not before.strip():
        return False
    if ROW.match(line) and not ROW.match(before):
        return True
    starts = re.match(r"\s{0,3}(?:\d{1,9}[.)]|[-*+])\s+\S", line)
    return bool(starts and not re.match(r"\s*(?:\d{1,9}[.)]|[-*+])\s", before))


def _has_head(lines: Sequence[str], number: int) -> bool:
    """Tell whether the row of a table is divided from the next, so that it is the heading."""
    below = [line for line in lines[number : number + 2] if not GRID.match(line)]
    divided = any(GRID.match(line) for line in lines[number : number + 1])
    return divided or any(DIVIDES.match(line) for line in below[:1])


class _Builder:
    """Makes blocks of the tokens of Markdown-it."""

    def __init__(self, lines: list[str], rows: list[int]) -> None:
        self._lines = lines
        self._rows = rows

    def build(self, tokens: Sequence[Any]) -> list[Block]:
        """Return the outermost blocks."""
        top: list[Block] = []
        open_blocks: list[list[Block]] = [top]
        for token in tokens:
            name = token.type
            if name in ("fence", "code_block"):
                kind = Kind.QUOTE if token.info == QUOTE else Kind.CODE
                open_blocks[-1].append(self._block(kind, token, token.content))
            elif name == "inline":
                open_blocks[-1].append(self._block(Kind.TEXT, token, token.content))
            elif name in OPENS and token.nesting == 1:
                block = self._block(OPENS[name], token)
                if block.kind is Kind.HEADING:
                    block.level = int(token.tag[1])
                open_blocks[-1].append(block)
                open_blocks.append(block.parts)
            elif name.endswith("_close") and name.replace("_close", "_open") in OPENS:
                open_blocks.pop()
        return top

    def _block(self, kind: Kind, token: Any, text: str = "") -> Block:
        first, end = token.map or (0, 1)
        while end - 1 > first and not self._lines[end - 1].strip():
            end -= 1
        return Block(kind, self._rows[first], self._rows[max(end - 1, first)], text)


OPENS = {
    "heading_open": Kind.HEADING,
    "paragraph_open": Kind.TEXT,
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "list_item_open": Kind.ITEM,
    "table_open": Kind.TABLE,
    "tr_open": Kind.ROW,
    "th_open": Kind.TEXT,
    "td_open": Kind.TEXT,
}


def _joined(blocks: list[Block]) -> list[Block]:
    """Return blocks without the nesting that says nothing, tables with cells under headings."""
    found: list[Block] = []
    for block in blocks:
        block.parts = _joined(block.parts)
        match block.kind:
            case Kind.HEADING | Kind.TEXT if block.parts:
                block.text = "\n".join(item.text for item in block.parts)
                block.parts = []
            case Kind.ITEM:
                _tick(block)
            case Kind.TABLE:
                block.parts = [*_rows(block)]
            case Kind.LIST if found and _goes_on(found[-1], block):
                _last_item(found[-1]).parts.append(block)
                found[-1].last = block.last
                continue
        found.append(block)
    return found


def _tick(item: Block) -> None:
    """Take the box off an item."""
    first = next((part for part in item.parts if part.kind is Kind.TEXT), None)
    match = CHECK.match(first.text) if first else None
    if first and match:
        item.asks = BOXES.get(match[1], Asks.NOTHING)
        first.text = first.text[match.end() :]


def _rows(table: Block) -> Iterator[Block]:
    head, *rows = [[cell.text for cell in row.parts] for row in table.parts] or [[]]
    head = tables.named(head, rows)
    for block, cells in zip(table.parts[1:], rows, strict=True):
        named = zip([*head, *[""] * (len(cells) - len(head))], cells, strict=False)
        block.cells = tuple((name.strip(" *_`"), cell.strip()) for name, cell in named)
        block.text = " | ".join(cells)
        block.parts = []
        yield block


def _goes_on(before: Block, block: Block) -> bool:
    """Tell whether bullets right below a numbered item are its own, however far they stand in."""
    if not (before.kind is Kind.LIST and block.first == before.last + 1 and before.parts):
        return False
    placed = [bool(told(item.own).ranges) for item in (before.parts[-1], *block.parts)]
    return not all(placed)  # which are findings of their own


def _last_item(listed: Block) -> Block:
    return listed.parts[-1]
