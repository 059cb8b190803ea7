"""FT301: what a test creates and nobody deletes."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fixtests.model import Applicability, Finding, Span
from fixtests.rules.api import Context, Editor, Rule
from fixtests.rules.missing_cleanup.cleanups import Cleanup, cleanup_for, in_the_way
from fixtests.rules.missing_cleanup.derived import CREATES
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.partly import deleted_last, deleting_test, keeping_test
from fixtests.rules.missing_cleanup.replies import reply_of, surroundings
from fixtests.syntax.queries import called_name
from fixtests.tree.project import Project

LATER = "a cleanup runs later than its last statement: see that nothing waits for the deletion"
OTHERS = "other tests delete theirs"
TWICE = "see that a second deletion does no harm there"


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
        return (_called(frozenset(names), project.profile.cleanups.derived), *self.needles)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the creating call where nobody deletes what it creates."""
        ownership = Ownership.of(context.project)
        if not isinstance(node, ast.Call):
            return
        name, creations = called_name(node), ownership.creations
        if name not in creations.by_name and not creations.derives(name):
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
        if place == "nothing":
            return
        created = f"`{ast.unparse(node.func)}` creates {_article(resource.name)} {resource.name}"
        last, reason = None, ""
        if any(ownership.deleted(node, method, item, resource) for item in {holder, owner}):
            if test := keeping_test(node, resource, method, owner, ownership):
                told, reason = f"{created} that `{test}` does not delete", OTHERS
            elif not place and (last := deleted_last(node, resource, method, owner, ownership)):
                told, reason = f"{created} that is deleted where the test comes to its end", LATER
            else:
                return
        elif test := deleting_test(node, resource, method, owner, ownership):
            told, reason = f"{created} that only `{test}` deletes", TWICE
        else:
            told = f"{created} that nothing deletes"
        reply = reply_of(node, context.parents)
        cleanup = cleanup_for(node, reply, resource, method, owner, ownership)
        if cleanup.statements and reason in ("", TWICE):
            reason = in_the_way(reply, place, resource, method, owner, ownership) or reason
        yield self._finding(node, context, told, cleanup, reason, last)

    def _finding(
        self,
        node: ast.Call,
        context: Context,
        message: str,
        cleanup: Cleanup,
        reason: str,
        last: ast.stmt | None = None,
    ) -> Finding:
        if not cleanup.statements:
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
            statements=[*cleanup.statements],
            needed=cleanup.needed,
            before=cleanup.before is not None,
            removed=[*dataclasses.astuple(context.source.span(last))] if last else None,
        )

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


@cache
def _called(names: frozenset[str], derived: bool) -> re.Pattern[bytes]:
    found = [*sorted(map(re.escape, names)), *([rf"{CREATES}\w+"] if derived else [])]
    listed = "|".join(found) or "(?!)"
    return re.compile(rf"[.\r\n][ \t\f]*+(?:{listed})\b".encode())


def _article(noun: str) -> str:
    return "an" if noun[0].lower() in "aeio" else "a"
