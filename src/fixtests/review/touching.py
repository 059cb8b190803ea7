"""Whether what a rule judged is what a claim speaks of: the code that it names.

Nothing is told as a fact about one call where somebody speaks of another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fixtests.review import places
from fixtests.review.claim import Claim
from fixtests.review.files import File
from fixtests.review.verdicts import Reason

NAMED = re.compile(  # what is a name of code, in whatever sentence
    r"(?<![\w./-])(?:[A-Za-z_]\w*\.)*(?P<name>\w+(?=\(\))|_?[A-Za-z]\w*_\w+|[A-Za-z]+\d+|[A-Z]{4,}"
    r"|[a-z]+[A-Z]\w*)(?![\w/-]|\.py)"
)
OF_ANY_TEST = re.compile(r"add\w*cleanup|teardown\w*|setup\w*|assert\w*", re.IGNORECASE)
ROW = re.compile(r"\bon line (\d+)")
BESIDE = 1  # rows beside those of the evidence on which a name may stand


def touches(claim: Claim, files: Sequence[File], reasons: Sequence[Reason]) -> bool:
    """Tell whether reasons hold code that a claim names, if it names any of the file."""
    text = places.FILE.sub(" ", claim.text)
    names = {match["name"] for match in NAMED.finditer(text)}
    names = {name for name in names if not OF_ANY_TEST.fullmatch(name)}
    names |= {word.strip("()").rpartition(".")[2] for word in claim.place.code}
    pairs = ((file, reason) for reason in reasons for file in files)
    told = [(file, reason) for file, reason in pairs if file.result.path == reason.path]
    known = {name for name in names for file, _ in told if _is_used(name, file)}
    return not known or any(_holds(name, file, reason) for name in known for file, reason in told)


def rows_told(text: str) -> list[int]:
    """Return the rows that a reason names in words."""
    return [*map(int, ROW.findall(text))]


def _is_used(name: str, file: File) -> bool:
    """Tell whether a file uses a name that is none of its own functions and classes."""
    return not file.blocks(name) and any(_is_in(name, file.line(row)) for row in file.rows_of(name))


def _holds(name: str, file: File, reason: Reason) -> bool:
    rows = [reason.row, *rows_told(reason.text)]
    around = range(max(min(rows) - BESIDE, 1), min(max(rows) + BESIDE, file.rows) + 1)
    return any(_is_in(name, text) for text in (reason.text, *map(file.line, around)))


def _is_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
