"""Fixes that change only the lines of what is flagged, as reviewers suggest changes to lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fixtests.model import Finding, Span
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source

LONGEST = 12  # lines that are replaced at once; more is no change that one reads in a comment


@dataclass(frozen=True)
class Change:
    """Whole lines of a file, without the last line end, and what comes in their place."""

    span: Span
    text: str


def change(finding: Finding, source: Source) -> Change | None:
    """Return what a fix makes of the lines of its finding, None where it needs other places.

    Lines that end in a carriage return are none that a suggestion can stand for.
    """
    fix = finding.fix
    if fix is None or fix.declarations or not fix.edits:
        return None
    first = source.row(min(finding.span.start, finding.anchor.start))
    last = source.row(max(finding.span.end, finding.anchor.end) - 1)
    start = source.starts[first - 1]
    old = b"".join(map(source.line, range(first, last + 1)))
    if last - first >= LONGEST or not all(
        start <= edit.start <= edit.end <= start + len(old) for edit in fix.edits
    ):
        return None
    moved = [
        replace(edit, start=edit.start - start, end=edit.end - start)
        for edit in arithmetic.ordered(dict.fromkeys(fix.edits))
    ]
    new = arithmetic.apply(old, moved)
    if b"\r" in old + new or old.endswith(b"\n") != new.endswith(b"\n"):
        return None
    span = Span(start, start + len(old.removesuffix(b"\n")))
    return Change(span, new.decode("utf-8", "surrogatepass").removesuffix("\n"))
