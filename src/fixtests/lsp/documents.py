"""The texts that an editor has open, and what was found in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from fixtests.lsp import positions
from fixtests.lsp.positions import Positions
from fixtests.model import FileResult, Finding
from fixtests.report.contents import Failure
from fixtests.report.json import INVALID
from fixtests.text.source import Source, encoded

Severity = types.DiagnosticSeverity
NAME = "fixtests"


@dataclass(frozen=True)
class Document:
    """One open text as it was at one time, told by its version."""

    uri: str
    path: Path
    version: int
    text: str

    def content(self) -> bytes:
        """Return the bytes that it is saved as. Raises SourceError."""
        return encoded(self.text)


@dataclass(frozen=True)
class Judged:
    """What was found in a document; `result` is None where configuration excludes it.

    `problem` says why it was not judged; then it has no `positions`.
    """

    document: Document
    result: FileResult | None = None
    positions: Positions | None = None
    problem: str = ""

    def shown(self) -> Iterator[tuple[Finding, types.Diagnostic]]:
        """Yield what was found and is not silenced, with how it is shown."""
        if self.result is not None and self.positions is not None:
            for item in self.result.findings:
                if not item.suppressed:
                    place = self.positions.range(item.span)
                    yield item, _shown(place, item.code, item.message, Severity.Warning)

    def diagnostics(self) -> list[types.Diagnostic]:
        """Return what the editor is to show: findings, and comments that silence nothing.

        Of a text that cannot be judged it is why.
        """
        if self.problem:
            row = Failure.of(str(self.document.path), self.problem).row
            return [_shown(positions.row(row), INVALID, self.problem, Severity.Error)]
        problems = self.result.problems if self.result else ()
        return [
            *(diagnostic for _, diagnostic in self.shown()),
            *(
                _shown(positions.row(item.row), None, item.message, Severity.Information)
                for item in problems
            ),
        ]


def _shown(
    place: types.Range, code: str | None, message: str, severity: Severity
) -> types.Diagnostic:
    return types.Diagnostic(place, message, severity, code, source=NAME)


def judged(document: Document, encoding: str, result: FileResult | None) -> Judged:
    """Return what a result says of a document, whose editor counts columns in some encoding.

    Raises SourceError.
    """
    if result is None or result.detail:
        return Judged(document, result, problem=result.detail if result else "")
    source = Source.decode(str(document.path), document.content())
    marked = document.text.startswith(positions.MARK)
    return Judged(document, result, Positions(source, encoding, marked))
