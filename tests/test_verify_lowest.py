"""The lowest version that passes: found whatever the order, and in few runs."""

import math
import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import versioned
from conftest import fixtests
from fixtests.cli.run_command import collect
from fixtests.cli.verifying import Verifier
from fixtests.model import Proof, Verdict
from fixtests.plan.plan import Plan, fixing
from fixtests.report.screen import Screen
from fixtests.run import pool
from fixtests.run.request import Request
from fixtests.verify import lowest, units
from fixtests.verify.asking import Way
from fixtests.verify.lowering import Lowering
from fixtests.verify.lowest import Asked, Found
from fixtests.verify.pins import Pins
from tried import BAD, GOOD

MANY = 104  # versions


def searched(last, passes):
    """Search where `passes` tells whether a version passes; return the answer and what was asked.

    What is asked is a list for each round.
    """
    search, rounds = lowest.search(last), []
    answer = None
    while True:
        try:
            asked = search.send(answer)
        except StopIteration as ended:
            return ended.value, rounds
        rounds.append(asked)
        answer = [passes(version) for version in asked]


@given(st.integers(0, 200).flatmap(lambda last: st.tuples(st.just(last), st.integers(0, last))))
def test_any_lowest_version_is_found_and_both_neighbours_are_tried(drawn):
    last, first = drawn
    found, rounds = searched(last, lambda version: version >= first)
    assert found == Found(first)
    asked = Counter(version for its in rounds for version in its)
    assert first == 0 or asked[first - 1] == 2
    assert first == last or asked[first + 1] >= 1 or first + 1 == last
    assert sum(asked.values()) <= math.log2(last + 1) + 5


@given(st.lists(st.booleans(), max_size=40))
def test_what_is_found_passes_and_what_is_in_no_order_is_named_by_two_that_show_it(passing):
    last = len(passing)
    passing.append(True)
    found, rounds = searched(last, passing.__getitem__)
    assert passing[found.version]
    if found.passes is None:
        event("in order as far as was seen")
        asked = {version for its in rounds for version in its} | {last}
        assert all(passing[version] == (version >= found.version) for version in asked)
        assert found.version == 0 or not passing[found.version - 1]
        assert found.version == last or passing[found.version + 1]
    else:
        event("in no order")
        assert found.version == last
        assert found.passes < found.fails
        assert passing[found.passes]
        assert not passing[found.fails]


def test_a_version_that_fails_once_and_passes_then_is_not_sure():
    answers = {40: iter([False, True])}
    found, _ = searched(100, lambda version: next(answers.get(version, iter([version > 40]))))
    assert found == Found(100, 40, 40)


class Suite:
    """Classes with one test each, by the lowest version that it passes with; counts what is run.

    Tests in `together` run what several classes pin: they need the highest sum of their versions.
    """

    def __init__(self, first, together=()):
        self.first, self.together = first, dict(together)
        self.rounds = []

    def asked(self):
        found = {}
        for name in self.first:
            more = {test for test, (names, _) in self.together.items() if name in names}
            tests = frozenset({f"test {name}", *more})
            found[name] = Asked(MANY - 1, tests, tests)
        return found

    def run(self, runs):
        self.rounds.append(runs)
        return [{test: self.outcome(test, run.versions) for test in run.tests} for run in runs]

    def outcome(self, test, versions):
        name = test.removeprefix("test ")
        if name in self.first:
            fine = versions.get(name, MANY - 1) >= self.first[name]
        else:
            names, need = self.together[test]
            fine = sum(versions.get(name, MANY - 1) for name in names) >= need
        return GOOD if fine else BAD


def find(suite):
    return lowest.find(suite.asked(), suite.run, lambda line: None)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, MANY - 1), max_size=12))
def test_classes_with_tests_of_their_own_share_their_runs(first):
    suite = Suite(first)
    found = find(suite)
    assert {name: it.version for name, it in found.found.items()} == first
    # Two runs where neighbours, or the lowest and the middle, are tried at once, and the last one.
    assert found.runs <= 2 * (math.log2(MANY) + 4)
    assert len(suite.rounds) <= math.log2(MANY) + 4
    assert found.runs == sum(map(len, suite.rounds))
    assert found.executions == sum(len(run.tests) for its in suite.rounds for run in its)


def test_no_test_runs_with_two_versions_that_are_tried():
    suite = Suite({"a": 30, "b": 60}, {"both": (("a", "b"), 0)})
    found = find(suite)
    assert {name: it.version for name, it in found.found.items()} == {"a": 30, "b": 60}
    *searching, (last,) = suite.rounds
    assert all(len(run.versions) == 1 for its in searching for run in its)
    assert last.versions == {"a": 30, "b": 60}


def test_what_passes_alone_and_fails_beside_another_keeps_its_version():
    suite = Suite({"a": 30, "b": 60, "c": 7}, {"both": (("a", "b"), 150)})
    found = find(suite).found
    # Each of them may go down to 47, or 60, beside the highest of the other one, and not both.
    assert found["a"] == Found(MANY - 1, 47, 47)
    assert found["b"] == Found(MANY - 1, 60, 60)
    assert found["c"] == Found(7)


def test_a_test_that_is_skipped_or_not_seen_does_not_pass():
    asked = {"a": Asked(9, frozenset({"test"}), frozenset({"test"}))}
    assert lowest.find(asked, lambda runs: [{}] * len(runs), lambda line: None).found == {
        "a": Found(9)
    }


MINIMUM = ("--verify", "--microversion", "compute=minimum")
SERVICES = {"latest-microversion": ("compute",)}


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """The root of a suite whose classes need different versions."""
    monkeypatch.setenv("VERSIONED_RUNS", str(tmp_path / "runs"))
    versioned.write(tmp_path / "suite")
    return tmp_path / "suite"


