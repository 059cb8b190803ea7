"""What exists in a world: things that were created, found by id or name, changed and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NoReturn

from fake_api.paths import path_of
from fake_api.unknown import VIEW, Failure, Unknown, child, differ
from fake_api.world import Record, now

TWO_WORDS = re.compile(r"(server_group|volume_type|group_type|floating_ip|security_group)s?\Z")
NAMES_OF_A_THING = re.compile(r"(.+#.+)\.(?:id|uuid|name|\w+_id|\w+_name)\Z")
MOVES = re.compile(r"(os-)?(migrate|migrateLive|evacuate|resize|live_migrate)")
HOSTS = ("OS-EXT-SRV-ATTR:host", "host")
OF_THE_LANGUAGE = (IndexError, KeyError, TypeError, AttributeError, NameError, AssertionError)


def kind_of(words: str) -> str:
    """Return the singular of the last words of a name: what a call is about."""
    words = words.partition("_and_")[0]
    found = TWO_WORDS.search(words)
    last = found[0] if found else words.rpartition("_")[2]
    return f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")


def handle_of(value: object, kind: str) -> str | None:
    """Return which thing a value stands for: a reply, its id, or the name of a created thing."""
    world = now()
    if isinstance(value, str):
        for handle, record in world.records.items():
            known = world.fields[handle]
            if value == known["id"] or (value == known.get("name") and kind == record.kind):
                return handle
        return None
    if not isinstance(value, Unknown):
        return None
    path = path_of(value)
    if named := NAMES_OF_A_THING.match(path):
        path = named[1]
    view = VIEW.match(path)
    if view is None and "#" not in path:
        return None
    return view[1] if view else path


def create(kind: str, everything: Iterable[Any], named: dict[str, Any]) -> Record:
    """Make a thing whose name, id and host are those that were asked for."""
    world = now()
    number = sum(item.kind == kind for item in world.records.values()) + 1
    record = Record(kind, number)
    asked: dict[str, Any] = dict(named)
    for item in everything:
        if isinstance(item, dict):
            inner = item.get(kind)
            asked |= inner if isinstance(inner, dict) else item
    fields: dict[object, object] = {"id": f"00000000-0000-4000-8000-{len(world.records) + 1:012}"}
    fields |= {key: asked[key] for key in ("id", "name") if isinstance(asked.get(key), str)}
    world.fields[record.handle] = {**fields, "uuid": fields["id"]}
    world.fields[record.view] = dict.fromkeys(HOSTS, asked["host"]) if asked.get("host") else {}
    world.records[record.handle] = record
    return record


def delete(handle: str) -> None:
    """Delete what has not been deleted yet; what is locked or in use stays."""
    world = now()
    record = world.records.get(handle)
    if handle in world.gone:
        refuse(handle, "NotFound")
    if record is not None:
        if record.held_by:
            refuse(handle, "Conflict")
        record.alive = False
    world.gone.add(handle)


def change(record: Record, words: set[str], bodies: list[dict[Any, Any]]) -> None:
    """Change a thing: what was fetched before shows it as it was."""
    world, before = now(), record.view
    record.version += 1
    record.stuck = False
    world.fields[record.view] = {key: child(before, key) for key in HOSTS}
    for word in words:
        _hold(record, word)
    for body in bodies:
        inner = body.get(record.kind)
        if isinstance(inner, dict) and isinstance(inner.get("name"), str):
            world.fields[record.handle]["name"] = inner["name"]
    move = next((word for word in sorted(words) if MOVES.match(word)), None)
    if move:
        asked = next((body[move] for body in bodies if move in body), None)
        _move(record, before, move, asked.get("host") if isinstance(asked, dict) else None)


def wait(record: Record, expected: dict[str, Any]) -> None:
    """Let a thing come to what a test waits for, but for what cannot come any more."""
    view, stuck = record.view, record.stuck
    if not stuck:
        change(record, set(), [])
    for key, value in expected.items():
        if (stuck or key in HOSTS) and child(view, key) != value:
            raise AssertionError(f"timed out waiting for {key} {value!r}")
        now().fields[record.view].setdefault(key, value)


def start_host(name: str) -> None:
    """Start a service on a host, where nothing that exists already can be."""
    for record in now().records.values():
        for key in HOSTS:
            differ(child(record.view, key), name)


def refuse(what: str, word: str = "") -> NoReturn:
    """Raise what a service raises that does not do what it was asked for."""
    world = now()
    kinds = [kind for kind in world.errors.values() if not word or _says(kind, word)]
    if world.expected and not word:
        expected = world.expected[-1]
        several = expected if isinstance(expected, tuple) else (expected,)
        kinds = [kind for kind in several if isinstance(kind, type)][:1]
        kinds = [kind for kind in kinds if not issubclass(kind, OF_THE_LANGUAGE)]
    raise type("RefusedError", tuple(kinds) or (Failure,), {})(f"{what} {word}")


def _says(kind: type, word: str) -> bool:
    return bool(re.search(rf"{word}|Api|Http|Client", kind.__name__))


def _hold(record: Record, word: str) -> None:
    """Note what keeps a thing from being deleted."""
    if word == "lock":
        record.held_by.add("lock")
    elif word == "unlock":
        record.held_by.discard("lock")
    elif word == f"add_host_to_{record.kind}":
        record.held_by.add("host")
    elif word.startswith("remove_host_from"):
        record.held_by.discard("host")


def _move(record: Record, before: str, word: str, host: object) -> None:
    """Record a migration that works, or one that fails and leaves the thing where it was."""
    world = now()
    migration = create("migration", [], {})
    done = "done" if word == "evacuate" else "completed"
    status = world.ask(migration.handle, "outcome", (done, "error"))
    fields = {"instance_uuid": world.fields[record.handle]["id"], "status": status}
    world.fields[migration.view] |= fields
    server = world.fields[record.view]
    if status == "error":
        record.stuck = True
        server["status"] = child(before, "status")
        differ(server["status"], "VERIFY_RESIZE")
        for key in HOSTS:
            differ(server[key], host)
        return
    for key in HOSTS:
        server[key] = host or Unknown(f"{record.view}.{key}")
        if not host:
            differ(server[key], child(before, key))
