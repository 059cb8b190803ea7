"""Which functions look rows up in a database, by their own code, signature and name."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import words
from fixtests.reasoning.fetched.standins import DATABASE
from fixtests.syntax.queries import called_name, dotted, walk_function
from fixtests.tree.module import Method

ROWS = frozenset({"all", "fetchall"})  # methods that give all rows of a query


def is_stored(call: ast.Call) -> bool:
    """Tell whether a call is one of the database's functions."""
    parts = (dotted(call.func) or "").split(".")[:-1]
    return bool(parts) and DATABASE.fullmatch(parts[-1]) is not None


def gives_many(method: Method, call: ast.Call) -> bool:
    """Tell whether a function of the product that a call runs looks up a list."""
    return _looks_up(method) or (is_stored(call) and _selects(method))


def _selects(method: Method) -> bool:
    """Tell whether all that a function gives back are the rows of a query."""
    returned = [
        item.value
        for item in walk_function(method.node)
        if isinstance(item, ast.Return) and item.value is not None
    ]
    return bool(returned) and all(
        isinstance(item, ast.Call) and called_name(item) in ROWS and not item.args
        for item in returned
    )


def _looks_up(method: Method) -> bool:
    """Tell whether a function of the product looks things up and gives a list."""
    name = method.name.lstrip("_")
    if words.FETCHES_ALL.fullmatch(name) and "get_all" in name:
        return True
    annotation = method.node.returns
    written = ast.unparse(annotation).strip("'\"") if annotation is not None else ""
    first = [item.arg for item in method.node.args.args if item.arg not in ("self", "cls")][:1]
    return (
        re.match(r"(typing\.|ty\.|t\.)?(list|List|Sequence)\[", written) is not None
        and words.FETCHES.match(method.name) is not None
        and first in (["context"], ["ctxt"], ["ctx"])
    )
