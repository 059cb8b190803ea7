"""What the files of a root said in this run, whole and as to their code, told by digests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fixtests.model import digest
from fixtests.syntax.uncommented import Uncommented
from fixtests.text.source import Source, SourceError
from fixtests.tree.module import Module
from fixtests.tree.places import Places

SHORT = 32  # characters of a digest that tell one answer from another


class Said:
    """What files said: as they were parsed in this run, else as they are."""

    def __init__(self, read: Callable[[Path], bytes], places: Places) -> None:
        self._read = read
        self._places = places
        self._digests: dict[str, str] = {}
        self._codes: dict[str, str] = {}

    def is_said(self, source: Source) -> bool:
        """Tell whether a file has said nothing else than this."""
        return self._digests.get(source.path, source.digest) == source.digest

    def say(self, source: Source) -> None:
        """Note what a file says that is parsed."""
        self._digests[source.path] = source.digest

    def forget(self, path: str) -> None:
        """Forget what a file said."""
        self._digests.pop(path, None)
        self._codes.pop(path, None)

    def whole(self, path: str) -> str:
        """Return what tells all of a file apart, and the name of its module."""
        return short((self._digest(path), self._places.name(Path(path))))

    def code(self, path: str, module: Module | None) -> str:
        """Return what tells the code of a file apart, and the name of its module.

        A file that cannot be read again as it was parsed is told apart as a whole.
        """
        if path not in self._codes:
            known = module.uncommented if module else self._uncommented(path)
            told = digest(known.code) if known else self._digest(path)
            self._codes[path] = short((told, self._places.name(Path(path))))
        return self._codes[path]

    def holds(self, path: str, said: str, module: Module | None) -> bool:
        """Tell whether the code of a file is what both digests of an earlier run were of."""
        if self.whole(path) == said[:SHORT]:
            return True
        try:  # in a file that has errors it matters what is parsed late
            Source.decode(path, self._read(Path(path))).parse()
        except (OSError, SourceError):
            return False
        return self.code(path, module) == said[SHORT:]

    def _uncommented(self, path: str) -> Uncommented | None:
        try:
            source = Source.decode(path, self._read(Path(path)))
        except (OSError, SourceError):
            return None
        return Uncommented(source) if source.digest == self._digest(path) else None

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = digest(self._read(Path(path)))
            except OSError:
                self._digests[path] = ""
        return self._digests[path]


def short(told: object) -> str:
    """Return a digest of what something told."""
    return digest(repr(told).encode("utf-8", "surrogatepass"))[:SHORT]
