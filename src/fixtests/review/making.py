"""Claims made of pieces of a review: their titles, what they say, and the places they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from fixtests.review import phrases, places, rows, units
from fixtests.review.blocks import Block, Kind
from fixtests.review.claim import Asks, Claim, Place, numbers
from fixtests.review.sentences import asks, sentences
from fixtests.review.topics import Topics

AGAIN = phrases.pattern("again")
STAYS = phrases.pattern("stays", r"^\W*{}(?: (?:it|as|is|so|alone|this|that|them))*\W*$")
SAME_FOR = re.compile(  # what stands right above
    r"^\W*(?:and\W+)?(?:the )?(?:very |exactly the )?same (?:thing |story |problem |issue )?"
    r"(?:applies |goes |holds )?(?:for|to|with|in|on)\b",
    re.IGNORECASE,
)
NOT_SO = re.compile(
    r"\b(?:fail\w*|no|not|missing|absent|ko|bad|n)\b|[\u274c\u2717\u2718]", re.IGNORECASE
)
ANSWERED = ("finding", "answer", "why")  # the columns of our own answers
SETTLED = "nothing to change"
AS_ROW = re.compile(
    r"\b(?:as|like|see|than|for|to) (?:(?:in|on|at|for) )?(?:line |row |l\. ?|L)?(\d{1,5})\b",
    re.IGNORECASE,
)
ADDRESSED = re.compile(r"^\s*@[\w-]+[:,]?\s+")  # who is spoken to, or who speaks
SPOKEN = re.compile(  # who says something in a log, and when
    r"^\W*(?:\d{1,2}:\d\d(?::\d\d)?\W{1,3})?(?:<[^<>\s]{1,30}>|[A-Z]\w{1,20}:)\s+"
)
LEADING = re.compile(r"^\W*(?:L|:)?(\d{1,5}(?:\s?[-\u2013,/&+]\s?[L:]?\d{1,5})*)[)\]:]*\s+(?=\S)")


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


class Maker:
    """Makes the claims of one review, one after the other: some point back to others."""

    def __init__(self, origin: str, topics: Topics) -> None:
        self.origin = origin
        self._topics = topics
        self._made: list[Claim] = []

    def of_blocks(self, blocks: Sequence[Block], above: Above) -> Claim:
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
                title = title or titled(body)
        told = places.told("\n".join(said))
        place = where.below(told) if where.is_told or where.files else told
        whole = "\n".join([*said, *remedy]) or "\n".join(block.text for block in blocks)
        first = blocks[0]
        last = max(block.last for block in blocks)
        block = Block(first.kind, first.first, last)
        return self.made(title or titled(whole), whole, place, above, block)

    def of_row(self, row: Block, above: Above) -> Claim | None:
        """Return the claim of a row of a table, None for a row that says nothing."""
        place, said, remedy, asked = Place(), [], [], above.asks
        names = {_singular(name).lower() for name, _ in row.cells}
        for name, cell in row.cells:
            if not cell or cell in "-\u2013\u2014":
                continue
            if name.lower() == "row" and "line" in names:
                continue  # the row of the table
            if units.IS_WHERE.fullmatch(_singular(name)) and _is_where(cell):
                place = place.and_also(_of_cell(cell))
            elif units.IS_REMEDY.match(name):
                remedy.append(cell)
                asked = Asks.CONTRARY if STAYS.match(cell) else asked
            elif units.IS_OTHER.fullmatch(_singular(name)) or _is_mark(cell):
                asked = _state(name, cell) or asked
                said += [cell] if numbers(cell) else []
            else:
                said.append(cell)
        text = ". ".join([*said, *remedy])
        if not text:
            return None
        told = places.told(". ".join(said))
        title = said[0] if said else text
        place = place.below(told) if place.is_told or place.files else told
        return self.made(title, text, place, replace(above, asks=asked), row)

    def of_answer(self, row: Block, above: Above) -> Claim:
        """Return the claim of a row of a table of answers: what was said, where they saw it."""
        said, verdict, why = (cell for _, cell in row.cells)
        seen, asked = places.told(why), asks(said)
        if verdict != SETTLED or asked is Asks.CHANGE:
            asked = Asks.NOTHING if verdict == SETTLED else Asks.CHANGE
        place = places.told(said).below(Place(seen.files, seen.rows))
        claim = self.made(said, said, place, replace(above, asks=asked), row)
        return replace(claim, rules=claim.rules or self._topics.called(why))

    def _meant(self, text: str) -> Claim:
        """Return the claim that a text points back to: by its number, by its row, else alike."""
        if numbered := re.search(r"\bas #(\d{1,4})\b", text):
            return next(iter(self._made[int(numbered[1]) - 1 :]), self._made[-1])
        if told := AS_ROW.search(text):
            row = int(told[1])
            on_row = [item for item in self._made if item.place.lines.away(row, row) == 0]
            if on_row:
                return on_row[-1]
        return self._alike(text)

    def _alike(self, text: str) -> Claim:
        """Return the claim that a text points back to: the last one of what it hints at."""
        near = self._topics.near(places.QUOTES.sub(" ", places.BACKTICKS.sub(" ", text)))
        asking = [item for item in reversed(self._made) if item.asks is Asks.CHANGE] or self._made
        if SAME_FOR.search(text):
            return asking[0]
        alike = (item for item in reversed(self._made) if self._topics.of(item.text) in near)
        return next(alike, asking[0])

    def made(self, title: str, text: str, place: Place, above: Above, block: Block) -> Claim:
        """Return a claim with all that holds for it, and that it points back to."""
        if not place.lines.ranges and (match := LEADING.match(SPOKEN.sub("", text))):
            place = replace(place, guessed=rows.Rows.of(rows.listed_in(match[1])))
        refers = ""
        if self._made and AGAIN.search(rows.ALSO.sub(" ", text)) and not self._topics.says(text):
            meant = self._meant(text)
            refers = f"{meant.text}\n{meant.refers}"
        said = Asks.CHANGE if self._topics.reported(text) else asks(text)
        asked = above.asks or said
        if asked is Asks.CHANGE and said is Asks.CONTRARY:
            asked = Asks.CONTRARY  # whatever stands in its box
        place = place.below(above.place)
        if not place.files and self._made:
            place = replace(place, files=self._made[-1].place.files[-1:])
        claim = Claim(
            f"{self.origin}:{block.first}",
            title,
            text,
            place,
            asked,
            above.said,
            refers,
            numbers(text),
            self._topics.called(text),
        )
        self._made.append(claim)
        return claim


def titled(text: str) -> str:
    """Return what a text is called by: what is strong at its beginning, else its first sentence."""
    bare = re.sub(
        r"^\s*(?:#+\s*)?(?:\(?\d{1,3}[.)]\)?|[a-z][.)]|[A-Z]{1,3}-?\d{1,3}[.:)])\s+", "", text
    )
    bare = re.sub(
        r"^\W*(?:lines?|rows?|L)\s?\d(?:[\d\s,&\u2013-]|and|to)*[:.]\s+",
        "",
        bare,
        flags=re.IGNORECASE,
    )
    bare = re.sub(r"^[\w./-]+\.py:(?:\d[\d:,-]*:?)?\s+", "", ADDRESSED.sub("", bare))
    if strong := units.STRONG.match(bare):
        rest = strong["rest"].lstrip(" :.,\u2013\u2014-")
        if not rest.strip() or units.only_place(strong["title"]) is None:
            return strong["title"].strip().rstrip(":.")
        bare = rest
    first = next(sentences(bare), bare).split("\n")[0] if bare.strip() else text
    parts = re.split(r"(?<=\w)[:;]\s|\s[\u2013\u2014-]\s", first, maxsplit=1)
    if len(parts) > 1 and units.only_place(parts[0]) is not None:
        return parts[1].strip().rstrip(":.")
    return (parts[0] if len(parts[0]) > 8 else first).strip().rstrip(":.")


def of_quote(text: str) -> Place:
    """Return the place of quoted code: its lines, and the names it defines."""
    bare = (line.strip().removeprefix("+").removeprefix("-").strip() for line in text.splitlines())
    lines = [line for line in bare if len(line) > 3 and not places.FILE.search(line)]
    defined = re.findall(r"\b(?:def|class)\s+(\w+)", text)
    told = places.told(text)
    alone = not lines[1:] and units.only_place(text) is not None  # such as "Lines 49-74"
    rows_told = Place(told.files, also=told.rows) if told.files or alone else Place()
    return replace(rows_told, shown=tuple(lines), names=tuple(defined))


def _is_mark(cell: str) -> bool:
    """Tell whether a cell is one word, such as a grade, which points back to nothing."""
    return re.fullmatch(r"\W*\w+\W*", cell) is not None and not AGAIN.search(cell)


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
        if re.search(
            r"\b(?:pass(?:ed)?|ok(?:ay)?|yes|done|good|fine|n/?a)\b|[\u2705\u2714\u2713]",
            cell,
            re.I,
        ):
            return Asks.NOTHING
        if NOT_SO.search(cell):
            return Asks.CHANGE
    return None


def _said(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts in blocks; code is evidence, and says nothing of its own."""
    for block in blocks:
        if block.kind is Kind.TEXT and units.is_said_of_all(block.text):
            continue
        if block.kind in (Kind.HEADING, Kind.TEXT):
            yield from _by_label(block.text)
        elif block.kind not in (Kind.CODE, Kind.QUOTE):
            yield from _said(block.parts)


def _by_label(text: str) -> Iterator[str]:
    """Yield the parts of a text, one for each line that begins with a label."""
    found: list[str] = []
    ended = True
    for line in text.split("\n"):
        if found and not ended and not units.label(line):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
        ended = units.is_short(line)
    yield from found
