"""What the functions of the tree call the arguments that they are given by position."""

from __future__ import annotations

import ast

from fixtests.reasoning.calls import Calls, Run
from fixtests.tree.module import Method, Module
from fixtests.tree.project import Project


class Parameters:
    """The parameters of the functions that one module calls."""

    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project

    def of(self, call: ast.Call, index: int) -> str:
        """Return the name of the parameter that takes an argument, empty where nobody knows."""
        if any(isinstance(item, ast.Starred) for item in call.args[: index + 1]):
            return ""
        method = self._called(call)
        if method is None:
            return ""
        names = [item.arg for item in (*method.node.args.posonlyargs, *method.node.args.args)]
        names = names[1:] if method.owner is not None and not _is_static(method) else names
        return names[index] if index < len(names) else ""

    def _called(self, call: ast.Call) -> Method | None:
        method = self._module.method_at(call)
        if method is None:
            return None
        owner = method.owner
        if owner is not None and self._module.parents.class_of(call) is not owner.node:
            owner = None  # `self` is that of a class inside of the function
        run = Run(method, owner)
        calls = Calls.of(self._project)
        found = calls.callee(call.func, run)
        return found.method if found else None


def _is_static(method: Method) -> bool:
    return any(
        isinstance(item, ast.Name) and item.id == "staticmethod"
        for item in method.node.decorator_list
    )
