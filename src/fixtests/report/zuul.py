"""Findings as data for `zuul_return`: comments that Zuul leaves beside lines of a change.

Zuul's schema of a comment is closed: one other key, or a number that is none, and it drops all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fixtests.model import Finding
from fixtests.report import one_place
from fixtests.report.contents import Report
from fixtests.report.gerrit import range_of
from fixtests.report.location import from_top
from fixtests.report.message import remedied, titled
from fixtests.text.source import Source

FENCE = "```"


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of the data: comments by path from the top of the repository."""
    comments: dict[str, list[dict[str, Any]]] = {}
    for failure in report.failures:
        comment = {"line": failure.row, "message": failure.message, "level": "error"}
        comments.setdefault(from_top(failure.path), []).append(comment)
    for finding in report.findings:
        comment = _comment(finding, report.texts.source(finding.path))
        comments.setdefault(from_top(finding.path), []).append(comment)
    yield from json.dumps({"zuul": {"file_comments": comments}}, indent=2).split("\n")


def _comment(finding: Finding, source: Source) -> dict[str, Any]:
    """Return a comment; its range is whole lines where it suggests others for them."""
    message = f"{titled(finding)}\n\n{remedied(finding)}"
    span = finding.span
    change = one_place.change(finding, source)
    if change is not None and change.text and FENCE not in change.text:
        message = f"{message}\n\n{FENCE}suggestion\n{change.text}\n{FENCE}"
        span = change.span
    place = range_of(span, source)
    return {"line": place["end_line"], "message": message, "range": place, "level": "warning"}
