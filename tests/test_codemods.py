"""Codemods that decide as rules do, commands of other packages, and several of them in order."""

import ast
import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import generated
from fixtests.migrate import long_lines
from test_migrate import BODY, DOC, KINDS, NEW, OLD, Tree, apply_diff

CODEMOD = (
    DOC
    + """
import ast
import re
import subprocess
import sys
import re
from dataclasses import dataclass

from fixtests.migrate import Codemod, argument
from fixtests.model import Applicability


@dataclass(frozen=True)
class Options:
    name: str = argument("The name to call.", default="assertCountEqual")
    only: tuple[str, ...] = argument("Only in these classes.", default=())
    names: dict[str, str] = argument("Other names.", default={}, leading=True)


class Renamed(Codemod):
    needles = (re.compile(rb"assertItemsEqual"),)
    visits = (ast.Attribute,)
    options = Options

    def check(self, node, context):
        if node.attr != "assertItemsEqual":
            return
        kind = Applicability.SAFE if ast.unparse(node.value) == "self" else Applicability.UNSAFE
        only = context.options.only
        if only and context.class_at(node).name not in only:
            return
        new = context.options.names.get(node.attr, context.options.name)
        yield context.finding(node, "its old name", kind, to=f"{ast.unparse(node.value)}.{new}")

    def fix(self, finding, edit):
        edit.require_import("import zlib")
        edit.replace(finding.data["to"])
"""
)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_codemod_has_what_rules_have(tree):
    other = BODY.replace("self.assert", "other.assert")
    path = tree.add("import os\n\n\n" + BODY)
    unsafe = tree.add(other, "tests/test_other.py")
    silenced = tree.add(
        BODY.replace("[1])", "[1])  # fixtests: ignore[codemod:script]"), "tests/test_silenced.py"
    )
    dry = tree.run(CODEMOD, "--dry-run")
    assert dry.code == 1
    assert dry.diff.count(b"+import zlib") == 1
    assert tree.run(CODEMOD).code == 1  # what is unsafe is left
    assert path.read_text() == "import os\nimport zlib\n\n\n" + BODY.replace(OLD, NEW)
    assert unsafe.read_text() == other
    assert OLD in silenced.read_text()
    assert tree.run(CODEMOD, "--unsafe-fixes").code == 0
    assert f"other.{NEW}" in unsafe.read_text()
    assert tree.run(CODEMOD, "--dry-run").diff == b""


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("noqa", False),
        ("noqa: F401", False),
        ("fixtests: ignore", True),
        ("fixtests: ignore[codemod:other]", False),
    ],
)
def test_codemod_heeds_comments_of_ours_alone(comment, silent, tree):
    path = tree.add(BODY.replace("[1])", f"[1])  # {comment}"))
    whole = tree.add(f"# flake8: noqa\n{BODY}", "tests/test_whole.py")
    assert tree.run(CODEMOD).code == 0
    assert (OLD in path.read_text()) == silent
    assert NEW in whole.read_text()


def test_codemod_is_called_with_its_arguments(tree):
    path = tree.add(BODY)
    assert tree.run(CODEMOD, "--only", "Other,Others", "--only", "More", "--name", "x").code == 0
    assert path.read_text() == BODY
    assert tree.run(CODEMOD, "--only", "Other,T", "--name", "assertX").code == 0
    assert "self.assertX([1], [1])" in path.read_text()
    path.write_text(BODY)
    assert tree.run(CODEMOD, f"{OLD}=assertY").code == 2  # leading words stand before the paths
    assert tree.run(CODEMOD, "--names", f"{OLD}=assertY").code == 0
    assert "self.assertY([1], [1])" in path.read_text()
    for wrong, said in {
        "--nam=x": "unrecognized arguments: --nam=x",
        "--names=x": "'x' is not OLD=NEW",
    }.items():
        answer = tree.run(CODEMOD, wrong)
        assert answer.code == 2
        assert said in answer.said
        assert "--help" in answer.said


SOUGHT = CODEMOD.replace(
    "    def check(",
    "    def needles_for(self, options):\n"
    "        return tuple(re.compile(name.encode()) for name in options.names)\n\n"
    "    def check(",
).replace("default={}", "default={'assertItemsEqual': 'assertOther'}")


def test_what_a_codemod_looks_for_depends_on_its_arguments(tree):
    path = tree.add(BODY)
    assert tree.run(SOUGHT, "--names", "assertNothing=x").said == "Nothing to fix.\n"
    assert tree.run(SOUGHT).code == 0  # leading words that are not given leave the default
    assert "self.assertOther([1], [1])" in path.read_text()


