"""Commands over saved plans: carried out, proved, cut."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fixtests.cli import commands_from_files
from fixtests.cli.options import ATOMIC, COMMIT, DRY_RUN, VERIFY_OPTIONS, with_options, words
from fixtests.cli.run_command import mode, refuse
from fixtests.model import RunError
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.write import outputs


@click.command()
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
    commands_from_files.carry_out(mode(dry_run, commit), file, root, **options)


@click.command()
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
    commands_from_files.verify(file, root, how)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--drop",
    multiple=True,
    callback=words,
    metavar="WHAT",
    help="Findings to drop: codes, rule names, fingerprints, or paths and patterns of them.",
)
def plan_edit(file: Path, drop: tuple[str, ...] | None) -> None:
    """List the findings of a plan, or drop some; the rest still applies whole."""
    from fixtests.plan import plan_file

    screen = Screen("never")
    try:
        body = plan_file.read(file)
        for line in plan_file.listing(body, file) if not drop else ():
            screen.emit(line)
        if drop:
            dropped, idle = plan_file.drop(body, file, drop)
            outputs.save(file, plan_file.text(body).encode())
            for word in idle:
                screen.warn(f"warning: {file}: holds no finding that {word!r} means")
            screen.warn(f"Dropped {count(dropped, 'finding')}.")
    except RunError as error:
        refuse(str(error))
    sys.exit(0)


EVERY = (apply, verify, plan_edit)
