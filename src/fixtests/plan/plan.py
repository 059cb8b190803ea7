"""All results of a run as one Plan: what would be written, in groups, and its diff."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from os.path import commonpath
from pathlib import Path

from fixtests.files import discover, git
from fixtests.fixing import imports
from fixtests.model import Declaration, Edit, FileResult, Finding, RunError, Status, digest
from fixtests.settings.layout import Layout
from fixtests.syntax import proof
from fixtests.text import diff
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError, read
from fixtests.tree.module import Module


class PlanError(RunError):
    """A file that fixes need and that cannot be extended; the message names it."""


class MovedError(Exception):
    """A file that is not what a plan was made for; the message says how."""


class AppliedError(MovedError):
    """A file that holds already what the plan gives."""


@dataclass(frozen=True)
class Write:
    """One file to write: the digest of what it holds now, None where it is to be created.

    `edits` lead to the result, whose digest is `result`.
    """

    path: Path
    root: Path
    digest: str | None
    result: str
    edits: tuple[Edit, ...]

    def source(self) -> Source:
        """Return what the file holds. Raises MovedError where that is not what it held."""
        try:
            content = read(self.path)
        except FileNotFoundError:
            if self.digest is None:
                return Source.decode(str(self.path), b"")
            raise MovedError("vanished since it was read; run again") from None
        except OSError as error:
            raise MovedError(f"cannot be read: {error.strerror}") from None
        if self.digest is None:
            raise MovedError("exists by now; run again")
        held = digest(content)
        if held != self.digest:
            if held == self.result:
                raise AppliedError("already applied")
            raise MovedError("changed since it was read; run again")
        return Source.decode(str(self.path), content)

    def held(self) -> bytes | None:
        """Return what the file holds, None where it is to be created. Raises MovedError."""
        source = self.source()
        return None if self.digest is None else source.encode(source.utf8)

    def content(self) -> bytes:
        """Return what the file is to hold. Raises MovedError where it is not what it was."""
        source = self.source()
        try:
            content = source.encode(arithmetic.apply(source.utf8, self.edits))
        except SourceError as error:
            raise MovedError(str(error)) from None
        if digest(content) != self.result:
            raise MovedError("the edits do not give what was planned; make a new plan")
        return content


@dataclass(frozen=True)
class Group:
    """Writes that land together or not at all."""

    writes: tuple[Write, ...]


@dataclass(frozen=True)
class Plan:
    """What a run found, and what it would write."""

    results: tuple[FileResult, ...]
    groups: tuple[Group, ...]

    @classmethod
    def build(cls, results: Iterable[FileResult]) -> Plan:
        """Put results together; files that one fix touches come in one group.

        Raises PlanError where a shared module cannot be read or extended.
        """
        results = tuple(results)
        changed = {Path(item.path): _write(item) for item in results if item.result}
        users: dict[Path, list[Path]] = {}
        wanted: dict[Path, list[Declaration]] = {}
        for item in results:
            for finding in item.fixed:
                for declaration in finding.fix.declarations if finding.fix else ():
                    target = Path(declaration.path)
                    wanted.setdefault(target, []).append(declaration)
                    users.setdefault(target, []).append(Path(item.path))
        groups: list[Group] = []
        for target, declarations in wanted.items():
            members = dict.fromkeys(users[target])
            first = changed[next(iter(members))]
            shared = _extended(target, changed.pop(target, None), declarations, first)
            writes = [changed.pop(path) for path in members if path in changed]
            groups.append(Group((*shared, *writes)))
        groups += [Group((write,)) for write in changed.values()]
        return cls(results, tuple(groups))

    @property
    def writes(self) -> list[Write]:
        """Every file to write, by path."""
        found = (write for group in self.groups for write in group.writes)
        return sorted(found, key=lambda write: write.path)

    def write_of(self, path: Path) -> Write:
        """Return what is to be written to a file that the plan changes."""
        return next(write for group in self.groups for write in group.writes if write.path == path)

    def without(self, paths: Collection[Path]) -> Plan:
        """Return the plan for all files but some."""
        return Plan.build(item for item in self.results if Path(item.path) not in paths)

    def as_one(self) -> Plan:
        """Return the same plan in one group: all of it lands, or nothing."""
        writes = tuple(write for group in self.groups for write in group.writes)
        return Plan(self.results, (Group(writes),) if writes else ())

    def diff(self) -> tuple[bytes, dict[Path, str]]:
        """Return one diff of everything, and why files are not in it that changed meanwhile."""
        parts, moved, writes = [], {}, self.writes
        roots = [write.root for write in writes]
        for write in writes:
            try:
                parts.append(_diff(write, commonpath(roots)))
            except MovedError as error:
                moved[write.path] = str(error)
        return b"".join(parts), moved


def _diff(write: Write, root: str) -> bytes:
    """Return the diff of one file, named from git's top level, else a root. Raises MovedError."""
    name = write.path.relative_to(git.top(write.path.parent) or root)
    created = write.digest is None
    return diff.unified(write.source(), write.edits, name.as_posix(), created=created)


def narrowed(result: FileResult, kept: Collection[Finding]) -> FileResult:
    """Return a result that fixes only some of its findings.

    What has to wait for a fix that is left out, or clashes with one that is
    kept, is not fixed either. Raises MovedError where the file is not what it
    was, or where the fixes that are left cannot stand alone.
    """
    wanted = [finding for finding in result.fixed if finding in kept]
    return result if len(wanted) == len(result.fixed) else fixing(result, wanted)


