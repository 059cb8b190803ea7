"""Ways on which a literal gets to a client that no fix follows: names, tuples, `setattr`, stubs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.rules.latest_microversion.microversions import (
    VERSION,
    Form,
    Request,
    request,
    sets,
    takes_version,
)
from fixtests.rules.latest_microversion.reads import uses_of
from fixtests.syntax.queries import called_name, constant_string
from fixtests.tree.module import Module
from fixtests.tree.project import Project

SETTERS = frozenset({"setattr", "object"})  # of `mock.patch.object`; both name what they set


def indirect(node: ast.Constant, module: Module, project: Project) -> Request | None:
    """Return what a literal asks for by way of something else, None where it asks for nothing."""
    target = next(_targets(node, module, project), None)
    if target is None:
        return None
    return Request(Form.INDIRECT, target, module.parents.statement(node))


def _targets(node: ast.Constant, module: Module, project: Project) -> Iterator[str]:
    """Yield what is set in the end, as it is written."""
    parents = module.parents
    parent = parents.of(node)
    match parent:
        case ast.Call(args=[ast.Attribute() as holder, name, value]) if value is node:
            named = constant_string(name) or ""
            sent = VERSION.fullmatch(named) and called_name(parent) in SETTERS
            if sent and takes_version(holder, named, module, project):
                yield f"{ast.unparse(holder)}.{named}"
        case ast.Assign(targets=[ast.Subscript() as entry]) if _is_store(entry):
            yield ast.unparse(entry)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield from _uses(name, parents.function(node) or module.tree, module, project)
        case ast.NamedExpr(target=ast.Name(id=name)):
            yield from _uses(name, parents.function(node) or module.tree, module, project)
            match parents.of(parent):
                case ast.Assign(targets=[target]) if sets(target, module, project):
                    yield ast.unparse(target)
        case ast.Tuple(elts=values) | ast.List(elts=values):
            for target in _unpacked(parent, values.index(node), parents.of(parent)):
                if sets(target, module, project):
                    yield ast.unparse(target)
        case ast.arguments():
            function = parents.of(parent)
            name = _parameter(node, parent)
            if function is not None and name:
                yield from _uses(name, function, module, project)


def _is_store(target: ast.Subscript) -> bool:
    """Tell whether an entry of an object's attributes is set, as in `vars(api)[...]`."""
    name, holder = constant_string(target.slice) or "", ast.unparse(target.value)
    stored = holder.startswith("vars(") or holder.endswith(".__dict__")
    return stored and VERSION.fullmatch(name) is not None


def _uses(name: str, scope: ast.AST, module: Module, project: Project) -> Iterator[str]:
    """Yield what a name is set to, or passed as, where it stands for a version to ask for."""
    for node in uses_of(name, scope, module):
        if isinstance(node, ast.Name):
            found = request(node, module, project)
            if found is not None:
                yield found.target


def _unpacked(values: ast.AST, index: int, above: ast.AST | None) -> Iterator[ast.expr]:
    """Yield what one of some values is bound to, at once or in a loop."""
    match above:
        case ast.Assign(targets=[ast.Tuple(elts=targets) | ast.List(elts=targets)]):
            if index < len(targets):
                yield targets[index]
        case ast.For(target=target, iter=source) if source is values:
            yield target


def _parameter(node: ast.expr, arguments: ast.arguments) -> str:
    """Return the name of the parameter that a value is the default of."""
    listed = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(listed), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((item.arg for item, value in pairs if value is node), "")
