"""Which call a text is told to, of those that replace or import what their first argument says."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning.calls import Run
from fixtests.reasoning.stand_ins import PATCHERS, Replacements, may_replace
from fixtests.syntax.queries import dotted, walk
from fixtests.tree.module import External, Module
from fixtests.tree.project import Project

IMPORTERS = re.compile(r"(?:.*\.)?importutils\.(?:import_\w+|try_import)|importlib\.import_module")
TARGETS = frozenset(("target", "name", "path", "in_dict", "import_str", "module_str"))


class Told:
    """The texts of one module that say what is replaced or imported."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self.project = project

    def call(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> ast.Call | None:
        """Return the call that a text says to what it replaces or imports, None for any other.

        `seen` are the names that it went through.
        """
        inner: ast.AST = node
        above = self.module.parents.of(inner)
        while isinstance(above, ast.BinOp) and above.left is inner:
            inner, above = above, self.module.parents.of(above)
        if isinstance(above, ast.keyword) and above.arg in TARGETS:
            inner, above = above, self.module.parents.of(above)
        if isinstance(above, ast.Assign):
            return self._by_name(above, seen)
        if not isinstance(above, ast.Call):
            return None
        if inner not in (*above.args[:2], *above.keywords) or not self._follows(above):
            return None
        return above

    def _by_name(self, assigned: ast.Assign, seen: frozenset[str]) -> ast.Call | None:
        """Return a call that a function tells a text by a name which it uses for nothing else."""
        function = self.module.parents.function(assigned)
        match assigned.targets:
            case [ast.Name(id=name)] if function and name not in seen:
                pass
            case _:
                return None
        uses = [
            node
            for node in walk(function)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        ]
        calls = [self.call(node, seen | {name}) for node in uses]
        return calls[0] if all(calls) and calls else None

    def _follows(self, call: ast.Call) -> bool:
        """Tell whether a call replaces, or imports, what its first argument says."""
        name = dotted(call.func) or ""
        found = self.project.lookup(self.module, name) if name else None
        outside = found.name if isinstance(found, External) else name
        if IMPORTERS.fullmatch(outside) or name == "__import__":
            return True
        method = self.module.method_at(call)
        if method is not None:
            return Replacements.of(self.project).replaces(call, Run(method, method.owner))
        return PATCHERS.fullmatch(outside) is not None or may_replace(call)
