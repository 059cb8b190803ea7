"""What a module calls the result of a call, so that a new local of another test is called so, too.

Whoever reads the file knows the thing by that name; a second word for it would puzzle them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fixtests.reasoning import roles, words
from fixtests.syntax.queries import Function, bound_by, dotted, walk
from fixtests.tree.module import Module

# Names of whatever comes back.
VAGUE = frozenset(
    (
        *("actual", "body", "data", "found", "items", "objs", "observed", "out", "output", "res"),
        *("resp", "response", "result", "results", "ret", "returned", "value", "values"),
    )
)
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
    nodes = module.near_word(told[0].rpartition(".")[2])
    saying = set(filter(_says, _bound(nodes, told)))
    saying = saying or set(filter(_says, _bound(nodes, told, anywhere=True)))
    return saying.pop() if len(saying) == 1 else ""


def _bound(nodes: Iterable[ast.AST], told: tuple[str, ...], *, anywhere: bool = False) -> list[str]:
    """Return the locals that some nodes bind to the result of a call, each as often as they do.

    With `anywhere`, the method may be that of another object.
    """

    def same(told: tuple[str, ...] | None) -> object:
        return (told[0].rpartition(".")[2], *told[1:]) if told and anywhere else told

    return [
        node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and same(_told(node.value)) == same(told)
    ]


def of_function(fetched: ast.expr, function: Function) -> str:
    """Return the local that a function binds to results of the same call, and to nothing else.

    A second such result is not to be called another thing. Empty where it has none, or several.
    """
    told, nodes = _told(fetched), walk(function)
    names = _bound(nodes, told) if told is not None else []
    bound = [name for node in nodes for name in bound_by(node)]
    return names[0] if len(set(names)) == 1 and bound.count(names[0]) == len(names) else ""


def _told(fetched: ast.expr) -> tuple[str, ...] | None:
    """Return what tells calls apart: the method with its object, what it is given, the key taken.

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
            return (path, "" if says else ast.unparse(fetched))
    return None


def _says(name: str) -> bool:
    known = name in VAGUE or name[-1].isdigit() or name.startswith("_")
    return not known and len(name) >= SHORTEST and not roles.NAMES_EXPECTED.match(name)
