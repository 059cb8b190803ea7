"""Files judged again and again while what they hold changes, each time as if all was saved."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fixtests.engine import check_file
from fixtests.files import discover
from fixtests.model import Applicability, FileResult
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import Source, SourceError, read
from fixtests.tree.project import Project

MANY = 50  # files of which all that was learnt is kept; more take too much memory
SAFE = frozenset({Applicability.SAFE})


@dataclass
class Seen:
    """What a file was judged by: what files held, and a tree with the looks taken at it, if any."""

    contents: Mapping[Path, bytes]
    project: Project | None = None
    looked: int = 0


class Live:
    """The files of an editor, in the place of those on disk, and what is known of their trees.

    What is known was learnt from what files held at some time, `_base`. A file that holds
    something else is judged by what is left of that (`Project.holding`).
    """

    def __init__(self) -> None:
        self._request = Request(paths=(), fix=False, accepts=True, force_exclude=True)
        self._contents: dict[Path, bytes] = {}
        self._base: dict[Path, bytes] = {}
        self._judged: set[Path] = set()  # as they stand in `_base`
        self._given: dict[Path, bytes] = {}  # to the session, for the file that it is asked for
        self._session: Session | None = None
        self._seen: dict[Path, Seen] = {}

    def hold(self, path: Path, content: bytes) -> None:
        """Take a file to hold something from now on."""
        self._contents[path] = content
        if path not in self._base:
            try:
                self._base[path] = read(path)
            except OSError:  # is not on disk: nothing is known of a tree that has it
                self.renew()

    def let_go(self, path: Path) -> None:
        """Take a file to hold what it does on disk."""
        self._contents.pop(path, None)
        self.renew()

    def renew(self) -> None:
        """Forget all that is known of trees and of their configuration."""
        self._session = None
        self._seen.clear()
        discover.forget()

    def is_behind(self, path: Path) -> bool:
        """Tell whether files beside one hold something else than what is known was learnt from."""
        return any(item != path for item in self._changed())

    def may_differ(self, path: Path) -> bool:
        """Tell whether a file that was judged may have another result, for what others hold now."""
        seen = self._seen.get(path)
        if self._session is None or seen is None:
            return True
        for at, now in self._contents.items():
            then = seen.contents.get(at, self._base.get(at))
            if at == path or then == now:
                continue
            if seen.project is not None and (
                then is None or seen.looked & seen.project.told_apart(at, then, now)
            ):
                return True
        return False

    def judge(self, path: Path) -> FileResult | None:
        """Return the result of a file, None where configuration excludes it. Raises RunError."""
        session = self._known()
        seen = self._seen[path] = Seen(dict(self._contents))
        item = next(session.at(path), None)
        if item is None or isinstance(item, discover.Missing):
            return None if item is None else one_file.one(session, item)
        project = session.jobs.of(item).project
        seen.project = project
        changed = {at: self._contents[at] for at in self._changed()}
        if path not in self._judged and self._base.get(path) is not None:
            self._judged.add(path)
            result = self._one(session, path, self._base[path])
            seen.looked = project.trail.looked
            if not changed:
                return result
        with project.holding(changed):
            _parse(path, self._contents[path], project)
            result = self._one(session, path, self._contents[path])
        seen.looked = project.trail.looked
        if session.jobs.of(item).project is not project:  # it took too long, so all is in doubt
            self.renew()
        return result

    def fixed(self, path: Path) -> FileResult:
        """Return the result of a file that was judged, with its safe fixes. Raises RunError."""
        session = self._known()
        job = replace(session.jobs.of(path), tiers=SAFE)
        with job.project.holding({at: self._contents[at] for at in self._changed()}):
            return check_file.run(str(path), self._contents[path], job)

    def _one(self, session: Session, path: Path, content: bytes) -> FileResult:
        self._given[path] = content
        return one_file.one(session, path)

    def _changed(self) -> Iterator[Path]:
        """Yield the files that hold something else than what is known was learnt from."""
        return (at for at, it in self._contents.items() if self._base.get(at) != it)

    def _known(self) -> Session:
        """Return what is known, learnt anew from what files hold now where that is nothing."""
        if self._session is None or len(self._judged) >= MANY:
            self._base = dict(self._contents)
            self._judged = set()
            self._given = dict(self._contents)
            self._session = Session(replace(self._request, contents=self._given))
        return self._session


def _parse(path: Path, content: bytes, project: Project) -> None:
    """Parse a file whole, which takes less than to read most of its functions one by one.

    One that is not Python is left to the engine: nobody may look at what is wrong in it.
    """
    project.unparse(path)
    with contextlib.suppress(SourceError):
        source = Source.decode(str(path), content)
        project.adopt(source, source.parse())
