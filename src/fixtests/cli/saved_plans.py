"""Saved plans: carried out, proved, cut."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fixtests.cli import outcomes, reports, series_outcome
from fixtests.cli.refusals import refuse
from fixtests.cli.requests import Output, WriteBack, verifier
from fixtests.cli.series_outcome import Asked
from fixtests.model import FileResult, RunError, Verdict
from fixtests.report import formats
from fixtests.report.location import Texts, shown
from fixtests.report.screen import Screen
from fixtests.report.summary import count
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import read
from fixtests.write import outputs

if TYPE_CHECKING:
    from fixtests.plan.plan import Plan
    from fixtests.plan.plan_file import Loaded

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
        plan = plan_file.body(results, top, about, Texts(results, {}).row)
        outputs.save(file, plan_file.text(plan).encode())
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


def edit(
    file: Path, drop: tuple[str, ...] | None, *, output_format: str, output_file: Path | None
) -> NoReturn:
    """List the findings of a plan, or drop some, and leave."""
    from fixtests.plan import plan_file

    if drop and (output_file or output_format == formats.PAGE):
        refuse("--drop lists nothing; leave --output-format and --output-file out")
    if output_file and output_file.resolve() == file.resolve():
        refuse(f"{output_file}: is the plan itself; name another file for the list")
    output = Output(Screen("never"), output_format, target=output_file)
    code = 0
    try:
        if output_format == formats.PAGE:
            code = _show_page(file, output)
        elif drop:
            _drop(file, drop, output.screen)
        else:
            reports.put_out(plan_file.listing(plan_file.read(file), file), output)
    except RunError as error:
        refuse(str(error))
    sys.exit(code)


def _drop(file: Path, words: Sequence[str], screen: Screen) -> None:
    """Cut findings out of a plan file. Raises RunError."""
    from fixtests.plan import plan_file

    body = plan_file.read(file)
    dropped, idle = plan_file.drop(body, file, words)
    outputs.save(file, plan_file.text(body).encode())
    for word in idle:
        screen.warn(f"warning: {file}: holds no finding that {word!r} means")
    screen.warn(f"Dropped {count(dropped, 'finding')}.")


def _show_page(file: Path, output: Output) -> int:
    """Print or save the page of a plan file; return 2 where files have moved. Raises RunError."""
    try:
        formats.printer(formats.PAGE)
    except formats.FormatError as error:
        raise RunError(str(error)) from None
    _, _, loaded = _read(file, None)
    for path in loaded.applied:
        output.screen.note(f"{shown(path)}: already applied")
    gone = {Path(path): why for path, why in loaded.moved.items()}
    gone |= reports.show_page(loaded.results, gone, output, file)
    for moved, why in gone.items():
        output.screen.warn(f"error: {shown(str(moved))}: {why}")
    found = [item for result in loaded.results for item in result.findings]
    fixed = sum(len(result.fixed) for result in loaded.results)
    output.screen.note(f"{count(len(found), 'finding')}, {fixed} of them fixed by the plan.")
    return 2 if gone else 0


def _read(file: Path, root: Path | None) -> tuple[dict[str, Any], Path, Loaded]:
    """Return what a plan file holds, where its paths begin, and what it comes to there.

    Raises RunError.
    """
    from fixtests.plan import plan_file
    from fixtests.write import history

    body = plan_file.read(file)
    top = root.resolve() if root else outcomes.top_of_here()
    loaded = plan_file.load(body, top, file, history.has_made)
    gone = [path for path in loaded.moved if not Path(path).exists()]
    if gone and len(gone) == len(loaded.moved) and not (loaded.results or loaded.applied):
        raise RunError(
            f"{file}: none of its files is there, such as {gone[0]}; its paths begin elsewhere:"
            " go to that folder, or give it to `apply` or `verify` as --root"
        )
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
