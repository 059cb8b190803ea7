"""Findings that are accepted as they are, by fingerprint, in a file that a project keeps."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.model import FileResult, RunError, Status
from fixtests.text.source import read

FORMAT = "fixtests-baseline"
VERSION = 1


class BaselineError(RunError):
    """A baseline that cannot be read; the message names file, place and remedy."""


@dataclass(frozen=True)
class Entry:
    """One accepted finding; all but the fingerprint is for people."""

    fingerprint: str
    code: str
    path: str
    message: str


def load(path: Path) -> dict[str, Entry]:
    """Return the entries of a baseline by fingerprint. Raises BaselineError."""
    try:
        return parsed(read(path), path)
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}; {_remedy(path)}") from None


def _remedy(path: Path) -> str:
    return f"`{shlex.join(['fixtests', 'baseline', str(path)])}` makes it"


def parsed(content: bytes, path: Path) -> dict[str, Entry]:
    """Return the entries of a baseline by fingerprint. Raises BaselineError."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: is not JSON ({error}); make it again") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT or "findings" not in body:
        raise BaselineError(f"{path}: is no baseline; {_remedy(path)}")
    if body.get("version") != VERSION:
        raise BaselineError(f"{path}: is of version {body.get('version')!r}; make it again")
    if not isinstance(body["findings"], list):
        raise BaselineError(f"{path}: findings: is no list; make it again")
    entries = [_entry(item, at, path) for at, item in enumerate(body["findings"])]
    return {item.fingerprint: item for item in entries}


def _entry(item: Any, at: int, path: Path) -> Entry:
    if not isinstance(item, Mapping) or not isinstance(item.get("fingerprint"), str):
        raise BaselineError(f"{path}: findings[{at}]: has no fingerprint; cut it out")
    words = (str(item.get(name, "")) for name in ("code", "path", "message"))
    return Entry(item["fingerprint"], *words)


def text(entries: Iterable[Entry]) -> str:
    """Return a baseline as it stands in its file: sorted, so that merges stay small."""
    found = sorted(entries, key=lambda item: (item.path, item.code, item.fingerprint))
    body = {"format": FORMAT, "version": VERSION, "findings": [vars(item) for item in found]}
    return json.dumps(body, indent=2) + "\n"


def name(path: str, file: Path) -> str:
    """Return what a path is called in a baseline: relative to the folder of the baseline."""
    return Path(os.path.relpath(path, file.resolve().parent)).as_posix()


def renewed(
    before: Mapping[str, Entry], results: Iterable[FileResult], file: Path
) -> dict[str, Entry]:
    """Return the entries of today: what is found now, and what stands of files not looked at."""
    looked_at = [item for item in results if item.status is not Status.FAILED]
    seen = {name(item.path, file) for item in looked_at}
    folder = file.resolve().parent
    left = [
        item for item in before.values() if item.path not in seen and (folder / item.path).exists()
    ]
    found = [
        Entry(item.fingerprint, item.code, name(item.path, file), item.message)
        for result in looked_at
        for item in result.findings
        if not item.suppressed
    ]
    return {item.fingerprint: item for item in (*left, *found)}
