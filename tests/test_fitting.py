"""Which profile each file of a tree has, and what is said where none knows enough."""

import pytest

from conftest import fixtests
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree import fitting

PLUGIN = (
    "from tempest import test\n\n\nclass NetTest(test.BaseTestCase):\n\n"
    "    def test_rename(self):\n"
    "        network = self.networks_client.create_network(name='a')['network']\n"
    "        self.networks_client.update_network(network['id'], name='b')\n"
)
UNIT = (
    "from unittest import mock\n\nfrom oslotest import base\n\nfrom moon import networks\n\n\n"
    "class UnitTest(base.BaseTestCase):\n\n"
    "    def test_create(self):\n"
    "        client = mock.Mock()\n"
    "        client.networks_client.create_network(name='a')\n"
)
BASE = "from tempest import test\n\n\nclass Base(test.BaseTestCase):\n    pass\n"
HEIR = "from moon.tests import base\n\n\nclass OneTest(base.Base):\n    pass\n"
NOVA = "from nova import test\n\n\nclass OneTest(test.TestCase):\n    pass\n"
WIDGET = (
    "import unittest\n\n\nclass WidgetTest(unittest.TestCase):\n\n"
    "    def test_it(self):\n        self.client.create_widget(1)\n"
)
CALL = "self.networks_client.create_network"


