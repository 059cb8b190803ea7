"""Where the report of a run goes, and a run or a plan as a page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from fixtests.cache import recorder
from fixtests.cli.requests import Output
from fixtests.model import FileResult
from fixtests.report import formats
from fixtests.report.contents import Failure, Report
from fixtests.report.location import Texts
from fixtests.rules import registry

POINTS = 30  # commits of a baseline that are shown
Failures = dict[Path, str]  # why files could not be read, shown or written


def show_page(
    results: Sequence[FileResult], failures: Failures, output: Output, plan: Path | None = None
) -> Failures:
    """Print or save a page of what is found and what would be written.

    `plan` is the file that the results stand in. Returns why files are not in it that changed
    meanwhile.
    """
    texts = Texts(results, {})
    moved = texts.moved()
    told = {
        (item.path, item.fingerprint): item
        for result in results
        for item in (*result.findings, *result.fixed)
        if not item.suppressed and Path(item.path) not in moved
    }
    fixed = frozenset((item.path, item.fingerprint) for result in results for item in result.fixed)
    why = [Failure.of(str(path), text) for path, text in sorted({**failures, **moved}.items())]
    contents = Report(
        *([*told.values()], why, texts, registry.every()),
        fixed=fixed,
        plan=plan,
        baseline=output.baseline,
        trend=trend(output.baseline),
    )
    put_out(formats.printer(formats.PAGE)(contents), output)
    return moved


def trend(file: Path | None) -> list[tuple[str, int]]:
    """Return on which days a baseline was committed, and how many findings it accepted then."""
    if file is None:
        return []
    from fixtests.git import history
    from fixtests.run import baseline

    if recorder.active is not None:  # no file that is opened tells of a commit
        recorder.active.complete = False
    found = []
    for day, content in history.of(file.resolve(), POINTS):
        with contextlib.suppress(baseline.BaselineError):
            found.append((day, len(baseline.parsed(content, file))))
    return found


def put_out(lines: Iterable[str], output: Output) -> None:
    """Print the lines of a report, or save them. Raises RunError."""
    if output.target is None:
        for line in lines:
            output.screen.emit(line)
    else:
        text = "".join(f"{line}\n" for line in lines)
        save(output.target, text.encode("utf-8", "backslashreplace"))


def save(file: Path, data: bytes) -> None:
    """Put what would be printed into a file. Raises RunError."""
    from fixtests.write import outputs

    outputs.save(file, data)
