r"""Ask a mock by its own assertions.

What: `self.assertTrue(m.called)` becomes `m.assert_called()`, `self.assertFalse(m.called)`
and `self.assertEqual(0, m.call_count)` become `m.assert_not_called()`, and
`self.assertEqual(1, m.call_count)` becomes `m.assert_called_once()`, where `m` is a mock:
because a patcher around the test passes it on, `mock.Mock()` and the like make it, `with
mock.patch(...) as m` or `useFixture(fixtures.MockPatch(...)).mock` gives it, a function of the
tree returns one, or it hangs on one.
Why: when it fails, `assertTrue` says "False is not true", the mock's own assertion says which
mock it was and with what it was called. Mock refuses misspelt assertions, whereas a misspelt
attribute of a mock is true.
When to delete: once `git grep -E 'assert(True|False)\(.*\.called\)'` finds nothing but
stand-ins that are no mocks.
What it leaves: other counts than 0 and 1, and assertions that the tree defines itself. It says
of each of the following that it is left: assertions with a message, which the mock's own do not
take; what is not known to be a mock, such as a stand-in of the tree with a flag `called`; a
mock whose `called` or `call_count` the file sets by hand.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.migrate import Codemod
from fixtests.model import Applicability, Finding
from fixtests.reasoning.assertions import EQUAL, TRUTHS, is_own
from fixtests.reasoning.calls import Run
from fixtests.reasoning.mocks import Mocks
from fixtests.rules.api import Context, Editor
from fixtests.syntax.queries import called_name, constant_int, dotted

CALLED, COUNT = "called", "call_count"
COUNTED = {0: "assert_not_called", 1: "assert_called_once"}
UNKNOWN = "nothing shows that it is a mock"
SET = "the file sets `{attr}` of it by hand"
MESSAGE = "it has a message, which the mock's assertion does not take"
COMMENT = "a comment stands in it"


class MockAssertions(Codemod):
    """Decides on one assertion at a time."""

    needles = (re.compile(rb"\.\s*call(?:ed|_count)\b"),)
    visits = (ast.Call,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield an assertion on what a mock noted of its calls."""
        if not isinstance(node, ast.Call):
            return
        found = asked(node)
        if found is None or is_own(node, "", context.module, context.project):
            return
        seen, method = found
        name = ast.unparse(seen.value)
        message = f"`{method}` of `{name}` says what is wanted"
        reason = self.in_the_way(node, seen, context)
        if reason:
            yield context.finding(node, f"{message}; {reason}", Applicability.DISPLAY)
            return
        yield context.finding(node, message, Applicability.SAFE, to=f"{name}.{method}()")

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Call the mock's own assertion."""
        edit.replace(finding.data["to"])

    def in_the_way(self, call: ast.Call, seen: ast.Attribute, context: Context) -> str:
        """Return why an assertion is left, in words; else nothing."""
        method = context.method_at(call)
        if method is None or not Mocks.of(context.project).is_mock(
            seen.value, Run(method, context.class_at(call))
        ):
            return UNKNOWN
        for attr in (CALLED, COUNT):
            if any(_sets(item, attr, seen) for item in context.module.near_word(attr)):
                return SET.format(attr=attr)
        if call.keywords or len(call.args) > (1 if called_name(call) in TRUTHS else 2):
            return MESSAGE
        text = context.source.slice(context.source.span(call))
        return COMMENT if "#" in text else ""


def _sets(node: ast.AST, attr: str, seen: ast.Attribute) -> bool:
    """Tell whether a node sets an attribute of what another one is read of."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == attr
        and isinstance(node.ctx, ast.Store)
        and dotted(node.value) == dotted(seen.value)
    )


def asked(call: ast.Call) -> tuple[ast.Attribute, str] | None:
    """Return the attribute of a mock that an assertion looks at, and the mock's own assertion."""
    name, args = called_name(call), call.args
    if not isinstance(call.func, ast.Attribute) or not args:
        return None
    if name in TRUTHS:
        return _of_truth(args[0], TRUTHS[name])
    if name not in EQUAL or not EQUAL[name] or len(args) < 2:
        return None
    for value, seen in ((args[0], args[1]), (args[1], args[0])):
        match value, seen:
            case ast.Constant(value=bool(truth)), ast.expr():
                return _of_truth(seen, truth)
            case ast.expr(), ast.Attribute(attr="call_count"):
                method = COUNTED.get(constant_int(value) or 0)
                return (seen, method) if method and constant_int(value) is not None else None
    return None


def _of_truth(test: ast.expr, truth: bool) -> tuple[ast.Attribute, str] | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _of_truth(operand, not truth)
        case ast.Attribute(attr="called"):
            return test, "assert_called" if truth else "assert_not_called"
    return None
