"""The order of imports, and who alone may import, write and print what."""

import ast
import subprocess
import sys

import pytest

import house

PACKAGE = house.PACKAGE
LAWS = (
    house.strays,
    house.misplaced,
    house.circles,
    house.libraries,
    house.starts,
    house.decides,
    house.writes,
    house.prints,
    house.guesses,
    house.roles,
    house.of_projects,
    house.follows,
    house.lengths,
    house.packages,
)
# An offence against each law: the module that it is planted in, its text, what is said of it.
PLANTED = [
    (house.strays, "attic", "", "attic: has no place"),
    (house.strays, "attic/__init__", "", "attic: has no place"),
    (house.misplaced, "model", "from fixtests import cli", "model: imports fixtests.cli"),
    (house.misplaced, "model", "import fixtests.plan.plan", "model: imports fixtests.plan.plan"),
    (
        house.misplaced,
        "rules/new",
        "from fixtests.engine.check_file import run",
        "rules/new: imports",
    ),
    (house.misplaced, "tree/new", "from . import project", "tree/new: imports .."),
    (house.misplaced, "tree/new", "def f():\n import fixtests.rules.api", "tree/new: imports"),
    (house.misplaced, "text/new", "from fixtests.syntax import queries", "text/new: imports"),
    (house.circles, "report/new", "import fixtests.report.new2", "report/new: imports itself"),
    (house.libraries, "text/edits", "def f():\n    import libcst", "text/edits:2: imports libcst"),
    (house.libraries, "fixing/new", "from libcst import parse_module", "fixing/new:1: imports"),
    (house.libraries, "verify/new", "import distributed", "verify/new:1: imports distributed"),
    (house.libraries, "cli/new", "def f():\n import distributed", "cli/new:2: imports"),
    (house.libraries, "engine/new", "import rich.console", "engine/new:1: imports rich.console"),
    (
        house.starts,
        "cli/commands",
        "from fixtests.cli import outcomes",
        "cli/commands:1: imports fixtests.cli.outcomes",
    ),
    (house.starts, "report/formats", "import fixtests.model", "report/formats:1: imports"),
    (
        house.decides,
        "rules/new/rule",
        "from fixtests.rules.long_test.deciding import of_function",
        "rules/new/rule: loads reasoning/",
    ),
    (
        house.decides,
        "rules/new/rule",
        "from fixtests.tree.profile import Profile",
        "rules/new/rule: loads tree/profile, by way of rules/new/rule",
    ),
    *[
        (house.writes, "engine/new", text, "engine/new:1: ")
        for text in (
            "Path(a).open('w')",
            "Path(a).open(mode='a')",
            "Path(a).open(how)",
            "open(a, 'r+b')",
            "os.open(a, os.O_RDWR)",
            "os.open(a, os.O_RDONLY | os.O_CREAT)",
            "os.fdopen(handle, 'wb')",
            "path.rename(other)",
            "path.replace(other)",
            "os.replace(a, b)",
            "os.unlink(a)",
            "path.unlink(missing_ok=True)",
            "path.write_text(text)",
            "shutil.copy(a, b)",
            "shutil.rmtree(a)",
            "path.mkdir()",
            "tempfile.mkdtemp()",
            "tempfile.NamedTemporaryFile()",
            "TemporaryDirectory()",
            "path.symlink_to(other)",
            "os.truncate(a, 0)",
        )
    ],
    *[
        (house.prints, "engine/new", text, "engine/new:1: ")
        for text in (
            "print(1)",
            "sys.stdout.write(a)",
            "sys.stdout.buffer.write(a)",
            "sys.stderr.writelines(a)",
            "os.write(1, a)",
            "click.echo(a)",
        )
    ],
]
PLANTED += [
    (
        house.guesses,
        "cli/new",
        "near = difflib.get_close_matches(word, known, 1)",
        "cli/new:1: looks for",
    )
]
PLANTED += [
    (house.roles, "rules/new/rule", text, "rules/new/rule:1: ")
    for text in (
        r"WAITS = re.compile(r'(?:.*_)?(?:wait|poll)\w*')",
        r"NAME = re.compile(rf'{PREFIX}clean_?up\w*')",
        "found = re.fullmatch('assert' + word, name)",
        "found = name.startswith('assertRaises')",
        "found = name.endswith(('_client', '_api'))",
        "TEST = re.compile('mock|stub')",  # an exception of another module
    )
]
PLANTED += [
    (house.of_projects, name, text, f"{name}:1: knows of ")
    for name in ("rules/new/rule", "reasoning/new")
    for text in (
        "CREATING = ('post_server',)",
        "named = name == '_boot_a_server_to_group'",
        "MEANT = re.compile(r'latest|cap as necessary')",
        r"ADMIN = re.compile(r'\bself\.admin_api\b')",
        "message = f'cap it as `temporary_mutation` does, {name}'",
        "FAILURE = 'NoValidHost'",
        "SERVICE = {'nova': 1}",
        "PREPARES = frozenset({'setUp', 'resource_setup'})",
    )
]
PLANTED += [
    (house.follows, "rules/new/rule", text, "rules/new/rule:1: ")
    for text in (
        "found = self.project.method(owner, called_name(call))",
        "found = context.project.lookup(module, dotted(call.func))",
        "found = project.callee(call, method, owner)",
        "while waiting: waiting += [calls.callee(call.func, run)]",
        "while waiting: waiting += self.calls.steps(waiting.pop())",
    )
]
PLANTED += [
    (house.lengths, "text/new", "a = 1\n" * 301, "text/new: is too long"),
    (house.packages, "text/new/part", "", "text/new/__init__: does not say"),
    (house.packages, "text/__init__", "import re", "text/__init__: does not say"),
    *[
        (house.packages, "text/__init__", f"'Texts.'\n{text}", "text/__init__:2: ")
        for text in (
            "def words(text): return text.split()",
            "class Text: pass",
            "NAMES = sorted(every())",
            "if sys.platform == 'win32': END = 1",
            "import re",
        )
    ],
]
INNOCENT = [
    (house.packages, "'Engines.'\nfrom fixtests.model import Edit\n__all__ = ['Edit']\n"),
    (house.writes, "text.replace('a', 'b')"),
    (house.writes, "dataclasses.replace(item, path=a)"),
    (house.writes, "open(a)"),
    (house.writes, "Path(a).open('rb')"),
    (house.writes, "os.open(a, os.O_RDONLY)"),
    (house.writes, "found.copy()"),
    (house.writes, "names.remove(a)"),
    (house.prints, "stream.write(a)"),
    (house.roles, "needles = (re.compile(rb'assertRaises'),)"),
    (house.roles, "DIGITS = re.compile('[0-9]+')"),
    (house.roles, "found = re.escape('wait')"),
    (house.of_projects, "WAITS = re.compile('wait_for|server')"),
    (house.of_projects, "def f():\n    'Such as `post_server`.'"),
    (house.follows, "found = self.calls.callee(call.func, run)"),
    (house.follows, "found = self.objects.methods(call.func, run)"),
    (house.follows, "found = [item for item in owner.methods.values() if item.name in NAMES]"),
    (house.follows, "while waiting: waiting += self.calls.callers(run)"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_house_has_no(law):
    assert list(law(house.modules())) == []


@pytest.mark.parametrize(("law", "name", "text", "said"), PLANTED)
def test_planted_offence_is_seen(law, name, text, said):
    alone = law in (
        *(house.writes, house.prints, house.roles, house.of_projects, house.follows),
        *(house.libraries, house.lengths),
    )
    planted = {**({} if alone else house.modules()), name: ast.parse(text)}
    if law is house.circles:
        planted["report/new2"] = ast.parse("import fixtests.report.new")
    assert [line for line in law(planted) if line.startswith(said)]


@pytest.mark.parametrize(("law", "text"), INNOCENT)
def test_innocent_call_is_no_offence(law, text):
    if law is house.packages:
        house_of_it = {"__init__": ast.parse("'House.'"), "engine/__init__": ast.parse(text)}
    else:
        of_rules = law in (house.roles, house.of_projects, house.follows)
        name = "rules/new/rule" if of_rules else "engine/new"
        house_of_it = {name: ast.parse(text)}
    assert list(law(house_of_it)) == []


def test_exceptions_from_a_law_are_still_needed():
    for name in house.OVER_SOMETHING_ELSE:
        module, _, constant = name.partition(".")
        text = (PACKAGE / f"{module}.py").read_text()
        assert f"{constant} = re.compile(" in text or (not constant and "startswith" in text), name


def test_modules_that_may_look_for_functions_still_do():
    house_of_rules = house.modules()
    assert set(house.NO_CALLS) <= house_of_rules.keys()
    for name in house.NO_CALLS:
        planted = {f"rules/new/{name.rpartition('/')[2]}": house_of_rules[name]}
        assert list(house.follows(planted)), name


def test_room_without_modules_is_seen():
    rooms = {name: tree for name, tree in house.modules().items() if house.room(name) != "engine"}
    assert list(house.strays(rooms)) == ["engine: is no room"]


def test_rules_do_not_import_each_other():
    for name, tree in house.modules().items():
        if house.room(name) == "rules" and name not in ("rules/api", "rules/registry"):
            own = f"fixtests.{name.rpartition('/')[0].replace('/', '.')}."
            for target, _ in house.imported(tree):
                ours = f"{target}.".startswith("fixtests.rules.")
                assert not ours or f"{target}.".startswith((own, "fixtests.rules.api.")), name


def test_checking_loads_nothing_that_only_fixing_needs():
    code = (
        "import sys, fixtests.cli.main, fixtests.engine.check_file, fixtests.rules.registry\n"
        "fixtests.rules.registry.every()\n"
        "late = ('libcst', 'bowler', 'fissix', 'rich', 'multiprocessing')\n"
        "print([name for name in late if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(("text", "loads"), [("x = 1\n", False), ("def test():\n    a[0]\n", True)])
def test_file_without_needles_loads_nothing_that_decides(text, loads, tmp_path):
    (tmp_path / "test_one.py").write_text(text)
    command = (sys.executable, "-X", "importtime", "-m", "fixtests", "check", "--no-cache")
    told = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, check=True
    ).stderr
    for part in ("fixtests.reasoning", "fixtests.tree.profile\n", ".deciding"):
        assert (part in told) == loads, part


def test_modules_open_with_a_docstring():
    for name, tree in house.modules().items():
        assert ast.get_docstring(tree), name


def test_what_is_decided_asks_the_project_alone_about_files():
    """Whatever a decision looks at has to be noted, or a kept result would outlive it."""
    reads = {"open", "read", "read_text", "read_bytes", "exists", "is_file", "is_dir", "iterdir"}
    reads |= {"glob", "rglob", "scandir", "listdir", "walk_files", "stat", "isfile"}
    rooms = ("rules", "reasoning", "engine")
    for place, tree in house.modules().items():
        if house.room(place) not in rooms or place.endswith("/occurrences"):
            continue  # the results of that one are never kept
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                noted = name == "read" and ast.unparse(node.func) == "Suppressions.read"
                assert name not in reads or noted, f"{place}: {ast.unparse(node)}"
