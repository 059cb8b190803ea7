"""What blocks of a review are to each other: titles and attributes, leads and what they lead to."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fixtests.review import places, units
from fixtests.review.blocks import Block, Kind
from fixtests.review.claim import Asks, Place
from fixtests.review.sentences import FAULT, sentences

BUG = re.compile(r"\W*(?:bug )?#?(\d{6,8})\W*", re.IGNORECASE)
PLACED = re.compile(
    r"^\W*(?:[(\[<]\w+[)\]>]\s+)?(?:(?:(?-i:[A-Z]{3,})\s+)?[\w./-]+\.py\b[:\s]|(?:L|l\.|line|lines|ll\.)\s?\d+|zeilen?\s\d+|:?\d{2,5}(?:\s?[-\u2013,/&]\s?\d+)*\s*[:|\u2013\u2014-]|\d{2,5}\s{2,})",
    re.IGNORECASE,
)
SAID = re.compile(r"[A-Z][\w'.-]*[a-zA-Z]\b")  # a word as `Line`, `MAJOR` or a name
HEAD = re.compile(  # up to the first number, with what stands around it
    r"\s*(?:\S+\s+){0,4}?(?:[^\s\d]*\d+)(?:\s?[-\u2013,/&]\s?\d+)*[^\s\w]*(?=\s|$)"
)
# Rows with a strong title, which more is said below of.
TITLE = re.compile(
    r"\W*(?:(?:lines?|L)\s?)?\d{1,5}(?:\s?[-\u2013,]\s?\d{1,5})*[`)\]]*\s*[:\u2013\u2014-]?\s*\*\*.+\*\*\W*",
    re.IGNORECASE,
)
FEWEST = 2  # lines that make a list
BRIEF = 2  # words that are the title of a kind of remarks
SHORT = 7  # words of a line that can belong to the head of a review


def ends(heading: Block, block: Block) -> bool:
    """Tell whether a heading ends what stands below another one."""
    return block.kind is Kind.HEADING and block.level <= heading.level


def findings_below(body: Sequence[Block]) -> Sequence[Block]:
    """Return what stands below a summary from its first heading on, if it names places.

    None where it does not: these are the parts of the summary.
    """
    start = next((at for at, block in enumerate(body) if block.kind is Kind.HEADING), len(body))
    said = "\n".join(part.text for block in body[start:] for part in texts(block))
    return body[start:] if places.told(said).rows.ranges else ()


def texts(block: Block) -> Iterator[Block]:
    """Yield the texts in a block."""
    if block.kind in (Kind.TEXT, Kind.CODE):
        yield block
    for part in block.parts:
        yield from texts(part)


def all_text(block: Block) -> str:
    """Return all that a block says."""
    return "\n".join(part.text for part in texts(block) if part.kind is Kind.TEXT)


def leads(block: Block, below: Sequence[Block]) -> Place | None:
    """Return the place that a text names for all below it, None where it is no such text."""
    if match := BUG.fullmatch(block.text):
        return Place((f"test_bug_{match[1]}.py",))
    found = units.only_place(block.text)
    if found is None and (lines := block.text.splitlines())[1:]:
        heads = [units.only_place(line) for line in lines]
        telling = any(units.tells(line) for line in lines)
        if (
            not telling
            and not FAULT.search(block.text)
            and any(head and head.files for head in heads)
            and all(
                head or units.label(line) or len(line.split()) < SHORT
                for head, line in zip(heads, lines, strict=True)
            )
        ):
            found = replace(places.told(block.text), quoted=(), names=())
    if found is None and below and below[0].kind in (Kind.LIST, Kind.TABLE, Kind.CODE):
        place = places.told(block.text)
        if place.files and (block.text.rstrip().endswith(":") or len(block.text.split()) < 9):
            found = replace(place, quoted=())
    return found


def titles(block: Block) -> Place | None:
    """Return the place of a list of one item that names a file alone, as a title does."""
    alone = len(block.parts) == 1 and len(block.parts[0].parts) == 1
    place = units.only_place(block.parts[0].own) if alone else None
    return place if place and place.files else None


def located(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks below a heading in groups that each begin with the label of a place.

    None where there are no two of them, or where something stands before the first.
    """
    found: list[list[Block]] = []
    for block in blocks:
        label = units.label(block.text) if block.kind is Kind.TEXT else ""
        if label and units.IS_WHERE.fullmatch(label):
            found.append([block])
        elif not found or block.kind is Kind.HEADING:
            return []
        else:
            found[-1].append(block)
    return found if len(found) > 1 else []


