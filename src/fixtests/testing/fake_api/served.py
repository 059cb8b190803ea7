"""The API as clients reach it that speak HTTP, and JSON that carries things not known yet."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from fake_api import calls, things
from fake_api.paths import shown
from fake_api.unknown import Unknown

_dumps, _loads = json.dumps, json.loads
VERBS = {"GET": "show", "POST": "post", "PUT": "put", "PATCH": "update", "DELETE": "delete"}
STATUS = {"GET": 200, "DELETE": 204}


class _Text(str):
    """JSON that remembers what it was made from."""

    made_from: object

    def encode(self, *_: Any, **__: Any) -> bytes:
        content = _Bytes(str.encode(self))
        content.made_from = self.made_from
        return content


class _Bytes(bytes):
    """Encoded JSON that remembers what it was made from."""

    made_from: object


def dumps(value: object, **options: Any) -> str:
    """Return JSON; what JSON has no words for is carried along."""
    text = _Text(_dumps(value, default=shown))
    text.made_from = value
    return text


def loads(text: Any, **options: Any) -> Any:
    """Return what was made JSON of."""
    if isinstance(text, Unknown):
        return text.json
    return getattr(text, "made_from", None) or _loads(text, **options)


class Reply:
    """What urlopen returns."""

    def __init__(self, status: int, content: object) -> None:
        self.status = status
        self.headers: dict[str, str] = {}
        self._content = content

    def read(self) -> bytes:
        """Return the body."""
        return b"" if self._content is None else dumps(self._content).encode()


def urlopen(request: Any, data: Any = None, **options: Any) -> Reply:
    """Answer a request of urllib."""
    if not isinstance(request, Request):
        request = Request(request, data)
    method, version = request.get_method(), request.get_header("Openstack-api-version", "")
    body = loads(request.data) if request.data else None
    return Reply(STATUS.get(method, 202), requested(method, request.full_url, body, version))


def requested(method: str, url: str, body: Any = None, version: str = "") -> Any:
    """Do what a request says, and return the body of the reply; every second part is an id."""
    place = urlsplit(url)
    segments = [part for part in place.path.split("/") if part not in ("", "v2.1", "detail")]
    texts = f"{place.query} {shown(body)} {shown(version)}"
    result = calls.logged(".".join(["api", method, *segments]), texts)
    at = next((at for at, part in enumerate(segments) if things.handle_of(part, "")), None)
    key = segments[-1].removeprefix("os-").replace("-", "_")
    if at is None:
        kind = things.kind_of(key)
        if method == "GET" and len(segments) % 2:
            return {key: calls.performed(result, f"list_{key}", (), {})}
        return {kind: calls.performed(result, f"{VERBS[method]}_{kind}", (body,), {})}
    kind = things.kind_of(segments[at - 1].removeprefix("os-"))
    words = [part.replace("-", "_") for part in segments[at + 1 :]]
    name = "_".join([VERBS[method], kind, *words])
    content = calls.performed(result, name, (segments[at], body), {})
    return content if words or content is None else {kind: content}
