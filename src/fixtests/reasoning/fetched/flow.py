"""The walk over one function for FT201: its blocks where an index may fail, and what it returns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from types import MappingProxyType

from fixtests.reasoning import roles
from fixtests.reasoning.fetched import lengths, reach
from fixtests.reasoning.fetched.dealing import BROAD, FAILURE, INDEX, Blocks
from fixtests.reasoning.fetched.indexing import Checked, Classify, Indexing
from fixtests.reasoning.fetched.known import Fetched, State, roots
from fixtests.reasoning.fetched.uses import Loop, Raising
from fixtests.reasoning.walking import Block
from fixtests.syntax.queries import Function, called_name, walk

NOTHING: Mapping[str, Fetched] = MappingProxyType({})
BINDING = frozenset({ast.Assign, ast.AnnAssign, ast.NamedExpr})


class Flow(Indexing):
    """One walk; afterwards `uses` and `returned` hold what it found, `end` what is known last.

    `kept` is what attributes hold before the function is run.
    """

    def __init__(
        self,
        function: Function,
        classify: Classify,
        checked: Checked,
        names: set[str],
        blocks: Blocks,
        kept: Mapping[str, Fetched] = NOTHING,
    ) -> None:
        super().__init__(classify, checked, names, lru_cache(None)(blocks.expected))
        self._forgives = blocks.forgives
        self._returned: dict[ast.expr, Fetched | None] = {}
        self.end = self.block(function.body, State(sharing={}).keeping(kept))

    @property
    def returned(self) -> list[Fetched | None]:
        """What the function gives back, None where that is no fetched list."""
        return [*self._returned.values()]

    def returns(self, value: ast.expr, state: State) -> None:
        """Note what is given back."""
        found = self._classify(value, state)
        if found is not None:
            found = Fetched(found.kind, max(found.least, state.length(value)))
        if not isinstance(value, ast.Constant):
            self._returned[value] = found

    def inside(self, node: Block, state: State) -> State | None:
        """Walk a block with what it means for an index that fails in it."""
        raising, loop, quiet = self.raising, self.loop, self.quiet
        match node:
            case ast.While():
                self.quiet += 1
            case ast.For() | ast.AsyncFor():
                self.quiet += _polls(node)
                self.loop = self._certain(node, state)
            case ast.With() | ast.AsyncWith():
                self._expect(node, state)
            case ast.Try() | ast.TryStar():
                self.quiet += any(map(self._forgives, node.handlers))
        end = super().inside(node, state)
        self.raising, self.loop, self.quiet = raising, loop, quiet
        return end

    def _certain(self, node: ast.For | ast.AsyncFor, state: State) -> Loop | None:
        after = partial(self.after, places=(*self.places,))
        written = _is_written(node.iter) or self._is_bound_to_written(node.iter, state)
        return Loop(self.place, state, node.body, after) if written and _is_whole(node) else None

    def _is_bound_to_written(self, node: ast.expr, state: State) -> bool:
        """Tell whether a local still holds what is written in an assignment above."""
        match node:
            case ast.Call(func=ast.Attribute(value=listed, attr=name), args=[]) if (
                name in lengths.VIEWS
            ):
                return self._is_bound_to_written(listed, state)
            case ast.Name(id=name):
                origin = state.origin(node)
            case _:
                return False
        if not isinstance(origin, ast.Assign) or not _is_written(origin.value):
            return False
        for at, place in enumerate(self.places):
            above = place.block[: place.position]
            if origin in above:
                around = [item.statement for item in self.places[at:-1]]
                since = [*above[above.index(origin) + 1 :], *around, *self._before(at + 1)]
                return not any(reach.may_shrink(item, name) for item in since)
        return False

    def _before(self, depth: int) -> list[ast.stmt]:
        """Return the statements before the current one in the blocks from a depth on."""
        return [item for place in self.places[depth:] for item in place.block[: place.position]]

    def _expect(self, node: ast.With | ast.AsyncWith, state: State) -> None:
        expected = self.expected(node)
        if expected is None:
            return
        broad = expected.takes(*BROAD, FAILURE)
        raising = self.raising or Raising(self.place, state, node.body, broad)
        unknown = expected.is_open or (expected.takes(*INDEX.caught) and expected.by_helper)
        self.raising = replace(raising, unknown=raising.unknown or unknown)
        self.quiet += expected.takes(*INDEX.caught) and not expected.by_helper


def _is_written(node: ast.expr) -> bool:
    """Tell whether the elements of a list, tuple or dict are written down, one at least."""
    return isinstance(node, ast.List | ast.Tuple | ast.Dict) and lengths.minimum(node) > 0


def _is_whole(node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop's body is never left before its end."""
    leaves = (ast.Break, ast.Continue, ast.Return)
    return not any(isinstance(item, leaves) for item in walk(node))


def _polls(node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop tries again until something came."""
    parts = walk(node)
    counted = isinstance(node.iter, ast.Call) and called_name(node.iter) == "range"
    return roles.sleeps(node) or (
        counted and any(isinstance(item, ast.Break | ast.Return) for item in parts)
    )


def relevant(nodes: list[ast.AST], wanted: Iterable[ast.expr]) -> set[str]:
    """Return the names that what is wanted in a function is made from, directly or not."""
    found = roots(wanted)
    bindings: list[tuple[set[str], ast.expr]] = []
    for node in nodes:
        if node.__class__ not in BINDING:
            continue
        match node:
            case ast.Assign(targets=targets, value=value):
                bindings.append((roots(targets), value))
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                bindings.append((roots([target]), value))
    grown = True
    while grown:
        new = {name for names, value in bindings if names & found for name in roots([value])}
        grown = not new <= found
        found |= new
    return found
