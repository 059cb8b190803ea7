"""The scripts for tempest: what they need to see of a tree, and what they leave and why."""

import pytest

from test_migrate import CODEMODS, Tree

CONFIG = "cfg.StrOpt('resource_name_prefix')\nCONF = TempestConfigProxy()\n"
LIBRARY = "def rand_name(name='', prefix='tempest'):\n    return prefix + name\n"
HEAD = """from tempest import config
from tempest.lib.common.utils import data_utils

CONF = config.CONF


def test_shelf(*names, **kwargs):
    """


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


@pytest.fixture
def tempest(tree):
    """A small tempest."""
    tree.add(CONFIG, "tempest/config.py")
    for folder in ("", "api/", "lib/", "lib/common/", "lib/common/utils/", "tests/"):
        tree.add("", f"tempest/{folder}__init__.py")
    tree.add(LIBRARY, "tempest/lib/common/utils/data_utils.py")
    return tree


def prefixed(tree, text, *options, name="tempest/api/test_shelf.py"):
    path = tree.add(text, name)
    answer = tree.run(CODEMODS / "resource_name_prefix.py", *options)
    return path.read_text(), answer.diff.decode() + answer.said


def test_prefix_is_safe_where_the_tree_has_the_option(tempest):
    after, _ = prefixed(tempest, HEAD + "data_utils.rand_name('x')\n")
    assert after == HEAD + "data_utils.rand_name(prefix=CONF.resource_name_prefix, name='x')\n"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (HEAD + "data_utils.rand_name(*names)\n", "", "what it is given may hold one"),
        (HEAD + "data_utils.rand_name(**kwargs)\n", "", "what it is given may hold one"),
        (HEAD + "data_utils.rand_name('a'  # b\n  'c')\n", "", "a comment or a text of several"),
        (HEAD + "f\"{data_utils.rand_name('a')}\"\n", "", "it stands inside an f-string"),
        (HEAD + "data_utils.rand_name('a')\n", "tempest/lib/x.py", "must not read tempest's"),
        (HEAD + "data_utils.rand_name('a')\n", "tempest/tests/test_x.py", "a unit test creates no"),
        (
            "from oslo_config import cfg\n" + HEAD.replace("config.CONF", "cfg.CONF")
            + "data_utils.rand_name('a')\n",
            "",
            "`CONF` is something else in this file",
        ),
    ],
)  # fmt: skip
def test_call_that_is_left_is_said_to_be(tempest, text, name, said):
    after, told = prefixed(tempest, text, "--unsafe-fixes", name=name or "tempest/api/test_x.py")
    assert after == text
    assert said in told


def test_tempest_without_the_option_is_left(tempest):
    tempest.add(CONFIG.replace("resource_name_prefix", "other"), "tempest/config.py")
    after, told = prefixed(tempest, HEAD + "data_utils.rand_name('x')\n", "--unsafe-fixes")
    assert after == HEAD + "data_utils.rand_name('x')\n"
    assert "this tempest has no option resource_name_prefix" in told


@pytest.mark.parametrize(
    "text",
    [
        "X = data_utils.rand_name('x')\n",
        "class X:\n    x = data_utils.rand_name('x')\n",
        "def f(x=data_utils.rand_name('x')):\n    pass\n",
        "@f(data_utils.rand_name('x'))\ndef g():\n    pass\n",
    ],
)
def test_call_that_runs_on_import_is_unsafe(tempest, text):
    text = HEAD.partition("def")[0] + text
    after, told = prefixed(tempest, text)
    assert after == text
    assert "the configuration would be read on import" in told
    after, _ = prefixed(tempest, text, "--unsafe-fixes")
    assert "prefix=CONF.resource_name_prefix" in after


READER = """import tempest.test
from tempest import config

CONF = config.CONF


class ShelfTest(tempest.test.BaseTestCase):
    credentials = ['primary']

    @classmethod
    def setup_clients(cls):
        super(ShelfTest, cls).setup_clients()
        cls.client = cls.os_primary.shelves_client

    def test_shelf(self):
        self.client.show_shelf('x')
"""
HEIR = "\n\nclass BoardTest(ShelfTest):\n    @classmethod\n    def setup_clients(cls):\n        "


def read(tree, text, *options, name="tempest/api/compute/test_shelf.py"):
    path = tree.add(text, name)
    answer = tree.run(CODEMODS / "reader_personas.py", *options)
    return path.read_text(), answer.diff.decode() + answer.said


def test_reader_is_unsafe(tree):
    after, told = read(tree, READER)
    assert after == READER
    assert "a reader may do that, if the service's policy says so" in told


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("tempest/api/compute/test_x.py", "nova"),
        ("tempest/api/volume/admin/test_x.py", "cinder"),
        ("shelf_tempest_plugin/tests/test_x.py", "shelf"),
        ("neutron_tempest_plugin/scenario/test_x.py", "neutron"),
    ],
)
def test_folder_and_plugin_tell_the_service(tree, name, service):
    for folder in ("", "tests/"):
        tree.add("", f"shelf_tempest_plugin/{folder}__init__.py")
    for folder in ("", "scenario/"):
        tree.add("", f"neutron_tempest_plugin/{folder}__init__.py")
    tree.add("OptGroup(name='enforce_scope')\nBoolOpt('shelf')\n", "shelf_tempest_plugin/config.py")
    after, _ = read(tree, READER, "--unsafe-fixes", name=name)
    assert f"if CONF.enforce_scope.{service}:\n" in after
    assert "self.reader_client.show_shelf('x')" in after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (READER.replace("['primary']", "ASKED"), "are not a list that is known"),
        (READER.replace("['primary']", "['admin']"), "its credentials do not name primary"),
        (READER + HEIR + "cls.x = 1\n", "BoardTest has a setup_clients of its own, without"),
        (
            READER + HEIR + "super().setup_clients()\n        cls.client = 1\n",
            "binds `client`, too",
        ),
        (READER.replace("shelves_client\n", "shelves_client\n        return\n"), "ends early"),
        (READER.replace("config.CONF", "config.OTHER"), "`CONF` is something else in this file"),
    ],
)
def test_class_that_is_left_is_said_to_be(tree, text, said):
    after, told = read(tree, text, "--unsafe-fixes")
    assert after == text
    assert said in told


def test_service_that_nothing_tells_is_asked_for(tree):
    after, told = read(tree, READER, "--unsafe-fixes", name="tempest/scenario/test_x.py")
    assert after == READER
    assert "nothing tells the service; give --service" in told
