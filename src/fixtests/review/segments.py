"""From the blocks of a review in prose to its claims.

Whatever stands in a review belongs to a claim, or is said of all: a heading, a greeting, a
summary. An item of a list, a row of a table and the part below a heading are one claim each,
unless they lead to parts of their own; what stands in running text is divided where its
sentences begin to speak of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from fixtests.review import places, rows, units
from fixtests.review.blocks import Block, Document, Kind, read
from fixtests.review.claim import Asks, Claim, Place, numbers
from fixtests.review.sentences import FAULT, asks, sentences
from fixtests.review.topics import Topic, Topics

FURTHER = re.compile(
    r"^\W*(?:also|additionally|furthermore|moreover|besides|another|in addition|finally|lastly|last of all|further|next|then|"
    r"and (?:who|what|why|the)|similarly|on top|apart from|secondly|thirdly|plus)\b",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"\b(?:same|ditto|dito|idem|likewise|again|as above|see above|this one too|here too|here as well|also here|similar)\b",
    re.IGNORECASE,
)
LEADING = re.compile(r"^\W*(?:L|:)?(\d{1,5}(?:\s?[-\u2013,/&+]\s?[L:]?\d{1,5})*)\s+(?=\S)")
PLACED = re.compile(
    r"^\W*(?:[\w./-]+\.py\b[:\s]|(?:L|l\.|line|lines|ll\.)\s?\d+|:?\d{2,5}(?:\s?[-\u2013]\s?\d+)?\s*[:|\u2013\u2014-]|\d{2,5}\s{2,})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Above:
    """What stands above a part of a review and holds for it."""

    place: Place = field(default_factory=Place)
    said: str = ""
    asks: Asks | None = None

    def then(self, said: str, place: Place | None = None) -> Above:
        """Return what holds below a heading."""
        place = places.told(said) if place is None else place
        return Above(place.below(self.place), said, self.asks)


class Segments:
    """The claims of one review in prose; `unread` are the lines of it that nobody understood."""

    def __init__(self, origin: str, topics: Topics) -> None:
        self.origin = origin
        self.unread: list[str] = []
        self._topics = topics
        self._whole = False
        self._last: Claim | None = None

    def of(self, document: Document, above: Above = Above()) -> Iterator[Claim]:
        """Yield the claims of a document, in order."""
        yield from self._blocks(document.blocks, above)

    def of_comment(self, text: str, above: Above) -> Iterator[Claim]:
        """Yield the claims of a comment, which is one claim mostly."""
        self._whole = True
        yield from self.of(read(text), above)

    def _blocks(self, blocks: Sequence[Block], above: Above) -> Iterator[Claim]:
        """Yield the claims of blocks that stand one below the other."""
        at, here, goes_on = 0, above, False
        structured = any(
            block.kind in (Kind.LIST, Kind.TABLE) or (block.kind is Kind.HEADING) for block in blocks
        )
        while at < len(blocks):
            block = blocks[at]
            at += 1
            match block.kind:
                case Kind.HEADING:
                    end = at
                    while end < len(blocks) and not _ends(block, blocks[end]):
                        end += 1
                    yield from self._section(block, blocks[at:end], here)
                    at = end
                case Kind.LIST:
                    yield from self._list(block, here)
                case Kind.TABLE:
                    for row in block.parts:
                        yield from self._row(row, here)
                case Kind.QUOTE:
                    quoted = _of_quote("\n".join(part.text for part in _texts(block)))
                    files = Place(here.place.files or above.place.files)
                    before = here.place if goes_on else Place()
                    here = replace(here, place=before.and_also(quoted).below(files))
                    goes_on = True
                    continue
                case Kind.TEXT:
                    if found := _leads(block, blocks[at : at + 1]):
                        here = above.then(block.text, found)
                        continue
                    end = at
                    while end < len(blocks) and _belongs(blocks[end], block):
                        end += 1
                    if not re.search(r"\w", block.text):
                        continue  # dots between two quotes
                    yield from self._text([block, *blocks[at:end]], here, structured)
                    at = end
            goes_on = False

    def _section(self, heading: Block, body: Sequence[Block], above: Above) -> Iterator[Claim]:
        """Yield the claims below a heading: one where it is the title of one."""
        text = heading.text
        if units.CLOSES.match(text) and not units.only_place(text):
            return
        if units.PRAISES.match(text):
            yield from self._blocks(body, replace(above.then(text), asks=Asks.NOTHING))
            return
        parts = [block for block in body if block.kind is Kind.HEADING]
        leads = bool(parts) or units.is_category(text) or units.only_place(text) is not None
        lists = [block for block in body if block.kind in (Kind.LIST, Kind.TABLE)]
        leads = leads or any(self._holds_claims(block, text) for block in lists)
        if leads or not body:
            if not body and not units.is_category(text) and units.only_place(text) is None:
                yield self._claim([heading], above)
            yield from self._blocks(body, above.then(text))
            return
        yield self._claim([heading, *body], above)

    def _holds_claims(self, block: Block, title: str) -> bool:
        """Tell whether the items of a list are findings of their own, and no attributes of one."""
        if block.kind is Kind.TABLE:
            return True
        if _are_attributes(block):
            return False
        told = [self._topics.of(_all(item)) for item in block.parts]
        own = self._topics.of(title)
        different = [item for item in told if item is not None and item != own]
        placed = [item for item in block.parts if places.told(_all(item)).lines.ranges]
        return len(block.parts) > 1 and (
            (len(different) >= 1 and len(different) * 2 >= len(block.parts))
            or (own is not None and len(placed) * 2 > len(block.parts))
        )

    def _list(self, block: Block, above: Above) -> Iterator[Claim]:
        for item in block.parts:
            if len(item.parts) > 1 or item.checked is not None or units.only_place(item.own) is None:
                yield from self._item(item, above)

    def _item(self, item: Block, above: Above) -> Iterator[Claim]:
        nested = [part for part in item.parts if part.kind in (Kind.LIST, Kind.TABLE)]
        own = item.own
        leads = not own or units.is_category(own) or units.only_place(own) is not None
        apart = [part for part in nested if leads or self._holds_claims(part, own)]
        if nested and apart and (leads or self._topics.of(own) is None):
            below = above.then(own) if own else above
            for part in nested:
                yield from self._blocks([part], below)
            return
        if _ticked(item):
            above = replace(above, asks=Asks.NOTHING)
        elif item.checked is False:
            above = replace(above, asks=Asks.CHANGE)
        kept = [part for part in item.parts if part not in apart]
        yield from self._divided(kept, above, whole=True)
        for part in apart:
            yield from self._blocks([part], above.then(own))

    def _row(self, row: Block, above: Above) -> Iterator[Claim]:
        """Yield the claim of a row of a table."""
        place, said, remedy, asked = Place(), [], [], above.asks
        for name, cell in row.cells:
            if not cell or cell in "-\u2013\u2014":
                continue
            if units.IS_WHERE.fullmatch(_singular(name)) and _is_where(cell):
                place = place.and_also(_of_cell(cell))
            elif units.IS_REMEDY.match(name):
                remedy.append(cell)
            elif units.IS_OTHER.fullmatch(_singular(name)) or re.fullmatch(r"\W*\w+\W*", cell):
                asked = _state(name, cell) or asked
                said += [cell] if numbers(cell) else []
            else:
                said.append(cell)
        text = ". ".join([*said, *remedy])
        if not text:
            return
        told = places.told(". ".join(said))
        title = said[0] if said else text
        yield self._made(title, text, place.below(told) if place.is_told or place.files else told,
                         replace(above, asks=asked), row)  # fmt: skip

    def _text(self, blocks: Sequence[Block], above: Above, structured: bool) -> Iterator[Claim]:
        """Yield the claims of running text."""
        text = "\n".join(block.text for block in blocks)
        lines = blocks[0].text.splitlines()
        if len(lines) > 1 and sum(bool(PLACED.match(line)) for line in lines) >= len(lines) - 1 > 0:
            for number, line in enumerate(lines):
                yield from self._line(line, replace(blocks[0], first=blocks[0].first + number), above)
            return
        titled = len(lines) > 1 and all(line[:1] == " " for line in lines[1:])
        if titled or sum(bool(units.label(line)) for line in lines) > 1:
            yield self._claim(blocks, above)
            return
        if units.is_said_of_all(text) and not (len(blocks) > 1 or places.told(text).rows.ranges):
            return
        yield from self._divided(blocks, above, whole=self._whole, structured=structured)

    def _line(self, line: str, block: Block, above: Above) -> Iterator[Claim]:
        if line.strip():
            yield self._made(_title(line), line, places.told(line), above,
                             replace(block, last=block.first))  # fmt: skip

    def _divided(
        self, blocks: Sequence[Block], above: Above, *, whole: bool, structured: bool = False
    ) -> Iterator[Claim]:
        """Yield the claims of texts, divided where they begin to speak of something else.

        With `whole`, they are one unless a sentence says that it is about something further.
        """
        if not any(block.text.strip() or block.parts for block in blocks):
            return
        if len(blocks) > 1 or blocks[0].kind is not Kind.TEXT:
            yield self._claim(blocks, above)
            return
        block = blocks[0]
        for said in self._groups(block.text, whole=whole):
            text = " ".join(said)
            row = block.first + block.text[: max(block.text.find(said[0]), 0)].count("\n")
            if whole or above.place.quoted or self._is_claim(text, structured=structured):
                yield self._made(_title(text), text, places.told(text), above,
                                 replace(block, first=row))  # fmt: skip
            elif FAULT.search(text) and not units.is_said_of_all(text):
                self.unread.append(f"{self.origin}:{row}: {_title(text)}")

    def _is_claim(self, text: str, *, structured: bool) -> bool:
        """Tell whether running text says something of the code, and does not lead over to it."""
        placed = places.told(text).is_told
        if numbers(text) or (placed and self._topics.of(text)):
            return True
        if units.is_said_of_all(text):
            return False
        if asks(text) is Asks.NOTHING:
            return placed or not structured
        return bool(FAULT.search(text)) and (
            placed or not structured or self._topics.of(text) is not None
        )

    def _groups(self, text: str, *, whole: bool) -> list[list[str]]:
        """Return sentences put together that speak of one thing."""
        groups: list[tuple[list[str], Topic | None]] = []
        for sentence in sentences(text):
            topic = self._topics.of(sentence)
            near = topic or next(iter(self._topics.near(sentence)), None)
            if groups and self._goes_on(groups[-1], sentence, topic, whole=whole):
                said, before = groups[-1]
                groups[-1] = ([*said, sentence], before or near)
            else:
                groups.append(([sentence], near))
        return [said for said, _ in groups]

    def _goes_on(
        self,
        group: tuple[list[str], Topic | None],
        sentence: str,
        topic: Topic | None,
        *,
        whole: bool,
    ) -> bool:
        """Tell whether a sentence says more of what those before it are about."""
        said, before = group
        here, there = places.told(sentence), places.told(" ".join(said))
        further = FURTHER.match(sentence) is not None
        if whole:
            apart = further or (here.lines.ranges and there.lines.ranges)
            return topic is None or before is None or topic == before or not apart
        if topic is None:
            near = self._topics.near(sentence)
            new = (here.is_told and not _within(here, there)) or (before and near and before not in near)
            return not (new and (FAULT.search(sentence) or asks(sentence) is not Asks.CHANGE))
        if topic == before:
            return not (further and here.lines.ranges)
        return before is None and not (there.is_told and FAULT.search(" ".join(said)))

    def _claim(self, blocks: Sequence[Block], above: Above) -> Claim:
        """Return one claim of all that some blocks say."""
        title, said, remedy, where = "", [], [], Place()
        for text in _said(blocks):
            name = units.label(text)
            body = units.unlabelled(text) if name else text
            if name and units.IS_WHERE.fullmatch(name):
                where = where.and_also(_of_cell(body))
            elif name and units.IS_REMEDY.fullmatch(name):
                remedy.append(body)
            elif not (name and units.IS_OTHER.fullmatch(name)) or numbers(body):
                said.append(body)
                title = title or _title(body)
        told = places.told("\n".join(said))
        place = where.below(told) if where.is_told or where.files else told
        whole = "\n".join([*said, *remedy])
        first = blocks[0]
        last = max(block.last for block in blocks)
        block = Block(first.kind, first.first, last)
        return self._made(title or _title(whole), whole, place, above, block)

    def _made(self, title: str, text: str, place: Place, above: Above, block: Block) -> Claim:
        if not place.lines.ranges and (match := LEADING.match(text)):
            place = replace(place, guessed=rows.Rows.of(rows.listed_in(match[1])))
        refers = ""
        if self._last is not None and AGAIN.search(text) and self._topics.of(text) is None:
            refers = f"{self._last.text}\n{self._last.refers}"
        place = place.below(above.place)
        if not place.files and self._last is not None:
            place = replace(place, files=self._last.place.files[-1:])
        claim = Claim(
            f"{self.origin}:{block.first}",
            title,
            text,
            place,
            above.asks or asks(text),
            above.said,
            refers,
            numbers(text),
        )
        self._last = claim
        return claim


def _ends(heading: Block, block: Block) -> bool:
    return block.kind is Kind.HEADING and block.level <= heading.level


def _texts(block: Block) -> Iterator[Block]:
    if block.kind in (Kind.TEXT, Kind.CODE):
        yield block
    for part in block.parts:
        yield from _texts(part)


def _all(block: Block) -> str:
    return "\n".join(part.text for part in _texts(block) if part.kind is Kind.TEXT)


def _said(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts in blocks; code is evidence, and says nothing of its own."""
    for block in blocks:
        if block.kind in (Kind.HEADING, Kind.TEXT):
            yield from _by_label(block.text)
        elif block.kind is not Kind.CODE:
            yield from _said(block.parts)


