"""Asking before each fix: finding by finding, in a plain terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from fixtests.files import git
from fixtests.model import Edit, FileResult, Finding, RunError
from fixtests.plan.plan import MovedError, fixing, narrowed, refused, source_of
from fixtests.report import colors
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.text import diff
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError

HELP = """\
y - fix this
n - leave it
a - fix this and the rest of the file
d - leave this and the rest of the file
A - fix this and all others of the rule
D - leave this and all others of the rule
e - edit the fix, then apply it
q - leave this and all that follow; what was accepted is written
? - this list"""
ANSWERS = frozenset("ynadADq")
FIXING = frozenset("yaA")
CHOICES = "y,n,a,d,A,D,e,q,?"
SAME_IN_BOTH_CASES = frozenset("YNEQ")


class TerminalError(RunError):
    """A run that is to ask and has nobody to ask."""


@dataclass(frozen=True)
class Chosen:
    """Results with the fixes that were accepted.

    `left` says whether the questions ended before the last one, `interrupted` whether by Ctrl-C.
    """

    results: Sequence[FileResult]
    left: bool = False
    interrupted: bool = False


def chosen(results: Iterable[FileResult], screen: Screen) -> Chosen:
    """Ask about each fix, and return what was chosen.

    What was accepted before Ctrl-C, or before the input ends, stays accepted.
    Raises TerminalError without a terminal.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise TerminalError("--interactive needs a terminal; --dry-run shows all fixes")
    results = list(results)
    dialogue = _Dialogue(screen, sum(len(item.fixed) for item in results))
    accepted = [dialogue.about(item) for item in results]
    return Chosen(accepted, dialogue.left, dialogue.interrupted)


class _Dialogue:
    """The questions of one run, and what was answered for more than one finding."""

    def __init__(self, screen: Screen, total: int) -> None:
        self.left = self.interrupted = False
        self._screen = screen
        self._total = total
        self._number = 0
        self._rules: dict[str, bool] = {}  # those that were decided on, and whether they are fixed

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
        rest: bool | None = None  # whether the rest of the file is fixed, if that was decided
        for finding in result.fixed:
            self._number += 1
            if self.left:
                break
            fixes = self._rules.get(finding.code) if rest is None else rest
            if fixes is None:
                if source is None:
                    source = source_of(result)
                self._show(finding, source, result)
                answer, finding = self._answer(finding, source)
                fixes = answer in FIXING
                if answer in "ad":
                    rest = fixes
                elif answer in "AD":
                    self._rules[finding.code] = fixes
            if fixes:
                kept.append(finding)
        return kept

    def _show(self, finding: Finding, source: Source, result: FileResult) -> None:
        row, column = source.location(finding.span.start)
        place = f"{shown(finding.path)}:{row}:{column}"
        self._screen.warn(f"{place}: {finding.code} {finding.message}", "header")
        if finding.fix is None:
            return
        path = Path(result.path)
        name = path.relative_to(git.top(path.parent) or result.root).as_posix()
        edits = arithmetic.ordered(finding.fix.edits)
        for line in diff.unified(source, edits, name).splitlines()[3:]:
            role = colors.role_in_diff(line)
            self._screen.warn(line.decode("utf-8", "backslashreplace"), role)
        for item in finding.fix.declarations:
            self._screen.warn(f"+{shown(item.path)}: {item.name} = {item.value}", "added")

    def _answer(self, finding: Finding, source: Source) -> tuple[str, Finding]:
        """Ask until there is an answer, with the finding, maybe edited: `e` is `y` then."""
        while True:
            answer = self._asked(f"Fix {self._number}/{self._total} [{CHOICES}]? ")
            if answer == "e":
                try:
                    return "y", _edited(finding, source)
                except (SourceError, click.ClickException) as error:
                    self._screen.warn(f"not accepted: {error}")
            elif answer in ANSWERS:
                self.left = answer == "q"
                return answer, finding
            else:
                for line in HELP.splitlines():
                    self._screen.warn(line)

    def _asked(self, question: str) -> str:
        """Return one answer; the end of the input, or Ctrl-C, leaves all that follows."""
        try:
            line = self._screen.ask(question)
        except KeyboardInterrupt:
            self.interrupted = True
            line = ""
        if not line:
            self._screen.warn("")
            return "q"
        letter = line.strip()[:1] or "?"
        return letter.lower() if letter in SAME_IN_BOTH_CASES else letter


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
