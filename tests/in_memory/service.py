"""The compute API in memory: every request is answered from what was created, and kept in order.

How many elements a list shows is a property of the service, so that a test meets short lists too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HIGHEST = "2.96"
HOSTS = ("compute1", "compute2")
ELEMENTS = 4  # of a list that shows what nobody created, too
# How long lists are: as many as there are and some more, what was created, one, none.
LENGTHS: dict[str, int | None] = {"full": ELEMENTS, "created": None, "one": 1, "empty": 0}
MOVES = {
    "resize": ("resize", "finished", "VERIFY_RESIZE"),
    "migrate": ("migration", "finished", "VERIFY_RESIZE"),
    "os-migrateLive": ("live-migration", "completed", "ACTIVE"),
    "evacuate": ("evacuation", "done", "ACTIVE"),
}

Found = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One request; `phase` is "test", or "cleanup" when the test is over."""

    phase: str
    request: str

    def __str__(self) -> str:
        return f"{self.phase}: {self.request}"


@dataclass
class Response:
    """What a request is answered with, as urllib gives it."""

    status: int
    content: object = None
    headers: dict[str, str] = field(default_factory=dict)

    def read(self) -> bytes:
        """Return the body."""
        return b"" if self.content is None else json.dumps(self.content).encode()


class Service:
    """Servers, what is done to them, and all that was asked."""

    def __init__(self, length: str = "full") -> None:
        self.length = LENGTHS[length]
        self.phase = "test"
        self.events: list[Event] = []
        self.servers: dict[str, Found] = {}
        self.migrations: list[Found] = []
        self.down: set[str] = set()
        self._count = 0

    def answer(self, method: str, url: str, body: Any, version: str) -> Response:
        """Answer a request, which becomes an event; 'latest' is the highest version there is."""
        place = urlsplit(url)
        text = f"{method} {place.path}?{place.query} {json.dumps(body)}"
        asked = version.removeprefix("compute ").replace("latest", HIGHEST)
        self.events.append(Event(self.phase, f"{text} {asked}".rstrip()))
        match method, place.path.split("/")[2:]:
            case "POST", ["servers"]:
                return Response(202, {"server": self._create(body["server"])})
            case "GET", ["servers", *detail] if detail in ([], ["detail"]):
                return Response(200, {"servers": self._listed(dict(parse_qsl(place.query)))})
            case "POST", ["servers", server_id, "action"]:
                return self._act(server_id, body)
            case "POST", ["servers", server_id, "os-volume_attachments"]:
                return Response(200, {"volumeAttachment": {"serverId": server_id, **dict(body)}})
            case "GET", ["servers", server_id]:
                found = self.servers.get(server_id)
                return Response(200, {"server": found}) if found else Response(404)
            case "DELETE", ["servers", server_id]:
                return self._delete(server_id)
            case "GET", ["flavors", *_]:
                flavors = [{"id": str(at), "name": f"m{at}", "ram": at} for at in range(1, 5)]
                return Response(200, {"flavors": self._cut(flavors)})
            case "GET", ["os-migrations"]:
                made = [*self.migrations, *self._more("migration", len(self.migrations))]
                return Response(200, {"migrations": self._cut(made)})
            case "POST", ["os-services", "force-down"]:
                self.down.add(body["host"])
                return Response(200, {})
            case _:
                return Response(404)

    def left(self) -> int:
        """Return how many servers were created and never deleted."""
        return len(self.servers)

    def _create(self, asked: Found) -> Found:
        self._count += 1
        server = {
            "id": f"{self._count:08}-0000-4000-8000-000000000000",
            "name": asked.get("name", "server"),
            "status": "ACTIVE",
            "host_status": "UP",
            "OS-EXT-SRV-ATTR:host": asked.get("host") or HOSTS[0],
            "image": {"id": asked.get("imageRef")},
            "flavor": {"id": asked.get("flavorRef")},
            "metadata": {},
            "locked": False,
        }
        self.servers[server["id"]] = server
        return dict(server)

    def _delete(self, server_id: str) -> Response:
        found = self.servers.get(server_id)
        if found is None:
            return Response(404)
        if found["locked"]:
            return Response(409)
        del self.servers[server_id]
        return Response(204)

    def _act(self, server_id: str, body: Found) -> Response:
        server = self.servers.get(server_id)
        if server is None:
            return Response(404)
        for action, details in body.items():
            if action in ("lock", "unlock"):
                server["locked"] = action == "lock"
            if action in MOVES:
                self._move(server, action, details or {})
        return Response(202, {})

    def _move(self, server: Found, action: str, details: Found) -> None:
        kind, status, server["status"] = MOVES[action]
        source = server["OS-EXT-SRV-ATTR:host"]
        target = details.get("host") or next(host for host in HOSTS if host != source)
        server["OS-EXT-SRV-ATTR:host"] = target
        self.migrations.insert(0, _migration(server["id"], kind, status, source, target))

    def _listed(self, query: dict[str, str]) -> list[Found]:
        """Return the servers that a query asks for, those first that were created last."""
        found = list(reversed(self.servers.values()))
        if name := query.get("name"):
            found = [server for server in found if name in server["name"]]
        if image := query.get("image"):
            found = [server for server in found if server["image"]["id"] == image]
        for server in found:
            server["host_status"] = "DOWN" if server["OS-EXT-SRV-ATTR:host"] in self.down else "UP"
        return self._cut([*found, *self._more("server", len(found))])

    def _cut(self, found: list[Found]) -> list[Found]:
        return found if self.length is None else found[: self.length]

    def _more(self, kind: str, count: int) -> Iterator[Found]:
        """Yield what somebody else created, where lists show that."""
        for at in range(count, self.length or 0):
            if kind == "migration":
                yield _migration(f"other-{at}", "resize", "confirmed", *HOSTS)
            else:
                name = f"other-{at}"
                host = {"host_status": "UP", "OS-EXT-SRV-ATTR:host": HOSTS[0]}
                yield {"id": name, "name": name, "status": "ACTIVE", "metadata": {}, **host}


def _migration(server_id: str, kind: str, status: str, source: str, target: str) -> Found:
    return {
        "instance_uuid": server_id,
        "migration_type": kind,
        "status": status,
        "source_compute": source,
        "dest_compute": target,
    }
