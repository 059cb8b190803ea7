"""Codemods carried out: listed, shown, and run over files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fixtests.cli.options import UNASKED
from fixtests.cli.refusals import refuse
from fixtests.cli.requests import WriteBack
from fixtests.cli.run_command import mode, run
from fixtests.migrate import catalogue, work
from fixtests.migrate import run as migration
from fixtests.migrate.script import Script
from fixtests.model import RunError
from fixtests.report import codemod_pages
from fixtests.report.screen import Screen


def page(name: str) -> list[str]:
    """Return the page of a codemod; leave where there is none."""
    try:
        script = Script.load(name)
        usage = work.parser(script).format_help()
    except RunError as error:
        refuse(str(error))
    return codemod_pages.page(script.name, script.page, usage)


def list_all(script: str | None, root: Path | None) -> None:
    """Print all codemods that a name leads to."""
    if script is not None:
        refuse("--list shows all codemods; leave NAME out")
    for line in codemod_pages.listing(catalogue.every(root)):
        Screen("never").emit(line)


def _no_option(word: str, rest: Sequence[str], root: Path | None) -> str:
    """Return what is wrong with an option before the name of a codemod, which has its own."""
    word = word.partition("=")[0]
    codemods = {item.name for item in catalogue.every(root)}
    name = next((item for item in rest if item in codemods or item.endswith(".py")), None)
    if name is None:
        place = "options of a codemod come after its NAME, which `fixtests migrate --list` shows"
    else:
        own = ", ".join(_flags(name, root)) or "no options"
        place = f"`fixtests migrate --help` lists all; {name} has {own}, which come after its name"
    return f"{word}: no such option; {place}"


def _flags(name: str, root: Path | None) -> list[str]:
    """Return the options of a codemod; leave where it cannot be used."""
    try:
        return work.parser(Script.load(name, root)).flags
    except RunError as error:
        refuse(str(error))


def migrate(name: str | None, options: dict[str, Any]) -> None:
    """Run a codemod over files, and leave with the exit code."""
    if name is None:
        refuse("name a codemod; `fixtests migrate --list` shows which there are")
    if name.startswith("-"):
        refuse(_no_option(name, options["words"], options["root"]))
    words, once, plan = (options.pop(key) for key in ("words", "once", "plan_file"))
    try:
        script = Script.load(name, options["root"])
        given, options["paths"] = work.called(script, words)
    except RunError as error:
        refuse(str(error))
    how = mode(options.pop("dry_run"), options.pop("commit"))
    asked = dict(UNASKED)
    if plan is not None:
        how, asked["output_file"] = WriteBack.PLAN, plan
    over = partial(migration.run, script, given=given, once=once, jobs=options["jobs"])
    run(how, over, script=name, **asked, **options)
