"""What README says to type, run from an installed wheel in a folder that is not the checkout."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import FIXTURES, LONGEST, Answer, fixtests, git
from fixtests.rules import registry
from warm import Warm

TOP = Path(__file__).resolve().parents[1]
README = (TOP / "README.md").read_text()
pytestmark = pytest.mark.xdist_group("readme")  # one process installs the wheel
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:python -m )?fixtests(?:\s[^`]*)?)`")

TRY, CHECKS, INSTALL = SET_UP = (
    "python3 -m venv .venv && .venv/bin/pip install -q -e . && "
    ".venv/bin/fixtests --dry-run --exit-zero fixtures/demo",
    "python3 -m venv .venv && . .venv/bin/activate && pip install -q -e '.[dev]' && "
    "ruff check && ruff format --check && mypy && python -m pytest -n auto",
    "pip install .",
)
PLAN = "fixtests plan -o plan.json nova/tests/functional"
PLAN_UNSAFE = "fixtests plan --unsafe-fixes -o plan.json nova/tests/functional"
CUT = "fixtests plan-edit plan.json --drop FT301 --drop 'nova/tests/functional/regressions/*'"
SERVERS = "nova/tests/functional/test_servers.py"
NEW = "nova/tests/functional/test_new.py"
STDIN = f"- --stdin-filename {SERVERS} < {SERVERS}"
COPIED = f"cp {SERVERS} {NEW} && git add {NEW}"
# Run 12 fixes the tree; those before it are of the same process, on a file of no use.
RUNS = """\
import shutil
from click.testing import CliRunner
from fixtests.cli.main import main
for _ in range(11):
    shutil.copy("nova/tests/functional/test_servers.py", "test_odd.py")
    CliRunner().invoke(main, ["test_odd.py"])
