"""Generated test modules, each of a kind that a safe fix could break; no two of a run are the same.

An input depends on the seed, its kind and its number alone, so that a new kind changes no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count as numbers
from random import Random

from inputs import (
    cleanups,
    dropping,
    hosts,
    indexes,
    later,
    meeting,
    names,
    putting,
    reflected,
    running,
    versions,
)
from inputs.shapes import Input, Kind

KINDS: list[Kind] = [
    *names.KINDS,
    *hosts.KINDS,
    *indexes.KINDS,
    *cleanups.KINDS,
    *versions.KINDS,
    *later.KINDS,
    *running.KINDS,
    *reflected.KINDS,
    *meeting.KINDS,
    *dropping.KINDS,
    *putting.KINDS,
]
TRIES = 20  # to make an input that is like no other of its kind, before the kind has no more


def generate(count: int, seed: int, kinds: list[Kind] = KINDS) -> Iterator[Input]:
    """Yield inputs, one of each kind in turn, until there are enough or there are no more."""
    seen = {(kind.rule, kind.name): set[str]() for kind in kinds}
    left = list(kinds)
    for number in numbers():
        for kind in list(left):
            made = _another(kind, f"{seed} {number}", seen[kind.rule, kind.name])
            if made is None:
                left.remove(kind)
                continue
            yield made
            count -= 1
            if not count:
                return
        if not left:
            return


def _another(kind: Kind, seed: str, seen: set[str]) -> Input | None:
    for attempt in range(TRIES):
        made = kind.input(Random(f"{seed} {attempt} {kind.rule} {kind.name}"))
        if made.text not in seen:
            seen.add(made.text)
            return made
    return None
