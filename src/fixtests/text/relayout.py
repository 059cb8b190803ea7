"""How the lines of a statement are laid out anew when expressions in it get longer or shorter.

Lines that are aligned with a bracket follow it, and lines that get too long are broken at
their brackets and commas, as OpenStack's style has it. Only what stands between tokens changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fixtests.text.line_breaking import INDENT
from fixtests.text.tokens import CLOSING, NOWHERE, OPENING, Lines, Range, followed, read, shifted

HEADERS = frozenset({"if", "elif", "for", "while", "with", "def", "class", "async", "match"})
STEPS = 6  # how many breaks a statement may need


def laid_out(text: str, changes: Mapping[Range, str], length: int) -> dict[Range, str] | None:
    """Return what to put in the place of which ranges of a statement's whole lines.

    `changes` are new texts for ranges of it. Returns None where some line would have more
    than `length` columns.
    """
    before = read(text, {})
    broken = _broken(_aligned(before, read(text, changes)), frozenset(text.split("\n")), length)
    return None if broken is None else _differences(text, broken)


def _aligned(before: Lines, after: Lines) -> Lines:
    """Return new lines in which all that was aligned in the old ones is so."""
    known = {token.gap: at for token, at in zip(before.tokens, before.places(), strict=True)}
    old = [known[token.gap] if token.gap else NOWHERE for token in after.tokens]
    return followed(
        after, old, frozenset(i for i, token in enumerate(after.tokens) if not token.gap)
    )


def _excess(lines: Lines, known: frozenset[str], length: int) -> tuple[int, int]:
    """Return by how many columns lines are too long, and the first that is; those known may be."""
    rows = lines.rows()
    long = [i for i, row in enumerate(rows) if len(row) > length and row not in known]
    return sum(len(rows[i]) - length for i in long), long[0] if long else -1


def _broken(lines: Lines, known: frozenset[str], length: int, steps: int = STEPS) -> Lines | None:
    """Break lines until none is too long, each in the first way that leads to an end."""
    excess, row = _excess(lines, known, length)
    if not excess or not steps:
        return None if excess else lines
    for way in _ways(lines, row, length):
        left, next_row = _excess(way, known, length)
        if left < excess and next_row != row:
            found = _broken(way, known, length, steps - 1)
            if found is not None:
                return found
    return None


def _ways(lines: Lines, row: int, length: int) -> Iterator[Lines]:
    """Yield the ways to break one line, the least obtrusive first."""
    places = lines.places()
    pairs = lines.brackets()
    here = [at for at in pairs if places[at][0] == row and pairs[at] > at + 1]
    new = [at for at in here if lines.tokens[at].change]
    start = min((at for at, place in enumerate(places) if place[0] == row), default=0)
    outer = lines.around(start) if start else None
    if outer is not None and new:
        at = new[-1]
        yield from _after(lines, outer, pairs[outer], pairs[at])
    for at in new:
        if not any(other < at < pairs[other] and _divided(lines, other) for other in here):
            yield from _hung(lines, at, pairs[at], length)
    for at in ([outer] if outer is not None else []) + here:
        if at not in new:
            yield from _at_comma(lines, at, pairs[at], row, length)
    for at in ([outer] if outer is not None else []) + here:
        if at not in new:
            yield from _hung(lines, at, pairs[at], length)
    for at in new:
        yield from _hung(lines, at, pairs[at], length)
    yield from _bracketed(lines, row)
    yield from _at_dot(lines, row, start)


def _hung(lines: Lines, opening: int, closing: int, length: int) -> Iterator[Lines]:
    """Yield the lines with what a bracket holds on lines of its own below it."""
    inner = "\n" + _inner(lines, lines.places()[opening][0])
    gaps = {opening + 1: inner}
    joined = {at: _joint(lines, at) for at in range(opening + 2, closing + 1)}
    broken = any("\n" in lines.gaps[at] for at in joined)
    flat = {at: gap for at, gap in joined.items() if gap is not None}
    whole = lines.but({**flat, **gaps}) if len(flat) == len(joined) else None
    row = lines.places()[opening][0] + 1
    for way in (_with_next(lines, whole, closing), whole) if whole else ():
        if way and len(way.rows()[row]) <= length:
            yield way
    if broken and "\n" not in lines.gaps[opening + 1]:
        places, depth = lines.places(), len(inner) - 1
        by = depth - places[opening + 1][1]
        rows = [at for at in joined if "\n" in lines.gaps[at]]
        kept = {at: shifted(lines.gaps[at], max(by, depth - places[at][1])) for at in rows}
        yield lines.but({**kept, **gaps})
    if whole:
        commas = [at for at in _commas(lines, opening, closing) if at + 1 < closing]
        if commas:
            yield lines.but({**flat, **gaps, **{at + 1: inner for at in commas}})
        if not broken:
            yield whole


def _with_next(lines: Lines, hung: Lines, closing: int) -> Lines | None:
    """Return lines with the key that follows a call on the call's line, if it has its own."""
    opening = closing + 1
    if lines.tokens[opening : opening + 1] != () and lines.tokens[opening].text == "[":
        rest = range(opening + 1, lines.brackets()[opening] + 1)
        flat = {at: gap for at in rest if (gap := _joint(lines, at)) is not None}
        if "\n" in lines.gaps[opening + 1] and len(flat) == len(rest):
            return hung.but(flat)
    return None


