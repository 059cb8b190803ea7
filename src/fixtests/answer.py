"""One run over files: collect, show or write, report, and the exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests import discover, places, pool, registry, repo
from fixtests.model import FileResult, RunError
from fixtests.report import formats, summary
from fixtests.report.location import Texts, shown
from fixtests.report.screen import Screen
from fixtests.session import Request, Session, UsageError

if TYPE_CHECKING:
    from fixtests.apply import Outcome
    from fixtests.plan import Plan

UNPLACED = ("concise", "github", "junit")  # formats that show no fix
Over = Callable[..., Iterator[FileResult]]  # called as `runner.run` is


class WriteBack(StrEnum):
    """What becomes of a plan."""

    CHECK = "check"
    DIFF = "diff"
    PLAN = "plan"
    WRITE = "write"


@dataclass(frozen=True)
class Output:
    """How a run answers."""

    mode: WriteBack
    format: str
    screen: Screen
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    atomic: bool = False
    interactive: bool = False
    target: Path | None = None


def run(mode: WriteBack, over: Over | None = None, **options: Any) -> NoReturn:
    """Do one run over files and leave with its exit code."""
    output, request = split(mode, options)
    over = over or partial(pool.run, jobs=options["jobs"])
    try:
        results, session = collect(request, output.screen, over, kept(options))
        saves = mode in (WriteBack.PLAN, WriteBack.WRITE)
        about = {"configuration": session.configuration} if saves else {}
        code = finish(results, output, about)
    except RunError as error:
        refuse(str(error))
    sys.exit(0 if output.exit_zero and code == 1 else code)


def split(mode: WriteBack, options: dict[str, Any]) -> tuple[Output, Request]:
    """Divide the options into what is asked for and how it is to be answered."""
    output = Output(
        mode,
        options["output_format"],
        Screen(options["color"], quiet=options["quiet"]),
        options["statistics"],
        options["exit_zero"],
        options.get("exit_non_zero_on_fix", False),
        options.get("atomic", False),
        options.get("interactive", False),
        options.get("output_file"),
    )
    versions = options["microversion"]
    request = Request(
        paths=options["paths"] or (Path(),),
        root=options["root"],
        config_file=options["config_file"],
        isolated=options["isolated"],
        select=options["select"],
        extend_select=options["extend_select"] or (),
        ignore=options["ignore"] or (),
        exclude=options["exclude"],
        extend_exclude=options["extend_exclude"] or (),
        force_exclude=options["force_exclude"],
        respect_gitignore=False if options["no_respect_gitignore"] else None,
        unsafe_fixes=options.get("unsafe_fixes"),
        silence=not options["ignore_suppressions"],
        place=mode is not WriteBack.CHECK or output.format not in UNPLACED,
        baseline=options.get("baseline"),
        fix=mode is not WriteBack.CHECK,
        options={"latest-microversion": versions} if versions else {},
    )
    return output, request


def kept(options: Mapping[str, Any]) -> str | None:
    """Return the folder for what is kept from run to run, None where nothing is to be kept."""
    return None if options["no_cache"] else str(options["cache_dir"] or places.cache())


def collect(
    request: Request, screen: Screen, over: Over, where: str | None = None
) -> tuple[list[FileResult], Session]:
    """Run over the files of a request; return the results, and what was known of the files.

    `where` is the folder for what is kept from run to run. Raises
    UsageError, and what `over` raises.
    """
    gc.disable()  # a third of a run would go into looking for cycles among syntax trees
    session = Session(request, where)
    files = session.files()
    if not files:
        screen.warn("warning: no Python files found under the given paths")
    with screen.progress(files) as advance:
        results = list(over(session, files, advance))
    session.keep()
    return results, session


def finish(results: list[FileResult], output: Output, about: Mapping[str, Any]) -> int:
    """Write or show what the results come to, print the report, and return the exit code.

    `about` says where the results come from.
    """
    screen = output.screen
    failed = {Path(item.path): item.detail for item in summary.failures(results)}
    written: set[Path] = set()
    old: Mapping[str, Callable[[], bytes]] = {}
    stopped = False
    if output.mode is not WriteBack.CHECK:
        from fixtests.plan import Plan

        if output.interactive:
            from fixtests import interactive

            results, stopped = interactive.chosen(results, screen)
        plan = Plan.build(results)
        if output.mode is WriteBack.DIFF:
            preview, stale = plan.diff()
            if output.target is None:
                screen.emit_diff(preview)
            else:
                save(output.target, preview)
            failed.update(stale)
        elif output.mode is WriteBack.PLAN:
            keep(plan, output, about)
        else:
            outcomes, old = put(plan, output, about)
            failed.update((item.path, item.problem) for item in outcomes if item.problem)
            written.update(item.path for item in outcomes if not item.problem)
    writes = output.mode is WriteBack.WRITE
    texts = Texts(results, old)
    moved = texts.moved() if output.mode in (WriteBack.CHECK, WriteBack.WRITE) else {}
    failed = {**moved, **failed}
    counted = summary.Summary(tuple(results), frozenset(written), frozenset(failed), writes)
    report(counted, output, texts, moved)
    for item in counted.notes:
        screen.note(f"{item.status}: {shown(item.path)}: {item.detail}")
    for path, problem in sorted(failed.items()):
        screen.warn(f"error: {shown(str(path))}: {problem}")
    for line in counted.lines():
        screen.note(line)
    if stopped:
        raise KeyboardInterrupt
    return counted.exit_code(on_fix=output.exit_non_zero_on_fix)


def put(
    plan: Plan, output: Output, about: Mapping[str, Any]
) -> tuple[list[Outcome], dict[str, Callable[[], bytes]]]:
    """Write a plan; return what became of its files, and how to get at what they held."""
    from fixtests import apply, journal, saved

    fixed = [replace(item, findings=()) for item in plan.results if item.result]
    told = {"command": sys.argv[1:], "plan": saved.body(fixed, Path("/"), about)}
    outcomes, number = apply.apply(plan, told, atomic=output.atomic)
    if number is None:
        return outcomes, {}
    run = journal.find(number)
    written = [item.path for item in outcomes if not item.problem]
    return outcomes, {str(path): partial(run.held, path) for path in written}


def keep(plan: Plan, output: Output, about: Mapping[str, Any]) -> None:
    """Save a plan in a file, or print it."""
    from fixtests import saved

    top = top_of_here()
    body = saved.body(plan.results, top, {"revision": repo.revision(top), **about})
    if output.target is None:
        for line in saved.text(body).splitlines():
            output.screen.emit(line)
    else:
        save(output.target, saved.text(body).encode())


def top_of_here() -> Path:
    """Return the folder that paths of plans begin at: git's top level here, else the root.

    Raises UsageError where the current folder is gone.
    """
    try:
        here = Path.cwd()
    except OSError as error:
        raise UsageError(f"the current folder is gone ({error.strerror}); go to another") from None
    return repo.top(here) or discover.root_of(here)


def report(counted: summary.Summary, output: Output, texts: Texts, moved: Collection[Path]) -> None:
    """Print findings, or their statistics, and the problems of suppression comments.

    Findings in files that have `moved` cannot be shown.
    """
    screen = output.screen
    preview = output.mode in (WriteBack.DIFF, WriteBack.PLAN)
    for result in counted.results:
        for problem in result.problems:
            screen.warn(f"warning: {shown(result.path)}:{problem.row}: {problem.message}")
    found = [*counted.fixed, *counted.remaining] if preview else counted.remaining
    if preview:
        for line in summary.statistics(found) if output.statistics else ():
            screen.warn(line)
        return
    if output.statistics:
        told = summary.statistics(found)
    else:
        readable = [item for item in found if Path(item.path) not in moved]
        told = formats.printer(output.format)(readable, texts, registry.every())
    if output.target is None:
        for line in told:
            screen.emit(line)
    else:
        save(output.target, "".join(f"{line}\n" for line in told).encode())


def save(target: Path, content: bytes) -> None:
    """Save what would be printed."""
    from fixtests import staging

    staging.save(target, content)


def refuse(message: str) -> NoReturn:
    """Leave with what is wrong with the request."""
    Screen("never").warn(f"error: {message}")
    sys.exit(2)
