"""What tests give a helper that deletes what another one makes: an id, a name, the whole reply."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.derived import Derived
from fixtests.rules.missing_cleanup.naming import naming
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.rules.missing_cleanup.pairs import is_pair
from fixtests.rules.missing_cleanup.replies import Reply
from fixtests.rules.missing_cleanup.shown import shown
from fixtests.syntax.queries import called_name, last_name, walk
from fixtests.tree.module import Class
from fixtests.tree.profile_cleanups import Resource

IsReply = Callable[[ast.expr], bool]


def seen(
    call: ast.Call, reply: Reply, resource: Resource, run: Run, ownership: Ownership
) -> str | None:
    """Return what names a thing by how tests take it from the reply, None where a profile says it.

    Empty where nothing shows it: the helper of a test may take anything.
    """
    if is_pair(resource):
        return given(call, reply, resource, run, ownership)
    unknown = isinstance(resource, Derived) and reply.keys != resource.keys
    return shown(reply, resource, run.method, run.owner) if unknown or reply.unpacked else None


def given(call: ast.Call, reply: Reply, resource: Resource, run: Run, ownership: Ownership) -> str:
    """Return what a deletion of what a call makes has to be given, as the text of its arguments.

    It is as the test itself deletes it, else as all other tests of its class do that are seen to;
    empty where none of them shows it.
    """
    deletion = resource.delete[0].rpartition(".")[2]
    body, whole = Body.of(run.method, ownership.project), reply.text
    if len(body.sources.get(whole, ())) > 1:
        return ""  # it may be another one by the time that it is deleted

    def is_reply(value: ast.expr) -> bool:
        return ast.unparse(value) == whole

    own = [item for item in body.calls if called_name(item) == deletion]
    for item in own:
        text = _as_written(item, whole, is_reply, reply.statement, body)
        if text:
            return text
    paths = set(_of_others(call, deletion, run, ownership))
    taken = "".join(f"[{key!r}]" for key in reply.keys)
    path = paths.pop() if len(paths) == 1 and not own else None
    if path is None or not path.startswith(taken):
        return ""
    return f"{whole}{path.removeprefix(taken)}"


def _as_written(
    deletion: ast.Call, whole: str, is_reply: IsReply, created: ast.stmt, body: Body
) -> str:
    """Return the arguments of a deletion as they can be written right after a creation."""
    later = {
        node.id
        for node in body.nodes
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.lineno > created.lineno
    }
    texts, shows = [], False
    for name, value in [("", item) for item in deletion.args] + [
        (f"{item.arg}=" if item.arg else "**", item.value) for item in deletion.keywords
    ]:
        path = _path(value, is_reply, body)
        used = {item.id for item in walk(value) if isinstance(item, ast.Name)}
        if path is None and (
            used & later or any(isinstance(item, ast.Call) for item in walk(value))
        ):
            return ""
        texts.append(f"{name}{ast.unparse(value) if path is None else whole + path}")
        shows = shows or path is not None
    return ", ".join(texts) if shows else ""


def _of_others(call: ast.Call, deletion: str, run: Run, ownership: Ownership) -> Iterator[str]:
    """Yield what other tests of a class take of what the same helper makes to delete it."""
    project, maker = ownership.project, called_name(call)

    def is_made(value: ast.expr) -> bool:
        return isinstance(value, ast.Call) and called_name(value) == maker

    for item in project.mro(run.owner) if run.owner else ():
        for method in naming(item, deletion, project) if isinstance(item, Class) else ():
            body = Body.of(method, project)
            for other in body.calls:
                match _told(other, deletion):
                    case [value] if (path := _path(value, is_made, body)) is not None:
                        yield path


def _told(call: ast.Call, deletion: str) -> list[ast.expr]:
    """Return what a deletion is given that a call runs, or registers to be run."""
    if call.keywords:
        return []
    names = [called_name(call), *map(last_name, call.args)]
    return call.args[names.index(deletion) :] if deletion in names else []


def _path(value: ast.expr, is_whole: IsReply, body: Body, seen: tuple[str, ...] = ()) -> str | None:
    """Return how a value is taken from a whole: `['id']`, `.metadata.name`; None if it is not."""
    if is_whole(value):
        return ""
    match value:
        case ast.Name(id=name) if name not in seen and len(body.sources.get(name, ())) == 1:
            held = body.assigned.get(name)
            return _path(held[0], is_whole, body, (*seen, name)) if held else None
        case ast.Subscript(value=inner, slice=ast.Constant() as key):
            rest = f"[{ast.unparse(key)}]"
        case ast.Attribute(value=inner, attr=name):
            rest = f".{name}"
        case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[ast.Constant() as key]):
            rest = f".get({ast.unparse(key)})"
        case _:
            return None
    path = _path(inner, is_whole, body, seen)
    return None if path is None else f"{path}{rest}"
