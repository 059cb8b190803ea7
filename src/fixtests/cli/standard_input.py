"""`-`: source from the standard input, taken for a file of the tree; no file is written.

What is fixed in it goes to stdout, as the whole source or as a diff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from fixtests.cli import outcomes, reports
from fixtests.cli.requests import Output
from fixtests.files import git
from fixtests.model import FileResult
from fixtests.report import summary
from fixtests.report.summary import Summary, count
from fixtests.text import diff, edits
from fixtests.text.source import Source


def show(results: Iterable[FileResult], output: Output, held: Mapping[Path, bytes]) -> int:
    """Print or save the diff of what would be fixed in the standard input; return the exit code."""
    found = [_alone(item, held, output) for item in results]
    changes = b""
    for item in found:
        if item.edits:
            path = Path(item.path)
            name = path.relative_to(git.top(path.parent) or item.root).as_posix()
            changes += diff.unified(Source.decode(item.path, held[path]), item.edits, name)
    if output.target is None:
        output.screen.emit_diff(changes)
    else:
        reports.save(output.target, changes)
    return _close(found, output, writes=False)


def fix(results: Iterable[FileResult], output: Output, held: Mapping[Path, bytes]) -> int:
    """Print or save the standard input with its fixes, as it is where it cannot be worked on."""
    found = [_alone(item, held, output) for item in results]
    after = dict(held)
    for item in found:
        if item.edits:
            source = Source.decode(item.path, held[Path(item.path)])
            after[Path(item.path)] = source.encode(edits.apply(source.utf8, item.edits))
    text = b"".join(after.values())
    if output.target is None:
        output.screen.emit_bytes(text)
    else:
        reports.save(output.target, text)
    return _close(found, output, writes=True)


def _alone(result: FileResult, held: Mapping[Path, bytes], output: Output) -> FileResult:
    """Return a result without the fixes that need another file, and say so."""
    from fixtests.plan.plan import MovedError, fixing, refused

    rounds = chain(result.fixed, *result.later)
    wide = [item for item in rounds if item.fix and item.fix.declarations]
    if not wide:
        return result
    left = count(len(wide), "fix")
    output.screen.note(f"{left} left out: a constant goes to another file, which is not written.")
    own = [item for item in result.fixed if item not in wide]
    try:
        return fixing(result, own, Source.decode(result.path, held[Path(result.path)]))
    except MovedError as error:
        return refused(result, error)


def _close(results: Sequence[FileResult], output: Output, *, writes: bool) -> int:
    written = frozenset(Path(item.path) for item in results if item.edits)
    counted = Summary(tuple(results), written, summary.failures(results), writes=writes)
    outcomes.print_problems(counted, output)
    outcomes.print_statistics(counted, output)
    return outcomes.close(counted, output)
