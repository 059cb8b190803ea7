"""Answers as text, as a table for pasting, and as what Gerrit takes for an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fixtests.report.gerrit import review_input, suggestions
from fixtests.review.verdicts import Answer, Verdict
from fixtests.text.source import Source

SETTLED = {Verdict.FIXED, Verdict.RIGHT, Verdict.NOTHING}


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
    answers: Sequence[Answer],
    shown: Mapping[str, str],
    sources: Mapping[str, Source],
    *,
    written: bool,
) -> str:
    """Return answers as a ReviewInput of Gerrit's REST API: one reply to each thread.

    It answers the last comment there, and resolves the thread where nothing is left to do;
    what is not `written` is suggested, and left to do. What asks for nothing gets no reply.
    """
    comments: dict[str, list[dict[str, object]]] = {}
    rest: list[str] = []
    for group in _threads(answers):
        asking = [item for item in group if item.verdict is not Verdict.NOTHING]
        thread = group[-1].claim.thread
        place = next((reason for item in asking for reason in item.reasons if reason.row), None)
        suggested: list[dict[str, object]] = []
        for finding in (finding for item in asking for finding in item.findings):
            fixes = suggestions(finding, sources.get, lambda path: shown.get(path, path))
            suggested += [fix for fix in fixes if fix not in suggested]
        texts = _texts(asking, shown, written=written, suggested=bool(suggested))
        alone = thread is not None and len(texts) == 1
        said = [text if alone else f"{title}: {text}" for text, title in texts.items()]
        if not said or (thread is None and place is None):
            rest += said
            continue
        settled = SETTLED if written else SETTLED - {Verdict.FIXED}
        comment: dict[str, object] = {
            "message": "\n\n".join(said),
            "unresolved": any(item.verdict not in settled for item in asking),
        }
        path = thread.path if thread else shown.get(place.path, place.path) if place else ""
        row = thread.line if thread else place.row if place else 0
        if row:
            comment["line"] = row
        if thread:
            comment["in_reply_to"] = thread.comment
        if suggested and not written:
            comment["fix_suggestions"] = suggested
        comments.setdefault(path, []).append(comment)
    message = "\n\n".join([totals(answers), *rest])
    return review_input(message, comments)


def _threads(answers: Sequence[Answer]) -> list[list[Answer]]:
    """Return the answers to each thread, those to what stands in none one by one."""
    found: dict[object, list[Answer]] = {}
    for number, item in enumerate(answers):
        thread = item.claim.thread
        found.setdefault(thread.first if thread else number, []).append(item)
    return [*found.values()]


def _told(item: Answer, *, written: bool, suggested: bool) -> str:
    """Return what became of a claim; a fix that is not written is suggested, if it can be."""
    if written or not item.findings:
        return f"{item.verdict}"
    how = "fix suggested" if suggested else "fixable with `fixtests review --write`"
    return how if item.verdict is Verdict.FIXED else f"{how}, for some places"


def _texts(
    answers: Sequence[Answer], shown: Mapping[str, str], *, written: bool, suggested: bool
) -> dict[str, str]:
    """Return what is answered, each text once, and the title of the first claim that it answers."""
    found: dict[str, str] = {}
    for item in answers:
        why = []
        for reason in item.reasons:
            name = shown.get(reason.path, reason.path)
            where = f"{name}:{reason.row}: " if reason.row else ""
            text = reason.text if written else reason.text.removesuffix(f" ({Verdict.FIXED})")
            why.append(f"{where}{reason.code}{' ' if reason.code else ''}{text}")
        told = _told(item, written=written, suggested=suggested)
        found.setdefault("\n".join([told, *why]), item.claim.title)
    return found


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
