"""What is found in the bundled trees does not depend on any order, nor on what else is looked at.

benchmarks/rearrangements.py asks the same of real trees.
"""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import fixtests
from laid_out import KINDS, lay_out
from observed import Tool
from unchanging import REARRANGEMENTS, alone, compare, in_order, orders, rearrange

pytestmark = pytest.mark.xdist_group("unchanging")  # one process lays the trees out, once

SCRIPT = Path(__file__).parents[1] / "benchmarks/rearrangements.py"

# Five calls away from the client.
FAR = """\
class FarTest(object):

    def one(self):
        return self.two()

    def two(self):
        return self.three()

    def three(self):
        return self.four()

    def four(self):
        return self.api.shelves()

    def test_it(self):
        shelves = self.one()
        self.use(shelves[0])
"""
NEAR = """\
class NearTest(object):

    def test_it(self):
        shelves = self.api.shelves()
        self.use(shelves[0])
"""
CLIENT = """\
class TestOpenStackClient(object):

    def shelves(self):
        return self.api_get('/shelves').body['shelves']
"""
# A wait in the one branch tells nothing of the action in the other.
BRANCHES = """\
class MoveTest(object):

    def test_move(self):
        server = self._create_server()
        if self.live:
            self.api.post_server_action(
                server['id'], {'os-migrateLive': {'host': 'host2'}})
            self._wait_for_server_parameter(
                server, {'OS-EXT-SRV-ATTR:host': 'host2', 'status': 'ACTIVE'})
        else:
            self.api.post_server_action(server['id'], {'migrate': None})
            self._wait_for_migration_status(server, ['finished'])
"""

# Either of two actions is asked for.
REQUESTS = """\
class MoveTest(object):

    def test_move(self):
        \"\"\"A server is moved.\"\"\"
        server = self.servers['first']
        if self.live:
            request = {'os-migrateLive': {'host': 'host2'}}
        else:
            request = {'evacuate': {}}
        self.api.post_server_action(server['id'], request)
        server = self.api.get_server(server['id'])
        self.assertEqual('host2', server['OS-EXT-SRV-ATTR:host'])
"""


@pytest.fixture(
    scope="module",
    params=[
        ("reported",),
        pytest.param(KINDS, marks=pytest.mark.slow("all samples, four times as many")),
    ],
    ids="/".join,
)
def bundled(tmp_path_factory, request):
    """The demo and the samples as trees of one folder, their files, and what is found in them."""
    folder = tmp_path_factory.mktemp("bundled").resolve()
    roots = lay_out(folder, request.param)
    findings = Tool().findings(folder)
    assert len(findings) > 100 * len(request.param)
    return folder, roots, findings


@pytest.fixture
def planted(tmp_path):
    """A project of two tests that fetch the same, one of them through four helpers."""
    functional = tmp_path / "nova/tests/functional"
    (functional / "api").mkdir(parents=True)
    for folder in (tmp_path / "nova", tmp_path / "nova/tests", functional, functional / "api"):
        (folder / "__init__.py").touch()
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    (functional / "api/client.py").write_text(CLIENT)
    (functional / "test_far.py").write_text(FAR)
    (functional / "test_near.py").write_text(NEAR)
    return tmp_path


def names(root, folder):
    return [path.relative_to(folder).as_posix() for path in root.files]


class Loaded(Tool):
    """The tool of this checkout, from the process that has it loaded."""

    def run(self, folder, *arguments):
        done = fixtests(*arguments, folder=folder)
        assert done.code in (0, 1, 2), done.err
        return subprocess.CompletedProcess(arguments, done.code, done.out, done.err)


@pytest.fixture(scope="module")
def rearranged(bundled):
    """What the bundled trees lose and win by each rearrangement of all their files.

    Those in which nothing moved have the findings that they had: roots share nothing.
    """
    folder, roots, before = bundled
    paths = [path for root in roots for path in root.files]
    kept = {path: path.read_bytes() for path in paths}
    found = {}
    for name, change in REARRANGEMENTS.items():
        assert rearrange(paths, change) >= 5
        found[name] = compare(before, Tool().findings(folder)).differences
        for path, content in kept.items():
            path.write_bytes(content)
    return found


@pytest.mark.parametrize("name", REARRANGEMENTS)
def test_order_of_methods_and_of_branches_changes_nothing(rearranged, name):
    assert rearranged[name] == ()


def test_order_of_files_changes_nothing(bundled):
    folder, roots, before = bundled
    paths = [name for root in roots for name in names(root, folder)]
    for _, order in orders(paths, shuffles=0):
        assert in_order(Tool(), folder, order, before).differences == ()


