"""What a review says: one claim for each of its findings, whatever it was written in."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from fixtests.review import prose, scans
from fixtests.review.claim import Claim
from fixtests.review.reading import ReviewError, content, is_scan

MOST = 100_000  # claims; every rule finds 17,000 places in all tests of nova


def load(path: Path) -> list[Claim]:
    """Return what a review says. Raises ReviewError where it cannot be read."""
    held = content(path)
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReviewError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    try:
        if is_scan(path, held):
            found = list(islice(scans.read(text, path), MOST + 1))
        else:
            found = list(islice(prose.read(text, str(path)), MOST + 1))
    except RecursionError:
        raise ReviewError(f"{path}: is nested too deeply; make it flatter") from None
    if len(found) > MOST:
        raise ReviewError(f"{path}: holds more than {MOST:,} findings; divide it")
    return found
