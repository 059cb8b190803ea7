"""The commands, one function each: what they are called with, and who carries them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from fixtests.cli import commands_from_files
from fixtests.cli.options import (
    ATOMIC,
    FIX_OPTIONS,
    RULE_OPTIONS,
    SINCE,
    STAGED,
    UNSAFE_FIXES,
    VERIFY_OPTIONS,
    over_files,
    with_options,
    words,
)
from fixtests.cli.outcomes import top_of_here
from fixtests.cli.requests import WriteBack
from fixtests.cli.run_command import mode, refuse, run
from fixtests.files import discover
from fixtests.model import RunError
from fixtests.report import profiles, rule_pages
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError


@click.command()
@over_files(*FIX_OPTIONS, *VERIFY_OPTIONS, ATOMIC, *RULE_OPTIONS, SINCE)
def fix(dry_run: bool, commit: bool, **options: Any) -> None:
    """Apply safe fixes in place (the default command)."""
    run(mode(dry_run, commit), **options)


@click.command()
@over_files(*RULE_OPTIONS, SINCE, STAGED)
def check(**options: Any) -> None:
    """Report findings and change nothing."""
    run(WriteBack.CHECK, **options)


@click.command()
@over_files(
    UNSAFE_FIXES,
    *RULE_OPTIONS,
    SINCE,
)
def plan(**options: Any) -> None:
    """Save what `fixtests` would do, for `fixtests apply` to do exactly that."""
    run(WriteBack.PLAN, **options)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@over_files(*RULE_OPTIONS[:-2])
def baseline(file: Path, **options: Any) -> None:
    """Accept today's findings in FILE; those of old that are gone leave it."""
    commands_from_files.accept(file, options)


@click.command()
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
    help="The folder to read project knowledge from.",
)
def review(given: tuple[Path, ...], **options: Any) -> None:
    """Answer a review finding by finding, and show the fixes that answer it as a diff.

    REVIEW is prose (.txt, .md), a mail, SARIF, the JSON of `fixtests check`, or
    that of review servers and bots, in a file or a pipe. PATHS are the files
    that it is about, by default those that it names in the tree of the current
    folder.
    """
    commands_from_files.answer_review(given, **options)


@click.command()
def runs() -> None:
    """List the runs that wrote below the current project."""
    from fixtests.write import history

    try:
        for line in history.listing(top_of_here()):
            Screen("never").emit(line)
    except RunError as error:
        refuse(str(error))


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
    metavar="RULES",
    help="Only the fixes of these rules: codes or names.",
)
@click.option("--merge", is_flag=True, help="Keep what was edited since, where that can be.")
def undo(number: int | None, files: tuple[Path, ...], rules: Any, merge: bool) -> None:
    """Take a run back, the last one that stands where none is named."""
    from fixtests.write import history
    from fixtests.write.undo import Undo

    try:
        taken = Undo(
            history.chosen(number, top_of_here()),
            files=[discover.real(item) for item in files],
            rules={registry.find(word).code for word in rules or ()},
            merge=merge,
        )
        outcomes = taken.carry_out(sys.argv[1:])
    except (RunError, registry.SelectionError) as error:
        refuse(str(error))
    screen = Screen("never")
    for item in outcomes:
        if item.problem:
            screen.warn(f"error: {shown(str(item.path))}: {item.problem}")
    done = sum(not item.problem for item in outcomes)
    if done:
        screen.warn(f"Took back run {taken.run.number} in {count(done, 'file')}.")
    sys.exit(2 if done < len(outcomes) else 0)


@click.command()
def rules() -> None:
    """List the rules."""
    for line in rule_pages.listing(registry.every()):
        Screen("never").emit(line)


@click.command()
@click.argument("rule", required=False)
@click.option("--profile", metavar="NAME", help="Show a profile instead.")
def explain(rule: str | None, profile: str | None) -> None:
    """Show a rule's page: what, why, an example, how safe its fix is, its options.

    With --profile, show what is known about a project instead, with what the
    current folder's configuration adds to it.
    """
    try:
        match rule, profile:
            case str(), None:
                lines = rule_pages.page(registry.find(rule))
            case None, str():
                lines = described(profile)
            case _:
                refuse("explain needs either RULE or --profile NAME; see `fixtests rules`")
    except (registry.SelectionError, UsageError) as error:
        refuse(str(error))
    for line in lines:
        Screen("never").emit(line)


def described(name: str) -> Iterator[str]:
    """Return the page of a profile as the current folder's configuration extends it.

    Raises UsageError.
    """
    configuration = Configuration(Request())
    here = Path.cwd()
    settings = replace(configuration.at(here), profile=name)
    extension = settings.extend_profile
    source = f"extended by {extension.place.where}" if extension else "as built in"
    return profiles.page(configuration.profile(configuration.root(here), settings), source)


EVERY = (*(fix, check, plan, baseline, review, runs, undo, rules, explain),)
