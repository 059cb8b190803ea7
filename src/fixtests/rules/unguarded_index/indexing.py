"""A walk over one expression in the order it is evaluated: which indexes nothing covers.

An index that was reached is itself a proof for what follows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from fixtests.rules.unguarded_index import lengths, reach
from fixtests.rules.unguarded_index.known import PATHS, Fetched, Kind, State
from fixtests.rules.unguarded_index.lengths import text
from fixtests.syntax.queries import called_name, children, walk

Classify = Callable[[ast.expr, State], Fetched | None]
After = Callable[[str], int]  # the index reached after a statement on every path


class Reached(StrEnum):
    """Whether an index is evaluated whenever its anchor runs."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    LATER = "later"
    RAISING = "raising"
    EXPECTED = "expected"


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


@dataclass(frozen=True)
class Use:
    """An index that needs a guard: `index` is the highest that the guard must demand."""

    node: ast.Subscript
    list: ast.expr
    index: int
    place: Place
    reached: Reached
    origin: ast.stmt | None


@dataclass(frozen=True)
class Raising:
    """A `with` that expects an exception: where it stands and what was known before it.

    A `broad` one takes a failed assertion as well, of an `unknown` one nobody can tell.
    """

    place: Place
    before: State
    body: list[ast.stmt]
    broad: bool
    unknown: bool = False


@dataclass(frozen=True)
class Loop:
    """A `for` whose body runs at least once: where it stands and what was known before it."""

    place: Place
    before: State
    body: list[ast.stmt]
    after: After


class Indexing:
    """The walk over the expressions of one function; `place` is the statement they stand in.

    `relevant` are the names that indexed lists are made from, `quiet` counts
    the blocks around `place` where an index may fail.
    """

    def __init__(
        self, place: Place, classify: Classify, relevant: set[str], ways: reach.Ways
    ) -> None:
        self.ways = ways
        self.place = place
        self.classify = classify
        self.relevant = relevant
        self.uses: list[Use] = []
        self.raising: Raising | None = None
        self.loop: Loop | None = None
        self.called: ast.stmt | None = None  # the statement in which a call ran last
        self.quiet = 0

    def look(self, node: ast.expr, state: State, reached: Reached, after: After) -> None:
        """Go through an expression in the order it is evaluated."""
        match node:
            case ast.Lambda(args=arguments, body=body):
                inside = state.copy()
                forget_arguments(arguments, inside)
                self.look(body, inside, Reached.LATER, after)
            case ast.BoolOp():
                self._operands(node, state, reached, after)
            case ast.Compare(comparators=[_, _, *_]):
                self._chain(node, state, reached, after)
            case ast.IfExp():
                self._either(node, state, reached, after)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, state, reached, after)
            case ast.NamedExpr(target=target, value=value):
                self.look(value, state, reached, after)
                self.bind(target, value, state)
            case _:
                self._parts(node, state, reached, after)

    def _parts(self, node: ast.expr, state: State, reached: Reached, after: After) -> None:
        for child in children(node):
            inner = child.value if isinstance(child, ast.keyword) else child
            if isinstance(inner, ast.expr):
                self.look(inner, state, reached, after)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            self._index(node, state, reached, after)
        elif isinstance(node, ast.Call):
            self.called = self.place.statement
            state.prove(lengths.assertion(node))
            state.prove(lengths.demanded(node))

    def _operands(self, node: ast.BoolOp, state: State, reached: Reached, after: After) -> None:
        passed, *others = node.values
        self.look(passed, state, reached, after)
        inside = state.copy()
        for other in others:
            inside.prove(lengths.condition(passed, isinstance(node.op, ast.And)))
            self.look(other, inside, at_best(reached, Reached.SOMETIMES), after)
            passed = other

    def _chain(self, node: ast.Compare, state: State, reached: Reached, after: After) -> None:
        """Go through a chained comparison, which ends at the first that does not hold."""
        first, *others = node.comparators
        self.look(node.left, state, reached, after)
        self.look(first, state, reached, after)
        inside = state.copy()
        for other in others:
            self.look(other, inside, at_best(reached, Reached.SOMETIMES), after)

    def _either(self, node: ast.IfExp, state: State, reached: Reached, after: After) -> None:
        self.look(node.test, state, reached, after)
        for branch, truth in ((node.body, True), (node.orelse, False)):
            inside = state.copy()
            inside.prove(lengths.condition(node.test, truth))
            self.look(branch, inside, at_best(reached, Reached.SOMETIMES), after)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        state: State,
        reached: Reached,
        after: After,
    ) -> None:
        self.look(node.generators[0].iter, state, reached, after)
        inside = state.copy()
        for generator in node.generators:
            if generator is not node.generators[0]:
                self.look(generator.iter, inside, Reached.LATER, after)
            inside.prove(looped(generator.iter))
            forget_bound(generator.target, inside)
            for test in generator.ifs:
                self.look(test, inside, Reached.LATER, after)
                inside.prove(lengths.condition(test, True))
        elements = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for element in elements:
            self.look(element, inside, Reached.LATER, after)

    def later(self, node: ast.AST, state: State) -> None:
        """Look for indexes in a nested function; what it binds itself is not followed here."""
        inside = state.copy()
        forget_bound(node, inside)
        forget_arguments(node, inside)
        for child in walk(node):
            if isinstance(child, ast.Subscript) and _rooted(child, inside):
                self._index(child, inside, Reached.LATER, lambda path: reach.NOTHING)

    def _index(self, node: ast.Subscript, state: State, reached: Reached, after: After) -> None:
        """Report an index that nothing known covers."""
        wanted = reach.demand(node)
        if wanted is None:
            return
        listed = lengths.same_length(node.value)
        if isinstance(listed, ast.ListComp):
            return
        found = self.classify(listed, state)
        if found is None or found.kind not in (Kind.LIST, Kind.ANSWER):
            return
        if max(found.least, state.length(listed)) > wanted:
            return
        highest = wanted
        if not self.quiet:
            place, reached = self._stand(listed, state, reached)
            if reached is Reached.ALWAYS and place is self.place:
                path = text(listed)
                reachable = self.ways.through(place.statement, path, after(path))
                highest = max(wanted, reachable if reachable != lengths.KNOWN else wanted)
                if self.loop is not None and self._same_each_time(self.loop, listed, state):
                    place = self.loop.place
                    highest = max(highest, self.loop.after(path))
            origin = _origin(listed, state)
            self.uses.append(Use(node, listed, highest, place, reached, origin))
        if not any(isinstance(item, ast.Call) for item in walk(listed)):
            state.prove([(listed, highest + 1)])

    def _same_each_time(self, loop: Loop, listed: ast.expr, state: State) -> bool:
        """Tell whether a loop begins with an index of a list that it leaves as it was."""
        fetched = _origin(listed, loop.before)
        return (
            fetched is not None
            and fetched is _origin(listed, state)
            and self.place.block is loop.body
            and self.place.position == 0
            and not any(reach.loses(item, text(listed)) for item in loop.body)
        )

    def _stand(self, listed: ast.expr, state: State, reached: Reached) -> tuple[Place, Reached]:
        """Return the statement a guard goes with: outside of a `with` that expects an exception."""
        raising = self.raising
        if raising is None:
            return self.place, reached
        root = text(listed)
        same = _origin(listed, raising.before) is _origin(listed, state)
        first = self.place.block is raising.body and self.place.position == 0
        first = first and self.called is not self.place.statement  # which may be what raises
        if raising.unknown:
            return self.place, Reached.EXPECTED
        if not same or root not in raising.before.kinds:
            return self.place, Reached.RAISING
        if first and reached is Reached.ALWAYS and not raising.broad:
            return raising.place, reached
        return raising.place, at_best(reached, Reached.SOMETIMES)

    def bind(self, target: ast.expr, value: ast.expr, state: State) -> None:
        """Take in what an assignment says about its target."""
        match target:
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value, state)
                return
            case ast.Starred(value=inner):
                state.forget(text(inner))
                return
        name = text(target)
        found = self.classify(value, state) if self.relevant & roots([target]) else None
        least = max(found.least if found else 0, state.length(value))
        made_of = tuple(
            text(source)
            for source in lengths.sources(value)
            if isinstance(source, PATHS) and not reach.mentions(text(source), name)
        )
        state.forget(name)
        state.origins[name] = self.place.statement
        if found is not None:
            state.kinds[name] = found.kind
        if least:
            state.least[name] = least
        if made_of:
            state.made_of[name] = made_of

    def _unpack(self, targets: list[ast.expr], value: ast.expr, state: State) -> None:
        if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            for target, part in zip(targets, value.elts, strict=True):
                self.bind(target, part, state)
            return
        count = sum(not isinstance(target, ast.Starred) for target in targets)
        state.prove([(value, count)])
        for target in targets:
            forget_bound(target, state)


