"""Which tests may run what a fix changes: in the class, its heirs, and who uses a helper."""

import pytest

from fixtests.model import Applicability, Edit, FileResult, Finding, Fix, Span, Status
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project
from fixtests.verify import selection, trial

BASE = """\
import unittest

LIMIT = 3
UNUSED = 4


def boot(test):
    return test.make()


class Base(unittest.TestCase):
    size = 1

    def setUp(self):
        self.seen = []

    def _wait(self):
        self.seen.append('wait')

    def _unused(self):
        self.seen.append('unused')

    def _hook(self):
        self.seen.append('hook')

    def make(self):
        self.seen.append('make')
"""
TEST_A = """\
from tests import base


class TestA(base.Base):

    def test_one(self):
        self.one = 1

    def test_one_more(self):
        self._wait()

    def test_two(self):
        self._help()

    def _help(self):
        return 'help'


class TestHeir(TestA):

    def test_two(self):
        self.heirs_two = 2

    def test_own(self):
        self.own = base.LIMIT


def test_function():
    assert base
"""
TEST_B = """\
import unittest

from tests.base import LIMIT as MOST
from tests.base import boot
import tests.base as everything


class TestB(unittest.TestCase):

    def test_limit(self):
        self.limit = MOST

    def test_boot(self):
        self.booted = boot(self)

    def test_none(self):
        self._wait(None)

    def _wait(self, other):
        self.waited = other


class TestC(everything.Base):

    def test_c(self):
        self.c = 1

    def _hook(self):
        super()._hook()
"""
FILES = {
    "tests/__init__.py": "",
    "tests/base.py": BASE,
    "tests/test_a.py": TEST_A,
    "tests/test_b.py": TEST_B,
}
TESTS = [
    *[("tests/test_a.py", "TestA", name) for name in ("test_one", "test_one_more", "test_two")],
    *[("tests/test_a.py", "TestHeir", name) for name in ("test_one", "test_one_more")],
    *[("tests/test_a.py", "TestHeir", name) for name in ("test_two", "test_own")],
    ("tests/test_a.py", "", "test_function"),
    *[("tests/test_b.py", "TestB", name) for name in ("test_limit", "test_boot", "test_none")],
    ("tests/test_b.py", "TestC", "test_c"),
]
OF_B = ("B.limit", "B.boot", "B.none", "C.c")
OF_A = {"A.one", "A.one_more", "A.two", "Heir.one", "Heir.one_more", "Heir.two", "Heir.own"}


@pytest.fixture
def project(tmp_path):
    return made(tmp_path, FILES)


