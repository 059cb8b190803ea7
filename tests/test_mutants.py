"""Mutants: made for every fix, no larger than they have to be, and run where tests can be run."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import executed
from fixtests.model import Edit, Span
from fixtests.plan.plan import Plan
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.rules.mutant import Expected, Mutant
from fixtests.run.request import Request
from fixtests.testing import samples
from fixtests.testing.roots import Root
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source
from fixtests.verify import mutants
from fixtests.verify.trial import Outcome, Ran
from fixtests.verify.trial import Status as Became
from inputs import KINDS, generate
from inputs.shapes import HELPERS

HERE = Path(__file__).resolve().parent
SUPPORT = Path(mutants.__file__).parent / "support"
HAVE = [rule for rule in registry.every() if type(rule).mutants is not Rule.mutants]
CODES = {rule.name: rule.code for rule in HAVE}
NOTES = ("failing", "returning")

pytestmark = pytest.mark.xdist_group("mutants")  # one worker makes and runs them all


def planned(results, first=1):
    """Return the mutants of some results, numbered one after the other."""
    held = {str(write.path): write.content() for write in Plan.build(results).writes}
    found = []
    for result in results:
        if result.result:
            found += mutants.planned(result, held[result.path], first + len(found))
    return found


@pytest.fixture(scope="module")
def of_samples(tmp_path_factory):
    """Return each sample's results with all fixes, the unsafe ones, too, and their mutants."""
    found = {}
    for sample in samples.every():
        if sample.rule in CODES:
            root = Root(sample.start, tmp_path_factory.mktemp("sample") / "root")
            results = samples.run(samples.request(root, sample.rule, unsafe_fixes=True))
            found[sample.name] = results, planned(results)
    return found


def test_five_rules_have_mutants():
    assert sorted(CODES.values()) == ["FT101", "FT102", "FT201", "FT301", "FT401"]


def test_every_fix_of_a_sample_has_a_mutant(of_samples):
    fixes, without = Counter(), []
    for name, (results, found) in of_samples.items():
        have = {(item.source.path, fix) for item in found for fix in item.fixes}
        for result in results:
            for finding in result.fixed:
                fixes[finding.code] += 1
                if (result.path, finding.fingerprint) not in have:
                    without.append((name, finding.message))
    assert without == []
    assert all(fixes[code] > 35 for code in CODES.values())


class Undone(ast.NodeTransformer):
    """Takes out of a module what mutants put in: statements, and what is noted."""

    def __init__(self):
        self.noting = self.raised = 0
        self.emptied = []

    def visit_Assign(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.List) and not node.value.elts:
            self.emptied.append(ast.unparse(node.targets[0]))
            return None
        return node

    def visit_Raise(self, node):
        if "raised to see" in ast.unparse(node):
            self.raised += 1
            return None
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Call(args=[ast.Constant(value="fixtests_mutants")])):
                assert node.func.attr in NOTES
                self.noting += 1
                return node.args[1]
        return node


def values_at(source, edits, tree):
    """Return a module's tree with a mark for what stands where some edits are."""
    spans = {Span(edit.start, edit.end) for edit in edits}

    class Marked(ast.NodeTransformer):
        def visit(self, node):
            if isinstance(node, ast.expr) and source.span(node) in spans:
                return ast.Constant("mark")
            return self.generic_visit(node)

    return ast.dump(Marked().visit(tree))


def moved(edits):
    """Return the edits that undo some edits; they stand in order and touch nowhere."""
    grown, found = 0, []
    for edit in edits:
        size = len(edit.content.encode())
        found.append(Edit("", edit.start + grown, edit.start + grown + size, ""))
        grown += size - (edit.end - edit.start)
    return found


def test_mutants_of_values_change_literals_and_names_alone(of_samples):
    count = 0
    for _, found in of_samples.values():
        for item in found:
            if item.mutant.expects is Expected.PASS:
                (content,) = mutants.contents([item]).values()
                changed = Source.decode(item.source.path, content)
                edits = sorted(item.mutant.edits, key=lambda edit: edit.start)
                before = values_at(item.source, edits, item.source.parse())
                assert values_at(changed, moved(edits), changed.parse()) == before
                assert changed.utf8 != item.source.utf8
                assert len(changed.starts) <= len(item.source.starts)
                count += 1
    assert count > 150


