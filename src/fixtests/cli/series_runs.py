"""Series of commits: made, made anew or pushed as the command line asks, and told of."""

from __future__ import annotations

import json
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from fixtests.cli import saved_plans, series_outcome
from fixtests.cli.options import UNASKED
from fixtests.cli.outcomes import top_of_here
from fixtests.cli.refusals import refuse
from fixtests.cli.requests import WriteBack, cache_folder, split
from fixtests.cli.run_command import collect, over_script
from fixtests.cli.series_outcome import SHORT, Asked
from fixtests.model import RunError
from fixtests.plan.collecting import Over
from fixtests.report.location import visible
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.run import pool
from fixtests.run.request import UsageError

if TYPE_CHECKING:
    from fixtests.git.repository import Repository
    from fixtests.series.record import Series
    from fixtests.series.standings import Stand

RECIPE = frozenset(("refresh", "push", "report", "branch", "quiet", "verbose", "color", "jobs"))


def commit(context: click.Context, options: dict[str, Any]) -> NoReturn:
    """Make the series that a command line asks for, and leave with the exit code."""
    script, report = options.pop("script"), options.pop("report")
    asked = Asked(
        options.pop("branch"),
        options.pop("split_by"),
        options.pop("max_files"),
        options.pop("max_lines"),
        options.pop("one_each"),
        options.pop("refresh"),
        options.pop("push"),
        series_outcome.script_name(script or ""),
        report and report.absolute(),
    )
    plan_file = options.pop("plan_file")
    try:
        if (asked.refresh or asked.push) and not _says_how(context):
            _from_before(context, asked)
        if plan_file:
            code = _from_plan(plan_file, options, asked)
        else:
            code = _from_files(options, asked, script)
    except RunError as error:
        refuse(str(error))
    sys.exit(code)


def _says_how(context: click.Context) -> bool:
    """Tell whether the command line says how the series is to be made."""
    return any(_is_given(context, name) for name in context.params if name not in RECIPE)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def _from_before(context: click.Context, asked: Asked) -> None:
    """Make a series as it was made before, or only push what stands; then leave.

    Return where there is none to push, so that it is made first.
    """
    root = context.find_root()
    repository, found = _series_here(asked.name if asked.refresh else None)
    named = [item for item in found if item.branch in (asked.name, f"{asked.name}/all")]
    if asked.push and found and not named:
        known = ", ".join(item.branch for item in found)
        raise UsageError(
            f"{asked.name}: is no series of this repository, there are {known}; name one with"
            " --branch, or give PATHS to make another one"
        )
    if asked.refresh:
        arguments = series_outcome.again(repository, named[0])
        with root.command.make_context("fixtests", list(arguments)) as inner:
            inner.meta.update(
                arguments=arguments, refresh=True, push=asked.push, report=asked.report
            )
            root.command.invoke(inner)
    elif named:
        sys.exit(series_outcome.push(repository, named[0], Screen("never")))


def _series_here(branch: str | None) -> tuple[Repository, list[Series]]:
    """Return the repository of the current folder and its series, or the named one.

    Raises RunError.
    """
    from fixtests.git.repository import Repository
    from fixtests.series import standings

    repository = Repository.find(top_of_here())
    if repository is None:
        raise UsageError("this folder is in no git repository; go to the one of the series")
    return repository, standings.chosen(repository, branch)


def _from_files(options: dict[str, Any], asked: Asked, script: str | None) -> int:
    output, request = split(WriteBack.PLAN, {**UNASKED, **options})
    over: Over = partial(pool.run, jobs=options["jobs"])
    if script is not None:
        over = over_script(script, options["root"], options["jobs"])
    results, _ = collect(request, output.screen, over, cache_folder(options, output.screen))
    return series_outcome.make(results, output, asked)


def _from_plan(file: Path, options: dict[str, Any], asked: Asked) -> int:
    output, _ = split(WriteBack.PLAN, {**UNASKED, **options})
    return series_outcome.make(saved_plans.planned(file, options["root"]), output, asked)


def tell(branch: str | None, close: str | None, output_format: str) -> NoReturn:
    """Print what became of one series or of all, or note that a change was closed; then leave."""
    from fixtests.series import standings

    screen = Screen("never")
    try:
        repository, found = _series_here(branch)
        if close is not None:
            _close(repository, found, close, screen)
            sys.exit(0)
        told = [(item, list(standings.stands(repository, item))) for item in found]
    except RunError as error:
        refuse(str(error))
    if output_format == "json":
        screen.emit(json.dumps([_body(item, stands) for item, stands in told], indent=2))
    else:
        for item, stands in told:
            _print(item, stands, screen)
        if not told:
            screen.warn("No series; `fixtests commit` makes one.")
    sys.exit(0)


def _close(repository: Repository, found: list[Series], shard: str, screen: Screen) -> None:
    from fixtests.series import names, standings

    if len(found) != 1:
        known = ", ".join(item.branch for item in found) or "none"
        raise UsageError(f"--close needs the series to be named; there are {known}")
    made = standings.close(repository, found[0], shard)
    command = names.command(found[0], "--refresh")
    screen.warn(visible(f"{made.subject}: `{command}` gives it another id."))


def _body(item: Series, stands: list[Stand]) -> dict[str, Any]:
    """Return a series as data."""
    return {
        "branch": item.branch,
        "tip": item.tip,
        "base": item.base,
        "target": item.target,
        "commits": [
            {
                "shard": stand.made.key,
                "subject": stand.made.subject,
                "commit": stand.made.commit,
                "change_id": stand.made.change_id or None,
                "branch": stand.made.branch or None,
                "files": sorted(stand.made.files),
                "status": stand.standing.value,
                "planned": stand.made in item.made,
                "pushed": stand.is_pushed,
                "next": stand.next or None,
            }
            for stand in stands
        ],
    }


def _print(item: Series, stands: list[Stand], screen: Screen) -> None:
    screen.emit(visible(f"{item.branch}, for {item.target}: {count(len(stands), 'commit')}"))
    for stand in stands:
        made = stand.made
        gone = "" if made in item.made else ", not in the plan any more"
        pushed = ", pushed" if stand.is_pushed else ""
        screen.emit(
            visible(f"  {made.commit[:SHORT]} {stand.standing}{pushed}{gone}: {made.subject}")
        )
        screen.emit(visible(f"    shard: {shlex.quote(made.key)}"))
        if stand.next:
            screen.emit(visible(f"    next: {stand.next}"))
