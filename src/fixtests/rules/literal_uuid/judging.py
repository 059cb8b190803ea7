"""Literal UUIDs that are not flagged, for those who speak against them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.rules.literal_uuid.names import Names
from fixtests.syntax.queries import walk

HEXADECIMAL = re.compile(r"[0-9a-fA-F]{32}")


def of_module(context: Context) -> Iterator[Judged]:
    """Yield the literals of a module, each with why it may stay."""
    for literal in Names(context.module, context.project).literals.found:
        match context.parents.of(literal.node):
            case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
                told = f"`{name}` names the literal UUID"
                yield context.judged(literal.node, Judgement.RIGHT, told)
                continue
        if not _is_of_decorator(literal.node, context):
            told = f"the literal UUID may stay: {literal.reason or 'it is data'}"
            yield context.judged(literal.node, Judgement.SO, told)
    for node in walk(context.module.tree):
        match node:
            case ast.Constant(value=str(text)) if HEXADECIMAL.fullmatch(text):
                told = f"`{text}` is no UUID with hyphens, which is all that the rule judges"
                yield context.judged(node, Judgement.OPEN, told)


def _is_of_decorator(node: ast.AST, context: Context) -> bool:
    """Tell whether a literal stands in a decorator, where it is the name of a test."""
    function = context.parents.function(node)
    above = context.parents.statement(node)
    return isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef) and above is not function
