"""Generated tests, one of each kind, are run before and after their safe fixes, in memory.

`inputs/wrong_today.txt` lists the kinds that are wrong today, and how: whoever puts a kind right
takes its line out, which a test asks for.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import executed
from executed import Outcome
from fixtests.rules import registry
from fixtests.testing import samples
from fixtests.testing.roots import PROFILE, Root
from inputs import KINDS, generate
from inputs.shapes import HELPERS, Input
from sparse import sparse

HERE = Path(__file__).resolve().parent
SEED = 1
NAMES = [f"{kind.rule} {kind.name}" for kind in KINDS]
WRONG_TODAY = {
    name: verdict
    for line in (HERE / "inputs" / "wrong_today.txt").read_text().splitlines()
    for verdict, _, name in [line.partition(": ")]
}
NEWER = {"FT101 type parameter of the same name"}  # a kind that is Python from 3.12 on
SAMPLES_AT_LEAST = 6

pytestmark = pytest.mark.xdist_group("executed inputs")  # one worker makes and runs them all


QUICK = NAMES[::48]
OFTEN = "hundreds of small trees are fixed and run; one in forty-eight is with the other tests"


def outcomes_of(names):
    chosen = [kind for kind, name in zip(KINDS, NAMES, strict=True) if name in names]
    with tempfile.TemporaryDirectory() as folder:
        found = executed.check(list(generate(len(chosen), SEED, chosen)), Path(folder))
    return {f"{it.given.rule} {it.given.kind}": it for it in found}


@pytest.fixture(scope="module")
def quick():
    return outcomes_of({*QUICK})


@pytest.fixture(scope="module")
def others():
    return outcomes_of({*NAMES} - {*QUICK})


def named(name):
    if name not in WRONG_TODAY:
        return pytest.param(name, id=name)
    mark = pytest.mark.xfail(reason=WRONG_TODAY[name], raises=AssertionError)
    return pytest.param(name, marks=mark, id=name)


@pytest.mark.parametrize("name", [named(name) for name in QUICK])
def test_safe_fix_of_a_generated_test_breaks_nothing(name, quick):
    judge(name, quick[name])


@pytest.mark.slow(OFTEN)
@pytest.mark.parametrize("name", [named(name) for name in NAMES if name not in QUICK])
def test_safe_fix_of_any_other_generated_test_breaks_nothing(name, others):
    judge(name, others[name])


def judge(name, outcome):
    if outcome.answer["failed"] or not outcome.passed:
        raise RuntimeError(f"cannot tell: {outcome.answer['failed']}\n{outcome.given.text}")
    if name in WRONG_TODAY and outcome.verdict not in ("fine", WRONG_TODAY[name]):
        raise RuntimeError(f"wrong in another way: {outcome.verdict}, {outcome.broken}")
    assert outcome.verdict == "fine", f"{outcome.broken}\n{outcome.after}"


def test_each_line_of_what_is_wrong_today_names_a_kind():
    assert sorted(set(WRONG_TODAY) - set(NAMES) - NEWER) == []
    assert set(WRONG_TODAY.values()) <= set(executed.VERDICTS)
    assert len(NAMES) == len(set(NAMES))


def test_inputs_depend_on_seed_and_kind_alone_and_differ():
    first, again = (list(generate(600, 3, KINDS[:200])) for _ in range(2))
    assert first == again
    assert len({(it.kind, it.text) for it in first}) == len(first)
    fewer = list(generate(100, 3, KINDS[:100]))
    assert fewer == first[:100]
    assert list(generate(100, 4, KINDS[:100])) != fewer


def test_kind_that_has_no_more_inputs_ends():
    (kind,) = [it for it in KINDS if it.name == "length expected in a try"]
    assert 1 < len(list(generate(100_000, 1, [kind]))) < 100_000


@pytest.mark.slow("the world of stand-ins runs all samples with the other tests")
def test_safe_fixes_break_no_sample_that_runs_in_memory(tmp_path):
    codes = {rule.name: rule.code for rule in registry.every()}
    given = []
    for sample in samples.every():
        text = sample.start.read_text() if sample.start.is_file() else "# profile: none\n"
        if sample.kind == "before" and not PROFILE.match(text):
            root = Root(sample.start, tmp_path / sample.name)
            text = (root.folder / "tests" / "test_sample.py").read_text()
            given.append(Input(codes[sample.rule], sample.name, text))
    found = executed.check(given, tmp_path / "run")
    assert [(it.given.kind, it.broken) for it in found if it.broken or it.thrown_away] == []
    assert sum(bool(it.passed and it.fixes) for it in found) >= SAMPLES_AT_LEAST


CASE = f"{HELPERS}\n\nclass OneTest(integrated_helpers._IntegratedTestBase):\n"
TEST = f"{CASE}    def test_one(self):\n"
SERVERS = f"{TEST}        servers = self.api.get_servers()\n"
SERVER = f"{TEST}        server = self._create_server()\n"
USED = "        self.assertTrue(server['id'])\n"
CLEANUP = "        self.addCleanup(self.api.delete_server, server['id'])\n"
DELETED = "        self.api.delete_server(server['id'])\n"
FIRST = "        self.assertTrue(servers[0])\n"
TWO = f"{USED}        self.api.get_flavors()\n        self.api.get_servers()\n"
BREAKS = {
    "a guard that asks for too much": (
        "FT201",
        SERVERS + FIRST,
        f"{SERVERS}        self.assertGreater(len(servers), 1)\n{FIRST}",
        "one lists: AssertionError: 1 not greater than 1",
    ),
    "a guard of what is reached sometimes": (
        "FT201",
        f"{SERVERS}        self.assertFalse(servers and servers[0]['x'])\n".replace(
            "['x']", " == 1"
        ),
        f"{SERVERS}        self.assertGreater(len(servers), 0)\n"
        "        self.assertFalse(servers and servers[0] == 1)\n",
        "0 not greater than 0",
    ),
    "a cleanup of what the test deletes": (
        "FT301",
        SERVER + DELETED,
        SERVER + CLEANUP + DELETED,
        "OpenStackApiException: DELETE",
    ),
    "a cleanup of what is locked": (
        "FT301",
        f"{SERVER}        self.api.post_server_action(server['id'], {{'lock': None}})\n",
        f"{SERVER}{CLEANUP}        self.api.post_server_action(server['id'], {{'lock': None}})\n",
        "409",
    ),
    "a deletion before the end": ("FT301", SERVER, SERVER + DELETED, "also test: DELETE"),
    "a module that does not load": ("FT101", SERVER, f"import missing\n{SERVER}", "ModuleNotFound"),
    "a test that is not run any more": (
        "FT601",
        SERVER,
        SERVER.replace("test_one", "not_a_test"),
        "is not run any more",
    ),
    "another assertion": (
        "FT101",
        SERVER + USED,
        f"{SERVER}        self.assertTrue(server['name'])\n",
        "asserts otherwise: also assertTrue('server')",
    ),
    "an assertion less": (
        "FT101",
        SERVER + USED,
        SERVER,
        "asserts otherwise: no longer assertTrue",
    ),
    "an assertion more": ("FT101", SERVER, SERVER + USED, "asserts otherwise: also assertTrue"),
    "another assert statement": (
        "FT101",
        f"{SERVER}        assert server['name'] == 'server'\n",
        f"{SERVER}        assert server['name']\n",
        "asserts otherwise: also assert 'server'",
    ),
    "a request more": (
        "FT201",
        SERVERS,
        f"{SERVERS}        self.api.get_servers()\n",
        "asks otherwise: also test: GET /v2.1/servers/detail?",
    ),
    "requests in another order": (
        "FT101",
        SERVER + TWO,
        f"{SERVER}{USED}        self.api.get_servers()\n        self.api.get_flavors()\n",
        "asks otherwise",
    ),
    "another argument": (
        "FT101",
        f"{TEST}        self.api.post_server_volume('x', {{'volumeId': 'a'}})\n",
        f"{TEST}        self.api.post_server_volume('x', {{'volumeId': 'A'}})\n",
        "asks otherwise",
    ),
    "another version": (
        "FT401",
        f"{TEST}        self.api.microversion = 'latest'\n        self.api.get_servers()\n",
        f"{TEST}        self.api.microversion = '2.1'\n        self.api.get_servers()\n",
        "asks otherwise",
    ),
    "a version that is read": (
        "FT401",
        f"{TEST}        self.api.microversion = 'latest'\n"
        "        self.assertIn(self.api.microversion, ('latest', None))\n",
        f"{TEST}        self.api.microversion = '2.96'\n"
        "        self.assertIn(self.api.microversion, ('latest', None))\n",
        "'2.96' not found",
    ),
    "something left behind": (
        "FT301",
        SERVER + CLEANUP,
        SERVER,
        "leaves 1 behind instead of 0",
    ),
    "a test that never ends": (
        "FT101",
        SERVER,
        f"{SERVER}        import time\n        while True:\n            time.sleep(1)\n",
        "HangsError",
    ),
    "a process that dies": (
        "FT101",
        SERVER,
        f"{SERVER}        import os\n        os._exit(1)\n",
        "is not run any more",
    ),
}
RIGHT = {
    "a guard": (
        "FT201",
        SERVERS + FIRST,
        f"{SERVERS}        self.assertGreater(len(servers), 0)\n{FIRST}",
    ),
    "a cleanup": ("FT301", SERVER + USED, SERVER + CLEANUP + USED),
    "a version": (
        "FT401",
        f"{TEST}        self.api.microversion = 'latest'\n        self.api.get_servers()\n",
        f"{TEST}        self.api.microversion = '2.96'\n        self.api.get_servers()\n",
    ),
    "a test that failed fails otherwise": (
        "FT101",
        f"{TEST}        self.fail('one')\n",
        f"{TEST}        self.fail('two')\n",
    ),
}


def compare(rule, before, after, folder):
    place = folder / "fixed.py"
    place.write_text(after)
    outcome = Outcome(Input(rule, "planted", before), after)
    executed.run([outcome], [place], 1)
    return outcome


@pytest.mark.parametrize("fault", sparse(BREAKS, 2, "other ways to break a test"))
def test_fix_that_breaks_a_test_is_seen(fault, tmp_path):
    rule, before, after, told = BREAKS[fault]
    outcome = compare(rule, before, after, tmp_path)
    assert outcome.verdict == "broken"
    assert [told in text for text in outcome.broken] == [True]


@pytest.mark.parametrize("form", RIGHT)
def test_fix_that_breaks_nothing_is_fine(form, tmp_path):
    outcome = compare(*RIGHT[form], tmp_path)
    assert outcome.verdict == "fine"
    assert outcome.passed == (0 if "failed" in form else 1)


# A tool that guards what is indexed, and cannot write the second of two files.
TOOL = """
import json
import sys
from pathlib import Path

