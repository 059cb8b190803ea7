"""One run over files: what was asked for, the results, what becomes of them, and the exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from fixtests.cache import output_cache, recorder
from fixtests.cli import outcomes
from fixtests.cli.account import Account
from fixtests.cli.refusals import refuse
from fixtests.cli.requests import WriteBack, cache_folder, split
from fixtests.engine.run_rules import Selected
from fixtests.files import discover
from fixtests.model import FileResult, RunError
from fixtests.plan import collecting
from fixtests.plan.collecting import Over
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.run import pool
from fixtests.run.request import Request, UsageError
from fixtests.run.session import Session
from fixtests.settings import nearest

NO_FILES = "warning: no Python files found under the given paths"
PREVIEWS = {"diff": "--dry-run", "dry-run": "--dry-run"}  # what users of other tools type


def run(mode: WriteBack, over: Over | None = None, *, script: str = "", **options: Any) -> NoReturn:
    """Do one run over files, by a script where one is named, and leave with its exit code."""
    over = over or partial(pool.run, jobs=options["jobs"])
    try:
        output, request = split(mode, options)
        streamed = outcomes.Streamed(output, on=bool(script) and mode is WriteBack.DIFF)
        where = cache_folder(options, output.screen)
        results, session = collect(
            request, output.screen, over, where, streamed.take, rules=() if script else None
        )
        held = session.request.contents
        match mode:
            case WriteBack.CHECK:
                code = outcomes.report(results, output, held)
            case WriteBack.DIFF if held:
                from fixtests.cli import standard_input

                code = standard_input.show(results, output, held)
            case WriteBack.WRITE if held:
                from fixtests.cli import standard_input

                code = standard_input.fix(results, output, held)
            case WriteBack.DIFF:
                code = outcomes.show(results, output, streamed)
            case WriteBack.PLAN:
                about = {"configuration": session.configuration.digest}
                code = outcomes.save(results, output, about, request.root)
            case WriteBack.WRITE:
                code = outcomes.write(
                    results, output, {"configuration": session.configuration.digest}
                )
            case WriteBack.COMMIT:
                from fixtests.cli.series_outcome import Asked, make, script_name

                code = make(results, output, Asked(script=script_name(script)))
    except RunError as error:
        refuse(str(error))
    code = 0 if output.exit_zero and code == 1 else code
    if recorder.active is not None:
        recorder.active.code = code
    sys.exit(code)


def collect(
    request: Request,
    screen: Screen,
    over: Over,
    where: str | None = None,
    each: Callable[[FileResult], None] = lambda _: None,
    rules: Sequence[Selected] | None = None,
) -> tuple[list[FileResult], Session]:
    """Run over the files of a request; return the results, and what was known of the files.

    `where` is the folder for what is kept from run to run; `each` is called, and errors are
    raised, as `collecting.collect` has it. `rules` are those of the session, where the project's
    are not meant.
    """
    gc.disable()  # a third of a run would go into looking for cycles among syntax trees
    session = Session(request, None if request.contents else where, rules=rules)
    account = Account(session, screen)
    files = [_hinted(item) for item in session.files(account.excluded)]
    account.begin(files)
    _warn(session, files, screen)
    results, session = collecting.collect(session, files, over, screen.progress, each)
    account.end(results, where)
    return results, session


def _warn(session: Session, files: Sequence[Path | discover.Missing], screen: Screen) -> None:
    """Say what of the given paths is not looked at, and what of their configuration."""
    for path, instead in sorted(session.configuration.unread.items()):
        why = f"is not read, since {shown(str(instead))} has a table tool.fixtests"
        screen.warn(f"warning: {shown(str(path))}: {why}; put all keys into one of them")
    for path in session.passed:
        what = "is a repository of its own and was passed over; name it as a path to look at it"
        screen.warn(f"warning: {shown(str(path))}: {what}, too")
    for pattern, root in session.idle():
        nothing = f"nothing below {shown(str(root))}"
        screen.warn(
            f"warning: the pattern {pattern!r} excludes {nothing}; correct it, or take it out"
        )
    if not files:
        screen.warn(NO_FILES)


def over_script(script: str, root: Path | None, jobs: int | None) -> Over:
    """Return what a codemod does over files, given with its arguments as one text.

    Raises RunError.
    """
    import shlex

    from fixtests.migrate import run as migration
    from fixtests.migrate import work
    from fixtests.migrate.script import Script

    name, *words = shlex.split(script)
    loaded = Script.load(name, root)
    given, stray = work.called(loaded, words)
    if stray:
        raise UsageError(f"--script: {stray[0]} is no argument of {name}; name PATHS outside")
    return partial(migration.run, loaded, given=given, jobs=jobs)


def mode(dry_run: bool, commit: bool) -> WriteBack:
    """Return what becomes of fixes."""
    if dry_run:
        return WriteBack.DIFF
    return WriteBack.COMMIT if commit else WriteBack.WRITE


def _hinted(item: Path | discover.Missing) -> Path | discover.Missing:
    """Add to what is missing the command that may have been meant."""
    if not isinstance(item, discover.Missing) or not item.is_absent:
        return item
    word = shown(str(item.path))
    commands = (*output_cache.COMMANDS, *output_cache.OTHERS)
    meant = PREVIEWS.get(word) or nearest.known(word, commands)
    reason = f"does not exist; did you mean `fixtests {meant}`?"
    return item._replace(reason=reason) if meant else item
