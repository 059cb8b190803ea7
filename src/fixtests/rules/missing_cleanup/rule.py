"""FT301: what a test creates and nobody deletes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fixtests.model import Finding, Judged, Span
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.rules.missing_cleanup.verbs import CREATES
from fixtests.tree.project import Project


class MissingCleanup(Rule):
    """Resources that a test creates are never deleted.

    ## What it does
    Looks for calls that create a resource (a server, a flavor, an image) whose
    reply nothing in reach deletes: not the test, nor a helper that it is passed
    to, nor the class's other methods, nor whoever the test returns it to. What
    a test deletes at its end alone is reported as well, and so are the callers
    of a helper that keep what it creates where others delete theirs. What goes
    with something else that is deleted is left alone. The fix registers the
    deletion right after the creation.

    ## Why is this bad?
    What a test leaves behind meets the next one, and where a test fails half
    way, a deletion at its end does not run. `addCleanup` runs in either case.

    This answers a review; it is no convention of OpenStack. In nova's functional
    tests, each of which has a database of its own, people added `addCleanup` for
    what a test creates 37 times in eleven years, where this rule offers 495.

    ## Fix safety
    The fix is safe where the reply is bound to a name or an attribute at the
    top level of a test method or of `setUp`, its client is known to be able to
    delete, and nothing in the test changes what the deletion would meet: an
    expected ERROR, a stopped or forced down service, a stubbed deletion, a
    changed policy, `@mock.patch`. Otherwise it is unsafe, or there is none:
    where the reply is thrown away, nothing names what to delete. The deletion
    is the client's own, which returns at once.
    """

    code = "FT301"
    subject = "Delete what tests create"
    cwe = (404, 459, 664, 772)
    absent = "nothing that is created here is left without a deletion"
    sought = re.compile(rb"\.create_\w+\(")
    needles = (re.compile(rb"\bdef\b"),)
    visits = (ast.Call,)

    def unknown(self, project: Project, options: Any) -> str:
        """Say that no resource is known."""
        if project.profile.resources or project.profile.cleanups.commands:
            return ""
        return "no resource is known that tests create; name them as extend-profile.resources"

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for the names of the profile's creating methods, called on something."""
        names = {name for item in project.profile.resources for name in item.create}
        cleanups = project.profile.cleanups
        orders = bool(cleanups.commands)
        return (_called(frozenset(names), cleanups.derived, orders), *self.needles)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the creating call where nobody deletes what it creates."""
        from fixtests.rules.missing_cleanup import deciding

        return deciding.of_call(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the creations that are deleted, and those that nobody knows how to delete."""
        from fixtests.rules.missing_cleanup import judging

        return judging.of_call(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Register the deletion after the creating statement, or where each one is looked up."""
        for statement in finding.data["statements"]:
            if finding.data["before"]:
                edit.insert_before(statement)
            else:
                edit.insert_after(statement)
        if finding.data["removed"]:
            edit.remove(Span(*finding.data["removed"]))
        if finding.data["needed"]:
            edit.require_import(finding.data["needed"])

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return the mutant that fails right after the creation."""
        from fixtests.rules.missing_cleanup import mutants

        return mutants.of_cleanup(standing)


@cache
def _called(names: frozenset[str], derived: bool, orders: bool) -> re.Pattern[bytes]:
    found = sorted(map(re.escape, names))
    if derived:
        found.append(rf"_*(?:{'|'.join(CREATES)})\w+")
    listed = "|".join(found) or "(?!)"
    ordered = r"|['\" -]create\b" if orders else ""
    return re.compile(rf"[.\r\n][ \t\f]*+(?:{listed})\b{ordered}".encode())
