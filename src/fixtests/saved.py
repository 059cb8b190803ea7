"""Plans as files: JSON that says what a run found and would write, for a reviewer to read and cut.

docs/plan.schema.json describes it. A plan is read as data: whatever does not fit
is an error that names the place, and no path leads out of the folder that the
plan is applied to.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from fixtests import __version__, registry
from fixtests.model import (
    Applicability,
    Declaration,
    Edit,
    FileResult,
    Finding,
    Fix,
    RunError,
    Span,
    Status,
)
from fixtests.plan import MovedError, fixing

FORMAT = "fixtests-plan"
VERSION = 1
DIGEST = 64


class SavedError(RunError):
    """A plan that cannot be saved or read; the message names file, place and remedy."""


def body(results: Iterable[FileResult], top: Path, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return results as the data of a plan; paths are relative to `top`.

    `about` says where the plan comes from. Raises SavedError for a file that
    stands elsewhere.
    """
    files = [_file(item, top) for item in results if item.findings or item.result]
    return {"format": FORMAT, "version": VERSION, "tool": __version__, **about, "files": files}


def text(body: Mapping[str, Any]) -> str:
    """Return the data of a plan as it stands in a file."""
    return json.dumps(body, indent=2) + "\n"


def _file(result: FileResult, top: Path) -> dict[str, Any]:
    fixed = {item.fingerprint for item in result.fixed}
    return {
        "path": _relative(result.path, top),
        "root": _relative(result.root, top),
        "digest": result.digest,
        "result": result.result or None,
        "edits": [_edit(item, top) for item in result.edits],
        "needs": sorted(fixed),
        "findings": [
            {
                "fingerprint": item.fingerprint,
                "code": item.code,
                "name": item.name,
                "message": item.message,
                "applicability": item.applicability.value,
                "selected": item.fingerprint in fixed,
                "span": [item.span.start, item.span.end],
                "anchor": [item.anchor.start, item.anchor.end],
                "fix": None if item.fix is None else _fix(item.fix, top),
            }
            for item in {
                item.fingerprint: item for item in (*result.findings, *result.fixed)
            }.values()
            if not item.suppressed
        ],
    }


def _fix(fix: Fix, top: Path) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [_edit(item, top) for item in fix.edits],
        "declarations": [
            {"path": _relative(item.path, top), "name": item.name, "value": item.value}
            for item in fix.declarations
        ],
    }


def _edit(edit: Edit, top: Path) -> dict[str, Any]:
    return {
        "path": _relative(edit.path, top),
        "start": edit.start,
        "end": edit.end,
        "content": edit.content,
        "order": edit.order,
    }


def _relative(path: str, top: Path) -> str:
    try:
        return Path(path).relative_to(top).as_posix()
    except ValueError:
        raise SavedError(f"{path}: is outside of {top}; go to a folder above both") from None


def read(path: Path) -> dict[str, Any]:
    """Return what a plan file holds, checked as far as its kind. Raises SavedError."""
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        raise SavedError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SavedError(f"{path}: is not JSON ({error}); save the plan again") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise SavedError(f"{path}: is not a plan of fixtests; make one with `fixtests plan`")
    if body.get("version") != VERSION:
        raise SavedError(
            f"{path}: is a plan of version {body.get('version')!r}, this fixtests reads "
            f"version {VERSION}; make a new plan"
        )
    return body


def load(
    body: Mapping[str, Any], top: Path, where: Path
) -> tuple[list[FileResult], dict[str, str]]:
    """Return the results that a plan holds, for files below `top`, and why some cannot be had.

    A file whose findings were cut gets the fixes that are left. Raises
    SavedError where the plan does not fit its schema or leads out of `top`.
    """
    reader = _Reader(top, where)
    results: list[FileResult] = []
    moved: dict[str, str] = {}
    for at, item in enumerate(reader.list(body, "files", "the plan")):
        result = reader.result(item, f"files[{at}]")
        fixed = [finding for finding in result.findings if finding in result.fixed]
        try:
            whole = {finding.fingerprint for finding in fixed} == set(item["needs"])
            results.append(result if whole else fixing(result, fixed))
        except MovedError as error:
            moved[result.path] = str(error)
    return results, moved


