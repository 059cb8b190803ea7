"""FT202: all that a test asserts stands in a loop that an empty list never enters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Applicability, Finding, Judged, Span
from fixtests.rules.api import Context, Editor, Rule


class UncheckedLoop(Rule):
    """All that a test asserts stands in a loop over a fetched list.

    ## What it does

    Finds tests whose only assertions stand in a `for` over a list that came
    from a client call, an HTTP body, a query or a helper that returns one, and
    that may be empty as far as the test shows. The fix asserts before the loop
    that it is not, with the words that `unguarded-index` has.

    ## Why is this bad?

    Where the list is empty, the test asserts nothing and passes. A loop that asserts
    only that none of its items is one that was seen before, such as one that was
    deleted, is left alone: an empty list is right there.

    ## Fix safety

    The fix is unsafe: a test that passes with an empty list fails with it.
    That is what it is for, but an empty list may be right. Where there is no
    test's `self`, the finding is only reported, and so it is where the assertions
    stand under a condition inside of the loop: a list that holds other things alone
    would pass the guard.
    """

    code = "FT202"
    subject = "Check fetched lists before they are looped over"
    cwe = (670, 754)
    absent = "no test asserts only in a loop over a fetched list"
    applicability = Applicability.UNSAFE
    default = False
    needles = (re.compile(rb"\bfor\b"), re.compile(rb"\bdef\b"))
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield each loop over a list that may be empty, where all assertions stand in such."""
        from fixtests.rules.unchecked_loop import deciding

        return deciding.of_function(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the loops over lists that are known not to be empty, and others."""
        from fixtests.rules.unchecked_loop import judging

        return judging.of_function(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Name the list where that is needed, and assert that it is not empty."""
        data = finding.data
        if data["assignment"]:
            edit.insert_before(data["assignment"], below_comment=True)
            edit.insert_before(data["guard"], below_comment=True)
            edit.replace(data["name"], Span(*data["replaced"]))
        elif data["after"]:
            edit.insert_after(data["guard"])
        else:
            edit.insert_before(data["guard"])
