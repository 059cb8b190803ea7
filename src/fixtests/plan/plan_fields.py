"""The values of a plan file, taken apart and checked one by one: what does not fit is named.

A plan may come from anybody, so no path leads out of the folder that it is
applied to or into what belongs to version control, and values are literals.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path, PurePosixPath
from typing import Any

from fixtests.files import discover
from fixtests.model import (
    Applicability,
    Declaration,
    Edit,
    FileResult,
    Finding,
    Fix,
    Proof,
    RunError,
    Span,
    Status,
    Verdict,
)

DIGEST = 64  # hexadecimal digits
PROVED = ("reason", "failure", "mutant", "tree", "when")  # the texts of a proof, in their order


class SavedError(RunError):
    """A plan that cannot be saved or read; the message names file, place and remedy."""


class Reader:
    """Takes a plan's values apart; what does not fit is named by its place."""

    def __init__(self, top: Path, where: Path) -> None:
        self._top = top
        self._where = where

    def result(self, item: Any, place: str) -> FileResult:
        """Return the result that one file's entry holds. Raises SavedError."""
        path = self._path(item, "path", place)
        root = self._path(item, "root", place)
        if not Path(path).is_relative_to(root):
            raise self.error(f"{place}.root", f"{item['root']!r} does not hold the file")
        after = self._value(item, "result", place, str | None)
        edits = self._edits(item, path, place)
        for at, word in enumerate(self.list(item, "needs", place)):
            if not isinstance(word, str):
                raise self.error(f"{place}.needs[{at}]", "is no text")
        findings, fixed = [], []
        for at, entry in enumerate(self.list(item, "findings", place)):
            finding = self._finding(entry, path, f"{place}.findings[{at}]")
            findings.append(finding)
            if self._value(entry, "selected", f"{place}.findings[{at}]", bool):
                fixed.append(finding)
        later = self.list(item, "later", place) if "later" in item else []
        return FileResult(
            path,
            self._digest(item, "digest", place),
            Status.CHANGED if after else Status.FOUND,
            root,
            tuple(findings),
            tuple(fixed),
            edits=edits,
            result=self._digest(item, "result", place) if after else "",
            later=tuple(
                tuple(
                    self._finding(entry, path, f"{place}.later[{at}][{number}]")
                    for number, entry in enumerate(self._entries(entries, f"{place}.later[{at}]"))
                )
                for at, entries in enumerate(later)
            ),
        )

    def _entries(self, value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.error(place, "is no list")
        return value

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
            proof=self._proof(entry["proof"], f"{place}.proof") if "proof" in entry else None,
        )

    def _proof(self, entry: Any, place: str) -> Proof:
        word = self._value(entry, "verdict", place, str)
        try:
            verdict = Verdict(word)
        except ValueError:
            raise self.error(f"{place}.verdict", f"is {word!r}") from None
        tests = self.list(entry, "tests", place)
        if not all(isinstance(item, str) for item in tests):
            raise self.error(f"{place}.tests", "holds what is no text")
        words = (self._value(entry, name, place, str) for name in PROVED)
        return Proof(verdict, tuple(tests), *words)

    def _fix(self, entry: Any, path: str, place: str) -> Fix:
        return Fix(
            self._value(entry, "title", place, str),
            self._tier(entry, place),
            self._edits(entry, path, place),
            tuple(
                Declaration(
                    self._path(item, "path", f"{place}.declarations[{at}]"),
                    self._name(item, f"{place}.declarations[{at}]"),
                    self._literal(item, f"{place}.declarations[{at}]"),
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
                raise self.error(here, f"runs from {start} to {end}")
            if self._path(entry, "path", here) != path:
                raise self.error(f"{here}.path", "is another file than the finding's")
            content = self._value(entry, "content", here, str)
            found.append(Edit(path, start, end, content, self._value(entry, "order", here, int)))
        return tuple(found)

    def list(self, item: Any, name: str, place: str) -> list[Any]:
        """Return a list that an entry holds under a name. Raises SavedError."""
        found: list[Any] = self._value(item, name, place, list)
        return found

    def _value(self, item: Any, name: str, place: str, kind: Any) -> Any:
        if not isinstance(item, dict):
            raise self.error(place, "is no object")
        if name not in item:
            raise self.error(place, f"has no {name!r}")
        value = item[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f"{place}.{name}", "has the wrong kind of value")
        return value

    def _name(self, item: Any, place: str) -> str:
        name: str = self._value(item, "name", place, str)
        if not name.isidentifier():
            raise self.error(f"{place}.name", "is no name")
        return name

    def _literal(self, item: Any, place: str) -> str:
        value: str = self._value(item, "value", place, str)
        try:
            ast.literal_eval(value)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            raise self.error(f"{place}.value", f"{value!r} is no literal") from None
        if value != value.strip() or not value.isprintable():
            raise self.error(f"{place}.value", f"{value!r} is more than a literal")
        return value

    def _digest(self, item: Any, name: str, place: str) -> str:
        value: str = self._value(item, name, place, str)
        if len(value) != DIGEST or set(value) - set("0123456789abcdef"):
            raise self.error(f"{place}.{name}", "is no SHA-256 digest")
        return value

    def _span(self, item: Any, name: str, place: str) -> Span:
        value = self.list(item, name, place)
        if len(value) != 2 or not all(type(number) is int for number in value):
            raise self.error(f"{place}.{name}", "is no pair of offsets")
        return Span(*value)

    def _tier(self, item: Any, place: str) -> Applicability:
        value = self._value(item, "applicability", place, str)
        try:
            return Applicability(value)
        except ValueError:
            raise self.error(f"{place}.applicability", f"is {value!r}") from None

    def _path(self, item: Any, name: str, place: str) -> str:
        value = self._value(item, name, place, str)
        pure = PurePosixPath(value)
        path, top = self._top.joinpath(*pure.parts), self._top.resolve()
        try:
            real = path.resolve()
            inside = real.is_relative_to(top)
        except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
            inside = False
        out = pure.is_absolute() or ".." in pure.parts or (os.sep == "\\" and "\\" in value)
        if out or not inside:
            raise self.error(f"{place}.{name}", f"{value!r} leads out of {self._top}")
        if discover.is_foreign(Path(*pure.parts)) or discover.is_foreign(real.relative_to(top)):
            raise self.error(f"{place}.{name}", f"{value!r} belongs to version control")
        return str(path)

    def error(self, place: str, what: str) -> SavedError:
        """Return what is wrong at a place of the plan, with the remedy."""
        return SavedError(f"{self._where}: {place}: {what}; correct it, or make a new plan")
