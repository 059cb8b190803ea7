"""Where findings stand, as printers show it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from fixtests.files import git
from fixtests.model import FileResult, Finding, RunError, Span, digest
from fixtests.text import line_hashes
from fixtests.text.source import Source, read

# Controls of the terminal, ends of lines, marks and overrides of the direction of text.
HIDDEN = (
    *(range(32), range(0x7F, 0xA0), (0x61C, 0x200E, 0x200F, 0x2028, 0x2029)),
    *(range(0x202A, 0x202F), range(0x2066, 0x206A), (0xFEFF,)),
)
ESCAPES = {
    number: chr(number).encode("unicode_escape").decode() for part in HIDDEN for number in part
}


class Place(NamedTuple):
    """Row and column of a start and an end, all from 1."""

    row: int
    column: int
    end_row: int
    end_column: int


class Texts:
    """The sources that findings point into, read again: a run may be larger than memory.

    `old` gives what files held that the run has changed since.
    """

    def __init__(
        self, results: Iterable[FileResult], old: Mapping[str, Callable[[], bytes]]
    ) -> None:
        self._old = old
        self._digests = {result.path: result.digest for result in results if result.findings}
        self._source = Source.decode("", b"")
        self._hashes: tuple[str, list[str]] = "", []

    def source(self, path: str) -> Source:
        """Return a file's source. Raises RunError where it is not what the run read, and why."""
        if self._source.path != path:
            try:
                content = self._old[path]() if path in self._old else read(path)
            except OSError as error:
                raise RunError(f"cannot be read again: {error.strerror}; run again") from None
            if digest(content) != self._digests[path]:
                raise RunError("changed since it was read; run again")
            self._source = Source.decode(path, content)
        return self._source

    def moved(self) -> dict[Path, str]:
        """Return why files with findings cannot be shown, by path."""
        found = {}
        for path in self._digests:
            try:
                self.source(path)
            except RunError as error:
                found[Path(path)] = str(error)
        return found

    def place(self, finding: Finding) -> Place:
        """Return where a finding stands."""
        return self.of(finding.path, finding.span)

    def row(self, finding: Finding) -> int | None:
        """Return the row that a finding starts in, None where its file has changed since."""
        try:
            return self.place(finding).row
        except RunError:
            return None

    def line_hash(self, finding: Finding) -> str:
        """Return by what GitHub knows the line again on which a finding begins."""
        if self._hashes[0] != finding.path:
            content = self.source(finding.path).content
            self._hashes = finding.path, line_hashes.of(content)
        return self._hashes[1][self.place(finding).row - 1]

    def of(self, path: str, span: Span) -> Place:
        """Return where a span of a file stands."""
        source = self.source(path)
        return Place(*source.location(span.start), *source.location(span.end))


def visible(text: str) -> str:
    """Return a text for a terminal: what would move its cursor or its reading order is escaped."""
    return text.translate(ESCAPES)


def visible_code(text: str) -> str:
    """Return a part of a line of source as a person is to read it; tabs stay."""
    return "\t".join(map(visible, text.split("\t")))


def named(path: str) -> str:
    """Return a path as a person is to read it."""
    return visible(shown(path))


def shown(path: str) -> str:
    """Return a path relative to the current folder where it is below it."""
    try:
        relative = os.path.relpath(path)
    except FileNotFoundError:  # the current folder is gone
        return path
    return path if relative.startswith(os.pardir) else relative


def from_top(path: str) -> str:
    """Return a path from git's top level, as servers name files; outside of one as `shown` does."""
    place = Path(path)
    top = git.top(place.parent)
    return shown(path) if top is None else place.relative_to(top).as_posix()
