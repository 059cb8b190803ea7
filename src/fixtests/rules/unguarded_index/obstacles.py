"""Why a guard is not put before an index without a look, in words."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fixtests.reasoning import replacing, roles, words
from fixtests.reasoning.bodies import is_own
from fixtests.reasoning.fetched import asserted, keeping, lengths
from fixtests.reasoning.fetched.uses import Reached, Use
from fixtests.reasoning.stand_ins import names_stand_in
from fixtests.rules.api import Context
from fixtests.syntax.queries import Function, called_name, constant_int, last_name, walk
from fixtests.tree.module import Class

OBSTACLES = {
    Reached.ALWAYS: "",
    Reached.SOMETIMES: "the index is not reached whenever its statement runs; look whether the "
    "list may be empty there",
    Reached.LATER: "the index is in code that runs later or not at all; look whether the list "
    "may be empty there",
    Reached.RAISING: "a guard would stand inside the block that expects an exception; fetch the "
    "list before it",
    Reached.EXPECTED: "the block around it expects an exception; look whether it is this index's",
}


ASSERTED = "its length is asserted below; move that assertion up"
LESS = "what is asserted of its length below allows for less; assert it above, for the index"
STAND_IN = "a fake client gives what its own list holds: look whether that may be empty"
REPLACED = "this file puts something in the place of `{name}`: look whether that may be empty"
PLAIN = "its class has plain `assert` only, which linters may hold it to: assert its length so"
BESIDE = "`{other}` is indexed alike, and nothing says that it is a list: guard both by hand"
SHARED = (
    "{count} methods index it, and what prepares them fetches it: look whether one assertion there "
    "will do"
)
OF_TABLES = frozenset({"keys", "values", "items"})


FAR = 6  # lines, from which on a guard belongs where the list is fetched


def shared(use: Use, owner: Class | None) -> str:
    """Return why the list that a test's attribute keeps may be asserted of elsewhere, in words."""
    if use.origin is not None or owner is None or not _is_attribute(use.list):
        return ""
    count = keeping.indexing(last_name(use.list), owner)
    return SHARED.format(count=count) if count > 1 else ""


def asserted_below(call: ast.Call, use: Use) -> str:
    """Return what is to become of an assertion of a list's length below its index, in words."""
    path = lengths.text(use.list)
    least = (least for item, least in asserted.assertion(call) if lengths.text(item) == path)
    return ASSERTED if max(least, default=0) > use.index else LESS


def may_lack_key(use: Use) -> bool:
    """Tell whether a list is taken by a key where its index may not be reached.

    There the key may be missing, so that a guard above would raise a KeyError of its own.
    """
    keyed = any(isinstance(node, ast.Subscript) for node in walk(use.list))
    return keyed and use.reached in (Reached.SOMETIMES, Reached.LATER)


def right_above(use: Use) -> ast.stmt | None:
    """Return the statement before an index's own one where that fetches its list."""
    before = use.place.previous
    return before if before is not None and _runs(before, use.origin) else None


def fetching_call(use: Use) -> str:
    """Return the name of the call that gives what a local holds; else nothing."""
    value = use.origin.value if isinstance(use.origin, ast.Assign) else None
    while isinstance(value, ast.Subscript | ast.Await):
        value = value.value
    return called_name(value) if isinstance(value, ast.Call) else ""


def far_above(use: Use, lines_between: int = FAR) -> ast.stmt | None:
    """Return where a list is fetched far above its index, and nothing speaks of it in between.

    Whatever may end the test there first would keep a guard above it from being the same. A list
    that is fetched in a `with` is there below it, and so it is below a `try` that ends the test
    where it fails.
    """
    above = use.place.block[: use.place.position]
    fetching = next((item for item in above if _runs(item, use.origin)), None)
    if fetching is None or not isinstance(use.origin, ast.Assign):
        return None
    between = above[above.index(fetching) + 1 :]
    lines = use.place.statement.lineno - (fetching.end_lineno or fetching.lineno)
    named = _kept_in(use.list)
    if not named or lines <= lines_between:
        return None
    nodes = [node for item in between for node in walk(item)]
    stays = any(
        isinstance(node, ast.Return | ast.Raise)
        or (isinstance(node, ast.Name) and node.id == named)
        or (isinstance(node, ast.Call) and called_name(node) in roles.SKIPS)
        for node in nodes
    )
    return None if stays else fetching


