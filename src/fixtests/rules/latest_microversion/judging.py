"""Versions that are pinned, for those who say that they are not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.reasoning import roles
from fixtests.rules.api import Context
from fixtests.rules.latest_microversion.microversions import VERSION, request
from fixtests.syntax.queries import called_name

PINNED = re.compile(r"(?:[a-z-]+ )?v?\d+\.\d+")


def of_literal(node: ast.AST, context: Context) -> Iterator[Judged]:
    """Yield a literal that asks for a version by its number."""
    match node:
        case ast.Constant(value=str(version)) if PINNED.fullmatch(version):
            asked = request(node, context.module, context.project)
            if asked is not None:
                told = f"`{asked.target}` asks for {version}"
                yield context.judged(node, Judgement.RIGHT, told)
        case ast.Constant(value="latest") if name := _limit(node, context):
            told = f"`{name}` is 'latest', which lets whatever version is newest in"
            yield context.judged(node, Judgement.SO, told)
        case ast.Constant(value="latest") if _is_asserted(node, context):
            told = "an assertion compares 'latest', and asks for no version"
            yield context.judged(node, Judgement.RIGHT, told)
        case ast.Constant(value="latest"):
            told = "that 'latest' is no version which is asked for, as far as can be told"
            yield context.judged(node, Judgement.OPEN, told)


def _is_asserted(node: ast.Constant, context: Context) -> bool:
    """Tell whether a literal is what an assertion compares with something else."""
    call = context.parents.of(node)
    return (
        isinstance(call, ast.Call)
        and node in call.args
        and bool(roles.ASSERTS.match(called_name(call)))
    )


def _limit(node: ast.Constant, context: Context) -> str:
    """Return the name of the attribute by which a literal limits versions, empty for none."""
    match context.parents.of(node):
        case ast.Assign(targets=[ast.Name(id=name)]) if VERSION.search(name):
            return name
    return ""
