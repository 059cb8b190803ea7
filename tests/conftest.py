"""Fixtures that several test modules share."""

import contextlib
import functools
import gc
import importlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import warm
from fixtests.review.topics import Topics
from fixtests.rules import registry

# Where SIGINT is ignored, as in the background of a shell, the runs that tests interrupt
# would ignore it as well: they inherit that from here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long anything takes is the machine's matter, and fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TESTS = Path(__file__).resolve().parent
FIXTURES = TESTS.parent / "fixtures"
A_UUID = "6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11"


def pytest_xdist_auto_num_workers(config):
    """One process more than there are processors: many tests wait for processes of their own."""
    return (os.cpu_count() or 1) + 1


def pytest_collection(session):
    """Load all test modules, each process from another one on: it finds compiled what others had.

    In a fresh checkout that takes longer than all else that is done before the first test.
    """
    told = getattr(session.config, "workerinput", None)
    if told and all(Path(item).is_dir() for item in session.config.args):
        names = sorted(path.stem for path in TESTS.glob("test_*.py"))
        first = len(names) * int(told["workerid"].removeprefix("gw")) // told["workercount"]
        for name in (*names[first:], *names[:first]):
            with contextlib.suppress(Exception, pytest.skip.Exception):  # said when it is collected
                importlib.import_module(name)


def pytest_collection_modifyitems(config, items):
    """Leave the slow tests out, one of each reason skipped with it, unless `-m` says that mark."""
    if "slow" in config.getoption("markexpr"):
        return
    slow = {}
    for item in items:
        if mark := item.get_closest_marker("slow"):
            slow.setdefault((item.path, mark.args[0]), []).append(item)
    for (_, reason), (shown, *others) in slow.items():
        more = f", as {len(others)} more" if others else ""
        shown.add_marker(pytest.mark.skip(reason=f"{reason}; benchmarks/slow.py runs it{more}"))
    others = {item for _, *others in slow.values() for item in others}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


def pytest_collection_finish():
    """Have nobody look for cycles among what is there for good: modules, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@dataclass(frozen=True)
class Answer:
    """What a run of the command line said."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


WARM = functools.cache(warm.Warm)
LONGEST = 120  # seconds of a run


def fixtests(*arguments, folder, env=None, stdin=os.devnull):
    """Run the command line as a user does, in a process of its own; `stdin` is a file."""
    arguments = tuple(map(str, arguments))
    if warm.is_alike(env):
        code, out, err = WARM().run(arguments, folder, env, LONGEST, stdin)
        return Answer(code, out, err.decode())
    with open(stdin, "rb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "fixtests", *arguments],
            cwd=folder,
            stdin=stream,
            capture_output=True,
            check=False,
            env=env,
            timeout=LONGEST,
        )
    return Answer(done.returncode, done.stdout, done.stderr.decode())


@functools.cache
def topics():
    """What reviews may be about; half a second of words and patterns."""
    return Topics(registry.every(), {}, {})


NUMBERS = itertools.count()


@pytest.fixture
def own_folder(tmp_path_factory):
    """What gives the place of a folder of the test's own, which is not made yet.

    Pytest finds a number for each that it makes by a look at all that there are, which took a
    tenth of the time of thousands of tests.
    """
    number = next(NUMBERS)
    return lambda name: tmp_path_factory.getbasetemp() / f"{name}-{number}"


@pytest.fixture
def tmp_path(own_folder, request):
    """A folder of the test's own, named after it."""
    folder = own_folder(re.sub(r"\W", "_", request.node.name)[:30])
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(autouse=True, scope="session")
def _own_temporary_folders(tmp_path_factory):
    """A place of this run's own for processes of pytest: each removes what others left in theirs.

    That takes minutes where runs before have left a hundred thousand files.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_DEBUG_TEMPROOT", str(tmp_path_factory.getbasetemp()))
        yield


@pytest.fixture(autouse=True)
def _own_cache_and_journal(own_folder, monkeypatch):
    """Places of the test's own for what a run keeps; the user's are left alone."""
    monkeypatch.setenv("FIXTESTS_CACHE_DIR", str(own_folder("cache")))
    monkeypatch.setenv("FIXTESTS_STATE_DIR", str(own_folder("state")))


@pytest.fixture
def cache_dir(own_folder):
    """The folder of the test's own cache."""
    folder = own_folder("cache")
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def state_dir(own_folder):
    """The folder of the test's own journal."""
    folder = own_folder("state")
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def tree(tmp_path):
    """A root with one test module in it that has one finding of FT101 with a safe fix."""
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    (root / "fixtests.toml").write_text("root = true\n")
    (root / "tests" / "test_one.py").write_bytes(module())
    return root


@pytest.fixture
def suite(tmp_path):
    """The bundled demo tree, with a unit test for each codemod to work on."""
    root = tmp_path / "suite"
    shutil.copytree(FIXTURES / "demo", root)
    (root / "nova/tests/unit").mkdir()
    for script in (FIXTURES / "codemods").iterdir():
        shutil.copy(script / "example.before.py", root / f"nova/tests/unit/test_{script.name}.py")
    return root


def module(uuid: str = A_UUID, name: str = "volume_id") -> bytes:
    """Return a test module in which a literal UUID is to be named."""
    return (
        "import unittest\n"
        "\n"
        "\n"
        "class OneTest(unittest.TestCase):\n"
        "\n"
        "    def test_attach(self):\n"
        f"        self.attach({name}='{uuid}')\n"
    ).encode()


def fixed(uuid: str = A_UUID, name: str = "VOLUME_ID") -> bytes:
    """Return what the fix makes of `module()`."""
    return (
        "import unittest\n"
        "\n"
        f"{name} = '{uuid}'\n"
        "\n"
        "\n"
        "class OneTest(unittest.TestCase):\n"
        "\n"
        "    def test_attach(self):\n"
        f"        self.attach({name.lower()}={name})\n"
    ).encode()


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run git without the user's configuration."""
    command = ["git", "-c", "core.autocrlf=false", "-c", "user.name=t", "-c", "user.email=t@t"]
    done = subprocess.run(
        [*command, *arguments], cwd=folder, input=stdin, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
