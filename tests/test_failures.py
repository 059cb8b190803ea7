"""What fails is said in every format, never in a traceback, and never ends in exit 0."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from conftest import fixtests, module
from terminals import on_terminal

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0.json").read_text())
BROKEN = "tests/test_broken.py"
UNDECODABLE = b"tests/test_\xff\xfe.py"
HOSTILE = "tests/test_\x01\x1b[31m\u202e\ufffe.py"
EXITS = {
    "exit": "import os\nos._exit(0)\n",
    "posix": "import posix\nposix._exit(0)\n",
    "system-exit": "raise SystemExit(0)\n",
    "base": "class Bad(BaseException):\n    pass\n\n\nraise Bad\n",
    "generator": "raise GeneratorExit\n",
    "memory": "raise MemoryError\n",
    "mute": (
        "class Mute(Exception):\n    def __str__(self):\n        raise KeyboardInterrupt\n\n\n"
        "raise Mute\n"
    ),
    "shallow": "import sys\nsys.setrecursionlimit(60)\n\n\ndef deep():\n    deep()\n\n\ndeep()\n",
}


@pytest.fixture
def broken(tree):
    """A tree with a file that cannot be parsed beside one with a finding."""
    (tree / BROKEN).write_text("x = 1\ny = (\n")
    return tree


def printed(tree, form):
    answer = fixtests("check", "--output-format", form, folder=tree)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    return answer.out.decode()


def test_json_has_an_entry_for_a_file_that_failed(broken):
    first, second = json.loads(printed(broken, "json"))
    assert (first["code"], first["filename"]) == ("invalid-file", str(broken / BROKEN))
    assert first["location"] == {"row": 2, "column": 1}
    assert "was never closed" in first["message"]
    assert first["fix"] is None
    assert second["code"] == "FT101"
    lines = printed(broken, "json-lines").splitlines()
    assert [json.loads(line) for line in lines] == [first, second]


def test_sarif_says_that_the_run_was_no_success(broken):
    log = json.loads(printed(broken, "sarif"))
    jsonschema.validate(log, SCHEMA)
    (run,) = log["runs"]
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    place = notification["locations"][0]["physicalLocation"]
    assert invocation["executionSuccessful"] is False
    assert notification["level"] == "error"
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (BROKEN, 2)
    (broken / BROKEN).unlink()
    log = json.loads(fixtests("check", "--output-format", "sarif", folder=broken).out)
    assert log["runs"][0]["invocations"] == [
        {"executionSuccessful": True, "toolExecutionNotifications": []}
    ]


def test_junit_has_an_error_for_a_file_that_failed(broken):
    top = ElementTree.fromstring(printed(broken, "junit"))
    suites = {suite.get("name"): suite for suite in top}
    counts = [suites[BROKEN].get(name) for name in ("tests", "failures", "errors")]
    assert counts == ["1", "0", "1"]
    assert "was never closed" in suites[BROKEN][0][0].get("message")


def test_text_and_annotations_name_the_file_that_failed(broken):
    assert f"{BROKEN}:2:1: error: line 2: " in printed(broken, "concise")
    assert f" --> {BROKEN}:2:1\n" in printed(broken, "full")
    assert f"::error file={BROKEN},line=2::line 2: " in printed(broken, "github")


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "concise", "full", "github"])
def test_names_that_are_not_text_are_printed_in_every_format(tree, form):
    shutil.copy(tree / "tests/test_one.py", tree / os.fsdecode(UNDECODABLE))
    answer = fixtests("check", "--output-format", form, folder=tree)
    assert (answer.code, answer.err) == (1, "2 findings found: 2 with a safe fix.\n")
    if form in ("json", "sarif"):
        json.loads(answer.out)
    if form == "sarif":
        assert b'"uri": "tests/test_%FF%FE.py"' in answer.out
    if form == "junit":
        ElementTree.fromstring(answer.out)


def test_names_of_controls_make_neither_bad_xml_nor_move_a_terminal(tree):
    shutil.copy(tree / "tests/test_one.py", tree / HOSTILE)
    (tree / HOSTILE).write_bytes(module() + "# \x1b]0;title\x07 \u202e \n".encode())
    ElementTree.fromstring(printed_with_findings(tree, "junit"))
    for form in ("concise", "full"):
        text = printed_with_findings(tree, form)
        assert "test_\\x01\\x1b[31m\\u202e" in text
        assert not {"\x01", "\x1b", "\u202e"} & set(text)
    (tree / HOSTILE).write_text("(")
    answer = fixtests("check", folder=tree)
    assert "\\x1b[31m" in answer.err
    assert not {"\x01", "\x1b", "\u202e"} & set(answer.err + answer.text)


def printed_with_findings(tree, form):
    answer = fixtests("check", "--output-format", form, folder=tree)
    assert answer.code == 1
    return answer.out.decode()


def test_line_of_source_is_shown_without_its_controls(tree):
    text = module().replace(b"        self", b"        '\x1b\xe2\x80\xae'; self")
    (tree / "tests/test_one.py").write_bytes(text)
    lines = printed_with_findings(tree, "full").splitlines()
    line, marks = next(pair for pair in itertools.pairwise(lines) if "attach" in pair[0])
    assert "'\\x1b\\u202e'; self.attach" in line
    assert line[marks.index("^") : marks.rindex("^") + 1].startswith("'6f0c3a2e")


@pytest.mark.parametrize("text", EXITS.values(), ids=EXITS)
@pytest.mark.parametrize("inside", [False, True], ids=["module", "command"])
def test_script_that_ends_or_breaks_the_run_is_a_failure(tree, text, inside):
    if inside:
        body = "".join(f"        {line}\n" for line in text.splitlines())
        text = (
            "from libcst.codemod import CodemodCommand\n\n\nclass Change(CodemodCommand):\n"
            f"    def transform_module_impl(self, tree):\n{body}        return tree\n"
        )
    script = tree / "script.py"
    script.write_text(f'"""Ends badly."""\n\n{text}')
    answer = fixtests("migrate", "script.py", "tests", folder=tree)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert "script.py: line" in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_script_that_changes_the_depth_of_calls_changes_it_for_itself_only(tree):
    (tree / "script.py").write_text(
        '"""Runs shallowly."""\n\nimport sys\n\nfrom fixtests.migrate import Rules\n\n'
        'sys.setrecursionlimit(60)\nRULES = Rules(select=("FT101",))\n'
    )
    answer = fixtests("migrate", "script.py", "tests", folder=tree)
    assert (answer.code, answer.err) == (0, "Fixed 1 finding in 1 file.\n")


def crash(tree, lines):
    """Run `fixtests check` in a process in which something of ours is broken."""
    code = "\n".join([*lines, "from fixtests import __main__", "__main__.main()"])
    return subprocess.run(
        [sys.executable, "-c", code, "check", "--no-cache", "tests"],
        cwd=tree, capture_output=True, check=False, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("ValueError('odd')", "ValueError: odd; please report it with this: fixtests check"),
        ("MemoryError()", "there is not enough memory; try again with --jobs 1"),
        ("RecursionError('deep')", "RecursionError: deep"),
        ("OSError(5, 'bad disk', '/x')", "bad disk: '/x'"),
        ("type('Odd', (BaseException,), {})()", "Odd: "),
    ],
)
def test_fault_of_ours_is_one_line_with_a_reproducer_and_exit_two(tree, raised, said):
    lines = (
        "from fixtests.cli import outcomes",
        "def fail(*arguments, **options):",
        f"    raise {raised}",
        "outcomes.report = fail",
    )
    done = crash(tree, lines)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("options", [[], ["--exit-zero"]], ids=["plain", "exit-zero"])
def test_full_disk_is_the_same_with_an_answer_from_the_cache_and_without(tree, options):
    hour = 3600 * 10**9
    for path in [*tree.parent.rglob("*"), tree.parent]:
        os.utime(path, ns=(path.stat().st_mtime_ns - hour, path.stat().st_mtime_ns - hour))
    command = [sys.executable, "-m", "fixtests", "check", *options]

    def run():
        with Path("/dev/full").open("wb") as full:
            return subprocess.run(
                command, cwd=tree, stdout=full, stderr=subprocess.PIPE, check=False
            )

    cold = run()
    fixtests("check", *options, folder=tree)
    warm = run()
    assert (warm.returncode, warm.stderr.splitlines()[-1]) == (2, cold.stderr.splitlines()[-1])
    assert cold.returncode == 2
    assert b"error: cannot write the output: No space left on device" in cold.stderr


@pytest.mark.parametrize("command", [["check"], ["--dry-run"], ["plan", "-o", "plan.json"], []])
def test_a_file_that_is_named_is_python_as_a_whole(tree, command):
    """What no rule looks at is not parsed in a folder, for speed; who names a file asks of it."""
    (tree / "tests/test_two.py").write_text("class A:\n    def test_a(self):\n        x = = 1\n")
    found = fixtests("check", "tests", folder=tree)
    assert (found.code, found.err) == (1, "1 finding found: 1 with a safe fix.\n")
    for _ in range(2):  # what the first run keeps is for files that are named
        answer = fixtests(*command, "tests/test_one.py", "tests/test_two.py", folder=tree)
        assert answer.code == 2
        assert "error: tests/test_two.py: line 3: invalid syntax" in answer.err
    (tree / "link.py").symlink_to("tests/test_two.py")
    assert fixtests(*command, "link.py", folder=tree).code == 2


def test_what_failed_is_said_once_on_a_terminal_and_no_row_is_made_up(broken):
    code, shown = on_terminal("check", "nope.py", BROKEN, folder=broken, env={"NO_COLOR": "1"})
    assert code == 2
    assert shown.count("does not exist") == shown.count("was never closed") == 1
    assert " --> nope.py\n" in shown
    assert f" --> {BROKEN}:2:1\n" in shown
    assert shown.endswith("2 files failed, named above.\n")
    answer = fixtests("check", "--output-format", "concise", "nope.py", folder=broken)
    assert answer.text == "nope.py: error: does not exist; check the path\n"
    assert answer.err.startswith("error: nope.py: does not exist; check the path\n")
    _, shown = on_terminal("check", "--statistics", "nope.py", folder=broken)
    assert shown.count("does not exist") == 1  # statistics name no file
