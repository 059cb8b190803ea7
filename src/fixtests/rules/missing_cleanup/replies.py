"""What becomes of a creating call's reply, and what the call stands in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fixtests.reasoning import roles, words
from fixtests.reasoning.calls import Run
from fixtests.reasoning.expectations import Expectations
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import (
    called_name,
    calls,
    constant_string,
    dotted,
    is_function,
    last_name,
    walk,
)
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project

SIMPLE = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Assert)  # after these, a name is bound
RESPONSE = re.compile(r"_+|resp(onse)?|status")  # what is unpacked beside a body
LOOP = "a loop"  # one of the blocks below
BROAD = frozenset({"", "Exception", "BaseException"})  # what is caught by these is not expected


@dataclass(frozen=True)
class Reply:
    """How a reply is kept.

    `text` is the expression that names it after the statement, empty where
    nothing does, `keys` are the string keys that were taken from it already. It is `unpacked`
    where the text is its second part, the body beside a response.
    """

    statement: ast.stmt
    text: str
    keys: tuple[str, ...]
    fate: Literal["bound", "waited for", "discarded", "returned", "unpacked", "passed on"]
    unpacked: bool = False


def reply_of(call: ast.Call, parents: Parents) -> Reply:
    """Return how a call's reply is kept."""
    statement = parents.statement(call)
    keys: list[str] = []
    inner: ast.AST = call
    waited = False
    for above in parents.above(call):
        key = constant_string(above.slice) if isinstance(above, ast.Subscript) else None
        if key is not None:
            keys.append(key)
        elif isinstance(above, ast.Call) and not waited and not keys and _waits(above, inner):
            waited = True
        else:
            break
        inner = above
    match above:
        case (
            ast.Assign(targets=[ast.Name() | ast.Attribute() as target])
            | ast.AnnAssign(target=ast.Name() | ast.Attribute() as target)
            | ast.NamedExpr(target=target)
        ) if dotted(target) and isinstance(statement, SIMPLE):
            fate: Literal["bound", "waited for"] = "waited for" if waited else "bound"
            return Reply(statement, ast.unparse(target), tuple(keys), fate)
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=first), target])], value=value) if (
            value is inner is call and RESPONSE.fullmatch(first) and (name := dotted(target))
        ):
            return Reply(statement, name, (), "bound", unpacked=True)
        case ast.Assign(targets=[ast.Tuple()], value=value) if value is inner is call:
            return Reply(statement, "", (), "unpacked")
        case ast.Expr() if not waited:
            return Reply(statement, "", tuple(keys), "discarded")
        case ast.Return():
            return Reply(statement, "", tuple(keys), "returned")
        case ast.Tuple(elts=values) if not waited and (name := _beside(statement, values, inner)):
            return Reply(statement, name, tuple(keys), "bound")
        case ast.Call(ast.Name("setattr"), [ast.Name(holder), ast.Constant(str(name)), _]) if (
            isinstance(statement, ast.Expr) and statement.value is above and not waited
        ):
            return Reply(statement, f"{holder}.{name}", tuple(keys), "bound")
    return Reply(statement, "", tuple(keys), "passed on")


def _beside(statement: ast.stmt, values: list[ast.expr], value: ast.AST) -> str:
    """Return the name that one of several values is bound to, empty where that is not seen."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=given)) if (
            given is values and len(targets) == len(given)
        ):
            starred = any(isinstance(item, ast.Starred) for item in (*targets, *given))
            target = targets[next(place for place, item in enumerate(given) if item is value)]
            return "" if starred else dotted(target) or ""
    return ""


def _waits(above: ast.Call, node: ast.AST) -> bool:
    return bool(above.args) and above.args[0] is node and roles.waits(above)


def of_two_forms(method: Method) -> frozenset[str]:
    """Return the replies of which a function asks in which form they came: no key is certain.

    `image = body['image'] if 'image' in body else body` does, and `body.get('image', body)`.
    """
    return method.module.noted(
        (of_two_forms, method.node),
        lambda: frozenset(it for node in walk(method.node) for it in _of_two_forms(node)),
    )


def _of_two_forms(node: ast.AST) -> set[str]:
    match node:
        case ast.IfExp(test=asked, body=one, orelse=other):
            return _named(walk(asked)) & {ast.unparse(one), ast.unparse(other)}
        case ast.Call(func=ast.Attribute(value=held, attr="get" | "pop"), args=[_, default]):
            return _named([held]) & _named([default])
        case ast.If(
            test=asked, body=[ast.Assign(targets=targets, value=ast.Subscript(value=held)), *_]
        ):
            return _named([held]) & _named(targets) & _named(walk(asked))
    return set()


def _named(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the dotted names among some nodes."""
    names = (dotted(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute))
    return {name for name in names if name}


def surroundings(
    call: ast.Call, method: Method, owner: Class | None, project: Project, parents: Parents
) -> str:
    """Name the nearest block below a function that a call stands in, empty at its top level.

    `nothing` where the call creates nothing: it is expected to fail, is told that it may, or only
    a lambda that holds it is passed on. So, too, where it makes what a look-up did not find,
    which is meant to be there for whoever looks next.
    """
    if any(map(_may_fail, call.keywords)):
        return "nothing"
    place = ""
    inner: ast.AST = call
    for node in parents.above(call):
        if node is method.node:
            break
        if _creates_nothing(node, inner) or _expects(node, method, owner, project):
            return "nothing"
        if isinstance(node, ast.Try) and inner in node.handlers and _looks_up(node, call):
            return "nothing"
        place = place or _block(node)
        inner = node
    return place


def _may_fail(told: ast.keyword) -> bool:
    """Tell whether a command line is told that it may fail."""
    return told.arg == roles.MAY_FAIL and ast.unparse(told.value) == "True"


def _creates_nothing(node: ast.AST, inner: ast.AST) -> bool:
    match node:
        case ast.Lambda():
            return True
        case ast.Try(body=[*_, last], handlers=handlers) if inner is last and handlers:
            return all(last_name(handler.type) not in BROAD for handler in handlers)
        case ast.Try(body=body, handlers=[_, *_]) if inner in body:
            later = body[body.index(inner) + 1 :]
            return any(
                isinstance(item, ast.Expr)
                and isinstance(item.value, ast.Call)
                and called_name(item.value) == roles.FAILS
                for item in later
            )
    return False


def _looks_up(block: ast.Try, call: ast.Call) -> bool:
    """Tell whether a block looks up one of what a call in its handlers creates."""
    noun = called_name(call).partition("_")[2]
    return bool(noun) and any(
        name.startswith(words.LOOKS_UP) and noun in name
        for statement in block.body
        for name in map(called_name, calls(statement))
    )


def _expects(node: ast.AST, method: Method, owner: Class | None, project: Project) -> bool:
    """Tell whether a block expects that it fails."""
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    found = Expectations.of(project).around(node, Run(method, owner))
    return found is not None and found.demanded


def _block(node: ast.AST) -> str:
    if is_function(node):
        return "a nested function"
    match node:
        case ast.For() | ast.While() | ast.AsyncFor():
            return LOOP
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return "a comprehension"
        case ast.If() | ast.IfExp() | ast.BoolOp() | ast.Match():
            return "a branch"
        case ast.With() | ast.AsyncWith():
            return "a `with` block"
        case ast.Try():
            return "a `try` block"
    return ""
