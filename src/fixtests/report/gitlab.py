"""Findings as a code quality report of GitLab, which it shows beside the lines of a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fixtests.model import Finding, digest
from fixtests.report.contents import Failure, Report
from fixtests.report.json import INVALID
from fixtests.report.location import from_top


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of the report, an array with an entry for each failure and each finding."""
    entries = [*map(_failure, report.failures)]
    entries += (_entry(finding, report.texts.place(finding).row) for finding in report.findings)
    yield from json.dumps(entries, indent=2).split("\n")


def _failure(failure: Failure) -> dict[str, Any]:
    return _issue(failure.path, failure.row, INVALID, failure.message, failure.message, "major")


def _entry(finding: Finding, row: int) -> dict[str, Any]:
    name = f"{finding.code} {finding.name}"
    return _issue(finding.path, row, name, finding.message, finding.fingerprint, "minor")


def _issue(path: str, row: int, name: str, text: str, mark: str, severity: str) -> dict[str, Any]:
    """Return an issue; its fingerprint, of the path and a mark, stands once in the report."""
    place = from_top(path)
    return {
        "description": text,
        "check_name": name,
        "fingerprint": digest(f"{place}\0{mark}".encode("utf-8", "surrogateescape")),
        "severity": severity,
        "location": {"path": place, "lines": {"begin": row}},
    }
