"""What a text may be that code puts together: whole, or as a regular expression with gaps.

Names and attributes are reached by such texts, and requests are sent.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.syntax.queries import Function, constant_string, last_name, walk
from fixtests.tree.module import Module

ANY = ".*"
PLACE = re.compile(r"%(?:\(\w+\))?[\w.#+-]*?[sdr]")
PURE = frozenset(  # methods of texts that give a text
    (
        *("upper", "lower", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip"),
        *("rstrip", "replace", "removeprefix", "removesuffix", "format", "join"),
    )
)


def written(node: ast.expr) -> str | None:
    """Return the text that constants are put together to, None for anything else."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([left, right])
        case ast.JoinedStr(values=values):
            return _joined(values)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return written(value)
        case ast.Call(func=ast.Attribute(value=holder, attr=name), args=args, keywords=[]) if (
            name in PURE
        ):
            return _called(holder, name, args)
    return constant_string(node)


def _joined(parts: list[ast.expr]) -> str | None:
    texts = [written(part) for part in parts]
    return None if None in texts else "".join(filter(None, texts))


def _called(holder: ast.expr, name: str, args: list[ast.expr]) -> str | None:
    """Return what a method of a text gives, which is given texts or, `join`, a list of them."""
    listed = args[0] if name == "join" and len(args) == 1 else None
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple) else args
    texts = [written(item) for item in (holder, *items)]
    if None in texts:
        return None
    text, *given = texts
    try:
        return str(getattr(text, name)(*([given] if name == "join" else given)))
    except (TypeError, ValueError, LookupError):
        return None


def like(node: ast.expr, module: Module, seen: frozenset[str] = frozenset()) -> str:
    """Return a regular expression for the texts that an expression may be."""
    text = written(node)
    if text is not None:
        return re.escape(text)
    match node:
        case ast.JoinedStr(values=values):
            return "".join(like(item, module, seen) for item in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return like(left, module, seen) + like(right, module, seen)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return ANY.join(map(re.escape, PLACE.split(text)))
        case ast.FormattedValue(value=value):
            return like(value, module, seen)
        case ast.Name(id=name) if name not in seen:
            function = module.parents.function(node)
            bound = [*_bound(name, function)] if function else []
            found = [
                ANY if item is None else like(item, module, seen | {name})
                for item in bound or filter(None, [module.values.get(name)])
            ]
            return f"(?:{'|'.join(found)})" if found and ANY not in found else ANY
    return ANY


def told(node: ast.expr, module: Module) -> list[str]:
    """Return the texts that an expression may be, as far as they are written in its function."""
    text = written(node)
    if text is not None:
        return [text]
    function = module.parents.function(node) if isinstance(node, ast.Name) else None
    bound = _bound(node.id, function) if function and isinstance(node, ast.Name) else ()
    return [text for item in bound if item is not None and (text := written(item)) is not None]


def may_be(node: ast.expr, text: str, module: Module) -> bool:
    """Tell whether an expression may be a text."""
    return re.fullmatch(like(node, module), text) is not None


def _bound(name: str, function: Function) -> Iterator[ast.expr | None]:
    """Yield what a function binds a name to, None for what is not written there."""
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                yield value
            case ast.For(target=ast.Name(id=bound), iter=listed) if bound == name:
                yield from listed.elts if isinstance(listed, ast.Tuple | ast.List) else [None]
            case ast.For(target=ast.Tuple(elts=targets), iter=listed):
                at = next((i for i, it in enumerate(targets) if last_name(it) == name), None)
                if at is not None:
                    items = listed.elts if isinstance(listed, ast.Tuple | ast.List) else [None]
                    yield from (_item(item, at) for item in items)
            case ast.arg(arg=bound) | ast.comprehension(target=ast.Name(id=bound)):
                yield from [None] if bound == name else []


def _item(node: ast.expr | None, at: int) -> ast.expr | None:
    """Return what stands at a place of a tuple, None for what is none."""
    items = node.elts if isinstance(node, ast.Tuple | ast.List) else []
    return items[at] if at < len(items) else None
