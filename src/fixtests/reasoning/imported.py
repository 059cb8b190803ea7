"""What the import statements of one module bind, in which scope, and where each name is used."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass

from fixtests.reasoning.scopes import COMPREHENSIONS, bound_in
from fixtests.syntax.queries import bound_by, children, is_function, parameters, walk
from fixtests.tree.module import Module
from fixtests.tree.project import Project
from fixtests.tree.statements import import_targets

Chain = tuple[ast.AST, ...]  # scopes around a place, the module first


@dataclass(frozen=True, eq=False)
class Imported:
    """One name that an import statement binds.

    `target` is what the name leads to, as a dotted name; of `import a.b` the whole, though that
    binds `a`.
    """

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    scope: ast.AST
    target: str

    @property
    def name(self) -> str:
        """The name that is bound."""
        return self.alias.asname or self.alias.name.partition(".")[0]

    @property
    def whole(self) -> bool:
        """Whether the name is that of the topmost package, and the target stands behind it."""
        return isinstance(self.statement, ast.Import) and self.alias.asname is None

    @property
    def meaning(self) -> str:
        """What the name alone stands for."""
        return self.name if self.whole else self.target


class Imports:
    """The imports of one module, those in functions too, and the uses of what they bind."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.every: list[Imported] = []
        self.stars: list[ast.ImportFrom] = []
        self._own: dict[ast.AST, set[str]] = {}
        self._declared: set[str] = set()
        self._uses: dict[str, list[tuple[ast.Name, Chain]]] = {}
        self._binders: dict[tuple[ast.AST, str], int] = {}
        self._read(module.tree, (module.tree,))

    @classmethod
    def of(cls, module: Module) -> Imports:
        """Return what is remembered of a module."""
        return module.noted(cls, cls, module)

    def named(self, name: str, chain: Chain) -> Imported | None:
        """Return what an import binds that a name means in some scopes; None for anything else."""
        owner = self._owner(name, chain)
        found = [item for item in self.every if item.name == name and item.scope is owner]
        return found[-1] if found and self._means_one(found) else None

    def _means_one(self, found: list[Imported]) -> bool:
        """Tell whether a name means one thing: `import a.b` and `import a.c` bind the same."""
        first = found[0]
        return (
            self._binders.get((first.scope, first.name), 0) == len(found)
            and first.name not in self._declared
            and len({item.meaning for item in found}) == 1
        )

    def settled(self, item: Imported) -> bool:
        """Tell whether nothing but imports of one thing binds an import's name in its scope."""
        return self.named(item.name, self._chain(item.scope)) is not None

    def binds(self, name: str) -> bool:
        """Tell whether the module's level binds a name, by an import or otherwise."""
        return name in self._own[self.module.tree]

    def alone(self, item: Imported) -> bool:
        """Tell whether one import, and nothing else, binds a name in its scope."""
        return self.settled(item) and self._binders[item.scope, item.name] == 1

    def _chain(self, scope: ast.AST) -> Chain:
        return (self.module.tree,) if scope is self.module.tree else (self.module.tree, scope)

    def uses(self, item: Imported) -> list[ast.Name]:
        """Return where a name is used that an import binds."""
        return [
            node
            for node, chain in self._uses.get(item.name, ())
            if self._owner(item.name, chain) is item.scope and isinstance(node.ctx, ast.Load)
        ]

    def is_free(self, name: str, item: Imported) -> bool:
        """Tell whether a name means nothing yet wherever an import's own name is used."""
        if hasattr(builtins, name) or name in self._declared or self.stars:
            return False
        if name in self._own[item.scope]:
            return False
        chains = [chain for _, chain in self._uses.get(item.name, ())]
        taken = any(name in self._own[scope] for chain in chains for scope in chain)
        read = any(item.scope in chain for _, chain in self._uses.get(name, ()))
        return not taken and not (read and self._owner_is_above(name, item))

    def _owner_is_above(self, name: str, item: Imported) -> bool:
        """Tell whether a name that is used in an import's scope belongs outside of that."""
        chains = [chain for _, chain in self._uses.get(name, ()) if item.scope in chain]
        owners = [self._owner(name, chain) for chain in chains]
        return any(
            owner is None or chain.index(owner) <= chain.index(item.scope)
            for owner, chain in zip(owners, chains, strict=True)
        )

    def _owner(self, name: str, chain: Chain) -> ast.AST | None:
        """Return the scope that a name belongs to, seen from within some scopes."""
        if name in self._declared:
            return None  # `global` and `nonlocal` are not followed
        for at in range(len(chain) - 1, -1, -1):
            scope = chain[at]
            hidden = isinstance(scope, ast.ClassDef) and at < len(chain) - 1
            if not hidden and name in self._own[scope]:
                return scope
        return None

    def chain_of(self, node: ast.Name) -> Chain:
        """Return the scopes around a use of a name."""
        return next(chain for item, chain in self._uses[node.id] if item is node)

    def _read(self, scope: ast.AST, chain: Chain) -> None:
        """Note what a scope binds and uses, and those inside it."""
        self._own[scope] = _bound_by_scope(scope)
        waiting = _body(scope)
        for node in waiting:
            for name in bound_by(node):
                self._binders[scope, name] = self._binders.get((scope, name), 0) + 1
            match node:
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    self._declared.update(names)
                case ast.Import() | ast.ImportFrom():
                    self._import(node, scope)
                case ast.Name():
                    self._uses.setdefault(node.id, []).append((node, chain))
            if _is_scope(node):
                waiting += _outside(node)
                self._read(node, (*chain, node))
            else:
                waiting += children(node)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: ast.AST) -> None:
        targets = import_targets(node, self.module.name, package=self.module.package)
        for alias in node.names:
            if alias.name == "*" and isinstance(node, ast.ImportFrom):
                self.stars.append(node)
            elif isinstance(node, ast.Import):
                self.every.append(Imported(node, alias, scope, alias.name))
            else:
                target = targets[alias.asname or alias.name]
                self.every.append(Imported(node, alias, scope, target))


