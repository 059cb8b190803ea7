"""The commands, one function each: what they are called with, and who carries them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fixtests.cli import completion
from fixtests.cli.combinations import Combined
from fixtests.cli.options import (
    ATOMIC,
    BASELINE,
    CHOICE_OPTIONS,
    FIX_OPTIONS,
    OUTPUT_FILE,
    RULE_OPTIONS,
    SINCE,
    STAGED,
    STATISTICS,
    STDIN_FILENAME,
    TRUST_OPTIONS,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    over_files,
    with_options,
    words,
)


@click.command(cls=Combined)
@over_files(
    *(*FIX_OPTIONS, *VERIFY_OPTIONS, ATOMIC),
    *(*RULE_OPTIONS, *TRUST_OPTIONS, SINCE, STDIN_FILENAME),
)
def fix(dry_run: bool, commit: bool, **options: Any) -> None:
    """Apply safe fixes in place (the default command)."""
    from fixtests.cli.run_command import mode, run

    run(mode(dry_run, commit), **options)


@click.command(cls=Combined)
@over_files(*RULE_OPTIONS, *TRUST_OPTIONS, SINCE, STAGED, STDIN_FILENAME)
def check(**options: Any) -> None:
    """Report findings and change nothing."""
    from fixtests.cli.requests import WriteBack
    from fixtests.cli.run_command import run

    run(WriteBack.CHECK, **options)


@click.command(cls=Combined)
@over_files(
    *(UNSAFE_FIXES, *CHOICE_OPTIONS, *TRUST_OPTIONS),
    *(STATISTICS, OUTPUT_FILE, BASELINE, SINCE),
)
def plan(**options: Any) -> None:
    """Save what `fixtests` would do, for `fixtests apply` to do exactly that."""
    from fixtests.cli.requests import WriteBack
    from fixtests.cli.run_command import run

    run(WriteBack.PLAN, **options)


@click.command(cls=Combined)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@over_files(*CHOICE_OPTIONS)
def baseline(file: Path, **options: Any) -> None:
    """Accept today's findings in FILE; those of old that are gone leave it."""
    from fixtests.cli import commands_from_files

    commands_from_files.accept(file, options)


@click.command(cls=Combined)
@click.argument(
    "given",
    nargs=-1,
    required=True,
    metavar="REVIEW... [PATHS]...",
    type=click.Path(path_type=Path),
)
@UNSAFE_FIXES
@click.option(
    "--output-format",
    type=click.Choice(["text", "review", "gerrit"]),
    default="text",
    show_default=True,
    help="Answers as text, as a table in Markdown, or as what Gerrit takes for an answer.",
)
@click.option("--diff-only", is_flag=True, help="Print the diff alone; answers go to stderr.")
@click.option("--write", is_flag=True, help="Write the fixes that answer, as `fix` would.")
@with_options(*VERIFY_OPTIONS)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder to read project knowledge from; from outside, where named files are.",
)
def review(given: tuple[Path, ...], **options: Any) -> None:
    """Answer a review finding by finding, and show the fixes that answer it as a diff.

    REVIEW is prose (.txt, .md), a mail, SARIF, the JSON of `fixtests check`, or
    that of review servers and bots, in a file or a pipe; `-` is the standard
    input. PATHS are the files that it is about, by default those that it names
    in the tree of the current folder.
    """
    from fixtests.cli import commands_from_files

    commands_from_files.answer_review(given, **options)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be removed, remove nothing.")
@click.option("--cache-dir", type=click.Path(path_type=Path, file_okay=False),
              help="Where the cache is, instead of the user's cache folder.")  # fmt: skip
def clean(dry_run: bool, cache_dir: Path | None) -> None:
    """Remove caches, results of tests and working copies that no run uses, and what is left over.

    That is what campaigns printed, and the records of series of repositories that are gone, after
    30 days. The journal of runs stays, so that each of them can still be taken back.
    """
    from fixtests.cli import cleaning

    cleaning.clean(cache_dir, dry_run=dry_run)


@click.command()
def runs() -> None:
    """List the runs that wrote below the current project."""
    from fixtests.cli import past_runs

    past_runs.tell()


@click.command()
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[RUN]")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Only this file or folder; may be given several times.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    callback=words,
    shell_complete=completion.rules,
    metavar="RULES",
    help="Only the fixes of these rules: codes or names.",
)
@click.option("--merge", is_flag=True, help="Keep what was edited since, where that can be.")
def undo(number: int | None, files: tuple[Path, ...], rules: Any, merge: bool) -> None:
    """Take a run back, the last one that stands where none is named."""
    from fixtests.cli import past_runs

    past_runs.take_back(number, files, rules or (), merge=merge)


@click.command()
def lsp() -> None:
    """Serve an editor over standard input and output (docs/editors.md)."""
    from fixtests.cli import serving

    serving.serve()


@click.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How they are printed.")  # fmt: skip
def rules(output_format: str) -> None:
    """List the rules."""
    from fixtests.cli import explanations

    explanations.list_rules(output_format)


@click.command()
@click.argument("name")
@click.option("--code", required=True, metavar="CODE", help="The rule's code, such as TM101.")
def new_rule(name: str, code: str) -> None:
    """Write a package with a rule of your own, and samples that its tests check.

    It stands in the current folder, and is called after the letters of the code. A second rule of
    the same letters joins it.
    """
    from fixtests.cli import explanations

    explanations.begin_rule(name, code)


@click.command()
@click.argument("rule", required=False, shell_complete=completion.rules)
@click.option("--profile", metavar="NAME", shell_complete=completion.profiles,
              help="Show a profile instead.")  # fmt: skip
def explain(rule: str | None, profile: str | None) -> None:
    """Show a rule's page: what, why, an example, how safe its fix is, its options.

    The beginning of codes, such as FT4, lists the rules of that family.

    With --profile, show what is known about a project instead, with what the
    current folder's configuration adds to it.
    """
    from fixtests.cli import explanations

    explanations.explain(rule, profile)
