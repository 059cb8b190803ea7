"""What a script does with one file, whatever its form; several of them in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtests.files import discover
from fixtests.migrate import arguments, results
from fixtests.migrate.catalogue import ScriptError
from fixtests.migrate.codemod import Codemod
from fixtests.migrate.results import Failure, Target
from fixtests.migrate.script import Script
from fixtests.migrate.selection import Rules
from fixtests.migrate.steps import Step, Steps
from fixtests.model import FileResult, Status
from fixtests.run import one_file
from fixtests.run.request import Request, UsageError
from fixtests.run.session import Session
from fixtests.text import edits

Item = Path | discover.Missing


@dataclass(frozen=True)
class Work:
    """One script with its arguments over the files of a session; `one` gives a file's result."""

    session: Session
    one: Callable[[Session, Item], FileResult]


@dataclass(frozen=True)
class Over:
    """What a script runs over, a folder for copies of it, and whether once is enough."""

    files: Sequence[Item]
    folder: Path
    once: bool = False


def parser(script: Script) -> arguments.Parser:
    """Return the parser of a script's own arguments. Raises ScriptError."""
    migration = script.migration
    if isinstance(migration, type) and issubclass(migration, Codemod):
        return arguments.of_options(script.name, script.typed, migration.options)
    own = arguments.Parser(script.name, script.typed)
    if isinstance(migration, type):
        with script.running(ScriptError, "correct its add_args()"):
            migration.add_args(own)  # type: ignore[attr-defined]  # a CodemodCommand's
    return own


def called(script: Script, words: Sequence[str]) -> tuple[Any, tuple[Path, ...]]:
    """Return what some words give a script for arguments, and the paths that are left.

    Raises ArgumentError and ScriptError.
    """
    migration = script.migration
    if isinstance(migration, type) and issubclass(migration, Codemod):
        return arguments.options(parser(script), migration.options, words)
    return arguments.parsed(parser(script), words)


def of(script: Script, given: Any, request: Request, over: Over) -> Work:
    """Return the work of a script over the files of a request.

    `given` are its arguments, as `called` returns them. Raises ScriptError and UsageError.
    """
    migration, once = script.migration, over.once
    if isinstance(migration, Rules):
        return Work(migration.session(request), one_file.one)
    if isinstance(migration, Steps):
        return _in_order(script, migration, request, over)
    if isinstance(migration, type) and issubclass(migration, Codemod):
        codemod = migration()
        options = given or codemod.options()
        vars(codemod)["needles"] = codemod.needles_for(options)
        rules = [(codemod, options)]
        asked = dataclasses.replace(request, unsafe_fixes=bool(request.unsafe_fixes))
        return Work(Session(asked, rules=rules), one_file.one)
    if request.unsafe_fixes:
        raise UsageError(
            f"{script.name}: --unsafe-fixes is for codemods that tell safe changes from others; "
            "leave it out"
        )
    session = Session(request, rules=())
    if isinstance(migration, type):
        from fixtests.migrate import commands

        return Work(session, commands.Command(script, given or {}, once=once).one)
    from fixtests.migrate import queries

    search = queries.Search(script, session, over.files, over.folder, once=once)
    return Work(session, search.one)


def _in_order(script: Script, steps: Steps, request: Request, over: Over) -> Work:
    works = [_of_step(step, script, request, over) for step in steps.steps]
    return Work(works[0].session, _Chain(works, once=over.once).one)


def _of_step(step: Step, script: Script, request: Request, over: Over) -> Work:
    """Return the work of one step, which sees what the one before it left of a file."""
    own = script.path.with_name(f"{step.name}.py")
    loaded = Script.load(str(own) if own.is_file() else step.name, request.root)
    given: Any = dict(step.arguments)
    if isinstance(loaded.migration, Rules | Steps) or not isinstance(loaded.migration, type):
        if given:
            raise ScriptError(f"{script.path}: step {step.name}: takes no arguments")
    elif issubclass(loaded.migration, Codemod):
        try:
            given = loaded.migration.options(**given)
        except (TypeError, ValueError) as error:
            raise ScriptError(f"{script.path}: step {step.name}: {error}") from None
    return of(loaded, given, dataclasses.replace(request, contents={}), over)


class _Chain:
    """Some works in order; the result is what the last one leaves."""

    def __init__(self, works: Sequence[Work], *, once: bool) -> None:
        self.works = works
        self.once = once

    def one(self, session: Session, item: Item) -> FileResult:
        """Return what all works make of one file."""
        target = results.read(session, item)
        if isinstance(target, FileResult):
            return target
        try:
            whole, source = self._through(target)
            if whole.status is Status.CHANGED and not self.once:
                second, last = self._through(dataclasses.replace(target, source=source), True)
                if second.status is Status.CHANGED:
                    raise Failure(results.unstable(source.text, last.text))
        except Failure as reason:
            return target.unchanged(Status.FAILED, str(reason))
        return whole

    def _through(self, target: Target, again: bool = False) -> tuple[FileResult, Any]:
        """Return what the works make of a file, and the text that it is then. Raises Failure."""
        source, changed, parts = target.source, again, []
        for work in self.works:
            part = self._step(work, target.path, source.content, changed)
            if part.status is Status.FAILED:
                raise Failure(part.detail)
            if part.edits:
                text = edits.apply(source.utf8, part.edits).decode("utf-8", "surrogatepass")
                source, changed = target.of(text), True
            parts.append(part)
        whole = target.changed(source.text)
        details = dict.fromkeys(part.detail for part in parts if part.detail)
        fixed = tuple(finding for part in parts for finding in part.fixed)
        return dataclasses.replace(whole, detail="; ".join(details), fixed=fixed), source

    def _step(self, work: Work, path: Path, content: bytes, changed: bool) -> FileResult:
        contents: Any = work.session.request.contents
        contents[path] = content
        try:
            return work.one(work.session, path)
        finally:
            del contents[path]
            if changed:  # nobody else is to see the file as it is between two steps
                work.session.forget(path)
