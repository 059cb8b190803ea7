"""Results that have only those findings, and fixes, that stand on lines which changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fixtests.model import FileResult, Span, Status
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
        kept = tuple(item for item in result.findings if changed.has(item, source))
        narrowed = _fixing(result, {item.fingerprint for item in kept})
    except MovedError as error:
        return replace(refused(result, error), findings=())
    starts = ((item, source.starts[item.row - 1]) for item in result.problems)
    others = [item for item in result.findings if item not in kept and not item.suppressed]
    found = Status.FOUND if kept else Status.CLEAN
    return replace(
        narrowed,
        status=Status.CHANGED if narrowed.result else found,
        findings=kept,
        problems=tuple(item for item, at in starts if changed.has_line_of(Span(at, at), source)),
        elsewhere=len(others),
    )


def _fixing(result: FileResult, kept: set[str]) -> FileResult:
    """Return a result that fixes findings with some fingerprints alone. Raises MovedError."""
    wanted = [item for item in result.fixed if item.fingerprint in kept]
    later = {item.fingerprint for part in result.later for item in part}
    if len(wanted) == len(result.fixed) and later <= kept:
        return result
    return fixing(result, wanted)