CliRunner().invoke(main, ["--unsafe-fixes", "nova/tests/functional"])
"""
RUN = "fixtests --unsafe-fixes --exit-zero nova/tests/functional"
TWELVE_RUNS = (f"python - <<'END'\n{RUNS}END",)

AUTHOR = "git config user.name Tester && git config user.email tester@example.org"
CAMPAIGN = """printf '[campaign]\\nrepositories = ["."]\\n' > campaign.toml"""


@dataclass(frozen=True)
class Case:
    """What a command is to do: its exit code, words that it prints, and whether files change.

    `after` are the commands that come before it.
    """

    code: int
    said: str
    changes: bool = False
    after: tuple[str, ...] = ()


COMMANDS = {
    "fixtests": Case(1, "Fixed ", changes=True),
    "python -m fixtests": Case(1, "Fixed ", changes=True),
    "fixtests --dry-run nova/tests/functional": Case(1, f"+++ b/{SERVERS}"),
    "fixtests --dry-run --exit-zero nova/tests/functional > fixes.patch && git apply fixes.patch": (
        Case(0, "Would fix ", changes=True)
    ),
    "fixtests check": Case(1, "FT201 [*]"),
    f"fixtests check {STDIN}": Case(1, "FT201 [*]"),
    f"fixtests {STDIN}": Case(1, "self.assert"),
    "fixtests lsp": Case(1, ""),  # nobody talks to it
    "fixtests rules": Case(0, "FT602  off  long-test"),
    "fixtests rules --output-format json": Case(0, '"code": "FT101"'),
    "fixtests new-rule no-print --code TM101": Case(0, "tm-rules/tm_rules/no_print/rule.py"),
    "fixtests explain FT201": Case(0, "## Example"),
    "fixtests explain --profile nova": Case(0, "as built in"),
    "fixtests check --since origin/master": Case(1, f"{NEW}:", after=(COPIED,)),
    "fixtests --since origin/master nova/tests/functional": Case(
        1, "Fixed ", changes=True, after=(COPIED,)
    ),
    "fixtests clean": Case(0, "Removed ", after=("fixtests check --exit-zero",)),
    "fixtests --add-ignore --dry-run nova/tests/functional": Case(1, "Would silence "),
    "fixtests --add-ignore nova/tests/functional": Case(0, "Silenced ", changes=True),
    "fixtests baseline FILE": Case(0, " accepted, "),
    "fixtests nova/tests/functional": Case(1, "Fixed ", changes=True),
    "fixtests --select FT201 --unsafe-fixes nova/tests/functional/regressions": (
        Case(0, "Fixed ", changes=True)
    ),
    "fixtests migrate --list": Case(0, "assert_length_idiom"),
    "fixtests migrate assert_length_idiom --help": Case(0, "When to delete"),
    "fixtests migrate --dry-run assert_length_idiom nova/tests": Case(1, "Would change 1 file"),
    "fixtests migrate assert_length_idiom nova/tests": Case(0, "Changed 1 file", changes=True),
    PLAN: Case(0, "Would fix "),
    # The demo's tests have no server to talk to, so that they can tell nothing.
    "fixtests --unsafe-fixes --verify nova/tests/functional/regressions": (
        Case(1, " not judged", changes=True)
    ),
    "fixtests --dry-run --select FT401 --microversion compute=minimum --verify"
    " nova/tests/functional": Case(1, " not judged"),
    PLAN_UNSAFE: Case(0, "Would fix "),
    "fixtests verify plan.json": Case(0, " not judged", after=(PLAN_UNSAFE,)),
    CUT: Case(0, "Dropped ", after=(PLAN,)),
    "fixtests check --output-format html -o findings.html nova/tests/functional": (
        Case(1, "findings found: ")
    ),
    "fixtests plan-edit plan.json --output-format html -o plan.html": (
        Case(0, " of them fixed by the plan.", after=(PLAN,))
    ),
    "fixtests apply --dry-run plan.json": Case(1, f"+++ b/{SERVERS}", after=(PLAN, CUT)),
    "fixtests apply plan.json": Case(0, "Fixed ", changes=True, after=(PLAN, CUT)),
    "fixtests runs": Case(0, "fixtests", after=(RUN,)),
    "fixtests undo": Case(0, "Took back run 1 in ", changes=True, after=(RUN,)),
    f"fixtests undo 12 --file {SERVERS}": Case(
        0, "Took back run 12 in 1 file.", changes=True, after=TWELVE_RUNS
    ),
    "fixtests undo 12 --rule FT201": Case(
        0, "Took back run 12 in ", changes=True, after=TWELVE_RUNS
    ),
    "fixtests commit": Case(0, "of them new", after=(AUTHOR,)),
    "fixtests commit --max-files 10 nova/tests/functional": Case(0, "of them new", after=(AUTHOR,)),
    "fixtests series": Case(0, "fixtests, for ", after=(AUTHOR, "fixtests commit")),
    "fixtests campaign campaign.toml": Case(0, "done", after=(AUTHOR, CAMPAIGN)),
    "fixtests review review.md nova/tests/functional/regressions/test_bug_1718455.py": (
        Case(1, "migrations[0]")
    ),
    "fixtests review --write review.md": Case(0, "fixed", changes=True),
    "fixtests review --diff-only scan.sarif nova/tests/functional | git apply": Case(
        0,
        "fixed",
        changes=True,
        after=("fixtests check --exit-zero --output-format sarif -o scan.sarif nova",),
    ),
}


def commands():
    """Return what README says to type: the lines of fences, and what stands in a text as code."""
    lines = [
        line
        for language, text in FENCE.findall(README)
        if not language
        for line in text.splitlines()
    ]
    return [*lines, *(" ".join(found.split()) for found in INLINE.findall(FENCE.sub("", README)))]


def test_every_command_is_run_here_or_sets_up():
    assert set(commands()) == {*COMMANDS, *SET_UP}


RELEASED = os.environ.get("FIXTESTS_INSTALLED")  # by a release: an environment of the wheel alone
PLAIN = re.compile(r"fixtests[^|<>&$\n]*")  # a command line that needs no shell


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """An environment that holds the wheel, and sees what the running one has installed."""
    if RELEASED:
        return Path(RELEASED)
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "-q")
    isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    call(*pip, "wheel", "--no-deps", *isolation, "--wheel-dir", folder, TOP)
    call(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv/bin/python"
    (wheel,) = folder.glob("*.whl")
    alone = ("--no-deps", "--no-index", "--no-compile")  # samples are a thousand modules
    call(*pip, "--python", python, "install", *alone, wheel)
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    around = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "around.pth").write_text("\n".join(around))
    return folder / "venv"


def call(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def around(installed):
    """The variables of a user of the installed tool."""
    left_out = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    variables = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**variables, "PATH": f"{installed / 'bin'}{os.pathsep}{variables['PATH']}"}


@pytest.fixture(scope="session")
def loaded(installed, around):
    """A process that has the installed tool loaded; a release starts each run by itself."""
    return None if RELEASED else Warm(installed / "bin/python", around)


@pytest.fixture
def shell(around, loaded):
    """Run a command line as a user of the installed tool does."""
    own = {name: value for name, value in os.environ.items() if name.startswith("FIXTESTS_")}

    def run(command, folder):
        variables = {**around, **own}
        if loaded and PLAIN.fullmatch(command):
            code, out, err = loaded.run(shlex.split(command)[1:], folder, variables, LONGEST)
            return Answer(code, out, err.decode())
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env=variables,
            capture_output=True,
            check=False,
            timeout=LONGEST,
        )
        return Answer(done.returncode, done.stdout, done.stderr.decode())

    return run


@pytest.fixture
def checkout(suite):
    """A git repository of the user's, with the files that README names."""
    functional = suite / "nova/tests/functional"
    shutil.copy(functional / "test_list_servers.py", functional / "test_servers.py")
    shutil.copy(
        functional / "regressions/test_bug_2000001.py",
        functional / "regressions/test_bug_1718455.py",
    )
    (suite / "review.md").write_text(
        "1. **Index without a check**: `migrations[0]` in `test_resize` of "
        "`test_bug_1718455.py` is an IndexError where nothing was migrated.\n"
    )
    (suite / "accepted.json").write_text(
        '{"format": "fixtests-baseline", "version": 1, "findings": []}'
    )
    git(suite, "init", "-q")
    git(suite, "add", ".")
    git(suite, "commit", "-q", "-m", "Tests")
    git(suite, "branch", "origin/master")
    return suite


def test_tree_that_is_bundled_is_previewed(shell, checkout):
    shutil.copytree(FIXTURES / "demo", checkout / "fixtures/demo")
    command = TRY.rpartition("&& .venv/bin/")[2]
    done = shell(command, checkout)
    assert (command.partition(" ")[0], done.code) == ("fixtests", 0)
    assert f"+++ b/fixtures/demo/{SERVERS.replace('servers', 'list_servers')}" in done.text


def test_continuous_integration_runs_the_checks_that_readme_names():
    run = (TOP / ".ci/run").read_text().splitlines()
    assert run[-1] == CHECKS[CHECKS.index("ruff check") :]


CONFIGURATIONS = [text for language, text in FENCE.findall(README) if language == "toml"]
AT_THE_TOP = [
    text.replace("[tool.fixtests]\n", "").replace("tool.fixtests.", "") for text in CONFIGURATIONS
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("pyproject.toml", text) for text in (*CONFIGURATIONS, "\n".join(CONFIGURATIONS))),
        *(("fixtests.toml", text) for text in AT_THE_TOP),
    ],
    ids=lambda text: text.partition("\n")[0],
)
def test_configuration_is_taken(name, text, checkout):
    (checkout / name).write_text(text)
    answer = fixtests("check", folder=checkout)
    assert (answer.code, "error" in answer.err) == (1, False), answer.err
    (checkout / name).write_text(text.replace(" = ", " is ", 1))
    answer = fixtests("check", folder=checkout)
    assert (answer.code, name in answer.err) == (2, True), answer.text


def test_what_is_installed_is_the_wheel(shell, installed, checkout):
    done = shell("python -c 'import fixtests, sys; print(fixtests.__file__)'", checkout)
    assert Path(done.text).is_relative_to(installed)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_does_what_readme_says(command, shell, checkout):
    case = COMMANDS[command]
    for line in case.after:
        done = shell(line, checkout)
        assert done.code == 0, done.err
    before = git(checkout, "diff")
    done = shell(command, checkout)
    said = done.text + done.err
    assert (done.code, "Traceback" in said) == (case.code, False), said
    assert case.said in said
    assert (git(checkout, "diff") != before) == case.changes


def test_table_names_every_rule():
    text = (TOP / "README.md").read_text()
    rows = {rule.code: f"| {rule.code} | `{rule.name}` |" for rule in registry.every()}
    assert [code for code, row in rows.items() if row not in text] == []
