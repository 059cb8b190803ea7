"""The claims of comments and findings in JSON: review servers, bots, CI, and this tool's own.

Forms differ in what they call things and agree in what they hold: a text, and keys around it that
say where. So any table with a text is a finding, whatever stands above it; what is known of a
form is what its keys are called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fixtests.review import blocks, places, units
from fixtests.review.claim import BESIDE, Asks, Claim, Place, Thread, numbers
from fixtests.review.keys import END, FILES, NAMES, QUOTES, ROWS, WITHIN, place_of
from fixtests.review.making import Above
from fixtests.review.rows import DIGITS, Rows
from fixtests.review.segments import Segments
from fixtests.review.sentences import asks, praises

TITLES = ("title", "headline", "finding", "heading", "short", "name")
TEXTS = (
    *("message", "body", "description", "detail", "details", "text", "comment", "content", "note"),
    *("problem", "issue", "explanation", "what", "observation", "msg", "why", "rationale"),
    *("impact", "summary"),
)
REMEDIES = (
    *("recommendation", "suggestion", "solution", "remediation", "mitigation", "advice", "fix"),
)
LARGE = 2_000_000  # characters
RULES = ("code", "rule", "rule_id", "ruleId", "check", "check_name", "topic")
WISHES = ("asks", "polarity", "sentiment")
GRADES = ("category", "kind", "type", "severity", "level", "label")
FEWEST = 3  # words of a text whose key nobody knows
WHOLE = "/PATCHSET_LEVEL"  # what the message of a review is about, beside its comments
SENT = "_revision_number"  # which messages of Gerrit's have, and comments have not
AUTOMATIC = re.compile(  # lines that Gerrit itself writes into messages
    r"^(?:Uploaded patch set \d+.*|Patch Set \d+:(?: [\w-]+[+-]\d)*|\(\d+ (?:\w+ )?comments?\))\s*",
    re.MULTILINE,
)
CHANGES = ("fix", "fixes", "edits", "fix_suggestions", "suggested_fixes", "replacements")
NOT_SAID = frozenset(
    ("author", "user", "owner", "reviewer", *CHANGES, "_links", "diff_hunk", "base", "head")
)
OTHERS = NOT_SAID.union(REMEDIES, FILES, ROWS, WITHIN, NAMES, QUOTES, RULES, GRADES)
PRAISE = re.compile(
    r"positiv\w*|strength\w*|praise\w*|good\w*|well_done|pros|highlights?|kudos", re.I
)
SAID_OF_ALL = re.compile(
    r"summary|overview|conclusion|verdict|score|meta\w*|tool|bot|version|overall\w*|status|tags?|labels?",
    re.I,
)
CALLED = {
    Asks.NOTHING: ("nothing", "praise", "positive", "none", "good"),
    Asks.CONTRARY: ("contrary", "keep", "deny", "negation"),
    Asks.CHANGE: ("change", "negative", "ask", "request", "fault"),
}


NO_REMEDY = re.compile(
    r"\W*(?:none|nothing|n/?a|no (?:action|change|fix)\w*)?(?: needed| required)?\W*", re.I
)


class Node(dict[str, Any]):
    """A table of JSON that knows its row."""

    row = 0


class _Decoder(json.JSONDecoder):
    """Reads JSON into tables that know their rows."""

    def __init__(self) -> None:
        super().__init__(parse_int=whole)
        self._seen, self._row = 0, 1
        self.parse_object = self._object
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _object(self, begun: tuple[str, int], *rest: Any) -> tuple[Node, int]:
        text, start = begun
        self._row += text.count("\n", self._seen, start)
        self._seen, row = start, self._row
        pairs, end = json.decoder.JSONObject(begun, *rest)  # type: ignore[attr-defined]
        node = Node(pairs)
        node.row = row
        return node, end


def loaded(text: str) -> Any:
    """Return what a text of JSON holds; the tables of a large one know no rows, to save time.

    Raises ValueError, and RecursionError where it is nested too deeply.
    """
    if len(text) > LARGE:
        return json.loads(text, parse_int=whole)
    return _Decoder().decode(text)


def whole(digits: str) -> int:
    """Return a whole number, -1 for one that is no row, no index and no CWE number anyway."""
    return int(digits) if len(digits) <= DIGITS else -1


@dataclass(frozen=True)
class _Around:
    """What the tables around one say: where, what it is called, and whether it is praise."""

    place: Place = field(default_factory=Place)
    said: str = ""
    asks: Asks | None = None
    row: int = 1
    beside: str = ""  # what comments of Gerrit stand at that is no file


class Records:
    """The claims of one review in JSON."""

    def __init__(self, segments: Segments) -> None:
        self._origin = segments.origin
        self._topics = segments.topics
        self._segments = segments
        self._comments: dict[str, str] = {}  # what comments say that others answer, by name
        self._first: dict[str, str] = {}  # the comments that opened their threads
        self._saying: set[str] = set()  # keys that nobody knows, and that held texts

    def of(self, value: Any) -> Iterator[Claim]:
        """Yield the claims in a value of JSON."""
        yield from self._in(value, _Around())

    def _in(self, value: Any, around: _Around) -> Iterator[Claim]:
        match value:
            case Mapping():
                yield from self._table(value, around)
            case list():
                for item in value:
                    if isinstance(item, str):
                        if not item.strip() or SAID_OF_ALL.fullmatch(around.said or "-"):
                            continue
                        yield from self._prose(item, "", around, around.row)
                    else:
                        yield from self._in(item, around)

    def _table(self, table: Mapping[str, Any], around: _Around) -> Iterator[Claim]:
        row = getattr(table, "row", 0) or around.row
        told = (str(table[name]) for name in FILES if name in table)
        beside = next((path for path in told if path in BESIDE), around.beside)
        place = place_of(table).below(around.place)
        here = replace(around, place=place, row=row, beside=beside)
        parts = [(name, part) for name, part in table.items() if _holds_more(name, part)]
        if SENT in table or ("comments" in dict(parts) and not place.files):
            yield from self._general(table, here)
        if SENT in table:
            return
        if any(item.strip() for item in self._texts(table)) and not _holds_records(parts):
            yield from self._record(table, here, row)
            return
        if isinstance(title := _first(table, TITLES), str) and not parts:
            yield from self._record(table, here, row)
            return
        for name, part in parts:
            below = here
            if name.endswith(".py"):
                below = replace(below, place=places.told(name).below(here.place))
            elif name in BESIDE:
                below = replace(below, beside=name)
            elif PRAISE.fullmatch(name):
                below = replace(below, asks=Asks.NOTHING, said=name)
            else:
                below = replace(below, said=title if isinstance(title, str) and title else name)
            yield from self._in(part, below)

    def _general(self, table: Mapping[str, Any], around: _Around) -> Iterator[Claim]:
        """Yield the claims of what a review says beside its comments, which has no place."""
        said = (table[name] for name in ("message", "body") if isinstance(table.get(name), str))
        text = AUTOMATIC.sub("", next(said, ""))
        for claim in self._segments.of(blocks.read(text)):
            yield replace(claim, origin=f"{self._origin}:{around.row}").at(BESIDE[WHOLE])

    def _record(self, table: Mapping[str, Any], around: _Around, row: int) -> Iterator[Claim]:
        """Yield the claims of a table with a text."""
        title = _first(table, TITLES)
        title = title if isinstance(title, str) else ""
        texts = [text for text in self._texts(table) if text.strip() and text != title]
        remedies = [str(table[name]) for name in REMEDIES if isinstance(table.get(name), str)]
        rules = tuple(str(table[name]) for name in RULES if isinstance(table.get(name), str))
        called = self._topics.called(" ".join(rules)) or self._topics.reported("".join(texts[:1]))
        wish = next((str(table[name]).lower() for name in WISHES if name in table), "")
        wanted = next((item for item, words in CALLED.items() if wish in words), around.asks)
        if any(PRAISE.fullmatch(str(table.get(name))) for name in GRADES):
            wanted = Asks.NOTHING
        around = replace(around, asks=wanted)
        before = str(table.get("in_reply_to", table.get("in_reply_to_id")))
        answered = self._comments.get(before, "")
        if title or rules or remedies or called:
            text = "\n".join(filter(None, [title, *texts, *remedies]))
            thing = title if title and not (called and texts) else texts[0].partition("\n")[0]
            said = "\n".join([title, *texts])
            asked = wanted or (Asks.CHANGE if called else _asked(said, remedies))
            told = places.told(said)
            claims = [
                Claim(
                    f"{self._origin}:{row}",
                    thing,
                    text,
                    around.place.below(told),
                    asked,
                    around.said,
                    cwe=numbers(text),
                    rules=called or rules,
                )
            ]
        else:
            claims = [*self._prose("\n".join(texts), answered, around, row)]
        if "id" in table:
            own = str(table["id"])
            self._comments[own] = "\n".join([answered, *texts])
            self._first[own] = self._first.get(before, own)
        thread = self._thread(table, around)
        claims = [replace(claim, thread=thread) for claim in claims]
        yield from (claim.at(BESIDE[around.beside]) if around.beside else claim for claim in claims)

    def _prose(self, text: str, above: str, around: _Around, row: int) -> Iterator[Claim]:
        """Yield the claims of a comment, at least one."""
        over = Above(around.place, above, around.asks)
        found = [*self._segments.of_comment(text, over)]
        if not found:
            first = next(filter(None, map(str.strip, text.splitlines())), text)
            asked = around.asks or (Asks.NOTHING if units.is_said_of_all(text) else asks(text))
            found = [Claim("", first, text, places.told(text).below(around.place), asked, above)]
        for claim in found:
            place = replace(claim.place, files=around.place.files or claim.place.files)
            if around.place.rows.ranges and not places.told(claim.text).rows.ranges:
                place = replace(place, rows=around.place.rows, guessed=Rows())
            yield replace(claim, origin=f"{self._origin}:{row}", place=place)

    def _texts(self, table: Mapping[str, Any]) -> list[str]:
        """Return what a table says; where no key is known for that, whatever has several words.

        Under the same key, a text of another table may have fewer of them.
        """
        known = [str(table[name]) for name in TEXTS if isinstance(table.get(name), str)]
        if known or _first(table, TITLES):
            return known
        told = {name: item for name, item in table.items() if isinstance(item, str)}
        self._saying |= {
            name
            for name, item in told.items()
            if name not in OTHERS and len(item.split()) >= FEWEST
        }
        return [told[name] for name in told if name in self._saying]

    def _thread(self, table: Mapping[str, Any], around: _Around) -> Thread | None:
        place = around.place
        if "id" not in table or not (place.files or around.beside):
            return None
        row = place.rows.ranges[-1].stop - 1 if place.rows.ranges else 0
        own = str(table["id"])
        return Thread(around.beside or place.files[0], own, row, self._first[own])


def _first(table: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((table[name] for name in names if table.get(name)), None)


def _holds_more(name: str, part: Any) -> bool:
    return name not in (*NOT_SAID, *WITHIN, END) and isinstance(part, Mapping | list)


def _holds_records(parts: list[tuple[str, Any]]) -> bool:
    """Tell whether a table holds findings, and is none itself."""
    return any(
        isinstance(part, Mapping) or any(isinstance(item, Mapping) for item in part)
        for name, part in parts
        if name not in ("tags", "labels", "lines", "rows", "replies", "relationships")
    )


def _asked(said: str, remedies: Sequence[str]) -> Asks:
    """Return what a record asks for that may say what to do, or that nothing is to be done."""
    if remedies and all(map(NO_REMEDY.fullmatch, remedies)):
        return Asks.NOTHING
    asked = asks(said)
    if asked is Asks.NOTHING and any(asks(text) is Asks.CHANGE for text in remedies):
        return asked if praises(said) else Asks.CHANGE
    return asked
