"""Plans as files: JSON that says what a run found and would write, for a reviewer to read and cut.

docs/plan.schema.json describes it. A plan is read as data: whatever does not fit
is an error that names the place, no path leads out of the folder that the plan is
applied to, and what a file is to become is proved from the fixes that are listed.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from fixtests import __version__
from fixtests.model import Edit, FileResult, Finding, Fix
from fixtests.plan.plan import AppliedError, MovedError, fixing, source_of
from fixtests.plan.plan_fields import Reader, SavedError
from fixtests.report.location import visible
from fixtests.rules import registry
from fixtests.settings import nearest
from fixtests.syntax import proof
from fixtests.text.source import SourceError

FORMAT = "fixtests-plan"
VERSION = 1


Line = Callable[[Finding], int | None]


def body(
    results: Iterable[FileResult],
    top: Path,
    about: Mapping[str, Any],
    line: Line = lambda _: None,
) -> dict[str, Any]:
    """Return results as the data of a plan; paths are relative to `top`.

    `about` says where the plan comes from, `line` on which line a finding stands, for people.
    Raises SavedError for a file that stands elsewhere.
    """
    files = [_file(item, top, line) for item in results if item.findings or item.result]
    return {"format": FORMAT, "version": VERSION, "tool": __version__, **about, "files": files}


def text(body: Mapping[str, Any]) -> str:
    """Return the data of a plan as it stands in a file."""
    return json.dumps(body, indent=2) + "\n"


def _file(result: FileResult, top: Path, line: Line) -> dict[str, Any]:
    fixed = {item.fingerprint for item in result.fixed}
    told = {item.fingerprint: item for item in (*result.findings, *result.fixed)}
    return {
        "path": _relative(result.path, top),
        "root": _relative(result.root, top),
        "digest": result.digest,
        "result": result.result or None,
        "edits": [_edit(item, top) for item in result.edits],
        "needs": needs(result),
        "findings": [
            _finding(item, top, selected=item.fingerprint in fixed, line=line(item))
            for item in told.values()
            if not item.suppressed
        ],
        "later": [
            [_finding(item, top, selected=True) for item in findings] for findings in result.later
        ],
    }


def needs(result: FileResult) -> list[str]:
    """Return the names of all fixes that a result takes; those of later rounds are numbered."""
    later = [f"{item.fingerprint}+{at}" for at, findings in _rounds(result) for item in findings]
    return sorted({item.fingerprint for item in result.fixed}) + sorted(later)


def _rounds(result: FileResult) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    return enumerate(result.later, start=1)


def _finding(
    item: Finding, top: Path, *, selected: bool, line: int | None = None
) -> dict[str, Any]:
    return {
        "fingerprint": item.fingerprint,
        "code": item.code,
        "name": item.name,
        "message": item.message,
        "applicability": item.applicability.value,
        "selected": selected,
        **({} if line is None else {"line": line}),
        "span": [item.span.start, item.span.end],
        "anchor": [item.anchor.start, item.anchor.end],
        "fix": None if item.fix is None else _fix(item.fix, top),
        **({} if item.proof is None else {"proof": dataclasses.asdict(item.proof)}),
    }


def _fix(fix: Fix, top: Path) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [_edit(item, top) for item in fix.edits],
        "declarations": [
            {"path": _relative(item.path, top), "name": item.name, "value": item.value}
            for item in fix.declarations
        ],
    }


def _edit(edit: Edit, top: Path) -> dict[str, Any]:
    return {
        "path": _relative(edit.path, top),
        "start": edit.start,
        "end": edit.end,
        "content": edit.content,
        "order": edit.order,
    }


def _relative(path: str, top: Path) -> str:
    try:
        return Path(path).relative_to(top).as_posix()
    except ValueError:
        raise SavedError(f"{path}: is outside of {top}; go to a folder above both") from None


def read(path: Path) -> dict[str, Any]:
    """Return what a plan file holds, checked as far as its kind. Raises SavedError."""
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        raise SavedError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SavedError(f"{path}: is not JSON ({error}); save the plan again") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise SavedError(f"{path}: is not a plan of fixtests; `fixtests plan -o FILE` makes one")
    if body.get("version") != VERSION:
        raise SavedError(
            f"{path}: is a plan of version {body.get('version')!r}, this fixtests reads "
            f"version {VERSION}; make a new plan"
        )
    return body


@dataclass(frozen=True)
class Loaded:
    """What a plan comes to in a tree: results, files already done, and why others cannot be had."""

    results: list[FileResult]
    applied: list[str]
    moved: dict[str, str]


def load(
    body: Mapping[str, Any], top: Path, where: Path, has_made: Callable[[FileResult], bool]
) -> Loaded:
    """Return the results that a plan holds, for files below `top`.

    A file whose findings were cut gets the fixes that are left. `has_made`
    tells of a file that has changed whether an earlier run made just the fixes
    of a result. Raises SavedError where the plan does not fit its schema, leads
    out of `top`, or gives a file something else than its fixes come to.
    """
    reader = Reader(top, where)
    loaded = Loaded([], [], {})
    for at, item in enumerate(reader.list(body, "files", "the plan")):
        place = f"files[{at}]"
        result = reader.result(item, place)
        try:
            if set(needs(result)) != set(item["needs"]):
                result = replace(result, later=())
                result = fixing(result, result.fixed)
            elif result.result or result.edits:
                proof.prove(result, source_of(result))
            loaded.results.append(result)
        except MovedError as error:
            if isinstance(error, AppliedError) or has_made(result):
                loaded.applied.append(result.path)
            else:
                loaded.moved[result.path] = str(error)
        except (SourceError, proof.ProofError) as error:
            raise reader.error(f"{place}.edits", f"{item['path']}: {error}") from None
    return loaded


def recorded(body: Mapping[str, Any], where: Path) -> list[FileResult]:
    """Return the results of a run's own journal, whose files hold something else by now.

    Raises SavedError.
    """
    reader = Reader(Path("/"), where)
    files = reader.list(body, "files", "the plan")
    return [reader.result(item, f"files[{at}]") for at, item in enumerate(files)]


def drop(body: dict[str, Any], where: Path, words: Collection[str]) -> tuple[int, list[str]]:
    """Cut findings out of a plan; return how many, and the words that mean none of them.

    `words` are codes, prefixes of them, rule names, fingerprints, and paths of files or folders or
    patterns of them; what is a path is no prefix. Raises SavedError, also for a word that is
    neither a rule nor anything that stands in the plan.
    """
    places = [item["path"] for item, _ in _files(body, where)]
    codes = {word: _codes(word, places) for word in words}
    known = {word for word in words if codes[word]}
    used: set[str] = set()
    count = 0
    for item, result in _files(body, where):
        at_path = {word for word in words if _covers(word, item["path"])}
        known |= at_path
        kept, dropped = [], 0
        entries = zip(item["findings"], result.findings, strict=True)
        later = ((None, finding) for findings in result.later for finding in findings)
        for entry, finding in (*entries, *later):
            meant = {finding.code, finding.name, finding.fingerprint}
            found = at_path | {word for word in words if meant & {word, *codes[word]}}
            used |= found
            dropped += bool(found)
            if entry is not None and not found:
                kept.append(entry)
        item["findings"] = kept
        if dropped:  # what was fixed after others cannot stand without them
            item["later"] = []
        count += dropped
    idle = [word for word in words if word not in used]
    stray = [word for word in idle if word not in known]
    if stray:
        raise SavedError(_not_dropped(body, where, words, stray))
    return count, idle


def _not_dropped(
    body: Mapping[str, Any], where: Path, words: Iterable[str], stray: Collection[str]
) -> str:
    """Say of all words that mean nothing in a plan what may be meant, and how to drop the rest."""
    valid = {name for rule in registry.every() for name in (rule.code, rule.name)}
    for item, result in _files(body, where):
        valid |= {item["path"], *(finding.fingerprint for finding in result.findings)}
    lines = [f"{where}: nothing was dropped"]
    for word in stray:
        meant = nearest.meant(word, valid, "")
        lines.append(f"  holds nothing that {word!r} means, and no rule is called so{meant}")
    rest = [part for word in words if word not in stray for part in ("--drop", word)]
    command = shlex.join(["fixtests", "plan-edit", str(where), *rest])
    lines.append(f"`{command}` {'drops the rest' if rest else 'lists what can be dropped'}")
    return "\n".join(lines)


def _codes(word: str, places: Iterable[str]) -> set[str]:
    """Return the codes of the rules that a word names, as selectors do; one of a path names one."""
    try:
        if any(_covers(word, place) for place in places):
            return {registry.find(word).code}
        return {rule.code for rule in registry.select((word,), (), ())}
    except registry.SelectionError:
        return set()


def _covers(word: str, path: str) -> bool:
    """Tell whether a word is a path, a folder above it, or a pattern that it matches."""
    return fnmatch(path, word) or path.startswith(f"{word.rstrip('/')}/")


def listing(body: Mapping[str, Any], where: Path) -> Iterator[str]:
    """Yield a line for each finding of a plan. Raises SavedError."""
    for item, result in _files(body, where):
        for entry, finding in zip(item["findings"], result.findings, strict=True):
            mark = "fix" if entry["selected"] else "---"
            what = f"{finding.fingerprint} {mark} {finding.code}"
            line = entry.get("line")
            place = f"{item['path']}:{line}" if isinstance(line, int) else item["path"]
            yield visible(f"{what} {place}: {finding.message}")
        for finding in (found for findings in result.later for found in findings):
            what = f"{finding.fingerprint} fix {finding.code}"
            yield visible(f"{what} {item['path']}: {finding.message}")


def _files(body: Mapping[str, Any], where: Path) -> Iterator[tuple[dict[str, Any], FileResult]]:
    reader = Reader(Path("/"), where)
    for at, item in enumerate(reader.list(body, "files", "the plan")):
        yield item, reader.result(item, f"files[{at}]")
