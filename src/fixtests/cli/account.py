"""What `-v` says of a run: what was read and by which rules of the project, what was left out."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from fixtests.files import discover, git
from fixtests.model import FileResult
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.run.configuration import key_of
from fixtests.run.session import Session

Item = Path | discover.Missing


class Account:
    """Notes what a run leaves out, and says what it did to a screen, if that is to be verbose."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self._session = session
        self._screen = screen
        self._left: dict[Path, str] = {}  # what was left out, and why

    def excluded(self, path: Path) -> bool:
        """Tell whether a path is excluded, and note it then."""
        found = self._session.configuration.excluded(path)
        if found:
            self._left[path] = "excluded"
        return found

    def begin(self, files: Sequence[Item]) -> None:
        """Say where the files of a run stand, by which configuration, and what is left out."""
        if not self._screen.verbose:
            return
        configuration = self._session.configuration
        found = {item.parent for item in files if isinstance(item, Path)}
        keys = {key_of(configuration.root(it), configuration.at(it)) for it in sorted(found)}
        for root, profile, _ in sorted(keys, key=str):
            self._screen.warn(f"root {shown(str(root))}: profile {profile}")
        for path in configuration.files:
            self._screen.warn(f"configuration {shown(str(path))}")
        if not configuration.files:
            self._screen.warn("configuration: none")
        self._note_ignored()
        for path, why in sorted(self._left.items()):
            self._screen.warn(f"{shown(str(path))}: skipped, {why}")

    def end(self, results: Sequence[FileResult], where: str | None) -> None:
        """Say what became of each file; `where` is the folder for what is kept, if any."""
        if not self._screen.verbose:
            return
        known = self._session.results.known
        for item in results:
            how = "known from before" if item.path in known else "read"
            number = count(sum(not it.suppressed for it in item.findings), "finding")
            self._screen.warn(f"{shown(item.path)}: {how}, {item.detail or number}")
        cache = f"cache {where}" if where else "cache: none"
        self._screen.warn(f"{cache}: {len(known):,} of {count(len(results), 'result')} known")

    def _note_ignored(self) -> None:
        """Note what git ignores below the folders of the run."""
        for given in self._session.request.paths:
            with contextlib.suppress(OSError):  # what cannot be looked at is named by the run
                path = discover.real(given)
                if path.is_dir() and self._session.heeds_gitignore(path):
                    for ignored in git.ignored(path):
                        self._left.setdefault(ignored, "ignored by git")