def _by_label(text: str) -> Iterator[str]:
    """Yield the parts of a text, one for each line that begins with a label."""
    found: list[str] = []
    for line in text.split("\n"):
        if found and not units.label(line):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    yield from found


def _leads(block: Block, below: Sequence[Block]) -> Place | None:
    """Return the place that a text names for all below it, None where it is no such text."""
    found = units.only_place(block.text)
    if found is None and (lines := block.text.splitlines())[1:]:
        heads = [units.only_place(line) for line in lines]
        telling = any(units.tells(line) for line in lines)
        if not telling and not FAULT.search(block.text) and any(head and head.files for head in heads) and all(
            head or units.label(line) or len(line.split()) < 7 for head, line in zip(heads, lines, strict=True)
        ):
            found = replace(places.told(block.text), quoted=(), names=())
    if found is None and below and below[0].kind in (Kind.LIST, Kind.TABLE, Kind.CODE):
        place = places.told(block.text)
        if place.files and (block.text.rstrip().endswith(":") or len(block.text.split()) < 9):
            found = replace(place, quoted=())
    return found


def _belongs(block: Block, before: Block) -> bool:
    """Tell whether a block says more of what the text before it is about."""
    if block.kind is Kind.CODE:
        return True
    if block.kind is Kind.LIST:
        return _are_attributes(block)
    return block.kind is Kind.TEXT and bool(units.label(block.text)) and block.first > before.first


