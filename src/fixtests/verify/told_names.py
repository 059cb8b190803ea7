"""Which tests are meant by a name that runners report: of a test, a part of one, or a fixture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fixtests.verify.trial import Test

FIXTURE = re.compile(r"(?:setUp|tearDown)(?:Class|Module) \((.*)\)")
PART = re.compile(r" ?[\[(<]")  # what stands between a test and what tells its part or scenario


class ToldNames:
    """Some tests that run, by id and by what reports in JUnit's form call them."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = {dotted(item): item for item in ids}
        self._ids |= {item: item for item in self._ids.values()}

    def mean(self, name: str) -> list[str]:
        """Return the ids of the tests that a name means; none for one that does not run here.

        A fixture of a class or a module means all of its tests.
        """
        if name in self._ids:
            return [self._ids[name]]
        fixture = FIXTURE.fullmatch(name)
        if fixture:
            found = (it for key, it in self._ids.items() if key.startswith(f"{fixture[1]}."))
            return list(dict.fromkeys(found))
        return list(self._shorter(name))[:1]

    def _shorter(self, name: str) -> Iterator[str]:
        for found in PART.finditer(name):
            if name[: found.start()] in self._ids:
                yield self._ids[name[: found.start()]]


def module(test: Test) -> str:
    """Return the dotted name of a test's module."""
    name = dotted(test.id)
    inner = f".{test.owner}." if test.owner else f".{test.name}"
    before, found, _ = name.partition(inner)
    return before if found else name


def dotted(name: str) -> str:
    """Return an id as reports in JUnit's form have it; a node id of pytest has other signs."""
    path, is_node, rest = name.partition("::")
    if not is_node:
        return name
    inner, bracket, values = rest.partition("[")
    inner = inner.replace("::", ".")
    return f"{path.removesuffix('.py').replace('/', '.')}.{inner}{bracket}{values}"
