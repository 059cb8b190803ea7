"""The files of a tree that claims name, by whole paths, by their ends, or by what they hold."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

from fixtests.files import git
from fixtests.report.location import shown
from fixtests.review.claim import Claim
from fixtests.review.files import real
from fixtests.text.source import read

TESTS = "test_"  # how the names of tests begin, and those of their modules


def named(
    told: Sequence[Claim], folders: Sequence[str], top: Path
) -> tuple[list[Path], dict[Path, str]]:
    """Return the files here that claims name, and why some of them are not looked at.

    A review comes from elsewhere: it may not lead out of the tree. What names the end of a
    path is the file with such a path, where there is one only, or one only that has the tests
    that the claims name, or beside the others, or the one among `folders`, or in one of them, or
    that defines most of what the claims name.
    """
    paths: set[Path] = set()
    outside: dict[Path, str] = {}
    several: dict[str, list[Path]] = {}
    wanted: dict[str, set[str]] = {}
    for claim in told:
        for name in claim.place.files:
            wanted.setdefault(name, set()).update(claim.place.names)
    listed: dict[str, list[Path]] | None = None
    for name in sorted(wanted):
        path = real(name)
        if path is not None and path.is_relative_to(top):
            paths.add(path)
            continue
        if path is not None:
            outside[Path(name)] = (
                f"lies outside of {top}, and only the review names it; "
                "name it after the review to have it looked at"
            )
            continue
        listed = _below(top) if listed is None else listed
        found = _ending(name, listed)
        if len(found) == 1:
            paths.add(found[0])
        elif found:
            several[name] = found
    common = _common([{path.parent for path in found} for found in several.values()])
    for name, found in several.items():
        beside = [path for path in found if path.parent in {item.parent for item in paths}]
        whole = [path for path in found if any(_ends(path, item) for item in folders)]
        inside = [path for path in found if any(_ends(path.parent, item) for item in folders)]
        shared = [path for path in found if path.parent == common]
        tests = [item for item in wanted[name] if item.startswith(TESTS)]
        texts = {path: _text(path) for path in found}
        testing, defining = (
            _most([(_defined(text, names), path) for path, text in texts.items()])
            for names in (tests, wanted[name])
        )
        ways = (whole, testing, beside, inside, shared, defining)
        likely = next((item for item in ways if len(item) == 1), None)
        if likely is not None:
            paths.add(likely[0])
        else:
            names = ", ".join(sorted(shown(str(item)) for item in found)[:3])
            outside[Path(name)] = f"may be {names}; name it after the review"
    modules = {name for claim in told for name in claim.place.names if name.startswith(TESTS)}
    for name in sorted(modules):
        if not any(_defined(_text(path), [name]) for path in paths):
            listed = _below(top) if listed is None else listed
            found = _ending(f"{name}.py", listed)
            paths.update(found if len(found) == 1 else ())
    return sorted(paths), outside


def _text(path: Path) -> str:
    """Return what a file holds, nothing for one that cannot be read."""
    try:
        return read(path).decode("utf-8", "replace")
    except OSError:
        return ""


def _defined(text: str, names: Collection[str]) -> int:
    """Return how many functions and classes of some names a text defines."""
    return sum(bool(re.search(rf"\b(?:def|class) {re.escape(name)}\b", text)) for name in names)


def _most(counted: Sequence[tuple[int, Path]]) -> list[Path]:
    """Return the paths that have the highest count, none where that is nothing."""
    highest = max(count for count, _ in counted)
    return [path for count, path in counted if count == highest > 0]


def _common(folders: Sequence[set[Path]]) -> Path | None:
    """Return the one folder that has all of several files, None where there is no such."""
    shared = set.intersection(*folders) if len(folders) > 1 else set()
    return shared.pop() if len(shared) == 1 else None


def _ends(path: Path, name: str) -> bool:
    """Tell whether a path ends as a review names it."""
    parts = PurePosixPath(name).parts
    return path.parts[-len(parts) :] == parts


def _below(top: Path) -> dict[str, list[Path]]:
    """Return the Python files below a folder, by their names."""
    found: dict[str, list[Path]] = {}
    listed = git.listed(top)
    if listed is None:
        listed = [Path(folder, name) for folder, _, names in os.walk(top) for name in names]
    for path in listed:
        if path.suffix == ".py" and not path.is_symlink():
            found.setdefault(path.name, []).append(path)
    return found


def _ending(name: str, listed: Mapping[str, Sequence[Path]]) -> list[Path]:
    """Return the files whose paths end with a name; a name from elsewhere may begin otherwise."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "//", "..", "a", "b")]
    if not parts:
        return []
    whole = [path for path in listed.get(parts[-1], ()) if path.is_file()]
    foreign = len(parts) < len(PurePosixPath(name).parts)
    for start in range(max(len(parts) - 1, 1) if foreign else 1):
        ending = tuple(parts[start:])
        found = [path for path in whole if path.parts[-len(ending) :] == ending]
        if found:
            return [path.resolve() for path in found]
    return []
