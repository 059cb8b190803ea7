"""FT602: tests of more lines than one can keep in mind, with the phases that they fall into."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.analysis.phases.phases import Described, described, phases
from fixtests.model import Applicability, Finding
from fixtests.project.module import Class
from fixtests.rule import Context, Rule
from fixtests.syntax import is_function


@dataclass(frozen=True)
class Options:
    """How many lines a test may have, from its `def` to its last line."""

    max_lines: int = 100

    def __post_init__(self) -> None:
        if isinstance(self.max_lines, bool) or self.max_lines < 1:
            raise ValueError(f"max-lines must be a number above 0, not {self.max_lines!r}")


class LongTest(Rule):
    """Tests have more lines than one can keep in mind.

    ## What it does
    Finds test methods that are longer than `max-lines`, from their `def` to
    their last line, and tells the phases that they fall into: runs of
    statements that begin at a comment or a blank line, or after a wait or a
    run of assertions. Each is told with its lines and with the call that would
    stand in its place if it were a method: what it needs are the arguments,
    what later phases use of it is the result.

    ## Why is this bad?
    A long test checks several things, and stops at the first that fails. What
    a phase is for, and what it leaves to the next one, is to be found out line
    by line.

    ## Fix safety
    There is no fix. A regression test is one scenario by design, and only its
    author knows whether a phase is worth a name.

    ## Options
    `max-lines`: how many lines a test may have, 100 by default.
    """

    code = "FT602"
    default = False
    needles = (re.compile(rb"\bdef\s+test_"),)
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding at a test that is too long."""
        if not is_function(node) or not node.name.startswith("test_"):
            return
        size = (node.end_lineno or node.lineno) - node.lineno + 1
        if size <= context.options.max_lines or not isinstance(
            context.parents.of(node), ast.ClassDef
        ):
            return
        if not context.project.is_test(context.source.path):
            return
        owner = context.class_at(node)
        order = context.project.mro(owner) if owner else ()
        methods = {name for item in order if isinstance(item, Class) for name in item.methods}
        found = described(node, phases(node, context.source), methods)
        told = "; ".join(_told(item) for item in found)
        message = f"`{node.name}` has {size} lines, more than {context.options.max_lines}"
        if len(found) > 1:
            message = f"{message}, in {len(found)} phases: {told}"
        else:
            message = f"{message}, and nothing divides it into phases"
        span = context.head(node)
        finding = context.finding(node, message, Applicability.DISPLAY, span=span)
        yield dataclasses.replace(finding, anchor=span)  # so that only a comment up here silences


def _told(item: Described) -> str:
    rows = f"lines {item.phase.first}-{item.phase.last}"
    return f"{rows}, from {item.phase.edge.words}: `{item.call}`"
