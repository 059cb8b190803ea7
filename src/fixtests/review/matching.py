"""Which places of a file a claim is about.

A place that is named is answered for that place: what stands elsewhere is never taken instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from fixtests.review.claim import Claim
from fixtests.review.files import OF_TESTS, File
from fixtests.review.rows import Rows
from fixtests.review.spots import Flagged, Spot

NEAR = 2  # rows that a review may be off by
HEAD = 1  # rows after that of a `def` which are its head, too
BESIDE = 12  # rows around one on which the others that are shown with it may stand
MANY = 10  # rows on which quoted code stands, above which it names no place
CALLED = re.compile(
    r"\b(?:in|of|inside|within) (?:the )?(?:method|function|class|helper) [`'\"]?(\w+)"
)
COMPARED = re.compile(
    r"\b(?:like|unlike|as|than|from)(?: in| the)? [`'\"]?(\w+)"
)  # that is elsewhere
Found = TypeVar("Found", bound=Spot)


def at_place(claim: Claim, file: File, spots: Sequence[Found]) -> list[Found]:
    """Return those of some places of a file that a claim names; all where it names none.

    Rows decide, then functions and classes, then quoted code, then the words that it
    shares with a line.
    """
    place = claim.place
    ranges = _named(claim, file)
    rows = place.lines.up_to(file.rows + NEAR)
    if not rows.ranges:
        rows = _shown(claim, file)
    if rows.ranges:
        inside = [item for item in spots if any(item.first in part for part in ranges)]
        of_lines = any(rows.away(part.start, part.stop - 1) == 0 for part in ranges)
        pool = inside if of_lines else spots
        near = _nearest(pool, rows) or _of_functions(pool, rows, file)
        if not of_lines:  # another test is named beside the rows
            near += [item for item in _in_tests(claim, file, spots) if item not in near]
        if near:
            return _quoted(claim, near, file) or near
        if _stands_near(claim, file, rows):
            return []
        return _closest(_quoted(claim, spots, file), rows)
    if ranges:
        pool = [item for item in spots if any(item.first in part for part in ranges)]
        return _quoted(claim, pool, file) or pool or _of_what_calls(claim, spots, ranges, file)
    if any(name.startswith("test_") for name in place.names) or missing(claim, file):
        return []  # a test or a class that is not in this file
    quoted = _quoted(claim, spots, file)
    if quoted:
        return quoted
    if _is_elsewhere(claim, file) or is_beyond(claim, file):
        return []
    return [item for item in spots if claim.shares(item.words)] or [*spots]


def missing(claim: Claim, file: File) -> list[str]:
    """Return the tests, and what is called a function or a class, that only a claim names."""
    called = set(CALLED.findall(claim.text))
    alike = set(COMPARED.findall(claim.text))
    return [
        name
        for name in claim.place.names
        if (OF_TESTS.fullmatch(name) or name in called) and not file.holds(name)
        if name not in alike
    ]


def is_beyond(claim: Claim, file: File) -> bool:
    """Tell whether a claim names rows that a file does not have, and nothing else of it."""
    place = claim.place
    if not place.rows.ranges or place.lines.up_to(file.rows + NEAR).ranges:
        return False
    return not (any(map(file.blocks, place.names)) or any(map(file.holds, place.code)))


def spoken_of(claim: Claim, file: File) -> list[range]:
    """Return the rows that a claim names; of a head, and of a name, those of its function."""
    found: list[range] = []
    rows = claim.place.lines.up_to(file.rows)
    for part in (rows if rows.ranges else _shown(claim, file)).ranges:
        around = file.function_at(part.start) or file.function_at(part.start + 1)
        of_head = around is not None and part.start <= around.start + HEAD
        found.append(around if around is not None and of_head else part)
    return found or _named(claim, file)


def exactly(claim: Claim, file: File, spots: Sequence[Found]) -> list[Found]:
    """Return those of some places that stand on the very rows that a claim names, if few."""
    rows = claim.place.lines.up_to(file.rows)
    if sum(len(part) for part in rows.ranges) > MANY:
        return []
    return [item for item in spots if rows.away(item.first, item.last) == 0]


def is_around(claim: Claim, file: File, spots: Sequence[Spot]) -> bool:
    """Tell whether some places stand at the heads of functions, inside of which rows are named.

    Such a head says nothing of the row: nearly every function has what rules find at heads.
    """
    rows = claim.place.lines.up_to(file.rows).ranges
    return bool(rows and spots) and all(
        is_head(item, file) and rows[0].start > item.last + NEAR for item in spots
    )


def is_head(item: Spot, file: File) -> bool:
    """Tell whether a place is where a function begins."""
    around = file.function_at(item.first)
    return around is not None and item.first == around.start


def together(chosen: Sequence[Flagged], file: File) -> list[Flagged]:
    """Return findings with those whose fixes belong to theirs: half of such a set is never fixed.

    They declare one thing together, or are fixed by one edit.
    """
    found = [*chosen]
    shared = {key for item in found for key in _shared(item)}
    for item in file.flagged:
        if item not in found and not shared.isdisjoint(_shared(item)):
            found.append(item)
    return found


def _shared(item: Flagged) -> set[tuple[object, ...]]:
    """Return what a fix adds beside the place that it changes; no imports, and no blank lines."""
    fix = item.finding.fix
    if fix is None:
        return set()
    declared: set[tuple[object, ...]] = {
        (item.finding.code, it.path, it.name) for it in fix.declarations
    }
    return declared | {
        (item.finding.code, edit.path, edit.start, edit.content)
        for edit in fix.edits
        if edit.start == edit.end
        and edit.content.strip()
        and not edit.content.lstrip().startswith(("import ", "from "))
    }


def _in_tests(claim: Claim, file: File, spots: Sequence[Found]) -> list[Found]:
    """Return the places in the tests that a claim names, on rows with code that it quotes."""
    names = filter(OF_TESTS.fullmatch, claim.place.names)
    tests = [rows for name in names for rows in file.blocks(name)]
    inside = [item for item in spots if any(item.first in rows for rows in tests)]
    return _quoted(claim, inside, file) or inside


def _shown(claim: Claim, file: File) -> Rows:
    """Return the rows of the lines of code above which something is said."""
    shown = frozenset(claim.place.shown)
    if not shown:
        return Rows()
    lines = {row: file.line(row).strip() for row in range(1, file.rows + 1)}
    found = [row for row, line in lines.items() if line in shown]
    there = shown.intersection(lines[row] for row in found)

    def is_among(row: int, reach: int) -> bool:
        """Tell whether all lines stand together around a row, as they are shown."""
        return there <= {lines.get(item) for item in range(row - reach, row + reach + 1)}

    ways = ([row for row in found if is_among(row, reach)] for reach in (len(shown), BESIDE))
    found = next(filter(None, ways), found)
    return Rows.of(range(row, row + 1) for row in found) if len(found) <= MANY * 2 else Rows()


def _named(claim: Claim, file: File) -> list[range]:
    """Return the rows of the innermost functions and classes that a claim names."""
    blocks = [rows for name in claim.place.names for rows in file.blocks(name)]
    return [
        rows
        for rows in dict.fromkeys(blocks)
        if not any(
            other != rows and other.start >= rows.start and other.stop <= rows.stop
            for other in blocks
        )
    ]


def _nearest(spots: Sequence[Found], rows: Rows) -> list[Found]:
    """Return the places on some rows; for each range with none, those that are nearest to it."""
    found: list[Found] = []
    for part in rows.ranges:
        single = Rows((part,))
        away = [(single.away(item.first, item.last), item) for item in spots]
        least = min((gap for gap, _ in away if gap is not None), default=NEAR + 1)
        if least <= NEAR:
            found += [item for gap, item in away if gap == least and item not in found]
    return found


def _of_functions(spots: Sequence[Found], rows: Rows, file: File) -> list[Found]:
    """Return the places at the head of the functions that some rows stand in.

    Where it is the head that is named, those in the whole function.
    """
    found: list[Found] = []
    for part in rows.ranges:
        around = file.function_at(part.start) or file.function_at(part.start + 1)
        if around is not None:
            whole = part.start <= around.start + HEAD
            found += [
                item
                for item in spots
                if item not in found
                and (item.first == around.start or (whole and item.first in around))
            ]
    return found


def _closest(spots: Sequence[Found], rows: Rows) -> list[Found]:
    gaps = [(rows.away(item.first, item.last) or 0, item) for item in spots]
    least = min((gap for gap, _ in gaps), default=0)
    return [item for gap, item in gaps if gap == least]


def _quoted(claim: Claim, spots: Sequence[Found], file: File) -> list[Found]:
    """Return the places on whose rows something stands that a claim quotes.

    The name of a function or a class says in what they are, not on which row.
    """
    code = _code(claim, file)
    rows = {row for word in code for row in file.rows_of(word)}
    return [
        item
        for item in spots
        if any(word in item.line or word in item.text for word in code)
        or any(row in rows for row in range(item.first - 1, item.last + 2))
    ]


def _code(claim: Claim, file: File) -> list[str]:
    """Return the code that a claim quotes, but for names of functions and classes of a file."""
    return [word for word in claim.place.code if not file.blocks(word.rpartition(".")[2])]


def _of_what_calls(
    claim: Claim, spots: Sequence[Found], ranges: Sequence[range], file: File
) -> list[Found]:
    """Return the places of code that a claim quotes, none of which is in what it names.

    So it names what is called there.
    """
    rows = (row for word in _code(claim, file) for row in file.rows_of(word))
    inside = any(row in part for row in rows for part in ranges)
    return [] if inside else _quoted(claim, spots, file)


def _stands_near(claim: Claim, file: File, rows: Rows) -> bool:
    """Tell whether quoted code stands on the rows that are named, so that those are meant."""
    found = (row for word in claim.place.code for row in file.rows_of(word))
    return any((rows.away(row, row) or 0) <= NEAR for row in found)


def _is_elsewhere(claim: Claim, file: File) -> bool:
    """Tell whether code that a claim quotes stands on a few other rows, or is not there at all."""
    for word in claim.place.quoted:
        rows = file.rows_of(word)
        telling = "[" in word or _is_uuid(word)
        if telling or (rows and not word.replace(".", "").isidentifier()):
            return len(rows) <= MANY
    return False


def _is_uuid(word: str) -> bool:
    return (
        len(word) >= 8
        and word.count("-") in (0, 4)
        and all(letter in "0123456789abcdefABCDEF-" for letter in word)
    )
