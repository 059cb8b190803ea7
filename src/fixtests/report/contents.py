"""What a report shows, in whatever format: findings, and the files that failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fixtests.model import Finding
from fixtests.report.colors import Paint, plain
from fixtests.report.location import Texts

if TYPE_CHECKING:
    from fixtests.report.rule_pages import Described

ROW = re.compile(r"line (\d{1,9}): ")


class Failure(NamedTuple):
    """A file that could not be read, parsed or written: the row to blame, from 1, and why."""

    path: str
    row: int
    message: str

    @property
    def has_row(self) -> bool:
        """Whether anybody knows which row is to blame."""
        return ROW.match(self.message) is not None

    @classmethod
    def of(cls, path: str, message: str) -> Failure:
        """Return a failure; its row is the one that its message begins with, or the first."""
        found = ROW.match(message)
        return cls(path, int(found[1]) if found else 1, message)


@dataclass(frozen=True)
class Report:
    """Findings and failures, the sources that they point into, and the rules there are.

    `paint` colours what people read. `fixed` are those, by path and fingerprint, that a plan or a
    dry run fixes, None where nothing is planned; `plan` is the file that the plan stands in.
    `baseline` is the file of what is accepted, and `trend` how many that were on some days, the
    first one first.
    """

    findings: Sequence[Finding]
    failures: Sequence[Failure]
    texts: Texts
    rules: Sequence[Described]
    paint: Paint = plain
    fixed: frozenset[tuple[str, str]] | None = None
    plan: Path | None = None
    baseline: Path | None = None
    trend: Sequence[tuple[str, int]] = ()
