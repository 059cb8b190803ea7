"""Scripted migrations: the samples of `codemods/`, what scripts must be, and what files survive."""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fixtests.cli.main import main
from fixtests.migrate import Rules, lines
from fixtests.migrate.run import run
from fixtests.migrate.script import Script, ScriptError
from fixtests.model import Status
from fixtests.plan.plan import Plan
from fixtests.run.request import Request
from fixtests.run.session import Session
from sparse import sparse

TOP = Path(__file__).resolve().parents[1]
CODEMODS = TOP / "codemods"
SAMPLES = sorted(
    path
    for path in (TOP / "fixtures" / "codemods").glob("*/*.py")
    if path.name.endswith((".before.py", ".unchanged.py"))
)
CRLF = pytest.mark.slow("the other line ends of every sample; those of the examples always run")
ARGUMENTS = "# arguments: "
DOC = '"""What: a test. Why: a test. When to delete: now."""\n'
OLD, NEW = "assertItemsEqual", "assertCountEqual"
BODY = f"class T:\n\n    def test_it(self):\n        self.{OLD}([1], [1])\n"
KINDS = {
    "libcst": DOC
    + "import libcst as cst\n"
    + "from libcst.codemod import VisitorBasedCodemodCommand\n"
    + "class Renamed(VisitorBasedCodemodCommand):\n"
    + "    def leave_Name(self, original_node, updated_node):\n"
    + f"        new = '{NEW}' if original_node.value == '{OLD}' else original_node.value\n"
    + "        return updated_node.with_changes(value=new)\n",
    "bowler": (CODEMODS / "assert_count_equal.py").read_text(),
}


@dataclass
class Answer:
    """What a run of the command line left behind."""

    code: int
    diff: bytes
    said: str


class Tree:
    """A small project with one script beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        (self.folder / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
        self.script = folder / "script.py"

    def add(self, content: str | bytes, name: str = "tests/test_sample.py") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, script: str | Path, *options: str, named: bool = False) -> Answer:
        if isinstance(script, str) and not named:
            self.script.write_text(script)
            script = self.script
        return self.command("migrate", str(script), str(self.folder), *options)

    def command(self, *words: str) -> Answer:
        result = CliRunner().invoke(main, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return Answer(result.exit_code, result.stdout_bytes, result.stderr)

    def listed(self) -> list[str]:
        answer = self.command("migrate", "--list")
        assert answer.code == 0, answer
        return answer.diff.decode().splitlines()


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


@pytest.fixture(params=KINDS.values(), ids=list(KINDS))
def renaming(request):
    return request.param


def apply_diff(diff: bytes, folder: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    subprocess.run(["git", "apply", "-"], input=diff, cwd=folder, check=True)


def arguments_of(sample: Path) -> list[str]:
    """Return what a sample's first line gives its script, as in `# arguments: a=b --x y`."""
    first = sample.read_text().partition("\n")[0]
    return shlex.split(first.removeprefix(ARGUMENTS)) if first.startswith(ARGUMENTS) else []


def sample_names():
    return [f"{path.parent.name}/{path.name.partition('.')[0]}" for path in SAMPLES]


@pytest.mark.parametrize(
    ("sample", "newline"),
    [
        pytest.param(sample, newline, id=f"{name}-{end}", marks=() if "example" in name else slow)
        for sample, name in zip(SAMPLES, sample_names(), strict=True)
        for newline, end, slow in ((b"\n", "lf", ()), (b"\r\n", "crlf", CRLF))
    ],
)
def test_sample_is_exact_and_a_second_run_is_empty(sample, newline, tree):
    script = CODEMODS / f"{sample.parent.name}.py"
    before = sample.read_bytes().replace(b"\n", newline)
    answer = sample.with_name(sample.name.replace(".before.", ".after."))
    after = answer.read_bytes().replace(b"\n", newline)
    path = tree.add(before)
    words = ("migrate", str(script), *arguments_of(sample), str(tree.folder))
    dry = tree.command(*words, "--dry-run")
    assert path.read_bytes() == before
    assert dry.code == (before != after and "--exit-zero" not in words)
    assert bool(dry.diff) == (before != after)
    assert tree.command(*words).code == 0
    assert path.read_bytes() == after
    assert tree.command(*words, "--dry-run").diff == b""


