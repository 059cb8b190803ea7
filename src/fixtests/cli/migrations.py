"""Codemods carried out: listed, shown, and run over files."""

from __future__ import annotations

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


def migrate(name: str | None, options: dict[str, Any]) -> None:
    """Run a codemod over files, and leave with the exit code."""
    if name is None:
        refuse("name a codemod; `fixtests migrate --list` shows which there are")
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
