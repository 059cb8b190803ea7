"""What the methods of a class bind to attributes of `self`, and below which conditions."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixtests.reasoning.traits import Conditions, attributes_bound, bindings_of_self
from fixtests.tree.module import Class, Method
from fixtests.tree.project import Project


@dataclass(frozen=True, eq=False)
class Store:
    """A value bound to an attribute, below conditions."""

    value: ast.expr
    method: Method
    conditions: Conditions


def stores(owner: Class, attribute: str, project: Project) -> list[Store]:
    """Return what the methods of one class bind to an attribute of `self`, tests left out."""
    return [
        Store(value, method, conditions)
        for method in owner.holding(attribute)
        if not method.name.startswith("test") and attribute in attributes_bound(method, project)
        for name, value, conditions in bindings_of_self(method.node.body)
        if name == attribute
    ]
