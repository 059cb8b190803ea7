"""FT601: tests without a docstring, some of which say in a comment what they are for."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from fixtests.model import Applicability, Finding, Judged
from fixtests.reasoning import reflection
from fixtests.rules.api import Context, Editor, Rule
from fixtests.syntax.queries import Function, first_row, is_function
from fixtests.tree.module import Class
from fixtests.tree.project import Project

if TYPE_CHECKING:
    from fixtests.rules.missing_docstring.comments import Block

TESTED = re.compile(r"Test\w*|\w*(?:Test|Tests|TestCase|TestCaseBase|TestBase)")
NAME = re.compile(rb"\bdef\s+test_")
COPIED = "its first comment opens other tests, too"
DOCUMENTS = ("__doc__", "_testMethodDoc", "shortDescription", "getDescription")
READS = re.compile(
    rb"doc__(?!\s*=[^=])|\b(?:_testMethodDoc|shortDescription|getDescription|getdoc|get_docstring|pydoc"
    rb"|doctest\b)"
)


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
    class or one in the file of whose name it says other words, where it is a note, a link,
    code or a word to a tool, and where its characters would mean something else
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
        if not isinstance(node, ast.ClassDef) or not context.project.is_test(context.source.path):
            return
        known = context.module.classes.get(node.name)
        owner = known if known and known.node is node else Class(context.module, node)
        tests = [item for item in node.body if is_function(item) and item.name.startswith("test_")]
        tests = [item for item in tests if not _documented(item)]
        if tests and _is_tested(owner, context.project):
            from fixtests.rules.missing_docstring import comments

            copied = comments.repeated(tests, context.source)
            reader = _reader(context)
            for test in tests:
                yield self._finding(test, copied, context, reader)

    def _finding(
        self, test: Function, copied: Container[str], context: Context, reader: int | None
    ) -> Finding:
        from fixtests.rules.missing_docstring import asides, comments, form, meaning, writable

        message = f"`{test.name}` has no docstring"
        span = context.head(test)
        applicability = Applicability.DISPLAY
        data: dict[str, Any] = {}
        block = comments.leading(test, context.source)
        if block is not None:
            vocabulary = context.project.profile.words
            deeds = vocabulary.deeds
            shared = _shared(block, test, copied, context)
            block, *steps = block.divided(asides.own_lines(block, test, deeds))
            steps += comments.others(test, context.source)
            reason = writable.unfit(block, test) or shared or asides.said(block, test)
            reason = reason or meaning.unlike(block, test, steps, deeds)
            place = context.layout, len(block.indent)
            if not reason and form.are_phrases(block.lines, *place):
                reason = "its comment has several phrases on lines of their own; join them"
            text = None
            if not reason:
                spelled = asides.own_names(test, vocabulary.things)
                text = form.docstring(block.lines, *place, spelled)
            if text is not None:
                applicability, reason = Applicability.SAFE, "its first comment says what it is for"
                if reader:
                    applicability = Applicability.UNSAFE
                    reason = f"{reason}, but line {reader} may read docstrings or code"
            elif not reason:
                reason = "the first sentence of its comment is too long for a summary line"
                titles = context.project.profile.titles
                text = form.titled(block.lines, test.name, *place) if titles else None
                if text is not None:
                    applicability = Applicability.UNSAFE
                    reason = f"{reason}; the test's name would be one; reword it"
            message = f"{message}; {reason}"
            if text is not None and _is_defined_below(block, test):
                text += "\n\n"
            data = {"first": block.first, "last": block.last, "text": text}
        found = context.finding(test, message, applicability, span=span, **data)
        return dataclasses.replace(found, anchor=span)  # so that only a comment up here silences

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the tests of a class that have a docstring."""
        from fixtests.rules.missing_docstring import judging

        return judging.of_class(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Write the comment as a docstring."""
        edit.promote(finding.data["first"], finding.data["last"], finding.data["text"])


def _is_defined_below(block: Block, test: Function) -> bool:
    """Tell whether a definition follows a comment: black and ruff want a blank line there."""
    first = test.body[0]
    return (is_function(first) or isinstance(first, ast.ClassDef)) and (
        first_row(first) == block.last + 1
    )


def _shared(block: Block, test: Function, copied: Container[str], context: Context) -> str:
    """Say that a comment opens other tests, of which it may have been written for another one."""
    from fixtests.rules.missing_docstring import comments, names

    text = block.text.lower()
    others = comments.opens_in_turn(block, context.module.tree, context.source) - {test.name}
    fits = all(names.fits_both(text, test.name, name) for name in others)
    return "" if fits and text not in copied else COPIED


def _reader(context: Context) -> int | None:
    """Return the row where a file, a decorator in it for one, may look at docstrings or code."""
    module = context.module
    calls = (reflection.asked_by_text(module, name, unknown=False) for name in DOCUMENTS)
    asked = [call.lineno for found in calls for call in found]
    compiled = reflection.reads_code(module)
    return min([*module.rows(READS), *asked, *([compiled] if compiled else [])], default=None)


def _documented(test: Function) -> bool:
    first = test.body[0]
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant | ast.JoinedStr)
        and isinstance(getattr(first.value, "value", ""), str)
    )


def _is_tested(owner: Class, project: Project) -> bool:
    """Tell whether tests of a class run: its own name or that of a base or an heir says so."""
    return any(
        TESTED.fullmatch(item.name.rpartition(".")[2]) for item in project.mro(owner)
    ) or any(project.is_test_case(item) for item in project.subclasses(owner))
