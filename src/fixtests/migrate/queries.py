"""Migrations that are a Bowler `Query`; imported only when such a script runs.

Bowler opens files itself and breaks CRLF, byte order marks and missing final newlines,
so it gets copies in a temporary folder, the one place written outside of `apply`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bowler import Query
from bowler.tool import BowlerTool

from fixtests.files import discover
from fixtests.migrate import lines, results
from fixtests.migrate.catalogue import ScriptError
from fixtests.migrate.recorded import Queries
from fixtests.migrate.results import Failure, Target
from fixtests.migrate.script import Script
from fixtests.model import FileResult, Status
from fixtests.run.session import Session

# Selectors that find nothing in a file without the name that they are given.
PLAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
NAMED = frozenset(("module", "class", "subclass", "attribute", "method", "function", "var"))

logging.getLogger("bowler").addHandler(logging.NullHandler())


class Recorder(BowlerTool):  # type: ignore[misc]  # Bowler ships no types
    """Bowler's engine, one file at a time, in this process: results are kept, none is shown."""

    def __init__(self, query: Any) -> None:
        options = {"print_function": True} if query.python_version == 3 else {}
        super().__init__(
            query.compile(), interactive=False, silent=True, in_process=True, options=options
        )
        self.complaint: Any = None
        self.text: str | None = None

    def text_after(self, path: Path) -> str:
        """Return a file's text after the query. Raises Failure where it was not parsed."""
        self.complaint = self.text = None
        self.refactor_file(str(path))
        if self.text is None:
            raise Failure(_unparsed(self.complaint))
        return self.text

    def processed_file(self, new_text: str, *_: Any, **__: Any) -> list[list[str]]:
        """Keep a result; no hunk goes on to Bowler's own writer."""
        self.text = new_text
        return []

    def log_error(self, msg: str, *args: Any, **_: Any) -> None:
        """Keep why a file could not be parsed, which Bowler only prints."""
        self.complaint = args[-1] if args else msg


class Search:
    """What a script's queries make of one file at a time.

    Copies of files come into a `folder`, each with its path from its root. With `once`, a
    result that a second run would change again is taken. Raises ScriptError where the script
    gives no query over the paths that it is given.
    """

    def __init__(
        self,
        script: Script,
        session: Session,
        files: Sequence[Path | discover.Missing],
        folder: Path,
        *,
        once: bool = False,
    ) -> None:
        self.script = script
        self.once = once
        self._folder = folder.resolve()
        self._roots: list[Path] = []
        if isinstance(script.migration, Queries):
            self._queries = script.migration.queries
            places = [
                frozenset(Path(it).resolve() for it in query.paths) for query in self._queries
            ]
        else:
            roots = (
                (item, session.configuration.root(item.parent))
                for item in files
                if isinstance(item, Path)
            )
            self._queries = (_query(script, [str(self._copy(*pair)) for pair in roots]),)
            places = [_places(script, query, self._folder) for query in self._queries]
        with script.running(ScriptError, "correct the query"):
            recorders = [Recorder(query) for query in self._queries]
        self._over = list(zip(self._queries, recorders, places, strict=True))
        self._needles = (*_common(self._queries), *script.needles)

    def one(self, session: Session, item: Path | discover.Missing) -> FileResult:
        """Return the result of one file."""
        target = results.read(session, item, self._needles)
        return target if isinstance(target, FileResult) else self._result(target)

    def _copy(self, path: Path, root: Path) -> Path:
        """Return where the copy of a file stands."""
        if root not in self._roots:
            self._roots.append(root)
        return self._folder / str(self._roots.index(root)) / path.relative_to(root)

    def _result(self, target: Target) -> FileResult:
        try:
            text = self._after(target, target.source.text)
            result = target.changed(text)
            if result.status is Status.CHANGED and not self.once:
                again = self._after(target, text)
                if again != text:
                    raise Failure(results.unstable(text, again))
        except Failure as reason:
            return target.unchanged(Status.FAILED, str(reason))
        return result

    def _after(self, target: Target, text: str) -> str:
        """Return what the queries make of a text in the place of a file's. Raises Failure."""
        copy = self._copy(target.path, target.root)
        recorded = isinstance(self.script.migration, Queries)
        for query, recorder, places in self._over:
            if _offered(target.path if recorded else copy, places, query):
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(lines.plain(text).encode(target.source.encoding))
                text = _text(self.script, recorder, query, copy, text)
        return text


def _common(queries: Sequence[Any]) -> tuple[str, ...]:
    """Return the words that must all stand in a file which a query can change.

    A selector that is given a name finds nothing in a file without it; of several
    selectors or queries any may find something.
    """
    names = [
        str(transform.kwargs.get("name", "")) if transform.selector in NAMED else ""
        for query in queries
        for transform in query.transforms
    ]
    if not names or not all(PLAIN.fullmatch(name) for name in names):
        return ()
    return tuple(sorted(set.intersection(*(set(name.split(".")) for name in names))))


def _query(script: Script, paths: list[str]) -> Any:
    """Ask a script for its query over some files. Raises ScriptError."""
    with script.running(ScriptError, "correct query()"):
        query = script.migration(paths)
    if not isinstance(query, Query):
        kind = type(query).__name__
        raise ScriptError(f"{script.path}: query() returns {kind}; return a bowler.Query")
    if query.retcode is not None:
        remedy = "return it without execute(), diff(), silent() or write()"
        raise ScriptError(f"{script.path}: query() returns a Query that has run; {remedy}")
    return query


def _places(script: Script, query: Any, folder: Path) -> frozenset[Path]:
    """Return the files and folders that a query searches. Raises ScriptError."""
    places = frozenset(Path(path).resolve() for path in query.paths)
    for place in places:
        if not place.is_relative_to(folder):
            remedy = "give Query the paths that query() is given"
            raise ScriptError(f"{script.path}: the Query searches {place}; {remedy}")
    return places


def _offered(copy: Path, places: frozenset[Path], query: Any) -> bool:
    """Tell whether a query searches a file; Bowler has its matcher judge folders' files only."""
    if not places.intersection((copy, *copy.parents)):
        return False
    return query.filename_matcher is None or bool(query.filename_matcher(str(copy)))


def _text(script: Script, recorder: Recorder, query: Any, copy: Path, text: str) -> str:
    """Return a text after a query, with its own line ends. Raises Failure."""
    plain = lines.plain(text)
    with script.running(Failure, "correct the script", spared=(Failure,)):
        after = _accepted(query, copy, plain, recorder.text_after(copy))
    return text if after == plain else lines.restored(text, after)


def _accepted(query: Any, copy: Path, old: str, new: str) -> str:
    """Return a text with the hunks that every processor of the query lets pass."""
    if not query.processors:
        return new
    name = str(copy)

    def passes(hunk: list[str]) -> bool:
        return False not in [process(name, hunk) for process in query.processors]

    return lines.accepted(name, old, new, passes)


def _unparsed(complaint: Any) -> str:
    """Say where Bowler's parser stopped."""
    context = getattr(complaint, "context", None)
    line = context[1][0] if context else getattr(complaint, "lineno", None) or 1
    value = getattr(complaint, "value", None)
    near = f"at {value!r}" if value is not None else f"{complaint}"
    return (
        f"line {line}: Bowler's parser does not know this syntax ({near}); "
        "change the file by hand, or write the migration with LibCST"
    )