def test_help_shows_what_a_codemod_does_and_takes(tree):
    answer = tree.run(CODEMOD, "--help")
    shown = answer.diff.decode()
    assert answer.code == 0
    for said in ("What: a test.", "--name NAME", "The name to call.", "--dry-run"):
        assert said in shown


def test_list_reads_scripts_and_runs_none(tree, monkeypatch):
    tree.add(CODEMOD, "codemods/own_one.py")
    tree.add("raise SystemExit('run')\n", "codemods/odd.py")
    monkeypatch.chdir(tree.folder)
    lines = tree.listed()
    (own,) = (line for line in lines if line.startswith("own_one "))
    assert re.match(r"own_one +codemod +What: a test\. Why: a test\. When to delete: now\. ", own)
    assert "[--name --only --names]" in "\n".join(lines)
    assert any(re.match(r"assert_length_idiom +LibCST ", line) for line in lines)
    assert any(line.startswith("odd ") and "unknown" in line for line in lines)


def test_unknown_name_comes_with_the_nearest(tree, monkeypatch):
    monkeypatch.chdir(tree.folder)
    answer = tree.run("assert_lenght_idiom", named=True)
    assert answer.code == 2
    assert "did you mean 'assert_length_idiom'?" in answer.said


LOADING = (sys.executable, "-X", "importtime", "-m", "fixtests")
RENAME = "libcst.codemod.commands.rename.RenameCommand"


def test_command_of_another_package_runs_by_its_dotted_name(tree):
    path = tree.add("from a import b\n\nb.c()\n")
    given = ("--old_name", "a.b", "--new_name=a.d")
    dry = tree.run(RENAME, "--dry-run", *given, named=True)
    assert dry.code == 1
    assert tree.run(RENAME, *given, named=True).code == 0
    after = path.read_text()
    assert after == "from a import d\n\nd.c()\n"
    path.write_text("from a import b\n\nb.c()\n")
    apply_diff(dry.diff, tree.folder)
    assert path.read_text() == after
    missing = tree.run(RENAME, named=True)
    assert missing.code == 2
    assert "the following arguments are required: --old_name, --new_name" in missing.said


def test_command_of_another_package_loads_no_rule(tree):
    tree.add("from a import b\n\nb.c()\n")
    given = ("--old_name=a.b", "--new_name=a.d", str(tree.folder))
    told = subprocess.run(
        [*LOADING, "migrate", "--isolated", "--dry-run", RENAME, *given],
        capture_output=True,
        text=True,
    )
    assert "+from a import d" in told.stdout
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "libcst.matchers" in loaded
    assert not [name for name in loaded if re.match(r"fixtests\.rules\.\w+\.", name)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("libcst.codemod.commands.rename.NoSuch", "has no 'NoSuch'"),
        ("no_such_package.Command", "No module named 'no_such_package'"),
        ("os.path.join", "is no CodemodCommand"),
    ],
)
def test_dotted_name_that_leads_nowhere_is_refused(name, said, tree):
    answer = tree.run(name, named=True)
    assert answer.code == 2
    assert said in answer.said


STEPS = (
    DOC
    + "from fixtests.migrate import Step, Steps\n"
    + f"STEPS = Steps('first', Step('{RENAME}', {{'old_name': 'a.b', 'new_name': 'a.d'}}))\n"
)


def test_steps_run_in_order_each_on_what_the_one_before_left(tree):
    tree.script.with_name("first.py").write_text(CODEMOD)
    path = tree.add(f"from a import b\n\nb.c()\nself.{OLD}(1)\n")
    dry = tree.run(STEPS, "--dry-run")
    assert tree.run(STEPS).code == 0
    after = path.read_text()
    assert after == f"import zlib\n\nfrom a import d\n\nd.c()\nself.{NEW}(1)\n"
    path.write_text(f"from a import b\n\nb.c()\nself.{OLD}(1)\n")
    apply_diff(dry.diff, tree.folder)
    assert path.read_text() == after
    assert tree.run(STEPS, "--dry-run").diff == b""


def test_steps_that_undo_one_another_are_no_result(tree):
    tree.script.with_name("first.py").write_text(KINDS["libcst"])
    tree.script.with_name("second.py").write_text(
        KINDS["libcst"].replace(NEW, "x").replace(OLD, NEW).replace("'x'", f"'{OLD}x'")
    )
    path = tree.add(BODY)
    steps = DOC + "from fixtests.migrate import Steps\nSTEPS = Steps('second', 'first')\n"
    answer = tree.run(steps)
    assert answer.code == 2
    assert "a second run would change" in answer.said
    assert path.read_text() == BODY


