"""Commands over series of commits: `commit` makes one or makes it anew, `series` tells of them."""

from __future__ import annotations

import json
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fixtests.cli import commands_from_files, series_outcome
from fixtests.cli.options import (
    RULE_OPTIONS,
    SINCE,
    UNASKED,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    over_files,
    words,
)
from fixtests.cli.outcomes import top_of_here
from fixtests.cli.requests import WriteBack, cache_folder, split
from fixtests.cli.run_command import Over, collect, refuse
from fixtests.cli.series_outcome import SHORT, Asked
from fixtests.model import RunError
from fixtests.report.location import visible
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.run import pool
from fixtests.run.request import UsageError

if TYPE_CHECKING:
    from fixtests.git.repository import Repository
    from fixtests.series.record import Series
    from fixtests.series.standings import Stand

RECIPE = frozenset(("refresh", "push", "report", "branch", "quiet", "color", "jobs"))
# What chooses fixes, which a script does instead.
CHOICE = (
    *("select", "extend_select", "ignore", "microversion", "ignore_suppressions", "baseline"),
    *("since", "unsafe_fixes"),
)


def parts(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Any:
    """Read what a plan is divided by. Raises click.BadParameter."""
    known = ("rule", "directory", "applicability")
    found = words(context, parameter, value)
    for word in found or ():
        if word not in known:
            raise click.BadParameter(f"{word!r} is none of {', '.join(known)}")
    return found


@click.command()
@over_files(
    click.option("--plan", "plan_file", metavar="FILE",
                 type=click.Path(path_type=Path, dir_okay=False),
                 help="Commit what a plan says instead of what is found now."),
    click.option("--script", metavar="SCRIPT",
                 help="Commit what a codemod and its arguments do instead of what rules find."),
    click.option("--branch", metavar="NAME",
                 help="The branch to make, `fixtests` or `fixtests-SCRIPT` where none is named."),
    click.option("--split", "split_by", multiple=True, callback=parts, metavar="BY",
                 help="What to divide by: rule, directory, applicability."),
    click.option("--max-files", type=click.IntRange(min=1), metavar="N",
                 help="How many files a commit may have."),
    click.option("--max-lines", type=click.IntRange(min=1), metavar="N",
                 help="How many lines a commit may remove and add."),
    click.option("--branches", "one_each", is_flag=True,
                 help="A branch for each commit, with the text of its pull request."),
    click.option("--refresh", is_flag=True,
                 help="Make the series anew; what is as it was keeps its commits and ids."),
    click.option("--push", is_flag=True, help="Push what the server does not have yet."),
    click.option("--report", metavar="FILE",
                 type=click.Path(path_type=Path, dir_okay=False, readable=False),
                 help="Save as JSON which commits there are, and what is left."),
    UNSAFE_FIXES,
    *VERIFY_OPTIONS,
    *RULE_OPTIONS[:5],
    RULE_OPTIONS[-1],
    SINCE,
)  # fmt: skip
@click.pass_context
def commit(context: click.Context, /, **options: Any) -> None:
    """Turn fixes into a series of commits on a branch of its own.

    The files, the index and HEAD stay as they are. Each commit stands by
    itself or on those before it; commits for different files do not depend on
    one another.
    """
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
        _check_source(context, script, plan_file)
        if (asked.refresh or asked.push) and not _says_how(context):
            _from_before(context, asked)
        if plan_file:
            code = _from_plan(plan_file, options, asked)
        else:
            code = _from_files(options, asked, script)
    except RunError as error:
        refuse(str(error))
    sys.exit(code)


def _check_source(context: click.Context, script: str | None, plan_file: Path | None) -> None:
    """Raise UsageError where fixes are to come from more than one source."""
    if script is None:
        return
    if plan_file is not None:
        raise UsageError("--plan and --script both say what is committed; leave one out")
    for name in CHOICE:
        if _is_given(context, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"--script says what is fixed; leave {option} out")


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
        from fixtests.migrate import run as migration
        from fixtests.migrate import work
        from fixtests.migrate.script import Script

        name, *words = shlex.split(script)
        loaded = Script.load(name, options["root"])
        given, stray = work.called(loaded, words)
        if stray:
            raise UsageError(f"--script: {stray[0]} is no argument of {name}; name PATHS outside")
        over = partial(migration.run, loaded, given=given, jobs=options["jobs"])
    results, _ = collect(request, output.screen, over, cache_folder(options, output.screen))
    return series_outcome.make(results, output, asked)


def _from_plan(file: Path, options: dict[str, Any], asked: Asked) -> int:
    if options["paths"]:
        raise UsageError("--plan says which files are changed; leave PATHS out")
    output, _ = split(WriteBack.PLAN, {**UNASKED, **options})
    return series_outcome.make(commands_from_files.planned(file, options["root"]), output, asked)


@click.command()
@click.argument("branch", required=False)
@click.option("--close", metavar="SHARD", help="Take note that a server has closed a change.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How it is printed.")  # fmt: skip
def series(branch: str | None, close: str | None, output_format: str) -> None:
    """Tell what became of the series of this repository: merged, conflicting, not merged, closed.

    That is told by content on the branch that a series was made for, or where
    it stands upstream.
    """
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
    from fixtests.series import standings

    if len(found) != 1:
        known = ", ".join(item.branch for item in found) or "none"
        raise UsageError(f"--close needs the series to be named; there are {known}")
    made = standings.close(repository, found[0], shard)
    screen.warn(f"{visible(made.subject)}: --refresh gives it another id.")


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
        screen.emit(visible(f"    {made.key}"))
        if stand.next:
            screen.emit(visible(f"    next: {stand.next}"))


EVERY = (commit, series)
