"""Moved modules followed through a tree: what one file says of another, and what is left."""

import pytest

from test_migrate import CODEMODS, Tree

SCRIPT = str(CODEMODS / "move_module.py")
MOVE = "garden.tools.utils=garden.tools.handles"
NAME = "garden.tools.saw.sharpen=garden.workshop.sharpen"


@pytest.fixture
def tree(tmp_path):
    """A tree with one module that moves, and one that imports it."""
    tree = Tree(tmp_path)
    for folder in ("garden", "garden/tools", "garden/tests"):
        tree.add("", f"{folder}/__init__.py")
    tree.add("def grip():\n    pass\n", "garden/tools/utils.py")
    tree.add("def sharpen():\n    pass\n", "garden/tools/saw.py")
    tree.add(
        "from garden.tools import saw\nfrom garden.tools import utils\n\n\n"
        "def dig():\n    saw.sharpen()\n    utils.grip()\n",
        "garden/spade.py",
    )
    return tree


def run(tree, *words, code=0):
    answer = tree.command("migrate", SCRIPT, *words, str(tree.folder))
    assert answer.code == code, answer.said
    return answer.diff.decode()


TOP = "from unittest import mock\n\nfrom garden import spade\n\n\n"


def test_what_other_files_call_a_module_moves_with_its_import(tree):
    path = tree.add(
        TOP + "@mock.patch('garden.spade.utils.grip')\n@mock.patch('garden.spade.utils')\n"
        "@mock.patch.object(spade.utils, 'grip')\n@mock.patch.object(spade, 'utils')\n"
        "def test_dig(*given):\n    assert getattr(spade, 'utils')\n",
        "garden/tests/test_spade.py",
    )
    run(tree, MOVE)
    assert "    handles.grip()\n" in (tree.folder / "garden/spade.py").read_text()
    assert path.read_text() == (
        TOP + "@mock.patch('garden.spade.handles.grip')\n@mock.patch('garden.spade.handles')\n"
        "@mock.patch.object(spade.handles, 'grip')\n@mock.patch.object(spade, 'handles')\n"
        "def test_dig(*given):\n    assert getattr(spade, 'utils')\n"
    )
    assert run(tree, MOVE, "--dry-run") == ""


def test_what_other_files_call_a_module_stays_where_its_import_keeps_the_name(tree):
    spade = tree.folder / "garden/spade.py"
    spade.write_text(spade.read_text() + "\n\ndef other(handles):\n    utils.grip(handles)\n")
    text = TOP + "@mock.patch('garden.spade.utils.grip')\ndef test_dig(grip):\n    spade.utils\n"
    path = tree.add(text, "garden/tests/test_spade.py")
    run(tree, MOVE)
    assert "from garden.tools import handles as utils\n" in spade.read_text()
    assert path.read_text() == text


def test_string_that_leads_through_an_import_to_a_name_follows_it(tree):
    path = tree.add(
        TOP + "@mock.patch('garden.spade.saw.sharpen')\ndef test_dig(*given):\n    spade.dig()\n",
        "garden/tests/test_spade.py",
    )
    run(tree, NAME)
    assert path.read_text() == TOP + (
        "@mock.patch('garden.workshop.sharpen')\ndef test_dig(*given):\n    spade.dig()\n"
    )
    assert (tree.folder / "garden/spade.py").read_text() == (
        "from garden.tools import utils\nfrom garden import workshop\n\n\n"
        "def dig():\n    workshop.sharpen()\n    utils.grip()\n"
    )


def test_name_behind_an_import_of_another_file_follows_it(tree):
    path = tree.add("from garden import spade\n\nspade.saw.sharpen()\n", "garden/use.py")
    run(tree, NAME)
    assert path.read_text() == "from garden import spade\n\nspade.workshop.sharpen()\n"