def _runs(statement: ast.stmt, origin: ast.stmt | None) -> bool:
    """Tell whether a statement is the one that fetches, or a block that runs it and goes on."""
    if isinstance(statement, ast.Try):
        last = [item.body[-1] for item in statement.handlers]
        ended = all(isinstance(item, ast.Raise) or roles.ends_a_test(item) for item in last)
        return ended and any(_runs(item, origin) for item in statement.body)
    if not isinstance(statement, ast.With | ast.AsyncWith):
        return statement is origin
    entered = (item.context_expr for item in statement.items)
    names = [called_name(it) if isinstance(it, ast.Call) else last_name(it) for it in entered]
    if any(roles.EXPECTS.fullmatch(name) or "suppress" in name.lower() for name in names):
        return False
    return any(_runs(item, origin) for item in statement.body)


def halves(use: Use, function: Function) -> str:
    """Return that what stands beside a list under another key would get no guard, in words."""
    match use.list:
        case ast.Subscript(value=holder, slice=ast.Constant(value=str() as key)):
            whole, at = lengths.text(holder), constant_int(use.node.slice)
        case _:
            return ""
    for node in walk(function):
        if not isinstance(node, ast.Subscript) or constant_int(node.slice) != at:
            continue
        match node.value:
            case ast.Subscript(value=beside, slice=ast.Constant(value=str() as other)):
                if other != key and lengths.text(beside) == whole and not words.plural_key(other):
                    return BESIDE.format(other=ast.unparse(node.value))
    return ""


def _kept_in(listed: ast.expr) -> str:
    """Return the local that holds a list, or a reply with the list under a key; else nothing."""
    while isinstance(listed, ast.Subscript) and isinstance(listed.slice, ast.Constant):
        listed = listed.value
    return listed.id if isinstance(listed, ast.Name) else ""


def is_of_stand_in(listed: ast.expr, function: Function, context: Context) -> bool:
    """Tell whether a list comes from something that the test or its module binds to a fake."""
    names = [item.id for item in walk(listed) if isinstance(item, ast.Name)][:1]
    module = context.module
    scopes: tuple[ast.AST, ...] = (function, module.tree)
    bound = (module.noted((is_of_stand_in, it), _bound_to_stand_ins, it) for it in scopes)
    return any(not it.isdisjoint(names) for it in bound)


def stands_in(use: Use, function: Function, context: Context) -> str:
    """Return that a list may come from something that stands in for what fetches, in words.

    It was fetched from an attribute that is bound to a fake, or from a part of one, or the file
    gives a patcher a name that may be that of what fetches.
    """
    value = use.origin.value if isinstance(use.origin, ast.Assign) else use.list
    names = [called_name(item) for item in walk(value) if isinstance(item, ast.Call)]
    for name in names:
        if name not in replacing.PLAIN and replacing.may_put(context.module, name):
            return REPLACED.format(name=name)
    while isinstance(value, ast.Subscript | ast.Call):
        value = value.value if isinstance(value, ast.Subscript) else value.func
    holder = value.value if isinstance(value, ast.Attribute) else None
    while isinstance(holder, ast.Attribute) and not is_own(holder.value):
        holder = holder.value
    owner = context.class_at(function)
    held = owner is not None and keeping.holds_stand_in(holder, owner)
    return STAND_IN if held else ""


def _bound_to_stand_ins(scope: ast.AST) -> set[str]:
    """Return the names that a function, or a module in its own body, binds to a fake."""
    return {
        target.id
        for node in (scope.body if isinstance(scope, ast.Module) else walk(scope))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and names_stand_in(called_name(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def tables(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what is asked for its keys or values somewhere, and so is no list."""
    return {
        ast.unparse(node.func.value)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in OF_TABLES
        and not node.args
    }


def _is_attribute(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Attribute) and is_own(node.value)
