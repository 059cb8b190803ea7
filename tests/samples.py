"""The samples of `fixtures/`: read, given a root, and run as the engine runs any file."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from fixtests.engine import engine
from fixtests.model import FileResult
from fixtests.plan import plan
from fixtests.rules import registry
from fixtests.run import runner
from fixtests.run.session import Request, Session

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
EXPECT = re.compile(r"[ \t]*# expect: (\w+(?:, \w+)*)[ \t]*(?=\r?\n|$)")
PROFILE = re.compile(r"# profile: (\w+)\r?\n")
KINDS = ("before", "reported", "unchanged")


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


class Root:
    """A sample laid out as a tree; marks of expected findings are taken out and kept."""

    def __init__(self, start: Path, folder: Path) -> None:
        self.folder = folder
        self.expected: set[tuple[str, int, str]] = set()
        if start.is_dir():
            shutil.copytree(start, folder, dirs_exist_ok=True)
        else:
            text = start.read_bytes().decode()
            profile = PROFILE.match(text)
            target = folder / "tests" / "test_sample.py"
            target.parent.mkdir(parents=True)
            target.write_bytes(PROFILE.sub("", text, count=1).encode())
            name = profile[1] if profile else "nova"
            (folder / "fixtests.toml").write_text(f'root = true\nprofile = "{name}"\n')
        for path in self.files:
            path.write_bytes(self._unmarked(path).encode())

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.rglob("*.py"))

    def texts(self) -> dict[str, bytes]:
        """Return what every Python file of the tree holds."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.files}

    def _unmarked(self, path: Path) -> str:
        text = path.read_bytes().decode()
        for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            if mark := EXPECT.search(line):
                for code in mark[1].split(", "):
                    self.expected.add((path.relative_to(self.folder).as_posix(), row, code))
        return EXPECT.sub("", text)


def request(root: Root, rule: str, **changes: object) -> Request:
    """Return the request to fix a sample's tree under one rule."""
    return Request(paths=(root.folder,), select=(rule,), **changes)  # type: ignore[arg-type]


def run(asked: Request) -> list[FileResult]:
    """Run a request to its results."""
    session = Session(asked)
    return list(runner.run(session, session.files(), lambda: None))


def fixed(root: Root, rule: str, **changes: object) -> dict[str, bytes]:
    """Return what every file of a tree holds after the fixes, which are not written."""
    results = run(request(root, rule, **changes))
    assert [item.detail for item in results if item.detail] == []
    texts = root.texts()
    for write in plan.Plan.build(results).writes:
        texts[write.path.relative_to(root.folder).as_posix()] = write.content()
    return texts


def places(
    root: Root, results: list[FileResult], *, silenced: bool = False
) -> set[tuple[str, int, str]]:
    """Return file, row and code of every finding."""
    found = set()
    for result in results:
        text = Path(result.path).read_bytes()
        source = engine.Source.decode(result.path, text)
        name = Path(result.path).relative_to(root.folder).as_posix()
        for item in result.findings:
            if item.suppressed == silenced:
                found.add((name, source.location(item.span.start)[0], item.code))
    return found
