"""What is known of a tree from run to run: as good as read anew, whatever has changed."""

import json
import os
import time

import pytest

from fixtests.tree import test_files
from fixtests.tree.knowledge import Knowledge
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project

OLD = time.time() - 3600


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "tests/__init__.py", "")
    write(tmp_path / "tests/values.py", "ID = 'one'\n")
    write(tmp_path / "tests/base.py", "import unittest\nclass Base(unittest.TestCase):\n    pass\n")
    write(
        tmp_path / "tests/unit/test_it.py",
        "from tests import base\n\nclass It(base.Base):\n    pass\n",
    )
    return tmp_path


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def age(root):
    for path in [*root.rglob("*"), root]:
        os.utime(path, (OLD, OLD))


def project(root, told=None):
    """Return a project that was told something, as JSON has it."""
    return Project(root, Profile(), Knowledge(json.loads(json.dumps(told or {}))))


def seen(known):
    """Return all that the text of the tests shows."""
    names = {"base", "values", "tests", "unittest", "nothing", "other"}
    return (
        list(known.texts),
        {name: known.texts.heirs(name) for name in ("Base", "TestCase", "It")},
        {name for name in names if known.texts.imports(name)},
        known.texts.within(known.root / "tests"),
    )


def value(known):
    """Conclude from a module what it binds."""

    def conclude():
        module = known.module("tests.values")
        return [] if module is None else [node.value for node in module.values.values()]

    return known.concluded("values", conclude)


def test_what_is_known_is_not_read_again(root, monkeypatch):
    age(root)
    first = project(root)
    before = seen(first), value(first)
    monkeypatch.setattr(test_files, "read", lambda path: pytest.fail(f"{path} is read"))
    second = project(root, first.knowledge.told())
    monkeypatch.setattr(second, "at", lambda path: pytest.fail(f"{path} is read"))
    assert (seen(second), value(second)) == before
    assert not second.knowledge.changed


def edit(root):
    write(root / "tests/values.py", "ID = 'two'\nimport other\n")


def edit_of_a_class(root):
    write(root / "tests/unit/test_it.py", "from tests import values\n")


def new_file(root):
    write(root / "tests/test_new.py", "import other\nclass New(Base):\n    pass\n")


def new_folder(root):
    write(root / "tests/more/test_new.py", "class New(Base):\n    pass\n")


def gone(root):
    (root / "tests/values.py").unlink()


def package_in_its_place(root):
    gone(root)
    write(root / "tests/values/__init__.py", "ID = 'three'\n")


def moved(root):
    (root / "tests/unit").rename(root / "tests/functional")


@pytest.mark.parametrize(
    "change",
    [edit, edit_of_a_class, new_file, new_folder, gone, package_in_its_place, moved],
    ids=lambda change: change.__name__,
)
def test_what_has_changed_is_learnt_anew(root, change):
    age(root)
    first = project(root)
    before = seen(first), value(first)
    change(root)
    second, fresh = project(root, first.knowledge.told()), project(root)
    assert (seen(second), value(second)) == (seen(fresh), value(fresh)) != before


def test_what_is_fresh_is_not_kept(root):
    first = project(root)
    seen(first), value(first)
    nothing = [(name, []) for name in ("folders", "heirs", "imports")]
    assert first.knowledge.told() == {"facts": nothing, "conclusions": []}


def test_without_a_place_to_keep_it_nothing_is_noted(root):
    age(root)
    known = Project(root, Profile())
    assert seen(known) == seen(project(root))
    assert known.knowledge.told() == {"facts": [], "conclusions": []}


@pytest.mark.parametrize(
    "told",
    [
        {"facts": 3, "conclusions": []},
        {"facts": [["heirs", [["x"]]]], "conclusions": []},
        {"facts": [["heirs"]], "conclusions": [["values", [], 1]]},
        {"facts": [], "conclusions": [["values", [["a", "b", "c"]], 1]]},
        {"facts": [["heirs", [["x", 1, "y", 2]]]], "conclusions": {}},
    ],
    ids=str,
)
def test_what_has_another_shape_counts_for_nothing(root, told):
    age(root)
    assert seen(project(root, told)) == seen(project(root))
    assert value(project(root, told)) == ["one"]


def test_fact_of_another_kind_is_learnt_anew(root):
    age(root)
    first = project(root)
    before = seen(first)
    told = first.knowledge.told()
    wrong = [
        (kind, [(path, size, at, 7) for path, size, at, _ in table])
        for kind, table in told["facts"]
    ]
    assert seen(project(root, {**told, "facts": wrong})) == before