def _inner(lines: Lines, row: int) -> str:
    """Return how deep a line stands below one that ends with a bracket."""
    line = lines.rows()[row]
    indent = line[: len(line) - len(line.lstrip())]
    header = row == 0 and lines.tokens[0].text in HEADERS
    return indent + INDENT * (2 if header else 1)


def _joint(lines: Lines, at: int) -> str | None:
    """Return what stands before a token on one line; None where a comment or comma asks for two."""
    gap = lines.gaps[at]
    if "\n" not in gap:
        return gap
    before, token = lines.tokens[at - 1].text, lines.tokens[at].text
    if gap.strip(" \n\\") or (before == "," and token in CLOSING):
        return None
    glued = before in OPENING or token in CLOSING or token in OPENING | {"."}
    return "" if glued and before not in (",", "=") else " "


def _commas(lines: Lines, opening: int, closing: int) -> Iterator[int]:
    """Yield the commas that divide what a bracket holds."""
    depth = 0
    for at in range(opening + 1, closing):
        text = lines.tokens[at].text
        depth += (text in OPENING) - (text in CLOSING)
        if text == "," and not depth:
            yield at


def _divided(lines: Lines, opening: int) -> bool:
    """Tell whether a bracket holds several things, or things on several lines."""
    closing = lines.brackets()[opening]
    inside = lines.gaps[opening + 2 : closing + 1]
    return any("\n" in gap for gap in inside) or any(_commas(lines, opening, closing))


def _after(lines: Lines, opening: int, closing: int, end: int) -> Iterator[Lines]:
    """Yield the lines with a break at a bracket's first comma after a token, if it ends no line."""
    places = lines.places()
    at = next((at for at in _commas(lines, opening, closing) if at > end), closing)
    if at + 1 < closing and places[at + 1][0] == places[end][0]:
        yield lines.but({at + 1: "\n" + " " * places[opening + 1][1]})


def _at_comma(lines: Lines, opening: int, closing: int, row: int, length: int) -> Iterator[Lines]:
    """Yield the lines with a break at the last comma of a bracket that leaves its line fit."""
    places = lines.places()
    column = places[opening + 1][1]
    found = [
        at
        for at in _commas(lines, opening, closing)
        if places[at][0] == row == places[at + 1][0] and places[at][1] < length
        if at + 1 < closing
    ]
    for at in reversed(found):
        yield lines.but({at + 1: "\n" + " " * column})


def _bracketed(lines: Lines, row: int) -> Iterator[Lines]:
    """Yield the lines with brackets around what a statement assigns or returns."""
    texts = [token.text for token in lines.tokens]
    at = texts.index("=") if "=" in texts[:-1] else 0
    depth = sum((text in OPENING) - (text in CLOSING) for text in texts[:at])
    own = [gap for gap in lines.gaps[1:] if gap.strip()]  # a comment or a backslash
    if row or depth or own or ";" in texts or "\n" in lines.gaps[at + 1]:
        return
    if (texts[0] == "return" or at) and not lines.tail.startswith(")"):
        inner = "\n" + _inner(lines, 0)
        changed = lines.but({at + 1: f" ({inner}"})
        yield replace(changed, tail=")" + lines.tail)


def _at_dot(lines: Lines, row: int, start: int) -> Iterator[Lines]:
    """Yield the lines with a break before the last dot of a line that begins in a bracket."""
    places = lines.places()
    dots = [
        at for at, token in enumerate(lines.tokens) if token.text == "." and places[at][0] == row
    ]
    opening = lines.around(start)
    if opening is not None and dots and lines.around(dots[-1]) == opening:
        yield lines.but({dots[-1]: "\n" + " " * places[start][1]})


def _differences(text: str, lines: Lines) -> dict[Range, str]:
    """Return the ranges of the old text that are other in the new lines, with what they become."""
    found: dict[Range, str] = {}
    for token, gap in zip(lines.tokens, lines.gaps, strict=True):
        if token.gap is not None and gap != text[slice(*token.gap)]:
            found[token.gap] = gap
        if token.change is not None:
            new = token.text if token.gap is not None else gap + token.text
            found[token.change] = found.get(token.change, "") + new
    rest = read(text, {}).tail
    if lines.tail != rest:  # a bracket was put before it
        end = len(text) - len(rest)
        found[end, end] = ")"
    return found
