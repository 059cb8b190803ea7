"""The command line: commands, exit codes, streams and the promises of every run."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich import progress

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.model import Status
from fixtests.report import colors, rule_pages, screen
from fixtests.report.location import Texts
from fixtests.rules import registry
from fixtests.rules.literal_uuid.rule import LiteralUuid
from fixtests.run import one_file
from fixtests.run.request import Request, UsageError
from fixtests.run.session import Session
from terminals import on_terminal

CODE = re.compile(r"tests/test_one\.py:7:31: FT101 \[\*\] literal UUID")


def test_fix_is_the_default_command_and_writes(tree):
    answer = fixtests(folder=tree)
    assert (answer.code, answer.text) == (0, "")
    assert answer.err == "Fixed 1 finding in 1 file.\n"
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_second_run_has_nothing_to_do(tree):
    fixtests(folder=tree)
    answer = fixtests(folder=tree)
    assert (answer.code, answer.text, answer.err) == (0, "", "Nothing to fix.\n")


@pytest.mark.parametrize("option", ["--dry-run", "--diff"])
def test_dry_run_prints_a_diff_and_writes_nothing(tree, option):
    answer = fixtests(option, "tests", folder=tree)
    assert answer.code == 1
    assert answer.text.startswith("diff --git a/tests/test_one.py b/tests/test_one.py\n--- a/")
    assert answer.err == "Would fix 1 finding in 1 file.\n"
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_check_reports_and_writes_nothing(tree):
    answer = fixtests("check", "--output-format", "concise", folder=tree)
    assert answer.code == 1
    assert CODE.match(answer.text)
    assert answer.err == "1 finding found: 1 with a safe fix.\n"
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_full_output_shows_the_line(tree):
    answer = fixtests("check", folder=tree)
    assert f"7 |         self.attach(volume_id='{A_UUID}')" in answer.text
    assert " |                               ^^^^^" in answer.text


def test_json_has_the_shape_that_readers_of_ruff_know(tree):
    (entry,) = json.loads(fixtests("check", "--output-format", "json", folder=tree).out)
    assert (entry["code"], entry["name"]) == ("FT101", "literal-uuid")
    assert entry["filename"] == str(tree / "tests/test_one.py")
    assert entry["location"] == {"row": 7, "column": 31}
    assert entry["end_location"] == {"row": 7, "column": 69}
    assert entry["fix"]["applicability"] == "safe"
    assert [edit["content"] for edit in entry["fix"]["edits"]] == [
        "VOLUME_ID",
        "\n",
        f"VOLUME_ID = '{A_UUID}'\n",
    ]
    assert len(entry["fingerprint"]) == 16
    assert entry["suppressed"] is False


def test_fingerprint_survives_line_shifts(tree):
    path = tree / "tests/test_one.py"
    first = json.loads(fixtests("check", "--output-format", "json", folder=tree).out)
    path.write_bytes(b"# one line more\n" + path.read_bytes())
    second = json.loads(fixtests("check", "--output-format", "json", folder=tree).out)
    assert first[0]["fingerprint"] == second[0]["fingerprint"]


def test_statistics_count_by_rule(tree):
    answer = fixtests("check", "--statistics", folder=tree)
    assert re.search(r"^FT101 literal-uuid +1 +0 +0 +1$", answer.text, re.MULTILINE)


def test_exit_options(tree):
    assert fixtests("check", "--exit-zero", folder=tree).code == 0
    assert fixtests("--exit-non-zero-on-fix", folder=tree).code == 1


def test_clean_tree_and_empty_folder_exit_zero(tree):
    (tree / "tests/test_one.py").unlink()
    answer = fixtests(folder=tree)
    assert answer.code == 0
    assert "no Python files" in answer.err


def test_rules_and_explain(tree):
    assert fixtests("rules", folder=tree).text.startswith("FT101  on   literal-uuid")
    page = fixtests("explain", "literal-uuid", folder=tree).text
    assert "## Fix safety" in page
    assert "\n```diff\n@@ " in page
    assert "\n+VOLUME_ID = " in page
    page = fixtests("explain", "unasserted-failure", folder=tree).text
    assert "\n```python\n" in page
    assert "\n    def test_rebuild_on_a_full_host_fails(self):  # FT502\n" in page


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FT101", "On by default. Its fixes are safe where that is certain; "),
        ("FT202", "Off by default; `--select FT202` runs it. Its fixes are unsafe: "),
        ("FT502", "Off by default; `--select FT502` runs it. It reports, and fixes nothing."),
    ],
)
def test_explain_says_when_a_rule_runs_and_how_it_fixes(tree, rule, said):
    assert f"\n\n{said}" in fixtests("explain", rule, folder=tree).text


@pytest.mark.parametrize("rule", registry.every(), ids=lambda rule: rule.code)
def test_page_of_a_rule_has_each_option_once_and_how_to_silence_it(rule):
    page = "\n".join(rule_pages.page(rule))
    names = [field.name.replace("_", "-") for field in dataclasses.fields(rule.options)]
    assert page.count("Options") == bool(names)
    options = page.partition("## Options")[2].partition("## ")[0]
    assert (f"In `[tool.fixtests.{rule.name}]`:" in options) is bool(names)
    for name in names:
        assert options.count(f"`{name}`") == 1
    for comment in (f"# noqa: {rule.code}", f"# fixtests: ignore[{rule.code}]", "per-file-ignores"):
        assert comment in page.partition("## Silence it")[2]


def test_explain_lists_a_family(tree):
    listed = fixtests("rules", folder=tree).text.splitlines()
    for word in ("FT4", "ft5", "ALL"):
        answer = fixtests("explain", word, folder=tree)
        wanted = [line for line in listed if word == "ALL" or line.startswith(word.upper())]
        assert answer.code == 0
        assert [line.split() for line in answer.text.splitlines()] == [i.split() for i in wanted]
    answer = fixtests("explain", "FT9", folder=tree)
    assert (answer.code, answer.text) == (2, "")
    assert answer.err.startswith("error: unknown rule 'FT9'; valid are FT101, ")


def test_explain_is_laid_out_on_a_terminal(tree):
    shown = on_terminal("explain", "FT401", folder=tree, env={"NO_COLOR": "1"})[1]
    assert "##" not in shown
    assert "```" not in shown
    assert "What it does\n\nFinds tests that set a client" in shown
    assert " +    microversion = '2.96'\n" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_explain_on_a_terminal_without_abilities_is_markdown(tree):
    shown = on_terminal("explain", "FT401", folder=tree, env={"TERM": "dumb"})[1]
    assert shown == fixtests("explain", "FT401", folder=tree).text


def test_explain_shows_what_is_reported_where_nothing_is_fixed(tree):
    page = fixtests("explain", "swallowed-failure", folder=tree).text
    assert "\n        except Exception:  # FT503\n" in page


def test_rules_that_are_off_run_only_when_selected(tree):
    (tree / "tests" / "test_one.py").write_text(
        "class OneTest:\n"
        "    def test_start(self):\n"
        "        try:\n"
        "            self.start_service('compute', host='host1')\n"
        "            self.assertIn('host1', self.hosts)\n"
        "        except Exception:\n"
        "            pass\n"
    )
    assert "FT503  off  swallowed-failure" in fixtests("rules", folder=tree).text
    assert fixtests("check", folder=tree).code == 0
    listed = fixtests("check", "--select", "FT", "--output-format", "concise", folder=tree).text
    codes = [line.split()[1] for line in listed.splitlines()]
    assert codes == ["FT601", "FT102", "FT102", "FT503"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--select", "FT999"], "unknown rule 'FT999'; valid are FT101"),
        (["explain", "litteral-uuid"], "did you mean 'literal-uuid'?"),
        (["--microversion", "2.100"], "is not SERVICE=VERSION"),
        (["--microversion", "compute=latest"], "compute"),
        (["--microversion", "compte=2.1"], "did you mean 'compute'?"),
        (["--output-format", "xml"], "'xml' is not one of"),
        (["--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--root", "nowhere"], "nowhere"),
        (["--select", ""], "it is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_request_is_one_clear_line_and_exit_two(tree, arguments, hint):
    answer = fixtests(*arguments, folder=tree)
    assert answer.code == 2
    assert hint in answer.err
    assert "Traceback" not in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == module()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("selekt = ['FT101']\n", "unknown key 'selekt'; did you mean 'select'?"),
        ("select = 'FT101'\n", "select must be a list"),
        ("select = ['FT9']\n", "unknown rule 'FT9'"),
        ("unsafe-fixes = 1\n", "unsafe-fixes must be true or false"),
        ("profile = 'novva'\n", "unknown profile 'novva'; did you mean 'nova'?"),
        ("[literal-uuid]\nstrategie = 'x'\n", "'literal-uuid.strategie'; did you mean 'strategy'?"),
        ("[literal-uuid]\nstrategy = 'x'\n", "valid are constant, sentinel, tree"),
        ("[literal-uuid.known]\nx = 'y'\n", "'x' is no UUID"),
        ("[literal-uuid]\nconstants-module = '../c.py'\n", "no path of a .py file below the root"),
        ("[literal-uuid]\nconstants-module = ''\n", "no path of a .py file below the root"),
        ("[literal-uuid]\nconstants-module = 'a/b-c.py'\n", "no path of a .py file"),
        (f"[literal-uuid.known]\n'{A_UUID}' = 'a +'\n", "'a +' is no Python expression"),
        (
            f"[literal-uuid.known.'{A_UUID}']\nexpression = 'a'\nimport = 'x = 1'\n",
            "'x = 1' is no import statement",
        ),
        ("[latest-microversion]\ncompute = 'latest'\n", "compute"),
        ("select = [\n", "is not valid TOML"),
        (f"select = {'[' * 5000}\n", "is nested too deeply"),
    ],
)
def test_bad_configuration_names_file_key_and_remedy(tree, text, hint):
    (tree / "fixtests.toml").write_text(text)
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert re.match(rf"error: {re.escape(str(tree / 'fixtests.toml'))}:(\d+:)? ", answer.err)
    assert hint in answer.err
    assert "Traceback" not in answer.err


def test_configuration_in_pyproject_is_read_and_isolated_ignores_it(tree):
    (tree / "fixtests.toml").unlink()
    (tree / "pyproject.toml").write_text('[tool.fixtests]\nignore = ["FT101"]\n')
    assert fixtests("check", folder=tree).code == 0
    assert fixtests("check", "--isolated", folder=tree).code == 1
    assert fixtests("check", "--select", "literal-uuid", "--ignore", "FT", folder=tree).code == 1


def test_nearest_configuration_wins_key_by_key(tree):
    (tree / "fixtests.toml").write_text('ignore = ["FT101"]\nunsafe-fixes = true\n')
    assert fixtests("check", folder=tree).code == 0
    (tree / "tests/fixtests.toml").write_text("ignore = []\n")
    assert fixtests("check", "tests", "--root", ".", folder=tree).code == 1


def test_bad_request_is_refused_even_where_there_is_no_file(tree):
    (tree / "tests/test_one.py").unlink()
    assert fixtests("--select", "FT999", folder=tree).code == 2
    assert fixtests("--microversion", "compute=x", folder=tree).code == 2


def test_fault_in_a_rule_fails_that_file_alone(tree, monkeypatch):
    (tree / "tests/test_two.py").write_bytes(module())
    check = LiteralUuid.check

    def faulty(self, node, context):
        if context.relative.endswith("test_one.py"):
            raise RuntimeError("boom")
        return check(self, node, context)

    monkeypatch.setattr(LiteralUuid, "check", faulty)
    session = Session(Request(paths=(tree,)))
    one, two = one_file.run(session, session.files(), lambda: None)
    assert one.status is Status.FAILED
    assert re.match(r"internal error at test_cli.py:\d+: RuntimeError: boom", one.detail)
    assert two.status is Status.CHANGED


def test_progress_shows_on_a_terminal_in_long_runs(tree):
    for number in range(60):
        (tree / f"tests/test_{number}.py").write_bytes(module())
    command = ("check", "--output-format", "concise", "--no-cache", "--exit-zero")
    assert "Checking" in on_terminal(*command, folder=tree)[1]
    assert "Checking" not in on_terminal(*command, folder=tree, env={"TERM": "dumb"})[1]
    assert "Checking" not in on_terminal(*command, "-q", folder=tree)[1]


def test_progress_is_as_far_as_the_work(monkeypatch):
    bars = []

    class Bar(progress.Progress):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options, disable=True)
            bars.append(self)

    monkeypatch.setattr(progress, "Progress", Bar)
    monkeypatch.setattr(colors, "is_terminal", lambda stream: True)
    with screen.Screen("never").progress(range(1000)) as advance:
        advance(0.75)
        assert bars[0].tasks[0].percentage == 75


def test_progress_is_told_once_a_minute_where_there_is_no_terminal(monkeypatch, capsys):
    now = iter([0, 10, 59, 61, 62])
    monkeypatch.setattr(screen.time, "monotonic", lambda: next(now))
    with screen.Screen("never").progress(range(1000)) as advance:
        for _ in range(4):
            advance(0.001)
    assert capsys.readouterr().err == "3 of 1,000 files\n"


def test_per_file_ignores(tree):
    (tree / "fixtests.toml").write_text('[per-file-ignores]\n"tests/*" = ["FT101"]\n')
    assert fixtests("check", folder=tree).code == 0


def test_per_file_ignores_beat_a_longer_selector(tree):
    (tree / "fixtests.toml").write_text('select = ["FT101"]\n[per-file-ignores]\n"*" = ["FT"]\n')
    assert fixtests("check", folder=tree).code == 0


@pytest.mark.parametrize(
    ("configured", "arguments", "code"),
    [
        ('select = ["FT101"]', ["--ignore", "FT1"], 0),
        ('select = ["FT101"]', ["--ignore", "ALL"], 0),
        ('extend-select = ["FT101"]', ["--ignore", "FT"], 0),
        ('ignore = ["FT101"]', ["--extend-select", "FT1"], 1),
        ('ignore = ["FT101"]', ["--select", "FT"], 1),
        ("select = []", ["--extend-select", "FT101"], 1),
    ],
)
def test_options_beat_files_however_short_their_selectors(tree, configured, arguments, code):
    (tree / "fixtests.toml").write_text(f"{configured}\n")
    assert fixtests("check", *arguments, folder=tree).code == code


def test_pyproject_that_cannot_be_read_is_not_taken_for_none(tree, monkeypatch):
    (tree / "fixtests.toml").unlink()
    (tree / "pyproject.toml").write_text('[tool.fixtests]\nignore = ["FT101"]\n')

    def locked(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", locked)
    session = Session(Request())
    with pytest.raises(UsageError, match=r"pyproject\.toml: cannot be read"):
        session.configuration.at(tree)


@pytest.mark.parametrize("text", ['tool = "fixtests"\n', "tool = 1 # fixtests\n"])
def test_odd_pyproject_of_others_is_not_ours(tree, text):
    (tree / "pyproject.toml").write_text(text)
    assert fixtests("check", folder=tree).code == 1


def test_bad_files_are_each_named_and_never_stop_the_others(tree):
    tests = tree / "tests"
    (tests / "test_syntax.py").write_text("def broken(:\n")
    (tests / "test_bytes.py").write_bytes(b"# caf\xe9\n")
    (tests / "test_nul.py").write_bytes(b"x = 1\n\0\n")
    (tests / "test_cookie.py").write_bytes(b"# -*- coding: nonsense -*-\n")
    answer = fixtests(".", folder=tree)
    assert answer.code == 2
    for name, hint in {
        "tests/test_syntax.py": "line 1: invalid syntax",
        "tests/test_bytes.py": "line 1: byte 0xe9 is not utf-8",
        "tests/test_nul.py": "line 2: NUL byte",
        "tests/test_cookie.py": "line 1: unknown encoding",
    }.items():
        assert re.search(rf"^error: {name}: .*{hint}", answer.err, re.MULTILINE), name
    assert (tests / "test_one.py").read_bytes() == fixed()


def test_unreadable_and_special_files_are_named(tree):
    fifo = tree / "tests" / "test_fifo.py"
    os.mkfifo(fifo)
    answer = fixtests("tests/test_fifo.py", folder=tree)
    assert answer.code == 2
    assert "not judged: is not a regular file" in answer.err


def test_paths_that_cannot_be_looked_at_are_named_and_others_go_on(tree):
    (tree / "loop.py").symlink_to("loop.py")
    answer = fixtests("check", "a" * 5000, "loop.py", "tests", folder=tree)
    assert answer.code == 2
    assert "File name too long" in answer.err
    assert "error: loop.py: is a link that leads nowhere" in answer.err
    assert "Traceback" not in answer.err
    assert "tests/test_one.py:7:31" in answer.text


def test_folder_that_cannot_be_listed_is_named(tree, monkeypatch):
    def walk(folder, onerror):
        onerror(PermissionError(13, "Permission denied", str(tree / "tests/locked")))
        yield from ()

    monkeypatch.setattr(os, "walk", walk)
    (missing,) = Session(Request(paths=(tree,))).files()
    assert missing.path == tree / "tests/locked"
    assert missing.reason.startswith("cannot be read: Permission denied")


def test_current_folder_that_is_gone_is_named(tree):
    command = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m fixtests check"
    answer = subprocess.run(command, shell=True, cwd=tree, capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: .: cannot be read: No such file")


@pytest.mark.parametrize("command", ["check", "--dry-run", "rules"])
def test_full_device_is_one_line_and_exit_two(tree, command):
    with open("/dev/full", "wb") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "fixtests", command, *(["-q"] if command != "rules" else [])],
            cwd=tree,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert answer.returncode == 2
    assert answer.stderr == "error: cannot write the output: No space left on device\n"


@pytest.mark.parametrize("command", ["check", "--dry-run"])
def test_closed_stdout_takes_nothing_from_the_run(tree, command):
    line = f"{sys.executable} -m fixtests {command} >&-"
    answer = subprocess.run(line, shell=True, cwd=tree, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_file_that_changes_after_it_was_read_is_named(tree):
    (tree / "tests/test_two.py").write_bytes(module())
    session = Session(Request(paths=(tree,), fix=False))
    results = list(one_file.run(session, session.files(), lambda: None))
    (tree / "tests/test_one.py").unlink()
    (tree / "tests/test_two.py").write_bytes(b"")
    assert Texts(results, {}).moved() == {
        tree / "tests/test_one.py": "cannot be read again: No such file or directory; run again",
        tree / "tests/test_two.py": "changed since it was read; run again",
    }


def test_dry_run_applies_with_git_to_what_fix_writes(tree):
    (tree / "tests/test_two.py").write_bytes(module(name="image_id").replace(b"\n", b"\r\n"))
    (tree / "tests/test_three.py").write_bytes(module().rstrip(b"\n"))
    copy = tree.with_name("copy")
    shutil.copytree(tree, copy)
    git(copy, "init", "-q")
    diff = fixtests("--dry-run", folder=tree).out
    git(copy, "apply", "--whitespace=nowarn", stdin=diff)
    fixtests(folder=tree)
    for path in (tree / "tests").iterdir():
        assert (copy / "tests" / path.name).read_bytes() == path.read_bytes()


def test_same_findings_and_diff_from_any_folder_and_for_any_paths(tree):
    (tree / "tests/unit").mkdir()
    (tree / "tests/unit/test_two.py").write_bytes(module(name="image_id"))
    whole = fixtests("--dry-run", folder=tree).out
    single = [
        fixtests("--dry-run", "tests/unit/test_two.py", folder=tree).out,
        fixtests("--dry-run", "test_two.py", folder=tree / "tests/unit").out,
        fixtests("--dry-run", tree / "tests/unit", folder=tree.parent).out,
        fixtests("--dry-run", "../unit", folder=tree / "tests/unit").out,
        fixtests("--dry-run", tree / "tests/unit", "test_two.py", folder=tree / "tests/unit").out,
    ]
    assert len(set(single)) == 1
    assert b"+IMAGE_ID = " in single[0]
    assert whole.endswith(single[0])


def test_inside_git_headers_start_at_the_top_level_and_ignored_files_are_left(tree):
    git(tree.parent, "init", "-q")
    (tree / "tests/test_ignored.py").write_bytes(module())
    (tree / ".gitignore").write_text("test_ignored.py\n")
    diff = fixtests("--dry-run", folder=tree).text
    assert diff.startswith("diff --git a/project/tests/test_one.py")
    assert "test_ignored" not in diff
    assert "test_ignored" in fixtests("--dry-run", "--no-respect-gitignore", folder=tree).text
    assert "test_ignored" in fixtests("--dry-run", "tests/test_ignored.py", folder=tree).text


def test_excluded_files(tree):
    shutil.copytree(tree / "tests", tree / ".tox/tests")
    assert ".tox" not in fixtests("--dry-run", folder=tree).text
    assert fixtests("--dry-run", "--extend-exclude", "test_o*", folder=tree).code == 0
    assert fixtests("--dry-run", "--extend-exclude", "tests", folder=tree).code == 0
    named = ["--dry-run", "--exclude", "test_one.py", "tests/test_one.py"]
    assert fixtests(*named, folder=tree).code == 1
    assert fixtests(*named, "--force-exclude", folder=tree).code == 0


@pytest.mark.parametrize("where", ["tests/test_o*", "./tests/*", "{tree}/tests/*.py", "{tree}/t*"])
def test_excluded_place_is_one_from_the_root_or_a_whole_one(tree, where):
    pattern = where.format(tree=tree)
    assert fixtests("--dry-run", "--extend-exclude", pattern, folder=tree).code == 0
    (tree / "sub").mkdir()
    (tree / "tests").rename(tree / "sub/tests")
    assert fixtests("--dry-run", "--extend-exclude", pattern, folder=tree).code == 1


def test_excludes_hold_from_wherever_a_run_starts(tree):
    (tree / "sub/tests").mkdir(parents=True)
    (tree / "sub/tests/test_two.py").write_bytes(module())
    (tree / "sub/fixtests.toml").write_text('extend-exclude = ["test_two.py", "tests"]\n')
    for folder, path in ((tree, "."), (tree / "sub", ".."), (tree, "sub/..")):
        found = fixtests("--dry-run", path, folder=folder).text
        assert "test_one" in found
        assert "test_two" not in found


def test_forced_excludes_hold_for_folders_above_a_named_file(tree):
    named = ["--dry-run", "--extend-exclude", "tests", "--force-exclude"]
    assert fixtests(*named, "tests/test_one.py", folder=tree).code == 0
    assert fixtests(*named, "tests", folder=tree).code == 0


def test_name_of_the_root_is_no_pattern(tree):
    root = tree.with_name("a[b]c")
    tree.rename(root)
    assert fixtests("check", "--extend-exclude", "tests/test_*.py", folder=root).code == 0
    (root / "fixtests.toml").write_text('[per-file-ignores]\n"tests/*" = ["FT101"]\n')
    assert fixtests("check", folder=root).code == 0


def test_color_only_on_a_terminal_or_when_asked_for(tree):
    assert b"\x1b[" not in fixtests("--dry-run", folder=tree).out
    assert b"\x1b[32m+VOLUME_ID" in fixtests("--dry-run", "--color", "always", folder=tree).out
    assert "\x1b[32m+VOLUME_ID" in on_terminal("--dry-run", folder=tree)[1]


def test_suppression_comments(tree):
    path = tree / "tests/test_one.py"
    for comment in (
        "noqa",
        "noqa: FT101",
        "noqa: E501,FT101",
        "fixtests: ignore[literal-uuid] why",
    ):
        path.write_bytes(module().rstrip() + f"  # {comment}\n".encode())
        answer = fixtests("check", folder=tree)
        assert (answer.code, answer.err) == (0, "Nothing to fix.\n"), comment
        assert fixtests("check", "--ignore-suppressions", folder=tree).code == 1
    path.write_bytes(b"# fixtests: ignore-file[FT101]\n" + module())
    assert fixtests("check", folder=tree).code == 0


def test_unused_and_unknown_suppressions_are_reported(tree):
    (tree / "tests/test_one.py").write_text(
        "import os  # noqa: F401\n"
        "A = 1  # noqa: FT101\n"
        "B = 1  # fixtests: ignore[FT201]\n"
        "C = 1  # fixtests: ignroe[FT201]\n"
    )
    answer = fixtests("check", folder=tree)
    assert "tests/test_one.py:2: unused suppression of FT101; remove it" in answer.err
    assert "tests/test_one.py:3: unused suppression of FT201; remove it" in answer.err
    assert "tests/test_one.py:4: unknown suppression 'ignroe'" in answer.err
    assert "F401" not in answer.err


@pytest.mark.parametrize(
    ("comment", "hint"),
    [
        ("fixtests: ignore[FT999]", "unknown rule 'FT999'"),
        ("fixtests: ignore(FT101)", "suppression with '('; write ignore[CODE]"),
        ("fixtests: ignore[FT101", "suppression with '['; write ignore[CODE]"),
        ("fixtests: ignore: FT101", "suppression with ':'; write ignore[CODE]"),
    ],
)
def test_misspelt_suppression_silences_nothing_and_is_reported(tree, comment, hint):
    path = tree / "tests/test_one.py"
    path.write_bytes(module().rstrip() + f"  # {comment}\n".encode())
    answer = fixtests("check", folder=tree)
    assert answer.code == 1
    assert hint in answer.err


def test_two_suppressions_in_one_comment_both_count(tree):
    path = tree / "tests/test_one.py"
    path.write_bytes(module().rstrip() + b"  # noqa: FT101  # fixtests: ignore[FT201]\n")
    answer = fixtests("check", folder=tree)
    assert answer.code == 0
    assert "unused suppression of FT201" in answer.err


def test_path_named_like_a_command(tree):
    (tree / "check").mkdir()
    (tree / "check/test_it.py").write_bytes(module())
    assert "check/test_it.py" in fixtests("--dry-run", "./check", folder=tree).text


def test_code_of_the_tree_is_never_run(tree):
    marker = tree / "executed"
    (tree / "tests/__init__.py").write_text(f"open({str(marker)!r}, 'w')\n")
    (tree / "tests/test_one.py").write_bytes(f"open({str(marker)!r}, 'w')\n".encode() + module())
    assert fixtests(folder=tree).code == 0
    assert b"VOLUME_ID = " in (tree / "tests/test_one.py").read_bytes()
    assert not marker.exists()
