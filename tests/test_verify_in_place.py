"""Tests that run in the user's tree itself: whatever happens, it holds again what it held."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import planted
from conftest import fixtests
from fixtests.model import digest
from fixtests.settings.config import Verification
from fixtests.verify import presets
from fixtests.verify.bench import Bench
from fixtests.verify.trial import Trial
from fixtests.write import journal, loans, recovery, writer
from fixtests.write.loans import LoanError
from fixtests.write.record import Change
from test_verify import CONFIG, KILLS, LONG, contents, left, saved, suite, told

END = b"\n__import__('fixtests_marks').loaded(1)\n"
SHOWN = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are not shown here"
)
MOMENTS = ("begun", "changed", "running")
ENDS = (signal.SIGKILL, signal.SIGINT)
ELSE = "each takes seconds; others like it are with the other tests"
HERE = """\
import time
import unittest
from pathlib import Path


class HereTest(unittest.TestCase):
    def test_here(self):
        two = 2  # fine: two = 1 + 1
        three = 3  # guilty: three = 4
        self.assertEqual(5, two + three)
        self.assertEqual({root!r}, str(Path(__file__).parents[1]))
        {more}
"""


def project(tmp_path, monkeypatch, more="pass", command="unittest"):
    """Write a project whose test passes only where it stands; its fixes are planted."""
    root = tmp_path / "project"
    text = HERE.format(root=str(root), more=more)
    modules = {"tests/__init__.py": "", "tests/test_here.py": text}
    monkeypatch.setattr(planted, "MODULES", modules)
    planted.plant(root)
    config = CONFIG.format(command=command, python=sys.executable)
    (root / "fixtests.toml").write_text(config.replace("timeout = 6", "timeout = 120"))
    (root / ".stestr.conf").write_text("[DEFAULT]\ntest_path=./tests\ntop_dir=./\n")
    return root


def looks(root):
    """Return what a tree holds, with the files' identities and times of change."""
    found = {path: path.stat() for path in root.rglob("*")}
    of_files = {path: (it.st_ino, it.st_mtime_ns, it.st_mode) for path, it in found.items()}
    return contents(root), {path: it for path, it in of_files.items() if path.is_file()}


@pytest.mark.parametrize(
    "command",
    ["unittest", *(pytest.param(it, marks=pytest.mark.slow(ELSE)) for it in ("pytest", "stestr"))],
)
def test_what_passes_only_where_it_stands_is_proved_there(tmp_path, monkeypatch, command):
    root = project(tmp_path, monkeypatch, command=command)
    file, before = saved(root), looks(root)
    answer = fixtests("verify", "--in-place", "--root", root, file, folder=root)
    assert answer.code == 1, answer.err
    assert told(file) == {"fine": "proved", "guilty": "taken back"}
    assert looks(root) == before
    assert fixtests("apply", "--root", root, file, folder=root).code == 0
    assert b"two = 1 + 1  #" in (root / "tests/test_here.py").read_bytes()


@pytest.mark.parametrize(
    ("command", "when", "said"),
    [
        ("unittest", "True", "no test can be run: ImportError: "),
        pytest.param(
            f"{sys.executable} -m subunit.run {{ids}}",
            "not os.environ.get('FIXTESTS_REQUEST')",
            "its tests run another file than",
            marks=pytest.mark.slow(ELSE),
        ),
    ],
)
def test_where_tests_load_no_file_of_the_copy_the_option_is_named(
    tmp_path, monkeypatch, command, when, said
):
    root = project(tmp_path, monkeypatch, command=command)
    elsewhere = f"import os\nif {when}:\n    __path__ = [{str(root / 'tests')!r}]\n"
    (root / "tests/__init__.py").write_text(elsewhere)
    file = saved(root)
    answer = fixtests("verify", "--root", root, file, folder=root)
    assert answer.code == 2
    assert f"tests/test_here.py: {said}" in answer.err
    assert answer.err.endswith("; --in-place runs tests in the tree itself\n")
    answer = fixtests("verify", "--in-place", "--root", root, file, folder=root)
    assert answer.code == 1, answer.err
    assert told(file) == {"fine": "proved", "guilty": "taken back"}


