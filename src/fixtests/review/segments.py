"""From the blocks of a review in prose to its claims.

Whatever stands in a review belongs to a claim, or is said of all: a heading, a greeting, a
summary. An item of a list, a row of a table and the part below a heading are one claim each,
unless they lead to parts of their own; what stands in running text is divided where its
sentences begin to speak of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from fixtests.review import dividing, making, places, shapes, units
from fixtests.review.blocks import Block, Document, Kind, read
from fixtests.review.claim import Asks, Claim, Place
from fixtests.review.making import Above, Maker
from fixtests.review.sentences import WANTS
from fixtests.review.topics import Topics

TOP = Above()
# What a sentence is about that names it by its kind, whatever was named before.
ANOTHER = re.compile(
    r"\b(?:the|this|its) (?:\w+ )?(?:test|scenario|class|module|file)\b"
    r"(?! (?:below|above|inherits|already|contains|offers|provides|derives|imports|proceeds))"
)


class Segments:
    """The claims of one review in prose; `unread` are the lines of it that nobody understood."""

    def __init__(self, origin: str, topics: Topics) -> None:
        self.origin = origin
        self.unread: list[str] = []
        self.topics = topics
        self._whole = False
        self._stems: frozenset[str] = frozenset()
        self._maker = Maker(origin, topics)

    def of(self, document: Document, above: Above = TOP) -> Iterator[Claim]:
        """Yield the claims of a document, in order."""
        self._whole = False
        told = (item.text for block in document.blocks for item in shapes.texts(block))
        self._stems = frozenset(map(places.stem, places.told("\n".join(told)).files))
        yield from self._blocks(document.blocks, above)

    def of_comment(self, text: str, above: Above) -> Iterator[Claim]:
        """Yield the claims of a comment, which is one claim mostly."""
        self._whole = True
        yield from self._blocks(read(text).blocks, above)

    def _blocks(self, blocks: Sequence[Block], above: Above) -> Iterator[Claim]:
        """Yield the claims of blocks that stand one below the other."""
        at, here, goes_on = 0, above, False
        structured = any(
            block.kind in (Kind.LIST, Kind.TABLE) or (block.kind is Kind.HEADING)
            for block in blocks
        )
        while at < len(blocks):
            block = blocks[at]
            at += 1
            match block.kind:
                case Kind.HEADING:
                    end = at
                    while end < len(blocks) and not shapes.ends(block, blocks[end]):
                        end += 1
                    yield from self._section(block, blocks[at:end], here)
                    at = end
                case Kind.LIST:
                    if place := shapes.titles(block):
                        here = above.then(block.parts[0].own, place)
                        continue
                    yield from self._list(block, here)
                case Kind.TABLE:
                    yield from self._rows(block, here)
                case Kind.QUOTE:
                    quoted = making.of_quote(block.text)
                    files = Place(here.place.files or above.place.files)
                    before = here.place if goes_on else Place()
                    here = replace(here, place=before.and_also(quoted).below(files))
                    goes_on = True
                    continue
                case Kind.TEXT:
                    place = shapes.leads(block, blocks[at : at + 1])
                    if place and not ("\n" in block.text and self.topics.of(block.text)):
                        place = self._with_files(place)
                        here = (above if place.files else here).then(block.text, place)
                        goes_on = bool(place.rows.ranges)
                        continue
                    end = at
                    while end < len(blocks) and shapes.belongs(blocks[end], blocks[at - 1 : end]):
                        end += 1
                    if self._says_nothing(block, last=at == len(blocks) > 1):
                        continue
                    made = [*self._text([block, *blocks[at:end]], here, structured)]
                    yield from made
                    told = places.told(block.text).files
                    named = Place(told[-1:] if made else told)
                    here = replace(here, place=named.below(here.place))
                    at = end
            goes_on = False

    def _with_files(self, place: Place) -> Place:
        """Return a place with the files that it calls as a review calls them, but for `.py`."""
        if place.files or not place.names or not self._stems.issuperset(place.names):
            return place
        return replace(place, files=tuple(f"{name}.py" for name in place.names), names=())

    def _says_nothing(self, block: Block, *, last: bool) -> bool:
        """Tell whether a text is dots between quotes, a total, or who wrote a review."""
        text = block.text
        if not re.search(r"\w", text) or units.TOTALS.match(text):
            return True
        signed = last and not self._whole and units.is_signature(text)
        return signed and not self.topics.near(text)

    def _section(self, heading: Block, body: Sequence[Block], above: Above) -> Iterator[Claim]:
        """Yield the claims below a heading: one where it is the title of one."""
        text = heading.text
        if not re.search(r"\w", text):
            yield from self._blocks(body, above)
            return
        if units.CLOSES.match(text) and not units.only_place(text):
            return
        if units.PRAISES.match(text):
            yield from self._blocks(body, replace(above.then(text), asks=Asks.NOTHING))
            return
        lists = [block for block in body if block.kind in (Kind.LIST, Kind.TABLE)]
        listed = any(self._holds_claims(block, text) for block in lists)
        groups = [] if listed else shapes.located(body)
        if groups:
            yield from (self._maker.of_blocks([heading, *group], above) for group in groups)
            return
        parts = [block for block in body if block.kind is Kind.HEADING]
        records = [block for block in body if shapes.is_record(block) or shapes.is_titled(block)]
        leads = (
            listed
            or bool(parts)
            or len(records) > 1
            or units.is_category(text)
            or units.only_place(text) is not None
        )
        if leads or not body:
            where = units.only_place(text) is not None and not units.says_more(text)
            if not body and not units.is_category(text) and not where:
                yield self._maker.of_blocks([heading], above)
            place = self._with_files(places.told(text)) if where else None
            yield from self._blocks(body, above.then(text, place))
            return
        yield self._maker.of_blocks([heading, *body], above)

    def _holds_claims(self, block: Block, title: str) -> bool:
        """Tell whether the items of a list are findings of their own, and no attributes of one."""
        if block.kind is Kind.TABLE:
            return True
        if shapes.are_attributes(block):
            return False
        if shapes.are_tasks(block):
            return True
        told = [self.topics.of(shapes.all_text(item)) for item in block.parts]
        own = self.topics.of(title)
        different = [item for item in told if item is not None and item != own]
        placed = [item for item in block.parts if places.told(shapes.all_text(item)).lines.ranges]
        if len(block.parts) == 1:
            return own is not None and bool(different) and bool(placed)
        return (len(different) >= 1 and len(different) * 2 >= len(block.parts)) or (
            len(placed) * 2 > len(block.parts)
        )

    def _rows(self, table: Block, above: Above) -> Iterator[Claim]:
        """Yield the claims of a table; a row that names a file alone holds for those below it."""
        here = above
        for row in table.parts:
            told = [text for _, text in row.cells if re.search(r"\w", text)]
            place = units.only_place(told[0]) if len(told) == 1 else None
            if place and place.files:
                here = above.then(told[0], place)
            elif claim := self._row(row, here):
                yield claim

    def _row(self, row: Block, above: Above) -> Claim | None:
        """Return the claim of a row of a table, None for a row that says nothing."""
        own = tuple(name for name, _ in row.cells) == making.ANSWERED
        return self._maker.of_answer(row, above) if own else self._maker.of_row(row, above)

    def _list(self, block: Block, above: Above) -> Iterator[Claim]:
        if groups := shapes.records(block):
            yield from (self._maker.of_blocks(group, above) for group in groups)
            return
        for item, below in zip_longest(block.parts, block.parts[1:]):
            plain = len(item.parts) == 1 and item.asks is None
            last = below is None or bool(places.told(below.own).files)
            plain = plain and not (last and units.says_more(item.own))
            if plain and units.only_place(item.own) and not self.topics.near(item.own):
                above = replace(above, place=Place(places.told(item.own).files).below(above.place))
                continue  # it says where, and nothing else
            yield from self._item(item, above)

    def _item(self, item: Block, above: Above) -> Iterator[Claim]:
        nested = [part for part in item.parts if part.kind in (Kind.LIST, Kind.TABLE)]
        own = item.own
        leads = not own or units.is_category(own) or units.only_place(own) is not None
        apart = [part for part in nested if leads or self._holds_claims(part, own)]
        if nested and apart and (leads or self.topics.of(own) is None):
            below = above.then(own) if own else above
            for part in nested:
                yield from self._blocks([part], below)
            return
        above = replace(above, asks=shapes.asked(item) or above.asks)
        kept = [part for part in item.parts if part not in apart]
        yield from self._divided(kept, above, whole=True)
        for part in apart:
            yield from self._blocks([part], above.then(own))

    def _text(self, blocks: Sequence[Block], above: Above, structured: bool) -> Iterator[Claim]:
        """Yield the claims of running text."""
        text = "\n".join(block.text for block in blocks)
        lines = blocks[0].text.splitlines()
        if listed := shapes.placed(lines):
            yield from self._placed(listed, blocks[0], above)
            return
        titled = len(lines) > 1 and all(line[:1] == " " for line in lines[1:])
        if shapes.is_category(blocks[0]) and len(blocks) == 1:
            yield from self._divided(blocks, above, whole=self._whole, structured=structured)
            return
        if titled or shapes.is_record(blocks[0]):
            yield self._maker.of_blocks(blocks, above)
            return
        if units.is_said_of_all(text) and not (len(blocks) > 1 or places.told(text).rows.ranges):
            return
        whole = self._whole or _is_reply(above)
        yield from self._divided(blocks, above, whole=whole, structured=structured)

    def _placed(self, listed: list[list[str]], block: Block, above: Above) -> Iterator[Claim]:
        """Yield the claims of lines that begin with their places; one may name the file of all."""
        row = block.first
        for lines in listed:
            text, here = "\n".join(lines), replace(block, first=row, last=row + len(lines) - 1)
            row += len(lines)
            place = units.only_place(text)
            if place and place.files and not place.rows.ranges:
                above = above.then(text, place)
            elif text.strip():
                yield self._maker.made(making.titled(text), text, places.told(text), above, here)

    def _divided(
        self, blocks: Sequence[Block], above: Above, *, whole: bool, structured: bool = False
    ) -> Iterator[Claim]:
        """Yield the claims of texts, divided where they begin to speak of something else.

        With `whole`, they are one unless a sentence says that it is about something further.
        """
        if not any(block.text.strip() or block.parts for block in blocks):
            return
        if len(blocks) > 1 or blocks[0].kind is not Kind.TEXT:
            yield self._maker.of_blocks(blocks, above)
            return
        block = blocks[0]
        before = above
        for said in dividing.groups(block.text, self.topics, whole=whole):
            text = " ".join(said)
            above, told = before, places.told(text)
            if not whole and ANOTHER.search(text):
                above = replace(above, place=replace(above.place, names=()))
            if not whole and told.files:  # what follows is about that file
                before = replace(above, place=Place(told.files[-1:], names=told.names))
            elif not whole and told.is_told:
                before = replace(above, place=Place(names=told.names).below(above.place))
            row = block.first + block.text[: max(block.text.find(said[0]), 0)].count("\n")
            if (
                whole
                or _is_reply(above)
                or dividing.is_claim(text, self.topics, structured=structured)
            ):
                yield self._maker.made(making.titled(text), text, places.told(text), above,
                                 replace(block, first=row))  # fmt: skip
            elif WANTS.search(text) and not units.is_said_of_all(text):
                self.unread.append(f"{self.origin}:{row}: {making.titled(text)}")


def _is_reply(above: Above) -> bool:
    """Tell whether what stands above is a quote that something is said of."""
    return bool(above.place.shown or above.place.also.ranges)
