"""How a plan is divided into commits, so that each can be read, and most do not need another one.

The files of a folder are dealt out to blocks, and a block has one commit for each kind of fixes:
commits of one block stand on one another, since they touch the same files, those of two blocks
do not. A file stays in the block that it was in before, so that what changes elsewhere moves
nothing.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from fixtests.model import FileResult, Finding
from fixtests.plan.plan import Plan
from fixtests.series.stages import Kind, Stage, stages


class By(StrEnum):
    """What a plan can be divided by."""

    RULE = "rule"
    DIRECTORY = "directory"
    APPLICABILITY = "applicability"


@dataclass(frozen=True)
class Splitting:
    """What a plan is divided by, and how many files and changed lines a commit may have."""

    by: frozenset[By] = frozenset((By.RULE, By.DIRECTORY))
    max_files: int | None = None
    max_lines: int | None = None

    def kind(self, finding: Finding) -> Kind:
        """Return which fixes a fix stands together with."""
        rule = (finding.code, finding.name) if By.RULE in self.by else ("", "")
        return Kind(*rule, finding.applicability if By.APPLICABILITY in self.by else None)


@dataclass(frozen=True)
class Step:
    """What one commit does to one file; `before` is None where it creates it."""

    path: Path
    before: bytes | None
    content: bytes
    findings: tuple[Finding, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines it removes and adds."""
        old = (self.before or b"").split(b"\n")
        new = self.content.split(b"\n")
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        changed = (item for item in matcher.get_opcodes() if item[0] != "equal")
        return sum(end - start + to - at for _, start, end, at, to in changed)


@dataclass(frozen=True)
class Block:
    """Files of one folder, relative to the top, that are changed together; numbered from 1."""

    folder: str
    number: int


@dataclass(frozen=True)
class Shard:
    """One commit to be: fixes of one kind in the files of one block.

    `needs` is the shard that it stands on, None for one that stands by itself. That of the
    constants which others need has no block.
    """

    kind: Kind
    block: Block | None
    steps: tuple[Step, ...]
    needs: Shard | None = None

    @property
    def key(self) -> str:
        """Name it, the same in each run, whatever else there is."""
        if self.block is None:
            return "constants"
        kind = self.kind
        words = (kind.code or kind.name, kind.applicability or "", self.block.folder)
        return "|".join((*words, str(self.block.number)))

    @property
    def findings(self) -> list[Finding]:
        """What it fixes."""
        return [finding for step in self.steps for finding in step.findings]


def split(
    plan: Plan, top: Path, how: Splitting, known: Mapping[str, int], script: str = ""
) -> list[Shard]:
    """Return the commits that a plan comes to, each after the one that it needs.

    `known` are the blocks' numbers by the paths of files, relative to `top`, that were in one
    before; `script` is the name of the script whose work it is. Raises MovedError for a file that
    is not what it was, and PlanError.
    """
    changed = [item for item in plan.results if item.result]
    shared = _Shared.of(changed)
    parts = {
        Path(item.path): [
            (stage, shared.step(stage, before))
            for before, stage in _with_before(stages(item, how.kind, script))
        ]
        for item in sorted(changed, key=lambda item: item.path)
    }
    first = shared.shard()
    found = [first] if first else []
    for block, paths in _blocks(parts, top, how, known):
        needs = first if any(shared.concerns(path) for path in paths) else None
        steps: dict[Kind, list[Step]] = defaultdict(list)
        for path in paths:
            for stage, step in parts[path]:
                steps[stage.kind].append(step)
        for kind in sorted(steps, key=lambda it: (it.code, it.name, it.applicability or "")):
            needs = Shard(kind, block, tuple(steps[kind]), needs)
            found.append(needs)
    return found


def _with_before(found: Sequence[Stage]) -> Iterator[tuple[Stage | None, Stage]]:
    yield from zip((None, *found), found, strict=False)


