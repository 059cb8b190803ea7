"""DT101: a text is looked for in the content of a response by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from django_habits import responses
from fixtests.api import Applicability, Context, Editor, Finding, Rule

SAYS = {"assertIn": "assertContains", "assertNotIn": "assertNotContains"}


class RawContent(Rule):
    """A text is looked for in the content of a response by hand.

    ## What it does

    Flags `assertIn(text, response.content.decode())` and its like, and writes
    `assertContains(response, text)`, with the status that was asserted before.

    ## Why is this bad?

    Where the page is an error page, the failure shows it whole and says nothing of its status.
    `assertContains` looks at the status first, and decodes as the response says.

    ## Fix safety

    Safe where the test has asserted the status of the response before, which comes from the client
    of the test. Otherwise unsafe: the status is looked at then, which nothing did before.
    """

    code = "DT101"
    needles = (re.compile(rb"\.content\b"), re.compile(rb"assert(?:Not)?In\b"))
    visits = (ast.Expr,)
    subject = "Look for texts in responses as Django does"

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding for a text that is looked for in raw content."""
        match node:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="self"), attr=("assertIn" | "assertNotIn")
                    ),
                    args=[text, content],
                    keywords=[],
                )
            ):
                pass
            case _:
                return
        response = _response(text, content)
        method = SAYS[node.value.func.attr]
        if not response or not responses.is_djangos(node, method, context):
            return
        known = _status_before(node, response, context)
        said = f"the content of `{response}` is searched by hand"
        kind, reason = Applicability.SAFE, ""
        if known is None:
            kind, reason = Applicability.UNSAFE, "; nothing asserts its status before"
        elif not _is_from_client(node, response, context):
            kind, reason = Applicability.UNSAFE, f"; nothing tells where `{response}` comes from"
        status = "" if known in (None, 200) else f", status_code={known}"
        quoted = context.source.slice(context.source.span(text))
        call = f"self.{method}({response}, {quoted}{status})"
        yield context.finding(node.value, f"{said}{reason}", kind, call=call)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Put Django's own assertion in its place."""
        edit.replace(finding.data["call"])


def _response(text: ast.expr, content: ast.expr) -> str:
    """Return the name of the response whose content is searched, empty for anything else.

    A literal has to be of the kind that is searched: bytes in content, a text in what is decoded.
    """
    match content:
        case ast.Attribute(value=ast.Name(id=name), attr="content"):
            kind: type = bytes
        case ast.Call(
            func=ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr="content"), attr="decode"
            ),
            args=[] | [ast.Constant(value="utf-8" | "utf8" | "UTF-8")],
            keywords=[],
        ):
            kind = str
        case _:
            return ""
    return name if isinstance(text, ast.Constant) and isinstance(text.value, kind) else ""


def _before(node: ast.AST, context: Context) -> Iterator[ast.stmt]:
    """Yield the statements that ran before one in its function, the nearest first."""
    inner = node
    while inner is not None and not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
        block = responses.block_of(inner, context)
        if inner in block:
            yield from reversed(block[: block.index(inner)])
        inner = context.parents.of(inner)


def _status_before(node: ast.AST, response: str, context: Context) -> int | None:
    """Return the status that was asserted of a response before, and still is what it was."""
    for statement in _before(node, context):
        known = responses.status_of(statement)
        if known is not None and known.response == response:
            return known.number
        if response in _bound([statement]):
            return None
    return None


def _is_from_client(node: ast.AST, response: str, context: Context) -> bool:
    """Tell whether what was bound to a name last is the answer of the test's client."""
    for statement in _before(node, context):
        if response in _bound([statement]):
            match statement:
                case ast.Assign(targets=[ast.Name()], value=ast.Call(func=function)):
                    return ast.unparse(function).startswith("self.client.")
            return False
    return False


def _bound(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that some statements bind."""
    return {
        item.id
        for statement in statements
        for item in ast.walk(statement)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }
