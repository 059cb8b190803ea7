"""What is measured beside what: command lines, which rules, and the ratios aimed at."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from measure import Command, Measured

PEERS = Path(__file__).resolve().parent / "peers"
SCRIPTS = Path(sysconfig.get_path("scripts"))
TESTS = "nova/tests"
FUNCTIONAL = "nova/tests/functional"
LINES = 150  # of the one file
# Five rules that fix without asking, the nearest that ruff has to rules of an idiom.
RUFF_RULES = "F401,UP004,UP008,UP024,UP025"
RULES_PATH = {"PYTHONPATH": str(PEERS), "PYTHONDONTWRITEBYTECODE": "1"}
FOUND = r"^(?:Would fix )?([\d,]+) findings?(?: found| in )"
CLEAN_EXIT = frozenset({0})
CHECK = ("check", "--output-format", "concise")
DRY_RUN = ("--dry-run",)


@dataclass(frozen=True)
class Target:
    """How two commands are to compare: at most `limit` times the peer, or that much faster."""

    ours: str
    peer: str
    limit: float | None = None
    faster: bool = False

    def row(self, measured: Mapping[str, Measured]) -> str:
        """Return the row of a table; a command that failed meets nothing."""
        ours, peer = measured[self.ours], measured[self.peer]
        names = f"{self.ours} / {self.peer}"
        over, under = (peer, ours) if self.faster else (ours, peer)
        names = f"{over.command.label} / {under.command.label}"
        failed = bool(ours.problem or peer.problem)
        ratio = over.wall / under.wall
        shares = "failed |" if failed else f"{ratio:.2f} | {over.processor / under.processor:.2f}"
        if self.limit is None:
            return f"| {names} | {shares} | | |"
        met = not failed and (ratio >= self.limit if self.faster else ratio <= self.limit)
        sign = ">=" if self.faster else "<="
        return f"| {names} | {shares} | {sign} {self.limit:g} | {verdict(met)} |"


@dataclass(frozen=True)
class Part:
    """Commands that are measured in turn, after others that fill caches."""

    commands: list[Command]
    targets: list[Target]
    first: list[Command] = field(default_factory=list)


def ours(
    label: str, folder: Path, *words: str, before: Callable[[], object] | None = None
) -> Command:
    """Return a run of fixtests; its exit code 2 is a failure."""
    program = str(SCRIPTS / "fixtests")
    return Command(label, (program, *words), FOUND, folder=folder, before=before or (lambda: None))


def floor(label: str, folder: Path, *words: str) -> Command:
    """Return a run of fixtests whose rules decide nothing, which finds nothing."""
    script = str(Path(__file__).with_name("floor.py"))
    return Command(label, (sys.executable, script, *words), folder=folder)


def whole(tree: Path, scratch: Path) -> Part:
    """All tests, cold, and with nothing or one test changed since, beside the fast tools."""
    cache = ("--cache-dir", str(scratch / "cache"))
    copy = copied(tree, scratch / "tree")
    edit = edited(middling(copy))
    warm = [
        ours("fixtests check, warm", tree, *CHECK, *cache, TESTS),
        ours("fixtests --dry-run, warm", tree, *DRY_RUN, *cache, TESTS),
        ours("fixtests check, one edited", copy, *CHECK, *cache, TESTS, before=edit),
        ours("fixtests --dry-run, one edited", copy, *DRY_RUN, *cache, TESTS, before=edit),
    ]
    ruff = (str(SCRIPTS / "ruff"), "check", "--no-cache", "--isolated")
    grep = (str(SCRIPTS / "ast-grep"), "scan", "--config", str(PEERS / "ast-grep/sgconfig.yml"))
    commands = [
        ours("fixtests check, cold", tree, *CHECK, "--no-cache", TESTS),
        ours("fixtests --dry-run, cold", tree, *DRY_RUN, "--no-cache", TESTS),
        floor("floor of check", tree, *CHECK, "--no-cache", TESTS),
        *warm,
        Command(
            "ruff, cold",
            (*ruff, "--select", RUFF_RULES, "--diff", TESTS),
            r"^Would fix (\d+) error",
            folder=tree,
        ),
        Command("ast-grep", (*grep, "--report-style", "short", TESTS), r": warning\[", folder=tree),
    ]
    targets = [
        Target("fixtests check, cold", "ast-grep", 1.3),
        Target("fixtests --dry-run, cold", "ast-grep", 2.0),
        Target("floor of check", "ast-grep"),
        Target("fixtests check, cold", "ruff, cold"),
        Target("fixtests --dry-run, cold", "ruff, cold"),
        Target("fixtests check, warm", "ruff, cold", 0.25),
        Target("fixtests --dry-run, warm", "ruff, cold", 0.5),
        Target("fixtests check, one edited", "ruff, cold"),
        Target("fixtests --dry-run, one edited", "ruff, cold"),
    ]
    return Part(commands, targets, warm)


def functional(tree: Path, scratch: Path) -> Part:
    """Functional tests, beside the tools whose rules are written in Python."""
    python = sys.executable
    libcst = (python, "-m", "libcst.tool", "codemod", "-x", "libcst_command.TestIdioms")
    commands = [
        ours("fixtests --dry-run, cold", tree, *DRY_RUN, "--no-cache", FUNCTIONAL),
        floor("floor of --dry-run", tree, *DRY_RUN, "--no-cache", FUNCTIONAL),
        Command(
            "LibCST codemod",
            (*libcst, "--no-format", "--hide-progress", "-j", "2", "-u", "3", FUNCTIONAL),
            r"^\+.*(?:uuids\.placeholder|'2\.103')",
            r"Failed to codemod (\d+) files",
            tree,
            RULES_PATH,
            CLEAN_EXIT,
        ),
        Command(
            "Fixit lint",
            (str(SCRIPTS / "fixit"), "--rules", "fixit_rules", "lint", "--diff", FUNCTIONAL),
            r"^\S+@\d+:\d+ ",
            folder=tree,
            environment=RULES_PATH,
        ),
        Command(
            "Bowler query",
            (python, str(PEERS / "bowler_query.py"), FUNCTIONAL),
            r"^\+ .*'2\.103'",
            "Can't parse",
            tree,
            codes=CLEAN_EXIT,
        ),
    ]
    cold = "fixtests --dry-run, cold"
    targets = [
        Target(cold, "LibCST codemod", 25, faster=True),
        Target(cold, "Fixit lint", 50, faster=True),
        Target(cold, "Bowler query", faster=True),
        Target("floor of --dry-run", "LibCST codemod", faster=True),
        Target("floor of --dry-run", "Fixit lint", faster=True),
    ]
    return Part(commands, targets)


def one_file(tree: Path, scratch: Path) -> Part:
    """One file of a project that is known already, as it is and just after an edit."""
    copy = copied(tree, scratch / "tree")
    path = middling(copy)
    cache = ("--cache-dir", str(scratch / "cache"))
    name = str(path.relative_to(copy))
    commands = [
        ours("fixtests check, cold", copy, "check", "--no-cache", name),
        ours("fixtests check, warm", copy, "check", *cache, name),
        ours("fixtests check, warm, edited", copy, "check", *cache, name, before=edited(path)),
        Command("import click", (sys.executable, "-c", "import click"), folder=copy),
    ]
    targets = [
        Target("fixtests check, cold", "import click"),
        Target("fixtests check, warm", "import click", 5),
        Target("fixtests check, warm, edited", "import click", 5),
    ]
    first = [ours("", copy, "check", *cache, part) for part in (FUNCTIONAL, name)]
    return Part(commands, targets, first)


def edited(path: Path) -> Callable[[], object]:
    """Return what adds a line to a file."""

    def edit() -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("# edited\n")

    return edit


def middling(tree: Path) -> Path:
    """Return the functional test nearest to 150 lines that has something to find."""
    files = (path for path in sorted((tree / FUNCTIONAL).rglob("test_*.py")))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    return min(
        (path for path, text in texts.items() if "microversion = 'latest'" in text),
        key=lambda path: abs(len(texts[path].splitlines()) - LINES),
    )


def scaling(tree: Path, scratch: Path, copies: list[int]) -> Part:
    """More and more copies of the tree, each a project with a root of its own."""
    for number in range(max(copies)):
        copied(tree, scratch / f"{number}")
    commands, targets = [], []
    first, *others = sorted(copies)
    for kind, words in (("fixtests check", CHECK), ("fixtests --dry-run", DRY_RUN)):
        for size in (first, *others):
            paths = [f"{number}/{TESTS}" for number in range(size)]
            commands.append(ours(f"{kind}, {size} x nova", scratch, *words, "--no-cache", *paths))
        for size in others:
            limit = 17 if (first, size) == (1, 16) else None
            targets.append(Target(f"{kind}, {size} x nova", f"{kind}, {first} x nova", limit))
    return Part(commands, targets)


PARTS = {"whole": whole, "functional": functional, "one-file": one_file}


def copied(tree: Path, target: Path) -> Path:
    """Copy what makes the tree a project: its package and the files that mark its root."""
    shutil.copytree(tree / "nova", target / "nova")
    for name in ("setup.cfg", "pyproject.toml"):
        if (tree / name).exists():
            shutil.copy2(tree / name, target)
    shutil.copystat(tree, target)  # what changed just now is not taken for known
    return target


def verdict(met: bool) -> str:
    return "met" if met else "not met"
