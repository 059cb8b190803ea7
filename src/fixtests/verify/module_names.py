"""Under which names a file of a tree may be imported, and from which folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def candidates(
    root: Path, path: str, tops: Iterable[str], folders: Iterable[str]
) -> list[list[str]]:
    """Return pairs of a dotted name and the folder that it starts in, the likeliest first.

    `tops` are where the project says that names start, `folders` what its interpreter imports
    from. Otherwise they start above the outermost folder that has an `__init__.py`.
    """
    file = root / path
    found = [root / item for item in tops]
    outermost = _outermost(root, file)
    known = sorted((root / item for item in {"src", *folders}), key=lambda it: -len(it.parts))
    around = [item for item in known if item != root and file.is_relative_to(item)]
    found += [*around, outermost, root]
    wanted = dict.fromkeys(item.resolve() for item in found)
    return list(_named(file.resolve(), wanted))


def _outermost(root: Path, file: Path) -> Path:
    folder = file.parent
    while folder != root and (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _named(file: Path, folders: Iterable[Path]) -> Iterator[list[str]]:
    for folder in folders:
        if file.is_relative_to(folder):
            parts = file.relative_to(folder).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if name:
                yield [name, str(folder)]
