"""The files of today that claims are about: what was found in them, and what they hold.

Whatever several claims ask of a file is found out once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from fixtests.model import FileResult, Finding, Judged, Span
from fixtests.review.claim import Place
from fixtests.review.spots import Flagged, Left
from fixtests.text.source import Source

DEFINED = re.compile(rb"[ \t\f\v]*+(?:async +)?(?:def|class) +([\w\x80-\xff]+)")
OF_TESTS = re.compile(r"test_\w+|Test[A-Z]\w*|\w+[a-z](?:Tests?|TestCase|TestJSON)")
SHORTEST = 8  # letters of a part of a name that is enough for it
FEWEST = 2  # parts of a path from elsewhere that have to be those of one here
LEADING = ("/", "//", "..")  # parts of a name that say where to begin


Judge = Callable[[FileResult], Sequence[Judged]]


@dataclass(frozen=True, eq=False)
class File:
    """One file of today: what was found in it, its text, and what its rules leave."""

    result: FileResult
    source: Source
    judge: Judge

    @cached_property
    def flagged(self) -> list[Flagged]:
        """All findings."""
        fixed = {_identity(item) for item in self.result.fixed}
        return [
            Flagged(*self._spot(item.span), item, _identity(item) in fixed)
            for item in self.result.findings
        ]

    def _spot(self, span: Span) -> tuple[int, int, str, str]:
        first = self.source.row(span.start)
        last = self.source.row(max(span.end - 1, span.start))
        line = self.source.line(first).decode("utf-8", "replace")
        return first, last, self.source.slice(span), line

    @cached_property
    def of_rule(self) -> dict[str, list[Flagged]]:
        """The findings by the codes of their rules."""
        found: dict[str, list[Flagged]] = {}
        for item in self.flagged:
            found.setdefault(item.finding.code, []).append(item)
        return found

    def left(self, code: str) -> list[Left]:
        """Return what a rule has looked at and does not flag."""
        return self._left.get(code, [])

    @cached_property
    def _left(self) -> dict[str, list[Left]]:
        found: dict[str, list[Left]] = {}
        for item in self.judge(self.result):
            found.setdefault(item.code, []).append(Left(*self._spot(item.span), item))
        return found

    @cached_property
    def rows(self) -> int:
        """How many rows it has; behind the last end of a line there is none."""
        last = len(self.source.starts)
        return last if self.source.line(last) else last - 1

    def line(self, row: int) -> str:
        """Return the text of a row."""
        return self.source.line(row).decode("utf-8", "replace")

    def rows_of(self, word: str) -> list[int]:
        """Return the rows on which a text stands."""
        if word not in self._rows_of:
            pattern = re.compile(re.escape(word.encode("utf-8", "surrogatepass")))
            self._rows_of[word] = self.source.rows(pattern)
        return self._rows_of[word]

    @cached_property
    def _rows_of(self) -> dict[str, list[int]]:
        return {}

    def function_at(self, row: int) -> range | None:
        """Return the rows of the innermost function around a row."""
        return min((rows for rows in self._functions if row in rows), key=len, default=None)

    @cached_property
    def _functions(self) -> list[range]:
        return [
            rows
            for name in self._definitions
            for rows in self.blocks(name.decode("utf-8", "replace"))
            if not self.line(rows.start).lstrip().startswith("class ")
        ]

    def blocks(self, name: str) -> list[range]:
        """Return the rows of each function and class of a name."""
        found = []
        for row, depth in self._definitions.get(name.encode(), ()):
            if (row, depth) not in self._ends:
                self._ends[row, depth] = self._end(row, depth)
            found.append(range(row, self._ends[row, depth]))
        return found

    @cached_property
    def _ends(self) -> dict[tuple[int, int], int]:
        return {}

    @cached_property
    def _definitions(self) -> dict[bytes, list[tuple[int, int]]]:
        """Where functions and classes begin, by name: row and indentation."""
        found: dict[bytes, list[tuple[int, int]]] = {}
        for row, start in enumerate(self.source.starts, 1):
            match = DEFINED.match(self.source.utf8, start)
            if match:
                line = self.source.line(row)
                found.setdefault(match[1], []).append((row, len(line) - len(line.lstrip())))
        return found

    @property
    def defined(self) -> Iterator[str]:
        """The names of its functions and classes."""
        return (name.decode("utf-8", "replace") for name in self._definitions)

    def holds_word(self, word: str) -> bool:
        """Tell whether a name stands in the file as a whole word."""
        pattern = rf"(?<!\w){re.escape(word)}(?!\w)".encode()
        return self.holds(word) and re.search(pattern, self.source.utf8) is not None

    def _end(self, row: int, depth: int) -> int:
        """Return the row after a block that begins on a row, so far as its indentation shows."""
        for number in range(row + 1, len(self.source.starts) + 1):
            line = self.source.line(number)
            if line.strip() and len(line) - len(line.lstrip()) <= depth:
                return number
        return len(self.source.starts) + 1

    def holds(self, word: str) -> bool:
        """Tell whether a text stands in the file."""
        if word not in self._held:
            self._held[word] = word.encode("utf-8", "surrogatepass") in self.source.utf8
        return self._held[word]

    @cached_property
    def _held(self) -> dict[str, bool]:
        return {}


class Files:
    """The files of a run, in order, found by the names that claims have for them."""

    def __init__(self, files: Sequence[File]) -> None:
        self.all = files
        self._numbers: dict[str, int] = {}
        self._by_last_part: dict[str, list[tuple[int, str]]] = {}
        for number, file in enumerate(files):
            path = Path(file.result.path).as_posix()
            self._numbers[path] = number
            last = path.rpartition("/")[2]
            self._by_last_part.setdefault(last, []).append((number, path))

    def placed(self, place: Place) -> Place:
        """Return a place with the files whose modules it names without a suffix."""
        modules = {
            name: [self.all[number].result.path for number, _ in found]
            for name in place.names
            if (found := self._by_last_part.get(f"{name}.py"))
            and not any(file.blocks(name) for file in self.all)
        }
        if not modules:
            known = any(file.blocks(name) for file in self.all for name in place.names)
            names = place.names if known else tuple(map(self._whole, place.names))
            return place if names == place.names else replace(place, names=names)
        paths = tuple(path for found in modules.values() for path in found)
        names = tuple(name for name in place.names if name not in modules)
        return replace(place, files=paths, names=names)

    def _whole(self, name: str) -> str:
        """Return the whole name of the one function or class that a part of its name means."""
        if (
            len(name) < SHORTEST
            or "_" not in name
            or any(file.holds_word(name) for file in self.all)
        ):
            return name
        part = re.compile(rf"(?:^|_){re.escape(name.strip('_'))}(?:_|$)")
        found = {other for file in self.all for other in file.defined if part.search(other)}
        return found.pop() if len(found) == 1 else name

    def meant(self, place: Place) -> Sequence[File]:
        """Return the files that a place can be in: those it names, else those that hold it."""
        named = self.all
        if place.files:
            numbers = {number for name in place.files for number in self._of_name(name)}
            named = [self.all[number] for number in sorted(numbers)]
            tests = [name for name in place.names if OF_TESTS.fullmatch(name)]
            defining = [file for file in self.all if any(map(file.blocks, tests))]
            if len(defining) == 1:
                return defining  # the file that was spoken of before it has no such test
        if len(named) < 2:
            return named
        defining = [file for file in named if any(file.blocks(name) for name in place.names)]
        holding = [file for file in named if any(map(file.holds, place.code))]
        return defining or holding or named

    def _of_name(self, name: str) -> list[int]:
        """Return the numbers of the files that a name may stand for.

        The name of a file that is here, seen from the root of the system or
        from a folder above, stands for that one alone; any other for each file
        whose path ends so. What begins at the root of another machine may have
        any folders before those of this tree.
        """
        here = real(name)
        found = [] if here is None else self._number(here)
        parts = PurePosixPath(name).parts
        led = next((at for at, part in enumerate(parts) if part not in LEADING), len(parts))
        if here is not None and (led or ".." in parts):
            return found
        listed = self._by_last_part.get(parts[-1], ()) if led < len(parts) else ()
        foreign = led > 0 or parts[:1] in (("a",), ("b",))
        most = len(parts) - FEWEST if foreign else led
        for start in range(led, max(most, led) + 1):
            end = "/".join(("", *parts[start:]))
            ending = [number for number, path in listed if f"/{path}".endswith(end)]
            if ending:
                return found + ending
        return found

    def _number(self, path: Path) -> list[int]:
        number = self._numbers.get(path.as_posix())
        return [] if number is None else [number]


def real(name: str) -> Path | None:
    """Return the real path of a file that is here, None where none has the name."""
    try:
        return Path(os.path.realpath(name)) if os.path.isfile(name) else None  # noqa: PTH113
    except (OSError, ValueError):
        return None


def _identity(finding: Finding) -> tuple[str, int, int, str]:
    return finding.code, finding.span.start, finding.span.end, finding.fingerprint