files = [Path(name) for name in sys.argv[1:] if name.endswith(".py")]
if sys.argv[1] == "check":
    fix = {"applicability": "safe"}
    print(json.dumps([{"filename": str(file), "fix": fix} for file in files]))
else:
    lines = files[0].read_text().splitlines(keepends=True)
    lines.insert(-1, "        self.assertGreater(len(servers), 1)\\n")
    files[0].write_text("".join(lines))
    print(f"error: {files[1]}: line 1: wrong; please report this", file=sys.stderr)
"""


def test_wrong_fixes_of_a_tool_are_counted_and_shown(tmp_path):
    script = tmp_path / "tool.py"
    script.write_text(TOOL)
    given = [Input("FT201", kind, SERVERS + FIRST) for kind in ("one", "two")]
    found = executed.check(given, tmp_path, (sys.executable, str(script)))
    assert [it.verdict for it in found] == ["broken", "thrown away"]
    rows = [line.split() for line in executed.table(found)]
    assert rows[1][:6] == ["1", "1", "1", "1", "1", "0"]
    assert rows[2][:6] == ["1", "1", "1", "1", "0", "1"]
    assert ["kinds", "broken:", "1", "of", "2", "(FT201", "1)"] in rows
    (first, second) = executed.reproducers(found)
    assert first.startswith("=== FT201 one: broken\n    test_one, one lists: AssertionError: 1 not")
    assert second.startswith("=== FT201 two: thrown away\n    line 1: wrong\nfrom nova")


def test_guard_of_what_is_guarded_is_redundant():
    guards = "self.assertGreater(len(x), 0)\nself.assertGreater(len(x), 1)\n"
    doubled = Outcome(Input("FT201", "one", ""), guards)
    assert doubled.is_redundant
    assert not Outcome(Input("FT201", "one", guards), guards).is_redundant
    assert not Outcome(Input("FT201", "one", ""), guards.replace("x), 1", "y), 1")).is_redundant
    assert Outcome(Input("FT201", "redundant: one", ""), fixes=1).is_redundant


def test_script_runs_given_files_and_writes_what_is_wrong(tmp_path):
    (tmp_path / "given").mkdir()
    text = f"{SERVER}        end = self.api.get_server\n        end(server['id'])\n"
    (tmp_path / "given" / "ft301_kept.py").write_text(text)
    script = HERE.parent / "benchmarks" / "executed.py"
    options = ["--inputs", str(tmp_path / "given"), "--write", str(tmp_path / "wrong")]
    done = subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith("fine         ft301_kept\n")
    assert done.returncode == 0


def test_requests_are_answered_in_memory_one_line_each(tmp_path):
    place = tmp_path / "one.py"
    place.write_text(SERVER + USED)
    asked = {"before": str(place), "after": str(place), "rule": "FT301"}
    done = subprocess.run(
        [sys.executable, "-E", "-S", "-m", "in_memory", str(executed.TREE)],
        cwd=HERE,
        input=f"{json.dumps(asked)}\n" * 2,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert first["left"] == [4, 4]  # one with lists of each length
