"""Reads reports in JUnit's form, which many runners write when they end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from fixtests.verify.trial import Outcome, Status

KINDS = {"failure": Status.FAILED, "error": Status.FAILED, "skipped": Status.SKIPPED}
LINES = 20  # of a failure


def read(path: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield the outcomes of tests by dotted name; nothing where there is no whole report."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return
    for case in cases:
        owner, name = case.get("classname", ""), case.get("name", "")
        yield f"{owner}.{name}" if owner else name, _outcome(case)


def _outcome(case: ElementTree.Element) -> Outcome:
    try:
        seconds = float(case.get("time", "0"))
    except ValueError:
        seconds = 0.0
    for kind, status in KINDS.items():
        found = case.find(kind)
        if found is not None:
            text = (found.text or found.get("message") or "").rstrip()
            return Outcome(status, seconds, "\n".join(text.splitlines()[-LINES:]))
    return Outcome(Status.PASSED, seconds)
