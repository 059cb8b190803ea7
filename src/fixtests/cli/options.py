"""The options of the commands over files, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from fixtests.cli import completion
from fixtests.report import formats

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
PATHS: Decorator = click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATHS]..."
)


def words(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> Any:
    """Split an option that may be given several times, or once with commas.

    Raises click.BadParameter where it is given and empty.
    """
    found = tuple(word.strip() for item in value for word in item.split(",") if word.strip())
    if value and not found:
        raise click.BadParameter("it is empty; name something, or leave the option out")
    return found or None


def microversions(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    """Read `SERVICE=VERSION`. Raises click.BadParameter."""
    found = {}
    for item in value:
        service, sign, version = item.partition("=")
        if not sign:
            raise click.BadParameter(f"{item!r} is not SERVICE=VERSION, as in compute=2.100")
        found[service] = version
    return found


def per_file_ignores(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> dict[str, tuple[str, ...]] | None:
    """Read `PATTERN:CODES`, and more of them after commas. Raises click.BadParameter."""
    found: dict[str, tuple[str, ...]] = {}
    for item in value:
        pattern = ""
        for part in item.split(","):
            before, sign, code = part.rpartition(":")
            pattern = before.strip() if sign else pattern
            if not (pattern and code.strip()):
                raise click.BadParameter(f"{item!r} is not PATTERN:CODES, as in 'tests/old_*:FT1'")
            found[pattern] = (*found.get(pattern, ()), code.strip())
    return found if value else None


def of_rules(name: str, text: str) -> Decorator:
    """Return an option that names rules, with its help."""
    return click.option(
        name,
        multiple=True,
        callback=words,
        shell_complete=completion.rules,
        metavar="RULES",
        help=text,
    )


def output_file(text: str) -> Decorator:
    """Return the option that names a file for what would be printed, with its help."""
    return click.option(
        "--output-file",
        "-o",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False, readable=False),
        help=text,
    )


CHOICE_OPTIONS: list[Decorator] = [
    of_rules("--select", "Codes, prefixes, names or ALL."),
    of_rules("--extend-select", "Rules in addition to those selected."),
    of_rules("--ignore", "Rules to leave out."),
    click.option("--per-file-ignores", multiple=True, callback=per_file_ignores,
                 metavar="PATTERN:CODES",
                 help="Rules to leave out in some files, instead of those configured."),
    click.option("--microversion", multiple=True, callback=microversions,
                 metavar="SERVICE=VERSION",
                 help="What FT401 pins to; with --verify also `minimum`, the lowest that passes."),
    click.option("--ignore-suppressions", is_flag=True, help="Look behind comments."),
]  # fmt: skip
TRUST_OPTIONS: list[Decorator] = [
    of_rules("--fixable", "Rules whose findings are fixed; all, where none is named."),
    of_rules("--unfixable", "Rules that only report."),
    of_rules("--extend-safe-fixes", "Rules whose unsafe fixes are taken for safe."),
    of_rules("--extend-unsafe-fixes", "Rules whose safe fixes are taken for unsafe."),
]  # fmt: skip
STATISTICS: Decorator = click.option("--statistics", is_flag=True, help="Count findings by rule.")
OUTPUT_FORMAT: Decorator = click.option(
    "--output-format",
    type=click.Choice(list(formats.PRINTERS)),
    help="How findings are printed; as configured, else full.",
)
OUTPUT_FILE = output_file("Where to save what would be printed.")
BASELINE: Decorator = click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Accept the findings in a file of `fixtests baseline`.",
)
RULE_OPTIONS = [*CHOICE_OPTIONS, STATISTICS, OUTPUT_FORMAT, OUTPUT_FILE, BASELINE]
RUN_OPTIONS: list[Decorator] = [
    click.option("--exclude", multiple=True, callback=words, metavar="PATTERNS",
                 help="Paths to leave out, instead of the usual ones."),
    click.option("--extend-exclude", multiple=True, callback=words, metavar="PATTERNS",
                 help="Paths to leave out as well."),
    click.option("--force-exclude", is_flag=True, help="Exclude files that are named, too."),
    click.option("--no-respect-gitignore", is_flag=True, help="Check ignored files too."),
    click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE",
                 help="A configuration file to use instead of those found."),
    click.option("--isolated", is_flag=True, help="Ignore configuration files."),
    click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True),
                 help="The folder to read project knowledge from; from outside, what is judged"
                      " without PATHS."),
    click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N",
                 help="How many processes to use; by default one for each processor."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option("--cache-dir", type=click.Path(path_type=Path, file_okay=False),
                 help="Where the cache is, instead of the user's cache folder."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
                 show_default=True, help="Colour the output."),
    click.option("--exit-zero", is_flag=True, help="Exit 0 even where findings remain."),
    click.option("--quiet", "-q", is_flag=True, help="Print no summary."),
    click.option("--verbose", "-v", is_flag=True,
                 help="Say what was read, by which configuration, what was skipped, and why."),
]  # fmt: skip
SINCE: Decorator = click.option(
    "--since", metavar="REV", help="Only findings on lines that changed since this commit."
)
STAGED: Decorator = click.option(
    "--staged", is_flag=True, help="Only findings on lines that are to be committed."
)
STDIN_FILENAME: Decorator = click.option(
    "--stdin-filename",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    help="The file that `-`, the standard input, is taken for.",
)
DRY_RUN: Decorator = click.option(
    "--dry-run", "--diff", "dry_run", is_flag=True, help="Print a diff, write nothing."
)
UNSAFE_FIXES: Decorator = click.option(
    "--unsafe-fixes", is_flag=True, default=None, help="Take fixes that need a look, too."
)
COMMIT: Decorator = click.option(
    "--commit", is_flag=True, help="Make commits on a branch instead, as `fixtests commit` does."
)
FIX_OPTIONS: list[Decorator] = [
    DRY_RUN,
    UNSAFE_FIXES,
    COMMIT,
    click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 where anything was fixed."),
    click.option("--interactive", "-i", is_flag=True, help="Ask before each fix."),
    click.option("--add-ignore", is_flag=True,
                 help="Fix nothing; write a comment that silences each finding."),
]  # fmt: skip
VERIFY_OPTIONS: list[Decorator] = [
    click.option("--verify", is_flag=True,
                 help="Keep only fixes that the target's own tests let stand."),
    click.option("--verify-command", metavar="CMD",
                 help="How: stestr, unittest, pytest, tox, or a command."),
    click.option("--in-place", is_flag=True,
                 help="Run those tests in the tree itself, not in copies of it."),
    click.option("--scheduler", metavar="ADDRESS",
                 help="Run these tests by the workers of a Dask scheduler."),
]  # fmt: skip
ATOMIC: Decorator = click.option(
    "--atomic", is_flag=True, help="Write all files of the run, or none."
)
# What `split` is told where a command does not choose rules.
UNASKED: dict[str, Any] = {
    "select": None,
    "extend_select": None,
    "ignore": None,
    "microversion": {},
    "ignore_suppressions": False,
    "statistics": False,
    "output_format": formats.USUAL,
    "output_file": None,
}


def over_files(*added: Decorator) -> Decorator:
    """Add PATHS, some options, and those that every command over files has."""
    return with_options(PATHS, *added, *RUN_OPTIONS)


def with_options(*added: Decorator) -> Decorator:
    """Add some options, which help lists in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(added):
            command = option(command)
        return command

    return decorate
