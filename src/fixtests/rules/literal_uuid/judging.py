"""Literal UUIDs that are not flagged, for those who speak against them."""

from __future__ import annotations

from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.rules.literal_uuid.names import Names


def of_module(context: Context) -> Iterator[Judged]:
    """Yield the literals of a module, each with why it may stay."""
    for literal in Names(context.module, context.project).literals.found:
        if literal.reason:
            told = f"the literal UUID may stay: {literal.reason}"
            yield context.judged(literal.node, Judgement.SO, told)