def test_every_codemod_has_an_example_and_a_case_that_stays():
    scripts = sorted(CODEMODS.glob("*.py"))
    assert {script.stem for script in scripts} == {item.parent.name for item in SAMPLES}
    for script in scripts:
        kinds = {item.name for item in SAMPLES if item.parent.name == script.stem}
        assert "example.before.py" in kinds, script.name
        assert any(name.endswith(".unchanged.py") for name in kinds), script.name
        Script.load(str(script))


CONTENTS = {
    "crlf": BODY.replace("\n", "\r\n").encode(),
    "mixed line ends": BODY.replace("\n", "\r\n", 2).encode() + b"x = 1\r\ny = 2\n",
    "latin-1 cookie": ("# -*- coding: latin-1 -*-\n# caf\xe9\n" + BODY).encode("latin-1"),
    "byte order mark": b"\xef\xbb\xbf" + BODY.encode(),
    "byte order mark and cookie": b"\xef\xbb\xbf# coding: utf-8\r\n" + BODY.encode(),
    "no final newline": BODY.removesuffix("\n").encode(),
    "no final newline, crlf": BODY.removesuffix("\n").replace("\n", "\r\n").encode(),
    "form feed": b"\x0cimport os\n\x0c\n" + BODY.encode() + b"\x0c\nNAME = '\x0c \xe2\x80\xa8'\n",
    "tabs": BODY.replace("    ", "\t").encode(),
    "lone carriage return": b"x = 1\ry = 2\n" + BODY.encode(),
    "blank end": BODY.encode() + b"\n\n    \n# end",
}


@pytest.mark.parametrize(
    "content", sparse(CONTENTS.values(), 2, "other bytes of files"), ids=list(CONTENTS)
)
def test_other_bytes_stay(content, renaming, tree, tmp_path):
    path = tree.add(content)
    wanted = content.replace(OLD.encode(), NEW.encode())
    dry = tree.run(renaming, "--dry-run")
    assert (dry.code, path.read_bytes()) == (1, content), dry.said
    assert dry.said == "Would change 1 file.\n"
    apply_diff(dry.diff, tree.folder)
    assert path.read_bytes() == wanted
    path.write_bytes(content)
    wet = tree.run(renaming)
    assert (wet.code, wet.diff, wet.said) == (0, b"", "Changed 1 file.\n")
    assert path.read_bytes() == wanted


def test_edits_lead_to_the_result(renaming, tree):
    path = tree.add(BODY * 3)
    tree.script.write_text(renaming)
    session = Session(Request(paths=(tree.folder,)))
    [result] = run(Script.load(str(tree.script)), session, session.files(), lambda share: None)
    assert (result.status, len(result.edits), result.root) == (
        Status.CHANGED, 3, str(tree.folder)
    )  # fmt: skip
    assert [edit.path for edit in result.edits] == [str(path)] * 3
    [write] = Plan.build([result]).writes
    assert (write.path, write.content()) == (
        path,
        path.read_bytes().replace(OLD.encode(), NEW.encode()),
    )


def test_clean_and_empty_files_are_left(renaming, tree):
    tree.add(b"", "empty.py")
    tree.add(b"# only this", "comment.py")
    assert tree.run(renaming) == Answer(0, b"", "Nothing to fix.\n")