@pytest.mark.slow("a process for each file of the largest sample")
def test_files_alone_have_the_findings_that_they_have_among_others(bundled):
    """Each is the only one of its root in some run; roots share nothing.

    A file that has a root of its own is alone in any case.
    """
    folder, roots, before = bundled
    shared = [own for root in roots if len(own := names(root, folder)) > 1]
    compared = 0
    for row in itertools.zip_longest(*shared):
        found = alone(Tool(), folder, [name for name in row if name], before)
        assert found.differences == ()
        compared += found.compared
    every = set(itertools.chain(*shared))
    assert compared == sum(item["path"] in every for item in before) > 40


def test_order_of_branches_that_each_act_changes_nothing(tmp_path):
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    path = tmp_path / "test_move.py"
    path.write_text(BRANCHES)
    before = Loaded().findings(tmp_path)
    assert rearrange([path], REARRANGEMENTS["branches swapped"]) == 1
    assert compare(before, Loaded().findings(tmp_path)).differences == ()


def test_request_of_one_of_two_actions_names_both_whichever_comes_first(tmp_path):
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    path = tmp_path / "test_move.py"
    path.write_text(REQUESTS)
    (before,) = Loaded().findings(tmp_path)
    assert before["message"].startswith("after this live migration or evacuation the server's host")
    assert rearrange([path], REARRANGEMENTS["branches swapped"]) == 1
    (after,) = Loaded().findings(tmp_path)
    assert after["message"] == before["message"]


def test_order_of_files_whose_helpers_are_deep_changes_nothing(planted):
    paths = [f"nova/tests/functional/test_{name}.py" for name in ("far", "near")]
    before, after = (Loaded().findings(planted, order) for order in (paths, paths[::-1]))
    assert compare(before, after).differences == ()


def test_file_alone_has_the_findings_that_it_has_beside_deep_helpers(planted):
    before = Loaded().findings(planted)
    near = ["nova/tests/functional/test_near.py"]
    assert alone(Loaded(), planted, near, before).differences == ()


# A tool that flags what its first argument says, in files that it gets as `check` does.
FAKE = """\
import ast, json, pathlib, sys
kind, words = sys.argv[1], sys.argv[2:]
files = []
for path in map(pathlib.Path, words[words.index('--') + 1:]):
    files += sorted(path.rglob('*.py')) if path.is_dir() else [path]
found = []
for number, path in enumerate(files):
    nodes = list(ast.walk(ast.parse(path.read_text())))
    methods = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    branches = [node for node in nodes if isinstance(node, ast.If)]
    flagged = {
        'all methods': methods,
        'first method': methods[:1],
        'first branch': [branch.body[0] for branch in branches],
        'first file': methods if number == 0 else [],
        'company': methods if len(files) > 1 else [],
    }[kind]
    found += [
        {
            'code': 'X1', 'filename': str(path.resolve()), 'message': str(number),
            'location': {'row': node.lineno, 'column': node.col_offset + 1},
            'end_location': {'row': node.lineno, 'column': node.col_offset + 9},
            'applicability': 'safe', 'fix': None,
        }
        for node in flagged
    ]
print(json.dumps(found))
"""
SAMPLE = """\
class C:

    def first(self):
        if self.x:
            self.a()
        else:
            self.b()

    def other(self):
        pass
"""


@pytest.mark.parametrize(
    ("kind", "noticed"),
    [
        ("all methods", []),
        ("first method", ["methods reversed"]),
        ("first branch", ["branches swapped"]),
        ("first file", ["3 files backwards", "3 files alone"]),
        ("company", ["3 files alone"]),
    ],
)
def test_a_tool_that_depends_on_order_or_company_is_noticed(tmp_path, kind, noticed):
    (tmp_path / "fake.py").write_text(FAKE)
    (tmp_path / "tree/tests").mkdir(parents=True)
    for name in ("a", "b", "c"):
        (tmp_path / f"tree/tests/test_{name}.py").write_text(SAMPLE)
    tool = f"{sys.executable} {tmp_path / 'fake.py'} '{kind}'"
    done = subprocess.run(
        [sys.executable, SCRIPT, "tree", "tests", "--tool", tool, "--shuffles", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if "places compared" in line]
    told = [line for line in lines if "places compared, 0 differences" not in line]
    assert [line.partition(",")[0].partition(":")[0] for line in told] == noticed
    assert len(lines) == 1 + 2 + 2 + 1
    assert done.returncode == (1 if noticed else 0), done.stderr
