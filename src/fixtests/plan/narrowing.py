"""Results that have only those findings, and fixes, that stand on lines which changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from fixtests.model import FileResult, Finding, Span, Status
from fixtests.plan.plan import MovedError, fixing, refused, source_of
from fixtests.run.changed import Changed
from fixtests.text.source import Source


def on_changed_lines(result: FileResult, changed: Changed) -> FileResult:
    """Return a result without the findings on other lines, whose number it keeps.

    What has to wait for a fix that is left out, or clashes with another one, is not fixed either.
    """
    if result.status is Status.FAILED:
        return result
    content = changed.contents.get(Path(result.path))
    try:
        source = source_of(result) if content is None else Source.decode(result.path, content)
        kept, others = _divided(result.findings, changed, source)
        narrowed = _fixing(result, {item.fingerprint for item in kept})
    except MovedError as error:
        return replace(refused(result, error), findings=())
    starts = ((item, source.starts[item.row - 1]) for item in result.problems)
    found = Status.FOUND if kept else Status.CLEAN
    return replace(
        narrowed,
        status=Status.CHANGED if narrowed.result else found,
        findings=tuple(kept),
        problems=tuple(item for item, at in starts if changed.has(Span(at, at), source)),
        elsewhere=sum(not item.suppressed for item in others),
    )


def _divided(
    findings: Iterable[Finding], changed: Changed, source: Source
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings on lines that changed, and those on others."""
    parts: tuple[list[Finding], list[Finding]] = ([], [])
    for item in findings:
        parts[not changed.has(item.span, source)].append(item)
    return parts


def _fixing(result: FileResult, kept: set[str]) -> FileResult:
    """Return a result that fixes findings with some fingerprints alone. Raises MovedError."""
    wanted = [item for item in result.fixed if item.fingerprint in kept]
    later = {item.fingerprint for part in result.later for item in part}
    if len(wanted) == len(result.fixed) and later <= kept:
        return result
    return fixing(result, wanted)
