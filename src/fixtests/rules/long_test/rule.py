"""FT602: tests of more lines than one can keep in mind, with phases that can be methods."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Editor, Rule


@dataclass(frozen=True)
class Options:
    """How many lines a test may have, from its `def` to its last line, literals being one each."""

    max_lines: int = 100

    def __post_init__(self) -> None:
        if isinstance(self.max_lines, bool) or self.max_lines < 1:
            raise ValueError(f"max-lines must be a number above 0, not {self.max_lines!r}")


class LongTest(Rule):
    """Tests have more lines than one can keep in mind.

    ## What it does
    Finds test methods that are longer than `max-lines`, from their `def` to their last line.
    A literal, such as a dict or a text, counts as its first line: what it holds is data, and
    no method makes it shorter. A method that needs arguments, which no decorator gives it, is
    called by tests and is none. Where a comment is a short order, such as `Move the shelf to
    the other wall`, and the statements from it to the next comment have no blank
    line between them, they can be a method of that name. Each such phase is told
    with its lines and with the call that would stand in its place: what it needs
    are the arguments, what is used of it later is the result. No other phase is
    told: a name that says only a part of what it does misleads.

    ## Why is this bad?
    A long test checks several things, and stops at the first that fails. What
    a phase is for, and what it leaves to the next one, is to be found out line
    by line.

    ## Fix safety
    The fix is unsafe, since only an author knows whether a phase is worth a
    name; a regression test is one scenario by design. It moves one phase into
    a method before the test, where that makes the test short enough and where
    what flows is certain: few names in and out, all of them bound on every
    path, no return out of it, no function that remembers variables, and a name
    for the method that stands nowhere in the tests of the tree. A phase that is
    called a check has to assert something, and one that gets something to give it
    back. Of several phases that are alike none is told: one method would serve all. One whose
    steps another test of the class takes, too, is told with the name of that test, and not moved.

    ## Options
    `max-lines`: how many lines a test may have, its literals but for their first lines left out,
    100 by default.
    """

    code = "FT602"
    subject = "Divide long tests"
    cwe = (1080, 1120, 1121)
    severity = "recommendation"
    absent = "no test is longer than `max-lines`"
    applicability = Applicability.UNSAFE
    default = False
    needles = (re.compile(rb"\bdef\s+test_"),)
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding at a test that is too long."""
        from fixtests.rules.long_test import deciding

        return deciding.of_function(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Say how long a function is."""
        from fixtests.rules.long_test import judging

        return judging.of_function(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Move a phase into a method."""
        edit.extract(**finding.data)
