"""Runs that wrote: which there are, and how to take one back."""

from __future__ import annotations

import contextlib
import fnmatch
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from fixtests.model import FileResult, digest
from fixtests.plan import plan_fields, saved
from fixtests.plan.plan import MovedError
from fixtests.report.summary import count
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError, read
from fixtests.write import apply, journal
from fixtests.write.apply import Outcome
from fixtests.write.journal import Change, Entry, JournalError, Run

CONFLICT = "what was edited since meets what the run changed; take it back by hand"


def runs(top: Path) -> list[Run]:
    """Return the runs that wrote below a folder, the oldest first. Raises JournalError."""
    return [
        run
        for run in journal.every()
        if run.begun
        and run.has_ended
        and any(item.path.is_relative_to(top) for item in run.entries)
    ]


def last(top: Path) -> Run:
    """Return the last run below a folder that can be taken back. Raises JournalError."""
    for run in reversed(runs(top)):
        if run.written and "undoes" not in run.told:
            return run
    raise JournalError(f"no run below {top} is left to take back; `fixtests runs` lists them")


def chosen(number: int | None, top: Path) -> Run:
    """Return the run with a number, or the last one that can be taken back.

    Raises JournalError where there is none.
    """
    if number is None:
        return last(top)
    run = journal.find(number)
    if not run.has_ended or not run.written:
        raise JournalError(f"run {number} has nothing left to take back")
    return run


def listing(top: Path) -> Iterator[str]:
    """Yield a line for each run below a folder. Raises JournalError."""
    for run in runs(top):
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.told["time"]))
        words = " ".join(map(str, run.told.get("command", ())))
        if run.outcome["undone"]:
            state = f"undone by {run.outcome['undone']}"
        else:
            state = count(len(run.written), "file")
        yield f"{run.number:>4}  {when}  {state:<14}  fixtests {words}".rstrip()


def has_made(result: FileResult) -> bool:
    """Tell whether an earlier run made just the fixes of a result, which its file still holds."""
    try:
        now = digest(read(result.path))
    except OSError:
        return False
    before, wanted = result.digest, set(saved.needs(result))
    for run in journal.every() if wanted else ():
        with contextlib.suppress(JournalError):
            ended = run.begun and run.has_ended
            for entry in run.written if ended else ():
                if (str(entry.path), entry.before, entry.after) != (result.path, before, now):
                    continue
                made = _results(run).get(entry.path)
                if made is not None and set(saved.needs(made)) == wanted:
                    return True
    return False


class Undo:
    """Takes a run back: wholly, or only some files, or only the fixes of some rules."""

    def __init__(
        self, run: Run, *, files: Collection[Path], rules: Collection[str], merge: bool
    ) -> None:
        self.run = run
        self._files = files
        self._rules = rules
        self._merge = merge
        self._results = _results(run) if rules else {}

    def carry_out(self, command: Sequence[str]) -> list[Outcome]:
        """Take the run back, and say of each file what became of it. Raises JournalError."""
        groups: dict[int, list[Change]] = {}
        outcomes = []
        for entry in self.run.written:
            if self._files and not any(_matches(entry.path, item) for item in self._files):
                continue
            try:
                change = self._change(entry)
            except MovedError as error:
                outcomes.append(Outcome(entry.path, str(error)))
            else:
                if change is not None:
                    groups.setdefault(entry.group, []).append(change)
        blocked = {item.path for item in outcomes}
        broken = {item.group for item in self.run.written if item.path in blocked}
        for group in broken & set(groups):
            outcomes += [Outcome(item.path, apply.TOGETHER) for item in groups.pop(group)]
        told = {
            "command": list(command),
            "undoes": self.run.number,
            "wholly": not self._rules,
        }
        written, _ = apply.write(list(groups.values()), told)
        return [*outcomes, *written]

    def _change(self, entry: Entry) -> Change | None:
        """Return what takes one file back, None where nothing does. Raises MovedError."""
        wanted = None if entry.before is None else self.run.old(entry)
        if self._rules:
            wanted = self._without_rules(entry, wanted)
            if wanted is None:
                return None
        now = self._now(entry)
        held = None if now is None else digest(now)
        if held != entry.after:
            if not self._merge:
                raise MovedError("was edited since; --merge takes back what can be")
            if now is None or wanted is None:
                raise MovedError(CONFLICT)
            wanted = merged(now, self._after(entry), wanted)
        content = wanted
        return Change(
            entry.path,
            entry.root,
            held,
            None if content is None else digest(content),
            lambda: content or b"",
        )

    def _without_rules(self, entry: Entry, old: bytes | None) -> bytes | None:
        """Return what a file would hold without the fixes of the rules, None where it has none.

        Raises MovedError where they cannot be told from the others.
        """
        result = self._results.get(entry.path)
        if result is None or old is None:
            raise MovedError("the journal does not tell its fixes apart; take it back whole")
        kept = [item for item in result.fixed if item.code not in self._rules]
        if len(kept) == len(result.fixed):
            return None
        source = Source.decode(str(entry.path), old)
        taken, changes = arithmetic.compatible(kept)
        if len(taken) < len(kept) or any(item.fix and item.fix.declarations for item in kept):
            raise MovedError("its fixes do not stand alone; take the file back whole")
        return source.encode(arithmetic.apply(source.utf8, changes))

    def _after(self, entry: Entry) -> bytes:
        """Return what a run made of a file. Raises MovedError."""
        result = _results(self.run).get(entry.path)
        source = Source.decode(str(entry.path), self.run.old(entry))
        try:
            content = source.encode(arithmetic.apply(source.utf8, result.edits if result else ()))
        except SourceError as error:
            raise MovedError(str(error)) from None
        if digest(content) != entry.after:
            raise MovedError("the journal does not say what the run made of it; see `git diff`")
        return content

    @staticmethod
    def _now(entry: Entry) -> bytes | None:
        try:
            return read(entry.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MovedError(f"cannot be read: {error.strerror}") from None


def merged(ours: bytes, base: bytes, theirs: bytes) -> bytes:
    """Return what git makes of two changes of one text. Raises MovedError where they meet."""
    with tempfile.TemporaryDirectory(prefix="fixtests-") as folder:
        names = []
        for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
            Path(folder, name).write_bytes(content)
            names.append(name)
        try:
            done = subprocess.run(
                ["git", "merge-file", "-p", "-q", *names],
                cwd=folder,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise MovedError(f"git, which merges, cannot be run: {error.strerror}") from None
    if done.returncode:
        raise MovedError(CONFLICT)
    return done.stdout


def _results(run: Run) -> dict[Path, FileResult]:
    """Return what a run found in the files that it wrote. Raises JournalError."""
    told: Any = run.told.get("plan")
    if not isinstance(told, dict):
        return {}
    try:
        results = saved.recorded(told, run.folder / "run.json")
    except plan_fields.SavedError as error:
        raise JournalError(str(error)) from None
    return {Path(item.path): item for item in results}


def _matches(path: Path, wanted: Path) -> bool:
    return path == wanted or wanted in path.parents or fnmatch.fnmatch(str(path), str(wanted))
