"""FT504: a loop in a test that looks and sleeps until something has happened."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Rule


class HandWrittenWait(Rule):
    """A test waits in a loop of its own.

    ## What it does
    Finds loops in tests, and in what prepares or clears up after them, that look
    at something and sleep until it is as it should be: `while` with a
    condition that changes, and `while` or `for ... in range(...)` that is left
    early. The message names a function of the tree that waits for the same:
    one that the class inherits, or one of its modules or of modules that these
    import. It fetches in the same way, looks at the same key, and waits for the
    thing to be there, or to be gone, as the loop does. Where there is none, it names
    the one that waits for whatever it is told, as `wait_until_true` does, or is looped over,
    as `iterate_timeout` is, if several files of tests call it. One that is asynchronous is
    named for loops that await alone.
    Loops in functions that tests call to wait are left alone, and so are stand-ins, loops
    that repeat an action, an assertion or the test itself, those that only ask whether a
    block around them is through, and those of tests that are skipped whatever is so.

    ## Why is this bad?
    Each such loop has a time limit and a pause of its own, or no limit at all, and its
    own way to fail: often it goes on without a word when the time is over. What
    all tests share is corrected once, for slow machines, say, and says in
    its failure what it waited for.

    ## Fix safety
    There is no fix: what a function of the tree takes, and how long it waits,
    differs from the loop.
    """

    code = "FT504"
    cwe = (1041,)
    severity = "recommendation"
    absent = "no test waits in a loop of its own"
    applicability = Applicability.DISPLAY
    default = False
    needles = (re.compile(rb"\bsleep\b"),)
    visits = (ast.While, ast.For)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a loop of a test that waits."""
        from fixtests.rules.hand_written_wait import deciding

        return deciding.of_loop(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the loops of helpers, which may wait."""
        from fixtests.rules.hand_written_wait import judging

        return judging.of_loop(node, context)
