"""A bench runs tests in copies of a tree and says of each how it ended, whatever runs them."""

import ast
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from fixtests.settings.config import Verification
from fixtests.verify import presets, runners
from fixtests.verify.bench import Bench, BenchError
from fixtests.verify.trial import Status, Trial

SRC = Path(__file__).resolve().parents[1] / "src"
END = "\n__import__('fixtests_marks').loaded(1)\n"
STESTR = {".stestr.conf": "[DEFAULT]\ntest_path=./tests\ntop_dir=./\n"}
JUNIT = "python -m pytest {ids} --junit-xml={junit}"
SUBUNIT = "python -m subunit.run {ids}"
ALONE = "python -m unittest {ids}"
RUNNERS = ("unittest", "pytest", "stestr", JUNIT, SUBUNIT, ALONE)
WITH_ENDS = RUNNERS[:-1]  # those that say of each test how it ended
OTHER = pytest.mark.slow("other runners start as processes of half a second each")


def by_default(*runners, first=1):
    """Return runners as parameters, of which the tests run the first ones alone by default."""
    return [*runners[:first], *(pytest.param(it, marks=OTHER) for it in runners[first:])]


HEAD = "import os, sys, time, unittest\n\n\n"


@pytest.fixture(autouse=True)
def _no_plugins_of_ours(monkeypatch):
    """Have pytest load none of what is installed here, which takes half of its time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def tree(folder, files):
    """Write a small project, whose tests are a package."""
    root = folder / "project"
    for name, text in {"tests/__init__.py": "", **STESTR, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return root


def made(root, runner="unittest", slots=1, python=sys.executable, timeout=60, **more):
    """Return a bench for a tree, and a preset."""
    preset = presets.find(root, Verification(command=runner, python=python))
    return Bench(root, preset, root.parent / "state", slots, timeout, **more)


def tried(bench, files, *changed, again=0):
    """Run all tests of some files as they are, or changed, and return what came of it by name."""
    listing = bench.tests(list(files))
    assert not listing.failed
    contents = dict(changed) or {path: files[path] for path in files}
    trial = Trial(
        {path: (text + END).encode() for path, text in contents.items()},
        tuple(test.id for test in listing.tests),
        again,
    )
    (ran,) = bench.run([trial])
    return ran


def by_name(ran):
    """Return statuses by the last part of the id."""
    return {last(name): it.status.value for name, it in ran.outcomes.items()}


def last(name):
    return name.replace("::", ".").rpartition(".")[2]


def looks(root):
    """Return all that stands in a tree."""
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b""
        for path in sorted(root.rglob("*"))
    }


MIXED = f"""{HEAD}class MixedTest(unittest.TestCase):
    def test_passes(self):
        self.assertTrue(True)

    def test_fails(self):
        self.assertEqual(1, 2)

    def test_raises(self):
        raise SystemExit(0)

    def test_says_that_all_is_well(self):
        sys.stdout.write("OK")
        self.fail("no")
