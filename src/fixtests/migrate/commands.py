"""Migrations that are a LibCST `CodemodCommand`; imported only when such a script runs.

Each file gets a command and a context of its own, as under LibCST's own runner.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import libcst
from libcst.codemod import CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package

from fixtests.files import discover
from fixtests.migrate import results
from fixtests.migrate.results import Failure, Skip, Target
from fixtests.migrate.script import Script, ScriptError
from fixtests.model import FileResult, Status
from fixtests.run.session import Session


def run(
    script: Script,
    session: Session,
    files: Sequence[Path | discover.Missing],
    seen: Callable[[], None],
) -> Iterator[FileResult]:
    """Yield the result of each file.

    Raises ScriptError where the command cannot be made without arguments of
    its own, and UsageError.
    """
    with script.running(ScriptError, "let its __init__ take a context and nothing else"):
        script.migration(CodemodContext())
    for item in files:
        target = results.read(session, item)
        yield target if isinstance(target, FileResult) else _result(script, target)
        seen()


def _result(script: Script, target: Target) -> FileResult:
    context = _context(target)
    try:
        text = _transformed(script, context, target.source.text)
        result = target.changed(text)
        if result.status is Status.CHANGED and not _stable(script, target, text):
            raise Failure(results.UNSTABLE)
    except Skip as reason:
        return target.unchanged(Status.SKIPPED, str(reason))
    except Failure as reason:
        return target.unchanged(Status.FAILED, str(reason))
    return dataclasses.replace(result, detail="; ".join(context.warnings))


def _transformed(script: Script, context: CodemodContext, text: str) -> str:
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
        with script.running(Failure, remedy, spared=(SkipFile,)):
            after: str = script.migration(context).transform_module(tree).code
    except SkipFile as error:
        raise Skip(str(error) or "the script leaves it out") from None
    if after != body and tree.code != body:
        raise Failure("LibCST does not give this text back unchanged; change the file by hand")
    return text[: len(text) - len(body)] + after


def _stable(script: Script, target: Target, text: str) -> bool:
    """Tell whether a second run leaves the result as it is. Raises Failure."""
    try:
        return _transformed(script, _context(target), text) == text
    except Skip:
        return True


def _context(target: Target) -> CodemodContext:
    names = calculate_module_and_package(str(target.root), str(target.path))
    return CodemodContext(
        filename=str(target.path),
        full_module_name=names.name,
        full_package_name=names.package,
    )
