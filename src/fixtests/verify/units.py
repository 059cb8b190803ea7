"""The fixes of a run one by one, and what the files of a tree hold where only some are made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fixtests.model import Applicability, FileResult, Finding, Proof, Status
from fixtests.plan.plan import Plan, Write, keeping

MOST = 64_000_000  # bytes of the contents that are kept


@dataclass(frozen=True, eq=False)
class Unit:
    """One fix, named by its file and fingerprint; what a script made of a file is one, too."""

    name: str
    result: FileResult
    finding: Finding | None

    @property
    def is_safe(self) -> bool:
        """Whether it is made where nothing speaks for or against it."""
        return self.finding is not None and self.finding.applicability is Applicability.SAFE

    @property
    def words(self) -> str:
        """How it is called in a report."""
        return self.finding.code if self.finding else "what the script changed"


def divided(results: Iterable[FileResult]) -> list[Unit]:
    """Return the fixes of some results: those first that are rather kept, then by place."""
    found = []
    for result in results:
        if result.result:
            own = [
                Unit(named(result.path, item.fingerprint), result, item) for item in result.fixed
            ]
            found += own or [Unit(named(result.path, ""), result, None)]
    return sorted(found, key=lambda unit: not unit.is_safe)


def named(path: str, fingerprint: str) -> str:
    """Return the name of the fix of a finding."""
    return f"{path}\0{fingerprint}"


class Contents:
    """What the files of one root hold where some fixes are made.

    One question after another differs in few files: what the others hold is kept, up to `most`
    bytes, so that a file is read again only for a set of its fixes that was not asked for lately.
    """

    def __init__(self, units: Sequence[Unit], root: Path, most: int = MOST) -> None:
        self._root = root
        self._most = most
        self._units: dict[str, list[Unit]] = {}
        for unit in units:
            self._units.setdefault(unit.result.path, []).append(unit)
        self._known: dict[tuple[str, frozenset[str]], FileResult] = {}
        self._kept: dict[tuple[Path, str], bytes] = {}  # by path and digest, the last used last
        self._size = 0

    def of(self, on: Collection[str]) -> Mapping[str, bytes]:
        """Return what each file holds that is changed where some fixes are made, by relative path.

        Raises MovedError where a file is not what it was, and PlanError.
        """
        return self.holding(self.results(on))

    def holding(self, results: Iterable[FileResult]) -> Mapping[str, bytes]:
        """Return what each file holds that some results change, by relative path.

        Raises MovedError and PlanError as `of` does.
        """
        plan = Plan.build(results)
        return {
            write.path.relative_to(self._root).as_posix(): self._content(write)
            for write in plan.writes
        }

    def _content(self, write: Write) -> bytes:
        """Return what a file is to hold. Raises MovedError."""
        key = write.path, write.result
        known = self._kept.pop(key, None)
        content = write.content() if known is None else known
        self._kept[key] = content
        self._size += len(content) if known is None else 0
        while self._size > self._most:
            self._size -= len(self._kept.pop(next(iter(self._kept))))
        return content

    def results(self, on: Collection[str]) -> list[FileResult]:
        """Return the results of the files in which some fixes are made."""
        return [self._narrowed(path, on) for path in self._units]

    def settle(self, on: Collection[str], results: Iterable[FileResult]) -> None:
        """Have the results of files be these where some fixes are made."""
        for result in results:
            self._known[self._key(result.path, on)] = result

    def _narrowed(self, path: str, on: Collection[str]) -> FileResult:
        key = self._key(path, on)
        if key not in self._known:
            self._known[key] = _narrowed(self._units[path], key[1])
        return self._known[key]

    def _key(self, path: str, on: Collection[str]) -> tuple[str, frozenset[str]]:
        return path, frozenset(unit.name for unit in self._units[path] if unit.name in on)


def _narrowed(units: Sequence[Unit], kept: frozenset[str]) -> FileResult:
    result = units[0].result
    if len(kept) == len(units):
        return result
    wanted = [unit.finding for unit in units if unit.finding and unit.name in kept]
    if not result.fixed:  # a script's work is kept as a whole or not at all
        return replace(result, status=Status.FOUND, edits=(), result="")
    return keeping(result, wanted)


def proved(
    results: Iterable[FileResult], contents: Contents, kept: Collection[str],
    proof: Callable[[str], Proof | None],
) -> list[FileResult]:  # fmt: skip
    """Return results with the fixes that are kept, and what was found out about each one."""
    narrow = {item.path: item for item in contents.results(kept)}

    def judged(finding: Finding, result: FileResult) -> Finding:
        return replace(finding, proof=proof(named(result.path, finding.fingerprint)))

    return [
        replace(
            item,
            findings=tuple(judged(finding, item) for finding in item.findings),
            fixed=tuple(judged(finding, item) for finding in item.fixed),
        )
        for item in (narrow.get(item.path, item) for item in results)
    ]
