"""What becomes of the results of a run: a report, a diff, a plan, or files that are written.

One function for each; all end in the same report of what failed and the summary.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtests.cache import recorder
from fixtests.cli import reports
from fixtests.cli.reports import Failures
from fixtests.cli.requests import Output, start
from fixtests.files import discover, git
from fixtests.model import FileResult
from fixtests.report import colors, formats, statistics, summary
from fixtests.report.contents import Failure, Report
from fixtests.report.location import Texts, shown
from fixtests.report.summary import Summary
from fixtests.rules import registry
from fixtests.run.request import UsageError

if TYPE_CHECKING:
    from fixtests.plan.interactive import Chosen
    from fixtests.plan.plan import Plan
    from fixtests.write.writer import Outcome


def report(results: Sequence[FileResult], output: Output, contents: Mapping[Path, bytes]) -> int:
    """Print what was found, write nothing, and return the exit code.

    `contents` is what some files were taken to hold.
    """
    texts = Texts(results, {str(path): partial(bytes, held) for path, held in contents.items()})
    moved = texts.moved()
    counted = Summary(
        tuple(results), frozenset(), {**moved, **summary.failures(results)}, writes=False
    )
    print_problems(counted, output)
    _print_findings(counted, output, texts, moved)
    return close(counted, output, reported=output.is_read)


class Streamed:
    """Diffs that are printed as results come, where those of other files cannot change them.

    That is so where a script gives whole texts, and no findings: nothing is declared elsewhere.
    With `on` off, or where fixes are asked for or proved first, nothing is printed.
    """

    def __init__(self, output: Output, *, on: bool) -> None:
        self.moved: Failures = {}
        self._screen = output.screen
        self._on = on and not (output.interactive or output.verifier or output.target)
        self._printed: set[str] = set()

    def take(self, result: FileResult) -> None:
        """Print the diff of a result, if it stands by itself."""
        if not (self._on and result.edits) or result.fixed:
            return
        from fixtests.plan.plan import Plan

        diff, moved = Plan.build([result]).diff()
        self._screen.emit_diff(diff)
        self.moved.update(moved)
        self._printed.add(result.path)

    def left(self, results: Iterable[FileResult]) -> list[FileResult]:
        """Return the results whose diffs are not printed."""
        return [item for item in results if item.path not in self._printed]


def show(results: Sequence[FileResult], output: Output, streamed: Streamed | None = None) -> int:
    """Print the diff of what would be written, and return the exit code.

    Some of it may be `streamed` already. Raises RunError where files cannot be put together.
    """
    from fixtests.plan.plan import Plan

    chosen = _asked(results, output)
    results = proved(chosen.results, output)
    plan = Plan.build(results)
    if output.format == formats.PAGE:
        stale = reports.show_page(plan.results, summary.failures(results), output)
    else:
        stale = _show_diff(plan, output, streamed, results)
    why = {**summary.failures(results), **stale}
    counted = Summary(plan.results, frozenset(), why, writes=False, silences=output.silences)
    print_problems(counted, output)
    print_statistics(counted, output)
    return close(counted, output, interrupted=chosen.interrupted)


def _show_diff(
    plan: Plan, output: Output, streamed: Streamed | None, results: Sequence[FileResult]
) -> Failures:
    """Print or save the diff of a plan; return why files are not in it that changed meanwhile."""
    from fixtests.plan.plan import Plan

    diff, stale = (Plan.build(streamed.left(results)) if streamed else plan).diff()
    if output.target is None:
        output.screen.emit_diff(diff)
    else:
        reports.save(output.target, diff)
    return {**stale, **(streamed.moved if streamed else {})}


def save(
    results: Sequence[FileResult], output: Output, about: Mapping[str, Any], root: Path | None
) -> int:
    """Save or print the plan of what would be written; 0 unless a file failed.

    `about` says where the results come from, `root` is the one that is named. Raises RunError.
    """
    from fixtests.plan import plan_file
    from fixtests.plan.plan import Plan

    plan = Plan.build(results)
    top = top_of_here(root)
    about = {"revision": git.revision(top), **about}
    row = Texts(plan.results, {}).row
    text = plan_file.text(plan_file.body(plan.results, top, about, row))
    if output.target is None:
        for line in text.splitlines():
            output.screen.emit(line)
    else:
        reports.save(output.target, text.encode())
    counted = Summary(plan.results, frozenset(), summary.failures(results), writes=False)
    print_problems(counted, output)
    print_statistics(counted, output)
    close(counted, output)
    return 2 if counted.failed else 0


def write(results: Sequence[FileResult], output: Output, about: Mapping[str, Any]) -> int:
    """Write what the results come to, print what is left, and return the exit code.

    `about` says where the results come from. Raises RunError.
    """
    from fixtests.plan.plan import Plan

    chosen = _asked(results, output)
    results = proved(chosen.results, output)
    plan = Plan.build(results)
    outcomes, number = _put(plan, output, about)
    texts = Texts(results, _old(outcomes, number))
    moved = texts.moved()
    problems = {item.path: item.problem for item in outcomes if item.problem}
    written = frozenset(item.path for item in outcomes if not item.problem)
    failures = {**moved, **summary.failures(results), **problems}
    counted = Summary(plan.results, written, failures, writes=True, silences=output.silences)
    print_problems(counted, output)
    reported = not (chosen.left and output.is_read)  # who has left does not want to read the rest
    if reported:
        _print_findings(counted, output, texts, moved)
    reported = reported and output.is_read
    return close(counted, output, interrupted=chosen.interrupted, reported=reported)


def put(plan: Plan, output: Output) -> Failures:
    """Write a plan, say what was written, and return why files could not be. Raises RunError."""
    outcomes, number = _put(plan, output, {})
    written = [item.path for item in outcomes if not item.problem]
    if written:
        output.screen.note(
            f"{summary.count(len(written), 'file')} written; `fixtests undo {number}` takes it back"
        )
    return {item.path: item.problem for item in outcomes if item.problem}


def top_of_here(root: Path | None = None) -> Path:
    """Return the folder that paths of plans begin at: git's top level here, else the root.

    It is the `root` that is named where the current folder is not in there. Raises UsageError
    where the current folder is gone.
    """
    elsewhere = start(root)
    if elsewhere.is_absolute():
        return elsewhere
    try:
        here = Path.cwd()
    except OSError as error:
        raise UsageError(f"the current folder is gone ({error.strerror}); go to another") from None
    return git.top(here) or discover.root_of(here)


def _asked(results: Sequence[FileResult], output: Output) -> Chosen:
    """Ask about each fix where that is wanted. Raises TerminalError."""
    from fixtests.plan import interactive

    if not output.interactive:
        return interactive.Chosen(results)
    return interactive.chosen(results, output.screen)


def proved(results: Sequence[FileResult], output: Output) -> Sequence[FileResult]:
    """Return results with the fixes that tests let stand, where they are asked. Raises RunError."""
    return results if output.verifier is None else output.verifier.proved(results, output.screen)


def _put(plan: Plan, output: Output, about: Mapping[str, Any]) -> tuple[list[Outcome], int | None]:
    """Write a plan; return what became of its files, and the number of the run, if it wrote."""
    from fixtests.write import applying

    return applying.apply(plan, sys.argv[1:], about, atomic=output.atomic)


def _old(outcomes: Iterable[Outcome], number: int | None) -> dict[str, Callable[[], bytes]]:
    """Return how to get at what the files held that a run wrote."""
    from fixtests.write import journal

    if number is None:
        return {}
    run = journal.find(number)
    return {str(item.path): partial(run.held, item.path) for item in outcomes if not item.problem}


def print_problems(counted: Summary, output: Output) -> None:
    """Print what is wrong with suppression comments."""
    for result in counted.results:
        for problem in result.problems:
            place = f"{shown(result.path)}:{problem.row}"
            output.screen.warn(f"warning: {place}: {problem.message}")


def _print_findings(
    counted: Summary, output: Output, texts: Texts, moved: Mapping[Path, str]
) -> None:
    """Print or save the findings that remain and the files that failed, or statistics of them.

    Findings in files that have `moved` cannot be shown.
    """
    if output.statistics:
        lines = statistics.PRINTERS[output.format](counted.remaining)
    else:
        readable = [item for item in counted.remaining if Path(item.path) not in moved]
        failures = [Failure.of(str(path), why) for path, why in sorted(counted.failed.items())]
        contents = Report(
            *(readable, failures, texts, registry.every()),
            paint=colors.painter(output.screen.colored and output.target is None),
            baseline=output.baseline,
            trend=reports.trend(output.baseline),
        )
        lines = formats.printer(output.format)(contents)
    reports.put_out(lines, output)


def print_statistics(counted: Summary, output: Output) -> None:
    """Print statistics beside what alone stands on stdout: a diff, a plan or commits."""
    found = [*counted.fixed, *counted.remaining]
    for line in statistics.table(found) if output.statistics else ():
        output.screen.warn(line)


def close(
    counted: Summary, output: Output, *, interrupted: bool = False, reported: bool = False
) -> int:
    """Print what failed and the summary; return the exit code. Raises KeyboardInterrupt.

    What failed is `reported` where findings for people are on stdout: once is enough on a terminal.
    """
    for item in counted.notes:
        output.screen.note(f"{item.status}: {shown(item.path)}: {item.detail}")
    if not (reported and output.screen.is_one):
        for path, problem in sorted(counted.failed.items()):
            output.screen.warn(f"error: {shown(str(path))}: {problem}")
    for line in counted.lines():
        output.screen.note(line)
    if interrupted:
        raise KeyboardInterrupt
    if recorder.active is not None:
        recorder.active.lasts = counted.lasts
    return counted.exit_code(on_fix=output.exit_non_zero_on_fix)
