"""Compare lengths with the assertion that shows both sides.

What: `self.assertTrue(len(x) > 0)` becomes `self.assertGreater(len(x), 0)`, and
likewise `>=`, `<` and `<=`; messages and comments stay. Calls that compare for
equality, chain comparisons, or do not compare a length are left alone.
Why: when it fails, `assertTrue` says "False is not true", `assertGreater` says
"0 not greater than 0". Tempest did this by hand in 2016 (c9f38b83b, 080dcfbe0).
When to delete: once `git grep -F 'assertTrue(len('` finds nothing and the
project's hacking checks refuse new ones.
"""

import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand

Ordering = cst.GreaterThan | cst.GreaterThanEqual | cst.LessThan | cst.LessThanEqual
ASSERTIONS = {
    cst.GreaterThan: "assertGreater",
    cst.GreaterThanEqual: "assertGreaterEqual",
    cst.LessThan: "assertLess",
    cst.LessThanEqual: "assertLessEqual",
}
LENGTH = m.Call(func=m.Name("len"), args=[m.Arg(keyword=None, star="")])
ASSERTED = m.Call(
    func=m.Attribute(value=m.Name("self"), attr=m.Name("assertTrue")),
    args=[m.Arg(keyword=None, star=""), m.AtMostN(n=1)],
)


class AssertLengthIdiom(VisitorBasedCodemodCommand):
    """Rewrites one call at a time, from the inside out."""

    DESCRIPTION = "assertTrue(len(x) > n) to assertGreater(len(x), n)"

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        """Replace the assertion and split its comparison into two arguments."""
        if not m.matches(updated_node, ASSERTED):
            return updated_node
        first, *message = updated_node.args
        parts = split(first)
        if parts is None:
            return updated_node
        name, sides = parts
        assertion = updated_node.func.with_changes(attr=cst.Name(name))
        return updated_node.with_changes(func=assertion, args=[*sides, *message])


def split(argument: cst.Arg) -> tuple[str, list[cst.Arg]] | None:
    """Return the assertion for a comparison of a length, and its two sides as arguments."""
    test = argument.value
    if not isinstance(test, cst.Comparison) or test.lpar or len(test.comparisons) != 1:
        return None
    operator, right = test.comparisons[0].operator, test.comparisons[0].comparator
    if not isinstance(operator, Ordering):
        return None
    if not (m.matches(test.left, LENGTH) or m.matches(right, LENGTH)):
        return None
    space = operator.whitespace_after
    if isinstance(operator.whitespace_before, cst.ParenthesizedWhitespace):
        if isinstance(space, cst.ParenthesizedWhitespace):
            return None  # comments on both sides of the operator: a person's to place
        space = operator.whitespace_before
    if isinstance(space, cst.SimpleWhitespace) and not space.value:
        space = cst.SimpleWhitespace(" ")
    left = cst.Arg(test.left, comma=cst.Comma(whitespace_after=space))
    return ASSERTIONS[type(operator)], [left, argument.with_changes(value=right)]
