"""What a name, a key or a text in one file shares with other files of a tree, and so stays."""

import pytest

from test_migrate import CODEMODS, Tree

SCRIPT = CODEMODS / "tenant_to_project.py"
CASE = "import unittest\n\n\nclass {name}(unittest.TestCase):\n\n"
HELPER = (
    CASE.format(name="BaseTest")
    + "    def _show(self, tenant_id=None, **given):\n        return tenant_id, given\n"
)
HEIR = (
    "from tests import test_base\n\n\nclass HeirTest(test_base.BaseTest):\n\n"
    "    def test_it(self):\n        self.assertTrue(self._show({call}))\n"
)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def run(tree, *options):
    return tree.command("migrate", str(SCRIPT), *options, str(tree.folder))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("tenant_id=1", "test_heir.py may name it in a call"),
        ("**{'a': 1}", "test_heir.py may name it in a call"),
        ("project_id=1", "test_heir.py may name it in a call"),
    ],
)
def test_parameter_that_another_file_names_stays(call, said, tree):
    tree.add("", "tests/__init__.py")
    path = tree.add(HELPER, "tests/test_base.py")
    tree.add(HEIR.format(call=call), "tests/test_heir.py")
    answer = run(tree, "--unsafe-fixes")
    assert said in answer.diff.decode()
    assert path.read_text() == HELPER


def test_parameter_that_other_files_give_by_its_place_is_renamed_with_a_look(tree):
    tree.add("", "tests/__init__.py")
    path = tree.add(HELPER, "tests/test_base.py")
    tree.add(HEIR.format(call="1"), "tests/test_heir.py")
    assert run(tree).code == 1
    assert path.read_text() == HELPER
    assert run(tree, "--unsafe-fixes").code == 0
    assert path.read_text() == HELPER.replace("tenant", "project")


ATTRIBUTE = CASE + (
    "    def setUp(self):\n        super().setUp()\n        self.tenant = 1\n\n"
    "    def test_it(self):\n        self.assertTrue(self.tenant)\n"
)


def test_attribute_that_a_class_of_another_file_has_stays(tree):
    tree.add("", "tests/__init__.py")
    path = tree.add(ATTRIBUTE.format(name="BaseTest"), "tests/test_base.py")
    heir = HEIR.format(call="self.tenant").replace("_show(self.tenant)", "tenant")
    other = tree.add(heir, "tests/test_heir.py")
    answer = run(tree, "--unsafe-fixes")
    assert "`HeirTest` has it, too" in answer.diff.decode()
    assert path.read_text() == ATTRIBUTE.format(name="BaseTest")
    assert other.read_text() == heir


@pytest.mark.parametrize(
    ("given", "kind"),
    [("", "safe"), ("helper.use(self)", "unsafe"), ("getattr(self, 'tenant')", "display")],
)
def test_attribute_is_safe_where_self_is_handed_to_nobody(given, kind, tree):
    text = ATTRIBUTE.format(name="OneTest").replace("self.assertTrue(", f"{given or 1}\n        (")
    path = tree.add(text)
    renamed = text.replace("self.tenant", "self.project")
    run(tree)
    assert path.read_text() == (renamed if kind == "safe" else text)
    run(tree, "--unsafe-fixes")
    assert path.read_text() == (text if kind == "display" else renamed)


def test_constant_that_another_file_takes_stays(tree):
    tree.add("", "tests/__init__.py")
    path = tree.add("TENANT = 1\nTENANTS = [TENANT]\n", "tests/test_base.py")
    tree.add("from tests import test_base\n\nx = test_base.TENANT\n", "tests/test_heir.py")
    answer = run(tree)
    assert "`TENANT` stays, 2 times: test_heir.py mentions it, too" in answer.diff.decode()
    assert path.read_text() == "TENANT = 1\nPROJECTS = [TENANT]\n"


@pytest.mark.parametrize("other", ["tests/fakes.py", "tests/test_other.py"])
def test_made_up_text_that_another_file_may_share_stays(other, tree):
    tree.add("", "tests/__init__.py")
    text = "from tests import fakes\n\nx = fakes.get('a', id='fake_tenant')\n"
    path = tree.add(text, "tests/test_one.py")
    shared = tree.add("ID = 'fake_tenant'\n", other)
    run(tree, "--unsafe-fixes")
    together = other == "tests/fakes.py"
    assert path.read_text() == (text if together else text.replace("tenant", "project"))
    assert shared.read_text() == f"ID = 'fake_{'tenant' if together else 'project'}'\n"


def test_files_that_are_no_tests_stay(tree):
    path = tree.add("def f():\n    tenant = 1\n    return tenant\n", "library.py")
    assert run(tree).said == "Nothing to fix.\n"
    assert "tenant = 1" in path.read_text()
