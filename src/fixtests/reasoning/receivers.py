"""Whether the first argument of a method is an object of its class wherever the method names it."""

from __future__ import annotations

import ast

from fixtests.syntax.queries import bound_by, dotted, is_function, parameters, walk
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project


def receiver(method: Method) -> str:
    """Return the first argument of a method that is an object or a class, empty for others.

    Nor does one count that the method binds to something else.
    """
    return method.module.noted((receiver, method.node), _receiver, method)


def _receiver(method: Method) -> str:
    listed = [*method.node.args.posonlyargs, *method.node.args.args]
    decorators = {dotted(item) for item in method.node.decorator_list}
    if not listed or "staticmethod" in decorators:
        return ""
    name = listed[0].arg
    again = (item for item in walk(method.node) if not isinstance(item, ast.arg))
    return "" if any(name in bound_by(item) for item in again) else name


def is_meant(node: ast.AST, name: str, method: Method) -> bool:
    """Tell whether the name of a method's first argument is that one at a node inside of it."""
    for above in method.module.parents.above(node):
        if above is method.node:
            return True
        if isinstance(above, ast.ClassDef):
            return False
        if (is_function(above) or isinstance(above, ast.Lambda)) and name in (
            item.arg for item in parameters(above.args)
        ):
            return False
    return False


def is_lent(method: Method, project: Project) -> bool:
    """Tell whether a file takes a method for a plain function, to run it with what it likes.

    `Case.check(other)`, `kept = Case.check` and `check = wrapped(check)` do, and decorators that
    give it something else than they are given; `Case.check(self)` is how methods were inherited
    once.
    """
    module = method.module

    def lent() -> bool:
        decorators = (
            it.func if isinstance(it, ast.Call) else it for it in method.node.decorator_list
        )
        if any(_gives_another(item, module, project) for item in decorators):
            return True
        return any(_lends(node, method, project) for node in module.near_word(method.name))

    return module.noted((is_lent, method.node), lent)


def _gives_another(decorator: ast.expr, module: Module, project: Project) -> bool:
    """Tell whether a decorator of the tree runs a function with a first argument of its own."""
    found = project.lookup(module, dotted(decorator) or "")
    if not isinstance(found, Method):
        return False
    nodes = walk(found.node)
    given = {item.arg for item in nodes if isinstance(item, ast.arg)}
    return any(
        isinstance(item, ast.Call)
        and isinstance(item.func, ast.Name)
        and item.func.id in given
        and bool(item.args)
        and not isinstance(item.args[0], ast.Name | ast.Starred)
        for item in nodes
    )


def _lends(node: ast.AST, method: Method, project: Project) -> bool:
    parents = method.module.parents
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name == method.name:
            own = method.owner is not None and parents.class_of(node) is method.owner.node
            return own and parents.function(node) is None
        case ast.Attribute(value=owner, attr=name, ctx=ast.Load()) if name == method.name:
            if not _is_class(owner, method.module, project):
                return False
            match parents.of(node):
                case ast.Call(func=called, args=[ast.Name(id="self"), *_]) if called is node:
                    return False
                case ast.Call(func=called) if called is node:
                    return bool(not {dotted(it) for it in method.node.decorator_list})
                case ast.Attribute(attr=inner):
                    return inner not in ("__name__", "__doc__", "__qualname__")
            return True
    return False


def _is_class(node: ast.expr, module: Module, project: Project) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="type")):
            return True
        case ast.Attribute(attr="__class__"):
            return True
    return isinstance(project.lookup(module, dotted(node) or ""), Class)
