"""All results of a run as one Plan: what would be written, in groups, and its diff."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fixtests import diff, imports, repo
from fixtests import edits as arithmetic
from fixtests.model import Declaration, Edit, FileResult, RunError, digest
from fixtests.project.module import Module
from fixtests.source import Source, SourceError


class PlanError(RunError):
    """A file that fixes need and that cannot be extended; the message names it."""


@dataclass(frozen=True)
class Write:
    """One file to write: what it holds now (None: it is to be created), and what it will hold."""

    path: Path
    root: Path
    before: bytes | None
    after: bytes
    edits: tuple[Edit, ...]

    @property
    def digest(self) -> str | None:
        """The digest that the file must still have; None where it must not exist."""
        return None if self.before is None else digest(self.before)


@dataclass(frozen=True)
class Group:
    """Writes that land together or not at all."""

    writes: tuple[Write, ...]


@dataclass(frozen=True)
class Plan:
    """What a run found, and what it would write.

    `contents` holds the bytes that each changed file was read with.
    """

    results: tuple[FileResult, ...]
    groups: tuple[Group, ...]

    @classmethod
    def build(cls, results: Iterable[FileResult]) -> Plan:
        """Put results together; files that one fix touches come in one group.

        Raises PlanError where a shared module cannot be read or extended.
        """
        results = tuple(results)
        changed = {Path(item.path): _write(item) for item in results if item.after is not None}
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

    def without(self, paths: set[Path]) -> Plan:
        """Return the plan for all files but some."""
        return Plan.build(item for item in self.results if Path(item.path) not in paths)

    def diff(self) -> bytes:
        """Return one diff of everything."""
        return b"".join(write_diff(write) for write in self.writes)


def write_diff(write: Write) -> bytes:
    """Return the diff of one file; its name is relative to its git top level, else to its root."""
    name = write.path.relative_to(repo.top(write.path.parent) or write.root)
    source = Source.decode(str(write.path), write.before or b"")
    created = write.before is None
    return diff.unified(source, write.edits, name.as_posix(), created=created)


def _write(result: FileResult) -> Write:
    if result.before is None or result.after is None:
        raise ValueError("the result changes nothing")
    return Write(Path(result.path), Path(result.root), result.before, result.after, result.edits)


def _extended(
    target: Path, write: Write | None, declarations: list[Declaration], user: Write
) -> tuple[Write, ...]:
    """Return the write that adds constants to a shared module, none where all are there."""
    before = write.before if write else _read(target)
    try:
        source = Source.decode(str(target), before if before is not None else _header(user))
        module = Module(target.stem, source, source.parse(), package=False)
    except SourceError as error:
        raise PlanError(f"{target}: {error}") from None
    added: list[Edit] = []
    for name, value in sorted({(item.name, item.value) for item in declarations}):
        known = module.values.get(name)
        if known is None:
            offset, gap, line = imports.declaration(module, name, value)
            text = line if added else gap + line
            added.append(Edit(str(target), offset, offset, text, order=5))
        elif not isinstance(known, ast.Constant) or known.value != ast.literal_eval(value):
            raise PlanError(f"{target}: {name} is bound to something else; rename it there")
    if not added:
        return (write,) if write else ()
    edits = arithmetic.ordered((*(write.edits if write else ()), *added))
    try:
        after = source.encode(arithmetic.apply(source.utf8, edits))
    except SourceError as error:
        raise PlanError(f"{target}: {error}") from None
    if before is None:
        edits = (Edit(str(target), 0, 0, after.decode()),)
    return (Write(target, user.root, before, after, edits),)


def _read(path: Path) -> bytes | None:
    """Return what a shared module holds, None where it is to be created. Raises PlanError."""
    if not path.parent.is_dir():
        raise PlanError(f"{path}: its folder does not exist; create it, or correct the path")
    if path.exists() and not path.is_file():
        raise PlanError(f"{path}: is not a regular file; name another module")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from None


def _header(user: Write) -> bytes:
    """Return the licence comment of the first file that needs the new module, if it has one."""
    lines = []
    for line in Source.decode(str(user.path), user.before or b"").utf8.splitlines(keepends=True):
        if not line.startswith(b"#"):
            break
        if b"opyright" not in line and b"coding" not in line and not line.startswith(b"#!"):
            lines.append(line)
    comment = b"".join(lines)
    return comment if b"icense" in comment else b""
