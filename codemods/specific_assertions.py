"""Assert with the method that says what a test wants.

What: `self.assertTrue(a in b)` becomes `self.assertIn(a, b)`, and likewise `==`, `!=`, `is`,
`is not`, `not in`, `<`, `<=`, `>`, `>=`, `isinstance` and `not`, below `assertTrue` and below
`assertFalse`; `assertEqual(None, x)`, `assertIs(None, x)` and their opposites become
`assertIsNone(x)` and `assertIsNotNone(x)`; `assertEqual(True, a in b)` becomes
`assertIn(a, b)`. Messages stay. The value that seems to be expected comes first, as testtools
and hacking have it: `assertTrue(len(x) == 2)` becomes `assertEqual(2, len(x))`.
Why: when it fails, `assertTrue` says "False is not true", `assertIn` says what was not found
in what. hacking reports these as H203 to H205, H211, H212, H214 and H215, nova as N316, N317,
N334, N338, N355 and N356, and nothing puts them right. Heat did it by hand in 2013, 2016 and
2025 (6c7173ebd, dfcb265ae, a6596603e), Nova in 2014 to 2017 (543a03d438, e34fd54904).
When to delete: once the checks of hacking are switched on in every project that is looked
after.
What it leaves: conditions joined by `and` or `or`, chained comparisons, assertions that the
tree defines itself, and arguments given by a star. It says of each of the following that it
is left: a comparison by `==` in a test of `==` itself, as its name or a class of the tree with
an `__eq__` shows, or where both sides are names; `assertFalse(a < b)` where neither side is
sure to be a number, since `assertGreaterEqual` runs another operator; a comment between the
values. With `--unsafe-fixes` only: `assertEqual(True, x)` to `assertTrue(x)`, which takes
whatever is not empty, and `assertEqual(X, type(y))` to `assertIsInstance(y, X)`, which takes
heirs of X.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.migrate import Codemod
from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning import assertions
from fixtests.reasoning.assertions import Doubt
from fixtests.rules.api import Context, Editor

UNSAFE = frozenset({Doubt.HEIRS, Doubt.TRUTH, Doubt.HOLDER, Doubt.LOOKED_AT})


class SpecificAssertions(Codemod):
    """Decides on one assertion at a time."""

    needles = (
        re.compile(
            rb"\bassert(?:True|False)\s*\(|"
            rb"\bassert(?:Not)?(?:Equals?|Is|IsNot)\s*\(\s*(?:None|True|False|type)\b|"
            rb",\s*(?:(?:None|True|False)\b|type\s*\()"
        ),
    )
    visits = (ast.Call,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield an assertion for which there is a more specific one."""
        if not isinstance(node, ast.Call):
            return
        meant = assertions.meant(node)
        module, project = context.module, context.project
        if meant is None or assertions.is_own(node, meant.method, module, project):
            return
        doubt = meant.doubt or assertions.doubt(node, meant, module, project)
        message = f"`{meant.method}` says what is wanted"
        if doubt is None:
            kind = Applicability.SAFE
        else:
            message = f"{message}; {doubt.value}"
            kind = Applicability.UNSAFE if doubt in UNSAFE else Applicability.DISPLAY
        spans = [context.source.span(item) for item in meant.arguments]
        yield context.finding(node, message, kind, method=meant.method, arguments=spans)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Call the other method."""
        arguments: list[Span] = finding.data["arguments"]
        edit.recast(finding.data["method"], arguments)
