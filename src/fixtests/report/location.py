"""Where findings stand, as printers show it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import FileResult, Finding, Span
from fixtests.source import Source


@dataclass(frozen=True)
class Place:
    """Row and column of a start and an end, all from 1."""

    row: int
    column: int
    end_row: int
    end_column: int


class Texts:
    """The sources that findings point into, as they were when the run read them."""

    def __init__(self, results: Iterable[FileResult]) -> None:
        self._before = {result.path: result.before for result in results if result.before}
        self._sources: dict[str, Source] = {}

    def source(self, path: str) -> Source:
        """Return a file's source, from before the run changed it."""
        if path not in self._sources:
            content = self._before.get(path) or Path(path).read_bytes()
            self._sources[path] = Source.decode(path, content)
        return self._sources[path]

    def place(self, finding: Finding) -> Place:
        """Return where a finding stands."""
        return self.of(finding.path, finding.span)

    def of(self, path: str, span: Span) -> Place:
        """Return where a span of a file stands."""
        source = self.source(path)
        return Place(*source.location(span.start), *source.location(span.end))


def shown(path: str) -> str:
    """Return a path relative to the current folder where it is below it."""
    try:
        relative = os.path.relpath(path)
    except FileNotFoundError:  # the current folder is gone
        return path
    return path if relative.startswith(os.pardir) else relative
