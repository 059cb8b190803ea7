"""Findings as text: `full` with the line they stand on, `concise` on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fixtests.model import Applicability, Finding
from fixtests.report.location import Texts, shown
from fixtests.report.pages import Described

MARK = {Applicability.SAFE: " [*]", Applicability.UNSAFE: "", Applicability.DISPLAY: ""}
REMEDY = {
    Applicability.SAFE: "fixable with `fixtests`",
    Applicability.UNSAFE: "fixable with `fixtests --unsafe-fixes`",
    Applicability.DISPLAY: "no mechanical fix",
}


def concise(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield `path:row:column: CODE [*] message` for each finding; `[*]` marks a safe fix."""
    for finding in findings:
        place = texts.place(finding)
        where = f"{shown(finding.path)}:{place.row}:{place.column}"
        yield f"{where}: {finding.code}{MARK[finding.applicability]} {finding.message}"


def full(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield each finding with its line and what is flagged on it."""
    for finding in findings:
        place = texts.place(finding)
        raw = texts.source(finding.path).line(place.row)
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        end = place.end_column if place.end_row == place.row else len(line) + 1
        gutter = " " * len(str(place.row))
        lead = "".join("\t" if char == "\t" else " " for char in line[: place.column - 1])
        yield f"{finding.code}{MARK[finding.applicability]} {finding.message}"
        yield f"{gutter}--> {shown(finding.path)}:{place.row}:{place.column}"
        yield f"{gutter} |"
        yield f"{place.row} | {line}"
        yield f"{gutter} | {lead}{'^' * max(end - place.column, 1)}"
        yield f"{gutter} = {REMEDY[finding.applicability]}"
        yield ""