def proved(root, *names):
    """Return the results of a run over some files, each class with its lowest version."""
    request = Request(tuple(root / f"demo/tests/test_{name}.py" for name in names), root=root)
    results, _ = collect(request, Screen("never"), partial(pool.run, jobs=1))
    return Verifier(request, Way(lowest=SERVICES)).proved(results, Screen("never"))


def pinned(text):
    """Return what a file asks for, in the order of its lines."""
    return re.findall(r"(?:microversion =|-Version':) '(.*?)'", text)


def test_each_class_has_the_lowest_version_that_its_tests_pass_with(suite, capsys):
    found = proved(suite, *versioned.EXPECTED)
    texts = {write.path.stem: write.content().decode() for write in Plan.build(found).writes}
    assert {name: pinned(texts[f"test_{name}"]) for name in versioned.EXPECTED} == {
        name: [version for version, _ in its] for name, its in versioned.EXPECTED.items()
    }
    for result in found:
        name = Path(result.path).stem.removeprefix("test_")
        assert result.fixed == result.findings
        assert [item.proof.verdict for item in result.fixed] == [Verdict.PROVED] * len(result.fixed)
        assert [item.proof.mutant for item in result.fixed] == [
            said for _, said in versioned.EXPECTED[name]
        ]
        # What is written is what the fixes say, as whoever takes one of them back relies on.
        assert fixing(result, result.fixed) == result
    told = capsys.readouterr().err
    assert "2 x not monotonic" in told
    for name in ("holes", "gap", "failing", "flaky"):
        ((version, said),) = versioned.EXPECTED[name]
        assert f"{name.title()}Test: {version} is pinned; {said}\n" in told
    runs, tests = map(int, re.search(r"8 of 10 classes: (\d+) runs of (\d+) tests", told).groups())
    assert runs <= 2 * (math.log2(MANY) + 4) + 2  # the heir is tried in runs of its own at times
    assert tests <= 11 * (math.log2(MANY) + 5)


class EndedError(Exception):
    """Somebody has ended a run."""


def test_a_search_that_was_ended_goes_on(suite, capsys, monkeypatch):
    def end(*arguments):
        raise EndedError("before the last run")

    confirm = lowest._confirm
    monkeypatch.setattr(lowest, "_confirm", end)
    with pytest.raises(EndedError, match="before the last run"):
        proved(suite, "some")
    monkeypatch.setattr(lowest, "_confirm", confirm)
    capsys.readouterr()
    (result,) = proved(suite, "some")
    ((_, said),) = versioned.EXPECTED["some"]
    assert [item.proof.mutant for item in result.fixed] == [said]
    ran, known = re.search(
        r"Ran (\d+) tests? by .*; (\d+) results known", capsys.readouterr().err
    ).groups()
    assert int(known) > 10
    assert int(ran) == 1  # with what was found


def lowered(root, services, later):
    """Return what is said, and the proof of the one fix, where nothing is to be run."""
    path = root / "demo/tests/test_some.py"
    results, session = collect(Request((path,), root=root), Screen("never"), pool.run)
    result = replace(results[0], later=(results[0].fixed,) if later else ())
    (unit,) = todo = units.divided([result])
    proofs = {unit.name: Proof(Verdict.PROVED, ("test",))}
    pins = Pins({"latest-microversion": services}, session.jobs.of)
    contents = units.Contents(todo, root)
    lowering = Lowering(pins, contents, {unit.name}, run_nothing, lambda line: None)
    lines = lowering.lower(todo, proofs, {unit.name: frozenset({"test"})}, {})
    assert contents.results({unit.name}) == [result]
    return lines, proofs[unit.name]


def run_nothing(trials):
    pytest.fail("there is nothing to run")


def test_a_file_whose_fixes_wait_for_one_another_keeps_its_version(suite):
    (line, _), proof = lowered(suite, ("compute",), later=True)
    assert line.endswith(f"SomeTest: 2.104 is pinned; {proof.mutant}")
    assert proof.mutant.startswith("lowest version not judged: not all fixes of its file")


def test_it_is_said_that_there_is_nothing_to_look_for(suite):
    lines, proof = lowered(suite, ("placement",), later=False)
    assert lines == ["No class is pinned whose lowest version could be looked for."]
    assert proof.mutant == ""


def test_the_lowest_version_is_written(suite):
    path = suite / "demo/tests/test_some.py"
    answer = fixtests(*MINIMUM, path, folder=suite)
    assert answer.code == 0, answer.err
    assert "1 x lowest version that passes." in answer.err
    assert pinned(path.read_text()) == ["2.26"]
    assert fixtests("undo", folder=suite).code == 0
    assert pinned(path.read_text()) == ["latest"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (MINIMUM[1:], "give --verify, or name a version"),
        (("plan", *MINIMUM[1:]), "which `fixtests --verify` does"),
        (("check", *MINIMUM[1:]), "give --verify"),
        (("baseline", "file.json", *MINIMUM[1:]), "give --verify"),
        ((*MINIMUM, "--interactive"), "leave one of them out"),
        (("--verify", "--microversion", "compte=minimum"), "did you mean 'compute'?"),
    ],
)
def test_a_lowest_version_that_nothing_can_find_is_refused(suite, arguments, said):
    answer = fixtests(*arguments, folder=suite)
    assert answer.code == 2
    assert answer.err.startswith("error: --microversion comp")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_configuration_that_asks_for_the_lowest_is_told_of_the_option(suite):
    (suite / "fixtests.toml").write_text("[latest-microversion]\ncompute = 'minimum'\n")
    answer = fixtests("check", folder=suite)
    assert answer.code == 2
    assert "--microversion compute=minimum --verify" in answer.err