def _are_attributes(block: Block) -> bool:
    labelled = [item for item in block.parts if units.label(item.own)]
    return len(labelled) * 2 > len(block.parts)


def _ticked(item: Block) -> bool:
    return item.checked is True or bool(re.match(r"\s*[\u2705\u2714\u2713]", item.own))


def _within(place: Place, other: Place) -> bool:
    """Tell whether a place names nothing that another one does not."""
    return (
        {*place.names, *place.quoted} <= {*other.names, *other.quoted}
        and all(other.lines.away(item.start, item.stop - 1) == 0 for item in place.lines.ranges)
    )


def _title(text: str) -> str:
    """Return what a text is called by: what is strong at its beginning, else its first sentence."""
    bare = re.sub(r"^\s*(?:#+\s*)?(?:\(?\d{1,3}[.)]\)?|[a-z][.)])\s+", "", text)
    bare = re.sub(r"^\W*(?:lines?|rows?|L)\s?\d[\d\s,\u2013-]*[:.]\s+", "", bare, flags=re.IGNORECASE)
    bare = re.sub(r"^[\w./-]+\.py:\d[\d:,-]*:?\s+", "", bare)
    if strong := units.STRONG.match(bare):
        return strong["title"].strip().rstrip(":.")
    first = next(sentences(bare), bare).split("\n")[0] if bare.strip() else text
    parts = re.split(r"(?<=\w)[:;]\s|\s[\u2013\u2014-]\s", first, maxsplit=1)
    return (parts[0] if len(parts[0]) > 8 else first).strip().rstrip(":.")


