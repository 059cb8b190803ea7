"""Findings as text: `full` with the line they stand on, `concise` on one line."""

from __future__ import annotations

from collections.abc import Iterator

from fixtests.model import Applicability, Finding
from fixtests.report.colors import Paint
from fixtests.report.contents import Failure, Report
from fixtests.report.location import named, visible, visible_code
from fixtests.report.message import REMEDY, parts

SAFE = "[*]"  # marks a finding with a safe fix


def concise(report: Report) -> Iterator[str]:
    """Yield `path:row:column: CODE [*] message` for each finding; `[*]` marks a safe fix."""
    paint = report.paint
    for failure in report.failures:
        where = paint(f"{_place(failure)}:", "place")
        yield f"{where} {paint('error:', 'error')} {visible(failure.message)}"
    for finding in report.findings:
        place = report.texts.place(finding)
        where = paint(f"{named(finding.path)}:{place.row}:{place.column}:", "place")
        yield f"{where} {_code(finding, paint)} {visible(finding.message)}"


def full(report: Report) -> Iterator[str]:
    """Yield each finding with its line and what is flagged on it."""
    paint = report.paint
    for failure in report.failures:
        yield f"{paint('error:', 'error')} {visible(failure.message)}"
        yield f" {paint('-->', 'gutter')} {_place(failure)}"
        yield ""
    for finding in report.findings:
        place = report.texts.place(finding)
        raw = report.texts.source(finding.path).line(place.row)
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        end = place.end_column if place.end_row == place.row else len(line) + 1
        width = " " * len(str(place.row))
        bar, equals = (paint(f"{width} {sign}", "gutter") for sign in "|=")
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
        yield f"{_code(finding, paint)} {what}"
        yield f"{paint(f'{width}-->', 'gutter')} {named(finding.path)}:{place.row}:{place.column}"
        yield bar
        yield f"{paint(f'{place.row} |', 'gutter')} {lead}{flagged}{rest}"
        yield f"{bar} {space}{paint('^' * max(len(flagged), 1), 'flag')}"
        for part in filter(None, (reason, hint)):
            yield f"{equals} {part}"
        for row in str(finding.proof or "").splitlines():
            yield f"{equals} {visible(row)}"
        yield f"{equals} {REMEDY[finding.applicability]}"
        yield ""


def _place(failure: Failure) -> str:
    """Return where a file failed: its name, and the row where one is to blame."""
    return f"{named(failure.path)}{f':{failure.row}:1' if failure.has_row else ''}"


def _code(finding: Finding, paint: Paint) -> str:
    """Return the code of a finding, marked where its fix is safe."""
    mark = f" {paint(SAFE, 'mark')}" if finding.applicability is Applicability.SAFE else ""
    return f"{paint(finding.code, 'code')}{mark}"
