"""FT502: tests that claim a failure which they do not assert."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from fixtests.model import Applicability, Finding, Judged, Span
from fixtests.reasoning.words import snake_case
from fixtests.rules.api import Context, Rule
from fixtests.syntax.queries import is_function
from fixtests.tree.project import Project


class UnassertedFailure(Rule):
    """A test claims a failure that it does not assert.

    ## What it does
    Finds tests whose name, docstring or comments say that something fails, is
    rejected or raises an exception, and that assert nothing of the kind: no
    exception, fault, status code, ERROR state, failed record or event, and
    nothing that is false, empty or absent, in the test or in the helpers that
    it calls. A name that ends in `_error` or `_failure` counts only where the
    test asserts nothing at all, since it may be about an error that is dealt
    with. Tests that are switched off are left alone.

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
    needles = (
        re.compile(
            rb"(?i)fail|raise|error|exception|reject|refuse|denied|forbidden|conflict"
            rb"|result(s|ing)?\s|\bends?\s"
        ),
    )
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for what claims a failure, the exceptions of the profile among it."""
        return _claiming(project.profile.words.failures)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a test that claims a failure and asserts none."""
        from fixtests.rules.unasserted_failure import claims, failures

        project, owner = context.project, context.class_at(node)
        named = project.profile.words.failures
        if not is_function(node) or not node.name.startswith("test") or owner is None:
            return
        if context.parents.of(node) is not owner.node or not project.is_test(context.source.path):
            return
        claim, method = claims.claim(node, context.source, named), context.method_at(node)
        if claim is None or method is None or failures.is_switched_off(node, owner.node):
            return
        if failures.asserted(method, owner, project):
            return
        if claim.vague and failures.asserts_anything(method, owner, project):
            return
        offered = ", ".join(f"`{name}`" for name in failures.offered(owner, project))
        told = f"line {claim.row} says {claim.words!r}, but the test asserts no failure; "
        advice = f"assert it ({offered}) or correct the claim"
        start = context.source.span(node).start
        yield context.finding(
            node,
            told + advice,
            Applicability.DISPLAY,
            span=Span(start, start + len(context.source.line(node.lineno).strip())),
        )

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield a test by whether it asserts a failure."""
        from fixtests.rules.unasserted_failure import judging

        return judging.of_function(node, context)


@cache
def _claiming(failures: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    (general,) = UnassertedFailure.needles
    names = "|".join(re.escape(snake_case(name)) for name in failures) or "(?!)"
    return (re.compile(general.pattern + f"|{names}".encode()),)
