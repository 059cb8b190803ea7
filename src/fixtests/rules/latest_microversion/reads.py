"""Who reads a version attribute of a class, and to what end, along its resolution order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from fixtests.reasoning import roles
from fixtests.reasoning.traits import VERSION, is_plain, readings, versions_read
from fixtests.syntax.queries import (
    called_name,
    constant_string,
    is_function,
    spanning,
    spanning_statements,
    walk,
)
from fixtests.tree.module import Class, External, Method, Module
from fixtests.tree.project import Project

READ = re.compile(VERSION.pattern.encode(), re.IGNORECASE)
LATEST = re.compile(rb"latest")
SENT = re.compile(r"(?:[\w-]+ )?latest")  # a version, or a header that holds it


@dataclass(frozen=True)
class Read:
    """One reading of `self.<attribute>`; `plain` where it is only handed to a client or tested."""

    attribute: str
    plain: bool
    statement: ast.stmt  # of the class, which it stands in

    @property
    def node(self) -> ast.expr:
        """What reads it, for whoever is told where that is."""
        asked = self.attribute, self.plain
        return next(node for *read, node in readings(self.statement) if (*read,) == asked)


@dataclass(frozen=True)
class Facts:
    """What one class body does with versions; `compares` tells whether it tests for 'latest'."""

    reads: tuple[Read, ...]
    compares: bool


def facts(owner: Class, project: Project) -> Facts:
    """Return what the body of a class, nested functions included, does with versions."""

    def found() -> Facts:
        compares = compares_latest(owner.module, owner.node) is not None
        return Facts(tuple(_reads(owner, project)), compares)

    return project.memory.ask((Facts, owner.node), found)


def reads(project: Project, owner: Class, attribute: str) -> bool | None:
    """Tell whether a class in a resolution order reads an attribute.

    None where nobody in the tree does and a base outside of it may.
    """

    def told(item: Class | External) -> bool | None:
        found = facts(item, project).reads if isinstance(item, Class) else ()
        return any(read.attribute == attribute for read in found) or None

    if project.first(owner, ("reads", attribute), told):
        return True
    return None if project.first(owner, "may read", lambda item: may_read(item) or None) else False


def other_use(project: Project, owner: Class, attribute: str) -> tuple[Class, ast.expr] | None:
    """Return who in a resolution order first puts an attribute to another use, and where."""

    def told(item: Class | External) -> tuple[Class, ast.expr] | None:
        for read in facts(item, project).reads if isinstance(item, Class) else ():
            if read.attribute == attribute and not read.plain:
                return item, read.node  # type: ignore[return-value]
        return None

    use: tuple[Class, ast.expr] | None = project.first(owner, ("other use", attribute), told)
    return use


def _reads(owner: Class, project: Project) -> Iterator[Read]:
    for item in spanning_statements(owner.node.body, owner.module.rows(READ)):
        if is_function(item):
            read = versions_read(Method(owner.module, owner, item), project)
        else:
            read = tuple((name, plain) for name, plain, _ in readings(item))
        yield from (Read(name, plain, item) for name, plain in read)


def compares_latest(module: Module, tree: ast.AST) -> int | None:
    """Return the row where a tree first holds something against 'latest', else None.

    What that is, and how it was reached, is not asked: it may be the version.
    """
    found = spanning(tree, module.rows(LATEST))
    for node in sorted(found, key=lambda item: getattr(item, "lineno", 0)):
        if _holds_against(node):
            return getattr(node, "lineno", None)
    return None


def _holds_against(node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, comparators=others):
            sides = [left, *others]
            if any(constant_string(side) == "latest" for side in sides):
                return any(VERSION.search(ast.unparse(side)) for side in sides)
        case ast.Call(func=ast.Name(id="exec" | "eval"), args=[code, *_]):
            return "latest" in (constant_string(code) or "")
        case ast.Call(args=arguments) if roles.ASSERTS.match(called_name(node)):
            return any(SENT.fullmatch(constant_string(item) or "") for item in arguments)
        case ast.MatchValue(value=value):
            return constant_string(value) == "latest"
    return False


def read_back(module: Module, name: str) -> int | None:
    """Return the row where a module reads a version of that name for more than to hand it on."""
    rows = (
        node.lineno
        for node in module.near_word(name)
        if _loads(node, name) and not _hands_on(node, module)
    )
    return min(rows, default=None)


def _loads(node: ast.AST, name: str) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.expr) and _loaded(node) == name


def _loaded(node: ast.expr) -> str | None:
    """Return the name or attribute that an expression reads."""
    match node:
        case ast.Attribute(attr=found, ctx=ast.Load()) | ast.Name(id=found, ctx=ast.Load()):
            return found
        case ast.Call(func=ast.Name(id="getattr"), args=[_, found, *_]):
            return constant_string(found)
    return None


def uses_of(name: str, scope: ast.AST, module: Module) -> list[ast.expr]:
    """Return where a scope of a module reads a name or an attribute that is called so."""
    return module.noted((_uses, scope), _uses, scope).get(name, [])


def _uses(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Return where a scope reads each name and attribute."""
    uses: dict[str, list[ast.expr]] = {}
    for node in walk(scope):
        if isinstance(node, ast.expr) and (used := _loaded(node)):
            uses.setdefault(used, []).append(node)
    return uses


def _hands_on(node: ast.expr, module: Module) -> bool:
    """Tell whether a version is set on something, or kept only to be set again."""
    parents = module.parents
    parent = parents.of(node)
    match parent:
        case ast.Assign(targets=[ast.Name(id=kept)]):
            function = parents.function(parent)
            loads = uses_of(kept, function, module) if function else [node]
            return all(
                isinstance(above := parents.of(item), ast.Assign)
                and all(isinstance(target, ast.Attribute) for target in above.targets)
                for item in loads
            )
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Attribute) for target in targets)
    return parent is not None and not isinstance(parent, ast.Assign) and is_plain(node, parent)


def may_read(base: Class | External) -> bool:
    """Tell whether a base is outside the tree and may know of API versions."""
    return isinstance(base, External) and not roles.is_of_framework(base)