@dataclass
class _Shared:
    """Modules to which fixes add constants: those come first, in a commit of their own."""

    users: list[FileResult]
    targets: frozenset[Path]
    created: dict[Path, Step] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Sequence[FileResult]) -> _Shared:
        users = [item for item in results if any(_declared(item))]
        shared = cls(users, frozenset(path for item in users for path in _declared(item)))
        alone = Plan.build(item for item in users if Path(item.path) not in shared.targets)
        for write in alone.writes:
            if write.path in shared.targets:
                shared.created[write.path] = Step(write.path, write.held(), write.content())
        return shared

    def concerns(self, path: Path) -> bool:
        """Tell whether what is done to a file needs the constants, or is done to their module."""
        return path in self.targets or any(Path(item.path) == path for item in self.users)

    def shard(self) -> Shard | None:
        steps = tuple(self.created[path] for path in sorted(self.created))
        return Shard(Kind(), None, steps) if steps else None

    def step(self, stage: Stage, before: Stage | None) -> Step:
        """Return what a stage makes of its file, where constants are added to it."""
        path = Path(stage.result.path)
        if before is not None:
            held: bytes | None = self._content(before.result)
        elif path in self.created:
            held = self.created[path].content
        else:
            held = Plan.build([stage.result]).write_of(path).held()
        return Step(path, held, self._content(stage.result), stage.findings)

    def _content(self, result: FileResult) -> bytes:
        path = Path(result.path)
        others = [item for item in self.users if item.path != result.path]
        plan = Plan.build([*others, result] if path in self.targets else [result])
        return plan.write_of(path).content()


def _declared(result: FileResult) -> Iterator[Path]:
    for finding in result.fixed:
        for declaration in finding.fix.declarations if finding.fix else ():
            yield Path(declaration.path)


def _blocks(
    parts: Mapping[Path, Sequence[tuple[Stage, Step]]],
    top: Path,
    how: Splitting,
    known: Mapping[str, int],
) -> Iterator[tuple[Block, list[Path]]]:
    """Deal the files of each folder out to blocks, and yield these in the order of their places."""
    folders: dict[str, list[Path]] = defaultdict(list)
    for path in parts:
        inner = path.relative_to(top)
        folders[inner.parent.as_posix() if By.DIRECTORY in how.by else ""].append(path)
    for folder, paths in sorted(folders.items()):
        filled: dict[int, _Load] = defaultdict(_Load)
        placed: dict[int, list[Path]] = defaultdict(list)
        for path in sorted(paths, key=lambda it: _number(it, top, known) is None):
            number = _number(path, top, known) or max(placed, default=1)
            sizes = [
                (stage.kind, (how.max_lines and step.lines) or 0) for stage, step in parts[path]
            ]
            if _number(path, top, known) is None and not filled[number].fits(sizes, how):
                number += 1
            filled[number].add(sizes)
            placed[number].append(path)
        for number in sorted(placed):
            yield Block(folder, number), sorted(placed[number])


def _number(path: Path, top: Path, known: Mapping[str, int]) -> int | None:
    return known.get(path.relative_to(top).as_posix())


class _Load:
    """How many files and lines the commits of a block have, by kind."""

    def __init__(self) -> None:
        self._files: dict[Kind, int] = defaultdict(int)
        self._lines: dict[Kind, int] = defaultdict(int)

    def fits(self, sizes: Sequence[tuple[Kind, int]], how: Splitting) -> bool:
        """Tell whether a file can be added; to an empty commit any file can."""
        for kind, lines in sizes:
            files = self._files[kind]
            if files and how.max_files is not None and files >= how.max_files:
                return False
            if files and how.max_lines is not None and self._lines[kind] + lines > how.max_lines:
                return False
        return True

    def add(self, sizes: Sequence[tuple[Kind, int]]) -> None:
        for kind, lines in sizes:
            self._files[kind] += 1
            self._lines[kind] += lines
