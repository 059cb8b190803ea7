"""Which context managers are around a block: items of its `with`, what names hold, stacks of them.

So is a function that is put on a stack, to be told how the block ended.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.reasoning import roles
from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Calls, Run
from fixtests.reasoning.objects import Objects
from fixtests.syntax.queries import called_name, dotted, last_name
from fixtests.tree.module import Value
from fixtests.tree.project import Project


def around(
    block: ast.With | ast.AsyncWith, run: Run, project: Project
) -> Iterator[ast.Call | None]:
    """Yield the calls that make what a block is in, None for what nobody can tell."""
    given = Body.of(run.method, project).parameters
    for item in block.items:
        if isinstance(item.context_expr, ast.Name) and item.context_expr.id in given:
            yield None
        for call in made(item.context_expr, run, project):
            yield call
            if meant(call, run, project) in roles.STACKS:
                yield from _of_stack([*_names(item, call, run, project)], run, project)


def made(context: ast.expr, run: Run, project: Project) -> list[ast.Call]:
    """Return the calls whose result a context manager is, where it is one or has a name."""
    match context:
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            return [*made(one, run, project), *made(other, run, project)]
        case ast.NamedExpr(value=value):
            return made(value, run, project)
        case ast.Call(func=ast.Name() as function):
            return [_written_out(item, context) for item in _bound(function, run, project)] or [
                context
            ]
        case ast.Call():
            return [context]
    return [item for item in _bound(context, run, project) if isinstance(item, ast.Call)]


def _bound(node: ast.expr, run: Run, project: Project) -> list[ast.expr]:
    """Return what a name, or an attribute of a test, is bound to, as far as the tree shows."""
    match node:
        case ast.Name(id=name):
            body = Body.of(run.method, project)
            if found := body.assigned.get(name) or body.sources.get(name):
                return [part for item in found for part in _values(item) or [item]]
            kept = project.lookup(run.method.module, name)
            return _values(kept.node) or [kept.node] if isinstance(kept, Value) else []
        case ast.Attribute(attr=name) if run.owner is not None:
            kept_by_class = project.attribute(run.owner, name)
            gives = project.method(run.owner, name)
            given = Body.of(gives, project).returned if gives else []
            stored = Objects.of(project).written(node, run)
            return [*stored, *given, *([kept_by_class] if kept_by_class else [])]
        case ast.Subscript(value=value):
            return _bound(value, run, project)
    return []


def _values(node: ast.expr) -> list[ast.expr]:
    """Return what a list, a tuple or a dict that is written down holds."""
    match node:
        case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return values
    return []


def _written_out(function: ast.expr, call: ast.Call) -> ast.Call:
    """Return the call that a call of a `lambda` or of a `partial` makes; else that call itself."""
    match function:
        case ast.Lambda(body=ast.Call() as inner):
            return inner
        case ast.Call(args=[called, *args], keywords=keywords) if (
            called_name(function) == "partial"
        ):
            whole = ast.Call(called, [*args, *call.args], [*keywords, *call.keywords])
            return ast.copy_location(whole, call)
    return call


def meant(call: ast.Call, run: Run, project: Project) -> str:
    """Return the last name of what is called, whatever an import or a local calls it here."""
    if not isinstance(call.func, ast.Name):
        return called_name(call)
    name, body = call.func.id, Body.of(run.method, project)
    bound = [last_name(item) for item in body.assigned.get(name, []) if dotted(item)]
    imported = body.imported.get(name) or run.method.module.imports.get(name, name)
    return bound[0] if bound else imported.rpartition(".")[2]


def _names(item: ast.withitem, stack: ast.Call, run: Run, project: Project) -> Iterator[str]:
    """Yield the names of a stack."""
    bound = Body.of(run.method, project).assigned.items()
    yield from (name for name, values in bound if stack in values)
    yield from filter(None, (dotted(it) for it in (item.context_expr, item.optional_vars) if it))


def _of_stack(names: list[str], run: Run, project: Project) -> Iterator[ast.Call | None]:
    """Yield the calls that make what a function enters into a stack, None for what it puts on it.

    Whoever is handed the stack may put anything on it, as far as it does not show what.
    """
    for call in Body.of(run.method, project).calls:
        name = called_name(call)
        if name in roles.ENTERS and call.args:
            yield from made(call.args[0], run, project)
        elif isinstance(call.func, ast.Attribute) and dotted(call.func.value) in names:
            yield from [None] if name in roles.PUSHES else []
        elif any(dotted(item) in names for item in call.args) and _fills(call, run, project):
            yield None


def _fills(call: ast.Call, run: Run, project: Project) -> bool:
    """Tell whether a call may put on a stack what drops an exception."""
    callee = Calls.of(project).callee_in_tests(call.func, run)
    return callee is None or any(
        called_name(it) in roles.PUSHES or roles.EXPECTS.fullmatch(called_name(it)) is not None
        for it in Body.of(callee.method, project).calls
    )
