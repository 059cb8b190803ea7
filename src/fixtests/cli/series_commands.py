"""Commands over series of commits: `commit` makes one or makes it anew, `series` tells of them.

`campaign` makes one in each of several clones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fixtests.cli import completion
from fixtests.cli.combinations import Combined
from fixtests.cli.options import (
    BASELINE,
    CHOICE_OPTIONS,
    SINCE,
    TRUST_OPTIONS,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    over_files,
    words,
)


def parts(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Any:
    """Read what a plan is divided by. Raises click.BadParameter."""
    known = ("rule", "directory", "applicability")
    found = words(context, parameter, value)
    for word in found or ():
        if word not in known:
            raise click.BadParameter(f"{word!r} is none of {', '.join(known)}")
    return found


@click.command(cls=Combined)
@over_files(
    click.option("--plan", "plan_file", metavar="FILE",
                 type=click.Path(path_type=Path, dir_okay=False),
                 help="Commit what a plan says instead of what is found now."),
    click.option("--script", metavar="SCRIPT", shell_complete=completion.codemods,
                 help="Commit what a script of codemods/ does instead of what rules find."),
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
    *CHOICE_OPTIONS,
    *TRUST_OPTIONS,
    BASELINE,
    SINCE,
)  # fmt: skip
@click.pass_context
def commit(context: click.Context, /, **options: Any) -> None:
    """Turn fixes into a series of commits on a branch of its own.

    The files, the index and HEAD stay as they are. Each commit stands by
    itself or on those before it; commits for different files do not depend on
    one another.
    """
    from fixtests.cli import series_runs

    series_runs.commit(context, options)


@click.command()
@click.argument("branch", required=False)
@click.option(
    "--close",
    metavar="SHARD",
    help="Take note that a server has closed the change of a shard, as it is listed.",
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How it is printed.")  # fmt: skip
def series(branch: str | None, close: str | None, output_format: str) -> None:
    """Tell what became of the series of this repository: merged, conflicting, not merged, closed.

    That is told by content on the branch that a series was made for, or where
    it stands upstream.
    """
    from fixtests.cli import series_runs

    series_runs.tell(branch, close, output_format)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many repositories to work on at a time, on each machine.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on the workers of a Dask scheduler, which have all at the same paths.",
)
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the table at the end is printed.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print the table and what failed.")
def campaign(file: Path, jobs: int, scheduler: str | None, output_format: str, quiet: bool) -> None:
    """Make the series that FILE says in each of several clones, as `fixtests commit` does.

    What is done stays done: the same command again does only what failed, was
    not reached, or is another one by now.
    """
    from fixtests.cli import campaigns

    campaigns.carry_out(file, jobs, scheduler, output_format, quiet=quiet)
