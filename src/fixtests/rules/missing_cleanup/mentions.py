"""Ways in which a class may delete something without a call that says so.

A deletion that is kept under another name, put together from texts, or given its target in a way
that no binding shows: each is doubt enough, so that a registered deletion is not safe there.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from fixtests.reasoning.built_texts import written
from fixtests.reasoning.calls import OWN, Run
from fixtests.reasoning.stand_ins import may_replace
from fixtests.rules.missing_cleanup.deletions import Word, deletes, is_for, says, words_of
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.syntax.queries import FUNCTIONS, calls, dotted, last_name, values_given, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.profile_cleanups import Resource

# By these a method or a name is reached that is not written where it is used.
DYNAMIC = frozenset(
    (
        *("getattr", "methodcaller", "attrgetter", "__getattribute__", "vars", "dir", "eval"),
        *("exec", "getmembers", "locals", "globals", "__dict__", "_cleanups", "doCleanups"),
    )
)
REQUEST = "DELETE"
SPEAKING = frozenset({ast.Attribute, ast.Name, ast.Constant, ast.Call, ast.BinOp, ast.JoinedStr})
HIDDEN = "()"  # stands for a call whose arguments no binding shows
FOR_ANY = DYNAMIC | {REQUEST, HIDDEN}  # what any resource may be deleted by


def doubt(resource: Resource, method: Method, owner: Class | None, ownership: Ownership) -> str:
    """Return what may delete a resource unseen, in words; empty where nothing may."""
    requests, module = ownership.project.profile.cleanups.requests, method.module
    run = Run(method, owner)
    for outer in (_own(method, owner), *_beside(resource, module, requests)):
        reason = _in(outer, resource, module, requests)
        loose = module.noted((_loose, outer), _loose, outer) if reason == "" else []
        rows = (_deletes_in(it, resource, module, requests) for it in loose)
        if row := next(filter(None, rows), 0):
            reason = f"line {row} deletes a {resource.name}; check that it is none of this test"
        for node in () if reason or owner is None else _kept(outer, module):
            found = ownership.calls.own(node, run)
            if found is not None and ownership.reaches(found, resource):
                reason = _worded(node, outer, f"mentions `{node.attr}`", resource)
        if reason:
            return reason
    return ""


def _loose(outer: ast.stmt) -> list[ast.stmt]:
    """Return what of a class or a module nobody follows: of a class, what is no method."""
    if not isinstance(outer, ast.ClassDef):
        return [outer]
    return [item for item in outer.body if not isinstance(item, (ast.ClassDef, *FUNCTIONS))]


def _deletes_in(
    outer: ast.stmt, resource: Resource, module: Module, requests: Container[str]
) -> int:
    """Return the row where a statement that nobody follows deletes a resource, 0 for none."""
    found = module.noted((_deletes_in, outer), lambda: [*_said(outer, requests)])
    return min((row for row, word in found if is_for(word, resource)), default=0)


def _said(outer: ast.stmt, requests: Container[str]) -> Iterator[tuple[int, Word]]:
    """Yield what the calls of a statement say that may be of a deletion, with their rows."""
    for call in calls(outer):
        yield from ((call.lineno, word) for word in words_of(call, requests) if word[1])


def _kept(outer: ast.stmt, module: Module) -> list[ast.Attribute]:
    """Return the methods of `self` that a statement names and does not call there."""

    def kept() -> list[ast.Attribute]:
        return [
            node
            for node, _ in module.noted((_words, outer), _words, outer)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in OWN
            and isinstance(node.ctx, ast.Load)
            and isinstance(above := module.parents.of(node), ast.expr | ast.stmt)
            and not isinstance(above, ast.Attribute | ast.Subscript)
            and not _is_in_place(node, above)
        ]

    return module.noted((_kept, outer), kept)


def _in(outer: ast.stmt, resource: Resource, module: Module, requests: Container[str]) -> str:
    """Return what in a statement may delete a resource unseen, looked for once."""

    def reason() -> str:
        reasons = (
            _worded(node, outer, reason, resource)
            for node, word in module.noted((_words, outer), _words, outer)
            if (word in FOR_ANY or word in requests or says(resource.deleters, word))
            and (reason := _says(node, resource, module.parents.of(node), requests))
        )
        return next(reasons, "")

    return module.noted((_in, outer, resource), reason)


def _words(outer: ast.stmt) -> list[tuple[ast.AST, str]]:
    """Return the nodes of a statement that may say something of a deletion, and by which word."""
    nodes = (node for node in walk(outer) if node.__class__ in SPEAKING)
    return [(node, word) for node in nodes if (word := _word(node))]


def _word(node: ast.AST) -> str:
    """Return the word by which a node may speak of a deletion, empty for none."""
    match node:
        case ast.Attribute(attr=name) if name in DYNAMIC or isinstance(node.ctx, ast.Load):
            return name
        case ast.Name(id=name) if name in DYNAMIC:
            return name
        case ast.Constant(value=str(text)) if text.isidentifier():
            return text
        case ast.BinOp() | ast.JoinedStr() | ast.Call() if written(node) == REQUEST:
            return REQUEST
        case ast.Call() if _is_hidden(node):
            return HIDDEN
    return ""


def _worded(node: ast.AST, outer: ast.stmt, reason: str, resource: Resource) -> str:
    row = getattr(node, "lineno", outer.lineno)
    return f"line {row} {reason}; check that it deletes no {resource.name} of this test"


def _own(method: Method, owner: Class | None) -> ast.stmt:
    """Return the class that can delete what a test makes, or the function where there is none."""
    if owner is not None and owner.module is method.module:
        return owner.node
    return method.owner.node if method.owner is not None else method.node


def _beside(resource: Resource, module: Module, requests: Container[str]) -> list[ast.stmt]:
    """Return the statements of a module that may delete a resource unseen, beside its classes."""

    def beside() -> list[ast.stmt]:
        return [
            node
            for node in module.tree.body
            if not isinstance(node, ast.ClassDef | ast.Import | ast.ImportFrom)
            and (
                _in(node, resource, module, requests)
                or _kept(node, module)
                or _deletes_in(node, resource, module, requests)
            )
        ]

    return module.noted((_beside, resource), beside)


def _says(
    node: ast.AST, resource: Resource, above: ast.AST | None, requests: Container[str]
) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) if _is_dynamic(node, name, above):
            return f"uses `{name}`"
        case ast.Attribute(attr=name) if name == REQUEST:
            return f"speaks of `{REQUEST}`"
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in requests or says(
            resource.deleters, name
        ):
            return "" if _is_in_place(node, above) else f"mentions `{name}`"
        case ast.Constant(value=str(text)) if text == REQUEST:
            return f"speaks of `{REQUEST}`"
        case ast.BinOp() | ast.JoinedStr() | ast.Call() if written(node) == REQUEST:
            return f"speaks of `{REQUEST}`"
        case ast.Constant(value=str(text)) if text.isidentifier() and says(resource.deleters, text):
            patched = isinstance(above, ast.Call) and may_replace(above)
            return "" if patched or _is_key(node, above) else f"speaks of `{text}`"
        case ast.Call() if deletes(node, resource, requests) and _is_hidden(node):
            return "deletes what no binding shows"
    return ""


def _is_dynamic(node: ast.AST, name: str, above: ast.AST | None) -> bool:
    if name not in DYNAMIC:
        return False
    if name == "getattr" and isinstance(above, ast.Call) and above.func is node and above.args:
        return "uuid" not in (dotted(above.args[0]) or "")
    return True


def _is_in_place(node: ast.expr, above: ast.AST | None) -> bool:
    """Tell whether a method is called where it is named, or handed on with its arguments."""
    if not isinstance(above, ast.Call):
        return False
    handed = node in above.args and (above.args[-1] is not node or bool(above.keywords))
    return above.func is node or handed


def _is_key(node: ast.expr, above: ast.AST | None) -> bool:
    """Tell whether a text is the key of an action's body, which is looked at as such."""
    return isinstance(above, ast.Dict) and node in above.keys


def _is_hidden(call: ast.Call) -> bool:
    """Tell whether a deletion's arguments are made on the spot, or hang on a class."""
    values = values_given(call)
    return any(_is_made(value) for value in values)


def _is_made(value: ast.expr) -> bool:
    match value:
        case ast.Subscript(value=inner):
            return _is_made(inner)
        case ast.Attribute(value=ast.Name(id=name)):
            return name[:1].isupper()
        case ast.Call(func=ast.Name(), args=[], keywords=[]):
            return True
        case ast.Call():
            return last_name(value.func) == "dict"
    return False
