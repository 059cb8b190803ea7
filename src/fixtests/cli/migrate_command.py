"""The command for scripts: which one, what it is called with, and what becomes of its results."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from fixtests.cli.options import (
    ATOMIC,
    COMMIT,
    DRY_RUN,
    RUN_OPTIONS,
    SINCE,
    UNASKED,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    with_options,
)
from fixtests.cli.requests import WriteBack
from fixtests.cli.run_command import mode, refuse, run
from fixtests.model import RunError
from fixtests.report import codemod_pages
from fixtests.report.screen import Screen

GIVEN = "given"  # where the words of the command line are kept until help is asked for


class ScriptCommand(click.Command):
    """A command that takes what the script which it names takes, and shows that in its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options that every script has; the rest is the script's."""
        ctx.meta[GIVEN] = [word for word in args if not word.startswith("-")]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page of the script that is named, before what holds for every script."""
        for name in ctx.meta.get(GIVEN, ())[:1]:
            try:
                formatter.write("\n".join(_page(name)))
            except RunError as error:
                refuse(str(error))
            formatter.write("\n\n")
        super().format_help(ctx, formatter)


def _page(name: str) -> list[str]:
    """Return the page of a script. Raises RunError."""
    from fixtests.migrate import work
    from fixtests.migrate.script import Script

    script = Script.load(name)
    return codemod_pages.page(script.name, script.page, work.parser(script).format_help())


@click.command(cls=ScriptCommand, context_settings={"ignore_unknown_options": True})
@click.argument("script", metavar="NAME", required=False)
@click.argument("words", metavar="[ARGUMENTS]... [PATHS]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--list", "listed", is_flag=True, help="List the codemods that a name leads to.")
@click.option("--once", is_flag=True, help="Take results that a second run would change again.")
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    metavar="FILE",
    help="Save what would be done instead, for `fixtests apply`.",
)
@with_options(DRY_RUN, UNSAFE_FIXES, COMMIT, *VERIFY_OPTIONS, ATOMIC, SINCE, *RUN_OPTIONS)
def migrate(
    script: str | None,
    words: tuple[str, ...],
    listed: bool,
    once: bool,
    plan_file: Path | None,
    dry_run: bool,
    commit: bool,
    **options: Any,
) -> None:
    """Apply a codemod in place: one of --list, a script, or a LibCST command by its dotted name.

    NAME is that of a script in codemods/, of one that is installed, the path of a script, or
    that of a class such as libcst.codemod.commands.rename.RenameCommand. `fixtests migrate NAME
    --help` shows what it does and which arguments it takes.
    """
    from fixtests.migrate import library, work
    from fixtests.migrate import run as migration
    from fixtests.migrate.script import Script

    try:
        if listed:
            if script is not None:
                refuse("--list shows all codemods; leave NAME out")
            for line in codemod_pages.listing(library.every(options["root"])):
                Screen("never").emit(line)
            return
        if script is None:
            refuse("name a codemod; `fixtests migrate --list` shows which there are")
        loaded = Script.load(script, options["root"])
        given, options["paths"] = work.called(loaded, words)
    except RunError as error:
        refuse(str(error))
    how = mode(dry_run, commit)
    asked = dict(UNASKED)
    if plan_file is not None:
        if how is not WriteBack.WRITE:
            refuse("--plan saves what would be done; leave --dry-run and --commit out")
        how, asked["output_file"] = WriteBack.PLAN, plan_file
    over = partial(migration.run, loaded, given=given, once=once, jobs=options["jobs"])
    run(how, over, script=script, **asked, **options)


EVERY = (migrate,)