def test_other_mutants_empty_a_list_or_raise_and_note_one_call(of_samples):
    seen = Counter()
    for _, found in of_samples.values():
        for item in found:
            if item.mutant.expects is not Expected.PASS:
                (content,) = mutants.contents([item]).values()
                undone = Undone()
                held = item.source.parse()
                emptied = Undone()
                emptied.visit(held)  # lists that the sample itself empties
                tree = undone.visit(ast.parse(content))
                assert ast.dump(tree) == ast.dump(held)
                more = len(undone.emptied) - len(emptied.emptied)
                said = (item.mutant.expects, more, undone.raised, undone.noting)
                seen[said] += 1
                assert content.count(b"\n") == item.source.content.count(b"\n")
    assert set(seen) == {(Expected.FAILURE, 1, 0, 1), (Expected.NOTE, 0, 1, 1)}
    assert min(seen.values()) > 80


def test_mutants_of_one_sample_can_be_tried_together(of_samples):
    for _, found in of_samples.values():
        groups = mutants.grouped(found, lambda item: frozenset(item.fixes))
        assert Counter(it for group in groups for it in group) == Counter(found)
        for group in groups:
            for content in mutants.contents(group).values():
                ast.parse(content)
        assert mutants.grouped(found, lambda item: frozenset(["one"])) == [[it] for it in found]


# Tests run.


def lay_out(text, root):
    ignored = shutil.ignore_patterns("test_*.py", "__pycache__")
    shutil.copytree(executed.TREE, root, ignore=ignored, copy_function=os.link)
    place = root / executed.PLACE
    place.write_text(text)
    return place


def fixed(folder, texts, **options):
    """Return the results of modules, each laid out in a tree of its own, with their fixes."""
    places = [lay_out(text, folder / str(number)) for number, text in enumerate(texts)]
    return samples.run(Request(paths=tuple(places), isolated=True, **options))


def run(folder, contents):
    """Run the tests of modules; return why each one failed, and what was noted, by number."""
    folder.mkdir()
    environment = {name: it for name, it in os.environ.items() if not name.startswith("PYTEST")}
    events = folder / "events"
    events.touch()
    places = [folder / f"module_{number}.py" for number in range(len(contents))]
    for place, content in zip(places, contents, strict=True):
        place.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-E", "-S", "-m", "in_memory.verdicts", str(executed.TREE), str(SUPPORT)],
        cwd=HERE,
        env=environment | {"FIXTESTS_EVENTS": str(events)},
        input="".join(f"{place}\n" for place in places),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    hits = {}
    for line in events.read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "hit":
            hits.setdefault(event["mark"], {})[event["test"]] = event["times"]
    return [json.loads(line) for line in done.stdout.splitlines()], hits


def tried(folder, texts, **options):
    """Return mutants of modules, what is said of each, and why tests fail with it.

    Of modules all of whose tests pass with their fixes.
    """
    found = planned(fixed(folder, texts, **options))
    plain, _ = run(folder / "plain", [item.source.content for item in found])
    changed, hits = run(folder / "changed", [content for it in found for content in content_of(it)])
    answers = []
    for item, before, after in zip(found, plain, changed, strict=True):
        if any(before.values()):
            continue
        became = {
            name: Outcome(Became.FAILED if why else Became.PASSED) for name, why in after.items()
        }
        assert list(after) == list(before)
        answers.append((item, item.verdict(Ran(became, hits), after), after))
    return answers


def content_of(item):
    return mutants.contents([item]).values()


@pytest.fixture(scope="module")
def of_inputs(tmp_path_factory):
    """Return what came of mutants of generated tests, one of each of some kinds."""
    noted = [kind for kind in KINDS if kind.rule in ("FT201", "FT301")]
    others = [kind for kind in KINDS if kind.rule in ("FT101", "FT102")]
    kinds = [*noted[::4], *others[::20]]
    texts = [item.text for item in generate(len(kinds), 1, kinds)]
    folder = tmp_path_factory.mktemp("inputs")
    return tried(folder, texts, select=tuple(CODES.values()), unsafe_fixes=True)


