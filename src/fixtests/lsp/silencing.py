"""The comment that silences a finding on its line, as `# noqa` has it, which flake8 reads, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fixtests.model import Edit, Finding, Span
from fixtests.syntax.suppressions import NOQA, Suppressions
from fixtests.text import edits
from fixtests.text.source import Source, SourceError


def edit(source: Source, finding: Finding) -> Edit | None:
    """Return what adds a code to the comment of a line, None where no line can have one.

    That is so where each ends inside a string or goes on behind a backslash.
    """
    for change in _candidates(source, finding):
        try:
            after = Source.decode(source.path, source.encode(edits.apply(source.utf8, [change])))
            after.parse()
        except SourceError:
            continue
        if Suppressions.read(after).silence(_moved(finding, change)):
            return change
    return None


def _candidates(source: Source, finding: Finding) -> Iterator[Edit]:
    """Yield an edit for each line that may have the comment, those of what is flagged first."""
    first, last = source.row(finding.span.start), source.row(finding.span.end)
    for row in dict.fromkeys((*range(first, last + 1), source.row(finding.anchor.end))):
        line, start = source.line(row).rstrip(), source.starts[row - 1]
        text = line.decode("utf-8", "surrogatepass")
        known = NOQA.search(text)
        if known and known["codes"]:
            at = start + len(text[: known.end()].encode("utf-8", "surrogatepass"))
            yield Edit(source.path, at, at, f",{finding.code}")
        yield Edit(source.path, start + len(line), start + len(line), f"  # noqa: {finding.code}")


def _moved(finding: Finding, change: Edit) -> Finding:
    """Return a finding as it stands after an insertion."""
    size = len(change.content)

    def moved(span: Span) -> Span:
        return Span(*(at + size * (at >= change.start) for at in (span.start, span.end)))

    return replace(finding, span=moved(finding.span), anchor=moved(finding.anchor))
