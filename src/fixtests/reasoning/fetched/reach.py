"""Which index of a list is reached on every path from a place in a function.

Only what runs for certain counts: no loop bodies, no closures, no operands that
may be skipped, nothing after the list was bound anew or handed to other code.
"""

from __future__ import annotations

import ast
import bisect
from collections.abc import Callable, Iterable

from fixtests.reasoning import roles
from fixtests.reasoning.expectations import Expectation
from fixtests.reasoning.fetched.asserted import measured
from fixtests.reasoning.fetched.blocks import Block
from fixtests.reasoning.fetched.lengths import KNOWN, text
from fixtests.reasoning.statements import Place
from fixtests.syntax.queries import called_name, children, constant_int, values_given, walk

GROWING = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "update", "popitem"})
READING = frozenset({"len", "sorted", "list", "set", "str", "repr", "tuple", "enumerate", "zip"})
READING_NONE = frozenset({ast.Name, ast.Constant, ast.Lambda})  # no index where they stand
NOTHING = -1
NOWHERE = "\0"  # a list that no statement speaks of
Expected = Callable[[ast.With | ast.AsyncWith], Expectation | None]


def demand(node: ast.Subscript) -> int | None:
    """Return the index that must exist: 0 for `[0]` and `[-1]`; None for other subscripts."""
    index = constant_int(node.slice)
    if index is None:
        return None
    return index if index >= 0 else -index - 1


def certain(node: ast.AST | None, path: str) -> int:
    """Return the highest index of a list that an expression evaluates for certain."""
    if node is None or node.__class__ in READING_NONE:
        return NOTHING
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            either = min(certain(body, path), certain(orelse, path))
            return max(certain(test, path), either)
        case ast.BoolOp(values=[first, *_]):
            return certain(first, path)
        case ast.Compare(left=left, comparators=[first, *_]):
            return max(certain(left, path), certain(first, path))
        case (
            ast.ListComp(generators=[first, *_])
            | ast.SetComp(generators=[first, *_])
            | ast.DictComp(generators=[first, *_])
            | ast.GeneratorExp(generators=[first, *_])
        ):
            return certain(first.iter, path)
    found = [certain(child, path) for child in children(node)]
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        index = demand(node)
        if index is not None and text(node.value) == path:
            found.append(index)
    return max(found, default=NOTHING)


class Blocks:
    """The blocks of one file that were asked about."""

    def __init__(self) -> None:
        self._known: dict[int, Block] = {}

    def of(self, statements: list[ast.stmt]) -> Block:
        """Return what is known of a block."""
        key = id(statements)  # which it keeps as long as the block is known
        if key not in self._known:
            self._known[key] = Block(statements)
        return self._known[key]


class Ways:
    """The paths through statements; `expected` tells which blocks end where something is raised.

    Of a block, only the statements are gone through that have to do with the list, and those
    that may be left by themselves.
    """

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._blocks = Blocks()
        self._left: dict[int, list[int]] = {}  # where each block may be left
        self._folded: dict[tuple[int, str, int], tuple[list[int], list[int]]] = {}
        self._passed: dict[tuple[ast.stmt, str, int], int] = {}

    def onward(self, statements: list[ast.stmt], path: str, after: int, start: int = 0) -> int:
        """Return the highest index reached on every path through statements and onward."""
        key = id(statements), path, after
        if key not in self._folded:
            numbers = sorted(self._numbers(statements, path))
            values = [after]
            for number in reversed(numbers):
                values.append(self.through(statements[number], path, values[-1]))
            self._folded[key] = numbers, values[::-1]
        numbers, values = self._folded[key]
        return values[bisect.bisect_left(numbers, start)]

    def _numbers(self, statements: list[ast.stmt], path: str) -> set[int]:
        """Return which statements of a block make a difference to a list."""
        block, key = self._blocks.of(statements), id(statements)
        if key not in self._left:
            self._left[key] = [
                number
                for number, statement in enumerate(statements)
                if self.through(statement, NOWHERE, 0) != 0
            ]
        return block.about(path).union(self._left[key])

    def through(self, node: ast.stmt, path: str, after: int) -> int:
        """Return the highest index reached on every path through a statement and onward."""
        key = node, path, after
        if key not in self._passed:
            self._passed[key] = self._through(node, path, after)
        return self._passed[key]

    def _through(self, node: ast.stmt, path: str, after: int) -> int:
        match node:
            case ast.Return(value=value) | ast.Raise(exc=value):
                return certain(value, path)
            case ast.Break() | ast.Continue() | ast.Match():
                return NOTHING
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return after
            case ast.Assert(test=test):
                return max(certain(test, path), after)
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
                return self._branching(node, path, after)
            case ast.With() | ast.AsyncWith() | ast.Try():
                return self._protecting(node, path, after)
        if roles.ends_a_test(node):
            return KNOWN if _fails(node) else NOTHING
        if loses(node, path):
            return max(certain(child, path) for child in children(node))
        return max(certain(node, path), after)

    def _branching(
        self, node: ast.If | ast.For | ast.AsyncFor | ast.While, path: str, after: int
    ) -> int:
        header = node.iter if isinstance(node, ast.For | ast.AsyncFor) else node.test
        if loses(header, path):
            return certain(header, path)
        if isinstance(node, ast.If):
            after = min(self.onward(node.body, path, after), self.onward(node.orelse, path, after))
        else:
            after = _unless_lost(node, path, after)
        return max(certain(header, path), after)

    def _protecting(self, node: ast.With | ast.AsyncWith | ast.Try, path: str, after: int) -> int:
        if isinstance(node, ast.Try):
            if node.handlers:
                return self.onward(node.finalbody, path, _unless_lost(node, path, after))
            return self.onward(node.body, path, self.onward(node.finalbody, path, after))
        entered = max(certain(item.context_expr, path) for item in node.items)
        if self._expected(node) is not None:
            return max(entered, _unless_lost(node, path, after))
        return max(entered, self.onward(node.body, path, after))


