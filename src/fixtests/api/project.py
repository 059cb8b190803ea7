"""A tree on disk, and how it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fixtests.model import RunError

if TYPE_CHECKING:
    from fixtests.run.request import Request

Name = str | PathLike[str]
T = TypeVar("T")


def listed(name: str, given: Iterable[T]) -> Iterable[T]:
    """Return an argument that is to be several. Raises RunError for a single one.

    A text would be taken for its letters.
    """
    if isinstance(given, str | PathLike):
        raise RunError(f"{name} is {str(given)!r} and has to be a list, as in [{str(given)!r}]")
    return given


@dataclass(frozen=True)
class Project:
    """A tree on disk, and how it is looked at: what the options of the command line say.

    `root` is its top folder, at which paths begin. `select`, `extend_select` and `ignore` are
    codes, prefixes or names of rules; what is None is as the tree's configuration has it, of which
    nothing counts with `isolated`. `cache` is the folder for what is kept from run to run: nothing
    is kept without one. `jobs` is the number of processes, one for each processor by default.
    """

    root: Name
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe_fixes: bool | None = None
    config_file: Name | None = None
    isolated: bool = False
    cache: Name | None = None
    jobs: int | None = None

    def __post_init__(self) -> None:
        """Look whether the selectors are several. Raises RunError."""
        for name in ("select", "extend_select", "ignore"):
            listed(name, getattr(self, name) or ())

    @property
    def folder(self) -> Path:
        """The top folder, absolute."""
        return Path(self.root).resolve()

    def request(self, paths: Iterable[Name], *, fix: bool) -> Request:
        """Return the request for some paths, for the whole tree where none is given.

        Raises RunError.
        """
        from fixtests.run.request import Request

        if not self.folder.is_dir():
            what = "is no folder" if self.folder.exists() else "does not exist"
            raise RunError(f"{self.folder}: {what}; correct the root of the project")
        return Request(
            paths=tuple(self.folder / path for path in listed("paths", paths)) or (self.folder,),
            root=self.folder,
            config_file=None if self.config_file is None else self.folder / self.config_file,
            isolated=self.isolated,
            select=self.select,
            extend_select=self.extend_select,
            ignore=self.ignore,
            unsafe_fixes=self.unsafe_fixes,
            fix=fix,
            writes=fix,
        )