@pytest.fixture
def benched(tmp_path):
    """A bench that runs the tests of a tree in place, which may do something to it."""

    def run(text, files=None):
        root = tmp_path / "project"
        for name, held in {"test_a.py": text, "other.py": "", "fixtests.toml": ""}.items():
            root.mkdir(exist_ok=True)
            (root / name).write_text(held)
        preset = presets.find(root, Verification(command="unittest", python=sys.executable))
        with (
            writer.alone(),
            Bench(root, preset, tmp_path / "bench", timeout=60, in_place=True) as bench,
        ):
            listing = bench.tests(["test_a.py"])
            ids = tuple(test.id for test in listing.tests)
            changed = {"test_a.py": text.encode() + END, "other.py": b"a = 1\n", **(files or {})}
            (ran,) = bench.run([Trial(changed, ids)])
        return root, [it.status.value for it in ran.outcomes.values()]

    return run


TEST = "import unittest\nfrom pathlib import Path\n\n\nclass ATest(unittest.TestCase):\n"


def test_files_hold_something_else_only_while_tests_run(benched):
    text = (
        f"{TEST}    def test_a(self):\n        import other, new\n"
        "        self.assertEqual((1, 2), (other.a, new.b))\n"
        "        self.assertIn('loaded(1)', Path(__file__).read_text())\n"
    )
    root, statuses = benched(text, {"new.py": b"b = 2\n"})
    assert statuses == ["passed"]
    held = {path.name: path.read_text() for path in root.rglob("*") if path.is_file()}
    assert held == {"test_a.py": text, "other.py": "", "fixtests.toml": ""}
    assert list((journal.state() / "open").iterdir()) == []


@pytest.mark.parametrize("how", ["write_text('mine')", "unlink()"])
def test_a_file_that_somebody_else_changes_is_left_as_it_is_and_named(benched, tmp_path, how):
    text = f"{TEST}    def test_a(self):\n        Path('other.py').{how}\n"
    root = tmp_path / "project"
    with pytest.raises(LoanError, match="changed while tests ran") as caught:
        benched(text)
    assert str(caught.value).startswith(f"{root / 'other.py'}: ")
    assert (root / "test_a.py").read_text() == text
    is_left = how.startswith("write")
    assert (root / "other.py").exists() == is_left
    assert not is_left or (root / "other.py").read_text() == "mine"
    kept = Path(str(caught.value).rpartition(" is in ")[2])
    assert kept.read_bytes() == b""
    own = {"fixtests.toml", "test_a.py"} | ({"other.py"} if is_left else set())
    assert {path.name for path in root.iterdir()} == own


def change(path, content, before=b"old\n"):
    return Change(path, path.parent, digest(before), digest(content), lambda: content)


@pytest.fixture
def pair(tmp_path):
    """Two files."""
    paths = tmp_path / "one.py", tmp_path / "two.py"
    for path in paths:
        path.write_bytes(b"old\n")
    return paths


def test_a_file_that_is_not_what_it_was_is_not_replaced_and_no_other_is(pair):
    pair[1].write_bytes(b"newer\n")
    with (
        writer.alone(),
        pytest.raises(LoanError, match=r"two\.py: changed since it was read"),
        loans.lent([change(path, b"other\n") for path in pair], 1),
    ):
        pytest.fail("nothing is lent")
    assert [path.read_bytes() for path in pair] == [b"old\n", b"newer\n"]


def test_a_save_in_the_moment_of_the_return_is_not_lost(pair, monkeypatch):
    real = loans.staging.exchange
    path = pair[0]

    def saving(one, other):
        path.write_bytes(b"saved\n")
        monkeypatch.setattr(loans.staging, "exchange", real)
        return real(one, other)

    with (
        writer.alone(),
        pytest.raises(LoanError, match=r"one\.py: changed while tests ran"),
        loans.lent([change(path, b"other\n")], 1),
    ):
        monkeypatch.setattr(loans.staging, "exchange", saving)
    assert path.read_bytes() == b"saved\n"