def test_name_behind_an_import_that_leads_to_it_no_more_is_said(tree):
    tree.add("from garden.tools import saw\n\nsaw.cut()\n", "garden/axe.py")
    text = "from garden import axe\n\naxe.saw.sharpen()\n"
    path = tree.add(text, "garden/use.py")
    assert "it leads to `garden.tools.saw.sharpen`" in run(tree, NAME, code=1)
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("package", "after"),
    [
        ("", "from garden.hut import handles"),
        ("import garden.hut.handles\n", "from garden.hut import handles"),
        ("from garden.hut import handles\n", "from garden.hut import handles"),
        ("from garden.tools import utils as handles\n", "from garden.hut import handles"),
        ("from garden.tools.saw import *\n", "from garden.hut import handles"),
        ("handles = 1\n", "import garden.hut.handles as handles"),
        ("from garden.hut.handles import handles\n", "import garden.hut.handles as handles"),
        ("from garden.spade import *\n", "import garden.hut.handles as handles"),
        ("from unknown import *\n", "import garden.hut.handles as handles"),
    ],
)
def test_alias_that_says_nothing_new_goes_unless_the_package_means_other_by_it(
    package, after, tree
):
    tree.add(package, "garden/hut/__init__.py")
    spade = tree.folder / "garden/spade.py"
    spade.write_text(spade.read_text() + "\n\nhandles = 2\n")
    path = tree.add("import garden.tools.utils as handles\n\nhandles.grip()\n", "garden/axe.py")
    run(tree, "garden.tools.utils=garden.hut.handles")
    assert path.read_text() == f"{after}\n\nhandles.grip()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import garden.tools.utils as a, garden.tools.saw as b",
            "import garden.grip as a, garden.axe as b",
        ),
        (
            "import garden.tools.utils as grip, garden.tools.saw as axe",
            "from garden import grip, axe",
        ),
        (
            "import garden.tools.utils as grip, garden.tools.saw as b, os",
            "import os\n\nimport garden.axe as b\nfrom garden import grip",
        ),
        ("import garden.tools.utils, garden.tools.saw", "import garden.grip, garden.axe"),
        ("from garden.tools import utils as grip, saw as b", "from garden import grip, axe as b"),
    ],
)
def test_no_name_of_an_import_gets_lost(before, after, tree):
    path = tree.add(f"{before}\n", "garden/use.py")
    run(tree, "garden.tools.utils=garden.grip", "garden.tools.saw=garden.axe")
    assert path.read_text() == f"{after}\n"


def test_module_that_goes_to_the_top_is_imported_by_its_name_alone(tree):
    path = tree.add("import garden.tools.utils as grip\n\ngrip.grip()\n", "garden/use.py")
    run(tree, "garden.tools.utils=grip")
    assert path.read_text() == "import grip\n\ngrip.grip()\n"


def test_import_that_tests_speak_of_stays(tree):
    tree.add(TOP + "mock.patch('garden.spade.saw.oil')\n", "garden/tests/test_spade.py")
    run(tree, NAME)
    assert (
        (tree.folder / "garden/spade.py").read_text().startswith("from garden.tools import saw\n")
    )


def test_strings_that_are_told_to_nobody_who_follows_them_are_unsafe(tree):
    text = "PLACE = 'garden.tools.utils.grip'\nOTHER = ('garden.tools.utils',)\n"
    path = tree.add(text, "garden/places.py")
    assert "places.py:2:10" in run(tree, MOVE, code=1)
    assert path.read_text() == text
    run(tree, MOVE, "--unsafe-fixes")
    assert path.read_text() == text.replace("utils", "handles")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from garden.tools.utils import *\n", "it imports all that `garden.tools.utils` holds"),
        (
            "import garden.tools.utils\n\nx = f'{garden.tools.utils.grip()}'\n",
            "an f-string leads to it, too",
        ),
        (
            "from unittest import mock\n\nmock.patch('g\\x61rden.tools.utils.grip').start()\n",
            "a text leads to `garden.tools.utils`",
        ),
    ],
)
def test_what_cannot_be_followed_is_said(text, said, tree):
    path = tree.add(text, "garden/odd.py")
    assert said in run(tree, MOVE, code=1)
    assert path.read_text() == text


def test_package_that_is_used_for_more_is_said(tree):
    text = "import garden.tools.utils\n\ngarden.tools.utils.grip(garden.tools)\n"
    path = tree.add(text, "odd.py")
    said = run(tree, "garden.tools.utils=yard.handles", code=1)
    assert "`garden` is used for something else, too" in said
    assert path.read_text() == text


def test_relative_imports_of_what_moves_are_said_and_of_others_followed(tree):
    tree.add("from . import saw\n", "garden/tools/utils.py")
    path = tree.add("from .utils import grip\n\ngrip()\n", "garden/tools/rake.py")
    said = run(tree, MOVE, code=1)
    assert "tools/utils.py:1:1" in said
    assert "a relative import leads elsewhere" in said
    assert path.read_text() == "from garden.tools.handles import grip\n\ngrip()\n"


