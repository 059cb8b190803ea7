"""The command for codemods, whose options are also those of the one that it names."""

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
    RUN_OPTIONS,
    SINCE,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    with_options,
)

GIVEN = "given"  # where the words of the command line are kept until help is asked for


class ScriptCommand(Combined):
    """A command that takes what the script which it names takes, and shows that in its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options that every script has; the rest is the script's."""
        ctx.meta[GIVEN] = [word for word in args if not word.startswith("-")]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page of the script that is named, before what holds for every script."""
        for name in ctx.meta.get(GIVEN, ())[:1]:
            from fixtests.cli import migrations

            formatter.write("\n".join([*migrations.page(name), "", ""]))
        super().format_help(ctx, formatter)


@click.command(cls=ScriptCommand, context_settings={"ignore_unknown_options": True})
@click.argument("script", metavar="NAME", required=False, shell_complete=completion.codemods)
@click.argument("words", metavar="[ARGUMENTS]... [PATHS]...", nargs=-1, type=click.UNPROCESSED,
                shell_complete=completion.files)  # fmt: skip
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
def migrate(script: str | None, listed: bool, **options: Any) -> None:
    """Apply a codemod in place: one of --list, a script, or a LibCST command by its dotted name.

    NAME is that of a script in codemods/, of one that is installed, the path of a script, or
    that of a class such as libcst.codemod.commands.rename.RenameCommand. `fixtests migrate NAME
    --help` shows what it does and which arguments it takes.
    """
    from fixtests.cli import migrations

    if listed:
        migrations.list_all(script, options["root"])
    else:
        migrations.migrate(script, options)