def test_bad_files_fail_by_name_and_others_go_on(renaming, tree):
    bad = tree.add(b"def broken(:\n", "broken.py")
    tree.add(b"# coding: ascii\nx = '\xe9'\n", "bytes.py")
    good = tree.add(BODY)
    answer = tree.run(renaming)
    assert answer.code == 2
    assert "broken.py: line 1:" in answer.said
    assert "bytes.py: line 2:" in answer.said
    assert "2 files failed" in answer.said
    assert good.read_text() == BODY.replace(OLD, NEW)
    assert bad.read_bytes() == b"def broken(:\n"


UNKNOWN_TO_BOWLER = {
    "match": "match x:\n    case 1:\n        pass\n",
    "parenthesised with": "with (open('a') as a, open('b') as b):\n    pass\n",
    "positional only": "def f(a, /):\n    pass\n",
    "except star": "try:\n    pass\nexcept* ValueError:\n    pass\n",
}


@pytest.mark.parametrize("text", UNKNOWN_TO_BOWLER.values(), ids=list(UNKNOWN_TO_BOWLER))
def test_file_that_bowler_cannot_parse_fails(text, tree):
    new = tree.add(f"x = 1\n{text}# {OLD}\n", "tests/test_new.py")
    old = tree.add(BODY)
    for mode in (["--dry-run"], []):
        answer = tree.run(KINDS["bowler"], *mode)
        assert answer.code == 2
        assert "test_new.py: line " in answer.said
        assert "Bowler's parser does not know this syntax" in answer.said
        assert "Can't parse" not in answer.said
        assert "1 file failed" in answer.said
    assert new.read_text() == f"x = 1\n{text}# {OLD}\n"
    assert old.read_text() == BODY.replace(OLD, NEW)


@pytest.mark.parametrize("text", UNKNOWN_TO_BOWLER.values(), ids=list(UNKNOWN_TO_BOWLER))
def test_libcst_takes_new_syntax(text, tree):
    path = tree.add(text + BODY)
    assert tree.run(KINDS["libcst"]).code == 0
    assert path.read_text() == text + BODY.replace(OLD, NEW)


BAD_SCRIPTS = {
    "no docstring": ("from fixtests.migrate import Rules\n", "line 1: has no docstring"),
    "empty docstring": ('""" """\n', "line 1: has no docstring"),
    "syntax error": (DOC + "\ndef broken(:\n", "line 3:"),
    "exception": (DOC + "x = 1\nx.y\n", "line 3: AttributeError"),
    "missing import": (DOC + "import no_such_module\n", "line 2: ModuleNotFoundError"),
    "exit": (DOC + "import sys\nsys.exit(0)\n", "line 3: SystemExit"),
    "nothing": (DOC, "holds no migration"),
    "other rules": (DOC + "RULES = ['FT101']\n", "RULES: is ['FT101'], not Rules(...)"),
    "two": (
        KINDS["bowler"] + "from fixtests.migrate import Rules\nRULES = Rules(select=('FT101',))\n",
        "holds RULES and query()",
    ),
    "two commands": (
        KINDS["libcst"] + "class Second(Renamed):\n    pass\n",
        "holds class Renamed and class Second",
    ),
    "query of nothing": (DOC + "def query(paths):\n    return None\n", "return a bowler.Query"),
    "query that fails": (DOC + "def query(paths):\n    return paths.x\n", "line 3: AttributeError"),
    "query elsewhere": (
        DOC + "from bowler import Query\ndef query(paths):\n    return Query('.')\n",
        "give Query the paths that query() is given",
    ),
    "query that ran": (
        KINDS["bowler"].replace('.rename("assertCountEqual")', '.rename("x").write()'),
        "returns a Query that has run",
    ),
    "command with arguments": (
        KINDS["libcst"] + "    def __init__(self, context, name):\n        pass\n",
        "let its __init__ take a context and its arguments",
    ),
}
RULES = DOC + "from fixtests.migrate import Rules\nRULES = Rules"
for case, call, message in [
    ("text for a tuple", "(select=('FT101'))", "select must be a tuple"),
    ("no rule", "(select=())", "select must be a tuple"),
    ("unknown rule", "(select=('FT999',))", "unknown rule 'FT999'"),
    ("unknown options", "(select=('FT1',), options={'literal-uid': {}})", "'literal-uuid'?"),
    ("unknown option", "(select=('FT1',), options={'literal-uuid': {'x': 1}})", "unknown key 'x'"),
    ("options of no table", "(select=('FT4',), options=3)", "'int' object is not iterable"),
    ("bad option", "(select=('FT4',), options={'latest-microversion': {'compute': '2'}})", "2.100"),
]:
    BAD_SCRIPTS[case] = (RULES + call + "\n", message)


