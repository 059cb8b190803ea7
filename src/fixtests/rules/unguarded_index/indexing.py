"""A walk over one function: which indexes of fetched lists nothing covers, in order.

An index that was reached is itself a proof for what follows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from fixtests.reasoning.evaluating import Comprehension, Scope
from fixtests.reasoning.walking import Place, Walk
from fixtests.rules.unguarded_index import lengths, reach
from fixtests.rules.unguarded_index.known import PATHS, Fetched, Kind, State
from fixtests.rules.unguarded_index.lengths import text
from fixtests.syntax.syntax import called_name, children, walk

Classify = Callable[[ast.expr, State], Fetched | None]


class Reached(StrEnum):
    """Whether an index is evaluated whenever its anchor runs."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    LATER = "later"
    RAISING = "raising"
    EXPECTED = "expected"


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
    """A `for` whose body runs at least once: where it stands and what was known before it.

    `after` is the index reached after it on every path.
    """

    place: Place
    before: State
    body: list[ast.stmt]
    after: Callable[[str], int]


class Indexing(Walk[State]):
    """What the expressions of a function do to what is known of lists.

    `relevant` are the names that indexed lists are made from, `quiet` counts
    the blocks around the place where an index may fail.
    """

    def __init__(self, classify: Classify, relevant: set[str], expected: reach.Expected) -> None:
        super().__init__(lambda block: expected(block) is not None)
        self.expected = expected
        self.raising: Raising | None = None
        self.loop: Loop | None = None
        self.quiet = 0
        self._ways = reach.Ways(expected)
        self._classify = classify
        self._relevant = relevant
        self._uses: dict[ast.Subscript, Use | None] = {}

    @property
    def uses(self) -> list[Use]:
        """The indexes that need a guard, in the order they are reached."""
        return [item for item in self._uses.values() if item is not None]

    @property
    def place(self) -> Place:
        """The statement that the place stands in; that of an `elif` is its `if`."""
        return self.places[self._depth()]

    def _depth(self) -> int:
        at = len(self.places) - 1
        while at and _is_elif(self.places[at - 1].statement, self.places[at].statement):
            at -= 1
        return at

    def after(self, path: str) -> int:
        """Return the highest index of a list that is reached after the place on every path."""
        found = reach.NOTHING
        for at, place in enumerate(self.places):
            if at and self._ends_with(self.places[at - 1].statement, place.block):
                found = reach.NOTHING
            found = self._ways.onward(place.block[place.position + 1 :], path, found)
        return found

    def _ends_with(self, node: ast.stmt, block: list[ast.stmt]) -> bool:
        """Tell whether the end of a block may not be reached, or not be the end of a statement."""
        match node:
            case ast.For(body=body) | ast.AsyncFor(body=body) | ast.While(body=body):
                return block is body
            case ast.With() | ast.AsyncWith():
                return self.expected(node) is not None
            case ast.Try(body=body, handlers=handlers) | ast.TryStar(body=body, handlers=handlers):
                return block is body and bool(handlers)
        return False

    def assume(self, test: ast.expr, truth: bool, state: State) -> State:
        """Take in what a condition says about lists."""
        return state.proved(lengths.condition(test, truth))

    def iterate(self, source: ast.expr, state: State) -> State:
        """Take in that what is gone through is not empty."""
        return state.proved(looped(source))

    def evaluated(self, node: ast.AST, state: State) -> State:
        """Look at an index, and take in what a call asserts or does."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            return state if self.around else self._index(node, state, self._reached())
        if isinstance(node, ast.Call):
            state = state.proved(lengths.assertion(node)).proved(lengths.demanded(node))
            return self._changed(node, state)
        return state

    def _reached(self) -> Reached:
        if any(isinstance(item, ast.Lambda | Comprehension) for item in self.options):
            return Reached.LATER
        sometimes = self.options or self._depth() < len(self.places) - 1
        return Reached.SOMETIMES if sometimes else Reached.ALWAYS

    def _changed(self, call: ast.Call, state: State) -> State:
        """Take in what a call that is a statement of its own does to a list."""
        whole = self.places[-1].statement
        if not (isinstance(whole, ast.Expr) and whole.value is call):
            return state
        match call.func:
            case ast.Attribute(value=changed, attr="append" | "insert"):
                return state.proved([(changed, state.length(changed) + 1)])
            case ast.Attribute(value=changed, attr=name) if name in reach.GROWING:
                return state if len(call.args) > 1 else state.forgotten(text(changed))
        return state

    def enter(self, node: Scope, state: State) -> State:
        """Look for indexes in a nested function; what it binds itself is not followed here."""
        if isinstance(node, ast.Lambda):
            self.options.append(node)
            self.look(node.body, state.forgotten(*_bound(node.args)))
            self.options.pop()
        elif self.around is None:
            inside = state.forgotten(*_bound(node))
            for child in walk(node):
                if isinstance(child, ast.Subscript) and _rooted(child, inside):
                    self._index(child, inside, Reached.LATER)
        return state

    def _index(self, node: ast.Subscript, state: State, reached: Reached) -> State:
        """Note an index that nothing known covers."""
        self._uses[node] = None  # in a loop, what is known at last counts
        wanted, listed = reach.demand(node), lengths.same_length(node.value)
        if wanted is None or isinstance(listed, ast.ListComp):
            return state
        found = self._classify(listed, state)
        if found is None or found.kind not in (Kind.LIST, Kind.ANSWER):
            return state
        if max(found.least, state.length(listed)) > wanted:
            return state
        highest = wanted
        if not (self.quiet or isinstance(self.places[-1].statement, ast.While)):
            place, reached = self._stand(listed, state, reached)
            if reached is Reached.ALWAYS and place is self.place:
                path = text(listed)
                reachable = self._ways.through(place.statement, path, self.after(path))
                highest = max(wanted, reachable if reachable != lengths.KNOWN else wanted)
                if self.loop is not None and self._same_each_time(self.loop, listed, state):
                    place = self.loop.place
                    highest = max(highest, self.loop.after(path))
            origin = _origin(listed, state)
            self._uses[node] = Use(node, listed, highest, place, reached, origin)
        if any(isinstance(item, ast.Call) for item in walk(listed)):
            return state
        return state.proved([(listed, highest + 1)])

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
        if raising.unknown:
            return self.place, Reached.EXPECTED
        if not same or root not in raising.before.kinds:
            return self.place, Reached.RAISING
        if first and reached is Reached.ALWAYS and not raising.broad:
            return raising.place, reached
        return raising.place, at_best(reached, Reached.SOMETIMES)

    def store(self, target: ast.expr, value: ast.expr | None, by: ast.AST, state: State) -> State:
        """Take in what an assignment, a deletion or a loop says about its target."""
        given = by.context_expr if isinstance(by, ast.withitem) and value is None else value
        if isinstance(target, ast.Tuple | ast.List):
            return self._unpacked(target.elts, given, by, state)
        if isinstance(target, ast.Starred):
            return state.forgotten(text(target.value))
        if not isinstance(target, ast.Name):
            for part in children(target):
                state = self.look(part, state)
        match by, target:
            case ast.AugAssign(op=ast.Add(), value=ast.List(elts=items)), _:
                return state.proved([(target, state.length(target) + len(items))])
            case ast.Delete(), ast.Subscript(value=changed):
                return state.forgotten(text(changed))
        return state.forgotten(text(target)) if given is None else self._named(target, given, state)

    def bind(
        self, name: str, node: ast.AST, by: ast.AST, value: ast.expr | None, state: State
    ) -> State:
        """Forget what a name was that is bound to a function, a module or an exception."""
        return state.forgotten(name)

    def unbind(self, name: str, state: State) -> State:
        """Forget what a name was."""
        return state.forgotten(name)

    def _named(self, target: ast.expr, value: ast.expr, state: State) -> State:
        name = text(target)
        found = self._classify(value, state) if self._relevant & roots([target]) else None
        least = max(found.least if found else 0, state.length(value))
        made_of = tuple(
            text(source)
            for source in lengths.sources(value)
            if isinstance(source, PATHS) and not reach.mentions(text(source), name)
        )
        kind = found.kind if found else None
        return state.bound(name, kind, least, self.place.statement, made_of)

    def _unpacked(
        self, targets: list[ast.expr], value: ast.expr | None, by: ast.AST, state: State
    ) -> State:
        parts: list[ast.expr | None] = [None] * len(targets)
        if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            parts = [*value.elts]
        elif value is not None:
            count = sum(not isinstance(target, ast.Starred) for target in targets)
            state = state.proved([(value, count)])
        for target, part in zip(targets, parts, strict=True):
            if part is None:
                state = state.forgotten(*_bound(target))
            else:
                state = self.store(target, part, by, state)
        return state


def at_best(one: Reached, other: Reached) -> Reached:
    """Return the first, the second where the first is certain."""
    return other if one is Reached.ALWAYS else one


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


def _bound(node: ast.AST) -> list[str]:
    """Return the text of everything that is bound somewhere in a node, arguments included."""
    return [
        item.arg if isinstance(item, ast.arg) else text(item)
        for item in walk(node)
        if isinstance(item, ast.arg)
        or (isinstance(item, PATHS) and isinstance(item.ctx, ast.Store | ast.Del))
    ]


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


def _is_elif(outer: ast.stmt, inner: ast.stmt) -> bool:
    return isinstance(outer, ast.If) and reach.elif_of(outer) is inner
