"""Taking a run back: wholly, or some files, or the fixes of some rules."""

from __future__ import annotations

import fnmatch
import shlex
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from fixtests.model import FileResult, digest
from fixtests.plan.plan import MovedError
from fixtests.report.location import shown
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError, read
from fixtests.write import history, journal, shared, writer
from fixtests.write.record import Change, Entry, JournalError
from fixtests.write.run_folder import Run
from fixtests.write.writer import Outcome

CONFLICT = "what was edited since meets what the run changed; take it back by hand"
ALONE = "its other fixes do not stand alone; take the file back whole"
NAMED = 3  # files or rules in a message


class Undo:
    """Takes a run back: wholly, or only some files, or only the fixes of some rules."""

    def __init__(
        self, run: Run, *, files: Collection[Path], rules: Collection[str], merge: bool
    ) -> None:
        self.run = run
        self._files = files
        self._rules = frozenset(rules)
        self._merge = merge
        self._without: dict[Path, list[str]] = {}  # the rules whose fixes a file is to be without

    def carry_out(self, command: Sequence[str]) -> list[Outcome]:
        """Take the run back, and say of each file what became of it.

        Raises JournalError, also where nothing is meant by a file or a rule.
        """
        problems: dict[Path, str] = {}
        changes: dict[Path, Change] = {}
        entries = self._meant()
        for entry in entries:
            try:
                change = self._change(entry)
            except MovedError as error:
                problems[entry.path] = str(error)
            else:
                if change is not None:
                    changes[entry.path] = change
        _hold_together(entries, changes, problems)
        for path, why in self._cut_off(changes).items():
            del changes[path]
            if not self._rules:  # else it may stay, and was not asked for
                problems[path] = why
        _hold_together(entries, changes, problems)
        if not changes and not problems:
            raise JournalError(f"run {self.run.number} has nothing of that left to take back")
        groups: dict[int, list[Change]] = {}
        for entry in entries:
            if entry.path in changes:
                groups.setdefault(entry.group, []).append(changes[entry.path])
        told = {
            "command": list(command),
            "undoes": self.run.number,
            "wholly": not self._rules,
            "redo": self.run.is_undo,
            "without": {str(path): self._without[path] for path in changes if self._rules},
        }
        written, _ = writer.write(list(groups.values()), told)
        return [*(Outcome(path, why) for path, why in problems.items()), *written]

    def _meant(self) -> list[Entry]:
        """Return the files to take back. Raises JournalError where a file or a rule means none."""
        written, number = self.run.written, self.run.number
        for wanted in self._files:
            if not any(_matches(item.path, wanted) for item in written):
                names = _some([shown(str(item.path)) for item in written])
                raise JournalError(
                    f"{shown(str(wanted))}: run {number} has nothing to take back there, "
                    f"only in {names}"
                )
        found = [
            item
            for item in written
            if not self._files or any(_matches(item.path, wanted) for wanted in self._files)
        ]
        if self._rules:
            codes = {code for item in found for code in self._codes.get(item.path, ())}
            for rule in sorted(self._rules - codes):
                only = f", only of {_some(sorted(codes))}" if codes else ""
                raise JournalError(f"{rule}: run {number} has no fixes of it to take back{only}")
        return found

    def _change(self, entry: Entry) -> Change | None:
        """Return what takes one file back, None where nothing does. Raises MovedError."""
        now = _now(entry.path)
        held = None if now is None else digest(now)
        gone = self._left_without.get((entry.path, held))
        wanted = None if entry.before is None else self.run.old(entry)
        if self._rules:
            codes = self._codes.get(entry.path, frozenset()) - (gone or frozenset())
            if not codes & self._rules:
                return None
            if not codes <= self._rules:
                if entry.path in self._modules - self._results.keys():
                    return None  # other fixes need what it holds
                wanted = self._kept(entry, codes - self._rules, wanted)
            self._without[entry.path] = sorted(self._rules | (gone or frozenset()))
        if gone is None:
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

    def _kept(self, entry: Entry, codes: Collection[str], old: bytes | None) -> bytes:
        """Return what a file would hold with the fixes of some rules alone.

        Raises MovedError where they cannot be told from the others.
        """
        result = self._results[entry.path]
        if old is None or entry.path in self._modules or result.later:
            raise MovedError(ALONE)
        kept = [item for item in result.fixed if item.code in codes]
        taken, changes = arithmetic.compatible(kept)
        if len(taken) < len(kept):
            raise MovedError(ALONE)
        try:
            source = Source.decode(str(entry.path), old)
            content = source.encode(arithmetic.apply(source.utf8, changes))
            Source.decode(str(entry.path), content).parse()
        except SourceError:
            raise MovedError(ALONE) from None
        return content

    def _after(self, entry: Entry) -> bytes:
        """Return what a run made of a file. Raises MovedError."""
        result = self._results.get(entry.path)
        try:
            source = Source.decode(str(entry.path), self.run.old(entry))
            content = source.encode(arithmetic.apply(source.utf8, result.edits if result else ()))
        except SourceError as error:
            raise MovedError(str(error)) from None
        if digest(content) != entry.after:
            raise MovedError("the journal does not say what the run made of it; see `git diff`")
        return content

    def _cut_off(self, changes: Mapping[Path, Change]) -> dict[Path, str]:
        """Return why changes must not be made: files would be left without what they name."""

        def after(path: Path) -> bytes | None:
            if path in changes:
                return None if changes[path].after is None else changes[path].content()
            return _readable(path)

        found: dict[tuple[Path, str], list[Path]] = {}
        for loss in shared.losses(journal.every(), changes, _readable, after):
            if loss.user in changes:
                why = f"needs {loss.name}, which is not in"
                found.setdefault((loss.user, why), []).append(loss.module)
            else:
                found.setdefault((loss.module, "is used by"), []).append(loss.user)
        return {
            path: f"{why} {self._others(path, others)}" for (path, why), others in found.items()
        }

    def _others(self, path: Path, others: Sequence[Path]) -> str:
        """Return what a file belongs together with, and what takes all of that back."""
        names = _some([shown(str(item)) for item in others])
        if not all(item in self._written for item in others):
            return f"{names}; change that first, or take back the run that did (`fixtests runs`)"
        words = ["fixtests", "undo", str(self.run.number)]
        if len(others) <= NAMED:
            for item in (path, *others):
                words += ["--file", shown(str(item))]
        return f"{names}; `{shlex.join(words)}` takes all of that back"

    @cached_property
    def _written(self) -> frozenset[Path]:
        return frozenset(item.path for item in self.run.written)

    @cached_property
    def _results(self) -> dict[Path, FileResult]:
        """What the run found in the files that it wrote. Raises JournalError."""
        return history.results(self.run)

    @cached_property
    def _modules(self) -> frozenset[Path]:
        """The modules that hold constants for the fixes of other files."""
        return frozenset(path for path, _ in self._declared)

    @cached_property
    def _declared(self) -> set[tuple[Path, str]]:
        """The modules that hold constants for fixes, and the rules of these."""
        return {
            (Path(declaration.path), finding.code)
            for result in self._results.values()
            for finding in result.fixed
            for declaration in (finding.fix.declarations if finding.fix else ())
        }

    @cached_property
    def _codes(self) -> dict[Path, frozenset[str]]:
        """The rules whose fixes changed a file."""
        found: dict[Path, set[str]] = {}
        for path, result in self._results.items():
            later = (finding for findings in result.later for finding in findings)
            found[path] = {finding.code for finding in (*result.fixed, *later)}
        for path, code in self._declared:
            found.setdefault(path, set()).add(code)
        return {path: frozenset(codes) for path, codes in found.items()}

    @cached_property
    def _left_without(self) -> dict[tuple[Path, str | None], frozenset[str]]:
        """The rules whose fixes are not in a file any more, by what it holds.

        What the run made, and what undos by rule left of that, is nobody's edit.
        """
        found = {(item.path, item.after): frozenset[str]() for item in self.run.entries}
        for run in journal.every():
            if run.told.get("undoes") == self.run.number:
                without = run.told.get("without", {})
                for item in run.entries:
                    if str(item.path) in without:
                        found[item.path, item.after] = frozenset(without[str(item.path)])
        return found


def _hold_together(
    entries: Sequence[Entry], changes: dict[Path, Change], problems: dict[Path, str]
) -> None:
    """Take out the changes of groups in which a file is left as it is."""
    broken = {item.group for item in entries if item.path in problems}
    for entry in entries:
        if entry.group in broken and entry.path in changes:
            del changes[entry.path]
            problems[entry.path] = writer.TOGETHER


def _now(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none. Raises MovedError."""
    try:
        return read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MovedError(f"cannot be read: {error.strerror}") from None


def _readable(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none that can be read."""
    try:
        return _now(path)
    except MovedError:
        return None


def _some(words: Sequence[str]) -> str:
    """Return the first of some words, and how many more there are."""
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more} more" if more > 0 else "")


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


def _matches(path: Path, wanted: Path) -> bool:
    return path == wanted or wanted in path.parents or fnmatch.fnmatch(str(path), str(wanted))
