"""FT101 and FT401 as one LibCST command; nothing decides whether a place should be left alone."""

import re

import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor

UUID = m.SimpleString(
    value=m.MatchRegex(re.compile(r"['\"][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}['\"]"))
)
MICROVERSION = m.AssignTarget(m.Name("microversion") | m.Attribute(attr=m.Name("microversion")))
LATEST = m.Assign(
    targets=[MICROVERSION], value=m.SimpleString("'latest'") | m.SimpleString('"latest"')
)


class TestIdioms(VisitorBasedCodemodCommand):
    """Names literal UUIDs and pins the microversion, in one pass over each file."""

    DESCRIPTION = "uuids.placeholder for literal UUIDs, '2.103' for the microversion 'latest'"

    def visit_Module(self, node: cst.Module) -> None:  # noqa: N802
        """Forget the last file."""
        self.named = False

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:  # noqa: N802
        """Leave out the parts of strings: a name is no part."""
        return False

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        """Name a literal UUID and import, once in a file, what the name needs."""
        if not m.matches(original_node, UUID):
            return updated_node
        if not self.named:
            self.named = True
            AddImportsVisitor.add_needed_import(
                self.context, "oslo_utils.fixture", "uuidsentinel", asname="uuids"
            )
        return cst.Attribute(cst.Name("uuids"), cst.Name("placeholder"))

    def leave_Assign(  # noqa: N802
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.Assign:
        """Pin a microversion."""
        if not m.matches(original_node, LATEST):
            return updated_node
        return updated_node.with_changes(value=cst.SimpleString("'2.103'"))
