"""The samples of `fixtures/`: read, given a root, and run as the engine runs any file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fixtests.engine import check_file
from fixtests.model import FileResult
from fixtests.plan import plan
from fixtests.rules import registry
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from laid_out import FIXTURES, KINDS, Root


@dataclass(frozen=True)
class Sample:
    """One case of one rule; `start` is a file, or a folder that is a small tree."""

    rule: str
    case: str
    kind: str
    start: Path

    @property
    def name(self) -> str:
        return f"{self.rule}/{self.case}"

    def result(self, kind: str) -> Path:
        """Return the place of another file or folder of the case."""
        return self.start.with_name(
            f"{self.case}.{kind}{self.start.suffix if self.start.is_file() else ''}"
        )


def every() -> list[Sample]:
    """Return the samples of every rule."""
    found = []
    for rule in registry.every():
        for start in sorted((FIXTURES / rule.name).glob("*")):
            bare = start.name.removesuffix(".py")
            case, _, kind = bare.rpartition(".")
            if kind in KINDS:
                found.append(Sample(rule.name, case, kind, start))
    return found


def request(root: Root, rule: str, **changes: object) -> Request:
    """Return the request to fix a sample's tree under one rule."""
    return Request(paths=(root.folder,), select=(rule,), **changes)  # type: ignore[arg-type]


def run(asked: Request) -> list[FileResult]:
    """Run a request to its results."""
    session = Session(asked)
    return list(one_file.run(session, session.files(), lambda: None))


def fixed(root: Root, rule: str, **changes: object) -> dict[str, bytes]:
    """Return what every file of a tree holds after the fixes, which are not written."""
    return texts(root, run(request(root, rule, **changes)))


def texts(root: Root, results: list[FileResult]) -> dict[str, bytes]:
    """Return what every file of a tree holds after the fixes of a run."""
    assert [item.detail for item in results if item.detail] == []
    found = root.texts()
    for write in plan.Plan.build(results).writes:
        found[write.path.relative_to(root.folder).as_posix()] = write.content()
    return found


def places(
    root: Root, results: list[FileResult], *, silenced: bool = False
) -> set[tuple[str, int, str]]:
    """Return file, row and code of every finding."""
    found = set()
    for result in results:
        text = Path(result.path).read_bytes()
        source = check_file.Source.decode(result.path, text)
        name = Path(result.path).relative_to(root.folder).as_posix()
        for item in result.findings:
            if item.suppressed == silenced:
                found.add((name, source.location(item.span.start)[0], item.code))
    return found
