"""A review over files: claims read, files checked, answers given, and the fixes that answer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fixtests.files import git
from fixtests.model import FileResult, Finding, RunError, Status
from fixtests.plan.plan import MovedError, Plan, keeping, source_of
from fixtests.report import summary
from fixtests.report.location import shown
from fixtests.review import answers, claims, linters, presenting, reading
from fixtests.review.answers import Answer, Reason, Verdict
from fixtests.review.claim import Claim
from fixtests.review.files import File, Files, Judge, real
from fixtests.review.topics import Topics
from fixtests.rules import registry
from fixtests.settings.config import Config
from fixtests.text.source import Source, read

OF_CODE = ("", ".py", ".pyi", ".pyx", ".ipynb")  # suffixes of what is no review
TESTS = "test_"  # how the names of tests begin, and those of their modules
AROUND = 1  # rows beside the one named on which a linter's report counts
Check = Callable[[Sequence[Path]], tuple[list[FileResult], Judge]]
DONE = (Verdict.RIGHT, Verdict.NOTHING, Verdict.ABSENT, Verdict.OUTSIDE)


class NothingToReviewError(RunError):
    """A call without a review, or without files that it is about."""


@dataclass(frozen=True)
class Review:
    """What came of a review: its answers, and the plan of the fixes that answer it.

    `unread` are lines of the reviews that nobody understood, `failed` the files that were
    not looked at, with the reasons.
    """

    answers: tuple[Answer, ...]
    unread: tuple[str, ...]
    plan: Plan
    failed: Mapping[Path, str]
    sources: Mapping[str, Source]

    def text(self) -> Iterator[str]:
        """Yield the answers as lines."""
        yield from presenting.lines(self.answers, self._names)

    def table(self, diff: bytes) -> Iterator[str]:
        """Yield the answers as a table in Markdown, with the diff."""
        yield from presenting.table(self.answers, self._names, diff)

    def gerrit(self) -> str:
        """Return the answers as Gerrit takes them."""
        return presenting.gerrit(self.answers, self._names, self.sources)

    @property
    def totals(self) -> str:
        """How many answers there are of each kind."""
        return presenting.totals(self.answers)

    @property
    def _names(self) -> dict[str, str]:
        paths = {reason.path for item in self.answers for reason in item.reasons} - {""}
        return {path: shown(path) for path in (*paths, *self.sources)}

    def is_open(self, *, written: bool) -> bool:
        """Tell whether something is left to do: a fix to write, a finding, a claim unknown."""
        done = (*DONE, Verdict.FIXED) if written else DONE
        return bool(self.unread) or any(item.verdict not in done for item in self.answers)


def divide(words: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Divide what a command line names into reviews and paths of code.

    Pipes and devices are reviews, too.
    """
    parts: tuple[list[Path], list[Path]] = [], []
    for item in words:
        named = item.suffix.lower() not in OF_CODE and not item.is_dir()
        parts[not (named or reading.is_stream(item))].append(item)
    return parts


def carry_out(words: Sequence[Path], settings: Config, check: Check, top: Path) -> Review:
    """Answer some reviews; `check` runs all rules over paths.

    Where no paths are named, they are those that the reviews name, as far as
    they are below `top`. Raises RunError.
    """
    reviews, paths = divide(words)
    if not reviews:
        raise NothingToReviewError("name a review: a text, Markdown, mail, SARIF or JSON file")
    topics = Topics(registry.every(), settings.aliases, settings.review.matters)
    readings = [claims.load(item, topics) for item in reviews]
    told = [claim for item in readings for claim in item.claims]
    unread = tuple(line for item in readings for line in item.unread)
    if not told:
        if all(item.is_empty for item in readings):
            return Review((), unread, Plan.build(()), {}, {})
        names = ", ".join(map(str, reviews))
        raise NothingToReviewError(f"{names}: says nothing; is it the right file?")
    outside: dict[Path, str] = {}
    if not paths:
        folders = [folder for item in readings for folder in item.folders]
        paths, outside = _named(told, folders, top)
    if not paths:
        listed = "; ".join(f"{path} {reason}" for path, reason in outside.items())
        raise NothingToReviewError(listed or "name the files that the review is about")
    results, judge = check(paths)
    failed = summary.failures(results)
    whole = [_file(item, judge) for item in results if item.status is not Status.FAILED]
    files = Files(whole)
    told = [replace(claim, place=files.placed(claim.place)) for claim in told]
    given = [answers.answer(claim, files, topics) for claim in told]
    given = [*_with_linters(given, files, settings.review.linters, top)]
    plan = Plan.build(_narrowed(results, given))
    sources = {file.result.path: file.source for file in whole}
    return Review(tuple(given), unread, plan, {**outside, **failed}, sources)


