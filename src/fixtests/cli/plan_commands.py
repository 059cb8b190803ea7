"""Commands over saved plans: carried out, proved, cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fixtests.cli import completion
from fixtests.cli.combinations import Combined
from fixtests.cli.options import (
    ATOMIC,
    COMMIT,
    DRY_RUN,
    VERIFY_OPTIONS,
    output_file,
    with_options,
    words,
)


@click.command(cls=Combined)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder that the plan's paths begin at.",
)
@click.option("--partial", is_flag=True, help="Apply the rest where files have moved.")
@DRY_RUN
@COMMIT
@with_options(*VERIFY_OPTIONS)
@ATOMIC
@click.option("--quiet", "-q", is_flag=True, help="Print no summary.")
def apply(file: Path, root: Path | None, dry_run: bool, commit: bool, **options: Any) -> None:
    """Write exactly what a plan says, or refuse what has moved, file by file."""
    from fixtests.cli import saved_plans
    from fixtests.cli.run_command import mode

    saved_plans.carry_out(mode(dry_run, commit), file, root, **options)


@click.command(cls=Combined)
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder that the plan's paths begin at.",
)
@with_options(*VERIFY_OPTIONS[1:])
def verify(file: Path, root: Path | None, **how: Any) -> None:
    """Prove a plan by the target's own tests; fixes that they speak against leave it.

    The exit code is 1 where they spoke against any, and 0 where they did not.
    """
    from fixtests.cli import saved_plans

    saved_plans.verify(file, root, how)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--drop",
    multiple=True,
    callback=words,
    shell_complete=completion.rules,
    metavar="WHAT",
    help="Findings to drop: codes, prefixes, rule names, fingerprints, or paths and patterns.",
)
@click.option(
    "--output-format",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="How the findings are listed: line by line, or as a page that helps to decide.",
)
@output_file("Where to save the list.")
def plan_edit(file: Path, drop: tuple[str, ...] | None, **how: Any) -> None:
    """List the findings of a plan, or drop some; the rest still applies whole."""
    from fixtests.cli import saved_plans

    saved_plans.edit(file, drop, **how)
