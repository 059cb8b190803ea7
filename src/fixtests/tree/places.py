"""Where modules stand below a root: the file of a dotted name, and the dotted name of a file."""

from __future__ import annotations

import os
from pathlib import Path

from fixtests.tree.knowledge import look_for

# Where the packages of a project stand: in its root, or in a folder that is no package.
FOLDERS = ("", f"src{os.sep}", f"lib{os.sep}")


class Places:
    """The places of the modules of one root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._below = str(root).rstrip(os.sep) + os.sep
        self._paths: dict[str, Path | None] = {}
        self._packages: dict[Path, tuple[str, ...]] = {}
        self._tops: dict[str, list[str]] = {}
        self._sought: set[str] = set()  # folders in which modules were looked for

    def path_of(self, name: str) -> Path | None:
        """Return the file of a module by its dotted name."""
        if name not in self._paths:
            top, _, rest = name.partition(".")
            below = rest.replace(".", os.sep)
            stems = (f"{start}{os.sep}{below}" if rest else start for start in self._starts(top))
            places = [f"{stem}{end}" for stem in stems for end in (".py", f"{os.sep}__init__.py")]
            found = next(filter(os.path.isfile, places), None)
            for place in places:
                look_for(place, self._sought)
            self._paths[name] = None if found is None else Path(found)
        return self._paths[name]

    def _starts(self, top: str) -> list[str]:
        """Return where modules of some name's first part may stand, without the `.py`."""
        if top not in self._tops:
            places = [f"{self._below}{folder}{top}" for folder in FOLDERS]
            self._tops[top] = [
                place
                for place in places
                if os.path.exists(place)  # noqa: PTH110 - a thousand names a run
                or os.path.exists(f"{place}.py")  # noqa: PTH110
            ]
            for place in places:
                look_for(place, self._sought)
        return self._tops[top]

    def name(self, path: Path) -> str:
        """Return the dotted name of the module in a file."""
        own = () if path.name == "__init__.py" else (path.stem,)
        return ".".join((*self._package(path.parent), *own)) or path.parent.name

    def _package(self, folder: Path) -> tuple[str, ...]:
        """Return the names of the package in a folder, from the outermost on."""
        if folder not in self._packages:
            inside = folder != self._root and (folder / "__init__.py").is_file()
            look_for(str(folder / "__init__.py"), self._sought)
            self._packages[folder] = (*self._package(folder.parent), folder.name) if inside else ()
        return self._packages[folder]
