"""FT602: tests of more lines than one can keep in mind, with the phases that they fall into."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Editor, Rule
from fixtests.syntax.queries import Function, is_function

if TYPE_CHECKING:
    from fixtests.rules.long_test.extraction import Extraction
    from fixtests.rules.long_test.phases import Described


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
    The fix is unsafe, since only an author knows whether a phase is worth a
    name; a regression test is one scenario by design. It moves one phase into
    a method before the test, where that makes the test short enough and where
    what flows is certain: few names in and out, all of them bound on every
    path, no return out of it, no function that remembers variables, and a name
    for the method that stands nowhere in the tests of the tree.

    ## Options
    `max-lines`: how many lines a test may have, 100 by default.
    """

    code = "FT602"
    cwe = (1080, 1120, 1121)
    absent = "no test is longer than `max-lines`"
    applicability = Applicability.UNSAFE
    default = False
    needles = (re.compile(rb"\bdef\s+test_"),)
    visits = (ast.FunctionDef, ast.AsyncFunctionDef)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding at a test that is too long."""
        from fixtests.rules.long_test import length

        limit = context.options.max_lines
        if not is_function(node) or not length.is_long(node, limit):
            return
        if not context.project.is_test(context.source.path):
            return
        listed = length.listed(context.module, context.project, limit)
        if node not in listed:
            return
        found, size = listed[node], length.size(node)
        told = "; ".join(_told(item) for item in found)
        message = f"`{node.name}` has {size} lines, more than {limit}"
        span = context.head(node)
        move = _move(node, found, context, size)
        phases = "nothing divides it into phases"
        if len(found) > 1:
            phases = f"it has {len(found)} phases: {told}"
        if move is None:
            message = f"{message}; {phases}"
            finding = context.finding(node, message, Applicability.DISPLAY, span=span)
        else:
            can = f"lines {move.first}-{move.last} can be a method"
            message = f"{message}; {can}: look, and run it; {phases}"
            finding = context.finding(
                node, message, Applicability.UNSAFE, span=span, **dataclasses.asdict(move)
            )
        yield dataclasses.replace(finding, anchor=span)  # so that only a comment up here silences

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Say how long a function is."""
        from fixtests.rules.long_test import judging

        return judging.of_function(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Move a phase into a method."""
        edit.extract(**finding.data)


def _move(
    test: Function, found: Sequence[Described], context: Context, size: int
) -> Extraction | None:
    """Return how to move the longest phase that can be, where the test is short enough then."""
    from fixtests.rules.long_test import length, naming
    from fixtests.rules.long_test.extraction import extraction

    limit, owner = context.options.max_lines, context.class_at(test)
    if owner is None:
        return None
    order = sorted(range(len(found)), key=lambda index: -found[index].phase.size)
    for index in order if len(found) > 1 else ():
        if not naming.is_told(found[index].phase.comment):
            continue  # one statement of many does not say what they are for
        if size - found[index].phase.size + 1 > limit:
            break
        reads = length.reads_of(test, owner, context.project)
        move = extraction(test, found, index, reads, context.source, context.line_length)
        if move and length.is_free(found[index].name, owner, context.project, limit):
            return move
    return None


def _told(item: Described) -> str:
    rows = f"lines {item.phase.first}-{item.phase.last}"
    return f"{rows}, from {item.phase.edge.words}: `{item.call}`"
