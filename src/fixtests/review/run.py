"""A review over files: claims read, files checked, answers given, and the fixes that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.model import FileResult, Finding, RunError, Status
from fixtests.plan.plan import MovedError, Plan, narrowed, refused, source_of
from fixtests.report.location import shown
from fixtests.review import answers, claims, reading
from fixtests.review.answers import Answer, Verdict
from fixtests.review.claim import Claim
from fixtests.review.files import File, Files, real
from fixtests.review.topics import Topics
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
        paths = {reason.path for item in self.answers for reason in item.reasons} - {""}
        names = {path: shown(path) for path in paths}
        yield from (answers.table if markdown else answers.lines)(self.answers, names)

    @property
    def is_open(self) -> bool:
        """Tell whether something is left to do: a fix to write, a finding, a claim unknown."""
        done = (Verdict.RIGHT, Verdict.ABSENT)
        return any(item.verdict not in done for item in self.answers)


def divide(words: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Divide what a command line names into reviews and paths of code.

    Pipes and devices are reviews, too.
    """
    parts: tuple[list[Path], list[Path]] = [], []
    for item in words:
        named = item.suffix.lower() in SUFFIXES and not item.is_dir()
        parts[not (named or reading.is_stream(item))].append(item)
    return parts


def carry_out(words: Sequence[Path], check: Check, top: Path) -> Review:
    """Answer some reviews; `check` runs all rules over paths and gives results and aliases.

    Where no paths are named, they are those that the reviews name, as far as
    they are below `top`. Raises RunError.
    """
    reviews, paths = divide(words)
    if not reviews:
        raise NothingToReviewError("name a review: a text, Markdown, SARIF or JSON file")
    told = [claim for item in reviews for claim in claims.load(item)]
    if not told:
        names = ", ".join(map(str, reviews))
        raise NothingToReviewError(f"{names}: says nothing; is it the right file?")
    outside: dict[Path, str] = {}
    if not paths:
        paths, outside = _named(told, top)
    if not paths:
        listed = "; ".join(f"{path} {reason}" for path, reason in outside.items())
        raise NothingToReviewError(listed or "name the files that the review is about")
    results, aliases = check(paths)
    failed = {Path(item.path): item.detail for item in results if item.status is Status.FAILED}
    files = Files([_file(item) for item in results if item.status is not Status.FAILED])
    topics = Topics(registry.every(), aliases)
    given = tuple(answers.answer(claim, files, topics) for claim in told)
    plan = Plan.build(_narrowed(results, given))
    return Review(given, plan, {**outside, **failed})


def _named(told: Sequence[Claim], top: Path) -> tuple[list[Path], dict[Path, str]]:
    """Return the files here that claims name, and why some of them are not looked at.

    A review comes from elsewhere: it may not lead out of the tree.
    """
    paths, outside = set(), {}
    for name in sorted({name for claim in told for name in claim.files}):
        path = real(name)
        if path is not None and path.is_relative_to(top):
            paths.add(path)
        elif path is not None:
            outside[Path(name)] = (
                f"lies outside of {top}, and only the review names it; "
                "name it after the review to have it looked at"
            )
    return sorted(paths), outside


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
