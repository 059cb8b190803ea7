"""What a review says: one claim for each of its findings, whatever it was written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from fixtests.review import (
    abbreviations,
    blocks,
    located,
    mails,
    markup,
    outline,
    places,
    printed,
    records,
    scans,
)
from fixtests.review.claim import Claim, Reading
from fixtests.review.reading import CHUNK, SCANS, ReviewError, content, is_scan
from fixtests.review.segments import Segments
from fixtests.review.topics import Topics

MOST = 100_000  # claims; every rule finds 17,000 places in all tests of nova
FOLDER = re.compile(r"(?<![\w./-])((?:[\w-]+/)+[\w-]+)/?(?![\w./-])")  # tests/functional/api
GUARD = ")]}'"  # what Gerrit puts before its JSON


def load(path: Path, topics: Topics) -> Reading:
    """Return what a review says. Raises ReviewError where it cannot be read."""
    held = content(path)
    text = (mails.read(held) or _decoded(held, path)).removeprefix(GUARD)
    segments = Segments(str(path), topics)
    body = _loaded(text, path) if is_scan(path, text[:CHUNK].encode()) else None
    if body is None:
        body = markup.loaded(text) if markup.is_markup(text) else outline.loaded(path, text)
    try:
        read = _in_prose(text, segments) if body is None else _in_json(body, segments)
        found = tuple(islice(read, MOST + 1))
    except RecursionError:
        raise ReviewError(f"{path}: is nested too deeply; make it flatter") from None
    if len(found) > MOST:
        raise ReviewError(f"{path}: holds more than {MOST:,} findings; divide it")
    named = (path for path in places.FILE.findall(text) if "/" in path)
    folders = tuple(dict.fromkeys((*FOLDER.findall(text), *named)))
    return Reading(found, tuple(segments.unread), folders, is_empty=body is not None and not found)


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReviewError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None


def _in_prose(text: str, segments: Segments) -> Iterator[Claim]:
    text = printed.spelled(text)
    if located.is_gerrit(text):
        return located.of_gerrit(text, segments)
    if located.is_list(text):
        return located.of_list(text, segments)
    return segments.of(blocks.read(abbreviations.spelled(text)))


def _in_json(body: Any, segments: Segments) -> Iterator[Claim]:
    if isinstance(body, Mapping) and isinstance(body.get("runs"), list):
        for run in body["runs"]:
            yield from scans.of_run(run, segments.origin)
        return
    found = False
    for claim in records.Records(segments).of(body):
        found = True
        yield claim
    if not found and body not in ([], {}):
        raise ReviewError(
            f"{segments.origin}: holds no findings; README.md says which forms of JSON are read"
        )


def _loaded(text: str, path: Path) -> Any:
    """Return what JSON holds, None for prose that begins as JSON does. Raises ReviewError."""
    try:
        return records.loaded(text)
    except (ValueError, RecursionError) as error:
        try:
            return [records.loaded(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            if path.suffix.lower() in SCANS or isinstance(error, RecursionError):
                raise ReviewError(f"{path}: is not JSON ({error})") from None
            return None
