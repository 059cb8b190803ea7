"""FT603: an assertion whose expected value comes second."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Rule


class SwappedAssertion(Rule):
    """An assertion has its expected value second.

    ## What it does
    Finds `assertEqual(observed, literal)` in classes of testtools, whose
    `assertEqual(expected, observed)` takes the expected value first; so do
    oslotest's and tempest's. A literal is a constant, a signed number, or a
    tuple, list, dict or set of literals. The fix swaps the two. `assertIs`,
    `assertDictEqual`, `assertListEqual`, `assertTupleEqual`, `assertSetEqual`,
    `assertCountEqual` and `assertItemsEqual` are treated alike: a failure of
    theirs, too, shows which value came first. `assertNotEqual` has no expected
    value, and its failure does not tell the two apart. A constant in capital
    letters counts where it is one of Python's own, as `HTTPStatus.OK`, or the tree shows
    that it is a literal, which its module or class binds once. Any other one in the
    second place is reported only, and so are the literals of its test then: all
    assertions of a test are swapped, or none. That holds as well where a test compares
    what it observes with a computed value in the second place, as `edge.target_id, host`
    beside `edge.label, 'on'`: of two computed values the second is taken for the expected one,
    as beside them, unless the first is called expected, written down, calculated, or was there
    before the second one was read. `None` is reported only, and so are `True` and `False` but
    in `assertIs`, where they are swapped: linters of some projects refuse `assertEqual(True, ...)`
    and `assertIs(None, ...)`, and `assertIsNone` says more than `==` does.

    Left alone are classes of plain unittest, where either order is in use,
    values that are both literals or both none, a first value that is called
    expected, keyword arguments, and assertions that the tree defines itself.

    ## Why is this bad?
    A failure says `reference = 3, actual = 2` where the test got 3 and wanted 2.
    Whoever reads the log looks for the defect on the wrong side.

    ## Fix safety
    Safe, because a literal runs no code: what is evaluated, and in which order,
    stays. `==` of Python's own types leaves it to the other side whenever that is
    of another type, so the comparison runs the same method as before. The fix is not
    offered where a comment stands between the arguments of one of a test's assertions,
    or where a line of one of them would get too long. An assertion that is to fail, in a `with`
    that looks at the exception, is left alone.
    """

    code = "FT603"
    subject = "Put expected values first"
    cwe = (683,)
    severity = "recommendation"
    absent = "no assertion has its expected value second"
    default = False
    needles = (re.compile(rb"\bassert(?:Equals?|Is|(?:Dict|List|Tuple|Set|Count|Items)Equal)\b"),)
    visits = (ast.Call,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield an assertion with a plain value in the second place only."""
        from fixtests.rules.swapped_assertion import deciding

        return deciding.of_call(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the assertions with their expected value first, and those of computed ones."""
        from fixtests.rules.swapped_assertion import judging

        return judging.of_call(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Swap the two values."""
        edit.exchange(finding.data["first"], finding.data["second"])
