"""Which loops wait for something, and what could."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.hand_written_wait import loops, usual, waits
from fixtests.rules.hand_written_wait.styles import Style
from fixtests.tree.project import Project


def of_loop(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield a loop of a test that waits."""
    path, method = context.source.path, context.method_at(node)
    if not isinstance(node, ast.While | ast.For) or method is None or method.owner is None:
        return
    if not context.project.is_test(path) or context.project.is_data(path):
        return
    own = context.parents.function(node) is method.node
    if not own or not _is_of_a_test(method.name, context.project) or not loops.polls(node):
        return
    if loops.asks_block(node, method.node):
        return
    if roles.is_skipped(method.node, context.parents.of(method.node)):
        return
    found = waits.fitting(node, method.owner, context.project)
    usually = usual.advice(Style.of_loop(node), context.project)
    ends = "" if loops.ends(node, context.parents.above(node)) else ", without a limit"
    advice = f"call `{found}`" if found else usually or "give it a function that tests can share"
    span = context.source.span(node)
    condition = node.test if isinstance(node, ast.While) else node.iter
    finding = context.finding(
        node,
        f"`{method.name}` waits in a loop of its own{ends}; {advice}",
        Applicability.DISPLAY,
        span=Span(span.start, context.source.span(condition).end),
    )
    yield dataclasses.replace(finding, anchor=finding.span)  # only a comment up here silences


def _is_of_a_test(name: str, project: Project) -> bool:
    """Tell whether a method is a test, what several tests hand their values to, or a set-up."""
    around = roles.preparing(project) | roles.clearing(project)
    return name in around or name.lstrip("_").startswith("test")
