"""One run over files: its request, and what it knows of folders, roots, jobs and results."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from fixtests.engine.run_rules import Selected
from fixtests.files import discover
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.jobs import Jobs
from fixtests.run.projects import Projects
from fixtests.run.request import Request
from fixtests.run.results import Results
from fixtests.tree.project import Project
from fixtests.tree.trail import Look

ENOUGH = 2_000_000  # bytes of source whose trees are kept before they are let go


class Session:
    """One run; files with one root and one configuration share what is known.

    `kept` is the folder for what is known of roots from run to run. `rules` are those of a
    script, with their options, where it brings its own.
    Raises UsageError for a request that cannot be followed, and
    baseline.BaselineError.
    """

    def __init__(
        self,
        request: Request,
        kept: str | None = None,
        configuration: Configuration | None = None,
        rules: Sequence[Selected] | None = None,
    ) -> None:
        self.request = request
        self.configuration = configuration or Configuration(request)
        self.projects = Projects(self.configuration, kept, request.contents)
        self.jobs = Jobs(request, self.configuration, self.projects, rules)
        self.results = Results(self.configuration, self.jobs, kept)
        self.passed: list[Path] = []
        self._read = 0  # bytes of source whose trees are kept
        self._root: Path | None = None

    def files(
        self, excluded: Callable[[Path], bool] | None = None
    ) -> list[Path | discover.Missing]:
        """Return the files of the run, which `excluded` may look at, too. Raises UsageError.

        From then on `passed` are the repositories that it passes over.
        """
        self.passed = []
        found = [item for given in self.request.paths for item in self.at(given, excluded)]
        named = [*self._named()]
        self.passed = [it for it in dict.fromkeys(self.passed) if not _is_named(it, named)]
        return list(dict.fromkeys(found))

    def idle(self) -> Iterator[tuple[str, Path]]:
        """Yield the patterns that exclude nothing below a root that is covered, with the root.

        All that stands there is gone through for it. Raises UsageError.
        """
        for path in dict.fromkeys(self._named()):
            yield from ((pattern, path) for pattern in self._idle(path))

    def at(
        self, given: Path, excluded: Callable[[Path], bool] | None = None
    ) -> Iterator[Path | discover.Missing]:
        """Yield the files at or below a path; one is there, too, that is taken to hold something.

        Raises UsageError.
        """
        try:
            path = discover.real(given)
            settings = self.configuration.at(path if path.is_dir() else path.parent)
        except OSError as error:
            yield discover.unreadable(given, error)
            return
        judge = discover.Judge(
            excluded or self.configuration.excluded,
            self.configuration.root,
            gitignore=self.heeds_gitignore(path),
            force=self.request.force_exclude or settings.force_exclude,
            passed=self.passed,
            held=self.request.contents,
        )
        yield from discover.files(path, judge)

    def _named(self) -> Iterator[Path]:
        """Yield the paths of the run that can be looked at."""
        for given in self.request.paths:
            with contextlib.suppress(OSError):
                yield discover.real(given)

    def heeds_gitignore(self, path: Path) -> bool:
        """Tell whether what git ignores is left out below a path. Raises UsageError."""
        if self.request.respect_gitignore is not None:
            return self.request.respect_gitignore
        return self.configuration.at(path if path.is_dir() else path.parent).respect_gitignore

    def _idle(self, path: Path) -> list[str]:
        """Return the patterns that exclude nothing below a path, if it is a root."""
        if not path.is_dir() or self.configuration.root(path) != path:
            return []
        own = dict.fromkeys(self.configuration.excludes(path))
        inside = [it for it in own if not Path(it).is_absolute() or Path(it).is_relative_to(path)]
        return discover.idle(inside, path)

    def read_ahead(self, files: Iterable[Path | discover.Missing]) -> None:
        """Read what all files of the first root need, so that processes to come share it."""
        first = next((item for item in files if isinstance(item, Path)), None)
        if first is not None:
            registry.prepare()
            self._project(first).texts.read_all()

    def start_over(self, path: Path, looks: Iterable[Look] = ()) -> None:
        """Forget what was found out about the roots, some of it perhaps in part only.

        What was looked at for a file stays known, at least that it was looked at itself.
        """
        self.projects.clear()
        self.jobs.clear()
        self.results.clear()
        trail = self._project(path).trail
        trail.look("file", str(path))
        for look in looks:
            trail.look(*look)

    def make_room(self, path: Path, size: int) -> bool:
        """Let go of what was read before a file of some bytes is, where it is much or elsewhere.

        Tells whether it was.
        """
        root = self.configuration.root(path.parent)
        is_full = self._read > ENOUGH or self._root not in (None, root)
        if is_full:
            self.forget(path)
            self._read = 0
        self._root = root
        self._read += size
        return is_full

    def forget(self, path: Path) -> None:
        """Let go of every syntax tree, and of all that is known of roots that a file is not in."""
        self.projects.forget(self._project(path))

    def _project(self, path: Path) -> Project:
        """Return what is known about the root of a file, whatever is to be done there."""
        settings = self.configuration.at(path.parent)
        return self.projects.project(self.configuration.root(path.parent), settings)

    def keep(self) -> None:
        """Keep what is known of the roots and of the results for later runs."""
        self.projects.keep()
        self.results.keep()


def _is_named(repository: Path, named: Iterable[Path]) -> bool:
    """Tell whether a repository, or something in it, was asked for by name."""
    return any(item.is_relative_to(repository) for item in named)
