"""What is worked out about functions that call each other: the same whoever asks."""

import ast
import itertools
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fixtests.reasoning.summaries import Summaries
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree.trail import Memory, Trail
from generated import TIMES
from helper_graphs import trees


def found(root, paths):
    """Return what is found in each file, where files are looked at in an order."""
    session = Session(Request((root,), select=("ALL",), fix=False))
    results = list(one_file.run(session, paths, lambda: None))
    assert [item.detail for item in results if item.detail] == []
    return {
        item.path: sorted(
            (finding.code, finding.span.start, finding.applicability, finding.message)
            for finding in item.findings
        )
        for item in results
    }


@settings(max_examples=10 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees())
def test_order_and_company_of_files_change_no_finding(tree):
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in tree.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            ast.parse(text)
        paths = sorted(root.rglob("test_*.py"))
        together = found(root, paths)
        for code in {finding[0] for findings in together.values() for finding in findings}:
            event(code)
        for order in itertools.permutations(paths):
            for some in {order, order[:1], order[:2]}:
                assert found(root, some) == {str(path): together[str(path)] for path in some}


class Graph:
    """What each of some functions holds itself and whom it asks, summed up in sets."""

    def __init__(self, asked, own):
        self.asked, self.own = asked, own
        self.trail = Trail()
        project = SimpleNamespace(trail=self.trail, memory=Memory(self.trail))
        self.summaries = Summaries(project, "reached", frozenset(), frozenset.union)

    def ask(self, name):
        return self.summaries.ask(name, lambda: self._work(name))

    def _work(self, name):
        self.trail.look("file", str(name))
        return frozenset(self.own[name]).union(*map(self.ask, self.asked[name]))

    def looks(self, name):
        """Return what an answer that is known depends on."""
        self.trail.looked = 0
        self.ask(name)
        return {int(at) for _, at in self.trail.looks(self.trail.looked)}


@st.composite
def graphs(draw):
    """Return whom each of some functions asks; one ring of them is longer than Python's stack."""
    count = draw(st.sampled_from([1, 2, 5, 8, 40, 400]))
    some = st.lists(st.integers(0, count - 1), max_size=2)
    ring = draw(st.booleans())
    few = draw(st.dictionaries(st.integers(0, count - 1), some, max_size=10))
    return [[*([(name + 1) % count] if ring else []), *few.get(name, ())] for name in range(count)]


def reached(asked, name):
    seen, waiting = {name}, [name]
    while waiting:
        for other in asked[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


@settings(max_examples=15 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=graphs(), data=st.data())
def test_summaries_are_complete_and_depend_on_all_that_they_are_made_of(asked, data):
    names = range(len(asked))
    graph = Graph(asked, [{name} for name in names])
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4)):
        assert graph.ask(name) == reached(asked, name)
        assert graph.looks(name) == reached(asked, name)


def test_work_that_gives_less_for_more_ends():
    trail = Trail()
    summaries = Summaries(
        SimpleNamespace(trail=trail, memory=Memory(trail)), "flips", frozenset(), frozenset.union
    )

    def flip(name):
        return summaries.ask(
            name, lambda: frozenset() if flip("b" if name == "a" else "a") else frozenset({name})
        )

    assert flip("a") <= {"a", "b"}


def test_work_that_fails_leaves_nothing_half_known():
    graph = Graph([[1], [0]], [{0}, {1}])
    graph.own = [{0}, None]
    with pytest.raises(TypeError, match="NoneType"):
        graph.ask(0)
    graph.own = [{0}, {1}]
    assert graph.ask(0) == {0, 1}


def test_classes_that_inherit_from_each_other_have_one_order(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / "tests/one.py").write_text(
        "from tests import two\nclass One(two.Two):\n    pass\nclass Own(Own):\n    pass\n"
    )
    (tmp_path / "tests/two.py").write_text(
        "from tests import one\nclass Two(one.One, Outside):\n    pass\n"
    )
    orders = {}
    for first in ("tests.one.One", "tests.two.Two"):
        session = Session(Request((tmp_path,)))
        project = session.jobs.of(tmp_path / "tests/one.py").project
        names = [first, "tests.one.One", "tests.two.Two", "tests.one.Own"]
        found = [[item.name for item in project.mro(project.locate(name))] for name in names]
        orders[first] = found[1:]
    assert orders["tests.one.One"] == orders["tests.two.Two"]
    assert orders["tests.one.One"] == [
        ["One", "Two", "Outside"],
        ["Two", "One", "Outside"],
        ["Own"],
    ]


def test_names_that_imports_lead_in_a_circle_mean_nothing(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").write_text("from tests.built import built\n")
    (tmp_path / "tests/one.py").write_text("from tests.two import name, held\nbuilt = name\n")
    (tmp_path / "tests/two.py").write_text(
        "from tests.one import name\nfrom tests.three import *\nimport tests.three as three\n"
    )
    (tmp_path / "tests/three.py").write_text("from tests.two import three\nheld = 1\n")
    project = Session(Request((tmp_path,))).jobs.of(tmp_path / "tests/one.py").project
    assert project.locate("tests.built") is None
    assert project.locate("tests.one.name") is None
    assert project.locate("tests.one.held").name == "held"
    assert project.locate("tests.three.three.held").name == "held"
