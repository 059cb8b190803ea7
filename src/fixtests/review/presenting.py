"""Answers as text, as a table for pasting, and as what Gerrit takes for an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fixtests.report.gerrit import review_input, suggestions
from fixtests.review.answers import Answer, Verdict
from fixtests.text.source import Source

SETTLED = (Verdict.FIXED, Verdict.RIGHT, Verdict.NOTHING)


def lines(answers: Sequence[Answer], shown: Mapping[str, str]) -> Iterator[str]:
    """Yield answers as text, and how many there are of each kind; `shown` are names of files."""
    for item in answers:
        yield f"{item.claim.origin}: {item.claim.title}"
        yield f"  {item.verdict}"
        for reason in item.reasons:
            name = shown.get(reason.path, reason.path)
            where = f"{name}:{reason.row}: " if reason.row else f"{name}: " if name else ""
            yield f"    {where}{reason.code}{' ' if reason.code else ''}{reason.text}"


def totals(answers: Sequence[Answer]) -> str:
    """Return how many answers there are of each kind."""
    counted = Counter(item.verdict for item in answers)
    listed = ", ".join(f"{counted[item]} {item}" for item in Verdict if counted[item])
    many = "finding" if len(answers) == 1 else "findings"
    return f"{len(answers)} {many}: {listed}." if answers else "No findings."


def table(answers: Sequence[Answer], shown: Mapping[str, str], diff: bytes) -> Iterator[str]:
    """Yield answers as a table in Markdown, then the diff of the fixes in a fence."""
    yield "| finding | answer | why |"
    yield "|---|---|---|"
    for item in answers:
        reasons = [
            f"{shown.get(reason.path, reason.path)}:{reason.row} {reason.code} {reason.text}"
            if reason.row
            else f"{reason.code} {reason.text}".strip()
            for reason in item.reasons
        ]
        cells = (item.claim.title, item.verdict, "<br>".join(reasons))
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""
    yield totals(answers)
    if diff:
        text = diff.decode("utf-8", "replace")
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
        yield ""
        yield f"{fence}diff"
        yield from text.rstrip("\n").split("\n")
        yield fence


def gerrit(
    answers: Sequence[Answer], shown: Mapping[str, str], sources: Mapping[str, Source]
) -> str:
    """Return answers as a ReviewInput of Gerrit's REST API, thread by thread.

    What stands in a thread is answered there, and resolved where nothing is left to do.
    """
    comments: dict[str, list[dict[str, object]]] = {}
    rest: list[str] = []
    for item in answers:
        thread = item.claim.thread
        text = "\n".join([f"{item.verdict}", *_why(item, shown)])
        place = next((reason for reason in item.reasons if reason.row), None)
        if thread is None and place is None:
            rest.append(f"{item.claim.title}: {text}")
            continue
        comment: dict[str, object] = {
            "message": text if thread else f"{item.claim.title}: {text}",
            "unresolved": item.verdict not in SETTLED,
        }
        path = thread.path if thread else shown.get(place.path, place.path) if place else ""
        row = thread.line if thread else place.row if place else 0
        if row:
            comment["line"] = row
        if thread:
            comment["in_reply_to"] = thread.comment
        suggested = [
            fix
            for finding in item.findings
            for fix in suggestions(finding, sources.get, lambda path: shown.get(path, path))
        ]
        if suggested:
            comment["fix_suggestions"] = suggested
        comments.setdefault(path, []).append(comment)
    message = "\n\n".join([totals(answers), *rest])
    return review_input(message, comments)


def _why(item: Answer, shown: Mapping[str, str]) -> Iterator[str]:
    for reason in item.reasons:
        name = shown.get(reason.path, reason.path)
        where = f"{name}:{reason.row}: " if reason.row else ""
        yield f"{where}{reason.code}{' ' if reason.code else ''}{reason.text}"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