@pytest.mark.parametrize("beside", [True, False])
def test_a_loan_that_was_killed_is_given_back_by_the_next_command(pair, beside):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom test_verify_in_place import *\n"
        "changes = [change(Path(it), b'other\\n') for it in sys.argv[1:]]\n"
        "with writer.alone(), loans.lent(changes, 1):\n    os._exit(0)\n"
    )
    before = [path.stat() for path in pair]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, *pair], check=True, env=env)
    folder = pair[0].parent
    assert [path.read_bytes() for path in pair] == [b"other\n"] * 2
    if not beside:  # only the journal has what they held
        for path in folder.glob(".fixtests-*"):
            path.unlink()
    pair[1].write_bytes(b"mine\n")
    (found,) = recovery.recover()
    assert (found.killed, found.returned, list(found.left)) == (True, 1, [pair[1]])
    assert [path.read_bytes() for path in pair] == [b"old\n", b"mine\n"]
    assert sorted(item.name for item in folder.glob("[.o-t]*")) == ["one.py", "two.py"]
    assert not beside or pair[0].stat().st_mtime_ns == before[0].st_mtime_ns
    assert list(recovery.recover()) == []


def started(root, file, tmp_path):
    """Start to prove a plan in place."""
    return subprocess.Popen(
        [sys.executable, "-m", "fixtests", "verify", "--in-place", "--root", root, file],
        cwd=root,
        stderr=subprocess.PIPE,
        env={**os.environ, "FIXTESTS_CACHE_DIR": str(tmp_path / "cache")},
    )


def until(what, seconds=60.0):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


@SHOWN
@pytest.mark.parametrize(
    ("end", "moment"),
    [
        *((end, MOMENTS[-1]) for end in ENDS),
        *(
            pytest.param(end, it, marks=pytest.mark.slow(ELSE))
            for end in ENDS
            for it in MOMENTS[:2]
        ),
    ],
)
def test_ended_at_any_moment_the_tree_is_as_before(tmp_path, monkeypatch, moment, end):
    more = f"Path({str(tmp_path / 'running')!r}).touch(); time.sleep(60)"
    root = project(tmp_path, monkeypatch, more)
    state = Path(os.environ["FIXTESTS_STATE_DIR"])
    file, before = saved(root), looks(root)
    moments = {
        "begun": lambda: list(state.glob("open/*")),
        "changed": lambda: contents(root) != before[0],
        "running": (tmp_path / "running").exists,
    }
    process = started(root, file, tmp_path)
    until(moments[moment])
    process.send_signal(end)
    process.communicate()
    until(lambda: not left(state))
    if end == signal.SIGINT:
        assert process.returncode == 130
        assert looks(root) == before
    answer = fixtests("runs", folder=root)
    assert answer.code == 0
    was_killed = end == signal.SIGKILL and moment != "begun"
    assert ("1 file put back as before" in answer.err) >= was_killed, answer.err
    assert looks(root) == before
    assert list((state / "open").iterdir()) == []


@SHOWN
@pytest.mark.slow(LONG)
def test_killed_at_any_moment_in_place_the_next_command_puts_the_tree_back(tmp_path, monkeypatch):
    root = suite(tmp_path, monkeypatch, "unittest")
    assert fixtests("--version", folder=root).code == 0  # what waits for commands knows no state
    monkeypatch.setenv("FIXTESTS_STATE_DIR", str(state := tmp_path / "own-state"))
    file, before = saved(root), looks(root)
    chance, changed = random.Random(27), 0
    for number in range(KILLS):
        process = started(root, file, tmp_path)
        if number % 2:  # every other one strikes while files hold something else, or soon after
            until(lambda: contents(root) != before[0])
        time.sleep(chance.uniform(0.3, 6) if not number % 2 else chance.uniform(0, 2))
        process.kill()
        process.communicate()
        until(lambda: not left(state))
        changed += contents(root) != before[0]
        assert fixtests("runs", folder=root).code == 0
        assert looks(root) == before
    assert changed  # else nothing was put back
    answer = fixtests("verify", "--in-place", "--root", root, file, folder=root)
    assert answer.code == 1, answer.err
    assert told(file) == planted.EXPECTED
    assert looks(root) == before


@pytest.mark.parametrize(
    "command", [["fix"], ["apply", "plan.json"], ["review", "--write", "a.md"]]
)
def test_the_option_alone_says_nothing(tmp_path, command):
    for name in ("plan.json", "a.md"):
        (tmp_path / name).touch()
    answer = fixtests(*command, "--in-place", folder=tmp_path)
    assert answer.code == 2
    assert "--in-place says where --verify runs tests; give --verify, too" in answer.err
