"""Fixes of which all are made or none, as those that give all assertions of a test one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fixtests.model import Applicability, Finding
from fixtests.text.source import Source


def all_or_none(findings: Sequence[Finding], source: Source) -> list[Finding]:
    """Return placed findings, without the fix of those that go with one that has no place.

    Those of a rule go together whose `data` have the same under `together`. One that a comment
    silences is left as it is by somebody who knows the others.
    """
    missing: dict[tuple[str, object], int] = {}
    for item in findings:
        if "together" in item.data and item.fix is None and not item.suppressed:
            missing.setdefault((item.code, item.data["together"]), source.row(item.span.start))
    return [_alone(item, missing) for item in findings] if missing else list(findings)


def _alone(finding: Finding, missing: dict[tuple[str, object], int]) -> Finding:
    row = missing.get((finding.code, finding.data.get("together")))
    if row is None or finding.fix is None:
        return finding
    message = f"{finding.message}; not fixed: line {row} cannot be fixed, and both go together"
    return replace(finding, fix=None, applicability=Applicability.DISPLAY, message=message)
