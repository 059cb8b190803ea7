"""Findings as JSON in ruff's shape, in an array or line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fixtests.model import Finding, Span
from fixtests.report.location import Place, Texts
from fixtests.report.pages import Described


def array(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield the lines of the whole array."""
    entries = [_entry(finding, texts) for finding in findings]
    yield from json.dumps(entries, indent=2).split("\n")


def lines(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield one entry a line."""
    for finding in findings:
        yield json.dumps(_entry(finding, texts))


def _entry(finding: Finding, texts: Texts) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "filename": finding.path,
        **_locations(texts.place(finding)),
        "message": finding.message,
        "applicability": finding.applicability.value,
        "url": None,
        "fix": _fix(finding, texts),
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed,
    }


def _fix(finding: Finding, texts: Texts) -> dict[str, Any] | None:
    if finding.fix is None:
        return None
    edits: list[dict[str, Any]] = []
    for edit in finding.fix.edits:
        place = texts.of(finding.path, Span(edit.start, edit.end))
        edits.append({"content": edit.content, **_locations(place)})
    for item in finding.fix.declarations:  # their place is known when all of a run are together
        content = f"{item.name} = {item.value}\n"
        edits.append(
            {"content": content, "location": None, "end_location": None, "filename": item.path}
        )
    return {
        "applicability": finding.fix.applicability.value,
        "message": finding.fix.title,
        "edits": edits,
    }


def _locations(place: Place) -> dict[str, Any]:
    return {
        "location": {"row": place.row, "column": place.column},
        "end_location": {"row": place.end_row, "column": place.end_column},
    }
