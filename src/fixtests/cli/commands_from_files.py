"""Commands that start from a file of their own: a plan, a baseline, a review."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests.cli import outcomes, series_outcome
from fixtests.cli.requests import Output, WriteBack, cache_folder, split, verifier
from fixtests.cli.run_command import collect, refuse
from fixtests.cli.series_outcome import Asked
from fixtests.model import Applicability, FileResult, Finding, Judged, RunError, Verdict
from fixtests.report.location import shown
from fixtests.report.screen import Screen
from fixtests.rules import registry
from fixtests.run import pool
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import read
from fixtests.write import outputs

if TYPE_CHECKING:
    from fixtests.plan.plan import Plan
    from fixtests.plan.plan_file import Loaded
    from fixtests.review.files import Judge
    from fixtests.review.run import Review

SHEBANG = re.compile(rb"#![^\r\n]*python")


def carry_out(
    mode: WriteBack,
    file: Path,
    root: Path | None,
    *,
    partial: bool,
    atomic: bool,
    quiet: bool,
    **how: Any,
) -> NoReturn:
    """Write what a plan file says, or show it, and leave with the exit code."""
    from fixtests.plan.plan import Plan

    try:
        proving = verifier(Request(), how)
        output = Output(Screen("auto", quiet=quiet), atomic=atomic or not partial, verifier=proving)
        body, _, loaded = _read(file, root)
        results, moved = loaded.results, loaded.moved
        if not moved:
            moved = moved_since(Plan.build(results))
        for path in loaded.applied:
            output.screen.note(f"{shown(path)}: already applied")
        for path, problem in moved.items():
            output.screen.warn(f"error: {shown(path)}: {problem}")
        if moved and not partial:
            refuse("nothing was written; --partial applies the rest")
        left = [item for item in results if item.path not in moved]
        left = [replace(item, findings=item.fixed) for item in left]
        if mode is WriteBack.DIFF:
            code = outcomes.show(left, output)
        elif mode is WriteBack.COMMIT:
            code = series_outcome.make(left, output, Asked())
        else:
            about = {name: body.get(name) for name in ("revision", "configuration")}
            code = outcomes.write(left, output, about)
    except RunError as error:
        refuse(str(error))
    sys.exit(2 if moved else code)


def planned(file: Path, root: Path | None) -> list[FileResult]:
    """Return the results that a plan file comes to here. Raises RunError where files have moved."""
    _, _, loaded = _read(file, root)
    gone = {**dict.fromkeys(loaded.applied, "already applied"), **loaded.moved}
    if gone:
        raise RunError("\nerror: ".join(f"{shown(path)}: {why}" for path, why in gone.items()))
    return loaded.results


def verify(file: Path, root: Path | None, how: Mapping[str, Any]) -> NoReturn:
    """Prove the fixes of a plan file, write it back without those that fail, and leave.

    The exit code is 1 where any was taken back.
    """
    from fixtests.plan import plan_file

    screen = Screen("auto")
    try:
        body, top, loaded = _read(file, root)
        gone = {**dict.fromkeys(loaded.applied, "already applied"), **loaded.moved}
        if gone:
            raise RunError(
                "\nerror: ".join(f"{shown(path)}: {why}" for path, why in gone.items())
                + f"; {file} is left as it was"
            )
        proving = verifier(Request(), {**how, "verify": True})
        results = proving.proved(loaded.results, screen) if proving else loaded.results
        about = {name: body.get(name) for name in ("revision", "configuration")}
        outputs.save(file, plan_file.text(plan_file.body(results, top, about)).encode())
    except RunError as error:
        refuse(str(error))
    tried = {(item.path, item.fingerprint) for result in loaded.results for item in result.fixed}
    taken = {
        (item.path, item.fingerprint)
        for result in results
        for item in result.findings
        if item.proof and item.proof.verdict is Verdict.TAKEN_BACK
    }
    sys.exit(0 if tried.isdisjoint(taken) else 1)


def _read(file: Path, root: Path | None) -> tuple[dict[str, Any], Path, Loaded]:
    """Return what a plan file holds, where its paths begin, and what it comes to there.

    Raises RunError.
    """
    from fixtests.plan import plan_file
    from fixtests.write import history

    body = plan_file.read(file)
    top = root.resolve() if root else outcomes.top_of_here()
    loaded = plan_file.load(body, top, file, history.has_made)
    look_at(loaded.results, file)
    return body, top, loaded


def look_at(results: Sequence[FileResult], plan: Path) -> None:
    """Look whether a run would look at the files that a plan writes. Raises RunError."""
    paths = [Path(item.path) for item in results if item.result]
    session = Session(Request(tuple(paths), force_exclude=True))
    looked = {item if isinstance(item, Path) else item.path for item in session.files()}
    for path in paths:
        if path.resolve() not in looked:
            raise RunError(f"{plan}: {shown(str(path))}: is excluded, so that no run looks at it")
        if path.suffix != ".py" and not SHEBANG.match(read(path)):
            raise RunError(f"{plan}: {shown(str(path))}: is no Python file")


def moved_since(plan: Plan) -> dict[str, str]:
    """Return the files that are not what a plan was made for, with the reasons."""
    from fixtests.plan.plan import MovedError

    found = {}
    for write in plan.writes:
        try:
            write.content()
        except MovedError as error:
            found[str(write.path)] = str(error)
    return found


def accept(file: Path, options: dict[str, Any]) -> NoReturn:
    """Write a baseline of what is found now, and leave with the exit code.

    Entries stay for files that the run could not look at.
    """
    from fixtests.run import baseline

    try:
        output, request = split(WriteBack.CHECK, {**options, "output_file": None})
        before = baseline.load(file) if file.exists() else {}
        over = partial(pool.run, jobs=options["jobs"])
        results, _ = collect(request, output.screen, over, cache_folder(options, output.screen))
        after = baseline.renewed(before, results, file)
        outputs.save(file, baseline.text(after.values()).encode())
    except RunError as error:
        refuse(str(error))
    failed = outcomes.failed(results)
    for path, problem in failed.items():
        output.screen.warn(f"error: {shown(str(path))}: {problem}")
    added, removed = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    output.screen.note(f"{file}: {len(after)} accepted, {added} of them new, {removed} gone.")
    sys.exit(2 if failed else 0)


def answer_review(
    words: Sequence[Path],
    *,
    unsafe_fixes: bool | None,
    output_format: str,
    diff_only: bool,
    write: bool,
    root: Path | None,
    **how: Any,
) -> NoReturn:
    """Answer reviews, show or write the fixes that do, and leave with the exit code."""
    from fixtests.engine import check_file
    from fixtests.review import run as reviewing

    if how["verify"] and not write:
        refuse("--verify judges what is written; give --write, too")
    if write and diff_only:
        refuse("--write cannot be combined with --diff-only")
    if diff_only and output_format != "text":
        refuse(f"--diff-only cannot be combined with --output-format {output_format}")
    screen = Screen("auto")

    @cache
    def check(paths: tuple[Path, ...]) -> tuple[list[FileResult], Judge]:
        codes = tuple(rule.code for rule in registry.every())
        request = Request(paths, root=root, select=codes, unsafe_fixes=unsafe_fixes)
        results, session = collect(request, screen, pool.run)

        def judge(result: FileResult) -> Sequence[Judged]:
            path = Path(result.path)
            return check_file.judged(result.path, read(path), session.jobs.of(path))

        return results, judge

    try:
        proving = verifier(Request((), root=root), how)
        settings = Configuration(Request((), root=root)).at(Path.cwd())
        answer = partial(reviewing.carry_out, words, settings, top=outcomes.top_of_here())
        found = answer(lambda paths: check(tuple(paths)))
        if proving:
            proven = proving.proved(found.plan.results, screen)
            found = answer(lambda paths: _withdrawn(proven, *check(tuple(paths))))
        diff, moved = found.plan.diff()
        if write:
            diff, moved = b"", outcomes.put(found.plan, Output(screen))
    except RunError as error:
        refuse(str(error))
    _present(found, diff, output_format, screen, diff_only=diff_only)
    failed = {**found.failed, **moved}
    for path, problem in failed.items():
        screen.warn(f"error: {shown(str(path))}: {problem}")
    sys.exit(2 if failed else int(found.is_open(written=write)))


def _withdrawn(
    proven: Sequence[FileResult], results: Sequence[FileResult], judge: Judge
) -> tuple[list[FileResult], Judge]:
    """Return results without the fixes that tests speak against, which is said at the finding."""
    from fixtests.plan.plan import keeping

    against = {
        (item.path, item.fingerprint): item.proof
        for result in proven
        for item in result.findings
        if item.proof and item not in result.fixed
    }

    def withdrawn(item: Finding) -> Finding:
        proof = against.get((item.path, item.fingerprint))
        if proof is None:
            return item
        message = f"{item.message}; {proof}"
        tier = Applicability.DISPLAY
        return replace(item, fix=None, applicability=tier, message=message, proof=proof)

    return [
        keeping(
            replace(result, findings=tuple(map(withdrawn, result.findings))),
            [item for item in result.fixed if (item.path, item.fingerprint) not in against],
        )
        for result in results
    ], judge


def _present(
    found: Review, diff: bytes, output_format: str, screen: Screen, *, diff_only: bool
) -> None:
    """Print the answers, the diff of the fixes that answer, and what was not read."""
    match output_format:
        case "gerrit":
            screen.emit(found.gerrit())
        case "review":
            for line in found.table(diff):
                screen.emit(line)
        case _:
            for line in found.text():
                (screen.warn if diff_only else screen.emit)(line)
            if diff and not diff_only:
                screen.emit("")
            screen.emit_diff(diff)
            screen.warn(found.totals)
    for line in found.unread:
        screen.warn(f"{line}: is not read; say what is wrong, and where")
