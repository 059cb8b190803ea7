"""FT101, FT201 and FT401 as Fixit rules; only the last one fixes, none looks at where it stands."""

import re

import libcst as cst
import libcst.matchers as m
from fixit import LintRule

UUID = re.compile(r"['\"][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}['\"]")
FIRST = m.Subscript(slice=[m.SubscriptElement(m.Index(m.Integer("0")))])
MICROVERSION = m.AssignTarget(m.Name("microversion") | m.Attribute(attr=m.Name("microversion")))
LATEST = m.Assign(
    targets=[MICROVERSION], value=m.SimpleString("'latest'") | m.SimpleString('"latest"')
)


class LiteralUuid(LintRule):
    """Finds any string that is a UUID."""

    MESSAGE = "literal UUID"

    def visit_SimpleString(self, node: cst.SimpleString) -> None:  # noqa: N802
        """Report a UUID."""
        if UUID.fullmatch(node.value):
            self.report(node)


class UnguardedIndex(LintRule):
    """Finds any index 0."""

    MESSAGE = "the list may be empty"

    def visit_Subscript(self, node: cst.Subscript) -> None:  # noqa: N802
        """Report an index."""
        if m.matches(node, FIRST):
            self.report(node)


class LatestMicroversion(LintRule):
    """Pins the microversion of any assignment."""

    MESSAGE = "the microversion is 'latest'"

    def visit_Assign(self, node: cst.Assign) -> None:  # noqa: N802
        """Report an assignment and pin its value."""
        if m.matches(node, LATEST):
            self.report(node, replacement=node.with_changes(value=cst.SimpleString("'2.103'")))