def keeping(result: FileResult, kept: Collection[Finding]) -> FileResult:
    """Return a result that fixes only some of its findings, or none and why that cannot be."""
    try:
        return narrowed(result, kept)
    except MovedError as error:
        return refused(result, error)


def fixing(result: FileResult, wanted: Sequence[Finding], held: Source | None = None) -> FileResult:
    """Return a result that fixes some findings, with no more than their own edits.

    `held` is what it was found in, if that is no file. Raises MovedError as `narrowed` does.
    """
    taken, changes = arithmetic.compatible(wanted)
    if not taken:
        return _unfixed(result, Status.FOUND)
    before = held or source_of(result)
    try:
        content = before.encode(arithmetic.apply(before.utf8, changes))
        after = Source.decode(before.path, content)
        proof.same_outside(before, before.parse(), after, after.parse(), changes)
    except (SourceError, proof.ProofError) as error:
        raise MovedError(f"the fixes that are left do not stand alone: {error}") from None
    return replace(result, fixed=tuple(taken), edits=changes, result=digest(content), later=())


def source_of(result: FileResult) -> Source:
    """Return what a result was found in. Raises MovedError where that is not there any more."""
    return _write(result).source()


def refused(result: FileResult, error: MovedError) -> FileResult:
    """Return a result that fixes nothing, and says why."""
    return _unfixed(result, Status.FAILED, str(error))


def _unfixed(result: FileResult, status: Status, detail: str = "") -> FileResult:
    nothing: tuple[Finding, ...] = ()
    return replace(
        result, status=status, detail=detail, fixed=nothing, edits=(), result="", later=()
    )


def _write(result: FileResult) -> Write:
    return Write(Path(result.path), Path(result.root), result.digest, result.result, result.edits)


def _extended(
    target: Path, write: Write | None, declarations: list[Declaration], user: Write
) -> tuple[Write, ...]:
    """Return the write that adds constants to a shared module, none where all are there."""
    _judge(target, user.root)
    before = _read(target)
    if write and write.digest != digest(before or b""):
        raise PlanError(f"{target}: changed since it was read; run again")
    try:
        old = Source.decode(str(target), _header(user) if before is None else before)
        text = arithmetic.apply(old.utf8, write.edits) if write else old.utf8
        source = Source.decode(str(target), old.encode(text))
        module = Module(target.stem, source, source.parse(), package=False)
        added = _added(target, module, declarations)
        after = source.encode(arithmetic.apply(source.utf8, added))
    except SourceError as error:
        raise PlanError(f"{target}: {error}") from None
    if not added:
        return (write,) if write else ()
    if before is None:
        edits: tuple[Edit, ...] = (Edit(str(target), 0, 0, after.decode()),)
        return (Write(target, user.root, None, digest(after), edits),)
    rounds = [write.edits, added] if write else [added]
    edits = arithmetic.compose(len(old.utf8), rounds)
    return (Write(target, user.root, digest(before), digest(after), edits),)


def _judge(target: Path, root: Path) -> None:
    """Look whether a shared module may be written at all. Raises PlanError."""
    folder = target.parent.resolve()
    if not folder.is_relative_to(root.resolve()):
        raise PlanError(f"{target}: stands outside of {root}; name another module")
    if target.suffix != ".py" or not target.stem.isidentifier():
        raise PlanError(f"{target}: is no module that can be imported; name a .py file")
    if discover.is_foreign(folder.relative_to(root.resolve())):
        raise PlanError(f"{target}: belongs to version control; name another module")
    if target.is_symlink():
        raise PlanError(f"{target}: is a link, which a new file would replace; name the file")


def _added(target: Path, module: Module, declarations: list[Declaration]) -> tuple[Edit, ...]:
    """Return the edits that declare what a module does not yet. Raises PlanError."""
    added: list[Edit] = []
    for name, value in sorted({(item.name, item.value) for item in declarations}):
        known = module.values.get(name)
        if known is None:
            offset, gap, line = imports.declaration(module, name, value, Layout())
            text = line if added else gap + line
            added.append(Edit(str(target), offset, offset, text, order=5))
        elif not isinstance(known, ast.Constant) or known.value != ast.literal_eval(value):
            raise PlanError(f"{target}: {name} is bound to something else; rename it there")
    return arithmetic.ordered(added)


def _read(path: Path) -> bytes | None:
    """Return what a shared module holds, None where it is to be created. Raises PlanError."""
    if not path.parent.is_dir():
        raise PlanError(f"{path}: its folder does not exist; create it, or correct the path")
    try:
        return read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}; name another module") from None


def _header(user: Write) -> bytes:
    """Return the licence comment of the first file that needs the new module, if it has one."""
    lines = []
    try:
        text = user.source().utf8
    except MovedError:
        return b""  # that file will not be written, and this one not without it
    for line in text.splitlines(keepends=True):
        if not line.startswith(b"#"):
            break
        if b"opyright" not in line and b"coding" not in line and not line.startswith(b"#!"):
            lines.append(line)
    comment = b"".join(lines)
    return comment if b"icense" in comment else b""
