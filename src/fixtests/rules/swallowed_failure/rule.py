"""FT503: a broad `except` hides that an assertion failed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Rule


class SwallowedFailure(Rule):
    """A broad `except` hides that an assertion failed.

    ## What it does
    Looks for `except Exception`, `except BaseException`, a bare `except` and
    `contextlib.suppress` of these around assertions, in tests and their helpers,
    where nothing comes of what was caught but a message in the log, `pass`,
    `continue`, `break` or a return of nothing. It leaves alone what only calls
    the service: whether an error of it matters there, only the author knows. It
    leaves alone polls and searches, a `try` with an `else`, what another handler
    of the same `try` decides on, what is caught while another error is under
    way, stand-ins, and blocks with a comment that says why failures do not
    matter.

    ## Why is this bad?
    A failed assertion is an `Exception`, too: the test goes on after it, and
    passes, whatever the service does (CWE-703).

    ## Fix safety
    There is no fix: whether the error is expected, and which one, only the
    author knows. Let it fail, name the exception, or use `assertRaises`.
    """

    code = "FT503"
    cwe = (390, 391, 396, 703, 755)
    absent = "no `except` hides an error: what is raised fails the test"
    applicability = Applicability.DISPLAY
    default = False
    needles = (re.compile(rb"\b(?:except|suppress)\b"),)
    visits = (ast.ExceptHandler, ast.With, ast.AsyncWith)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the handler, or the `suppress`, that hides a failure."""
        from fixtests.rules.swallowed_failure import deciding

        return deciding.of_handler(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the handlers that are not flagged."""
        from fixtests.rules.swallowed_failure import judging

        return judging.of_handler(node, context)
