"""Every way to reach a method: what FT301 relies on when nothing is seen to delete a resource.

A test that deletes by way of a method that is mentioned, kept, passed on or looked up by its name
fails where a cleanup deletes once more.
"""

from __future__ import annotations

import dataclasses
from random import Random

from inputs.deleting import BINDINGS, DELETES, ELSEWHERE, ID
from inputs.escaping import ESCAPES
from inputs.shapes import Kind, module

IMPORTS = {
    "operator.": "import operator",
    "threading.": "import threading",
    "functools.": "import functools",
    "contextlib.": "import contextlib",
    "inspect.": "import inspect",
    "itertools.": "import itertools",
    "futures.": "from concurrent import futures",
    "request.": "from urllib import request",
    "mock.": "from unittest import mock",
}
CREATES = (
    "server = self._create_server(networks='none')\n",
    "server = self._create_server()\n",
    "server = self._create_server(name='small', networks='none')\n",
    "server = self.api.post_server({'server': self._build_server()})\n",
)


def _kind(name: str, template: str) -> Kind:
    def make(random: Random) -> str:
        words, _, rest = template.partition(" ")
        places = {"BEFORE": "", "HEAD": "", "MEMBER": ""}
        statements = template
        if words in places:
            places[words], _, statements = rest.partition("\n")
            places[words] += "\n"
        body = f"{places['BEFORE']}{random.choice(CREATES)}{statements}\n"
        return _module(random, body, head=places["HEAD"], members=places["MEMBER"])

    return Kind("FT301", f"deleted: {name}", make)


def _elsewhere(name: str, set_up: str, members: str, statements: str) -> Kind:
    def make(random: Random) -> str:
        body = f"{random.choice(CREATES)}{statements}\n"
        before = members if "=" in members.partition("\n")[0] and "def" not in members else ""
        rest = {"members": before} if before else {"others": members}
        return _module(random, body, set_up=f"{set_up}\n" if set_up else "", **rest)

    return Kind("FT301", f"deleted: {name}", make)


def _escape(name: str, head: str, others: str, statements: str) -> Kind:
    def make(random: Random) -> str:
        body = f"{random.choice(CREATES)}{statements}\n"
        return _module(random, body, head=head, members=others)

    return Kind("FT301", f"handed on: {name}", make)


def _binding(name: str, template: str, aim: str) -> Kind:
    def make(random: Random) -> str:
        create = random.choice(CREATES).removeprefix("server = ").rstrip("\n")
        members = {"self.box": "class box:\n    pass\n", "self.a.b": "class a:\n    b = None\n"}
        found = next((text for key, text in members.items() if key in template), "")
        before = "class Box:\n    pass\n\nbox = Box()\n" if template.startswith("box") else ""
        body = before + template.format(create) + "\n"
        text = _module(random, body, members=found)
        if "without an end" in name:
            text = text[: text.rindex(create) + len(create)] + template.partition("{}")[2]
        return text

    prefix = {"not fixed": "not fixed: ", "thrown away": "bound: "}[aim]
    return Kind("FT301", f"{prefix}{name}", make, aim)


def _module(random: Random, body: str, **places: str) -> str:
    everything = "".join([body, *places.values()])
    imports = [told for needed, told in IMPORTS.items() if needed in everything]
    return module(random, body, imports=imports, **places)


def _in_set_up(kind: Kind) -> Kind:
    """Return a kind whose server is made in setUp, where the test deletes it."""

    def make(random: Random) -> str:
        set_up = f"self.server = {random.choice(CREATES).removeprefix('server = ')}"
        template = DELETES[kind.name.removeprefix("deleted: ")]
        return _module(
            random, template.replace("server['id']", "self.server['id']") + "\n", set_up=set_up
        )

    return dataclasses.replace(kind, name=f"made in setUp, {kind.name}", make=make)


def _plain(name: str, template: str) -> bool:
    whole = "server" not in template.replace(ID, "").replace("delete_server", "")
    return whole and template.split(" ")[0] not in ("BEFORE", "HEAD", "MEMBER")


KINDS = [
    *(_kind(*it) for it in DELETES.items()),
    *(_elsewhere(name, *it) for name, it in ELSEWHERE.items()),
    *(_escape(name, *it) for name, it in ESCAPES.items()),
    *(_binding(name, *it) for name, it in BINDINGS.items()),
    *(_in_set_up(_kind(*it)) for it in list(DELETES.items())[::3] if _plain(*it)),
]
