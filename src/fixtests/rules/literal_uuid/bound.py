"""The names that a new constant of a module cannot have."""

from __future__ import annotations

import ast
from functools import cached_property

from fixtests.reasoning.module_names import is_spoken_of
from fixtests.rules.literal_uuid import telling_apart
from fixtests.syntax.queries import bound_by, is_function
from fixtests.tree.module import Module


class Bound:
    """The names that a module binds or reads where its functions see them, asked one by one.

    Names of classes' bodies are not among them, unless a function holds the class; those that
    only an underscore divides from a name of the module are.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (
            telling_apart.sound(name) in self._sounds
            or is_spoken_of(self._module, name)
            or any(
                (_names(node, name) or name in bound_by(node)) and not self._is_of_class(node)
                for node in self._module.near_word(name)
            )
        )

    @cached_property
    def _sounds(self) -> set[str]:
        module = self._module
        names = (*module.values, *module.imports, *module.classes, *module.functions)
        return {telling_apart.sound(name) for name in names}

    def _is_of_class(self, node: ast.AST) -> bool:
        """Tell whether a binding stands in the body of a class that no function holds."""
        scopes = [
            item
            for item in self._module.parents.above(node)
            if isinstance(item, ast.ClassDef | ast.Lambda) or is_function(item)
        ]
        return bool(scopes) and not (
            isinstance(node, ast.arg) or any(not isinstance(item, ast.ClassDef) for item in scopes)
        )


def _names(node: ast.AST, name: str) -> bool:
    """Tell whether a node reads a name, which may be bound where nobody sees it, or not at all."""
    return isinstance(node, ast.Name) and node.id == name
