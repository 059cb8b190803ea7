"""Which ids of a file belong together, so that one of them is not named without the others."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator

from fixtests.rules.literal_uuid.literal import Verdict
from fixtests.rules.literal_uuid.names import Names
from fixtests.rules.literal_uuid.spelling import DIVIDED, EXACT
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import constant_string, dotted
from fixtests.tree.module import Module

SHAPE = re.compile(
    rb"[0-9a-zA-Z]{8}(-[0-9a-zA-Z]{4}){3}-[0-9a-zA-Z]{12}|(?<![0-9a-zA-Z])[0-9a-f]{32}(?![0-9a-zA-Z])"
)
DIGEST = re.compile(r"checksum|digest|etag|hash|md5|sha\d*$|signature", re.IGNORECASE)
BLOCKS = ("body", "orelse", "finalbody")


def halves(
    own: Names, safe: set[str], untold: Container[str], without: Container[str]
) -> dict[str, str]:
    """Return why constants, by their values, would name a part of what belongs together only.

    That are the ids of one statement, and those of statements that do alike things in a row. A
    value that is to be looked at leaves those beside it halves in turn. One that is `untold` does
    so where not more of the ids with it are named than stay, one of `without` has a name. What is
    left alone in a statement may be so for its own sake, and only leaves a row half.
    """
    sets: dict[object, set[str]] = {}
    places: dict[str, set[object]] = {}
    rows = own.module.noted(Rows, Rows, own.module)
    for item in own.literals.found:
        alone = item.verdict is Verdict.LEAVE or item.absent
        if item.value not in without and (alone or own.of(item) is None):
            for place in [*rows.around(item.node)][alone:]:
                sets.setdefault(place, set()).add(item.value)
                places.setdefault(item.value, set()).add(place)
    named = {place: len(values & safe) for place, values in sets.items()}
    found: dict[str, str] = {}
    waiting = [value for value in places if value not in safe]
    while waiting:
        left = waiting.pop()
        for place in places[left]:
            if left in untold and 2 * named[place] > len(sets[place]):
                continue
            halved = sorted(sets[place] & safe)
            safe.difference_update(halved)
            found |= dict.fromkeys(halved, f"`{left}` beside it has no name that is as clear")
            waiting += halved
            named[place] = 0
            sets[place] = set()
    return found


class Rows:
    """The statements of a module that follow one another and do alike things with ids.

    That are assignments, of which those that give locals their ids are apart, and calls of one
    function with arguments of the same kinds; in both the ids stand under the same key, or under
    none. A blank line ends a row.
    """

    def __init__(self, module: Module) -> None:
        self._parents = module.parents
        self._module = module
        self._begin: dict[ast.stmt, ast.stmt] = {}  # of each statement's row

    def around(self, node: ast.AST) -> Iterator[object]:
        """Yield what an id is a part of: its statement, and those that have one so in its row."""
        statement = self._parents.statement(node)
        yield statement
        if self._parents.function(node) is not None:
            yield self._row(statement), _is_local(statement, node), self._way(node)

    def _way(self, node: ast.AST) -> tuple[str, ...]:
        """Return the keys and brackets that a literal stands in; calls that take it are none."""
        found, child = [], node
        for above in self._parents.above(node):
            match above:
                case ast.stmt():
                    break
                case ast.keyword(arg=str(name)):
                    found.append(name)
                case ast.Dict(keys=keys, values=values) if child in values:
                    found.append(constant_string(keys[values.index(child)]) or "")
                case ast.Call():
                    pass
                case _:
                    found.append(type(above).__name__)
            child = above
        return tuple(found)

    def _row(self, statement: ast.stmt) -> ast.stmt:
        if statement not in self._begin:
            above = self._parents.of(statement)
            for block in (getattr(above, field, []) for field in BLOCKS):
                begin = None
                for before, item in zip([None, *block], block, strict=False):
                    goes_on = before is not None and self._goes_on(before, item)
                    begin = begin if goes_on and begin else item
                    self._begin[item] = begin
        return self._begin.get(statement, statement)

    def _goes_on(self, before: ast.stmt, statement: ast.stmt) -> bool:
        form = _form(statement)
        if not form or form != _form(before):
            return False
        rows = range((before.end_lineno or 0) + 1, statement.lineno)
        return all(self._module.source.line(row).strip() for row in rows)


def _form(statement: ast.stmt) -> tuple[object, ...]:
    """Return what makes statements alike, nothing for one that is like no other."""
    match statement:
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            return (ast.Assign,)
        case ast.Expr(value=ast.Call(func=function, args=args, keywords=keywords)):
            if name := dotted(function):
                return (name, *map(type, args), *(item.arg for item in keywords))
    return ()


def _is_local(statement: ast.stmt, node: ast.AST) -> bool:
    """Tell whether a statement gives a local an id."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement
    target = target.target if isinstance(target, ast.AnnAssign) else target
    return isinstance(target, ast.Name) and getattr(statement, "value", None) is node


def alike(node: ast.Constant, module: Module) -> Iterator[str]:
    """Yield the texts beside a literal that look like ids of its kind and get no name."""
    looks = module.noted(SHAPE, _looks, module)
    rows = module.noted(Rows, Rows, module)
    around = set(rows.around(node)) if looks else set()
    for other, text in looks:
        if not around.isdisjoint(rows.around(other)):
            named = holder(other, module.parents)
            if "-" in text or (named and not DIGEST.search(named)):
                yield text


def _looks(module: Module) -> list[tuple[ast.Constant, str]]:
    """Return the texts that look like ids and are none, and ids in parts; few modules have any."""
    return [
        (node, text)
        for pattern in (SHAPE, DIVIDED)
        for node in module.near(pattern)
        if isinstance(node, ast.Constant)
        and (text := constant_string(node))
        and SHAPE.fullmatch(text.encode("utf-8", "surrogatepass"))
        and (pattern is DIVIDED or not EXACT.fullmatch(text))
    ]


def holder(node: ast.AST, parents: Parents) -> str:
    """Return the key, keyword, attribute or local that holds a literal alone, if need be."""
    above = parents.of(node)
    match above:
        case ast.keyword(arg=str(name)):
            return name
        case ast.Dict(keys=keys, values=values) if node in values:
            return constant_string(keys[values.index(node)]) or ""
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]):
            return name
        case ast.BoolOp(op=ast.Or()):
            return holder(above, parents)  # what is taken where there is nothing else
    return ""