def test_modules_that_stay_in_a_package_are_imported_by_themselves(tree):
    path = tree.add(
        "from garden import tools\n\ntools.grip(tools.saw.sharpen, tools.hands)\n", "garden/use.py"
    )
    run(tree, "garden.tools=garden.tools.api")
    assert path.read_text() == (
        "from garden.tools import api\nfrom garden.tools import saw\n\n"
        "api.grip(saw.sharpen, api.hands)\n"
    )


@pytest.mark.parametrize("pair", ["a.b=a.b", "a/b=c", "a.b=c."])
def test_pair_that_says_no_move_is_refused(pair, tree):
    answer = tree.command("migrate", SCRIPT, pair, str(tree.folder))
    assert answer.code == 2
    assert "are no two dotted names" in answer.said


@pytest.mark.parametrize(
    ("move", "line", "said"),
    [
        (MOVE, "trim = garden.tools.utils:grip", "setup.cfg names `garden.tools.utils`"),
        (NAME, "trim = garden.tools.saw:sharpen", "setup.cfg names `garden.tools.saw.sharpen`"),
        (MOVE, "trim = my.garden.tools.utils:grip", ""),
        (MOVE, "trim = garden.tools.utils_of_others:grip", ""),
        (NAME, "trim = garden.tools.saw:sharpener", ""),
    ],
)
def test_entry_point_of_what_moves_is_said_once(move, line, said, tree):
    tree.add(f"[entry_points]\n# all\nconsole_scripts =\n    {line}\n", "setup.cfg")
    shown = run(tree, move, code=int(bool(said)))
    assert shown.count("names `") == bool(said)
    assert f"{said}, which is now" in shown or not said
    assert ("in line 4\n" in shown and "= change it by hand" in shown) == bool(said)


def test_entry_point_of_a_module_that_went_already_is_said(tree):
    tree.add("[entry_points]\nscripts =\n    trim = garden.tools.utils:grip\n", "setup.cfg")
    (tree.folder / "garden/tools/utils.py").rename(tree.folder / "garden/tools/handles.py")
    (tree.folder / "garden/tools/handles.py").write_text("")
    assert "setup.cfg names `garden.tools.utils`" in run(tree, MOVE, code=1)


def test_module_that_goes_below_one_that_moves_is_not_moved_on(tree):
    tree.add("def cut():\n    pass\n", "garden/saw.py")
    path = tree.add(
        "from garden import saw\nfrom garden.tools import utils\n\nutils.grip(saw.cut())\n",
        "garden/use.py",
    )
    moves = "garden.tools.utils=garden.tools.utils.first", "garden.saw=garden.tools.utils.second"
    run(tree, *moves)
    assert path.read_text() == (
        "from garden.tools.utils import first\nfrom garden.tools.utils import second\n\n"
        "first.grip(second.cut())\n"
    )
    assert run(tree, *moves, "--dry-run") == ""


FAULTS = "garden.faults.Bent=garden.tools.faults.Bent"


def test_module_that_holds_what_moves_is_called_as_the_one_that_nothing_is_left_to(tree):
    tree.add("class Bent(Exception):\n    pass\n", "garden/faults.py")
    text = "from garden import faults\n\n\ndef bend():\n    raise faults.Bent\n"
    path = tree.add(text, "garden/use.py")
    other = tree.add(text.replace("Bent", "Blunt(faults.Bent)"), "garden/both.py")
    asking = tree.add("from garden import use\n\nuse.faults.Bent\n", "garden/asking.py")
    run(tree, FAULTS)
    assert path.read_text() == text.replace("garden import", "garden.tools import")
    assert other.read_text() == (
        "from garden import faults\nfrom garden.tools import faults as tools_faults\n\n\n"
        "def bend():\n    raise faults.Blunt(tools_faults.Bent)\n"
    )
    assert asking.read_text() == "from garden import use\n\nuse.faults.Bent\n"
    assert run(tree, FAULTS, "--dry-run") == ""


