"""The identifiers around a literal, which tell what it stands for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.words import VERB
from fixtests.syntax.queries import Parents, called_name, constant_string

ID_KEY = re.compile(r"(\w+_)?(id|uuid|ref)|\w*[a-z](Id|Uuid|Ref)")
CLASS = re.compile(r"_*[A-Z]+[a-z]\w*")
COLLECTION = re.compile(r"(\w*_)?(pool|collection)", re.IGNORECASE)
ENVELOPE = re.compile(r"\w+_object\.data")  # of a serialized object, whatever its kind
GROWING = {"append", "extend", "insert"}
IDS = ("id", "uuid")  # what they identify says only their owner


def words(node: ast.AST, parents: Parents) -> Iterator[str]:
    """Yield the identifiers that name a literal, nearest first."""
    child = node
    for above in parents.above(node):
        match above:
            case ast.keyword(arg=str(name)):
                yield name
            case ast.Dict(keys=keys, values=values):
                if child in values:
                    key = constant_string(keys[values.index(child)])
                    if key and ENVELOPE.fullmatch(key):
                        return  # what is outside tells of the message, not of the object in it
                    if key:
                        yield key
            case ast.Call():
                yield from _around_call(above, child)
            case ast.Assign(targets=[target]):
                told = _target_words(target)
                among = isinstance(child, ast.List | ast.Tuple | ast.Set)
                yield from (item for item in told if not (among and _collects(item)))
                yield from _of_itself(target, parents)
            case ast.For(target=target) if child is above.iter:
                yield from _target_words(target)
            case ast.Compare(left=left, comparators=[right]):
                yield from _target_words(right if child is left else left)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return
        child = above


def _collects(name: str) -> bool:
    """Tell whether a name is that of a collection, which says little of what is in it."""
    return COLLECTION.fullmatch(name) is not None


def _of_itself(target: ast.expr, parents: Parents) -> Iterator[str]:
    """Yield the class whose instances an assignment to `self.id` gives their id."""
    match target:
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in IDS:
            above = parents.above(target)
            owner = next((item for item in above if isinstance(item, ast.ClassDef)), None)
            if owner is not None and "Test" not in owner.name:
                yield owner.name


def _around_call(call: ast.Call, child: ast.AST) -> Iterator[str]:
    """Yield the other side of an assertion, or what the called function is about."""
    name = called_name(call)
    if child in call.args and name.lower().startswith(roles.ASSERTION):
        for other in call.args:
            if other is not child:
                found = _target_words(other)
                if name in ("assertIn", "assertNotIn"):
                    found = (item for item in found if not _collects(item))
                yield from _nouns(found) if roles.EXPECTS.fullmatch(name) else found
        return
    if child in call.args[1:]:
        key = constant_string(call.args[call.args.index(child) - 1])
        if key and ID_KEY.fullmatch(key):
            yield key
    noun = VERB.sub("", name)
    if name[:1].isupper() or (child in call.args and noun != name):
        yield noun
    if isinstance(call.func, ast.Attribute):
        owner = list(_target_words(call.func.value))
        if name in GROWING or CLASS.fullmatch("".join(owner[:1])):
            yield from owner


def _nouns(names: Iterator[str]) -> Iterator[str]:
    """Yield what functions are about that a test expects to raise, nothing of other names."""
    return (VERB.sub("", name) for name in names if VERB.match(name))


def _target_words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=owner, attr=name):
            yield name
            if name in IDS:
                yield from _target_words(owner)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))):
            yield name
            if name in IDS:
                yield from _target_words(owner)