@pytest.mark.parametrize(("text", "message"), BAD_SCRIPTS.values(), ids=list(BAD_SCRIPTS))
def test_bad_script_is_refused_by_place(text, message, tree):
    path = tree.add(BODY)
    answer = tree.run(text)
    assert (answer.code, answer.diff) == (2, b"")
    assert answer.said.startswith(f"error: {tree.script}")
    assert message in answer.said
    assert path.read_text() == BODY


def test_interruption_of_a_script_is_an_interruption(tree):
    answer = tree.run(DOC + "raise KeyboardInterrupt\n")
    assert (answer.code, answer.said) == (130, "Interrupted; every file is whole.\n")


def test_missing_script_says_where_it_was_looked_for(tree):
    answer = tree.run(Path("no_such_script"))
    assert answer.code == 2
    assert "no_such_script: not found" in answer.said
    assert str(Path.cwd() / "codemods" / "no_such_script.py") in answer.said
    assert str(CODEMODS / "no_such_script.py") in answer.said
    assert tree.run(tree.folder / "notes.txt").code == 2
    assert tree.run(tree.folder / "absent.py").code == 2


def test_bare_name_is_a_script_of_codemods(tree, monkeypatch):
    path = tree.add(BODY)
    script = tree.add(KINDS["libcst"], "codemods/rename_it.py")
    (tree.folder / "tests").joinpath("inner").mkdir()
    monkeypatch.chdir(tree.folder / "tests" / "inner")
    assert tree.run(Path("rename_it"), "--dry-run").code == 1
    monkeypatch.chdir("/")
    assert tree.run(Path("rename_it"), "--root", str(tree.folder)).code == 0
    assert path.read_text() == BODY.replace(OLD, NEW)
    assert script.read_text() == KINDS["libcst"]
    assert not list(tree.folder.rglob("__pycache__"))


@pytest.mark.parametrize("name", [path.stem for path in CODEMODS.glob("*.py")])
def test_bare_name_is_a_shipped_script_where_the_project_has_none_of_that_name(
    tree, name, monkeypatch
):
    monkeypatch.chdir(tree.folder)
    assert Script.load(name, tree.folder).path == CODEMODS / f"{name}.py"
    own = tree.add(KINDS["libcst"], f"codemods/{name}.py")
    assert Script.load(name).path == own


def test_skipped_file_is_named_with_its_reason(tree):
    script = KINDS["libcst"] + (
        "    def visit_Module(self, node):\n"
        "        from libcst.codemod import SkipFile\n"
        "        if 'generated' in node.code:\n"
        "            raise SkipFile('it is generated')\n"
        "        self.warn('look at the imports')\n"
    )
    tree.add("# generated\n" + BODY, "tests/test_generated.py")
    path = tree.add(BODY)
    answer = tree.run(script)
    assert answer.code == 0
    assert "test_generated.py: it is generated" in answer.said
    assert "test_sample.py: look at the imports" in answer.said
    assert "Changed 1 file.\n1 file skipped, named above." in answer.said
    assert path.read_text() == BODY.replace(OLD, NEW)


