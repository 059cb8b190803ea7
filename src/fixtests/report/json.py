"""Findings as JSON in ruff's shape, in an array or line by line."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from fixtests.model import Finding, Span
from fixtests.report import addresses
from fixtests.report.contents import Failure, Report
from fixtests.report.location import Place, Texts
from fixtests.report.message import parts

INVALID = "invalid-file"  # in the place of a rule's code, as ruff has `invalid-syntax`


def array(report: Report) -> Iterator[str]:
    """Yield the lines of the whole array."""
    yield from json.dumps([*_entries(report)], indent=2).split("\n")


def lines(report: Report) -> Iterator[str]:
    """Yield one entry a line."""
    yield from map(json.dumps, _entries(report))


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    yield from map(_failure, report.failures)
    for finding in report.findings:
        yield _entry(finding, report.texts)


def _failure(failure: Failure) -> dict[str, Any]:
    place = Place(failure.row, 1, failure.row, 1)
    return {
        "code": INVALID,
        "name": INVALID,
        "filename": failure.path,
        **_locations(place),
        "message": failure.message,
        "reason": None,
        "hint": None,
        "applicability": None,
        "url": None,
        "fix": None,
        "fingerprint": None,
        "suppressed": False,
        "proof": None,
    }


def _entry(finding: Finding, texts: Texts) -> dict[str, Any]:
    what, reason, hint = parts(finding.message)
    return {
        "code": finding.code,
        "name": finding.name,
        "filename": finding.path,
        **_locations(texts.place(finding)),
        "message": what,
        "reason": reason or None,
        "hint": hint or None,
        "applicability": finding.applicability.value,
        "url": addresses.of_rule(finding.name),
        "fix": _fix(finding, texts),
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed,
        "proof": None if finding.proof is None else dataclasses.asdict(finding.proof),
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