@pytest.mark.parametrize("imports", ["from garden import faults", "import garden.faults as faults"])
def test_modules_that_are_called_alike_are_told_apart(imports, tree):
    tree.add("class Bent(Exception):\n    pass\n", "garden/faults.py")
    path = tree.add(f"{imports}\n\nfaults.Bent\nfaults.Rusty\nfaults.Other\n", "garden/use.py")
    run(
        tree, "garden.faults.Bent=garden.tools.errors.Bent", "garden.faults.Rusty=garden.errors.Old"
    )
    assert path.read_text() == (
        f"from garden import errors as garden_errors\n{imports}\n"
        "from garden.tools import errors\n\n"
        "errors.Bent\ngarden_errors.Old\nfaults.Other\n"
    )


def test_name_that_a_package_has_by_a_star_is_led_to_where_it_goes(tree):
    tree.add("from garden.tools.saw import *\n", "garden/tools/__init__.py")
    path = tree.add(
        "from unittest import mock\n\nfrom garden import tools\n"
        "from garden.tools import sharpen\n\n\n"
        "@mock.patch('garden.tools.sharpen')\ndef test_it(one):\n"
        "    sharpen(tools.sharpen, tools.cut)\n",
        "garden/tests/test_use.py",
    )
    assert "imports all that `garden.tools.saw` holds" in run(tree, NAME, code=1)
    assert path.read_text() == (
        "from unittest import mock\n\nfrom garden import tools\n"
        "from garden import workshop\nfrom garden.workshop import sharpen\n\n\n"
        "@mock.patch('garden.workshop.sharpen')\ndef test_it(one):\n"
        "    sharpen(workshop.sharpen, tools.cut)\n"
    )


@pytest.mark.parametrize(
    ("use", "safe"),
    [
        ("mock.patch(where)", True),
        ("mock.patch(where + '.x')\n    mock.patch(target=where)", True),
        ("mock.patch(where)\n    print(where)", False),
        ("return lambda: mock.patch(where).start()", True),
        ("pass", False),
        ("where.x = mock.patch(where)", False),
    ],
)
def test_text_that_a_name_hands_to_a_patcher_alone_is_safe(use, safe, tree):
    text = f"{TOP}def test_dig():\n    where = 'garden.tools.utils.grip'\n    {use}\n"
    path = tree.add(text, "garden/tests/test_spade.py")
    run(tree, MOVE, code=int(not safe))
    assert ("garden.tools.handles.grip" in path.read_text()) == safe


def test_uses_in_the_module_that_a_name_moves_out_of_are_said(tree):
    text = (
        "def sharpen(edge):\n    return sharpen(edge)\n\n\ndef cut(edge):\n"
        "    return sharpen(edge), sharpen\n\n\ndef oil(sharpen):\n    return sharpen\n"
    )
    path = tree.add(text, "garden/tools/saw.py")
    shown = run(tree, NAME, code=1)
    assert "`sharpen` is used here where it moves from, in 2 places, and is" in shown
    assert "garden/tools/saw.py:6:12\n" in shown
    assert path.read_text() == text
    path.write_text("def cut(edge):\n    return edge\n")
    assert run(tree, NAME) == ""


def test_name_that_is_called_otherwise_where_it_stands_keeps_its_import(tree):
    text = "from garden.tools import saw\n\nsaw.sharpen()\n"
    path = tree.add(text, "garden/use.py")
    run(tree, "garden.tools.saw.sharpen=garden.tools.saw.whet")
    assert path.read_text() == text.replace("sharpen", "whet")


def test_names_behind_which_a_comment_stands_are_divided_for_its_length(tree):
    names = ["handle", "blade", "socket", "rivet", "ferrule", "shoulder", "strap", "counterweight"]
    lines = (
        "    handle, blade, socket, rivet, ferrule, shoulder,\n    strap, counterweight)  # noqa\n"
    )
    path = tree.add(f"from garden.shed.spade import (\n{lines}", "garden/tests/test_spade.py")
    tree.add("".join(f"{name} = 1\n" for name in names), "garden/sp.py")
    run(tree, "garden.shed.spade=garden.sp", code=0)
    assert path.read_text() == (
        "from garden.sp import (\n"
        "    handle, blade, socket, rivet, ferrule, shoulder, strap,\n    counterweight)  # noqa\n"
    )


def test_texts_that_names_hand_to_one_another_in_a_circle_are_unsafe(tree):
    head = "from unittest import mock\n\n\ndef test_dig():\n    a = 'garden.spade.utils'\n"
    tree.add(f"{head}    b = a\n    a = b\n    mock.patch(a)\n", "garden/tests/test_spade.py")
    assert run(tree, "garden.spade=garden.trowel", "--dry-run", code=1) == ""
