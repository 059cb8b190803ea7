"""Migrations that are a LibCST `CodemodCommand`; imported only when such a script runs.

Each file gets a command and a context of its own, as under LibCST's own runner.
"""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import libcst
from libcst.codemod import CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package
from libcst.metadata import FullRepoManager

from fixtests.files import discover
from fixtests.migrate import mending, results
from fixtests.migrate.catalogue import ScriptError
from fixtests.migrate.results import Failure, Skip, Target
from fixtests.migrate.script import Script
from fixtests.model import FileResult, Status
from fixtests.run.session import Session

ENOUGH = 500_000  # bytes of source whose trees are kept before they are let go


class Command:
    """A command with its arguments, run on one file at a time.

    With `once`, a result that a second run would change again is taken.
    Raises ScriptError where the command cannot be made.
    """

    def __init__(self, script: Script, given: Mapping[str, Any], *, once: bool = False) -> None:
        self.script = script
        self.given = given
        self.once = once
        self._read = 0
        with script.running(ScriptError, "let its __init__ take a context and its arguments"):
            script.migration(CodemodContext(), **given)

    def one(self, session: Session, item: Path | discover.Missing) -> FileResult:
        """Return the result of one file."""
        target = results.read(session, item, self.script.needles)
        if isinstance(target, FileResult):
            return target
        self._read += len(target.source.utf8)
        if self._read > ENOUGH:  # nobody else collects while a run is on, and its trees are cycles
            self._read = 0
            gc.collect()
        return self._result(session, target)

    def _result(self, session: Session, target: Target) -> FileResult:
        context = self._context(target)
        try:
            text = self._laid_out(session, target, self._transformed(context, target.source.text))
            result = target.changed(text)
            if result.status is Status.CHANGED and not self.once:
                self._stand(session, target, text)
        except Skip as reason:
            return target.unchanged(Status.SKIPPED, str(reason))
        except Failure as reason:
            return target.unchanged(Status.FAILED, str(reason))
        return dataclasses.replace(result, detail="; ".join(context.warnings))

    def _transformed(self, context: CodemodContext, text: str) -> str:
        """Return what the command makes of a text. Raises Skip and Failure."""
        body = text.lstrip("\f")  # LibCST drops a form feed at the start
        try:
            tree = libcst.parse_module(body)
        except libcst.ParserSyntaxError as error:
            raise Failure(
                f"line {error.raw_line}: LibCST cannot parse this; change the file by hand"
            ) from None
        remedy = "correct the script, or let it raise SkipFile"
        try:
            with self.script.running(Failure, remedy, spared=(SkipFile,)):
                command = self.script.migration(context, **self.given)
                after: str = command.transform_module(tree).code
        except SkipFile as error:
            raise Skip(str(error) or "the script leaves it out") from None
        if after != body and tree.code != body:
            raise Failure("LibCST does not give this text back unchanged; change the file by hand")
        return text[: len(text) - len(body)] + after

    def _laid_out(self, session: Session, target: Target, text: str) -> str:
        """Return a result as the project lays files out, where the script wants that."""
        if not self.script.mended or text == target.source.text:
            return text
        return mending.mended(target, text, session)

    def _stand(self, session: Session, target: Target, text: str) -> None:
        """Raise Failure where a second run would change the result again."""
        try:
            again = self._transformed(self._context(target), text)
        except Skip:
            return
        then = dataclasses.replace(target, source=target.of(text))
        again = self._laid_out(session, then, again)
        if again != text:
            raise Failure(results.unstable(text, again))

    def _context(self, target: Target) -> CodemodContext:
        path = str(target.path)
        names = calculate_module_and_package(str(target.root), path)
        wanted = self.script.migration.get_inherited_dependencies()
        whole = {item for item in wanted if item.gen_cache is not None}
        return CodemodContext(
            filename=path,
            full_module_name=names.name,
            full_package_name=names.package,
            metadata_manager=FullRepoManager(str(target.root), [path], whole) if whole else None,
        )