def test_plan_of_a_codemod_is_applied_as_it_is(tree, monkeypatch):
    monkeypatch.chdir(tree.folder)
    path = tree.add(BODY)
    plan = tree.folder / "plan.json"
    assert tree.run(CODEMOD, "--plan", str(plan)).code == 0
    assert path.read_text() == BODY
    assert tree.command("apply", str(plan)).code == 0
    assert f"self.{NEW}([1], [1])" in path.read_text()


MENDED = (
    DOC
    + """
import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor

MENDED = True
NEEDLES = ("random_name",)


class Prefixed(VisitorBasedCodemodCommand):
    def leave_Call(self, original_node, updated_node):
        if not m.matches(updated_node.func, m.Attribute(attr=m.Name("random_name"))):
            return updated_node
        AddImportsVisitor.add_needed_import(self.context, "own.names", "prefixed")
        first = cst.Arg(cst.parse_expression("self.a_prefix_of_the_whole_run"))
        return updated_node.with_changes(
            func=cst.Name("prefixed"), args=[first, *updated_node.args]
        )
"""
)
USING = (
    "import random\n\nfrom own import b\nfrom own import names\nfrom own import z\n\n\n"
    "class T:\n\n    def test_it(self):\n"
    "        self.create(b, {'name': names.random_name('a name of some length')}, z)\n"
    "        random.seed()\n"
)
PREFIXED = (
    "import random\n\nfrom own import b\nfrom own.names import prefixed\nfrom own import z\n\n\n"
    "class T:\n\n    def test_it(self):\n"
    "        self.create(\n"
    "            b,\n"
    "            {'name': prefixed(\n"
    "                self.a_prefix_of_the_whole_run, 'a name of some length')}, z)\n"
    "        random.seed()\n"
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_result_of_a_command_is_laid_out_where_the_script_wants_it(newline, tree):
    path = tree.add(USING.replace("\n", newline), "own/test_it.py")
    tree.add("", "own/__init__.py")
    assert tree.run(MENDED).code == 0
    assert path.read_bytes().decode() == PREFIXED.replace("\n", newline)
    assert tree.run(MENDED, "--dry-run").diff == b""


def test_import_of_several_keeps_its_layout_where_one_of_them_is_left_unused(tree):
    first, *_, last = USING.split("from own import ")
    several = "(\n    b,  # the first one\n    names,\n    z,\n)"
    path = tree.add(first + f"from own import {several}" + last.removeprefix("z"), "own/test_it.py")
    tree.add("", "own/__init__.py")
    assert tree.run(MENDED).code == 0
    assert path.read_text().startswith(
        "import random\n\nfrom own import (\n    b,  # the first one\n    z,\n)\n"
        "from own.names import prefixed\n\n\n"
    )
    assert tree.run(MENDED, "--dry-run").diff == b""


def test_result_of_a_command_stays_as_it_is_where_nobody_asks(tree):
    path = tree.add(USING, "own/test_it.py")
    assert tree.run(MENDED.replace("MENDED = True", "")).code == 0
    assert max(map(len, path.read_text().splitlines())) > 79


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    generated.texts().filter(lambda text: generated.is_python(text.encode())), st.integers(20, 60)
)
def test_long_lines_are_broken_without_another_tree(text, length):
    known = frozenset(text.split("\n")[::2])
    after = long_lines.broken(text, known, length)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
    assert known <= set(after.split("\n"))
    assert long_lines.broken(after, known, length) == after


