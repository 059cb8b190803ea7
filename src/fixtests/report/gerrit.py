"""Findings as Gerrit takes comments: a ReviewInput of its REST API, with fixes as suggestions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fixtests.model import Finding, Span
from fixtests.report.contents import Failure, Report
from fixtests.report.location import from_top
from fixtests.report.message import remedied, titled
from fixtests.report.summary import count
from fixtests.text.edits import ordered
from fixtests.text.source import Source

# Ends of lines to Gerrit, whose fixes name lines, that are none to Python, or not to git.
OTHER_ENDS = re.compile("[\v\f\x85\u2028\u2029]|\r(?!\n)")


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of a ReviewInput that opens a thread for each finding and each failure."""
    comments: dict[str, list[dict[str, Any]]] = {}
    for failure in report.failures:
        comments.setdefault(from_top(failure.path), []).append(_failure(failure))
    for finding in report.findings:
        comments.setdefault(from_top(finding.path), []).append(_comment(finding, report))
    many = [count(len(report.findings), "finding")]
    if report.failures:
        many.append(f"{count(len(report.failures), 'file')} failed")
    body = review_input(f"fixtests: {', '.join(many)}.", comments)
    yield from body.split("\n")


def review_input(message: str, comments: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return a ReviewInput as JSON: a message for all, and comments by path."""
    return json.dumps({"message": message, "comments": comments}, indent=2)


def range_of(span: Span, source: Source) -> dict[str, int]:
    """Return a range as Gerrit counts: lines from 1, units of UTF-16 from 0."""
    row, character = _place(span.start, source)
    end_row, end_character = _place(span.end, source)
    return {
        "start_line": row,
        "start_character": character,
        "end_line": end_row,
        "end_character": end_character,
    }


def suggestions(
    finding: Finding, source_of: Callable[[str], Source | None], named: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """Yield the fix of a finding as a FixSuggestionInfo, where it is all in files at hand.

    A fix that declares a constant elsewhere is none, nor one of a file whose lines and characters
    Gerrit counts in another way.
    """
    fix = finding.fix
    if fix is None or fix.declarations:
        return
    replacements = []
    for edit in ordered(fix.edits):
        source = source_of(edit.path)
        if source is None or not _is_counted_alike(source):
            return
        replacements.append(
            {
                "path": named(edit.path),
                "range": range_of(Span(edit.start, edit.end), source),
                "replacement": edit.content,
            }
        )
    yield {"description": fix.title, "replacements": replacements}


def _is_counted_alike(source: Source) -> bool:
    plain = source.encoding == "utf-8" and not source.mark
    return plain and OTHER_ENDS.search(source.text) is None


def _place(offset: int, source: Source) -> tuple[int, int]:
    row, column = source.location(offset)
    before = source.line(row).decode("utf-8", "surrogatepass")[: column - 1]
    return row, len(before.encode("utf-16-le", "surrogatepass")) // 2


def _failure(failure: Failure) -> dict[str, Any]:
    return {"line": failure.row, "message": failure.message, "unresolved": True}


def _comment(finding: Finding, report: Report) -> dict[str, Any]:
    source = report.texts.source(finding.path)
    place = range_of(finding.span, source)
    comment: dict[str, Any] = {
        "line": place["end_line"],
        "range": place,
        "message": f"{titled(finding)}\n\n{remedied(finding)}",
        "unresolved": True,
    }
    suggested = [*suggestions(finding, lambda path: source, from_top)]
    if suggested:
        comment["fix_suggestions"] = suggested
    return comment
