"""The API versions of a tree: the highest that it serves, and how two of them compare."""

from __future__ import annotations

import re

from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project

FORM = re.compile(r"(\d+)\.(\d+)")


def number(version: str) -> tuple[int, int] | None:
    """Return `2.104` as `(2, 104)`, None for what is not of that form."""
    match = FORM.fullmatch(version)
    return (int(match[1]), int(match[2])) if match else None


def up_to(version: str | None, service: str, project: Project) -> tuple[str, ...]:
    """Return the versions of a service up to one, or the highest, from the lowest on.

    There are none where no version is known, or the lowest has another major number.
    """
    last = number(version or highest(project, service) or "")
    place = project.profile.versions.get(service)
    first = number(place.lowest) if place and place.lowest else last and (last[0], 1)
    if last is None or first is None or first[0] != last[0]:
        return ()
    return tuple(f"{last[0]}.{minor}" for minor in range(first[1], last[1] + 1))


def highest(project: Project, service: str) -> str | None:
    """Return the highest API version of a service, as the profile says where it stands.

    None where the profile knows no such service, or the tree has no such
    file or no version in it.
    """
    place = project.profile.versions.get(service)
    if place is None:
        return None
    text = project.text(project.root / place.file)
    found = pattern(place.pattern, re.MULTILINE).findall(text)
    return f"{place.prefix}{found[-1]}" if found else None