def test_diffs_of_a_script_are_printed_as_they_come(tree, tmp_path):
    paths = [tree.add(BODY, f"tests/test_{number}.py") for number in range(3)]
    waiting = tmp_path / "waiting"
    script = KINDS["libcst"].replace("import libcst as cst", "import os, time, libcst as cst") + (
        "    def visit_Module(self, node):\n"
        "        if self.context.filename.endswith('test_2.py'):\n"
        f"            while not os.path.exists({str(waiting)!r}):\n"
        "                time.sleep(0.05)\n"
    )
    tree.script.write_text(script)
    command = [sys.executable, "-m", "fixtests", "migrate", "--dry-run"]
    process = subprocess.Popen(
        [*command, str(tree.script), str(tree.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    early = b""
    while early.count(b"+++ ") < 2:
        line = process.stdout.readline()
        assert line, early
        early += line
    assert b"test_2.py" not in early
    waiting.touch()
    whole = early + process.stdout.read()
    process.stdout.close()
    process.wait(60)
    assert process.returncode == 1
    apply_diff(whole, tree.folder)
    assert [path.read_text() for path in paths] == [BODY.replace(OLD, NEW)] * 3


OWN = """from bowler import Query

Query("{place}").select_method("assertItemsEqual").rename("assertCountEqual").{end}
"""


@pytest.mark.parametrize("end", ["diff()", "write()", "execute(write=True)", "idiff()", "silent()"])
def test_script_that_runs_its_own_query_never_writes(end, tree):
    path = tree.add(BODY)
    outside = tree.add(BODY, "other/test_outside.py")
    script = OWN.format(place=tree.folder / "tests", end=end)
    dry = tree.run(script, "--dry-run")
    assert dry.code == 1
    assert path.read_text() == BODY
    assert tree.run(script).code == 0
    assert path.read_text() == BODY.replace(OLD, NEW)
    assert outside.read_text() == BODY  # the query does not search there
    assert tree.run(script, "--dry-run").diff == b""


def test_script_with_a_main_function_is_run_as_bowler_runs_it(tree):
    path = tree.add(BODY)
    script = (
        "import sys\nfrom bowler import Query\n\n\ndef main():\n"
        f"    Query('{tree.folder}').select_method('{OLD}').rename('{NEW}').diff()\n"
        "    sys.exit(0)\n"
    )
    assert tree.run(script).code == 0
    assert path.read_text() == BODY.replace(OLD, NEW)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return what installs a distribution that has a codemod, by its name."""
    folder = tmp_path / "site"
    monkeypatch.syspath_prepend(folder)

    def install(distribution, value="own_codemods.renaming", name="renaming"):
        about = folder / f"{distribution}-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
        )
        (about / "entry_points.txt").write_text(f"[fixtests.codemods]\n{name} = {value}\n")
        package = folder / "own_codemods"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        (package / "renaming.py").write_text(CODEMOD)

    return install


@pytest.mark.parametrize("value", ["own_codemods.renaming", "own_codemods.renaming:Renamed"])
def test_codemod_of_another_distribution_is_found_by_its_name(value, installed, tree):
    installed("own-codemods", value)
    (line,) = (line for line in tree.listed() if line.startswith("renaming "))
    assert re.fullmatch(
        r"renaming +codemod +What: a test\. .* \[--name --only --names\] \(from own-codemods\)",
        line,
    )
    path = tree.add(BODY)
    assert tree.run("renaming", "--name=assertX", named=True).code == 0
    assert "self.assertX([1], [1])" in path.read_text()


def test_name_that_two_distributions_have_is_refused(installed, tree):
    installed("own-codemods")
    installed("other-codemods")
    answer = tree.run("renaming", named=True)
    assert answer.code == 2
    assert "other-codemods and own-codemods both have a codemod of that name" in answer.said


def test_codemod_of_another_distribution_that_cannot_be_imported_is_named(installed, tree):
    installed("own-codemods", "own_codemods.missing")
    assert any(line.startswith("renaming ") and "unreadable" in line for line in tree.listed())
    answer = tree.run("renaming", named=True)
    assert answer.code == 2
    assert "renaming: cannot be imported: ModuleNotFoundError" in answer.said


def test_what_cannot_be_combined_is_refused(tree):
    path = tree.add(BODY)
    for kind, words, said in [
        ("libcst", ["--unsafe-fixes"], "--unsafe-fixes is for codemods that tell safe changes"),
        ("bowler", ["--unsafe-fixes"], "--unsafe-fixes is for codemods that tell safe changes"),
        (
            "libcst",
            ["--plan", "plan.json", "--dry-run"],
            "--plan only saves what would be done; leave --dry-run out",
        ),
        ("libcst", ["--list"], "leave NAME out"),
    ]:
        answer = tree.run(KINDS[kind], *words)
        assert answer.code == 2
        assert said in answer.said
    assert tree.command("migrate").code == 2
    assert path.read_text() == BODY


def test_only_lines_that_changed_since_a_commit_are_migrated(tree):
    path = tree.add(BODY)
    git = ["git", "-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], cwd=tree.folder, check=True)
    path.write_text(BODY + f"        self.{OLD}([2], [2])\n")
    assert tree.run(CODEMOD, "--since", "HEAD").code == 0
    assert path.read_text().endswith(BODY.replace(OLD, OLD) + f"        self.{NEW}([2], [2])\n")


@pytest.mark.parametrize("steps", ["()", "(3)", "('no_such')", "(Step('x', 3))"])
def test_steps_that_lead_nowhere_are_refused(steps, tree):
    path = tree.add(BODY)
    call = steps if steps.startswith("Steps") else f"Steps{steps}"
    answer = tree.run(DOC + f"from fixtests.migrate import Step, Steps\nSTEPS = {call}\n")
    assert answer.code == 2
    assert answer.said.startswith("error: ")
    assert "internal error" not in answer.said
    assert path.read_text() == BODY
