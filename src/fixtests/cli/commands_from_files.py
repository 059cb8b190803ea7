"""Commands that start from a file of their own: a baseline, a review."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests.cli import outcomes
from fixtests.cli.options import UNASKED
from fixtests.cli.refusals import refuse
from fixtests.cli.requests import Output, WriteBack, cache_folder, split, start, verifier
from fixtests.cli.run_command import NO_FILES, collect
from fixtests.model import RunError
from fixtests.report import summary
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.run import pool
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request
from fixtests.write import outputs

if TYPE_CHECKING:
    from fixtests.review.run import Review


def accept(file: Path, options: dict[str, Any]) -> NoReturn:
    """Write a baseline of what is found now, and leave with the exit code.

    Entries stay for files that the run could not look at.
    """
    from fixtests.run import baseline

    try:
        output, request = split(WriteBack.CHECK, {**UNASKED, **options})
        before = baseline.load(file) if file.exists() else {}
        over = partial(pool.run, jobs=options["jobs"])
        results, _ = collect(request, output.screen, over, cache_folder(options, output.screen))
        after = baseline.renewed(before, results, file)
        outputs.save(file, baseline.text(after.values()).encode())
    except RunError as error:
        refuse(str(error))
    failed = summary.failures(results)
    for path, problem in failed.items():
        output.screen.warn(f"error: {shown(str(path))}: {problem}")
    added, removed = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    output.screen.note(f"{file}: {len(after)} accepted, {added} of them new, {removed} gone.")
    sys.exit(2 if failed else 0)


def answer_review(
    words: Sequence[Path],
    *,
    unsafe_fixes: bool | None,
    output_format: str,
    diff_only: bool,
    write: bool,
    root: Path | None,
    **how: Any,
) -> NoReturn:
    """Answer reviews, show or write the fixes that do, and leave with the exit code."""
    from fixtests.review import checking
    from fixtests.review import run as reviewing

    if how["verify"] and not write:
        refuse("--verify judges what is written; give --write, too")
    if diff_only and output_format != "text":
        refuse(f"--diff-only cannot be combined with --output-format {output_format}")
    screen = Screen("auto")

    @cache
    def check(paths: tuple[Path, ...]) -> checking.Checked:
        request = Request(paths, root=root, unsafe_fixes=unsafe_fixes)
        found = checking.checked(request, screen.progress)
        if not found[0]:
            screen.warn(NO_FILES)
        return found

    try:
        proving = verifier(Request((), root=root), how)
        settings = Configuration(Request((), root=root)).at(start(root).absolute())
        reviews = reviewing.heard(words, settings)
        top = outcomes.top_of_here(root)
        answer = partial(reviewing.answered, reviews, settings, top=top)
        found = answer(lambda paths: check(tuple(paths)))
        if proving:
            proven = proving.proved(found.plan.results, screen)
            found = answer(lambda paths: checking.withdrawn(proven, check(tuple(paths))))
        diff, moved = found.plan.diff()
        if write:
            diff, moved = b"", outcomes.put(found.plan, Output(screen))
    except RunError as error:
        refuse(str(error))
    if output_format == "gerrit":
        screen.emit(found.gerrit(written=write))
    else:
        _present(found, diff, output_format, screen, diff_only=diff_only)
    for line in found.unread:
        screen.warn(f"{line}: is not read; say what is wrong, and where")
    failed = {**found.failed, **moved}
    for path, problem in failed.items():
        screen.warn(f"error: {shown(str(path))}: {problem}")
    sys.exit(2 if failed else int(found.is_open(written=write)))


def _present(
    found: Review, diff: bytes, output_format: str, screen: Screen, *, diff_only: bool
) -> None:
    """Print the answers, and the diff of the fixes that answer."""
    if output_format == "review":
        for line in found.table(diff):
            screen.emit(line)
        return
    for line in found.text():
        (screen.warn if diff_only else screen.emit)(line)
    if diff and not diff_only:
        screen.emit("")
    screen.emit_diff(diff)
    screen.warn(found.totals)