def belongs(block: Block, before: Sequence[Block]) -> bool:
    """Tell whether a block says more of what the text before it is about."""
    if block.kind is Kind.CODE:
        return True
    if TITLE.fullmatch(before[0].text):
        return block.kind is Kind.TEXT and not TITLE.fullmatch(block.text)
    if block.kind is Kind.LIST:
        return are_attributes(block) and not records(block)
    name = units.label(block.text)
    return (
        block.kind is Kind.TEXT
        and bool(name)
        and not any(units.label(line) == name for item in before for line in item.text.split("\n"))
    )


def leads_over(block: Block) -> bool:
    """Tell whether a text says nothing but that more follows, such as "Some remarks:"."""
    return units.is_said_of_all(block.text) and not places.told(block.text).is_told


def are_attributes(block: Block) -> bool:
    """Tell whether the items of a list are attributes of one finding, and no records of several."""
    labelled = [item for item in block.parts if units.label(item.own) and not is_record(item)]
    return len(labelled) * 2 > len(block.parts)


def are_tasks(block: Block) -> bool:
    """Tell whether the items of a list have boxes, each of which stands for a finding."""
    return len(block.parts) > 1 and all(item.asks is not None for item in block.parts)


def records(listed: Block) -> list[list[Block]]:
    """Return the items of a list in groups that each begin with the label of the first one.

    None where they are no attributes of several findings.
    """
    labels = [units.label(item.own) for item in listed.parts]
    if not all(labels) or labels.count(labels[0]) < FEWEST or len({*labels}) == 1:
        return []
    starts = [at for at, label in enumerate(labels) if label == labels[0]]
    ends = zip(starts, [*starts[1:], len(labels)], strict=True)
    return [listed.parts[start:end] for start, end in ends]


def is_record(block: Block) -> bool:
    """Tell whether the lines of a text are attributes of one finding, below its title if strong.

    So they are where a place alone follows the title: `**W1. Unchecked index** (line 72)`.
    """
    text = block.own if block.kind is Kind.ITEM else block.text
    lines = text.splitlines() if block.kind in (Kind.TEXT, Kind.ITEM) else []
    strong = units.STRONG.match(lines[0]) if lines else None
    if strong and lines[1:] and units.only_place(strong["rest"]) is not None:
        return True
    fewest = FEWEST - 1 if strong and not strong["rest"].strip() else FEWEST
    return sum(bool(units.label(line)) for line in lines) >= fewest


def is_titled(block: Block) -> bool:
    """Tell whether a text begins with a strong title that names a place."""
    match = units.STRONG.match(block.text) if block.kind is Kind.TEXT else None
    return match is not None and bool(match["rest"].strip()) and places.told(match["title"]).is_told


def is_category(block: Block) -> bool:
    """Tell whether a text begins with a strong word over several sentences."""
    match = units.STRONG.match(block.text) if block.kind is Kind.TEXT else None
    if match is None or not match["rest"].startswith("\n"):
        return False
    return len(match["title"].split()) <= BRIEF and len([*sentences(match["rest"])]) > 1


def asked(item: Block) -> Asks | None:
    """Return what the mark of an item asks for, None where it has none."""
    ticked = re.match(r"\s*[\u2705\u2714\u2713]", item.own)
    return Asks.NOTHING if ticked and item.asks is not Asks.CONTRARY else item.asks


def placed(lines: Sequence[str]) -> list[list[str]]:
    """Return lines that are findings of their own, each of which begins with its place.

    What stands further in below one goes on with it. None where it is no such list.
    """
    found: list[list[str]] = []
    below = textwrap.dedent("\n".join(lines[1:])).split("\n")
    for line in [*lines[:1], *below]:
        if found and line[:1].isspace() and not PLACED.match(line):
            found[-1].append(line)
        else:
            found.append([line])
    heads = [_head(item[0]) for item in found]
    common = Counter(head for head in heads if head).most_common(1)
    alike = common[0][1] if common else 0
    begun = sum(bool(PLACED.match(item[0])) for item in found)
    return found if max(begun, alike) >= max(len(found) - 1, FEWEST) else []


def _head(line: str) -> str:
    """Return what a line has up to its first number, for all of its kind the same."""
    told = SAID.sub("A", places.FILE.sub("A", line))
    match = HEAD.match(told)
    return re.sub(r"\d+(?:\s?[-\u2013,/&]\s?\d+)*", "0", match[0]).strip() if match else ""
