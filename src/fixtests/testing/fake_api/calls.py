"""What a call does to the world, by the words of its name: it creates, deletes, reads or changes.

Everything else is answered by a thing of which nothing is known.
"""

from __future__ import annotations

import re
import sys
import types
from typing import Any

from fake_api import things
from fake_api.paths import shown
from fake_api.unknown import Failure, Unknown, child, differ
from fake_api.world import Call, Record, now

PURE = re.compile(
    r"(lower|upper|strip|split|replace|startswith|endswith|format|join|encode|decode|title|json"
    r"|items|keys|values|copy|isdigit)\Z"
)
CREATES = ("post", "create", "boot", "build")
DELETES = ("delete", "remove", "destroy", "terminate")
READS = ("get", "show", "list", "find")
METHODS = ("GET", "POST", "PUT", "DELETE")
OUTCOMES = ("answered", "refused")


def made(path: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Return what a call of something unknown returns, or raise what the world raises."""
    name = path.rpartition(".")[2]
    texts = _texts(arguments, named)
    if now().phase == "load":
        is_decorated = len(arguments) == 1 and isinstance(arguments[0], (types.FunctionType, type))
        return arguments[0] if is_decorated else Unknown(f"{path}({texts})")
    if "#" in path and PURE.match(name):
        return Unknown(f"{path}({texts})")
    if name == "get" and "#" in path and "/" not in str(arguments[:1]):
        return child(path.rpartition(".")[0], arguments[0])
    if name == "call_and_ignore_notfound_exc":
        return _ignoring_not_found(*arguments, **named)
    if name == "request" and arguments and arguments[0] in METHODS:
        from fake_api import served

        return served.requested(*arguments, **named)
    return performed(logged(path, texts), name, arguments, named)


def logged(path: str, texts: str) -> str:
    """Record a call, which may be refused; return the path of its result, which is its own."""
    world = now()
    world.step()
    world.calls.append(Call(world.phase, path, texts))
    place = f"{path}()#{_stage()}"
    world.counts[place] += 1
    result = f"{place}{world.counts[place]}"
    world.results.add(result)
    world.views[result] = [item.view for item in world.records.values() if item.alive]
    if world.phase == "test" and not world.is_added(result):
        options = OUTCOMES[::-1] if world.expected else OUTCOMES
        if world.ask(result, "outcome", options) == "refused":
            things.refuse(result)
    return result


def performed(result: str, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Carry out what the name of a call says; return what it returns."""
    world = now()
    verb, _, rest = name.strip("_").partition("_")
    client = result.rpartition("()#")[0].rpartition(".")[0]
    kind = things.kind_of(rest or client.rpartition(".")[2])
    everything = [*arguments, *named.values()]
    target = next((found for it in everything if (found := things.handle_of(it, kind))), None)
    record = world.records.get(target or "")
    if verb == "start" and isinstance(named.get("host"), str):
        things.start_host(named["host"])
    is_part = record is not None and kind != record.kind
    if verb in DELETES and target and not is_part and "from" not in rest.split("_"):
        things.delete(target)
        return None
    if verb in CREATES and not (record and rest.startswith(f"{record.kind}_")):
        return Unknown(things.create(kind, everything, named).view)
    if record is not None:
        return _done_with(record, kind, result, name, everything)
    if verb in READS and target in world.gone:
        things.refuse(target, "NotFound")
    if verb in READS and name.endswith("s"):
        seen = world.views[result]
        world.listed[result] = [view for view in seen if view.partition("#")[0] == kind]
    return Unknown(result)


def _done_with(record: Record, kind: str, result: str, name: str, everything: list[Any]) -> Any:
    """Read, wait for or change a thing; helpers return it, clients reply something."""
    verb = name.strip("_").partition("_")[0]
    if verb in READS and kind == record.kind:
        if not record.alive:
            things.refuse(record.handle, "NotFound")
        return Unknown(record.view)
    if name.endswith("other_host"):
        for key in things.HOSTS:
            differ(child(record.view, key), Unknown(result))
    if verb in READS or name.endswith("other_host"):
        return Unknown(result)
    bodies = [item for item in everything if isinstance(item, dict)]
    if verb == "wait":
        expected = {key: value for body in bodies for key, value in body.items()}
        texts = [item for item in everything if isinstance(item, str)]
        if texts and re.search("stat(e|us)", name):
            expected["status"] = texts[-1]
        things.wait(record, expected)
    else:
        words = {str(key) for body in bodies for key in body} | {name.strip("_")}
        things.change(record, words, bodies)
    return Unknown(record.view if name.startswith("_") else result)


def _ignoring_not_found(function: Any, *arguments: Any, **named: Any) -> Any:
    try:
        return function(*arguments, **named)
    except Failure as failure:
        if "NotFound" not in str(failure):
            raise
        return None


def _stage() -> str:
    """Return what tells calls of cleanups and of waits from those that the test itself makes."""
    if now().phase == "cleanup":
        return "c"
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if "wait_for_migration" in frame.f_code.co_name:
            return "w"
        frame = frame.f_back
    return ""


def _texts(arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
    texts = [shown(item) for item in arguments]
    return ", ".join([*texts, *(f"{key}={shown(item)}" for key, item in named.items())])
