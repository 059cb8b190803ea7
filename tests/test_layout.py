"""How fixes are laid out: blank lines, imports and docstrings, as the project's linters ask."""

import pytest

from conftest import fixtests
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request
from fixtests.settings.layout import Layout

ISORT = "[tool.ruff.lint.isort]\nlines-after-imports = 2\n"
SKIPS = "skip-magic-trailing-comma"
HOOK = "repos:\n- hooks:\n  - id: {}\n    exclude: y\n    args: ['-l', -C]\n"


def layout(folder, **asked):
    return Configuration(Request(**asked)).layout(folder, folder)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", ISORT, Layout(88, after_imports=2, straight_first=True)),
        ("ruff.toml", "[lint]\nselect = ['E', 'I']\n", Layout(88, straight_first=True)),
        ("ruff.toml", "[lint]\nselect = ['E', 'ISC']\n", Layout(88)),
        (
            "pyproject.toml",
            "[tool.isort]\nlines_after_imports = 1\nforce_sort_within_sections = true\n",
            Layout(after_imports=1),
        ),
        (".isort.cfg", "[settings]\nlines_after_imports=2\n", Layout(79, 2, True)),
        ("setup.cfg", "[isort]\nforce_sort_within_sections=True\n", Layout()),
        ("tox.ini", "[flake8]\nignore = E129, H405\n", Layout(long_summary=True)),
        ("tox.ini", "[flake8]\nextend-ignore =\n  H4\n", Layout(long_summary=True)),
        ("tox.ini", "[flake8]\n# H405 is a guideline\nignore = E129\n", Layout()),
        ("ruff.toml", f"[format]\n{SKIPS} = true\n", Layout(88, skips_commas=True)),
        ("pyproject.toml", f"[tool.ruff.format]\n{SKIPS} = true\n", Layout(88, skips_commas=True)),
        ("pyproject.toml", f"[tool.black]\n{SKIPS} = true\n", Layout(88, skips_commas=True)),
        ("pyproject.toml", f"[tool.black]\n{SKIPS} = false\n", Layout(88)),
        ("tox.ini", f"[testenv:pep8]\ncommands = black --{SKIPS} .\n", Layout(skips_commas=True)),
        ("tox.ini", "[testenv:pep8]\ncommands = black -C tests\n", Layout(skips_commas=True)),
        ("tox.ini", "[testenv:pep8]\ncommands = flake8 -C tests\n# black\n", Layout()),
        (".pre-commit-config.yaml", HOOK.format("black"), Layout(skips_commas=True)),
        (".pre-commit-config.yaml", HOOK.format("black\n      - id: other"), Layout()),
    ],
)
def test_layout_is_what_linters_are_told(tree, name, text, expected):
    assert layout(tree) == Layout()
    (tree / name).write_text(text)
    assert layout(tree) == expected
    assert layout(tree, isolated=True) == Layout()


def test_a_file_that_cannot_be_read_says_nothing(tree):
    (tree / "ruff.toml").write_text("[lint.isort\nlines-after-imports = 2\n")
    (tree / "tox.ini").write_text("ignore = H405\n[flake8]\n")
    assert layout(tree) == Layout()


def test_the_nearest_folder_says_it(tree):
    (tree / "pyproject.toml").write_text(ISORT)
    (tree / "tests" / ".isort.cfg").write_text("[settings]\nlines_after_imports = 1\n")
    found = Configuration(Request()).layout(tree / "tests", tree)
    assert found.after_imports == 1


def test_an_answer_that_was_kept_is_not_given_where_the_layout_changed(tree, cache_dir):
    test = tree / "tests" / "test_lamp.py"
    test.write_text(
        "import unittest\n\n\nclass LampTest(unittest.TestCase):\n\n"
        "    def test_lamp(self):\n"
        "        self.api.show_lamp(lamp_id='6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11')\n"
    )
    asked = "--dry-run", "--select", "FT101", str(test)
    before = fixtests(*asked, folder=tree).text
    assert "+LAMP_ID = " in before
    assert before.count("\n+\n") == 1
    (tree / "pyproject.toml").write_text(ISORT)
    assert "\n+\n+\n+LAMP_ID = " in fixtests(*asked, folder=tree).text


@pytest.mark.parametrize(
    ("mixed", "before"),
    [("true", "from lamps.z import shop"), ("false", "from lamps.a import room")],
)
def test_an_import_keeps_to_the_order_of_isort(tree, mixed, before):
    (tree / "pyproject.toml").write_text(
        f"[tool.isort]\nforce_sort_within_sections = {mixed}\n"
        "[tool.fixtests]\nroot = true\n"
        "[tool.fixtests.literal-uuid.known.6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11]\n"
        'expression = "lamps.one.ID"\nimport = "import lamps.one"\n'
    )
    test = tree / "tests" / "test_lamp.py"
    test.write_text(
        "from lamps.a import room\nfrom lamps.z import shop\n\n\n"
        "class LampTest(shop.TestCase):\n\n"
        "    def test_lamp(self):\n"
        "        self.api.show_lamp(lamp_id='6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11')\n"
    )
    diff = fixtests("--dry-run", "--select", "FT101", str(test), folder=tree).text
    assert f"+import lamps.one\n {before}\n" in diff


def test_the_excuse_for_a_long_line_goes_with_it(tree):
    test = tree / "tests" / "test_lamp.py"
    value = "'6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11'"
    test.write_text(
        "import unittest\n\n\nclass LampTest(unittest.TestCase):\n\n"
        "    def test_lamp(self):\n"
        f"        self.api.show_all_that_is_there(lamp_id={value})  # noqa: E501\n"
        f"        self.api.show(lamp_id={value})  # noqa: E501\n"
        f"        self.api.show_all_that_is_there(lamp_id={value})  # noqa: E501, F401\n"
    )
    diff = fixtests("--dry-run", "--select", "FT101", str(test), folder=tree).text
    assert "+        self.api.show_all_that_is_there(lamp_id=LAMP_ID)\n" in diff
    assert "+        self.api.show(lamp_id=LAMP_ID)  # noqa: E501\n" in diff
    assert "(lamp_id=LAMP_ID)  # noqa: E501, F401\n" in diff
