"""Which distributions are installed beside this one, and what they offer.

The stamp is part of the key of a kept answer, and has to cost next to nothing; what they offer
is read only where there is no such answer. The current folder is left out: what is checked there
is never run. This module imports little.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

RULES, PROFILES, CODEMODS = "fixtests.rules", "fixtests.profiles", "fixtests.codemods"
ENDINGS = (".dist-info", ".egg-info")  # of the folder that describes a distribution
DESCRIBED = r"(?P<name>.+?)(?:-(?P<version>[0-9][^-]*).*)?$"  # compiled where it is needed
ENTRY_POINTS = "entry_points.txt"


class Offer(NamedTuple):
    """One entry point: the distribution that has it, its group, its name and what it leads to."""

    distribution: str
    version: str
    group: str
    name: str
    value: str

    @property
    def module(self) -> str:
        """The module that it leads to."""
        return self.value.partition(":")[0].strip()

    @property
    def attribute(self) -> str:
        """What of the module it leads to, empty for all of it."""
        return self.value.partition(":")[2].strip()

    @property
    def origin(self) -> str:
        """The distribution with its version."""
        return f"{self.distribution} {self.version}".rstrip()


def stamp() -> list[tuple[str, int]]:
    """Return the folders that packages are installed in, with their times of change in ns.

    Whatever is installed, upgraded or removed has a folder there that is made, renamed or removed.
    Raises OSError where the current folder is gone.
    """
    here = os.stat(".")
    found = []
    for folder in dict.fromkeys(sys.path):
        with contextlib.suppress(OSError):
            status = os.stat(folder)
            if not os.path.samestat(status, here):
                found.append((folder, status.st_mtime_ns))
    return found


def offers(group: str) -> tuple[Offer, ...]:
    """Return the entry points of a group that distributions have, by distribution.

    Of two of one name, the first on the path counts, as it does for an import.
    """
    try:
        return tuple(sorted(item for item in _all(*stamp()) if item.group == group))
    except OSError:
        return ()


@cache
def _all(*folders: tuple[str, int]) -> tuple[Offer, ...]:
    found: list[Offer] = []
    known: set[str] = set()
    for folder, _ in folders:
        for name, version, about in _distributions(folder):
            if name not in known:
                known.add(name)
                found += (Offer(name, version, *entry) for entry in _entries(about))
    return tuple(found)


def _distributions(folder: str) -> list[tuple[str, str, str]]:
    """Return name, version and folder of what describes the distributions of a folder."""
    try:
        with os.scandir(folder) as listed:
            names = sorted(item.name for item in listed if item.name.endswith(ENDINGS))
    except OSError:
        return []
    found = []
    for item in names:
        about = re.match(DESCRIBED, item.rpartition(".")[0])
        if about:
            name = about["name"].replace("_", "-").lower()
            found.append((name, about["version"] or "", os.path.join(folder, item)))
    return found


def _entries(about: str) -> Iterator[tuple[str, str, str]]:
    """Yield group, name and value of the entry points of ours that a distribution has."""
    try:
        with open(os.path.join(about, ENTRY_POINTS), encoding="utf-8") as stream:
            text = stream.read()
    except (OSError, ValueError):
        return
    if "[fixtests." not in text:
        return
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group in (RULES, PROFILES, CODEMODS) and "=" in line and line[0] not in "#;":
            name, _, value = line.partition("=")
            yield group, name.strip(), value.strip()