def _named(
    told: Sequence[Claim], folders: Sequence[str], top: Path
) -> tuple[list[Path], dict[Path, str]]:
    """Return the files here that claims name, and why some of them are not looked at.

    A review comes from elsewhere: it may not lead out of the tree. What names the end of a
    path is the file with such a path, where there is one only, or one only beside the others
    or in one of some `folders`, or that defines most of what the claims name.
    """
    paths: set[Path] = set()
    outside: dict[Path, str] = {}
    several: dict[str, list[Path]] = {}
    wanted: dict[str, set[str]] = {}
    for claim in told:
        for name in claim.place.files:
            wanted.setdefault(name, set()).update(claim.place.names)
    listed: dict[str, list[Path]] | None = None
    for name in sorted(wanted):
        path = real(name)
        if path is not None and path.is_relative_to(top):
            paths.add(path)
            continue
        if path is not None:
            outside[Path(name)] = (
                f"lies outside of {top}, and only the review names it; "
                "name it after the review to have it looked at"
            )
            continue
        listed = _below(top) if listed is None else listed
        found = _ending(name, listed)
        if len(found) == 1:
            paths.add(found[0])
        elif found:
            several[name] = found
    common = _common([{path.parent for path in found} for found in several.values()])
    for name, found in several.items():
        beside = [path for path in found if path.parent in {item.parent for item in paths}]
        inside = [path for path in found if any(_ends(path.parent, item) for item in folders)]
        shared = [path for path in found if path.parent == common]
        defining = _most([(_defined(path, wanted[name]), path) for path in found])
        likely = next((item for item in (beside, inside, shared, defining) if len(item) == 1), None)
        if likely is not None:
            paths.add(likely[0])
        else:
            names = ", ".join(sorted(shown(str(item)) for item in found)[:3])
            outside[Path(name)] = f"may be {names}; name it after the review"
    modules = {name for claim in told for name in claim.place.names if name.startswith(TESTS)}
    for name in sorted(modules):
        if not any(_defined(path, [name]) for path in paths):
            listed = _below(top) if listed is None else listed
            found = _ending(f"{name}.py", listed)
            paths.update(found if len(found) == 1 else ())
    return sorted(paths), outside


def _defined(path: Path, names: Collection[str]) -> int:
    """Return how many functions and classes of some names a file defines."""
    try:
        text = read(path).decode("utf-8", "replace")
    except OSError:
        return 0
    return sum(bool(re.search(rf"\b(?:def|class) {re.escape(name)}\b", text)) for name in names)


def _most(counted: Sequence[tuple[int, Path]]) -> list[Path]:
    """Return the paths that have the highest count, none where that is nothing."""
    highest = max(count for count, _ in counted)
    return [path for count, path in counted if count == highest > 0]


def _common(folders: Sequence[set[Path]]) -> Path | None:
    """Return the one folder that has all of several files, None where there is no such."""
    shared = set.intersection(*folders) if len(folders) > 1 else set()
    return shared.pop() if len(shared) == 1 else None


def _ends(folder: Path, name: str) -> bool:
    """Tell whether the path of a folder ends as a review names it."""
    parts = PurePosixPath(name).parts
    return folder.parts[-len(parts) :] == parts


def _below(top: Path) -> dict[str, list[Path]]:
    """Return the Python files below a folder, by their names."""
    found: dict[str, list[Path]] = {}
    listed = git.listed(top)
    if listed is None:
        listed = [Path(folder, name) for folder, _, names in os.walk(top) for name in names]
    for path in listed:
        if path.suffix == ".py" and not path.is_symlink():
            found.setdefault(path.name, []).append(path)
    return found


def _ending(name: str, listed: Mapping[str, Sequence[Path]]) -> list[Path]:
    """Return the files whose paths end with a name; a name from elsewhere may begin otherwise."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "//", "..", "a", "b")]
    if not parts:
        return []
    whole = [path for path in listed.get(parts[-1], ()) if path.is_file()]
    foreign = len(parts) < len(PurePosixPath(name).parts)
    for start in range(max(len(parts) - 1, 1) if foreign else 1):
        ending = tuple(parts[start:])
        found = [path for path in whole if path.parts[-len(ending) :] == ending]
        if found:
            return [path.resolve() for path in found]
    return []


def _file(result: FileResult, judge: Judge) -> File:
    """Return a file with its text. Raises RunError where it is not what was checked."""
    try:
        return File(result, source_of(result), judge)
    except MovedError as error:
        raise RunError(f"{result.path}: {error}") from None


def _with_linters(
    given: Sequence[Answer], files: Files, commands: Sequence[str], top: Path
) -> Iterator[Answer]:
    """Yield answers; what no rule judges names the linter that reports it on the row named.

    Raises RunError where a linter cannot be run.
    """
    asked = {
        number: files.meant(answer.claim.place)
        for number, answer in enumerate(given)
        if answer.verdict is Verdict.OUTSIDE and answer.claim.place.lines.ranges
    }
    paths = sorted({Path(file.result.path) for found in asked.values() for file in found})
    reported = linters.reports(commands, paths, top) if asked else {}
    for number, answer in enumerate(given):
        told = [
            Reason("", file.result.path, item.row, f"{item.linter} {item.code} reports it there")
            for file in asked.get(number, ())
            for item in reported.get(Path(file.result.path), ())
            if (answer.claim.place.lines.away(item.row, item.row) or 0) <= AROUND
        ]
        yield replace(answer, reasons=(*answer.reasons, *dict.fromkeys(told)))


def _narrowed(results: list[FileResult], given: Sequence[Answer]) -> Iterator[FileResult]:
    """Yield results with the fixes that answer a claim, and no others. Raises RunError."""
    wanted: set[tuple[str, str]] = {
        (item.path, item.fingerprint) for answer in given for item in answer.findings
    }

    def is_wanted(finding: Finding) -> bool:
        return (finding.path, finding.fingerprint) in wanted

    for result in results:
        yield keeping(result, [item for item in result.fixed if is_wanted(item)])
