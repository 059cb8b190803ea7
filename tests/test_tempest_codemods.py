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
