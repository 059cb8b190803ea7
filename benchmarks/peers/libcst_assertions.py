"""The migration `specific_assertions` as a LibCST command; nothing doubts what an operator does."""

import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand

TRUTHS = {"assertTrue": True, "assertFalse": False}
METHODS: dict[type[cst.BaseCompOp], tuple[str, str]] = {
    cst.Equal: ("assertEqual", "assertNotEqual"),
    cst.NotEqual: ("assertNotEqual", "assertEqual"),
    cst.In: ("assertIn", "assertNotIn"),
    cst.NotIn: ("assertNotIn", "assertIn"),
    cst.Is: ("assertIs", "assertIsNot"),
    cst.IsNot: ("assertIsNot", "assertIs"),
    cst.GreaterThan: ("assertGreater", "assertLessEqual"),
    cst.GreaterThanEqual: ("assertGreaterEqual", "assertLess"),
    cst.LessThan: ("assertLess", "assertGreaterEqual"),
    cst.LessThanEqual: ("assertLessEqual", "assertGreater"),
}
NONE = {"assertEqual": "assertIsNone", "assertIs": "assertIsNone"}
NONE |= {"assertNotEqual": "assertIsNotNone", "assertIsNot": "assertIsNotNone"}
ASSERTION = m.Call(func=m.Attribute(attr=m.Name()), args=[m.AtLeastN(m.Arg(), n=1)])
INSTANCE = m.Call(func=m.Name("isinstance"), args=[m.Arg(), m.Arg()])


class SpecificAssertions(VisitorBasedCodemodCommand):
    """Calls the assertion that says what is asked."""

    DESCRIPTION = "assertIn(a, b) for assertTrue(a in b), and so on"

    def leave_Call(  # noqa: N802
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        """Rewrite a call of one of the assertions."""
        if not m.matches(original_node, ASSERTION):
            return updated_node
        name = cst.ensure_type(cst.ensure_type(updated_node.func, cst.Attribute).attr, cst.Name)
        first, *rest = updated_node.args
        if name.value in TRUTHS:
            method, values = asked(first.value, TRUTHS[name.value])
        elif name.value in NONE and rest and m.matches(first.value, m.Name("None")):
            method, values = NONE[name.value], [rest.pop(0).value]
        else:
            return updated_node
        if method == name.value or not method:
            return updated_node
        arguments = [first.with_changes(value=value) for value in values]
        if not rest:
            arguments[-1] = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        else:
            arguments = [
                argument.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
                for argument in arguments
            ]
        return updated_node.with_deep_changes(
            updated_node.func, attr=cst.Name(method)
        ).with_changes(args=[*arguments, *rest])


def asked(test: cst.BaseExpression, truth: bool) -> tuple[str, list[cst.BaseExpression]]:
    """Return which assertion asks for a condition or its opposite, and its values."""
    if m.matches(test, m.UnaryOperation(operator=m.Not())):
        inner = cst.ensure_type(test, cst.UnaryOperation).expression
        method, values = asked(inner, not truth)
        return method or ("assertFalse" if truth else "assertTrue"), values or [inner]
    if m.matches(test, INSTANCE):
        values = [argument.value for argument in cst.ensure_type(test, cst.Call).args]
        return "assertIsInstance" if truth else "assertNotIsInstance", values
    if not isinstance(test, cst.Comparison) or len(test.comparisons) > 1:
        return "", []
    target = test.comparisons[0]
    pair = METHODS.get(type(target.operator))
    values = [test.left, target.comparator]
    return (pair[0] if truth else pair[1], values) if pair else ("", [])
