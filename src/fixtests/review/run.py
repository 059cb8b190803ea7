"""A review over files: claims read, files checked, answers given, and the fixes that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import FileResult, Finding, RunError, Status
from fixtests.plan.plan import MovedError, Plan, narrowed, refused, source_of
from fixtests.report.location import shown
from fixtests.review import answers, claims
from fixtests.review.answers import Answer, File, Verdict
from fixtests.review.claims import Claim
from fixtests.rules import registry

SUFFIXES = (".json", ".jsonl", ".md", ".rst", ".sarif", ".txt")
Check = Callable[[Sequence[Path]], tuple[list[FileResult], Mapping[str, tuple[str, ...]]]]


class NothingToReviewError(RunError):
    """A call without a review, or without files that it is about."""


@dataclass(frozen=True)
class Review:
    """What came of a review: its answers, and the plan of the fixes that answer it."""

    answers: tuple[Answer, ...]
    plan: Plan
    failed: Mapping[Path, str]

    def text(self, *, markdown: bool) -> Iterator[str]:
        """Yield the answers as lines."""
        names = {
            reason.path: shown(reason.path)
            for item in self.answers
            for reason in item.reasons
            if reason.path
        }
        yield from (answers.table if markdown else answers.lines)(self.answers, names)

    @property
    def is_open(self) -> bool:
        """Tell whether something is left to do: a fix to write, a finding, a claim unknown."""
        done = (Verdict.RIGHT, Verdict.ABSENT)
        return any(item.verdict not in done for item in self.answers)


def divide(words: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Divide what a command line names into reviews and paths of code."""
    reviews = [item for item in words if item.suffix.lower() in SUFFIXES and not item.is_dir()]
    return reviews, [item for item in words if item not in reviews]


def carry_out(words: Sequence[Path], check: Check) -> Review:
    """Answer some reviews; `check` runs all rules over paths and gives results and aliases.

    Raises RunError.
    """
    reviews, paths = divide(words)
    if not reviews:
        raise NothingToReviewError("name a review: a text, Markdown, SARIF or JSON file")
    told = [claim for item in reviews for claim in claims.load(item)]
    if not told:
        names = ", ".join(map(str, reviews))
        raise NothingToReviewError(f"{names}: says nothing; is it the right file?")
    if not paths:
        paths = sorted({path for claim in told for path in _files(claim)})
    if not paths:
        raise NothingToReviewError("name the files that the review is about")
    results, aliases = check(paths)
    failed = {Path(item.path): item.detail for item in results if item.status is Status.FAILED}
    files = [_file(item) for item in results if item.status is not Status.FAILED]
    given = tuple(answers.answer(claim, files, registry.every(), aliases) for claim in told)
    plan = Plan.build(_narrowed(results, given))
    return Review(given, plan, failed)


def _files(claim: Claim) -> Iterator[Path]:
    for name in claim.files:
        if Path(name).is_file():
            yield Path(name)


def _file(result: FileResult) -> File:
    """Return a file with its text. Raises RunError where it is not what was checked."""
    try:
        return File(result, source_of(result))
    except MovedError as error:
        raise RunError(f"{result.path}: {error}") from None


def _narrowed(results: list[FileResult], given: Sequence[Answer]) -> Iterator[FileResult]:
    """Yield results with the fixes that answer a claim, and no others. Raises RunError."""
    wanted: set[tuple[str, str]] = {
        (item.path, item.fingerprint) for answer in given for item in answer.findings
    }

    def is_wanted(finding: Finding) -> bool:
        return (finding.path, finding.fingerprint) in wanted

    for result in results:
        try:
            yield narrowed(result, [item for item in result.fixed if is_wanted(item)])
        except MovedError as error:
            yield refused(result, error)