def test_result_must_be_stable(renaming, tree):
    path = tree.add(BODY)
    script = renaming.replace(f"'{NEW}' if", "'x' + original_node.value if")
    script = script.replace(f"== '{OLD}'", "!= ''")
    if "bowler" in script:
        script = DOC + (
            "from bowler import Query\n"
            "def grow(node, capture, filename):\n"
            "    node.children[0].prefix = '# more\\n' + node.children[0].prefix\n"
            "def query(paths):\n"
            "    return Query(paths).select_root().modify(grow)\n"
        )
    answer = tree.run(script)
    assert answer.code == 2
    assert re.search(r"line \d: a second run would change `class x?T:` to `", answer.said)
    assert "or accept this one with --once" in answer.said
    assert path.read_text() == BODY
    assert tree.run(script, "--once").code == 0
    assert path.read_text().startswith("# more\n" if "bowler" in script else "class xT:")


def test_result_must_parse_and_be_encodable(renaming, tree):
    path = tree.add("# coding: ascii\n" + BODY)
    for name, reason in {
        "None": "the result would not do: line",
        "caf\xe9": "cannot hold",
    }.items():
        script = renaming.replace(f"'{NEW}'", repr(name)).replace(f'"{NEW}"', repr(name))
        answer = tree.run(script)
        assert answer.code == 2
        assert "test_sample.py: " in answer.said
        assert reason in answer.said
        assert path.read_text() == "# coding: ascii\n" + BODY


def test_script_that_fails_on_one_file_is_blamed_by_line(tree):
    libcst = KINDS["libcst"] + "    def visit_Import(self, node):\n        raise KeyError('here')\n"
    bowler = KINDS["bowler"].replace(
        "    receiver, method =", "    1 / ('imports' not in filename)\n    receiver, method ="
    )
    for script, error in ((libcst, "KeyError"), (bowler, "ZeroDivisionError")):
        tree.add("import os\n" + BODY, "tests/test_imports.py")
        path = tree.add(BODY)
        answer = tree.run(script)
        assert answer.code == 2
        line = (
            script[: script.index("raise KeyError" if script == libcst else "1 / (")].count("\n")
            + 1
        )
        assert f"test_imports.py: {tree.script}: line {line}: {error}" in answer.said
        assert path.read_text() == BODY.replace(OLD, NEW)


def test_bowler_sees_relative_paths_and_its_processors_may_refuse(tree):
    script = (
        KINDS["bowler"]
        .replace(".is_call()", '.is_call().is_filename(include="project|0/tests/functional/")')
        .replace(
            '.rename("assertCountEqual")',
            '.rename("assertCountEqual").process(lambda f, h: "keep" not in str(h))',
        )
    )
    unit = tree.add(BODY, "tests/unit/test_sample.py")
    gap = "\n" * 20
    path = tree.add(BODY + gap + BODY + "# keep\n" + gap + BODY, "tests/functional/test_sample.py")
    assert tree.run(script).code == 0
    changed = BODY.replace(OLD, NEW)
    assert unit.read_text() == BODY
    assert path.read_text() == changed + gap + BODY + "# keep\n" + gap + changed


def test_query_of_fewer_files_leaves_the_others(tree):
    script = KINDS["bowler"].replace("Query(paths)", "Query(paths[0], filename_matcher=chosen)")
    script += "def chosen(name):\n    return 'not_this' not in name\n"
    paths = [tree.add(BODY, f"tests/test_{name}.py") for name in ("a", "b")]
    assert tree.run(script).said == "Changed 1 file.\n"
    assert [path.read_text() for path in paths] == [BODY.replace(OLD, NEW), BODY]
    tree.add(BODY, "tests/not_this.py")
    assert tree.run(script, "--exclude", "test_*").said == "Nothing to fix.\n"


def test_script_that_writes_reaches_copies_only(tree):
    script = KINDS["bowler"] + (
        "wanted = query\ndef query(paths):\n    wanted(paths).write()\n    return wanted(paths)\n"
    )
    path = tree.add(BODY)
    assert tree.run(script, "--dry-run").code == 1
    assert path.read_text() == BODY


LINES = st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=30).map("\n".join)


