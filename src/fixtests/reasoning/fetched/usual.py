"""What a module calls the result of a call, so that a new local of another test is called so, too.

Whoever reads the file knows the thing by that name; a second word for it would puzzle them.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from fixtests.reasoning import roles, words
from fixtests.reasoning.fetched import guards
from fixtests.syntax.queries import (
    Function,
    bound_by,
    called_name,
    dotted,
    last_name,
    values_given,
    walk,
)
from fixtests.tree.module import Module

# Names of whatever comes back.
VAGUE = frozenset(
    (
        *("actual", "body", "data", "found", "items", "objs", "observed", "out", "output", "res"),
        *("resp", "response", "result", "results", "ret", "returned", "value", "values"),
    )
)
REPLY = frozenset({"body", "headers", "resp", "response"})  # what a client answers with
Told = tuple[str, ...]  # what tells calls apart
SHORTEST = 3  # letters of a name that says something


def name(fetched: ast.expr, module: Module) -> str:
    """Return the local that assignments of a module bind to the same call's result.

    The same is the same method of the same object, else of any object, or the same key of what it
    gives; the arguments count where the method does not say what it fetches. Empty where the
    module has no name for it, or several.
    """
    told = _told(fetched)
    if told is None:
        return ""
    near = [*_bindings(module.near_word(told[0].rpartition(".")[2]))]
    saying = {local for local, same in near if same == told and _says(local)}
    if not saying:
        alike = (local for local, same in near if same and _of_any(same) == _of_any(told))
        saying = set(filter(_says, alike))
    return saying.pop() if len(saying) == 1 else ""


def _of_any(told: Told) -> Told:
    """Return what tells calls apart where the method may be that of another object."""
    return (told[0].rpartition(".")[2], *told[1:])


def _bindings(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, Told | None]]:
    """Yield the locals that some nodes bind, and what tells the call of each value apart."""
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, _told(node.value)


def of_function(fetched: ast.expr, function: Function, module: Module) -> str:
    """Return the local that a function binds to results of the same call, and to nothing else.

    A second such result is not to be called another thing. Empty where it has none, or several.
    """
    told = _told(fetched)
    if told is None:
        return ""
    results, bound = module.noted((of_function, function), _results, function)
    names = results.get(told, [])
    return names[0] if len(set(names)) == 1 and bound[names[0]] == len(names) else ""


def is_in_reply(index: ast.Subscript, module: Module) -> bool:
    """Tell whether an indexed call gives several things, of which the list is one.

    `acls, stat = client.get_acls(path)` elsewhere in the module says so, and the list's own name as
    a key behind the index: `client.list_zones()[1]['zones']`.
    """
    if not isinstance(index.value, ast.Call):
        return False
    name, noun = called_name(index.value), guards.noun(index.value)
    match module.parents.of(index):
        case ast.Subscript(slice=ast.Constant(value=key)) if key == noun:
            return True
    for node in module.near_word(name):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Call() as call):
                if called_name(call) == name and {noun, *REPLY} & set(map(last_name, parts)):
                    return True
    return False


def _results(function: Function) -> tuple[dict[Told, list[str]], Counter[str]]:
    """Return the locals that are bound to the result of each call, and how often each is bound."""
    nodes = walk(function)
    found: dict[Told, list[str]] = {}
    for name, told in _bindings(nodes):
        if told is not None:
            found.setdefault(told, []).append(name)
    return found, Counter(name for node in nodes for name in bound_by(node))


def _told(fetched: ast.expr) -> Told | None:
    """Return what tells calls apart: the method with its object, what it is given, the key taken.

    Where the method says what it fetches, only constants that have names count of what it is given.
    None for what is no call of a method.
    """
    match fetched:
        case ast.Subscript(value=ast.Call() as call, slice=ast.Constant(value=str(key))):
            told = _told(call)
            return (*told, key) if told is not None else None
        case ast.Call(func=ast.Attribute() as method):
            path = ".".join((dotted(method) or "").split(".")[-2:])
            if not path:
                return None
            says = words.FETCHES_NOUN.fullmatch(words.OF_TABLE.sub("", method.attr))
            return (path, _constants(fetched) if says else ast.unparse(fetched))
    return None


def _constants(call: ast.Call) -> str:
    """Return the constants that a call is given by name: others fetch other things."""
    given = values_given(call)
    return " ".join(ast.unparse(item) for item in given if last_name(item).isupper())


def _says(name: str) -> bool:
    known = name in VAGUE or name[-1].isdigit() or name.startswith("_")
    return not known and len(name) >= SHORTEST and not roles.NAMES_EXPECTED.match(name)
