"""One UUID literal of a module, and what may be done with it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum

from fixtests.syntax.queries import Function


class Verdict(Enum):
    """What may be done with a literal before it is known whether its value has a name.

    FIX: name it. NAMED: fix it only where the value has a name anyway.
    HELD: a local names it; fix it only where a class or another module has a name.
    ADVISE: report it. LEAVE: do not report it.
    """

    FIX = "fix"
    NAMED = "named"
    HELD = "held"
    ADVISE = "advise"
    LEAVE = "leave"


OPEN = frozenset((Verdict.FIX, Verdict.NAMED, Verdict.HELD))


@dataclass(frozen=True)
class Literal:
    """One literal; `words` are the identifiers around it, nearest first.

    `named` says that it is what a local with a telling name is bound to, `beside` are the values
    in a list with it.
    """

    node: ast.Constant
    value: str
    verdict: Verdict
    reason: str
    words: tuple[str, ...]
    function: Function | None
    absent: bool = False
    named: bool = False
    beside: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether a name may take its place, if its value has one."""
        return self.verdict in OPEN