def at_best(one: Reached, other: Reached) -> Reached:
    """Return the first, the second where the first is certain."""
    return other if one is Reached.ALWAYS else one


def forget_bound(node: ast.AST, state: State) -> None:
    """Drop what is known of everything that is bound somewhere in a node."""
    for item in walk(node):
        if isinstance(item, PATHS) and isinstance(item.ctx, ast.Store | ast.Del):
            state.forget(text(item))


def forget_arguments(node: ast.AST, state: State) -> None:
    """Drop what is known of names that a function's arguments hide."""
    for item in walk(node):
        if isinstance(item, ast.arg):
            state.forget(item.arg)


def looped(node: ast.expr) -> list[lengths.Fact]:
    """Return what is known inside a loop over something: it is not empty."""
    inner = [node]
    if isinstance(node, ast.Call) and called_name(node) in {"range", "len", "zip", "product"}:
        inner = [found for item in node.args for found, _ in looped(item)]
    return [(item, 1) for item in inner]


def roots(nodes: Iterable[ast.expr]) -> set[str]:
    """Return the names in expressions: `x`, and `self.x` for what hangs on `self`."""
    found = set()
    for item in (part for node in nodes for part in walk(node)):
        match item:
            case ast.Attribute(value=ast.Name(id="self" | "cls" as name), attr=attribute):
                found.add(f"{name}.{attribute}")
            case ast.Name(id=name) if name not in ("self", "cls"):
                found.add(name)
    return found


def _rooted(node: ast.Subscript, state: State) -> bool:
    """Tell whether a subscript's list is bound to a name that is known here."""
    return any(isinstance(item, PATHS) and text(item) in state.kinds for item in walk(node))


def _origin(node: ast.expr, state: State) -> ast.stmt | None:
    """Return the statement that bound a list, or what it is a part of."""
    found: ast.expr | None = node
    while isinstance(found, PATHS):
        if text(found) in state.origins:
            return state.origins[text(found)]
        found = None if isinstance(found, ast.Name) else found.value
    return None
