"""Functions of a syntax tree whose bodies stay text until something asks for them.

They may tell of it whenever something does, so that it is known who depends on a body.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from fixtests.syntax.queries import FUNCTIONS, Function, children, walk

Answer = TypeVar("Answer")
COLUMNS = {"col_offset": 0, "end_col_offset": 0}


class Hole(NamedTuple):
    """One function: the rows of its `def`, its body and its last line, its end and its depth."""

    first: int
    body: int
    last: int
    column: int
    depth: int


def leave(
    node: ast.FunctionDef | ast.AsyncFunctionDef, text: bytes, hole: Hole, found: list[str]
) -> None:
    """Take a function's body out until it is asked for."""
    node.end_lineno, node.end_col_offset = hole.last, hole.column
    fields = node.__dict__
    del fields["body"]
    fields["_unread"] = text, hole, found
    node.__class__ = UNREAD[node.__class__]


def is_unread(node: ast.AST) -> bool:
    """Tell whether a node is a function whose body nobody has asked for."""
    return "_unread" in node.__dict__


def tell(node: Function, told: Callable[[], object]) -> None:
    """Have a function call `told` whenever something asks for its body."""
    fields = node.__dict__
    fields["_told"] = told
    if not is_unread(node):
        _hold(node)


def quiet_children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly below a node, for somebody to whom it is all one what they are."""
    return quietly(children, node)


def quietly(work: Callable[[Any], Answer], node: ast.AST) -> Answer:
    """Return what some work makes of a node, which does not tell that its body is asked for."""
    fields = node.__dict__
    told = fields.get("_told")
    if told is None:
        return work(node)
    fields["_told"] = bool
    try:
        return work(node)
    finally:
        fields["_told"] = told


def _hold(node: Function) -> None:
    """Keep the body of a function that tells of it where only its class finds it."""
    fields = node.__dict__
    fields["_held"] = fields.pop("body")
    node.__class__ = TELLING[node.__class__]


def note_fault(node: ast.AST, found: list[str]) -> None:
    """Add to `found` why the body of an unread function is not Python, if it is not."""
    text, hole, _ = node.__dict__["_unread"]
    _parsed_body(text, hole, found)


def _read(node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Parse the body of a function that was left out; one that is not Python is empty."""
    text, hole, faults = node.__dict__.pop("_unread")
    node.__class__ = READ[node.__class__]
    found = _parsed_body(text, hole, faults)
    if found is None:
        node.body = [ast.Pass(**dict.fromkeys(("lineno", "end_lineno"), hole.last), **COLUMNS)]
        return
    for item in walk(found):
        places = item.__dict__
        if "lineno" in places:
            places["lineno"] += hole.first - 2
            places["end_lineno"] += hole.first - 2
    node.body = found.body


def _parsed_body(text: bytes, hole: Hole, faults: list[str]) -> Any:
    """Return the tree of a function, None where it is not Python; the reason goes to `faults`."""
    try:
        tree: Any = parsed(b"if 1:\n" + text if hole.depth else b"\n" + text, "")
        return tree.body[0].body[0] if hole.depth else tree.body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        row = hole.first - 2 + (getattr(error, "lineno", None) or 2)
        faults.append(f"line {row}: {getattr(error, 'msg', error)}")
        return None


def parsed(text: bytes, path: str) -> ast.Module:
    """Return the tree of a text. Raises what `ast.parse` raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.decode("utf-8", "surrogatepass"), filename=path)


def _body(node: Any) -> list[ast.stmt]:
    """Return the body of a function that nobody has asked for."""
    _read(node)
    if "_told" not in node.__dict__:
        return node.body  # type: ignore[no-any-return]
    _hold(node)
    return _held(node)


def _held(node: Any) -> list[ast.stmt]:
    """Return the body of a function that tells of it."""
    fields = node.__dict__
    fields["_told"]()
    return fields["_held"]  # type: ignore[no-any-return]


def _kind(kind: type[ast.AST], body: Callable[[Any], list[ast.stmt]]) -> type[ast.AST]:
    """Return a kind of function of the same name with something else for a body."""
    return type(kind.__name__, (kind,), {"__slots__": (), "body": property(body)})


UNREAD: dict[type, type] = {kind: _kind(kind, _body) for kind in FUNCTIONS}
TELLING: dict[type, type] = {kind: _kind(kind, _held) for kind in FUNCTIONS}
READ: dict[type, type] = {unread: kind for kind, unread in UNREAD.items()}
