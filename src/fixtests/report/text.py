"""Findings as text: `full` with the line they stand on, `concise` on one line."""

from __future__ import annotations

from collections.abc import Iterator

from fixtests.model import Applicability
from fixtests.report.contents import Report
from fixtests.report.location import named, visible, visible_code
from fixtests.report.message import REMEDY, parts

MARK = {Applicability.SAFE: " [*]", Applicability.UNSAFE: "", Applicability.DISPLAY: ""}


def concise(report: Report) -> Iterator[str]:
    """Yield `path:row:column: CODE [*] message` for each finding; `[*]` marks a safe fix."""
    for failure in report.failures:
        yield f"{named(failure.path)}:{failure.row}:1: error: {visible(failure.message)}"
    for finding in report.findings:
        place = report.texts.place(finding)
        where = f"{named(finding.path)}:{place.row}:{place.column}"
        message = visible(finding.message)
        yield f"{where}: {finding.code}{MARK[finding.applicability]} {message}"


def full(report: Report) -> Iterator[str]:
    """Yield each finding with its line and what is flagged on it."""
    for failure in report.failures:
        yield f"error: {visible(failure.message)}"
        yield f" --> {named(failure.path)}:{failure.row}:1"
        yield ""
    for finding in report.findings:
        place = report.texts.place(finding)
        raw = report.texts.source(finding.path).line(place.row)
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        end = place.end_column if place.end_row == place.row else len(line) + 1
        gutter = " " * len(str(place.row))
        lead, flagged, rest = (
            visible_code(part)
            for part in (
                line[: place.column - 1],
                line[place.column - 1 : end - 1],
                line[end - 1 :],
            )
        )
        space = "".join("\t" if char == "\t" else " " for char in lead)
        what, reason, hint = map(visible, parts(finding.message))
        yield f"{finding.code}{MARK[finding.applicability]} {what}"
        yield f"{gutter}--> {named(finding.path)}:{place.row}:{place.column}"
        yield f"{gutter} |"
        yield f"{place.row} | {lead}{flagged}{rest}"
        yield f"{gutter} | {space}{'^' * max(len(flagged), 1)}"
        for part in filter(None, (reason, hint)):
            yield f"{gutter} = {part}"
        for row in str(finding.proof or "").splitlines():
            yield f"{gutter} = {visible(row)}"
        yield f"{gutter} = {REMEDY[finding.applicability]}"
        yield ""
