"""What the files of a root said in this run, whole and as to their code, told by digests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fixtests.model import digest
from fixtests.text.source import Source, SourceError
from fixtests.tree.module import Module
from fixtests.tree.places import Places
from fixtests.tree.trail import Look, path_of

SHORT = 32  # characters of a digest that tell one answer from another


class Said:
    """What files said: as they were parsed in this run, else as they are.

    `parsed` gives the module of a file that nobody has asked for, and raises SourceError; `trait`
    tells what is asked of a function of a module.
    """

    def __init__(
        self,
        read: Callable[[Path], bytes],
        places: Places,
        parsed: Callable[[Source], Module],
        trait: Callable[[str, Module], str],
    ) -> None:
        self._read = read
        self._places = places
        self._parsed = parsed
        self._trait = trait
        self._digests: dict[str, str] = {}
        self._wholes: dict[str, str] = {}
        self._codes: dict[Look, str] = {}
        self._valid: dict[str, bool] = {}

    def is_said(self, source: Source) -> bool:
        """Tell whether a file has said nothing else than this."""
        return self._digests.get(source.path, source.digest) == source.digest

    def say(self, source: Source) -> None:
        """Note what a file says that is parsed."""
        self._digests[source.path] = source.digest

    def forget(self, path: str) -> None:
        """Forget what a file said."""
        for known in (self._digests, self._wholes, self._valid):
            known.pop(path, None)
        for look in [look for look in self._codes if path_of(look) == path]:
            del self._codes[look]

    def whole(self, path: str) -> str:
        """Return what tells all of a file apart, and the name of its module."""
        if path not in self._wholes:
            self._wholes[path] = short((self._digest(path), self._places.name(Path(path))))
        return self._wholes[path]

    def code(self, look: Look, module: Module | None) -> str:
        """Return what tells the code of a file apart, or a part, and the name of its module.

        A file that cannot be read again as it was parsed is told apart as a whole.
        """
        if look not in self._codes:
            path = path_of(look)
            known = module or self._module(path)
            told = _told(look, known, self._trait) if known else self._digest(path)
            self._codes[look] = short((told, self._places.name(Path(path))))
        return self._codes[look]

    def tells(self, look: Look, module: Module | None) -> str:
        """Return what tells the code of a file apart, or a part: digests of wholes come first.

        That are the file, and the body of a function that something is asked of.
        """
        looks = (body, look) if (body := _body_of(look)) else (look,)
        return "".join([self.whole(path_of(look)), *(self.code(it, module) for it in looks)])

    def holds(self, look: Look, said: str, module: Module | None) -> bool:
        """Tell whether the code of a file, or a part, is what digests of an earlier run were of.

        A function that says the same as a whole need not be asked again: what else its answer
        follows from are looks of their own.
        """
        path = path_of(look)
        if self.whole(path) == said[:SHORT]:
            return True
        if not self._is_valid(path):
            return False
        body = _body_of(look)
        if body and self.code(body, module) == said[SHORT:-SHORT]:
            return True
        return self.code(look, module) == said[-SHORT:]

    def _is_valid(self, path: str) -> bool:
        """Tell whether a file is Python: in one with errors it matters what is parsed late."""
        if path not in self._valid:
            try:
                Source.decode(path, self._read(Path(path))).parse()
                self._valid[path] = True
            except (OSError, SourceError):
                self._valid[path] = False
        return self._valid[path]

    def _module(self, path: str) -> Module | None:
        try:
            source = Source.decode(path, self._read(Path(path)))
            return self._parsed(source) if source.digest == self._digest(path) else None
        except (OSError, SourceError):
            return None

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = digest(self._read(Path(path)))
            except OSError:
                self._digests[path] = ""
        return self._digests[path]


def _body_of(look: Look) -> Look | None:
    """Return the look at the body of the function that a look asks something, None for others."""
    kind, at = look
    return ("body", at.partition("\t")[0]) if kind == "trait" else None


def _told(look: Look, module: Module, trait: Callable[[str, Module], str]) -> str:
    """Return what a look at the code of a file tells."""
    kind, at = look
    sought = at.rpartition("\n")[2]
    match kind:
        case "code":
            return digest(module.uncommented.code)
        case "outline":
            return digest(module.parts.outline)
        case "body":
            return digest(module.parts.body(int(sought)))
        case "trait":
            return trait(sought, module)
    return repr(module.holding(kind, sought))


def short(told: object) -> str:
    """Return a digest of what something told."""
    return digest(repr(told).encode("utf-8", "surrogatepass"))[:SHORT]
