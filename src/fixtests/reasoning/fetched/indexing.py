"""A walk over one function: which indexes of fetched lists nothing covers, in order.

An index that was reached is itself a proof for what follows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import filterfalse

from fixtests.reasoning.evaluating import Comprehension, Scope
from fixtests.reasoning.fetched import asserted, known, lengths, reach, uses
from fixtests.reasoning.fetched.known import INDEXED, Fetched, State, roots
from fixtests.reasoning.fetched.lengths import PATHS, text
from fixtests.reasoning.fetched.uses import Loop, Raising, Reached, Use, at_best
from fixtests.reasoning.statements import Place
from fixtests.reasoning.walking import Walk
from fixtests.syntax.queries import children, walk

Classify = Callable[[ast.expr, State], Fetched | None]
Checked = Callable[[ast.Call], Iterable[lengths.Fact]]  # what a helper asserts that is called


class Indexing(Walk[State]):
    """What the expressions of a function do to what is known of lists.

    `relevant` are the names that indexed lists are made from, `quiet` counts
    the blocks around the place where an index may fail.
    """

    def __init__(
        self,
        classify: Classify,
        checked: Checked,
        relevant: set[str],
        expected: reach.Expected,
    ) -> None:
        super().__init__(lambda block: expected(block) is not None)
        self.expected = expected
        self.raising: Raising | None = None
        self.loop: Loop | None = None
        self.called: ast.stmt | None = None  # the statement in which a call ran last
        self.quiet = 0
        self._ways = reach.Ways(expected)
        self._classify = classify
        self._checked = checked
        self._relevant = relevant
        self._uses: dict[ast.Subscript, Use | None] = {}
        self.covered: dict[ast.Subscript, ast.expr] = {}  # lists that are known to be long enough

    @property
    def uses(self) -> list[Use]:
        """The indexes that need a guard, in the order they are reached."""
        found = [item for item in self._uses.values() if item is not None]
        groups: dict[object, list[Use]] = {}
        for use in found:
            key = (use.origin, text(use.list)) if use.reached is Reached.ALWAYS else use
            groups.setdefault(key if use.origin else use, []).append(use)
        return [item for group in groups.values() for item in self._together(group)]

    def _together(self, group: list[Use]) -> list[Use]:
        """Return the guards of one list: one before some branches for those in and after them."""
        first, *others = group
        own = others and first.place is first.around[-1]
        if not own and isinstance(first.place.statement, ast.For | ast.AsyncFor):
            return [first, *filterfalse(first.covers, others)]
        for at, place in enumerate(first.around) if own else ():
            if not self._divides(first.around[: at + 1]) or first.origin in walk(place.statement):
                continue
            path = text(first.list)
            after = self.after(path, first.around[: at + 1])
            highest = self._ways.through(place.statement, path, after)
            covered = [use for use in others if use.index <= highest and use.is_after(place)]
            if covered and first.index <= highest < lengths.KNOWN:
                whole = replace(first, place=place, index=highest)
                return [whole, *(use for use in others if use not in covered)]
        return group

    def _divides(self, places: Sequence[Place]) -> bool:
        """Tell whether the last of some statements has branches, and a place before it."""
        node = places[-1].statement
        above = places[-2].statement if len(places) > 1 else None
        branches = isinstance(node, ast.If | ast.For | ast.AsyncFor)
        return branches and not reach.is_elif(node, above)

    @property
    def place(self) -> Place:
        """The statement that the place stands in; that of an `elif` is its `if`."""
        return self.places[self._depth()]

    def _depth(self) -> int:
        at = len(self.places) - 1
        while at and reach.is_elif(self.places[at].statement, self.places[at - 1].statement):
            at -= 1
        return at

    def after(self, path: str, places: Sequence[Place]) -> int:
        """Return the highest index of a list that is reached on every path after a place."""
        found = reach.NOTHING
        for at, place in enumerate(places):
            if at and self._ends_with(places[at - 1].statement, place.block):
                found = reach.NOTHING
            found = self._ways.onward(place.block, path, found, place.position + 1)
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

    def arrive(self, node: ast.stmt, state: State) -> State:
        """Begin a statement, in which nothing has been called yet."""
        self.called = None
        return state

    def assume(self, test: ast.expr, truth: bool, state: State) -> State:
        """Take in what a condition says about lists."""
        return state.proved(lengths.condition(test, truth))

    def matched(self, subject: ast.expr, pattern: ast.pattern, state: State) -> State:
        """Take in how many elements what fits a pattern has."""
        if not isinstance(pattern, ast.MatchSequence):
            return state
        count = sum(not isinstance(item, ast.MatchStar) for item in pattern.patterns)
        return state.proved([(subject, count)])

    def iterate(self, source: ast.expr, state: State) -> State:
        """Take in that what is gone through is not empty."""
        return state.proved(lengths.looped(source))

    def evaluated(self, node: ast.AST, state: State) -> State:
        """Look at an index, and take in what a call asserts or does."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            return state if self.around else self._index(node, state, self._reached())
        if isinstance(node, ast.Call):
            self.called = self.place.statement
            facts = [*asserted.assertion(node, state.made_of), *asserted.demanded(node)]
            return self._changed(node, state.proved([*facts, *self._checked(node)]))
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
                return state if len(call.args) > 1 else state.taken(changed, call, whole)
        return state

    def enter(self, node: Scope, state: State) -> State:
        """Look for indexes in a nested function; what it binds itself is not followed here."""
        if isinstance(node, ast.Lambda):
            self.options.append(node)
            self.look(node.body, state.forgotten(*known.bound_in(node.args)))
            self.options.pop()
        elif self.around is None:
            inside = state.forgotten(*known.bound_in(node))
            for child in walk(node):
                if isinstance(child, ast.Subscript) and known.is_rooted(child, inside):
                    self._index(child, inside, Reached.LATER)
        return state

    def _index(self, node: ast.Subscript, state: State, reached: Reached) -> State:
        """Note an index that nothing known covers."""
        self._uses[node] = None  # in a loop, what is known at last counts
        wanted, listed = reach.demand(node), lengths.same_length(node.value)
        if wanted is None or isinstance(listed, ast.ListComp):
            return state
        found = self._classify(listed, state)
        if found is None or found.kind not in INDEXED:
            return state
        if max(found.least, state.length(listed)) > wanted:
            self.covered[node] = listed
            return state
        highest = wanted
        if not (self.quiet or uses.asks_anew(self.places[-1].statement, listed)):
            if self._may_be_left(node):
                reached = at_best(reached, Reached.SOMETIMES)
            place, reached = self._stand(listed, state, reached)
            if reached is Reached.ALWAYS and place is self.place:
                path = text(listed)
                reachable = self._ways.through(place.statement, path, self.after(path, self.places))
                highest = max(wanted, reachable if reachable != lengths.KNOWN else wanted)
                if self.loop is not None and self._same_each_time(self.loop, listed, state):
                    place, highest = self.loop.place, max(highest, self.loop.after(path))
            origin = state.origin(listed)
            self._uses[node] = Use(node, listed, highest, place, reached, origin, (*self.places,))
        if any(isinstance(item, ast.Call) for item in walk(listed)):
            return state
        return state.proved([(listed, highest + 1)])

    def _may_be_left(self, node: ast.Subscript) -> bool:
        """Tell whether what its statement does before an index may raise what is dealt with."""
        here = self.place.statement
        if uses.enters_later(node, here):
            return self.expected(here) is not None  # type: ignore[arg-type]  # a `with`
        chained = any(isinstance(item, ast.Call) for item in walk(node.value))
        return self.called is here and not chained and uses.handles(self.places)

    def _same_each_time(self, loop: Loop, listed: ast.expr, state: State) -> bool:
        """Tell whether a loop does nothing before an index of a list that it leaves as it was."""
        fetched = loop.before.origin(listed)
        return (
            fetched is not None
            and fetched is state.origin(listed)
            and self.place.block is loop.body
            and all(map(uses.is_quiet, loop.body[: self.place.position]))
            and not reach.lost_in(loop.body, text(listed))
        )

    def _stand(self, listed: ast.expr, state: State, reached: Reached) -> tuple[Place, Reached]:
        """Return the statement a guard goes with: outside of a `with` that expects an exception."""
        raising = self.raising
        if raising is None:
            return self.place, reached
        root = text(listed)
        same = raising.before.origin(listed) is state.origin(listed)
        first = self.place.block is raising.body and self.place.position == 0
        first = first and self.called is not self.place.statement  # which may be what raises
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
        matters = self._relevant & roots([target])
        found = known.given(value, state, self._classify) if matters else None
        least = max(found.least if found else 0, state.length(value))
        measured = lengths.counted(value) or value  # what is known of a length is so of its list
        made_of = tuple(
            text(source)
            for source in lengths.sources(measured)
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
                state = state.forgotten(*known.bound_in(target))
            else:
                state = self.store(target, part, by, state)
        return state