def _is_scope(node: ast.AST) -> bool:
    return is_function(node) or isinstance(node, ast.Lambda | ast.ClassDef) or _comprehends(node)


def _comprehends(node: ast.AST) -> bool:
    return isinstance(node, COMPREHENSIONS)


def _outside(scope: ast.AST) -> list[ast.AST]:
    """Return the parts of a function, class or comprehension that run in the scope around it."""
    if isinstance(scope, ast.Lambda):
        return [*scope.args.defaults, *filter(None, scope.args.kw_defaults)]
    if isinstance(scope, ast.ClassDef):
        return [*scope.decorator_list, *scope.bases, *scope.keywords]
    if is_function(scope):
        given = scope.args
        notes = [item.annotation for item in parameters(given) if item.annotation]
        found = [*scope.decorator_list, *given.defaults, *filter(None, given.kw_defaults), *notes]
        return [*found, *([scope.returns] if scope.returns else [])]
    return [scope.generators[0].iter]  # type: ignore[attr-defined]


def _body(scope: ast.AST) -> list[ast.AST]:
    """Return the parts of a scope that run in it."""
    if isinstance(scope, ast.Module | ast.ClassDef) or is_function(scope):
        return [*scope.body]
    if isinstance(scope, ast.Lambda):
        return [scope.body]
    first = scope.generators[0]  # type: ignore[attr-defined]
    rest = [item for item in children(scope) if item is not first]
    return [*rest, first.target, *first.ifs]


def _bound_by_scope(scope: ast.AST) -> set[str]:
    """Return the names that a scope binds as its own, its parameters among them."""
    found = {name for item in _body(scope) for name in _bound(item, scope)}
    if is_function(scope) or isinstance(scope, ast.Lambda):
        found |= {item.arg for item in parameters(scope.args)}
    return found


def _bound(item: ast.AST, scope: ast.AST) -> set[str]:
    if isinstance(scope, COMPREHENSIONS):
        return {name for node in walk(item) for name in bound_by(node)}
    return bound_in([item])


def holds_other(
    module: Module,
    name: str,
    known: Collection[str],
    project: Project,
    seen: frozenset[str] = frozenset(),
) -> bool:
    """Tell whether a name of a module may be anything but what some dotted names say."""
    imported = Imports.of(module)
    item = imported.named(name, (module.tree,))
    if imported.binds(name) and (item is None or item.target not in known):
        return True
    seen |= {module.name}
    there = [project.module(star) for star in module.stars if star not in seen]
    return any(one is None or holds_other(one, name, known, project, seen) for one in there)
