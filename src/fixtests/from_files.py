"""Commands that start from a file of their own: a plan, a baseline, a review."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests import pool, registry
from fixtests.answer import Output, WriteBack, collect, finish, kept, refuse, split, top_of_here
from fixtests.model import FileResult, RunError
from fixtests.report import summary
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.session import Request

if TYPE_CHECKING:
    from fixtests.plan import Plan


def carry_out(
    file: Path, root: Path | None, *, dry_run: bool, partial: bool, atomic: bool, quiet: bool
) -> NoReturn:
    """Write what a plan file says, or show it, and leave with the exit code."""
    from fixtests import saved
    from fixtests.plan import Plan

    mode = WriteBack.DIFF if dry_run else WriteBack.WRITE
    output = Output(mode, "full", Screen("auto", quiet=quiet), atomic=atomic or not partial)
    try:
        body = saved.read(file)
        top = root.resolve() if root else top_of_here()
        results, moved = saved.load(body, top, file)
        if not moved:
            moved = moved_since(Plan.build(results))
        for path, problem in moved.items():
            output.screen.warn(f"error: {shown(path)}: {problem}")
        if moved and not partial:
            refuse("nothing was written; --partial applies the rest")
        left = [item for item in results if item.path not in moved]
        about = {name: body.get(name) for name in ("revision", "configuration")}
        code = finish([replace(item, findings=item.fixed) for item in left], output, about)
    except RunError as error:
        refuse(str(error))
    sys.exit(2 if moved else code)


def moved_since(plan: Plan) -> dict[str, str]:
    """Return the files that are not what a plan was made for, with the reasons."""
    from fixtests.plan import MovedError

    found = {}
    for write in plan.writes:
        try:
            write.content()
        except MovedError as error:
            found[str(write.path)] = str(error)
    return found


def accept(file: Path, options: dict[str, Any]) -> NoReturn:
    """Write a baseline of what is found now, and leave with the exit code.

    Entries stay for files that the run could not look at.
    """
    from fixtests import baseline, staging

    output, request = split(WriteBack.CHECK, {**options, "output_file": None})
    try:
        before = baseline.load(file) if file.exists() else {}
        over = partial(pool.run, jobs=options["jobs"])
        results, _ = collect(request, output.screen, over, kept(options))
        after = baseline.renewed(before, results, file)
        staging.save(file, baseline.text(after.values()).encode())
    except RunError as error:
        refuse(str(error))
    failed = summary.failures(results)
    for item in failed:
        output.screen.warn(f"error: {shown(item.path)}: {item.detail}")
    added, removed = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    output.screen.note(f"{file}: {len(after)} accepted, {added} of them new, {removed} gone.")
    sys.exit(2 if failed else 0)


def answer_review(
    words: Sequence[Path],
    *,
    unsafe_fixes: bool | None,
    output_format: str,
    diff_only: bool,
    root: Path | None,
) -> NoReturn:
    """Answer reviews, show the diff of the fixes that do, and leave with the exit code."""
    from fixtests.review import run as reviewing

    screen = Screen("auto")

    def check(paths: Sequence[Path]) -> tuple[list[FileResult], Mapping[str, tuple[str, ...]]]:
        codes = tuple(rule.code for rule in registry.every())
        request = Request(tuple(paths), root=root, select=codes, unsafe_fixes=unsafe_fixes)
        results, session = collect(request, screen, pool.run)
        return results, session.config(Path.cwd()).aliases

    try:
        found = reviewing.carry_out(words, check)
        diff, moved = found.plan.diff()
    except RunError as error:
        refuse(str(error))
    for line in found.text(markdown=output_format == "review"):
        (screen.warn if diff_only else screen.emit)(line)
    if diff and not diff_only:
        screen.emit("")
    screen.emit_diff(diff)
    failed = {**found.failed, **moved}
    for path, problem in failed.items():
        screen.warn(f"error: {shown(str(path))}: {problem}")
    sys.exit(2 if failed else int(found.is_open))
