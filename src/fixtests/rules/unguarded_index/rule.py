"""FT201: lists that were fetched are indexed without a check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Finding, Judged, Span
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing

INDEX = re.compile(rb"\[\s*+(?:-\s*+)?\d++\s*+\]")


class UnguardedIndex(Rule):
    """Lists that were fetched are indexed without a check.

    ## What it does

    Finds lists that came from a client call, an HTTP body, a query or a helper
    that returns one, and that are indexed although nothing says how long they
    are. The guard is put where the list is fetched or first used and demands
    the highest index that is reached on every path from there. Left alone is a list
    of which the test counts what is made of each item.

    ## Why is this bad?

    An empty list ends the test in an `IndexError` that says nothing about what
    was expected. An assertion fails with the list's length, at the place where
    the expectation stands.

    ## Fix safety

    The assertion is safe: it holds whenever the index does. That of a list which `setUp` keeps
    stands in the test that indexes it, not in `setUp`, where it would end all other tests of the
    class, too; where several tests index it, it is unsafe, since one assertion in `setUp` may do.
    Where a call is indexed directly, its result must get a name first, which runs the call
    before the rest of the statement: that fix is safe where the call is what
    the statement runs first, else unsafe, and so it is for the list of a fake client,
    which somebody wrote down. Where there is no test's `self`, or no place for a
    statement, the finding is only reported, and so it is where the length is asserted
    further down: that assertion belongs above the index. So it is, too, for the list of a key
    where the index is not always reached: the key may be missing then.
    """

    code = "FT201"
    subject = "Check fetched lists before they are indexed"
    cwe = (129, 754)
    absent = "no fetched list is indexed without a check of its length"
    needles = (INDEX, re.compile(rb"\bdef\b"))
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield one finding for each guard that a function needs."""
        span = context.source.span(node)
        if INDEX.search(context.source.utf8, span.start, span.end) is None:  # as in most functions
            return iter(())
        from fixtests.rules.unguarded_index import deciding

        return deciding.of_function(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the indexes of a function that need no guard, and those of what nobody knows."""
        from fixtests.rules.unguarded_index import judging

        return judging.of_function(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Name the list where that is needed, and assert that it is long enough."""
        data = finding.data
        if "assignment" in data:
            edit.insert_before(data["assignment"], below_comment=True)
            edit.insert_before(data["guard"], below_comment=True)
            edit.replace(data["replacement"], Span(*data["replaced"]))
        elif data["replaced"]:
            edit.replace(data["guard"], Span(*data["replaced"]))
        elif data["after"]:
            edit.insert_after(data["guard"])
        else:
            edit.insert_before(data["guard"], below_comment=data["heads"])

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return the mutant in which the list is empty."""
        from fixtests.rules.unguarded_index import mutants

        return mutants.of_guard(standing)
