"""Names that nobody takes for one another."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Container, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def distinct(wanted: Mapping[Key, str], taken: Container[str]) -> dict[Key, str]:
    """Give each key the name that it asks for, none twice and none that is taken.

    Keys come in the order of their first use; later ones get `_2`, `_3` and so on. So does the
    first where there is a first one already that is numbered.
    """
    used = {sound(name) for name in (*dir(builtins), *keyword.kwlist)}
    found: dict[Key, str] = {}
    numbers: dict[str, int] = {}  # up to which no other one is free
    for key, asked in wanted.items():
        number = numbers.get(asked) or (2 if f"{asked}_1" in taken else 1)
        name = asked if number == 1 else f"{asked}_{number}"
        while sound(name) in used or name in taken:
            number += 1
            name = f"{asked}_{number}"
        numbers[asked] = number
        used.add(sound(name))
        found[key] = name
    return found


def sound(name: str) -> str:
    """Return a name as a reader hears it: two that differ in an underscore sound the same."""
    return name.replace("_", "").upper() if name.isupper() else name
