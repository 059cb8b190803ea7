"""Findings as GitHub's workflow commands: it shows each beside its line."""

from __future__ import annotations

from collections.abc import Iterator

from fixtests.report.contents import Report
from fixtests.report.location import from_top


def lines(report: Report) -> Iterator[str]:
    """Yield a workflow command for each finding, which GitHub shows beside its line."""
    for failure in report.failures:
        words: dict[str, object] = {"file": from_top(failure.path), "line": failure.row}
        yield _command("error", words, failure.message)
    for finding in report.findings:
        place = report.texts.place(finding)
        words = {
            "title": f"{finding.code} {finding.name}",
            "file": from_top(finding.path),
            "line": place.row,
            "col": place.column,
            "endLine": place.end_row,
            "endColumn": place.end_column,
        }
        yield _command("warning", words, finding.message)


def _command(level: str, words: dict[str, object], message: str) -> str:
    told = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in words.items())
    return f"::{level} {told}::{_escaped(message)}"


def _escaped(text: str, others: str = "") -> str:
    for char in "%\r\n" + others:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
