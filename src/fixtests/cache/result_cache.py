"""Results of files from earlier runs, which hold as long as what they were found from does.

That are looks at the tree (see `project.trail`), each with what it told. What
they are saved in is the business of `output_cache`; what has another shape than
expected counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from fixtests.model import (
    Applicability,
    Declaration,
    Edit,
    FileResult,
    Finding,
    Fix,
    Problem,
    Span,
    Status,
)
from fixtests.tree.trail import Row, members


class Kept:
    """The results of one root under one job.

    `told` is what an earlier run kept, `holds` says whether a look tells still what it told.
    """

    def __init__(self, told: Mapping[str, Any], holds: Callable[[str, str, str], bool]) -> None:
        self._holds = holds
        self.changed = False
        self._rows: dict[Row, int] = {}  # with their numbers
        self._results: dict[str, tuple[int, Any]] = {}  # by path: a set of rows, a result as data
        try:
            for kind, at, said in told["rows"]:
                self._rows[str(kind), str(at), str(said)] = len(self._rows)
            for path, rows, data in told["results"]:
                self._results[str(path)] = int(rows, 16), data
        except (KeyError, TypeError, ValueError):
            self._rows, self._results = {}, {}

    def result(self, path: str) -> FileResult | None:
        """Return the result of a file, None where none is known that holds."""
        if path not in self._results or self._results[path][0] & self._moved:
            return None
        try:
            return _result(path, *self._results[path][1])
        except (AttributeError, IndexError, TypeError, ValueError):
            return None

    @cached_property
    def _moved(self) -> int:
        """The rows that an earlier run used and that tell something else now."""
        rows, moved = [*self._rows], 0
        used = members(self._used())
        if used and used[-1] >= len(rows):
            return -1  # not our numbers
        for number in used:
            if not self._holds(*rows[number]):
                moved |= 1 << number
        return moved

    def _used(self) -> int:
        used = 0
        for rows, _ in self._results.values():
            used |= rows
        return used

    def keep(self, result: FileResult, rows: Iterable[Row]) -> None:
        """Keep the result of a file, and what it was found from."""
        found = 0
        for row in rows:
            found |= 1 << self._rows.setdefault(row, len(self._rows))
        self._results[result.path] = found, _data(result)
        self.changed = True

    def told(self) -> dict[str, Any]:
        """Return what a later run is to be told; rows that nothing was found from are left out."""
        rows = [*self._rows]
        numbers = {number: place for place, number in enumerate(members(self._used()))}
        results = []
        for path, (found, data) in self._results.items():
            moved = sum(1 << numbers[number] for number in members(found))
            results.append((path, f"{moved:x}", data))
        return {"rows": [rows[number] for number in numbers], "results": results}


def _data(result: FileResult) -> tuple[Any, ...]:
    """Return a result as plain data; what a finding was placed by is not needed any more."""
    fixed = {id(item) for item in result.fixed}
    return (
        result.digest,
        result.status,
        result.root,
        [(_finding(item), id(item) in fixed) for item in result.findings],
        [(item.row, item.message) for item in result.problems],
        [_edit(item) for item in result.edits],
        result.result,
        result.detail,
        [[_finding(item) for item in items] for items in result.later],
        result.sought,
    )


def _finding(item: Finding) -> tuple[Any, ...]:
    fix = item.fix and (
        item.fix.title,
        item.fix.applicability,
        [_edit(edit) for edit in item.fix.edits],
        [(known.path, known.name, known.value) for known in item.fix.declarations],
    )
    place = (item.span.start, item.span.end, item.anchor.start, item.anchor.end)
    said = (item.code, item.name, item.message, item.applicability)
    return (*said, *place, item.fingerprint, item.suppressed, fix)


def _edit(item: Edit) -> tuple[Any, ...]:
    return item.start, item.end, item.content, item.order


def _result(
    path: str,
    digest: str,
    status: str,
    root: str,
    findings: list[tuple[Any, bool]],
    problems: list[Any],
    edits: list[Any],
    after: str,
    detail: str,
    later: list[list[Any]],
    sought: list[tuple[str, str]],
) -> FileResult:
    """Return the result that some data is of."""
    found = [(_finding_of(path, *item), is_fixed) for item, is_fixed in findings]
    return FileResult(
        path,
        digest,
        Status(status),
        root,
        tuple(item for item, _ in found),
        tuple(item for item, is_fixed in found if is_fixed),
        tuple(Problem(row, message) for row, message in problems),
        _edits_of(path, edits),
        after,
        detail,
        tuple(tuple(_finding_of(path, *item) for item in items) for items in later),
        tuple((code, unknown) for code, unknown in sought),
        lasting=Status(status) is Status.FAILED,  # no other failure is kept
    )


def _finding_of(
    path: str,
    code: str,
    name: str,
    message: str,
    tier: str,
    start: int,
    end: int,
    first: int,
    last: int,
    fingerprint: str,
    suppressed: bool,
    fix: Any,
) -> Finding:
    return Finding(
        code,
        name,
        path,
        Span(start, end),
        Span(first, last),
        message,
        Applicability(tier),
        fingerprint=fingerprint,
        suppressed=suppressed,
        fix=fix and _fix_of(path, *fix),
    )


def _fix_of(path: str, title: str, tier: str, edits: list[Any], declared: list[Any]) -> Fix:
    known = tuple(Declaration(*item) for item in declared)
    return Fix(title, Applicability(tier), _edits_of(path, edits), known)


def _edits_of(path: str, edits: list[Any]) -> tuple[Edit, ...]:
    return tuple(Edit(path, start, end, content, order) for start, end, content, order in edits)