@given(LINES, LINES)
def test_ranges_and_hunks_rebuild_both_texts(old, new):
    before, after = old.split("\n"), new.split("\n")
    found = list(lines.ranges(before, after))
    assert [line for _, a, b, _, _ in found for line in before[a:b]] == before
    assert [line for _, _, _, a, b in found for line in after[a:b]] == after
    assert all(before[a:b] == after[c:d] for equal, a, b, c, d in found if equal)
    assert old != new or [equal for equal, *_ in found] == [True]
    assert lines.accepted("x", old, new, lambda hunk: True) == new
    assert lines.accepted("x", old, new, lambda hunk: False) == old


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_line_ends_come_back(text, newline):
    text = text.replace("\n", newline)
    assert lines.restored(text, lines.plain(text)) == text


def test_many_equal_lines_take_no_minutes():
    body = ["", "    x = 1", "", "    self.assertEqual([1], [1])"] * 2000
    found = list(lines.ranges(body, [*body[:9], "    y = 2", *body[9:]]))
    assert found[0] == (True, 0, 9, 0, 9)
    assert len(found) <= 3


def test_what_a_script_prints_stays_out_of_the_diff(renaming, tree):
    tree.add(BODY)
    plain = tree.run(renaming, "--dry-run")
    loud = renaming.replace("def query(paths):", "def query(paths):\n    print('loud')").replace(
        "        new = ", "        print('loud')\n        new = "
    )
    answer = tree.run("\n".join((loud, "print('loud')", "")), "--dry-run")
    assert answer.diff == plain.diff
    assert "loud" in answer.said


def test_code_of_the_target_never_runs(renaming, tree, tmp_path):
    tree.add(f"open({str(tmp_path / 'ran')!r}, 'w')\n" + BODY)
    tree.add(f"open({str(tmp_path / 'ran')!r}, 'w')\n", "tests/__init__.py")
    assert tree.run(renaming).code == 0
    assert not (tmp_path / "ran").exists()


def test_rules_are_the_scripts_own(tree):
    path = tree.add((TOP / "fixtures/codemods/pin_microversions/example.before.py").read_bytes())
    toml = 'root = true\nprofile = "nova"\nextend-select = ["ALL"]\n'
    (tree.folder / "fixtests.toml").write_text(f'{toml}[latest-microversion]\ncompute = "2.1"\n')
    answer = tree.run(CODEMODS / "pin_microversions.py")
    assert (answer.code, answer.said) == (0, "Fixed 1 finding in 1 file.\n")
    assert "microversion='2.103'" in path.read_text()


def test_options_of_the_run_hold(renaming, tree):
    path = tree.add(BODY)
    assert tree.run(renaming, "--dry-run", "--exit-zero").code == 0
    assert tree.run(renaming, "--extend-exclude", "tests").said.startswith("warning: no Python")
    assert tree.run(renaming, "--diff", "--quiet").said == ""
    assert tree.run(renaming, "--select", "FT101").code == 2
    assert path.read_text() == BODY


def test_command_line_starts_without_libcst_bowler_and_rich():
    code = (
        "import sys, fixtests.cli\n"
        "print([n for n in ('libcst', 'bowler', 'fissix', 'rich') if n in sys.modules])"
    )
    run_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run_.stdout == "[]\n"


def test_rules_script_loads_neither_libcst_nor_bowler(tree):
    code = (
        "import sys\nfrom fixtests.migrate.script import Script\n"
        f"Script.load({str(CODEMODS / 'pin_microversions.py')!r})\n"
        "print([n for n in ('libcst', 'bowler', 'fissix') if n in sys.modules])"
    )
    run_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run_.stdout == "[]\n"


def test_script_is_data_to_others(tree):
    tree.script.write_text(RULES + "(select=('FT401',))\n")
    assert Script.load(str(tree.script)).migration == Rules(("FT401",))
    tree.script.write_bytes(b"\xff\xfe")
    with pytest.raises(ScriptError, match="line 1"):
        Script.load(str(tree.script))
