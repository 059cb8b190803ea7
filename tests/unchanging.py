"""What must not change what is found: the order of methods, branches and files, and company."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rearranged
from observed import Tool, place_of

REARRANGEMENTS = {
    "methods reversed": rearranged.methods_reversed,
    "branches swapped": rearranged.branches_swapped,
}

Findings = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Comparison:
    """How many places were compared, and a line for each that only one of both runs has."""

    compared: int
    differences: tuple[str, ...]


def compare(before: Findings, after: Findings) -> Comparison:
    """Compare which places two runs flag, whatever their rows and words."""
    words = {place_of(item): item["message"] for item in (*before, *after)}
    old, new = (Counter(map(place_of, items)) for items in (before, after))
    lines = [
        f"{word} {count} x {place.path}: {place.code} {place.applicability} in"
        f" {place.function or 'the module'}: {place.text!r}: {words[place]}"
        for word, found in (("went", old - new), ("came", new - old))
        for place, count in sorted(found.items())
    ]
    return Comparison(sum((old | new).values()), tuple(lines))


def rearrange(paths: Iterable[Path], change: Callable[[bytes], tuple[bytes, int]]) -> int:
    """Rearrange files where they stand, and return how many places of them have changed.

    A file that is no Python stays as it is.
    """
    count = 0
    for path in paths:
        try:
            content, places = change(path.read_bytes())
        except SyntaxError:
            continue
        path.write_bytes(content)
        count += places
    return count


def orders(paths: Sequence[str], shuffles: int) -> Iterator[tuple[str, list[str]]]:
    """Yield other orders of paths, each with its name: the last one first, and random ones."""
    yield "backwards", list(reversed(paths))
    for seed in range(1, shuffles + 1):
        yield f"in random order {seed}", random.Random(seed).sample(paths, len(paths))


def in_order(tool: Tool, folder: Path, paths: Sequence[str], before: Findings) -> Comparison:
    """Compare what was found with what is found, in one process, in the order of some paths."""
    return compare(before, tool.findings(folder, paths, "--jobs", "1"))


def alone(tool: Tool, folder: Path, paths: Sequence[str], before: Findings) -> Comparison:
    """Compare what was found in some files with what is found where only they are given."""
    own = [item for item in before if item["path"] in paths]
    return compare(own, tool.findings(folder, paths, "--jobs", "1"))
