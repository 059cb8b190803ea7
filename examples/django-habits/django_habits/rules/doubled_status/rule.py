"""DT102: a status is asserted, and by the next assertion as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django_habits import responses
from fixtests.api import Applicability, Context, Editor, Finding, Rule

SPEAKS = re.compile(r"status|\b[1-5]\d\d\b|\bOK\b", re.IGNORECASE)


class DoubledStatus(Rule):
    """A status is asserted, and by the next assertion as well.

    ## What it does

    Flags `assertEqual(response.status_code, 200)` where the next statement is an `assertContains`,
    `assertNotContains` or `assertRedirects` of the same response that expects the same status, and
    takes it away.

    ## Why is this bad?

    The second assertion looks at the status first. Where it is another one, Django's message says
    so, and what was expected; the line above it only stops the test earlier, with less to read.

    ## Fix safety

    Safe where the method is Django's own. Left where a class of the tree has a method of that name,
    where the first assertion has a message, where a comment beside it speaks of the status, and
    where it is a paragraph of its own.
    """

    code = "DT102"
    needles = (re.compile(rb"status_code"), re.compile(rb"assert(?:Not)?Contains|assertRedirects"))
    visits = (ast.Expr,)
    subject = "Assert a status once"

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding for a status that the next statement asserts, too."""
        first = responses.status_of(node)
        if first is None or first.method != "assertEqual":
            return
        block = responses.block_of(node, context)
        following = block[block.index(node) + 1 :][:1] if node in block else ()
        for statement in following:
            second = responses.status_of(statement)
            if second is None or second.method == "assertEqual":
                return
            if (first.response, first.number) != (second.response, second.number):
                return
            if not responses.is_djangos(node, second.method, context):
                return
            said = f"`{second.method}` looks at the status of `{first.response}` right after, too"
            obstacle = _obstacle(node, statement, context)
            kind = Applicability.DISPLAY if obstacle else Applicability.SAFE
            yield context.finding(node, f"{said}{obstacle}", kind)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Take the first assertion away; what is above it is about the next one as well."""
        edit.remove(finding.span, alone=True)


def _obstacle(node: ast.stmt, following: ast.stmt, context: Context) -> str:
    """Return what stands in the way of taking an assertion away, and what to do."""
    first, last = node.lineno, node.end_lineno or node.lineno
    behind = context.source.line(last).decode().partition("#")[2]
    above = context.source.line(first - 1).decode().strip()
    if behind or (above.startswith("#") and SPEAKS.search(above)):
        return "; a comment speaks of it; take both away by hand"
    if following.lineno > last + 1 and (not above or above.startswith("#")):
        return "; it stands in lines of its own; take them away by hand"
    return ""