"""


@pytest.mark.parametrize("runner", by_default(*RUNNERS, first=2))
def test_failures_are_heard_whatever_the_exit_code_is(tmp_path, runner):
    files = {"tests/test_mixed.py": MIXED}
    root = tree(tmp_path, files)
    before = looks(root)
    with made(root, runner) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_raises": "failed",
        "test_says_that_all_is_well": "failed",
    }
    failure = next(it for name, it in ran.outcomes.items() if name.endswith("test_fails"))
    assert "1 != 2" in failure.tail
    assert str(tmp_path) not in failure.tail
    assert ran.loaded == {"tests/test_mixed.py"}
    assert looks(root) == before  # no .stestr, no caches, no compiled modules


DIES = f"""{HEAD}class DiesTest(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        os._exit(0)

    def test_c(self):
        self.fail("seen")

    def test_d(self):
        os.kill(os.getpid(), 9)

    def test_e(self):
        pass
"""


@pytest.mark.parametrize("runner", by_default(*RUNNERS))
def test_what_comes_after_a_test_that_ends_its_process_runs_again(tmp_path, runner):
    files = {"tests/test_dies.py": DIES}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files)
    ended = next(it for name, it in ran.outcomes.items() if name.endswith("test_b"))
    assert "ended" in ended.tail.splitlines()[-1]
    said = by_name(ran)
    if runner == ALONE and said["test_d"] == "failed":
        said["test_d"] = "died"  # an exit code, too
    assert said == {
        "test_a": "passed",
        "test_b": "died",
        "test_c": "failed",
        "test_d": "died",
        "test_e": "passed",
    }


HANGS = f"""{HEAD}class HangsTest(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        while True:
            print("." * 1000)
            time.sleep(0.01)

    def test_c(self):
        pass
"""


@pytest.mark.xdist_group("waiting")
@pytest.mark.parametrize("runner", by_default("unittest", "pytest", "stestr"))
def test_a_test_that_hangs_is_ended_and_the_others_run(tmp_path, runner):
    files = {"tests/test_hangs.py": HANGS}
    with made(tree(tmp_path, files), runner, timeout=10) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == {"test_a": "passed", "test_b": "timeout", "test_c": "passed"}
    ended = next(it for name, it in ran.outcomes.items() if name.endswith("test_b"))
    assert ended.tail.endswith("It took too long and was ended.")


FINE = f"""{HEAD}class FineTest(unittest.TestCase):
    def test_fine(self):
        pass
"""
SECOND = FINE.replace("Fine", "Second").replace("test_fine", "test_second")


NOWHERE = ("import nowhere\n", "No module named 'nowhere'")
FAULTS = [
    *((runner, *NOWHERE) for runner in WITH_ENDS[:2]),
    *(pytest.param(runner, *NOWHERE, marks=OTHER) for runner in WITH_ENDS[2:]),
    *(pytest.param(runner, "import os; os._exit(0)\n", "", marks=OTHER) for runner in WITH_ENDS),
    *(
        pytest.param(runner, "raise SystemExit(0)\n", "SystemExit", marks=OTHER)
        for runner in ("unittest", "pytest", SUBUNIT)
    ),
    ("unittest", "def broken(:\n", "SyntaxError"),
]


@pytest.mark.parametrize(("runner", "fault", "says"), FAULTS)
def test_a_module_that_cannot_be_loaded_hides_no_other(tmp_path, runner, fault, says):
    files = {"tests/test_fine.py": FINE, "tests/test_second.py": SECOND}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files, ("tests/test_second.py", fault + SECOND))
    assert {last(name): it.is_fine for name, it in ran.outcomes.items()} == {
        "test_fine": runner != "stestr" or "_exit" not in fault,  # it loads all modules at once
        "test_second": False,
    }
    wrong = next(it for it in ran.outcomes.values() if not it.is_fine)
    assert wrong.status in (Status.MISSING, Status.DIED, Status.FAILED)
    assert says in wrong.tail


@pytest.mark.parametrize("runner", by_default(*WITH_ENDS))
def test_a_test_that_is_no_more_there_is_missing(tmp_path, runner):
    files = {"tests/test_fine.py": FINE + "\n    def test_gone(self):\n        pass\n"}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files, ("tests/test_fine.py", FINE))
    assert by_name(ran)["test_fine"] == "passed"
    assert by_name(ran)["test_gone"] in ("missing", "failed")


def test_a_test_that_was_not_listed_is_missing(tmp_path):
    with made(tree(tmp_path, {"tests/test_fine.py": FINE})) as bench:
        (ran,) = bench.run([Trial({}, ("tests.test_fine.FineTest.test_fine",))])
    assert [it.status for it in ran.outcomes.values()] == [Status.MISSING]


FIXTURES = f"""{HEAD}class SetUpFails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError("no class")

    def test_set_up(self):
        pass


class SetUpSkips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("not here")

    def test_skipped(self):
        pass


class TearDownFails(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise ValueError("no end")

    def test_torn_down(self):
        pass


class Cleanup(unittest.TestCase):
    def test_cleaned(self):
        self.addCleanup(self.fail, "no cleanup")


class Parts(unittest.TestCase):
    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(1, number)

    @unittest.expectedFailure
    def test_expected(self):
        self.fail("as expected")

    @unittest.expectedFailure
    def test_unexpected(self):
        pass

    @unittest.skip("later")
    def test_later(self):
        pass

    def tearDown(self):
        sys.stdout = sys.stderr = open(os.devnull, "w")
        os.environ.clear()
        os.chdir("/")
"""
ENDS = {
    "test_set_up": "failed",
    "test_skipped": "skipped",
    "test_torn_down": "failed",
    "test_cleaned": "failed",
    "test_parts": "failed",
    "test_expected": "skipped",
    "test_unexpected": "failed",
    "test_later": "skipped",
}


@pytest.mark.parametrize("runner", by_default("unittest", "pytest", "stestr", JUNIT, first=2))
def test_fixtures_parts_and_expectations_count(tmp_path, runner):
    text = FIXTURES
    if runner == "stestr":  # its results go through what the tests replace here
        text = FIXTURES.replace("sys.stdout = sys.stderr = open", "open").replace("os.chdir", "str")
    files = {"tests/test_fixtures.py": text}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == ENDS


def test_a_module_whose_fixture_fails_fails_as_a_whole(tmp_path):
    files = {"tests/test_fine.py": f"{FINE}\n\ndef setUpModule():\n    raise ValueError('no')\n"}
    with made(tree(tmp_path, files)) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == {"test_fine": "failed"}


MARKED = f"""{HEAD}MARKS = __import__('fixtests_marks')
MARKS.hit(0)


class MarkedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        __import__('fixtests_marks').hit(1)

    def helper(self):
        __import__('fixtests_marks').hit(2)

    def test_one(self):
        self.helper()
        self.helper()

    def test_two(self):
        pass


class HeirTest(MarkedTest):
    def test_one(self):
        self.helper()
"""


@pytest.mark.parametrize("runner", by_default(*RUNNERS, first=2))
def test_marks_say_which_test_ran_what_and_how_often(tmp_path, runner):
    files = {"tests/test_marked.py": MARKED}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files)
    colons = runner in ("pytest", JUNIT)
    start = "tests/test_marked.py::" if colons else "tests.test_marked."
    one, two, its_one, its_two = (
        start + name.replace(".", "::" if colons else ".")
        for name in (
            *("MarkedTest.test_one", "MarkedTest.test_two"),
            *("HeirTest.test_one", "HeirTest.test_two"),
        )
    )
    assert ran.hits == {
        0: {"": 1},
        1: {one: 1, two: 1, its_one: 1, its_two: 1},
        2: {one: 2, its_one: 1},
    }


def test_marks_do_without_what_tests_replace(tmp_path):
    text = f"""{HEAD}import json
from unittest import mock


class ReplacedTest(unittest.TestCase):
    def test_replaced(self):
        nothing = mock.patch.multiple("os", open=None, write=None, close=None, getpid=None)
        with nothing, mock.patch("builtins.open", None), mock.patch.object(json, "dumps", None):
            with mock.patch.dict(os.environ, clear=True):
                __import__('fixtests_marks').hit(5)
"""
    files = {"tests/test_replaced.py": text}
    with made(tree(tmp_path, files)) as bench:
        ran = tried(bench, files)
    assert ran.hits == {5: {"tests.test_replaced.ReplacedTest.test_replaced": 1}}


LOADED = f"""{HEAD}class ScenarioTest(unittest.TestCase):
    name = ""

    def id(self):
        return f"{{super().id()}}({{self.name}})"

    def test_size(self):
        self.assertEqual(3, len(self.name))


def load_tests(loader, tests, pattern):
    for name in ("one", "two", "three"):
        test = ScenarioTest("test_size")
        test.name = name
        tests.addTest(test)
    return tests


class GeneratedTest(unittest.TestCase):
    pass


for number in range(3):
    setattr(GeneratedTest, f"test_{{number}}_of", lambda self, it=number: self.assertTrue(it))
"""


def test_generated_tests_and_scenarios_are_picked_by_their_ids(tmp_path):
    files = {"tests/test_loaded.py": LOADED}
    with made(tree(tmp_path, files)) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == {
        "test_size()": "failed",
        "test_size(one)": "passed",
        "test_size(two)": "passed",
        "test_size(three)": "failed",
        "test_0_of": "failed",
        "test_1_of": "passed",
        "test_2_of": "passed",
    }


SCENARIOS = """
import copy
import unittest


class ScenariosTest(unittest.TestCase):
    name = ""

    def run(self, result=None):
        if self.name:
            return super().run(result)
        for name in ("one", "two", "three"):
            test = copy.copy(self)
            test.name = name
            test.run(result)

    def id(self):
        return f"{super().id()}({self.name})" if self.name else super().id()

    def test_size(self):
        self.assertLess(len(self.name), 6)

    def test_short(self):
        __import__('fixtests_marks').hit(1)
        self.assertEqual(3, len(self.name))
"""


@pytest.mark.parametrize("runner", ["unittest", "stestr"])
def test_scenarios_that_a_test_runs_by_itself_count_for_it(tmp_path, runner):
    files = {"tests/test_scenarios.py": SCENARIOS}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files)
        assert bench.runs == 1
    assert by_name(ran) == {"test_size": "passed", "test_short": "failed"}
    assert ran.hits == {1: {"tests.test_scenarios.ScenariosTest.test_short": 3}}


PYTEST = """import pytest

MARKS = __import__('fixtests_marks')


@pytest.fixture(scope="module")
def shared():
    MARKS.hit(1)
    return 1


@pytest.fixture
def own():
    MARKS.hit(2)
    yield
    MARKS.hit(3)


@pytest.mark.parametrize("value", [1, 2])
def test_value(value, shared):
    assert value == shared


def test_other(own):
    pass


def test_third(shared):
    pass


@pytest.fixture
def broken():
    yield
    raise ValueError("at the end")


def test_torn_down(broken):
    pass


@pytest.mark.xfail
def test_expected():
    assert False


class TestOwner:
    class TestInner:
        def test_inner(self):
            pass
"""


def test_pytest_finds_functions_parameters_and_what_fixtures_do(tmp_path):
    files = {"tests/test_functions.py": PYTEST}
    with made(tree(tmp_path, files), "pytest") as bench:
        listing = bench.tests(list(files))
        ran = tried(bench, files)
    assert {(it.owner, it.name, it.path) for it in listing.tests} == {
        ("", "test_value", "tests/test_functions.py"),
        ("", "test_other", "tests/test_functions.py"),
        ("", "test_third", "tests/test_functions.py"),
        ("", "test_torn_down", "tests/test_functions.py"),
        ("", "test_expected", "tests/test_functions.py"),
        ("TestOwner.TestInner", "test_inner", "tests/test_functions.py"),
    }
    assert by_name(ran) == {
        "test_value[1]": "passed",
        "test_value[2]": "failed",
        "test_other": "passed",
        "test_third": "passed",
        "test_torn_down": "failed",
        "test_expected": "skipped",
        "test_inner": "passed",
    }
    hits = {
        mark: {last(name): times for name, times in it.items()} for mark, it in ran.hits.items()
    }
    assert hits == {
        1: {"test_value[1]": 1, "test_value[2]": 1, "test_third": 1},
        2: {"test_other": 1},
        3: {"test_other": 1},
    }


def test_options_of_the_project_do_not_end_a_run_early(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    extra = {"pytest.ini": "[pytest]\naddopts = -x -n2 --lf --strict-config\n"}
    files = {"tests/test_mixed.py": MIXED.replace("SystemExit(0)", "ValueError")}
    with made(tree(tmp_path, {**extra, **files}), "pytest") as bench:
        ran = tried(bench, files)
    assert by_name(ran)["test_passes"] == "passed"
    assert [it.status for it in ran.outcomes.values()].count(Status.FAILED) == 3


def test_plugins_that_the_project_turns_off_are_not_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    extra = {"pytest.ini": "[pytest]\naddopts = -p no:xdist -p no:cacheprovider\n"}
    files = {"tests/test_fine.py": FINE}
    with made(tree(tmp_path, {**extra, **files}), "pytest") as bench:
        assert by_name(tried(bench, files)) == {"test_fine": "passed"}


TESTTOOLS = """
import testtools
from testtools import content, matchers


class ToolsTest(testtools.TestCase):
    def test_passes(self):
        self.addDetail("log", content.text_content("noise"))

    def test_fails(self):
        self.addDetail("log", content.text_content("why"))
        self.assertThat(1, matchers.Equals(2))

    def test_expected(self):
        self.expectFailure("as expected", self.assertEqual, 1, 2)

    def test_unexpected(self):
        self.expectFailure("not so", self.assertEqual, 1, 1)

    def test_cleaned(self):
        self.addCleanup(self.fail, "no cleanup")

    def test_skipped(self):
        self.skipTest("later")

    def test_expects(self):
        self.expectThat(1, matchers.Equals(2))
"""


@pytest.mark.parametrize("runner", ["unittest", "stestr"])
def test_testtools_says_how_its_tests_ended(tmp_path, runner):
    files = {"tests/test_tools.py": TESTTOOLS}
    with made(tree(tmp_path, files), runner) as bench:
        ran = tried(bench, files)
    assert by_name(ran) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_expected": "skipped",
        "test_unexpected": "failed",
        "test_cleaned": "failed",
        "test_skipped": "skipped",
        "test_expects": "failed",
    }
    assert "1 != 2" in ran.outcomes["tests.test_tools.ToolsTest.test_fails"].tail


def test_what_runs_in_the_target_is_of_the_standard_library_and_of_old_pythons():
    ours = {path.stem: path for path in runners.SUPPORT.glob("fixtests_*.py")}
    assert {"fixtests_marks", "fixtests_events"} <= ours.keys()
    for path in ours.values():
        parsed = ast.parse(path.read_text(), feature_version=(3, 8))
        names = {
            name.partition(".")[0]
            for node in ast.walk(parsed)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or node.names[0].name]
        }
        assert names <= {*sys.stdlib_module_names, *ours, "pytest"}


def test_a_tree_that_cannot_be_copied_is_refused(tmp_path):
    root = tree(tmp_path, {"tests/test_fine.py": FINE})
    (tmp_path / "state").write_text("")
    with pytest.raises(BenchError, match="state: cannot be used: "), made(root):
        pass


def test_a_broken_conftest_makes_its_tests_missing_and_says_why(tmp_path):
    files = {"tests/test_fine.py": FINE, "tests/test_second.py": SECOND}
    with made(tree(tmp_path, {"tests/conftest.py": "", **files}), "pytest") as bench:
        ran = tried(bench, files, ("tests/conftest.py", "import nowhere\n"))
        assert bench.runs == 1
    assert by_name(ran) == {"test_fine": "missing", "test_second": "missing"}
    assert all("nowhere" in it.tail for it in ran.outcomes.values())


def test_listing_says_where_tests_stand_and_what_cannot_be_loaded(tmp_path):
    heir = "from tests.base import Case\n\n\nclass HeirTest(Case):\n    pass\n"
    files = {
        "tests/base.py": FINE.replace("FineTest", "Case"),
        "tests/test_heir.py": heir,
        "tests/test_broken.py": "import nowhere\n",
        "tests/test_ends.py": "import os\nos._exit(0)\n",
        "tests/test_skipped.py": "import unittest\nraise unittest.SkipTest('not here')\n",
    }
    with made(tree(tmp_path, files)) as bench:
        listing = bench.tests([name for name in files if "test_" in name])
    assert {(it.id, it.path, it.owner, it.name) for it in listing.tests} == {
        ("tests.test_heir.HeirTest.test_fine", "tests/test_heir.py", "HeirTest", "test_fine"),
        ("tests.base.Case.test_fine", "tests/base.py", "Case", "test_fine"),
    }
    assert "nowhere" in listing.failed.pop("tests/test_broken.py")
    assert listing.failed.pop("tests/test_skipped.py") == "not here"
    assert list(listing.failed) == ["tests/test_ends.py"]


def test_files_of_one_name_in_folders_without_packages_are_told_apart(tmp_path):
    files = {
        "a/test_same.py": "from beside import VALUE\n" + FINE,
        "a/beside.py": "VALUE = 1\n",
        "b/test_same.py": FINE.replace("pass", "self.fail()"),
    }
    with made(tree(tmp_path, files)) as bench:
        listing = bench.tests(["a/test_same.py", "b/test_same.py"])
        (ran,) = bench.run([Trial({}, tuple(it.id for it in listing.tests))])
    assert not listing.failed
    paths = {it.id: it.path for it in listing.tests}
    assert {paths[name]: it.status.value for name, it in ran.outcomes.items()} == {
        "a/test_same.py": "passed",
        "b/test_same.py": "failed",
    }


@pytest.mark.parametrize("runner", by_default("unittest", "pytest"))
def test_a_change_of_one_byte_within_a_second_is_run(tmp_path, runner):
    text = "from tests import values\n" + FINE.replace("pass", "self.assertEqual(1, values.VALUE)")
    files = {"tests/test_fine.py": text, "tests/values.py": "VALUE = 0\n"}
    expected = {0: "failed", 1: "passed", 2: "failed"}
    with made(tree(tmp_path, files), runner) as bench:
        (test,) = bench.tests(["tests/test_fine.py"]).tests
        values = [1, 0, 1, 2, 1]
        trials = [
            Trial({"tests/values.py": f"VALUE = {value}\n".encode()}, (test.id,), number)
            for number, value in enumerate(values)
        ]
        found = [ran.outcomes[test.id].status.value for ran in bench.run(trials)]
        (base,) = bench.run([Trial({}, (test.id,))])
    assert found == [expected[value] for value in values]
    assert base.outcomes[test.id].status == Status.FAILED


def test_what_tests_leave_in_a_copy_is_gone_for_the_next(tmp_path):
    text = f"""{HEAD}class LeavesTest(unittest.TestCase):
    def test_leaves(self):
        self.assertEqual("kept", open("tests/given").read())
        self.assertEqual("kept", open("tests/removed").read())
        self.assertFalse(os.path.exists("left") or os.path.exists(".cache/left"))
        for name in ("left", "tests/given"):
            with open(name, "w") as stream:
                stream.write("lost")
        os.makedirs(".hypothesis/left")
        os.remove("tests/removed")
        os.symlink("/", "tests/all")

    def test_no_cache(self):
        self.assertFalse(os.path.exists(".hypothesis"))
"""
    files = {"tests/test_leaves.py": text}
    root = tree(tmp_path, {"tests/given": "kept", "tests/removed": "kept", **files})
    before = looks(root)
    with made(root) as bench:
        first, second = tried(bench, files), tried(bench, files, again=1)
    assert by_name(first) == {"test_leaves": "passed", "test_no_cache": "failed"}
    assert by_name(second) == by_name(first)
    assert looks(root) == before
    assert not list((tmp_path / "state/copies").iterdir())


def environment(folder, root):
    """Make a virtual environment in which the sources of a tree are installed as editable."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    ours = [item for item in sys.path if item.endswith("-packages")]
    (packages / "project.pth").write_text("\n".join([str(root / "src"), *ours]) + "\n")
    return str(folder / "bin/python")


@pytest.mark.parametrize(
    "runner", by_default("unittest", "pytest", "stestr", "python -m pytest --pyargs {modules}")
)
def test_an_editable_install_does_not_hide_the_copy(tmp_path, runner):
    files = {"src/pk/tests/test_fine.py": FINE}
    conf = {".stestr.conf": "[DEFAULT]\ntest_path=./src/pk/tests\ntop_dir=./src\n"}
    inits = {"src/pk/__init__.py": "", "src/pk/tests/__init__.py": ""}
    root = tree(tmp_path, {**inits, **conf, **files})
    python = environment(tmp_path / "environment", root)
    with made(root, runner, python=python) as bench:
        ran = tried(
            bench, files, ("src/pk/tests/test_fine.py", FINE.replace("pass", "self.fail()"))
        )
    assert by_name(ran) == {"test_fine": "failed"}
    assert ran.loaded == {"src/pk/tests/test_fine.py"}


FINDER = """
import importlib.util, sys


class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name == "tests":
            return importlib.util.spec_from_file_location(
                name, {folder!r} + "/__init__.py", submodule_search_locations=[{folder!r}]
            )


sys.meta_path.insert(0, Finder)
"""


def test_a_file_that_is_loaded_from_elsewhere_is_not_called_loaded(tmp_path):
    files = {"tests/test_fine.py": FINE}
    root = tree(tmp_path, files)
    (root / "sitecustomize.py").write_text(FINDER.format(folder=str(root / "tests")))
    with made(root) as bench:
        listing = bench.tests(["tests/test_fine.py"])
    assert "is loaded from" in listing.failed["tests/test_fine.py"]


def test_results_are_known_to_the_next_bench_and_forgotten_when_told(tmp_path):
    files = {"tests/test_mixed.py": MIXED, "tests/test_marked.py": MARKED}
    root = tree(tmp_path, files)
    with made(root) as bench:
        first = tried(bench, files)
        assert (bench.runs, bench.executions, bench.resumed) == (1, 8, 0)
    with made(root) as bench:
        second = tried(bench, files)
        assert (bench.runs, bench.executions, bench.resumed) == (0, 0, 8)
        assert tried(bench, files, again=1) == third(first)
        bench.forget()
    assert second == first
    with made(root) as bench:
        tried(bench, files)
        assert bench.resumed == 0
    (root / "tests/more.py").write_text("")
    with made(root) as bench:
        tried(bench, files)
        assert bench.resumed == 0


def test_only_tests_that_are_not_known_are_expected(tmp_path):
    files = {"tests/test_mixed.py": MIXED}
    root = tree(tmp_path, files)
    expected = []
    for _ in range(2):
        with made(root) as bench:
            names = [test.id for test in bench.tests(files).tests]
            bench.run([Trial({}, tuple(names))], expected.append)
    assert expected == [len(names), 0]


def third(ran):
    """Return what equals a run but for the seconds that it took."""
    return Alike(ran)


class Alike:
    def __init__(self, ran):
        self.ran = ran

    def __eq__(self, other):
        return by_name(self.ran) == by_name(other) and self.ran.hits == other.hits

    __hash__ = None


def test_slots_share_the_tests_of_trials_and_say_the_same(tmp_path):
    files = {
        "tests/test_mixed.py": MIXED,
        "tests/test_dies.py": DIES,
        "tests/test_marked.py": MARKED,
    }
    root = tree(tmp_path, files)
    ended = []
    with made(root) as bench:
        one = tried(bench, files)
        bench.forget()
    with made(root, slots=3, watch=lambda name, outcome: ended.append(name)) as bench:
        three = tried(bench, files)
        assert bench.runs >= 3
    assert by_name(one) == by_name(three)
    assert one.hits == {**three.hits, 0: {"": 1}}
    assert sorted(set(ended)) == sorted(ended)


SLOW = f"""{HEAD}import subprocess


class SlowTest(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        more = {{"start_new_session": True}}
        for options in ({{}}, more):
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
            child = subprocess.Popen(command, **options)
            with open(PIDS, "a") as stream:
                stream.write(f"{{child.pid}}\\n")
        with open(PIDS, "a") as stream:
            stream.write(f"{{os.getpid()}}\\nready\\n")
        WAIT
"""
SCRIPT = """
import sys
sys.path[:0] = {path!r}
import test_verify_bench as own
from pathlib import Path
with own.made(Path({root!r})) as bench:
    own.tried(bench, {files!r})
"""


def are_gone(pids):
    """Wait until processes are no more; tell whether they are."""
    for _ in range(200):
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
def test_a_kill_leaves_no_process_and_the_next_run_goes_on(tmp_path):
    noted = tmp_path / "pids"
    text = SLOW.replace("PIDS", repr(str(noted))).replace("WAIT", "time.sleep(600)")
    first = FINE.replace("FineTest", "AFirstTest")
    files = {"tests/test_a.py": first, "tests/test_slow.py": text}
    root = tree(tmp_path, files)
    code = SCRIPT.format(path=[str(SRC), str(Path(__file__).parent)], root=str(root), files=files)
    before = looks(root)
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True) as run:
        for _ in range(1200):
            if noted.exists() and noted.read_text().endswith("ready\n"):
                break
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGKILL)
    pids = [int(line) for line in noted.read_text().splitlines() if line.isdigit()]
    try:
        assert len(pids) == 3
        assert are_gone(pids)
    finally:
        for pid in pids:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    assert looks(root) == before
    with made(root) as bench:
        assert [item.name for item in (tmp_path / "state/copies").iterdir()] == [
            bench._folder.path.name
        ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
def test_what_tests_leave_running_is_ended(tmp_path):
    noted = tmp_path / "pids"
    text = SLOW.replace("PIDS", repr(str(noted))).replace("WAIT", "pass")
    files = {"tests/test_slow.py": text}
    with made(tree(tmp_path, files)) as bench:
        ran = tried(bench, files)
        pids = [int(line) for line in noted.read_text().splitlines() if line.isdigit()]
        assert are_gone(pids)
    assert by_name(ran) == {"test_a": "passed", "test_b": "passed"}


def test_what_was_found_out_before_an_error_is_kept(tmp_path):
    files = {"tests/test_fine.py": FINE, "tests/test_second.py": SECOND}
    root = tree(tmp_path, files)

    def fail(name, outcome):
        if "second" in name:
            raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt), made(root, watch=fail) as bench:
        listing = bench.tests(list(files))
        trials = [Trial({}, (test.id,)) for test in listing.tests]
        bench.run(trials)
    with made(root) as bench:
        bench.tests(list(files))
        found = bench.run(trials)
        assert (bench.resumed, bench.executions) == (1, 1)
    assert [status for ran in found for status in by_name(ran).values()] == ["passed", "passed"]