@pytest.mark.slow("four seconds; those of the samples always run")
def test_tests_with_an_empty_list_fail_in_the_assertion(of_inputs):
    answers = [it for it in of_inputs if it[0].mutant.expects is Expected.FAILURE]
    right = [failed for item, told, failed in answers if told == item.mutant.says]
    assert len(right) > 5
    for failed in right:
        assert any(re.match(r"AssertionError: 0 not greater than \d", it) for it in failed.values())
    for item, told, failed in answers:
        if told != item.mutant.says:  # nothing of the test comes to the guard
            assert told == "its guard cannot fail"
            assert not any(failed.values())
            assert " = []; " in item.source.utf8.decode() + next(iter(content_of(item))).decode()


def test_deletions_happen_where_a_test_ends_after_the_creation(of_inputs):
    answers = [it for it in of_inputs if it[0].mutant.expects is Expected.NOTE]
    told = Counter(said for _, said, _ in answers)
    assert told["its deletion happens"] > 4
    assert told["its deletion happens"] > 0.9 * len(answers)
    for _, said, failed in answers:
        if said == "its deletion happens":
            assert any("RuntimeError: raised to see" in why for why in failed.values())


def test_mutants_of_values_run(of_inputs):
    answers = [it for it in of_inputs if it[0].mutant.expects is Expected.PASS]
    assert len(answers) > 15
    for item, told, failed in answers:
        assert told == (item.mutant.says_not if any(failed.values()) else item.mutant.says)
        assert not any("NameError" in why for why in failed.values())


