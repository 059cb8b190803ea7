"""Things of which nothing is known but how a test came by them; they take shape as it uses them.

The first index makes a list, the first comparison a value: whatever the test needs to pass.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from fake_api.paths import Named, path_of, shown
from fake_api.world import UNSET, Call, now

ERRORS = re.compile(r"[A-Z]\w*(Exception|Error|NotFound|Forbidden|Conflict|BadRequest|Timeout)\Z")
ERROR_MODULES = ("exception", "exceptions", "exc")
SAME_IN_EACH_VERSION = ("id", "uuid", "name")
LIST_METHODS = ("append", "extend", "insert", "pop", "remove", "reverse", "sort", "index", "count")
VIEW = re.compile(r"(\w+#\d+)@\d+\Z")


class Failure(Exception):  # noqa: N818 - projects name their own errors
    """What every exception of a project that is not here is derived from."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"{type(self).__name__}.{name}")


class Unknown(Named):
    """One unknown thing; all that is known of it stands in the world under its path."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = value_of(self)
        if value is not UNSET:
            return getattr(value, name)
        if name in LIST_METHODS and name not in now().fields.get(path_of(self), ()):
            return getattr(items_of(self), name)
        return child(path_of(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "microversion":
            told = Call(now().phase, f"{path_of(self)}.microversion = ", shown(value))
            now().calls.append(told)
        now().fields.setdefault(path_of(self), {})[name] = value

    def __delattr__(self, name: str) -> None:
        now().fields.get(path_of(self), {}).pop(name, None)

    def __getitem__(self, key: Any) -> Any:
        value = value_of(self)
        if value is not UNSET:
            return value[key]
        if isinstance(key, slice):
            return items_of(self, max(key.stop or 2, 1))[key]
        if isinstance(key, int) and key not in now().fields.get(path_of(self), ()):
            return _indexed(self, key)
        return child(path_of(self), key)

    def __setitem__(self, key: Any, value: object) -> None:
        if path_of(self) in now().lists or isinstance(key, slice):
            items_of(self)[key] = value
        else:
            now().fields.setdefault(path_of(self), {})[key] = value

    def __delitem__(self, key: Any) -> None:
        now().fields.get(path_of(self), {}).pop(key, None)

    def __len__(self) -> int:
        value = value_of(self)
        return len(items_of(self) if value is UNSET else value)

    def __iter__(self) -> Iterator[Any]:
        value = value_of(self)
        return iter(items_of(self) if value is UNSET else value)

    def __contains__(self, item: object) -> bool:
        value = value_of(self)
        if value is not UNSET:
            return item in value
        if path_of(self) in now().lists:
            return any(item is other or item == other for other in items_of(self))
        if item in now().fields.get(path_of(self), ()):
            return True
        return bool(now().ask(path_of(self), f"holds {_as_it_is(item)}", (True, False)))

    def __bool__(self) -> bool:
        value = value_of(self)
        if value is not UNSET:
            return bool(value)
        path = path_of(self)
        if path in now().lists or path in now().listed:
            return bool(items_of(self))
        return bool(now().ask(path, "true", (True, False)))

    def __eq__(self, other: object) -> bool:
        return self is other or _equal(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        value = value_of(self)
        return hash(path_of(self)) if value is UNSET else hash(value)

    def __int__(self) -> int:
        value = value_of(self)
        number: Any = now().ask(path_of(self), "int", (1, 0)) if value is UNSET else value
        return int(number)

    __index__ = __int__

    def __str__(self) -> str:
        value = value_of(self)
        return shown(self) if value is UNSET else str(value)

    def __repr__(self) -> str:
        return shown(self)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from fake_api import calls

        return calls.made(path_of(self), arguments, named)

    def __enter__(self) -> Any:
        return child(path_of(self), "entered")

    def __exit__(self, *raised: object) -> bool:
        return False

    def __await__(self) -> Iterator[Any]:
        return self
        yield

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self

    def __instancecheck__(self, value: object) -> bool:
        return bool(now().ask(path_of(self), f"class of {shown(value)}", (True, False)))

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        from fake_api import cases

        return cases.bases_for(self, bases)


def _compared(name: str) -> Callable[[Unknown, object], bool]:
    compare = getattr(operator, name)

    def method(self: Unknown, other: object) -> bool:
        value = value_of(self)
        if value is not UNSET:
            return bool(compare(value, other))
        return bool(now().ask(path_of(self), f"{name} {shown(other)}", (True, False)))

    return method


def _computed(name: str) -> Callable[..., Any]:
    def method(self: Unknown, *others: object) -> Any:
        value = value_of(self)
        if value is not UNSET:
            return getattr(value, name)(*others)
        return Unknown(f"{path_of(self)}.{name}({', '.join(map(shown, others))})")

    return method


for _name in ("lt", "le", "gt", "ge"):
    setattr(Unknown, f"__{_name}__", _compared(_name))
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "or", "and"):
    setattr(Unknown, f"__{_name}__", _computed(f"__{_name}__"))
    setattr(Unknown, f"__r{_name}__", _computed(f"__r{_name}__"))


def value_of(thing: Unknown) -> Any:
    """Return the value that an unknown thing turned out to be, or UNSET."""
    return now().values.get(path_of(thing), UNSET)


def child(path: str, key: Any) -> Any:
    """Return an attribute or item of what stands under a path."""
    fields = now().fields
    if key in fields.get(path, ()):
        return fields[path][key]
    if view := VIEW.match(path):
        if key == view[1].partition("#")[0]:
            return Unknown(path)
        if key in SAME_IN_EACH_VERSION:
            return fields[view[1]].get(key, Unknown(f"{view[1]}.{key}"))
    text = key if isinstance(key, str) else shown(key)
    in_errors = path.rpartition(".")[2] in ERROR_MODULES and text[:1].isupper()
    if "#" not in path and (ERRORS.match(text) or in_errors):
        made = type(text, (Failure,), {"__module__": path})
        return now().errors.setdefault(f"{path}.{text}", made)
    return Unknown(f"{path}.{text}")


def items_of(thing: Unknown, needed: int = 2) -> list[Any]:
    """Return the elements of a thing that is used as a list; the world chooses how many."""
    world, path = now(), path_of(thing)
    if path not in world.lists:
        views = world.listed[path] if path in world.listed else _listed_below(path)
        if len(views) > 1 and world.ask(path, "first", ("newest", "oldest")) == "newest":
            views = views[::-1]
        truth = world.taken.get(f"{path} true")
        counts = [len(views) or needed, needed, 2, 1, 0, needed + 1, *sorted(world.numbers)]
        options = [n for n in dict.fromkeys(counts) if truth is None or bool(n) == truth]
        chosen = world.ask(path, "len", options)
        assert isinstance(chosen, int)
        others = (Unknown(f"{path}[{at}]") for at in range(len(views), chosen))
        world.lists[path] = [*map(Unknown, views[:chosen]), *others]
    return world.lists[path]


def differ(thing: object, other: object) -> None:
    """Note that an unknown thing is not what it may be compared with."""
    for one, two in ((thing, other), (other, thing)):
        if isinstance(one, Unknown) and value_of(one) is UNSET:
            now().decide(path_of(one), f"== {shown(two)}", False)


def _listed_below(path: str) -> list[str]:
    """Return what existed, when a reply came, of the kind that a list in it is named after."""
    from fake_api import things

    root, _, key = path.rpartition(".")
    seen = next((views for call, views in now().views.items() if root.startswith(call)), [])
    return [view for view in seen if view.partition("#")[0] == things.kind_of(key)]


def _indexed(thing: Unknown, key: int) -> Any:
    needed = key + 1 if key >= 0 else -key
    try:
        return items_of(thing, needed)[key]
    except IndexError:
        now().wanted[f"{path_of(thing)} len"] = needed
        raise


def _equal(thing: Unknown, other: object) -> bool:
    world, path, value = now(), path_of(thing), value_of(thing)
    if value is not UNSET:
        return bool(value == other)
    if isinstance(other, Unknown):
        if value_of(other) is not UNSET:
            return _equal(thing, value_of(other))
        if path_of(other) == path:
            return True
        if path_of(other) > path:
            return _equal(other, thing)
    elif path in world.lists:
        return bool(world.lists[path] == other)
    options: tuple[object, ...] = (True, False)
    if world.met is not None and path in world.met.values:
        options = (shown(world.met.values[path]) == shown(other),)
    same = bool(world.ask(path, f"== {shown(other)}", options))
    if same and path not in world.lists:
        world.values[path] = other
    return same


def _as_it_is(item: object) -> str:
    """Return what tells a created thing from what it was before it changed or was deleted."""
    view = VIEW.match(path_of(item)) if isinstance(item, Unknown) else None
    record = now().records.get(view[1]) if view else None
    return shown(item) if record is None else f"{record.view} {record.alive}"
