"""FT301: what a test creates and nobody deletes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fixtests.model import Applicability, Finding
from fixtests.rules.api import Context, Editor, Rule
from fixtests.rules.missing_cleanup.cleanups import Cleanup, cleanup_for, in_the_way
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.replies import reply_of, surroundings
from fixtests.syntax.queries import called_name
from fixtests.tree.project import Project


class MissingCleanup(Rule):
    """Resources that a test creates are never deleted.

    ## What it does
    Looks for calls that create a resource (a server, a flavor, an image) whose
    reply nothing in reach deletes: not the test, nor a helper that it is passed
    to, nor the class's other methods, nor whoever the test returns it to. The
    fix registers the deletion right after the creation.

    ## Why is this bad?
    What a test leaves behind meets the next one, and where a test fails half
    way, a deletion at its end does not run. `addCleanup` runs in either case.

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
    cwe = (404, 459, 664, 772)
    aliases = (
        r"stay(?:s|ed)? (?:behind|alive|around)|li(?:ve|fe)s? (?:on|for ?ever)",
        r"(?:gets?|got) rid of|litter\w*|torn down|taken down",
        r"clean(?:ed|ing|s)?[- ]?ups?\b",
        r"clean(?:ed|s)?\b.{0,20}\b(?:up|after)",
        r"tear(?:ing)?[- ]?downs?\b",
        r"(?:never|not|nobody|nothing) .{0,12}(?:delet\w+|remov\w+|destroy\w*|releas\w+|frees?\b)",
        r"leak\w*",
        r"left (?:behind|over|alive|running)",
        r"(?:resource|object|server|instance)s?(?:'s)? (?:lifetime|lifecycle)",
        r"addCleanup",
        r"dispos\w+",
    )
    evidence = re.compile(
        rb"addCleanup\([^\n]*(?:delete|remove|destroy|restore|reset)|delete_\w+\("
    )
    absent = "nothing that is created here is left without a deletion"
    sought = re.compile(rb"\.create_\w+\(")
    needles = (re.compile(rb"\bdef\b"),)
    visits = (ast.Call,)

    def unknown(self, project: Project, options: Any) -> str:
        """Say that no resource is known."""
        if project.profile.resources:
            return ""
        return "no resource is known that tests create; name them as extend-profile.resources"

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for the names of the profile's creating methods, called on something."""
        names = {name for item in project.profile.resources for name in item.create}
        return (_called(frozenset(names)), *self.needles)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the creating call where nobody deletes what it creates."""
        ownership = Ownership.of(context.project)
        if not isinstance(node, ast.Call) or called_name(node) not in ownership.creations.by_name:
            return
        method = context.method_at(node)
        if method is None or not context.works_with_clients:
            return
        holder = context.class_at(method.node)
        owner = ownership.host(holder)
        resource = ownership.creations.match(node, method, owner)
        if resource is None or ownership.creations.makes(method, resource):
            return
        place = surroundings(node, method, owner, context.project, context.parents)
        if place == "nothing" or any(
            ownership.deleted(node, method, item, resource) for item in {holder, owner}
        ):
            return
        reply = reply_of(node, context.parents)
        cleanup = cleanup_for(node, reply, resource, method, owner, ownership)
        reason = in_the_way(reply, place, resource, method, owner, ownership)
        yield self._finding(node, context, resource.name, cleanup, reason)

    def _finding(
        self, node: ast.Call, context: Context, name: str, cleanup: Cleanup, reason: str
    ) -> Finding:
        message = f"`{ast.unparse(node.func)}` creates {_article(name)} {name} that nothing deletes"
        if not cleanup.statement:
            message = f"{message}; {cleanup.missing or reason}"
            return context.finding(node, message, Applicability.DISPLAY)
        if cleanup.before:
            reason = f"{reason or 'its reply has no id'}; each is deleted where it is looked up"
        message = f"{message}; {reason}" if reason else message
        return context.finding(
            node,
            message,
            Applicability.UNSAFE if reason else Applicability.SAFE,
            anchor=cleanup.before,
            statement=cleanup.statement,
            needed=cleanup.needed,
            before=cleanup.before is not None,
        )

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Register the deletion after the creating statement, or where each one is looked up."""
        if finding.data["before"]:
            edit.insert_before(finding.data["statement"])
        else:
            edit.insert_after(finding.data["statement"])
        if finding.data["needed"]:
            edit.require_import(finding.data["needed"])


@cache
def _called(names: frozenset[str]) -> re.Pattern[bytes]:
    listed = "|".join(sorted(map(re.escape, names))) or "(?!)"
    return re.compile(rf"[.\r\n][ \t\f]*+(?:{listed})\b".encode())


def _article(noun: str) -> str:
    return "an" if noun[0].lower() in "aeio" else "a"
