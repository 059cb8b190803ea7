"""FT601: tests without a docstring, some of which say in a comment what they are for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Rule

NAME = re.compile(rb"\bdef\s+test_")


class MissingDocstring(Rule):
    """Tests have no docstring.

    ## What it does
    Finds test methods without a docstring. Where the comment that opens the
    test says what the whole test is for, it becomes the docstring.

    ## Why is this bad?
    Tools show docstrings, and reviewers look for them; a comment in the same
    place, with the same words, is seen by neither. It also reads as if it spoke
    of the next line only.

    ## Fix safety
    A docstring changes nothing that a test does, unless it reads docstrings
    (then the fix is unsafe). The fix is not offered where
    the comment may speak of the first step only, where it opens several tests of the
    class or one in the file of whose name it says other words, where it has the form of steps
    in other tests of the class, or theirs stay whose names differ in a number alone, where it is
    a note, a link, code or a word to a tool, and where its characters would mean something else
    in a string. Lines that go on to speak of the first step, or of data that it writes down,
    stay a comment. A name of the test keeps its small letter.
    No fix either where the comment has no form that the length of a line and
    hacking's checks H401 to H405 allow (H405 counts unless the project's flake8
    ignores it): a shorter first sentence is for somebody to write. In Tempest, whose
    docstrings begin with such lines as `Test creating a server`, one that is made of
    the test's name is offered as an unsafe fix.
    """

    code = "FT601"
    subject = "Turn opening comments into docstrings"
    cwe = (1059,)
    severity = "recommendation"
    absent = "every test has a docstring"
    default = False
    needles = (NAME,)
    visits = (ast.ClassDef,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the tests of a class that have no docstring."""
        from fixtests.rules.missing_docstring import deciding

        return deciding.of_class(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the tests of a class that have a docstring."""
        from fixtests.rules.missing_docstring import judging

        return judging.of_class(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Write the comment as a docstring."""
        edit.promote(finding.data["first"], finding.data["last"], finding.data["text"])
