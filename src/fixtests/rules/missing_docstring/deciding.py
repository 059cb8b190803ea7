"""Which tests have no docstring, and what one can be made of."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from fixtests.model import Applicability, Finding
from fixtests.reasoning import reflection
from fixtests.rules.api import Context
from fixtests.rules.missing_docstring import (
    asides,
    comments,
    form,
    meaning,
    names,
    siblings,
    writable,
)
from fixtests.rules.missing_docstring.comments import Block
from fixtests.syntax.queries import Function, first_row, is_function
from fixtests.tree.module import Class
from fixtests.tree.project import Project

TESTED = re.compile(r"Test\w*|\w*(?:Test|Tests|TestCase|TestCaseBase|TestBase)")
SERIES = "the comments of other tests of this name and another number are no docstrings"
STEP = "its first comment has the form of steps in other tests"
COPIED = "its first comment opens other tests, too"
DOCUMENTS = ("__doc__", "_testMethodDoc", "shortDescription", "getDescription")
READS = re.compile(
    rb"doc__(?!\s*=[^=])|\b(?:_testMethodDoc|shortDescription|getDescription|getdoc|get_docstring|pydoc"
    rb"|doctest\b)"
)


def of_class(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield the tests of a class that have no docstring."""
    if not isinstance(node, ast.ClassDef) or not context.project.is_test(context.source.path):
        return
    known = context.module.classes.get(node.name)
    owner = known if known and known.node is node else Class(context.module, node)
    tests = [item for item in node.body if is_function(item) and item.name.startswith("test_")]
    tests = [item for item in tests if not _documented(item)]
    if tests and _is_tested(owner, context.project):
        copied = comments.repeated(tests, context.source)
        reader = _reader(context)
        steps = siblings.steps(tests, context.source)
        found = [(it, _finding(it, copied, context, reader, steps)) for it in tests]
        doubtful = {
            siblings.series(test, context.source)
            for test, finding in found
            if finding.message.endswith(meaning.DOUBTFUL)
        } - {None}
        for test, finding in found:
            may_be = finding.applicability is not Applicability.DISPLAY
            if may_be and doubtful and siblings.series(test, context.source) in doubtful:
                message = f"`{test.name}` has no docstring; {SERIES}"
                finding = dataclasses.replace(
                    finding, message=message, applicability=Applicability.DISPLAY
                )
            yield finding


def _finding(
    test: Function,
    copied: Container[str],
    context: Context,
    reader: int | None,
    others: Mapping[str, set[str]],
) -> Finding:
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
        if not reason and siblings.is_step(block.text, test, others):
            reason = STEP
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


def _is_defined_below(block: Block, test: Function) -> bool:
    """Tell whether a definition follows a comment: black and ruff want a blank line there."""
    first = test.body[0]
    return (is_function(first) or isinstance(first, ast.ClassDef)) and (
        first_row(first) == block.last + 1
    )


def _shared(block: Block, test: Function, copied: Container[str], context: Context) -> str:
    """Say that a comment opens other tests, of which it may have been written for another one."""
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
