"""Suites of any size and many shapes, made for one rule each, and what they cost to look at.

A cost is a number of calls, of Python's functions and of C's: it is the same on every machine.
`python tests/growth.py [SHAPE...] [SIZE...]` prints costs, and processor time as well.
"""

from __future__ import annotations

import cProfile
import gc
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtests.model import FileResult
from fixtests.plan.plan import Plan
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session

CONFIGURATION = 'root = true\nprofile = "nova"\n\n[long-test]\nmax-lines = 8\n'
VERSIONS = "_MIN_API_VERSION = '2.1'\n_MAX_API_VERSION = '2.96'\n"
BASE = "ServersBase"
HEAD = """\
import time

import testtools

from nova.tests.functional import integrated_helpers


class ServersBase(integrated_helpers._IntegratedTestBase, testtools.TestCase):
    def build_server(self):
        return self.api.post_server({})

    def _create_server(self, **changes):
        return self.api.post_server(changes)

    def _wait_for_state_change(self, server, status):
        if self.api.get_server(server['id'])['status'] != status:
            self.fail('timed out')

    def _wait_for_action_fail_completion(self, server, action, event):
        self.assertIn((event, 'error'), self.api.get_instance_action_details(server['id'], action))
"""


def a_uuid(number: int) -> str:
    """Return a UUID that looks like one that somebody typed."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number)))


@dataclass(frozen=True)
class Kind:
    """What a rule finds: statements of a test; `{n}` is a number and `{uuid}` a UUID there.

    `value` is what is found inside of an expression, where that can be. `test` is what the name
    of each test ends in.
    """

    code: str
    statements: str
    value: str = ""
    test: str = ""

    def lines(self, number: int, depth: int = 8) -> list[str]:
        """Return the statements for a number, so deep."""
        text = self.statements.replace("{n}", str(number)).replace("{uuid}", a_uuid(number))
        return [f"{' ' * depth}{line}" if line else "" for line in text.splitlines()]


KINDS = (
    Kind("FT101", "self.api.attach({'volumeId': '{uuid}'})", value="{'volumeId': '{uuid}'}"),
    Kind(
        "FT102",
        "self.start_service('compute', host='host{n}')\n"
        "self.assertEqual('host{n}', server['OS-EXT-SRV-ATTR:host'])",
        value="self.start_service('compute', host='host{n}')",
    ),
    Kind(
        "FT201",
        "flavors{n} = self.api.get_flavors()\nself._resize_server(server, flavors{n}[1]['id'])",
        value="self.api.get_flavors()[1]['id']",
    ),
    Kind(
        "FT202",
        "servers{n} = self.api.get_servers()\n"
        "for server in servers{n}:\n    self.assertIn('image', server)",
    ),
    Kind(
        "FT301",
        "server{n} = self._create_server(networks='none')\n"
        "self.api.put_server(server{n}['id'], {'name': 'renamed'})",
    ),
    Kind(
        "FT401",
        "self.api.microversion = 'latest'\nserver{n} = self.api.get_server(server['id'])\n"
        "self.assertEqual('one', server{n}['name'])",
    ),
    Kind(
        "FT501",
        "server{n} = self._create_server(host='one', networks='none')\n"
        "self.api.post_server_action(server{n}['id'], {'os-migrateLive': {'host': 'two'}})\n"
        "self._wait_for_state_change(server{n}, 'ACTIVE')",
    ),
    Kind(
        "FT502",
        "server{n} = self._create_server(networks='none')\n"
        "self.api.post_server_action(server{n}['id'], {'rebuild': {'imageRef': self.image}})\n"
        "self._wait_for_state_change(server{n}, 'ACTIVE')",
        test="_fails",
    ),
    Kind(
        "FT503",
        "try:\n    self.assertEqual('SHUTOFF', self.show({n})['status'])\n"
        "except Exception:\n    pass",
    ),
    Kind(
        "FT504",
        "server{n} = self.api.get_server(server['id'])\n"
        "while server{n}['status'] != 'SHUTOFF':\n    time.sleep(1)\n"
        "    server{n} = self.api.get_server(server{n}['id'])",
    ),
    Kind(
        "FT601", "# Test that shelf {n} keeps its books\nself.api.put_shelf({n}, {'name': 'new'})"
    ),
    Kind(
        "FT602",
        "# Build shelf {n}\nwall{n} = self.build_wall({n})\nshelf{n} = self.build_shelf(wall{n})\n"
        "self.assertEqual(2, len(shelf{n}.books))\n\n"
        "# Move shelf {n}\nmove{n} = self.post_move(shelf{n})\n"
        "self.assertEqual('accepted', move{n}.status)\nmove{n} = self.wait(move{n})\n"
        "self.assertEqual('done', move{n}.status)\n",
    ),
    Kind(
        "FT603",
        "servers{n} = self.api.get_servers()\nself.assertEqual('one', servers{n}[0])\n"
        "self.assertEqual(len(servers{n}), {n})",
        value="self.assertEqual(len(self.api.get_servers()), {n})",
    ),
)


def many_tests(kind: Kind, count: int) -> str:
    """Return a class with so many tests, each with one finding."""
    return _in_class(_tests(kind, range(count)))


def one_long_test(kind: Kind, count: int) -> str:
    """Return one test that holds what is found so many times."""
    lines = [line for number in range(count) for line in kind.lines(number)]
    return _in_class([f"    def test_all{kind.test}(self):", _server(), *lines])


def one_long_class(kind: Kind, count: int) -> str:
    """Return one test with a finding, and a class around it with helpers that call each other."""
    lines = []
    for number in range(count):
        lines += [
            f"    def _helper_{number}(self, server):",
            f"        self.size_{number} = self.api.get_server(server['id'])",
            f"        self._helper_{number + 1}(self.size_{number})",
            "",
        ]
    lines += [f"    def _helper_{count}(self, server):"]
    lines += ["        self.assertEqual('ACTIVE', server['status'])", ""]
    first, *rest = _tests(kind, range(1))
    return _in_class([*lines, first, *rest, "        self._helper_0(server)"])


def helpers_and_tests(kind: Kind, count: int) -> str:
    """Return a class in which every test has a helper of its own that does what is found."""
    lines = []
    for number in range(count):
        lines += [f"    def _do_{number}(self, server):", *kind.lines(number), ""]
        lines += [f"    def test_{number}{kind.test}(self):", _server()]
        lines += [f"        self._do_{number}(server)", ""]
    return _in_class(lines)


def many_classes(kind: Kind, count: int) -> str:
    """Return so many classes with one test each."""
    lines = []
    for number in range(count):
        lines += [f"class Case{number}Test({BASE}):", *_tests(kind, range(number, number + 1)), ""]
    return HEAD + "\n".join(lines)


def one_deep_hierarchy(kind: Kind, count: int) -> str:
    """Return classes that inherit from each other in a line, each with one test."""
    lines = []
    for number in range(count):
        lines += _heir(kind, number, f"Case{number - 1}Test" if number else BASE)
    return HEAD + "\n".join(lines)


def many_bases(kind: Kind, count: int) -> str:
    """Return one test whose class has so many bases."""
    lines = []
    for number in range(count):
        lines += [
            f"class Mixin{number}:",
            f"    def _help_{number}(self):\n        return {number}",
        ]
    bases = ", ".join([*(f"Mixin{number}" for number in range(count)), BASE])
    lines += [f"class CaseTest({bases}):", *_tests(kind, range(1))]
    return HEAD + "\n".join(lines) + "\n"


def one_long_expression(kind: Kind, count: int) -> str:
    """Return one test with one expression of so many parts, in each of which something is found."""
    value = kind.value or "self.api.get_server({n})['name']"
    texts = (value.replace("{n}", str(n)).replace("{uuid}", a_uuid(n)) for n in range(count))
    parts = [f"            {text}," for text in texts]
    whole = ["        self.api.post_all([", *parts, "        ])"]
    return _in_class([f"    def test_all{kind.test}(self):", _server(), *kind.lines(0), *whole])


def one_long_setup(kind: Kind, count: int) -> str:
    """Return so many tests, and what prepares each of them, which is as long."""
    lines = ["    def setUp(self):", "        super().setUp()"]
    lines += [f"        self.room_{number} = self.build_room({number})" for number in range(count)]
    return _in_class([*lines, "", *_tests(kind, range(count))])


SHAPES: dict[str, Callable[[Kind, int], str]] = {
    made.__name__: made
    for made in (
        many_tests,
        one_long_test,
        one_long_class,
        one_long_setup,
        helpers_and_tests,
        many_classes,
        one_deep_hierarchy,
        many_bases,
        one_long_expression,
    )
}


def _heir(kind: Kind, number: int, base: str) -> list[str]:
    """Return a class that prepares its tests and has one."""
    return [
        f"class Case{number}Test({base}):",
        f"    def setUp(self):\n        super().setUp()\n        self.size = {number}",
        "",
        *_tests(kind, range(number, number + 1)),
        "",
    ]


def _server() -> str:
    return "        server = self.build_server()"


def _in_class(lines: list[str]) -> str:
    return f"{HEAD}class ServersTest({BASE}):\n" + "\n".join(lines) + "\n"


def _tests(kind: Kind, numbers: range) -> list[str]:
    """Return tests with one finding each; `server` is bound in each of them."""
    lines = []
    for number in numbers:
        lines += [f"    def test_{number}{kind.test}(self):"]
        body = [*kind.lines(number), _server()]
        lines += [*(body if kind.code == "FT601" else [body[-1], *body[:-1]]), ""]
    return lines[:-1]


def write(root: Path, text: str) -> None:
    """Lay out a tree with one test file."""
    (root / "nova/api/openstack").mkdir(parents=True, exist_ok=True)
    (root / "tests").mkdir(exist_ok=True)
    (root / "fixtests.toml").write_text(CONFIGURATION)
    (root / "nova/api/openstack/api_version_request.py").write_text(VERSIONS)
    (root / "tests/test_sample.py").write_text(text)


def in_one_file(root: Path, kind: Kind, count: int) -> None:
    """Lay out a tree of so many classes that inherit from each other in a line, in one file."""
    write(root, one_deep_hierarchy(kind, count))


def in_a_file_each(root: Path, kind: Kind, count: int) -> None:
    """Lay out a tree of so many classes that inherit from each other in a line."""
    write(root, one_deep_hierarchy(kind, 1))
    (root / "tests/__init__.py").touch()
    for number in range(1, count):
        above = f"test_case{number - 1}" if number > 1 else "test_sample"
        lines = [f"from tests import {above}", "", ""]
        lines += _heir(kind, number, f"{above}.Case{number - 1}Test")
        (root / f"tests/test_case{number}.py").write_text("\n".join(lines))


def look(root: Path, code: str) -> list[FileResult]:
    """Look for what one rule finds in a tree, place all its fixes, and make their diff."""
    session = Session(Request((root,), select=(code,), unsafe_fixes=True))
    results = list(one_file.run(session, session.files(), lambda: None))
    for write in Plan.build(results).writes:
        write.content()
    return results


def calls(work: Callable[[], object]) -> int:
    """Return how many calls some work takes, of Python's functions and of C's."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def _print_costs(shapes: list[str], counts: list[int]) -> None:
    """Print what each rule takes for suites of some sizes: seconds of processor time, and calls."""
    for shape in shapes or SHAPES:
        for kind in KINDS:
            costs = [_cost(kind, shape, count) for count in counts or (100, 1000)]
            sys.stdout.write("\t".join([shape, kind.code, *costs]) + "\n")


def _cost(kind: Kind, shape: str, count: int) -> str:
    with TemporaryDirectory() as folder:
        write(Path(folder), SHAPES[shape](kind, count))
        gc.collect()
        gc.disable()  # as a run does
        begun = time.process_time()
        results = look(Path(folder), kind.code)
        seconds = time.process_time() - begun
        gc.enable()
        number = calls(lambda: look(Path(folder), kind.code))
    said = "".join(item.detail for item in results)
    return f"{count}: {seconds:.2f} s, {number} calls{said and f' ({said})'}"


if __name__ == "__main__":
    names = [item for item in sys.argv[1:] if item in SHAPES]
    _print_costs(names, [int(item) for item in sys.argv[1:] if item.isdecimal()])
