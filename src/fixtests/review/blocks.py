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

from fixtests.review import marks, spelling, tables, units
from fixtests.review.claim import Asks
from fixtests.review.rows import told

CHECK = re.compile(rf"^\[([ xX\u2713\u2714\u2717\u2718{marks.KEPT}-])\]\s+")
BOXES = {**dict.fromkeys(" -\u2717\u2718", Asks.CHANGE), marks.KEPT: Asks.CONTRARY}


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

    lines, rows, signed = spelling.spelled(text)
    parser = (
        MarkdownIt("commonmark")
        .enable("table")
        .disable(["code", "html_block", "reference", "blockquote"])
    )
    tokens = parser.parse("\n".join(lines))
    blocks = _Builder(lines, rows).build(tokens)
    return Document(_joined(blocks), signed)


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
                kind = Kind.QUOTE if token.info == spelling.QUOTE else Kind.CODE
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
    place = units.only_place(block.parts[0].own)
    if place and place.files:
        return False
    placed = [bool(told(item.own).ranges) for item in (before.parts[-1], *block.parts)]
    return not all(placed)  # which are findings of their own


def _last_item(listed: Block) -> Block:
    return listed.parts[-1]
