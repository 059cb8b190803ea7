"""A walk over one function in the order it runs: where fetched lists are indexed unguarded.

What is known is carried through the structured statements and joined where
branches meet. An index that was reached is itself a proof for what follows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from fixtests.reasoning import roles
from fixtests.rules.unguarded_index import lengths, reach
from fixtests.rules.unguarded_index.indexing import (
    After,
    Classify,
    Indexing,
    Loop,
    Place,
    Raising,
    Reached,
    Use,
    forget_bound,
    looped,
    roots,
)
from fixtests.rules.unguarded_index.known import Fetched, State
from fixtests.rules.unguarded_index.lengths import text
from fixtests.syntax.queries import Function, called_name, children, dotted, walk

CAUGHT = frozenset({"IndexError", "LookupError"})
BROAD = frozenset({"Exception", "BaseException"})
FAILURE = "AssertionError"


class Flow:
    """One walk; afterwards `uses` and `returned` hold what it found."""

    def __init__(
        self,
        function: Function,
        classify: Classify,
        wanted: Iterable[ast.expr],
        expected: reach.Expected,
    ) -> None:
        self.returned: list[Fetched | None] = []
        self._expected = lru_cache(None)(expected)
        self._ways = reach.Ways(self._expected)
        start = Place(function.body, 0)
        self._indexing = Indexing(start, classify, _relevant(function, wanted), self._ways)
        self._block(function.body, State(), lambda path: reach.NOTHING)

    @property
    def uses(self) -> list[Use]:
        """The indexes that need a guard, in the order they are reached."""
        return self._indexing.uses

    def _block(self, body: list[ast.stmt], state: State | None, after: After) -> State | None:
        for position, statement in enumerate(body):
            if state is None:
                return None
            self._indexing.place = Place(body, position)
            following = self._followed_by(body[position + 1 :], after)
            state = self._statement(statement, state, following)
        return state

    def _statement(self, node: ast.stmt, state: State, after: After) -> State | None:
        match node:
            case ast.If():
                return self._if(node, state, after, Reached.ALWAYS)
            case ast.For() | ast.AsyncFor():
                return self._for(node, state, after)
            case ast.While():
                return self._while(node, state, after)
            case ast.With() | ast.AsyncWith():
                return self._with(node, state, after)
            case ast.Try() | ast.TryStar():
                return self._try(node, state, after)
            case ast.Match():
                return self._match(node, state, after)
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                self._leave(node, state, after)
                return None
        self._simple(node, state, after)
        return None if roles.ends_a_test(node) else state

    def _simple(self, node: ast.stmt, state: State, after: After) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._indexing.later(node, state)
            case ast.ClassDef(name=name):
                state.forget(name)
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value, state, after)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign([target], value, state, after)
            case ast.Assert(test=test, msg=message):
                self._indexing.look(test, state, Reached.ALWAYS, after)
                if message is not None:  # made where the test is wrong
                    wrong = state.copy()
                    wrong.prove(lengths.condition(test, False))
                    self._indexing.look(message, wrong, Reached.SOMETIMES, after)
                _change(node, state)
            case _:
                for child in children(node):
                    if isinstance(child, ast.expr):
                        self._indexing.look(child, state, Reached.ALWAYS, after)
                _change(node, state)

    def _assign(self, targets: list[ast.expr], value: ast.expr, state: State, after: After) -> None:
        self._indexing.look(value, state, Reached.ALWAYS, after)
        for target in targets:
            self._indexing.look(target, state, Reached.ALWAYS, after)
            self._indexing.bind(target, value, state)

    def _leave(self, node: ast.stmt, state: State, after: After) -> None:
        if isinstance(node, ast.Return) and node.value is not None:
            self._indexing.look(node.value, state, Reached.ALWAYS, after)
            found = self._indexing.classify(node.value, state)
            if found is not None:
                found = Fetched(found.kind, max(found.least, state.length(node.value)))
            if not isinstance(node.value, ast.Constant):
                self.returned.append(found)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            self._indexing.look(node.exc, state, Reached.ALWAYS, after)

    def _if(self, node: ast.If, state: State, after: After, reached: Reached) -> State | None:
        place = self._indexing.place
        self._indexing.look(node.test, state, reached, after)
        yes, no = state.copy(), state
        yes.prove(lengths.condition(node.test, True))
        no.prove(lengths.condition(node.test, False))
        taken = self._block(node.body, yes, after)
        inner = reach.elif_of(node)
        if inner is not None:
            self._indexing.place = place
            other = self._if(inner, no, after, Reached.SOMETIMES)
        else:
            other = self._block(node.orelse, no, after)
        return _joined(taken, other)

    def _for(self, node: ast.For | ast.AsyncFor, state: State, after: After) -> State | None:
        place = self._indexing.place
        self._indexing.look(node.iter, state, Reached.ALWAYS, after)
        forget_bound(node, state)
        inside = state.copy()
        inside.prove(looped(node.iter))
        polling, certain = _polls(node), _runs(node)
        outer = self._indexing.loop
        self._indexing.loop = Loop(place, state.copy(), node.body, after) if certain else None
        self._indexing.quiet += polling
        end = self._block(node.body, inside, lambda path: reach.NOTHING)
        self._indexing.quiet -= polling
        self._indexing.loop = outer
        if certain and end is not None and not node.orelse:
            return end
        other = self._block(node.orelse, state.copy(), after) if node.orelse else state
        if other is None:
            return end or inside  # only a `break` leads on
        return _joined(end, other)

    def _while(self, node: ast.While, state: State, after: After) -> State | None:
        self._indexing.quiet += 1
        self._indexing.look(node.test, state, Reached.ALWAYS, after)
        before = state.copy()
        forget_bound(node, state)
        inside = state.copy()
        inside.prove(lengths.condition(node.test, True))
        end = self._block(node.body, inside, lambda path: reach.NOTHING)
        self._indexing.quiet -= 1
        state = _joined(before, end) or before
        state.prove(lengths.condition(node.test, False))
        return self._block(node.orelse, state, after)

    def _with(self, node: ast.With | ast.AsyncWith, state: State, after: After) -> State | None:
        place = self._indexing.place
        for item in node.items:
            self._indexing.look(item.context_expr, state, Reached.ALWAYS, after)
            if item.optional_vars is not None:
                self._indexing.bind(item.optional_vars, item.context_expr, state)
        expected = self._expected(node)
        if expected is None:
            return self._block(node.body, state, after)
        before, outer = state.copy(), self._indexing.raising
        raising = outer or Raising(place, before, node.body, expected.takes(*BROAD, FAILURE))
        quiet = expected.takes(*CAUGHT) and not expected.by_helper
        unknown = expected.is_open or (expected.takes(*CAUGHT) and expected.by_helper)
        self._indexing.raising = replace(raising, unknown=raising.unknown or unknown)
        self._indexing.quiet += quiet
        end = self._block(node.body, state, lambda path: reach.NOTHING)
        self._indexing.quiet -= quiet
        self._indexing.raising = outer
        return _joined(before, end)

    def _try(self, node: ast.Try | ast.TryStar, state: State, after: After) -> State | None:
        quiet = any(_forgives(handler) for handler in node.handlers)
        before = state.copy()
        for part in node.body:
            forget_bound(part, before)
        follow: After = (lambda path: reach.NOTHING) if node.handlers else after
        self._indexing.quiet += quiet
        end = self._block(node.body, state, follow)
        self._indexing.quiet -= quiet
        end = self._block(node.orelse, end, after)
        for handler in node.handlers:
            end = _joined(end, self._block(handler.body, before.copy(), after))
        if not node.finalbody:
            return end
        final = self._block(node.finalbody, end or before.copy(), after)
        return final if end is not None else None

    def _match(self, node: ast.Match, state: State, after: After) -> State | None:
        self._indexing.look(node.subject, state, Reached.ALWAYS, after)
        end: State | None = state
        for case in node.cases:
            inside = state.copy()
            forget_bound(case.pattern, inside)
            end = _joined(end, self._block(case.body, inside, after))
        return end

    def _followed_by(self, rest: list[ast.stmt], after: After) -> After:
        return lambda path: self._ways.onward(rest, path, after(path))


def _change(node: ast.stmt, state: State) -> None:
    """Take in what a statement without blocks asserts about lists, or does to them."""
    match node:
        case ast.Assert(test=test):
            state.prove(lengths.condition(test, True))
        case ast.AugAssign(target=target, op=ast.Add(), value=ast.List(elts=items)):
            state.prove([(target, state.length(target) + len(items))])
        case ast.AugAssign(target=target):
            state.forget(text(target))
        case ast.Delete(targets=targets):
            for item in targets:
                state.forget(text(item.value if isinstance(item, ast.Subscript) else item))
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed, attr=name)) as call):
            if name in ("append", "insert"):
                state.prove([(changed, state.length(changed) + 1)])
            elif name in reach.GROWING and len(call.args) < 2:
                state.forget(text(changed))


def _joined(one: State | None, other: State | None) -> State | None:
    if one is None or other is None:
        return one or other
    return one.join(other)


def _runs(node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop's whole body runs at least once: it goes over what is written there."""
    written = isinstance(node.iter, ast.List | ast.Tuple) and lengths.minimum(node.iter) > 0
    leaves = (ast.Break, ast.Continue, ast.Return)
    return written and not any(isinstance(item, leaves) for item in walk(node))


def _polls(node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether a loop tries again until something came."""
    parts = walk(node)
    counted = isinstance(node.iter, ast.Call) and called_name(node.iter) == "range"
    return roles.sleeps(node) or (
        counted and any(isinstance(item, ast.Break | ast.Return) for item in parts)
    )


def _forgives(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler deals with an index that is not there, instead of passing it on."""
    kind = handler.type
    types = kind.elts if isinstance(kind, ast.Tuple) else [kind] if kind is not None else []
    caught = {(dotted(item) or "").rpartition(".")[2] for item in types}
    if caught & CAUGHT:
        return True
    passed_on = any(isinstance(item, ast.Raise) for item in walk(handler))
    return not passed_on and (kind is None or bool(caught & BROAD))


def _relevant(function: Function, wanted: Iterable[ast.expr]) -> set[str]:
    """Return the names that what is wanted is made from, directly or not."""
    found = roots(wanted)
    bindings: list[tuple[set[str], ast.expr]] = []
    for node in walk(function):
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
