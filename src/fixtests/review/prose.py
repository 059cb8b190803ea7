"""The claims of a review in plain text or Markdown.

No pattern here looks at a character more often than a fixed number of times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from fixtests.review import rows
from fixtests.review.claim import CWE, QUOTED, Claim
from fixtests.review.rows import DASH

ITEM = re.compile(r"^(?P<indent> *)(?:(?P<number>\(?(?:\d+|[a-z])[.)])|[-*+•])\s+(?P<text>\S.*)$")
HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?:\d+[.)]\s+)?(?P<text>\S.*)$")
STRONG = re.compile(r"^(?:\*\*|__)(?P<title>.+?)(?:\*\*|__)")
SENTENCE = re.compile(rf"(?<=[.!?:;])\s|\s[{DASH}]\s")  # what ends one
PLACE = re.compile(  # in front of what is said of it
    r"^(?:[\w./-]+\.py:\d+|"
    rf"(?:L|lines?|rows?) ?\d++(?:(?:[{DASH}, L]|to|and)++\d++)*+):\s+",
    re.IGNORECASE,
)
FILE = re.compile(r"(?<![\w./-])[\w./-]*\w\.py\b")  # tried once in each run of such characters


def read(text: str, origin: str) -> Iterator[Claim]:
    """Yield the claims of plain text or Markdown.

    They are the items of its outermost lists, else the parts under its
    headings, else its paragraphs.
    """
    lines = text.expandtabs(4).replace("\r\n", "\n").split("\n")
    starts = _starts(lines)
    listed = bool(starts)
    if not listed:
        starts = [
            at
            for at, line in enumerate(lines)
            if line.strip() and (at == 0 or not lines[at - 1].strip())
        ]
    for at, begin in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        block = _block(lines[begin:end], cut=listed)
        if block.strip():
            yield _claim(block, f"{origin}:{begin + 1}")


def _starts(lines: list[str]) -> list[int]:
    """Return where the items of the outermost list begin, or the parts under headings."""
    items = [
        (at, len(match["indent"]), match["number"] is not None)
        for at, line in enumerate(lines)
        if (match := ITEM.match(line))
    ]
    if items:
        numbered = [item for item in items if item[2]] or items
        outermost = min(indent for _, indent, _ in numbered)
        found = [at for at, indent, _ in numbered if indent == outermost]
        if len(found) > 1 or not any(HEADING.match(line) for line in lines):
            return found
    headings = [
        (at, match["level"]) for at, line in enumerate(lines) if (match := HEADING.match(line))
    ]
    levels = Counter(level for _, level in headings)
    usual = max(levels, key=lambda level: (levels[level], level), default="")
    return [at for at, level in headings if level == usual]


def _block(lines: list[str], *, cut: bool) -> str:
    """Return the text of an item; what follows it at the margin after a blank line is not of it."""
    heading = HEADING.match(lines[0])
    if cut and not heading:
        for at in range(1, len(lines)):
            apart = not lines[at - 1].strip() and lines[at][:1].strip()
            if apart and not ITEM.match(lines[at]):
                lines = lines[:at]
                break
    return "\n".join(lines)


def _claim(block: str, origin: str) -> Claim:
    first, _, rest = block.partition("\n")
    item, heading = ITEM.match(first), HEADING.match(first)
    head = (item or heading)["text"] if item or heading else first  # type: ignore[index]
    bare = PLACE.sub("", head)
    strong = STRONG.match(bare)
    title = strong["title"] if strong else SENTENCE.split(bare, maxsplit=1)[0]
    text = f"{head}\n{rest}"
    words = [word for word in QUOTED.findall(text) if not FILE.fullmatch(word)]
    return Claim(
        origin,
        title.strip().rstrip(":."),
        text,
        tuple(dict.fromkeys(map(int, CWE.findall(text)))),
        rows.told(text),
        tuple(dict.fromkeys(words)),
        tuple(dict.fromkeys(FILE.findall(text))),
    )
