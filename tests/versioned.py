"""A small suite whose classes ask a server in memory for its latest version, and what they need.

Each class is for one way in which the outcome of its tests hangs on the version.
"""

import sys
from pathlib import Path

HIGHEST = 104
SERVER = f"""\
HIGHEST = "2.{HIGHEST}"
PLACEMENT = "1.39"


class Client:
    microversion = None

    def get_servers(self):
        asked = HIGHEST if self.microversion == "latest" else self.microversion
        return int(asked.partition(".")[2])
"""
HEAD = """\
import unittest

from demo.server import Client


class Base(unittest.TestCase):
    microversion = None

    def setUp(self):
        self.api = Client()
        self.api.microversion = self.microversion


"""
BY_ATTRIBUTE = """\
class {name}Test(Base):
    microversion = 'latest'

    def test_need(self):
        self.assertIn(self.api.get_servers(), {need})

    def test_any(self):
        self.assertTrue(self.api.get_servers())
"""
IN_SETUP = """\
class {name}Test(Base):
    def setUp(self):
        super().setUp()
        self.api.microversion = 'latest'

    def test_need(self):
        self.assertIn(self.api.get_servers(), {need})
"""
FAILING = """\
class FailingTest(Base):
    microversion = 'latest'

    def test_fine(self):
        self.assertTrue(self.api.get_servers())

    def test_failing(self):
        self.assertEqual(0, self.api.get_servers())
"""
FLAKY = """\
import os


class FlakyTest(Base):
    microversion = 'latest'

    def test_flaky(self):
        with open(os.environ["VERSIONED_RUNS"], "a+") as stream:
            stream.write("x")
            stream.seek(0)
            self.assertEqual(1, len(stream.read()) % 2)

    def test_fine(self):
        self.assertTrue(self.api.get_servers())
"""
# Two tests of a class need two versions, and one of its heir runs what both classes pin.
TWICE = """\
class TwiceTest(Base):
    def test_more(self):
        self.api.microversion = 'latest'
        self.assertGreater(self.api.get_servers(), 30)

    def test_less(self):
        self.api.microversion = 'latest'
        self.assertGreater(self.api.get_servers(), 20)


class HeirTest(TwiceTest):
    def test_less(self):
        super().test_less()
        self.api.microversion = 'latest'
        self.assertGreater(self.api.get_servers(), 40)
"""
# The lowest version of a second service is not asked for.
PLACED = """\
class PlacedTest(Base):
    microversion = 'latest'

    def test_placed(self):
        headers = {'OpenStack-API-Version': 'placement latest'}
        self.assertNotIn("1.38", str(headers))
        self.assertGreater(self.api.get_servers(), 4)
"""
CLASSES = {
    "any": BY_ATTRIBUTE.format(name="Any", need="range(1, 200)"),
    "some": IN_SETUP.format(name="Some", need="range(26, 200)"),
    "most": BY_ATTRIBUTE.format(name="Most", need=f"[{HIGHEST}]"),
    "holes": BY_ATTRIBUTE.format(name="Holes", need="[*range(1, 20), *range(60, 200)]"),
    "gap": IN_SETUP.format(name="Gap", need=f"[13, *range(15, {HIGHEST + 1})]"),
    "failing": FAILING,
    "flaky": FLAKY,
    "twice": TWICE,
    "placed": PLACED,
}
NOT_JUDGED = "lowest version not judged: demo.tests.test_"
# What is pinned in each file, in the order of its lines, and what is said of it.
EXPECTED = {
    "any": [("2.1", "lowest version that passes: 2.1")],
    "some": [("2.26", "lowest version that passes: 2.26")],
    "most": [("2.104", "lowest version that passes: 2.104")],
    "holes": [("2.104", "not monotonic: passes at 2.1, fails at 2.52")],
    "gap": [("2.104", "not monotonic: passes at 2.13, fails at 2.14")],
    "failing": [
        ("2.104", f"{NOT_JUDGED}failing.FailingTest.test_failing fails without any fix"),
    ],
    "flaky": [("2.104", f"{NOT_JUDGED}flaky.FlakyTest.test_flaky is flaky")],
    "twice": [
        ("2.31", "lowest version that passes: 2.31"),
        ("2.31", "lowest version that passes: 2.31"),
        ("2.41", "lowest version that passes: 2.41"),
    ],
    "placed": [
        ("2.5", "lowest version that passes: 2.5"),
        ("placement 1.39", "1.39 is the lowest that passes"),
    ],
}
CONFIG = f"""\
root = true
profile = "nova"
select = ["FT401"]
verify.command = "unittest"
verify.python = "{sys.executable}"

[extend-profile.versions.compute]
file = "demo/server.py"
pattern = '^HIGHEST = "([0-9.]+)"'

[extend-profile.versions.placement]
file = "demo/server.py"
pattern = '^PLACEMENT = "([0-9.]+)"'
"""


def write(root: Path) -> None:
    """Write the suite below a root."""
    files = {
        "fixtests.toml": CONFIG,
        "demo/__init__.py": "",
        "demo/server.py": SERVER,
        "demo/tests/__init__.py": "",
        **{f"demo/tests/test_{name}.py": HEAD + text for name, text in CLASSES.items()},
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
