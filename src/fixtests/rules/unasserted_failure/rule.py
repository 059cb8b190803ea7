"""FT502: tests that claim a failure which they do not assert."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Rule
from fixtests.tree.project import Project

CLAIMS = (
    rb"(?i)fail|raise|error|exception|reject|refuse|denied|forbidden|conflict"
    rb"|result(s|ing)?\s|\bends?\s"
)


class UnassertedFailure(Rule):
    """A test claims a failure that it does not assert.

    ## What it does
    Finds tests whose name, docstring or comments say that something fails, is
    rejected or raises an exception, and that assert nothing of the kind: no
    exception, fault, status code, ERROR state, failed record or event, and
    nothing that is false, empty or absent, in the test or in the helpers that
    it calls. A name that ends in `_error` or `_failure` counts only where the
    test asserts nothing at all, since it may be about an error that is dealt
    with, and so does one that names what a mock of the test raises. Tests that are
    switched off are left alone, and those in folders of fixtures, which other tests run.

    ## Why is this bad?
    The test passes whether or not the failure happens. Whoever reads it takes
    the claim for what is tested, also after the behaviour has changed.

    ## Fix safety
    There is no fix: whether the claim or the test is right, only its author
    can tell. The message names the assertions that the test could use.
    """

    code = "FT502"
    cwe = (691, 755)
    absent = "no test claims a failure without asserting one"
    default = False
    applicability = Applicability.DISPLAY
    needles = (re.compile(rb"\bdef\b"),)
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for what claims a failure, the exceptions of the profile among it."""
        return _claiming(project.profile.words.failures)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a test that claims a failure and asserts none."""
        from fixtests.rules.unasserted_failure import deciding

        return deciding.of_function(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield a test by whether it asserts a failure."""
        from fixtests.rules.unasserted_failure import judging

        return judging.of_function(node, context)


@cache
def _claiming(failures: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    from fixtests.reasoning.words import snake_case

    names = "|".join(re.escape(snake_case(name)) for name in failures) or "(?!)"
    return (re.compile(CLAIMS + f"|{names}".encode()),)
