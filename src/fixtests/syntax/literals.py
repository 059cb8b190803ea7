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
