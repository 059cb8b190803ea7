"""Migrations that are a Bowler `Query`; imported only when such a script runs.

Bowler opens files itself and breaks CRLF, byte order marks and missing final newlines,
so it gets copies in a temporary folder, the one place written outside of `apply`.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bowler import Query
from bowler.tool import BowlerTool

from fixtests.files import discover
from fixtests.migrate import lines, results
from fixtests.migrate.results import Failure, Target
from fixtests.migrate.script import Script, ScriptError
from fixtests.model import FileResult, Status
from fixtests.run.session import Session

Texts = dict[Target, str]

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


def run(
    script: Script,
    session: Session,
    files: Sequence[Path | discover.Missing],
    seen: Callable[[], None],
) -> Iterator[FileResult]:
    """Yield the result of each file, after all have been searched twice.

    Raises ScriptError where the script gives no query over the paths it was
    given, and UsageError.
    """
    read = [results.read(session, item) for item in files]
    targets = [item for item in read if isinstance(item, Target)]
    first = _search(script, {item: item.source.text for item in targets}, seen)
    found = {item: _result(item, first[item]) for item in targets}
    texts = {
        item: text
        for item, text in first.items()
        if isinstance(text, str) and found[item].status is Status.CHANGED
    }
    second = _search(script, texts, lambda: None) if texts else {}
    for item in read:
        if isinstance(item, FileResult):
            seen()
            yield item
        elif item in texts and second[item] != texts[item]:
            detail = second[item] if isinstance(second[item], Failure) else results.UNSTABLE
            yield item.unchanged(Status.FAILED, str(detail))
        else:
            yield found[item]


def _result(target: Target, text: str | Failure) -> FileResult:
    if isinstance(text, Failure):
        return target.unchanged(Status.FAILED, str(text))
    try:
        return target.changed(text)
    except Failure as reason:
        return target.unchanged(Status.FAILED, str(reason))


def _search(
    script: Script, texts: Texts, seen: Callable[[], None]
) -> Mapping[Target, str | Failure]:
    """Return what a query makes of some texts, each as a file of its own. Raises ScriptError."""
    found: dict[Target, str | Failure] = {}
    with tempfile.TemporaryDirectory(prefix="bowler-") as name:
        folder = Path(name).resolve()
        copies = _copied(texts, folder)
        query = _query(script, [str(copy) for copy in copies.values()])
        places = _places(script, query, folder)
        with script.running(ScriptError, "correct the query"):
            recorder = Recorder(query)
        for target, copy in copies.items():
            found[target] = texts[target]
            if _offered(copy, places, query):
                try:
                    found[target] = _text(script, recorder, query, copy, texts[target])
                except Failure as reason:
                    found[target] = reason
            seen()
    return found


def _copied(texts: Texts, folder: Path) -> dict[Target, Path]:
    """Write texts as Bowler can take them, each with its path from its root."""
    roots = list(dict.fromkeys(target.root for target in texts))
    copies: dict[Target, Path] = {}
    for target, text in texts.items():
        copy = folder / str(roots.index(target.root)) / target.relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(lines.plain(text).encode(target.source.encoding))
        copies[target] = copy
    return copies


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
