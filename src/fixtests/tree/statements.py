"""What the statements of a module bind: imports and values, and which run on import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath


def module_name(path: str) -> str:
    """Return the dotted name of the module in a file, given by its path from the root."""
    return ".".join(PurePosixPath(path.removeprefix("src/")).with_suffix("").parts)


def import_targets(node: ast.stmt, module: str, *, package: bool) -> dict[str, str]:
    """Return what each name that an import binds stands for, as a dotted name."""
    found: dict[str, str] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            target = alias.name if alias.asname else alias.name.partition(".")[0]
            found[alias.asname or target] = target
    elif isinstance(node, ast.ImportFrom):
        origin = absolute(node, module, package=package)
        for alias in node.names:
            if alias.name != "*":
                found[alias.asname or alias.name] = f"{origin}.{alias.name}"
    return found


def module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run on import, those in `if` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from module_level([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from module_level(node.body)
            for handler in node.handlers:
                yield from module_level(handler.body)
            yield from module_level([*node.orelse, *node.finalbody])


def bindings(body: Iterator[ast.stmt] | list[ast.stmt]) -> dict[str, ast.expr]:
    """Return the names that some statements bind by assignments, and to what."""
    found: dict[str, ast.expr] = {}
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def absolute(node: ast.ImportFrom, module: str, *, package: bool) -> str:
    """Return the dotted name of the module that an import names."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + (1 if package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])