def lay_out(root, files):
    """Write files below a root, with what makes their folders packages."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for folder in path.parents:
            if folder == root:
                break
            (folder / "__init__.py").touch()
    return root


def fit(root, name, settings=""):
    """Return the name of the profile that a file of a tree is looked at with."""
    (root / "fixtests.toml").write_text(f"root = true\n{settings}")
    path = root / name
    project = Session(Request(paths=(root,))).jobs.of(path).project
    if not fitting.may_differ(path.read_bytes(), project):
        return project.home.name
    return fitting.of_module(project.at(path), project)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PLUGIN, "tempest"),
        (PLUGIN.replace("from tempest import test", "import tempest.test as test"), "tempest"),
        (NOVA, "nova"),
        (UNIT, "openstack"),
        (
            "from tempest.tests import base\n\n\nclass OneTest(base.TestCase):\n    pass\n",
            "unittest",
        ),
        ("import openstack\n\n\ndef test_one():\n    openstack.connect()\n", "openstacksdk"),
        (
            "from unittest import mock\nfrom openstack import x\n\n\ndef test_one():\n    x()\n",
            "unittest",
        ),
        ("import openstackx\n\n\ndef test_one():\n    openstackx.connect()\n", "unittest"),
        (WIDGET, "unittest"),
    ],
)
def test_profile_of_a_file_is_that_of_what_it_reaches(tmp_path, text, name):
    lay_out(tmp_path, {"moon/tests/test_one.py": text})
    assert fit(tmp_path, "moon/tests/test_one.py") == name


def test_profile_is_reached_by_way_of_other_files(tmp_path):
    files = {
        "moon/tests/base.py": BASE,
        "moon/tests/test_one.py": HEIR,
    }
    assert fit(lay_out(tmp_path, files), "moon/tests/test_one.py") == "tempest"


def test_project_may_hold_a_plugin_of_another_one(tmp_path):
    files = {
        "nova/test.py": "import testtools\n\n\nclass TestCase(testtools.TestCase):\n    pass\n",
        "nova/tests/test_one.py": NOVA,
        "nova/tests/test_two.py": "from openstack import exceptions\n" + NOVA,
        "nova/tests/test_three.py": UNIT,
        "nova_tempest_plugin/base.py": BASE,
        "nova_tempest_plugin/tests/test_one.py": "from nova_tempest_plugin import base\n\n\n"
        "class OneTest(base.Base):\n    pass\n",
        "nova_tempest_plugin/tests/test_two.py": "from ..base import Base\n\n\n"
        "class TwoTest(Base):\n    pass\n",
    }
    lay_out(tmp_path, files)
    found = {name: fit(tmp_path, name) for name in files if "test_" in name}
    assert found == {
        "nova/tests/test_one.py": "nova",
        "nova/tests/test_two.py": "nova",
        "nova/tests/test_three.py": "nova",
        "nova_tempest_plugin/tests/test_one.py": "tempest",
        "nova_tempest_plugin/tests/test_two.py": "tempest",
    }


def test_profile_that_somebody_chose_holds_everywhere(tmp_path):
    lay_out(tmp_path, {"moon/tests/test_one.py": PLUGIN})
    assert fit(tmp_path, "moon/tests/test_one.py", 'profile = "cinder"\n') == "cinder"


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_files_of_two_profiles_are_checked_in_one_run(tmp_path, names):
    plugin, unit = names
    root = lay_out(
        tmp_path, {f"moon/tests/test_{plugin}.py": PLUGIN, f"moon/tests/test_{unit}.py": UNIT}
    )
    answer = fixtests("check", "--select", "FT301", "--output-format", "concise", ".", folder=root)
    assert answer.text.count("FT301") == 1
    assert f"test_{plugin}.py:7:19: FT301 `{CALL}` creates a network" in answer.text


def test_extension_is_added_to_each_profile(tmp_path):
    root = lay_out(tmp_path, {"moon/tests/test_one.py": PLUGIN.replace("_network(", "_crater(")})
    (root / "fixtests.toml").write_text(
        '[[extend-profile.resources]]\nname = "crater"\ncreate = ["create_crater"]\n'
        'deleters = "delete_crater"\n'
    )
    answer = fixtests("check", "--select", "FT301", folder=root)
    assert "creates a crater that nothing deletes" in answer.text


def test_profile_is_another_one_when_a_base_class_in_another_file_changes(tmp_path):
    test = PLUGIN.replace("from tempest import test", "from moon.tests import base")
    root = lay_out(
        tmp_path,
        {
            "moon/tests/base.py": BASE,
            "moon/tests/test_one.py": test.replace("test.BaseTestCase", "base.Base"),
        },
    )
    for _ in range(2):  # the second answer is kept
        assert CALL in fixtests("check", "--select", "FT301", folder=root).text
    (root / "moon/tests/base.py").write_text(
        BASE.replace("from tempest import test", "import unittest").replace(
            "test.Base", "unittest."
        )
    )
    assert fixtests("check", "--select", "FT301", folder=root).text == ""


def test_rule_without_anything_to_work_with_is_named_once(tmp_path):
    root = lay_out(
        tmp_path,
        {"moon/tests/test_one.py": WIDGET, "moon/tests/test_two.py": WIDGET},
    )
    for _ in range(2):  # of kept results, too
        answer = fixtests("check", folder=root)
        assert answer.err == (
            "Nothing to fix.\nFT301 had nothing to work with: no resource is known that tests "
            "create; name them as extend-profile.resources.\n"
        )
        assert answer.code == 0


def test_rule_that_found_something_had_something_to_work_with(tmp_path):
    client = (
        "class Client:\n\n"
        "    def create_widget(self, size):\n"
        "        return self.http.post('/widgets', {'size': size})\n\n"
        "    def delete_widget(self, widget):\n"
        "        return self.http.delete('/widgets/%s' % widget)\n"
    )
    own = WIDGET.replace(
        "import unittest\n", "import unittest\n\nfrom moon import client\n"
    ).replace("self.client.", "client.Client().")
    root = lay_out(tmp_path, {"moon/client.py": client, "moon/tests/test_one.py": own})
    answer = fixtests("check", "--select", "FT301", folder=root)
    assert "creates a widget that nothing deletes" in answer.text
    assert "had nothing to work with" not in answer.err
    assert "FT301 knows little here: no resource is known" in answer.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "self.api.microversion = 'latest'",
            "FT401 knows little here: no API version was found in this tree",
        ),
        (
            "self.admin.migrate_server('a')",
            "FT501 had nothing to work with: no asynchronous action is known",
        ),
    ],
)
def test_rule_says_what_nobody_named(tmp_path, body, said):
    text = WIDGET.replace("self.client.create_widget(1)", body)
    root = lay_out(tmp_path, {"moon/tests/test_one.py": text})
    err = fixtests("check", "--select", said.partition(" ")[0], folder=root).err
    assert err.count(said) == 1


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({"moon/tests/test_one.py": WIDGET.replace("create_widget", "get_widget")}, ""),
        ({"moon/tests/test_one.py": WIDGET, "moon/tests/test_two.py": PLUGIN}, ""),
        ({"moon/tests/test_one.py": WIDGET, "moon/code.py": ""}, 'profile = "tempest"\n'),
        ({"moon/code.py": "def one(client):\n    client.create_widget(1)\n"}, ""),
    ],
)
def test_nothing_is_said_where_nothing_may_be_there_or_something_is_known(
    tmp_path, files, settings
):
    root = lay_out(tmp_path, files)
    (root / "fixtests.toml").write_text(f"root = true\n{settings}")
    assert "nothing to work with" not in fixtests("check", folder=root).err