CASE = f"{HELPERS}\n\nclass OneTest(integrated_helpers._IntegratedTestBase):\n"
TEST = f"{CASE}    def test_one(self):\n"
VOLUME = "6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11"
TOLD = {
    "a guard": (
        f"{TEST}        servers = self.api.get_servers()\n        self.assertTrue(servers[0])\n",
        "its guard can fail",
    ),
    "a guard that nothing reaches": (
        f"{TEST}        servers = self.api.get_servers()\n        for _ in ():\n"
        "            self.fail(servers[1])\n",
        "its guard cannot fail",
    ),
    "a guard of what had no name": (
        f"{TEST}        self.assertTrue(self.api.get_servers()[0])\n",
        "its guard can fail",
    ),
    "a creation": (
        f"{TEST}        server = self._create_server()\n        self.assertTrue(server['id'])\n",
        "its deletion happens",
    ),
    "a client that comes later": (
        f"{TEST}        server = self._create_server()\n        self.client = self.api\n"
        "        self.client.get_server(server['id'])\n",
        "its deletion happens",
    ),
    "a value that nothing depends on": (
        f"{TEST}        self.api.post_server_volume('x', {{'volumeId': '{VOLUME}'}})\n",
        "the value does not matter",
    ),
    "a value that is looked at": (
        f"{TEST}        kept = dict(volume_id='{VOLUME}')\n"
        f"        self.assertIn('{VOLUME[-4:]}', kept['volume_id'])\n",
        "the value matters",
    ),
    "a host": (
        f"{CASE}    def setUp(self):\n        super().setUp()\n"
        "        self.start_service('compute', host='host1')\n\n"
        "    def test_one(self):\n        self.assertIsNotNone('host1')\n",
        "the value does not matter",
    ),
    "a version": (
        f"{TEST}        self.api.microversion = 'latest'\n        self.api.get_servers()\n",
        "also passes at 2.95",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_is_told_of_a_fix(case, tmp_path):
    text, expected = TOLD[case]
    answers = tried(tmp_path, [text], select=tuple(CODES.values()), unsafe_fixes=True)
    assert [told for _, told, _ in answers] == [expected]


# Words.


@pytest.mark.parametrize(
    ("expects", "passed", "noted", "said"),
    [
        (Expected.FAILURE, {"a": False}, {"a"}, "yes"),
        (Expected.FAILURE, {"a": False, "b": True}, {"a"}, "yes"),
        (Expected.FAILURE, {"a": True}, {"a"}, "no"),  # somebody swallowed it
        (Expected.FAILURE, {"a": True}, (), "no"),
        (Expected.FAILURE, {"a": False}, (), ""),  # it may have failed before it came there
        (Expected.FAILURE, {}, (), ""),
        (Expected.NOTE, {"a": False}, {"a"}, "yes"),
        (Expected.NOTE, {"a": True}, {"setUpClass (A)"}, "yes"),
        (Expected.NOTE, {"a": False}, (), "no"),
        (Expected.NOTE, {}, (), ""),
        (Expected.PASS, {"a": True, "b": True}, (), "yes"),
        (Expected.PASS, {"a": True, "b": False}, (), "no"),
        (Expected.PASS, {}, (), ""),
    ],
)
def test_verdict(expects, passed, noted, said):
    assert Mutant((), expects, "yes", "no").verdict(passed, noted) == said


def test_verdict_of_a_run_looks_at_the_tests_of_the_fix_that_came_to_an_end():
    mutant = Mutant((), Expected.PASS, "yes", "no")
    item = mutants.Planned(("f",), Source.decode("f.py", b""), mutant, 3)
    statuses = {"a": Became.PASSED, "b": Became.FAILED, "c": Became.TIMEOUT, "d": Became.MISSING}
    became = Ran({name: Outcome(status) for name, status in statuses.items()})
    assert item.verdict(became, ["a", "c", "d"]) == "yes"
    assert item.verdict(became, ["a", "b"]) == "no"
    assert item.verdict(became, ["c", "d", "e"]) == ""


REPEATED = f"""{CASE}    def test_one(self):
        self.api.post_server_volume('x', {{'volumeId': '{VOLUME}'}})
        self.api.post_server_volume('y', {{'volumeId': '{VOLUME}'}})

    def test_two(self):
        servers = self.api.get_servers()
        self.assertTrue(servers[0])

    def test_three(self):
        server = self._create_server()
        self.assertTrue(server['id'])
"""


def test_fixes_of_one_value_share_a_mutant_and_numbers_go_on(tmp_path):
    found = planned(fixed(tmp_path, [REPEATED], unsafe_fixes=True), first=7)
    assert [(len(it.fixes), it.number) for it in found] == [(2, 7), (1, 8), (1, 9)]


def test_mutants_need_no_data_of_the_findings(tmp_path):
    (result,) = fixed(tmp_path, [REPEATED], unsafe_fixes=True)
    bare = replace(result, fixed=tuple(replace(it, data={}) for it in result.fixed))
    assert [it.mutant for it in planned([bare])] == [it.mutant for it in planned([result])]


def test_file_that_holds_more_than_its_fixes_has_no_mutants(tmp_path):
    (result,) = fixed(tmp_path, [REPEATED], unsafe_fixes=True)
    (write,) = Plan.build([result]).writes
    assert mutants.planned(result, write.content() + b"# more\n", 1) == []


def test_mutants_are_grouped_so_that_no_test_comes_to_two(tmp_path):
    found = planned(fixed(tmp_path, [REPEATED], unsafe_fixes=True))
    tests = {1: frozenset("a"), 2: frozenset("b"), 3: frozenset("ac")}
    groups = mutants.grouped(found, lambda item: tests[item.number])
    assert [[it.number for it in group] for group in groups] == [[1, 2], [3]]
    (content,) = mutants.contents(groups[0]).values()
    assert content.count(b"fixtests_mutants") == 1
    assert VOLUME.encode() not in content


def test_fix_stands_where_later_rounds_have_moved_it(tmp_path):
    text = f"{TEST}        self.assertTrue(self.api.get_server_volumes('{VOLUME}')[0])\n"
    (result,) = fixed(tmp_path, [text], unsafe_fixes=True)
    assert [it.code for it in result.fixed] == ["FT201", "FT101"]
    (later,) = result.later
    (item,) = planned([result])
    first = arithmetic.compatible(result.fixed)[0]
    assert [it.fingerprint for it in first] == list(item.fixes)
    assert {it.code for it in later} | {it.code for it in first} == {"FT101", "FT201"}
