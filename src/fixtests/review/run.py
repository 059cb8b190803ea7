"""A review over files: claims read, files checked, answers given, and the fixes that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fixtests.model import FileResult, Finding, RunError, Status
from fixtests.plan.plan import MovedError, Plan, keeping, source_of
from fixtests.report import summary
from fixtests.report.location import shown
from fixtests.review import answers, claims, linters, naming, presenting, reading
from fixtests.review.claim import Reading
from fixtests.review.files import File, Files, Judge
from fixtests.review.topics import Topics
from fixtests.review.verdicts import Answer, Reason, Verdict
from fixtests.rules import registry
from fixtests.settings.config import Config
from fixtests.text.source import Source

OF_CODE = ("", ".py", ".pyi", ".pyx", ".ipynb")  # suffixes of what is no review
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

    def gerrit(self, *, written: bool = False) -> str:
        """Return the answers as Gerrit takes them; fixes that are not written are suggested."""
        return presenting.gerrit(self.answers, self._names, self.sources, written=written)

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


@dataclass(frozen=True)
class Heard:
    """Reviews as they were read, and the paths of code that were named beside them."""

    readings: tuple[Reading, ...]
    paths: tuple[Path, ...]
    topics: Topics


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
    """Answer some reviews, which are read first. Raises RunError."""
    return answered(heard(words, settings), settings, check, top)


def heard(words: Sequence[Path], settings: Config) -> Heard:
    """Read the reviews among what a command line names, pipes once. Raises RunError."""
    reviews, paths = divide(words)
    if not reviews:
        raise NothingToReviewError("name a review: a text, Markdown, mail, SARIF or JSON file")
    topics = Topics(registry.every(), settings.aliases, settings.review.matters)
    readings = [claims.load(item, topics) for item in reviews]
    if not any(item.claims for item in readings) and not all(item.is_empty for item in readings):
        names = ", ".join(map(str, reviews))
        raise NothingToReviewError(f"{names}: says nothing; is it the right file?")
    return Heard(tuple(readings), tuple(paths), topics)


def answered(reviews: Heard, settings: Config, check: Check, top: Path) -> Review:
    """Answer some reviews; `check` runs all rules over paths.

    Where no paths are named, they are those that the reviews name, as far as
    they are below `top`. Raises RunError.
    """
    readings, topics = reviews.readings, reviews.topics
    told = [claim for item in readings for claim in item.claims]
    unread = tuple(line for item in readings for line in item.unread)
    if not told:
        return Review((), unread, Plan.build(()), {}, {})
    outside: dict[Path, str] = {}
    paths = [*reviews.paths]
    if not paths:
        folders = [folder for item in readings for folder in item.folders]
        paths, outside = naming.named(told, folders, top)
    if not paths and not all(item.beside for item in told):
        listed = "; ".join(f"{path} {reason}" for path, reason in outside.items())
        raise NothingToReviewError(listed or "name the files that the review is about")
    results, judge = check(paths) if paths else ([], lambda result: ())
    failed = summary.failures(results)
    whole = [_file(item, judge) for item in results if item.status is not Status.FAILED]
    files = Files(whole)
    told = [replace(claim, place=files.placed(claim.place)) for claim in told]
    given = [answers.answer(claim, files, topics) for claim in told]
    given = [*_with_linters(given, files, settings.review.linters, top)]
    plan = Plan.build(_narrowed(results, given))
    sources = {file.result.path: file.source for file in whole}
    return Review(tuple(given), unread, plan, {**outside, **failed}, sources)


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
