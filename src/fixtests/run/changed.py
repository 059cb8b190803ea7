"""What a run looks at where only lines count that changed since a commit, or that are staged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.files import git
from fixtests.files.discover import Missing, real
from fixtests.git import changes
from fixtests.git.changes import Changes, Lines
from fixtests.git.repository import Repository
from fixtests.model import Span
from fixtests.run.request import Request, UsageError
from fixtests.text.source import Source

Item = Path | Missing
GONE = "is staged, and is not there; stage that it is gone, or run `git restore` for it"


@dataclass(frozen=True)
class Changed:
    """The files of a run in which lines changed, and these lines, as git counts them.

    `contents` is what is staged of files that hold something else by now.
    """

    items: Sequence[Item]
    lines: Mapping[Path, Lines]
    contents: Mapping[Path, bytes]

    def has(self, span: Span, source: Source) -> bool:
        """Tell whether any line that a span of a file touches changed."""
        first = source.utf8.count(b"\n", 0, span.start) + 1
        last = first + source.utf8.count(b"\n", span.start, max(span.start, span.end - 1))
        return changes.meet(self.lines.get(Path(source.path), ()), first, last)


def of(request: Request, items: Iterable[Item]) -> Changed:
    """Return what changed in the files of a request that asks for it.

    Raises UsageError where a file is in no repository, and RunError where git cannot tell.
    """
    items = list(items)
    lines: dict[Path, Lines] = {}
    contents: dict[Path, bytes] = {}
    for repository, files in _by_repository(request, items).items():
        base = (
            changes.head(repository)
            if request.since is None
            else changes.merge_base(repository, request.since)
        )
        here = Changes(repository, base, staged=request.staged)
        touched = here.lines(files)
        lines |= touched
        if request.staged:
            contents |= here.staged(touched)
            items += [Missing(path, GONE) for path in here.gone() if _asked(path, request, items)]
    left = [item for item in items if isinstance(item, Missing) or item in lines]
    return Changed(left, lines, contents)


def _asked(path: Path, request: Request, items: Iterable[Item]) -> bool:
    """Tell whether a file that is not there stands below a folder of a request."""
    known = {item.path for item in items if isinstance(item, Missing)}
    return path not in known and any(path.is_relative_to(given) for given, _ in _places(request))


def _places(request: Request) -> Iterator[tuple[Path, Path]]:
    """Yield the real paths of a request, each with the folder that it is or stands in.

    What cannot be looked at is left out: the run names it.
    """
    for given in request.paths:
        with contextlib.suppress(OSError):
            path = real(given)
            yield path, path if path.is_dir() else path.parent


def _by_repository(request: Request, items: Iterable[Item]) -> dict[Repository, list[Path]]:
    """Return files by the repository that they are in, and those of the paths that were asked for.

    Raises UsageError and GitError.
    """
    tops: dict[Path, list[Path]] = {}
    for _, folder in _places(request):
        top = git.top(folder)
        if top is not None:  # else what is below may be in some
            tops.setdefault(top, [])
    for item in items:
        if isinstance(item, Path):
            top = git.top(item.parent)
            if top is None:
                raise UsageError(f"{item}: is in no git repository, so that nothing tells changes")
            tops.setdefault(top, []).append(item)
    return {Repository.at(top): files for top, files in tops.items()}