def _of_quote(text: str) -> Place:
    """Return the place of quoted code: its lines, and the names it defines."""
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 3]
    defined = re.findall(r"\b(?:def|class)\s+(\w+)", text)
    told = places.told(text)
    rows_told = Place(told.files, told.rows) if told.files else Place()
    return replace(rows_told, quoted=tuple(lines), names=tuple(defined))


def _is_where(cell: str) -> bool:
    place = _of_cell(cell)
    return bool(place.files or place.is_told)


def _of_cell(cell: str) -> Place:
    """Return the place that a cell or a label names, where bare numbers are rows."""
    place = places.told(cell)
    if not place.rows.ranges:
        bare = places.URL.sub(" ", places.FILE.sub(" ", cell))
        bare = re.sub(r"[A-Za-z_]\w*", " ", bare)
        place = replace(place, rows=rows.Rows.of(rows.listed_in(bare)))
    return place


def _singular(name: str) -> str:
    return name.strip().strip(":*").lower()


def _state(name: str, cell: str) -> Asks | None:
    """Return what the cell of a state says: that all is well, or not."""
    if re.search(r"status|state|ok|result|pass|verdict|done|present", name, re.IGNORECASE):
        if re.search(r"\b(?:pass(?:ed)?|ok(?:ay)?|yes|done|good|fine|n/?a)\b|[\u2705\u2714\u2713]", cell, re.I):
            return Asks.NOTHING
        return Asks.CHANGE
    return None
