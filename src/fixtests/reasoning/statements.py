"""Where statements stand, how they are left, and which of them always do what they may do."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum, auto

from fixtests.syntax.queries import constant_int, dotted


@dataclass(frozen=True)
class Place:
    """A statement in its block."""

    block: list[ast.stmt]
    position: int

    @property
    def statement(self) -> ast.stmt:
        """The statement itself."""
        return self.block[self.position]

    @property
    def previous(self) -> ast.stmt | None:
        """The statement directly before it in the same block."""
        return self.block[self.position - 1] if self.position else None


class Way(Enum):
    """How a block is left, but by its end."""

    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


def runs(node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop's body runs at least once: it goes over what is written there."""
    match node.iter:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return any(not isinstance(item, ast.Starred) for item in items)
        case ast.Call(func=ast.Name(id="range"), args=[count]):
            return (constant_int(count) or 0) > 0
    return False


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Tell whether no exception passes a handler."""
    return handler.type is None or dotted(handler.type) == "BaseException"


def matches_all(pattern: ast.pattern) -> bool:
    """Tell whether a pattern matches whatever there is."""
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