def made(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Project(root, Profile())


def replacing(text, word, new="changed"):
    assert text.count(word) == 1
    return text.index(word), text.index(word) + len(word), new


def below(text, word, new):
    """Return an insertion of lines below the one in which a word stands."""
    assert text.count(word) == 1
    at = text.index("\n", text.index(word)) + 1
    return at, at, new


def reach_of(project, path, *changes):
    """Return what a fix reaches that consists of some changes; the last one is what is flagged."""
    place = str(project.root / path)
    edits = tuple(Edit(place, *change) for change in changes)
    span = Span(edits[-1].start, edits[-1].end)
    fix = Fix("Change.", Applicability.SAFE, edits)
    finding = Finding("FT000", "a", place, span, span, "a", fix.applicability, fix=fix)
    result = FileResult(place, "", Status.CHANGED, str(project.root), (finding,), (finding,))
    return selection.reached(project, result, finding)


def short(path, owner, name):
    return ".".join(filter(None, (owner.removeprefix("Test"), name.removeprefix("test_"))))


def reached(reach, tests=TESTS):
    """Return the tests that are reached, whose files are all to be listed."""
    found = [test for test in tests if reach.includes(trial.Test(".".join(test), *test))]
    assert {path for path, *_ in found} <= reach.paths
    return {short(*test) for test in found}


@pytest.mark.parametrize(
    ("path", "word", "expected"),
    [
        ("tests/test_a.py", "self.one = 1", {"A.one", "Heir.one"}),
        # an heir's own test of that name may call it
        ("tests/test_a.py", "self._help()", {"A.two", "Heir.two"}),
        ("tests/test_a.py", "self.heirs_two", {"Heir.two"}),
        ("tests/test_a.py", "assert base", {"function"}),
        ("tests/test_a.py", "'help'", {"A.two", "Heir.two"}),
        ("tests/test_b.py", "None", {"B.none"}),
        # of a base: all heirs, or those that a private helper is called by
        ("tests/base.py", "self.seen = []", OF_A | {"C.c"}),
        ("tests/base.py", "size = 1", OF_A | {"C.c"}),
        ("tests/base.py", "'make'", OF_A | {"C.c"}),
        ("tests/base.py", "'wait'", {"A.one_more", "Heir.one_more"}),
        # nobody is seen to call it: all
        ("tests/base.py", "'unused'", OF_A | {"C.c"}),
        ("tests/base.py", "'hook'", OF_A | {"C.c"}),
        # of a module
        ("tests/base.py", "3\n", {"Heir.own", "B.limit"}),
        ("tests/base.py", "4\n", set()),
        ("tests/base.py", "test.make()", {"B.boot"}),
        # a module's import: who uses what it binds
        ("tests/test_b.py", "LIMIT as MOST", {"B.limit"}),
    ],
)
def test_fix_reaches(project, path, word, expected):
    assert reached(reach_of(project, path, replacing(FILES[path], word))) == expected


@pytest.mark.parametrize(
    ("path", "word", "new", "expected"),
    [
        ("tests/test_a.py", "self.one = 1", "        self.more = 1\n", {"A.one", "Heir.one"}),
        ("tests/test_a.py", "def test_one(", "        self.more = 1\n", {"A.one", "Heir.one"}),
        ("tests/test_a.py", "self.one = 1", "    more = 1\n", OF_A),
        ("tests/test_a.py", "self.own = base.LIMIT", "        more()\n", {"Heir.own"}),
        ("tests/test_a.py", "assert base", "    more()\n", {"function"}),
        ("tests/base.py", "UNUSED = 4", "print()\n", {*OF_A, "function"} | set(OF_B)),
    ],
)
def test_lines_belong_to_what_they_are_added_to(project, path, word, new, expected):
    assert reached(reach_of(project, path, below(FILES[path], word, new))) == expected


@pytest.mark.parametrize(
    "added",
    [
        below(TEST_B, "import unittest", "import uuid\n"),
        below(TEST_B, "everything\n", "\nMORE = 1\n"),
        (TEST_B.index(" as MOST"), TEST_B.index(" as MOST"), ", more"),
    ],
)
def test_what_is_only_added_to_a_module_reaches_nothing(project, added):
    reach = reach_of(project, "tests/test_b.py", added, replacing(TEST_B, "None"))
    assert reached(reach) == {"B.none"}


def test_edits_of_other_files_reach_nothing(project):
    place = str(project.root / "tests/base.py")
    edits = Edit(place, 0, 6, "more"), Edit(str(project.root / "tests/test_b.py"), 0, 0, "")
    at = TEST_B.index("None")
    span = Span(at, at + 4)
    fix = Fix("Change.", Applicability.SAFE, edits[:1])
    path = str(project.root / "tests/test_b.py")
    finding = Finding("FT000", "a", path, span, span, "a", fix.applicability, fix=fix)
    result = FileResult(path, "", Status.CHANGED, str(project.root))
    assert reached(selection.reached(project, result, finding)) == {"B.none"}


def test_without_a_finding_it_is_all_that_uses_the_file(project):
    place = str(project.root / "tests/test_b.py")
    result = FileResult(place, "", Status.CHANGED, str(project.root))
    assert reached(selection.reached(project, result, None)) == set(OF_B)


@pytest.mark.parametrize(
    ("name", "is_reached"),
    [
        ("test_one", True),
        ("test_one[1-two]", True),
        ("test_one_1_of_some_data", True),
        ("test_one_more", False),
        ("test_one_more_1", True),  # of `test_one`, or of `test_one_more`
        ("test_two_1", False),
        ("test_made_up", True),
    ],
)
def test_tests_that_are_made_of_a_method_are_reached_with_it(project, name, is_reached):
    reach = reach_of(project, "tests/test_a.py", replacing(TEST_A, "self.one = 1"))
    assert reach.includes(trial.Test("a", "tests/test_a.py", "TestA", name)) == is_reached


MORE = {
    "tests/__init__.py": "",
    "tests/conftest.py": """\
import pytest


@pytest.fixture
def resource():
    return 'resource'


@pytest.fixture(autouse=True)
def always():
    yield 'always'
""",
    "tests/mixins.py": """\
class Mixin:
    def _shared(self):
        return 'shared'
""",
    "tests/names.py": """\
from tests.mixins import Mixin as Renamed

Alias = Renamed
""",
    "tests/tools.py": """\
def outer():
    return inner()


def inner():
    return 'inner'


def inner_twice(made=inner):
    return made()
""",
    "tests/test_d.py": """\
import unittest

from tests.names import *
from tests import tools


class TestD(Alias, unittest.TestCase):

    def test_shared(self):
        self._shared()

    def test_tools(self):
        tools.outer()

    def test_other(self):
        self.test_shared()

    def test_twice(self):
        tools.inner_twice()
""",
    "tests/test_e.py": """\
def test_resource(resource):
    assert resource


def test_plain():
    assert 'plain'
""",
}
MORE_TESTS = [
    *[
        ("tests/test_d.py", "TestD", f"test_{name}")
        for name in ("shared", "tools", "other", "twice")
    ],
    *[("tests/test_e.py", "", f"test_{name}") for name in ("resource", "plain")],
]
ALL = {short(*test) for test in MORE_TESTS}


@pytest.mark.parametrize(
    ("path", "word", "expected"),
    [
        ("tests/conftest.py", "'resource'", {"resource"}),
        ("tests/conftest.py", "'always'", ALL),
        ("tests/mixins.py", "'shared'", {"D.shared", "D.other"}),
        ("tests/names.py", "Alias = Renamed", {"D.shared", "D.tools", "D.other", "D.twice"}),
        ("tests/tools.py", "'inner'", {"D.tools", "D.twice"}),
        ("tests/test_d.py", "self._shared()", {"D.shared", "D.other"}),
        ("tests/test_e.py", "'plain'", {"plain"}),
    ],
)
def test_names_are_followed_wherever_they_lead(tmp_path, path, word, expected):
    project = made(tmp_path, MORE)
    reach = reach_of(project, path, replacing(MORE[path], word))
    assert reached(reach, MORE_TESTS) == expected


def test_only_files_within_both_reaches_are_listed():
    outer = selection.Reach(modules=frozenset({"tests/test_a.py"}))
    inner = selection.Reach(frozenset({"tests/test_a.py", "tests/test_b.py"}), within=outer)
    assert inner.paths == {"tests/test_a.py"}
