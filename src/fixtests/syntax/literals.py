"""Where the characters of a string literal's value stand, however many parts it has."""

from __future__ import annotations

import re

from fixtests.model import Span

GAP = re.compile(rb"(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*+")
OPENING = re.compile(rb"[rRuUfF]{0,2}(\"\"\"|'''|\"|')")


def beginning(utf8: bytes, start: int, length: int) -> list[Span] | None:
    """Return where the first characters of the string at an offset stand, one span for each part.

    Returns None where some of them are written in another way than they mean, and for bytes.
    """
    found: list[Span] = []
    while length:
        opening = OPENING.match(utf8, start)
        if opening is None:
            return None
        end = utf8.find(opening[1], opening.end())
        body = utf8[opening.end() : min(end, opening.end() + length)]
        if b"\\" in body or b"{" in body or not body.isascii():
            return None
        if body:
            found.append(Span(opening.end(), opening.end() + len(body)))
        length -= len(body)
        gap = GAP.match(utf8, end + len(opening[1]))
        start = gap.end() if gap else end
    return found


def renamed(old: str, new: str, places: list[Span]) -> list[tuple[Span, str]]:
    """Return the change of one dotted name into another, without the words that stay.

    `places` are those of the first one.
    """
    before, after = old.split("."), new.split(".")
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    tail = next((at for at in range(most - head) if before[-1 - at] != after[-1 - at]), most - head)
    gone = ".".join(before[head : len(before) - tail])
    come = ".".join(after[head : len(after) - tail])
    start = len(".".join(before[:head])) + bool(head)
    if not (gone and come):
        gone, come = (f"{text}." if text else "" for text in (gone, come))
        if not tail:
            start, gone, come = start - 1, f".{gone}"[: len(gone)], f".{come}"[: len(come)]
    return _placed(start, start + len(gone), come, places)


def _placed(start: int, end: int, text: str, places: list[Span]) -> list[tuple[Span, str]]:
    """Return how a part of a string's value becomes another one, wherever its parts stand."""
    found: list[tuple[Span, str]] = []
    at = 0
    for place in places:
        size = place.end - place.start
        low, high = max(start - at, 0), min(end - at, size)
        if low < high or (start == end and low <= size and low == start - at):
            found.append((Span(place.start + low, place.start + high), text))
            if start == end:
                break
            text = ""
        at += size
    return found
