"""The plug-in for flake8, which reports what `fixtests check` finds.

flake8 loads this module always, and asks it only with `enable-extensions = FT`; what works is
loaded then.
"""

from __future__ import annotations

import ast
import contextlib
import gc
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from fixtests import __version__

if TYPE_CHECKING:
    from fixtests.model import FileResult
    from fixtests.run.session import Session

CODE = "FT"  # of the entry point
FAILED = "FT000"  # the code of a file that cannot be judged
Violation = tuple[int, int, str, type]  # row from 1, column from 0, code and text, who says it


class Plugin:
    """One file, as flake8 asks for it; the parameters have the names that flake8 knows.

    The file is read anew: `tree` lacks the bytes, of which findings and their comments are told.
    """

    name = "fixtests"
    version = __version__
    off_by_default = True
    is_piped: ClassVar[bool] = False  # whether the text comes from standard input

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._name = filename
        self._lines = lines

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Take from flake8's options whether the text is that of a file, and read ahead.

        The processes that flake8 forks share what is loaded and read. Raises as `run` does.
        """
        cls.is_piped = "-" in options.filenames
        if CODE in (options.enable_extensions or ()) and not cls.is_piped:
            with _said():
                _read_ahead(Path(*options.filenames[:1]))

    def run(self) -> Iterator[Violation]:
        """Yield what is found. Raises flake8's ExecutionError, which ends a run with a message."""
        with _said():
            yield from map(self._violation, self._found())

    def _violation(self, found: tuple[int, int, str]) -> Violation:
        from fixtests.report.location import visible

        row, column, words = found
        return row, column, visible(words), type(self)

    def _found(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and words of each finding. Raises RunError."""
        from fixtests.report.contents import Failure
        from fixtests.text.source import Source, SourceError, encoded, read

        try:
            content = encoded("".join(self._lines)) if self.is_piped else None
            for result in _results(self._name, content):
                if result.detail:
                    yield Failure.of(result.path, result.detail).row, 0, f"{FAILED} {result.detail}"
                elif result.findings:
                    held = read(result.path) if content is None else content
                    source = Source.decode(result.path, held)
                    for item in result.findings:
                        if not item.suppressed:
                            row, column = source.location(item.span.start)
                            yield row, column - 1, f"{item.code} {item.message}"
        except (OSError, SourceError) as error:
            yield 1, 0, f"{FAILED} {error}"


def _results(name: str, content: bytes | None) -> Iterator[FileResult]:
    """Yield the result of a file, or of a text; none where configuration excludes it.

    Raises RunError.
    """
    from fixtests.files import discover
    from fixtests.run import one_file
    from fixtests.run.cycles import uncollected

    path = Path(name)
    session = _shared() if content is None else _session({discover.real(path).resolve(): content})
    for item in session.at(path):
        if (
            isinstance(item, Path)
            and content is None
            and session.make_room(item, item.stat().st_size)
        ):
            gc.collect()
        with uncollected():
            result = one_file.one(session, item)
        yield result


def _read_ahead(path: Path) -> None:
    """Read what all files of a tree need, given one of them or a folder. Raises RunError."""
    from fixtests.files import discover

    place = discover.real(path)
    _shared().read_ahead([(place if place.is_dir() else place.parent) / "__init__.py"])
    gc.freeze()


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """Let flake8 say what makes a run impossible, and end it. Raises its ExecutionError."""
    from flake8.exceptions import ExecutionError

    from fixtests.model import RunError

    try:
        yield
    except RunError as error:
        raise ExecutionError(f"fixtests: {error}") from None


@cache
def _shared() -> Session:
    """Return what all files of a process share: what is known of their trees. Raises RunError."""
    return _session({})


def _session(contents: Mapping[Path, bytes]) -> Session:
    from fixtests.run.request import Request
    from fixtests.run.session import Session

    asked = Request(paths=(), fix=False, accepts=True, force_exclude=True, contents=contents)
    return Session(asked)
