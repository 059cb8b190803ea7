"""The identifiers around a literal, which tell what it stands for, each with how much it tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from fixtests.reasoning import roles
from fixtests.reasoning.words import FACTORY, MADE_UP, VERB, done_to
from fixtests.rules.literal_uuid import uses
from fixtests.rules.literal_uuid.parameters import Parameters
from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import called_name, constant_string, last_name

ID_KEY = re.compile(r"(\w+_)?(id|uuid|ref)|\w*[a-z](Id|Uuid|Ref)")
CLASS = re.compile(r"_*[A-Z]+[a-z]\w*")
COLLECTION = re.compile(r"(\w*_)?(pool|collection)", re.IGNORECASE)
ENVELOPE = re.compile(r"\w+_object\.data")  # of a serialized object, whatever its kind
FAULT = re.compile(
    r"(?<=[a-z])(Not[A-Z]|In[A-Z]|Is[A-Z]|Already|Exists|Error|Exception|Conflict).*"
)
WRAPPERS = frozenset(
    (
        *("dict", "OrderedDict", "defaultdict", "list", "tuple", "set", "frozenset", "str"),
        *("copy", "deepcopy", "dumps", "dump_as_bytes", "Mock", "MagicMock", "NonCallableMock"),
        *("SimpleNamespace", "sorted", "iter"),
    )
)
GROWING = frozenset(("append", "extend", "insert", "add"))
VALUE = "value"
PARTS = 20  # of one thing at most
IDS = ("id", "uuid")  # what they identify says only their owner


class Kind(IntEnum):
    """What an identifier is to a literal.

    `KEY` is what it is named, `NOUN` what it is passed to, `CALLED` a function that it is passed to
    and that is called after a resource, if after anything.
    """

    CALLED = 1
    NOUN = 2
    KEY = 3


@dataclass(frozen=True)
class Hint:
    """An identifier beside a literal, and what it is to it."""

    identifier: str
    kind: Kind = Kind.KEY


def hints(node: ast.AST, parents: Parents, parameters: Parameters | None = None) -> Iterator[Hint]:
    """Yield what names a literal, nearest first.

    What a call's result is named does not name the call's arguments, so nothing outside of a call
    is a hint, but for one that only wraps what it is given.
    """
    child = node
    own = ""
    for above in parents.above(node):
        keyed = _keyed(above, child)
        kept = isinstance(above, ast.List | ast.Tuple | ast.Set) and (
            (own and own not in IDS) or (keyed is None and _is_mixed(above))
        )
        if kept or _patched(child):
            return  # what several things or changes are kept in does not name a part of one
        if keyed is not None:
            if ENVELOPE.fullmatch(keyed):
                return  # what is outside tells of the message, not of the object in it
            own = own or keyed
            yield Hint(keyed)
        match above:
            case ast.stmt() if not isinstance(above, ast.Assign | ast.AnnAssign | ast.For):
                yield from _returned(above, parents)
                return
            case ast.Call():
                # What has a value has another id.
                yield from _around_call(above, child, parameters) if own != VALUE else ()
                if called_name(above) not in WRAPPERS:
                    return
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                yield from map(Hint, _bound(target, child, parents))
                yield from _used(target, parents)
                return
            case ast.BinOp(op=ast.Mod()) | ast.JoinedStr():
                told = child.value if isinstance(child, ast.FormattedValue) else node
                yield from (Hint(item, Kind.NOUN) for item in uses.segment(above, told))
                return
            case ast.For(target=target) if child is above.iter:
                yield from map(Hint, _target_words(target))
            case ast.Compare(left=left, comparators=[right]):
                yield from map(Hint, _target_words(right if child is left else left))
        child = above


def _returned(statement: ast.stmt, parents: Parents) -> Iterator[Hint]:
    """Yield what a function makes that returns it, as `get_fake_port` does a port."""
    function = parents.function(statement) if isinstance(statement, ast.Return) else None
    noun = FACTORY.sub("", function.name) if function else ""
    if function and noun != function.name:
        yield Hint(noun, Kind.CALLED)


def is_named(node: ast.Constant, parents: Parents) -> bool:
    """Tell whether a literal is bound to a local whose name says more than that it is an id."""
    match parents.of(node):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name not in IDS
    return False


def others_beside(node: ast.Constant, parents: Parents) -> Iterator[str]:
    """Yield the other keys of a dict, or keywords of a call, that holds a literal as an `id`.

    Those that have the same value are not among them.
    """
    above = parents.of(node)
    if isinstance(above, ast.keyword):
        above = parents.of(above)
    match above:
        case ast.Dict(keys=keys, values=values):
            pairs = [(_key_word(key), value) for key, value in zip(keys, values, strict=True)]
        case ast.Call(keywords=keywords):
            pairs = [(item.arg or "", item.value) for item in keywords]
        case _:
            return
    if any(value is node and key in IDS for key, value in pairs):
        yield from (key for key, value in pairs if constant_string(value) != node.value)


def beside(node: ast.Constant, parents: Parents) -> Iterator[str]:
    """Yield the other texts of a list that a literal stands in."""
    above = parents.of(node)
    if isinstance(above, ast.List | ast.Tuple | ast.Set):
        others = (item for item in above.elts if item is not node)
        yield from filter(None, map(constant_string, others))


def _keyed(above: ast.AST, child: ast.AST) -> str | None:
    """Return the keyword or the key under which a node holds another one."""
    match above:
        case ast.keyword(arg=str(name)):
            return name
        case ast.Dict(keys=keys, values=values) if child in values:
            word = _key_word(keys[values.index(child)])
            word = _patched(above) or word if word == VALUE else word
            return None if MADE_UP.fullmatch(word) else word  # the key is an id itself
        case ast.Tuple(elts=[key, value]) if value is child and _is_id(key):
            return _key_word(key)
    return None


def _patched(row: ast.AST) -> str:
    """Return the field of an id that a JSON patch sets, empty where something is none."""
    if not isinstance(row, ast.Dict):
        return ""
    pairs = zip(row.keys, row.values, strict=True)
    paths = (constant_string(value) for key, value in pairs if constant_string(key) == "path")
    field = (next(paths, None) or "").rpartition("/")[2]
    return field if ID_KEY.fullmatch(field) else ""


def _is_mixed(row: ast.List | ast.Tuple | ast.Set) -> bool:
    """Tell whether ids stand beside other texts, so that they are parts of one thing."""
    texts = filter(None, map(constant_string, row.elts[:PARTS]))
    return any(EXACT.fullmatch(text) is None for text in texts)


def _key_word(key: ast.expr | None) -> str:
    """Return what a key of a dict says: its text, or the name of the constant that holds it."""
    return constant_string(key) or last_name(key)


def _collects(name: str) -> bool:
    """Tell whether a name is that of a collection, which says little of what is in it."""
    return COLLECTION.fullmatch(name) is not None


def _is_id(key: ast.expr) -> bool:
    return ID_KEY.fullmatch(_key_word(key)) is not None


def _bound(target: ast.expr, child: ast.AST, parents: Parents) -> Iterator[str]:
    """Yield what an assignment calls a value that it binds, alone or in a collection."""
    among = isinstance(child, ast.List | ast.Tuple | ast.Set)
    yield from (item for item in _target_words(target) if not (among and _collects(item)))
    yield from _of_itself(target, parents)


def _used(target: ast.expr, parents: Parents) -> Iterator[Hint]:
    """Yield what the calls are about that take a local, and the paths that hold it."""
    takers = uses.takers(target, parents)
    found = {
        hint for call, argument in takers for hint in _called(call, argument, called_name(call))
    }
    if len(found) == 1:
        yield from found
    yield from (Hint(item, Kind.NOUN) for item in dict.fromkeys(uses.paths(target, parents)))


def _of_itself(target: ast.expr, parents: Parents) -> Iterator[str]:
    """Yield the class whose instances an assignment to `self.id` gives their id."""
    match target:
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in IDS:
            owner = parents.class_of(target)
            if owner is not None and "Test" not in owner.name:
                yield owner.name


def _around_call(call: ast.Call, child: ast.AST, parameters: Parameters | None) -> Iterator[Hint]:
    """Yield the other side of an assertion, the parameter, or what the called function is about."""
    name = called_name(call)
    if roles.CALLED_WITH.fullmatch(name) and isinstance(call.func, ast.Attribute):
        yield from _called(call, child, last_name(call.func.value))
        return
    kind = uses.kind(call, child)
    if kind:
        yield Hint(kind, Kind.NOUN)
    if child in call.args and name.lower().startswith(roles.ASSERTION):
        for other in call.args:
            if other is not child:
                yield from _asserted(other, name)
        return
    if child in call.args:
        yield from map(Hint, _beside(call, call.args.index(child), parameters))
    if name not in WRAPPERS:
        yield from _called(call, child, name)
    if isinstance(call.func, ast.Attribute):
        owner = list(_target_words(call.func.value))
        if name in GROWING or CLASS.fullmatch("".join(owner[:1])):
            yield from (Hint(item, Kind.NOUN) for item in owner)


def _beside(call: ast.Call, at: int, parameters: Parameters | None) -> Iterator[str]:
    """Yield the key that an argument follows, and the parameter that takes it."""
    key = constant_string(call.args[at - 1]) if at else None
    if key and ID_KEY.fullmatch(key):
        yield key
    if parameters is not None:
        yield parameters.of(call, at)


def _called(call: ast.Call, child: ast.AST, name: str) -> Iterator[Hint]:
    """Yield what a called function is about; of two texts, nobody knows which one that is."""
    noun = FACTORY.sub("", VERB.sub("", name))
    by = name.rpartition("_by_")[2]
    if by not in (name, *IDS):
        yield Hint(by, Kind.NOUN)  # `get_node_by_instance_uuid(...)` is given an instance's
    elif name[:1].isupper():
        yield Hint(FAULT.sub("", noun), Kind.NOUN)
    elif noun == name and child in call.args[1:]:
        return  # what `rebuild_server(server, ...)` is given is no server
    elif child not in call.args or _is_only_text(call, child):
        yield Hint(done_to(name), Kind.CALLED) if noun == name else Hint(noun, Kind.NOUN)


def _asserted(other: ast.expr, assertion: str) -> Iterator[Hint]:
    """Yield what an assertion holds a literal against, nothing of a collection that has it."""
    if isinstance(other, ast.Call):
        return _nouns(iter((called_name(other),)))
    found = _target_words(other)
    if roles.EXPECTS.fullmatch(assertion):
        return _nouns(found)
    among = assertion in ("assertIn", "assertNotIn")
    return (Hint(item) for item in found if not (among and _collects(item)))


def _is_only_text(call: ast.Call, child: ast.AST) -> bool:
    """Tell whether no other argument of a call is a text."""
    return not any(constant_string(item) for item in call.args if item is not child)


def _nouns(names: Iterator[str]) -> Iterator[Hint]:
    """Yield what functions are about that a test expects to raise, nothing of other names."""
    return (Hint(VERB.sub("", name), Kind.NOUN) for name in names if VERB.match(name))


def _target_words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=owner, attr=name):
            yield name
            if name.lower() in IDS:
                yield from _target_words(owner)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))):
            yield name
            if name.lower() in IDS:
                yield from _target_words(owner)
        case ast.Subscript(value=owner, slice=ast.Constant(value=int())):
            yield from _target_words(owner)