class _Reader:
    """Takes a plan's values apart; what does not fit is named by its place."""

    def __init__(self, top: Path, where: Path) -> None:
        self._top = top
        self._where = where

    def result(self, item: Any, place: str) -> FileResult:
        path = self._path(item, "path", place)
        root = self._path(item, "root", place)
        if not Path(path).is_relative_to(root):
            raise self._error(f"{place}.root", f"{item['root']!r} does not hold the file")
        after = self._value(item, "result", place, str | None)
        edits = self._edits(item, path, place)
        for at, word in enumerate(self.list(item, "needs", place)):
            if not isinstance(word, str):
                raise self._error(f"{place}.needs[{at}]", "is no text")
        findings, fixed = [], []
        for at, entry in enumerate(self.list(item, "findings", place)):
            finding = self._finding(entry, path, f"{place}.findings[{at}]")
            findings.append(finding)
            if self._value(entry, "selected", f"{place}.findings[{at}]", bool):
                fixed.append(finding)
        return FileResult(
            path,
            self._digest(item, "digest", place),
            Status.CHANGED if after else Status.FOUND,
            root,
            tuple(findings),
            tuple(fixed),
            edits=edits,
            result=self._digest(item, "result", place) if after else "",
        )

    def _finding(self, entry: Any, path: str, place: str) -> Finding:
        fix = self._value(entry, "fix", place, dict | None)
        return Finding(
            self._value(entry, "code", place, str),
            self._value(entry, "name", place, str),
            path,
            self._span(entry, "span", place),
            self._span(entry, "anchor", place),
            self._value(entry, "message", place, str),
            self._tier(entry, place),
            fingerprint=self._value(entry, "fingerprint", place, str),
            fix=None if fix is None else self._fix(fix, path, f"{place}.fix"),
        )

    def _fix(self, entry: Any, path: str, place: str) -> Fix:
        return Fix(
            self._value(entry, "title", place, str),
            self._tier(entry, place),
            self._edits(entry, path, place),
            tuple(
                Declaration(
                    self._path(item, "path", f"{place}.declarations[{at}]"),
                    self._name(item, f"{place}.declarations[{at}]"),
                    self._value(item, "value", f"{place}.declarations[{at}]", str),
                )
                for at, item in enumerate(self.list(entry, "declarations", place))
            ),
        )

    def _edits(self, item: Any, path: str, place: str) -> tuple[Edit, ...]:
        found = []
        for at, entry in enumerate(self.list(item, "edits", place)):
            here = f"{place}.edits[{at}]"
            start, end = (self._value(entry, name, here, int) for name in ("start", "end"))
            if not 0 <= start <= end:
                raise self._error(here, f"runs from {start} to {end}")
            if self._path(entry, "path", here) != path:
                raise self._error(f"{here}.path", "is another file than the finding's")
            content = self._value(entry, "content", here, str)
            found.append(Edit(path, start, end, content, self._value(entry, "order", here, int)))
        return tuple(found)

    def list(self, item: Any, name: str, place: str) -> list[Any]:
        found: list[Any] = self._value(item, name, place, list)
        return found

    def _value(self, item: Any, name: str, place: str, kind: Any) -> Any:
        if not isinstance(item, dict):
            raise self._error(place, "is no object")
        if name not in item:
            raise self._error(place, f"has no {name!r}")
        value = item[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._error(f"{place}.{name}", "has the wrong kind of value")
        return value

    def _name(self, item: Any, place: str) -> str:
        name: str = self._value(item, "name", place, str)
        if not name.isidentifier():
            raise self._error(f"{place}.name", "is no name")
        return name

    def _digest(self, item: Any, name: str, place: str) -> str:
        value: str = self._value(item, name, place, str)
        if len(value) != DIGEST or set(value) - set("0123456789abcdef"):
            raise self._error(f"{place}.{name}", "is no SHA-256 digest")
        return value

    def _span(self, item: Any, name: str, place: str) -> Span:
        value = self.list(item, name, place)
        if len(value) != 2 or not all(type(number) is int for number in value):
            raise self._error(f"{place}.{name}", "is no pair of offsets")
        return Span(*value)

    def _tier(self, item: Any, place: str) -> Applicability:
        value = self._value(item, "applicability", place, str)
        try:
            return Applicability(value)
        except ValueError:
            raise self._error(f"{place}.applicability", f"is {value!r}") from None

    def _path(self, item: Any, name: str, place: str) -> str:
        value = self._value(item, name, place, str)
        pure = PurePosixPath(value)
        path = self._top.joinpath(*pure.parts)
        try:
            inside = path.resolve().is_relative_to(self._top.resolve())
        except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
            inside = False
        if pure.is_absolute() or ".." in pure.parts or "\\" in value or not inside:
            raise self._error(f"{place}.{name}", f"{value!r} leads out of {self._top}")
        return str(path)

    def _error(self, place: str, what: str) -> SavedError:
        return SavedError(f"{self._where}: {place}: {what}; correct it, or make a new plan")


def drop(body: dict[str, Any], where: Path, words: Collection[str]) -> tuple[int, list[str]]:
    """Cut findings out of a plan; return how many, and the words that mean none of them.

    `words` are codes, rule names, fingerprints, and paths of files or folders or
    patterns of them. Raises SavedError, also for a word that is neither a rule
    nor anything that stands in the plan.
    """
    codes = {word: _code(word) for word in words}
    known = {word for word in words if codes[word]}
    used: set[str] = set()
    count = 0
    for item, result in _files(body, where):
        at_path = {word for word in words if _covers(word, item["path"])}
        known |= at_path
        kept = []
        for entry, finding in zip(item["findings"], result.findings, strict=True):
            meant = {finding.code, finding.name, finding.fingerprint}
            found = at_path | {word for word in words if meant & {word, codes[word]}}
            used |= found
            if not found:
                kept.append(entry)
        count += len(item["findings"]) - len(kept)
        item["findings"] = kept
    idle = [word for word in words if word not in used]
    for word in idle:
        if word not in known:
            raise SavedError(
                f"{where}: holds nothing that {word!r} means, and no rule is called so; nothing "
                f"was dropped, `fixtests plan-edit {where}` lists what can be"
            )
    return count, idle


def _code(word: str) -> str:
    """Return the code of the rule that a word names, "" where it names none."""
    try:
        return registry.find(word).code
    except registry.SelectionError:
        return ""


def _covers(word: str, path: str) -> bool:
    """Tell whether a word is a path, a folder above it, or a pattern that it matches."""
    return fnmatch(path, word) or path.startswith(f"{word.rstrip('/')}/")


def listing(body: Mapping[str, Any], where: Path) -> Iterator[str]:
    """Yield a line for each finding of a plan. Raises SavedError."""
    for item, result in _files(body, where):
        for entry, finding in zip(item["findings"], result.findings, strict=True):
            mark = "fix" if entry["selected"] else "---"
            what = f"{finding.fingerprint} {mark} {finding.code}"
            yield f"{what} {item['path']}: {finding.message}"


def _files(body: Mapping[str, Any], where: Path) -> Iterator[tuple[dict[str, Any], FileResult]]:
    reader = _Reader(Path("/"), where)
    for at, item in enumerate(reader.list(body, "files", "the plan")):
        yield item, reader.result(item, f"files[{at}]")