def asserted(place: Place, path: str, blocks: Blocks) -> ast.Call | None:
    """Return what asserts a list's length in the statements after a place that do not change it."""
    block = blocks.of(place.block)
    for number in sorted(item for item in block.about(path) if item > place.position):
        match node := place.block[number]:
            case ast.Expr(value=ast.Call() as call) if path in measured(call):
                return call
        if loses(node, path):
            return None
    return None


def weaker(place: Place, origin: ast.stmt | None, path: str, blocks: Blocks) -> ast.stmt | None:
    """Return the assertion before a place that says less of a list than its length would.

    It is what was meant for a guard: that the list is not None, or `assertTrue(3, len(list))`,
    which always holds.
    """
    block = blocks.of(place.block)
    first = block.places.get(origin, -1) if origin else -1
    about = (item for item in block.about(path) if first < item < place.position)
    for number in sorted(about, reverse=True):
        match node := place.block[number]:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=args, keywords=[])):
                if _says_less(name, args, path):
                    return node
        if loses(node, path):
            return None
    return None


def _says_less(name: str, args: list[ast.expr], path: str) -> bool:
    match args:
        case [listed]:
            return name == "assertIsNotNone" and text(listed) == path
        case [ast.Constant(), ast.Call(func=ast.Name(id="len"), args=[listed])]:
            return name == "assertTrue" and text(listed) == path
    return False


def loses(node: ast.AST, path: str) -> bool:
    """Tell whether something binds a list anew, changes it, or hands it to other code."""
    return any(_loses(item, path) for item in walk(node))


def may_shrink(node: ast.AST, path: str) -> bool:
    """Tell whether a list may have fewer elements after something than before it."""
    return any(_loses(item, path) and not _adds(item, path) for item in walk(node))


def _adds(node: ast.AST, path: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=changed, attr="append" | "extend" | "insert")):
            return text(changed) == path
    return False


def _loses(item: ast.AST, path: str) -> bool:
    match item:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return mentions(path, name)
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return mentions(path, text(item))
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            deleted = isinstance(item.ctx, ast.Del) and text(item.value) == path
            return deleted or mentions(path, text(item))
        case ast.Call():
            return _hands_over(item, path, own=path.startswith(("self.", "cls.")))
    return False


def lost_in(statements: Iterable[ast.stmt], path: str) -> bool:
    """Tell whether one of some statements loses a list."""
    return any(loses(item, path) for item in statements)


def mentions(path: str, name: str) -> bool:
    """Tell whether a dotted name is part of a path."""
    at = path.find(name)
    while at >= 0:
        end = at + len(name)
        if not (_is_of_word(path[at - 1 : at]) or path[at - 1 : at] in {".", "'", '"'}) and (
            not _is_of_word(path[end : end + 1])
        ):
            return True
        at = path.find(name, at + 1)
    return False


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _hands_over(call: ast.Call, path: str, *, own: bool) -> bool:
    name = called_name(call)
    if isinstance(call.func, ast.Attribute):
        if name in GROWING and text(call.func.value) == path:
            return True
        on_self = isinstance(call.func.value, ast.Name) and call.func.value.id in {"self", "cls"}
        if own and on_self and not roles.ASSERTS.match(name):
            return True
    if name in READING or roles.ASSERTS.match(name):
        return False
    given = values_given(call)
    return any(text(item) == path for item in given)


def _unless_lost(node: ast.stmt, path: str, after: int) -> int:
    """Return what follows a statement, nothing where its body may leave or lose the list."""
    leaves = any(isinstance(item, ast.Return | ast.Raise) for item in walk(node))
    return NOTHING if leaves or loses(node, path) else after


def _fails(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and called_name(node.value) == roles.FAILS
    )


def is_elif(node: ast.stmt, above: ast.stmt | None) -> bool:
    """Tell whether a statement is the `elif` of the one above it."""
    match above:
        case ast.If(col_offset=column, orelse=[ast.If() as inner]):
            return inner is node and inner.col_offset == column
    return False
