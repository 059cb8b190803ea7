"""Names of hosts that are not flagged, for those who speak against them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from fixtests.model import Judged, Judgement
from fixtests.rules.api import Context
from fixtests.syntax.queries import walk

LIKE_HOST = re.compile(
    r"(?:[a-z]+[-_])?(?:host|node|compute|cmp|hv)(?:[-_.]?\w*\d[\w.-]*|[-_](?:a|b|c|one|two|src|dest))"
    r"|[a-z]+[-_]?host"
    r"|(?:[a-z][\w-]*\.)+(?:org|com|net|test|local|localdomain|example|invalid)\.?",
    re.IGNORECASE,
)

DOTTED = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]+)+\.?")  # where it stands twice


def of_module(context: Context) -> Iterator[Judged]:
    """Yield the strings of a module that look like the name of a host."""
    nodes = walk(context.module.tree)
    written = Counter(item.value for item in nodes if isinstance(item, ast.Constant))
    for node in nodes:
        match node:
            case ast.Constant(value=str(name)) if LIKE_HOST.fullmatch(name) or (
                written[name] > 1 and DOTTED.fullmatch(name)
            ):
                once = written[name] == 1
                told = f"`{name}` is written out; the rule leaves what is said once, or means more"
                told = f"`{name}` is written out here alone" if once else told
                yield context.judged(node, Judgement.HALF if once else Judgement.SO, told)
