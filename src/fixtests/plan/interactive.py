"""Asking before each fix: finding by finding, in a plain terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from fixtests.files import git
from fixtests.model import Edit, FileResult, Finding, RunError
from fixtests.plan.plan import MovedError, fixing, narrowed, refused, source_of
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.text import diff
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError

HELP = """\
y - fix this
n - leave it
a - fix this and all that follow
f - leave this and the rest of the file
r - leave this and all others of the rule
e - edit the fix, then apply it
q - leave this and all that follow; what was accepted is written
? - this list"""


class TerminalError(RunError):
    """A run that is to ask and has nobody to ask."""


def chosen(results: Iterable[FileResult], screen: Screen) -> tuple[list[FileResult], bool]:
    """Ask about each fix; return the results with those accepted, and whether Ctrl-C came.

    What was accepted before Ctrl-C, or before the input ends, stays accepted.
    Raises TerminalError without a terminal.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise TerminalError("--interactive needs a terminal; --dry-run shows all fixes")
    results = list(results)
    dialogue = _Dialogue(screen, sum(len(item.fixed) for item in results))
    return [dialogue.about(item) for item in results], dialogue.interrupted


class _Dialogue:
    """The questions of one run, and what was answered for more than one finding."""

    def __init__(self, screen: Screen, total: int) -> None:
        self.interrupted = False
        self._screen = screen
        self._total = total
        self._number = 0
        self._rest = ""  # `y` or `q` where that was answered for all that follow
        self._left: set[str] = set()  # rules

    def about(self, result: FileResult) -> FileResult:
        """Return a result with the fixes that are accepted."""
        if not result.fixed:
            return result
        try:
            kept = self._kept(result)
            if all(item in result.fixed for item in kept):
                return narrowed(result, kept)
            return fixing(result, kept)
        except MovedError as error:
            return refused(result, error)

    def _kept(self, result: FileResult) -> list[Finding]:
        """Ask about each fix of a file. Raises MovedError where it is not what was read."""
        kept: list[Finding] = []
        source: Source | None = None
        skipped = False
        for finding in result.fixed:
            self._number += 1
            if self._rest == "y":
                kept.append(finding)
            if self._rest or skipped or finding.code in self._left:
                continue
            if source is None:
                source = source_of(result)
            self._show(finding, source, result)
            answer, finding = self._answer(finding, source)
            if answer == "y":
                kept.append(finding)
            elif answer == "f":
                skipped = True
            elif answer == "r":
                self._left.add(finding.code)
        return kept

    def _show(self, finding: Finding, source: Source, result: FileResult) -> None:
        row, column = source.location(finding.span.start)
        self._screen.warn(f"{shown(finding.path)}:{row}:{column}: {finding.code} {finding.message}")
        if finding.fix is None:
            return
        path = Path(result.path)
        name = path.relative_to(git.top(path.parent) or result.root).as_posix()
        edits = arithmetic.ordered(finding.fix.edits)
        for line in diff.unified(source, edits, name).splitlines()[3:]:
            self._screen.warn(line.decode("utf-8", "backslashreplace"))
        for item in finding.fix.declarations:
            self._screen.warn(f"+{shown(item.path)}: {item.name} = {item.value}")

    def _answer(self, finding: Finding, source: Source) -> tuple[str, Finding]:
        """Ask until there is an answer: `y`, `n`, `f` or `r`, with the finding, maybe edited."""
        while True:
            answer = self._asked(f"Fix {self._number}/{self._total} [y,n,a,f,r,e,q,?]? ")
            if answer == "a":
                self._rest = answer = "y"
            elif answer == "q":
                self._rest = "q"
            if answer in ("y", "n", "f", "r", "q"):
                return answer, finding
            if answer == "e":
                try:
                    return "y", _edited(finding, source)
                except (SourceError, click.ClickException) as error:
                    self._screen.warn(f"not accepted: {error}")
            else:
                for line in HELP.splitlines():
                    self._screen.warn(line)

    def _asked(self, question: str) -> str:
        """Return one answer; the end of the input, or Ctrl-C, leaves all that follows."""
        self._screen.flush()
        try:
            sys.stderr.write(question)
            sys.stderr.flush()
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            self.interrupted = True
            line = ""
        if not line:
            self._screen.warn("")
            return "q"
        return line.strip().lower()[:1] or "?"


def _edited(finding: Finding, source: Source) -> Finding:
    """Return a finding whose fix was edited by hand: the lines of its statement, as they would be.

    Raises SourceError where the result is no Python, click.ClickException
    where the editor cannot be run.
    """
    if finding.fix is None:
        return finding
    first, last = source.row(finding.anchor.start), source.row(max(finding.anchor.end - 1, 0))
    start = source.starts[first - 1]
    end = source.starts[last] if last < len(source.starts) else len(source.utf8)
    inside = [item for item in finding.fix.edits if start <= item.start and item.end <= end]
    shifted = [
        Edit(item.path, item.start - start, item.end - start, item.content, item.order)
        for item in arithmetic.ordered(inside)
    ]
    text = arithmetic.apply(source.utf8[start:end], shifted).decode("utf-8", "surrogatepass")
    answer = click.edit(text.replace("\r\n", "\n"), extension=".py", require_save=False)
    if answer is None:
        return finding
    content = answer.replace("\n", source.newline)
    others = tuple(item for item in finding.fix.edits if item not in inside)
    edits = (*others, Edit(finding.path, start, end, content))
    utf8 = arithmetic.apply(source.utf8, arithmetic.ordered(edits))
    Source.decode(source.path, source.encode(utf8)).parse()
    return replace(finding, fix=replace(finding.fix, edits=edits))
