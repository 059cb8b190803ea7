"""The samples of rules: read, given a root, and run as the engine runs any file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fixtests.model import FileResult
from fixtests.plan import plan
from fixtests.report.rule_pages import SAMPLES
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.testing.roots import KINDS, NOVA, Root
from fixtests.text.source import Source

PLAIN = "unittest"  # the profile of a plug-in's samples that name no other one


@dataclass(frozen=True)
class Sample:
    """One case of one rule; `start` is a file, or a folder that is a small tree."""

    rule: str
    case: str
    kind: str
    start: Path
    profile: str = NOVA

    @property
    def name(self) -> str:
        """What it is called in reports: its rule and its case."""
        return f"{self.rule}/{self.case}"

    def root(self, folder: Path) -> Root:
        """Lay it out in a folder that is not there yet."""
        return Root(self.start, folder, self.profile)

    def result(self, kind: str) -> Path:
        """Return the place of another file or folder of the case."""
        return self.start.with_name(
            f"{self.case}.{kind}{self.start.suffix if self.start.is_file() else ''}"
        )


def every(prefix: str = "FT") -> list[Sample]:
    """Return the samples of every rule whose code begins so."""
    found = []
    for rule in registry.every():
        if not rule.code.startswith(prefix):
            continue
        for start in sorted(folder_of(rule).glob("*")):
            bare = start.name.removesuffix(".py")
            case, _, kind = bare.rpartition(".")
            if kind in KINDS:
                profile = PLAIN if rule.origin else NOVA
                found.append(Sample(rule.name, case, kind, start, profile))
    return found


def folder_of(rule: Rule) -> Path:
    """Return the folder of a rule's samples: that beside a plug-in's rule, or one of ours."""
    if rule.origin:
        return rule.words.with_name("samples")
    return next(folder for folder in SAMPLES if folder.is_dir()) / rule.name


def request(root: Root, rule: str, *, unsafe_fixes: bool | None = None) -> Request:
    """Return the request to fix a sample's tree under one rule."""
    return Request(paths=(root.folder,), select=(rule,), unsafe_fixes=unsafe_fixes)


def run(asked: Request) -> list[FileResult]:
    """Run a request to its results."""
    session = Session(asked)
    return list(one_file.run(session, session.files(), lambda: None))


def fixed(root: Root, rule: str, *, unsafe_fixes: bool | None = None) -> dict[str, bytes]:
    """Return what every file of a tree holds after the fixes, which are not written."""
    return texts(root, run(request(root, rule, unsafe_fixes=unsafe_fixes)))


def texts(root: Root, results: list[FileResult]) -> dict[str, bytes]:
    """Return what every file of a tree holds after the fixes of a run."""
    failed = [problem for item in results for problem in (item.detail, *item.faults) if problem]
    if failed:
        raise AssertionError("; ".join(failed))
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
        source = Source.decode(result.path, text)
        name = Path(result.path).relative_to(root.folder).as_posix()
        for item in result.findings:
            if item.suppressed == silenced:
                found.add((name, source.location(item.span.start)[0], item.code))
    return found
