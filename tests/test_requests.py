"""Requests that are not what was meant, and outputs that are no plain files: no harm is done."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conftest import fixed, fixtests, module
from fixtests.cache import output_cache
from fixtests.cli import main as cli


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("chekc", "fixtests check"),
        ("diff", "fixtests --dry-run"),
        ("dry-run", "fixtests --dry-run"),
        ("plans", "fixtests plan"),
        ("exlain", "fixtests explain"),
        ("nowhere.py", None),
    ],
)
def test_mistyped_command_writes_nothing_and_names_the_nearest(tree, word, meant):
    answer = fixtests(word, ".", folder=tree)
    assert answer.code == 2
    remedy = f"did you mean `{meant}`?" if meant else "check the path"
    assert answer.err == f"error: {word}: does not exist; {remedy}; nothing was written\n"
    assert (tree / "tests/test_one.py").read_bytes() == module()


@pytest.mark.parametrize("command", [["fix"], ["plan"], ["fix", "--atomic"]], ids=" ".join)
def test_missing_path_among_others_writes_nothing(tree, command):
    (tree / "dangling.py").symlink_to("nothing.py")
    answer = fixtests(*command, "tests", "gone.py", "dangling.py", folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.splitlines() == [
        "error: gone.py: does not exist; check the path",
        "error: dangling.py: is a link that leads nowhere; name the file itself; "
        "nothing was written",
    ]
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_what_writes_nothing_goes_on_without_a_missing_path(tree):
    answer = fixtests("--dry-run", "chekc", ".", folder=tree)
    assert answer.code == 2
    assert answer.text.startswith("diff --git a/tests/test_one.py")
    assert "error: chekc: does not exist; did you mean `fixtests check`?" in answer.err


def test_every_command_is_known_where_a_word_is_looked_up():
    assert {*output_cache.COMMANDS, *output_cache.OTHERS} == set(cli.COMMANDS)


@pytest.fixture
def report(tree):
    """What `check` prints on the tree."""
    return fixtests("check", "--output-format", "concise", folder=tree).out


def saved(tree, path, **options):
    return fixtests("check", "--output-format", "concise", "-o", path, folder=tree, **options)


def test_output_to_a_pipe_is_written_into_it(tree, report):
    pipe = tree.with_name("pipe")
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert saved(tree, pipe).code == 1
    reader.join(20)
    assert got == [report]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_output_to_a_device_leaves_the_device(tree):
    device = tree.with_name("null")
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except (OSError, AttributeError):
        pytest.skip("only the superuser can make a device to try this on")
    assert saved(tree, device).code == 1
    assert stat.S_ISCHR(device.stat().st_mode)


def test_output_follows_links(tree, report):
    link, target = tree.with_name("link"), tree.with_name("target")
    link.symlink_to("target")
    assert saved(tree, link).code == 1
    assert link.is_symlink()
    assert target.read_bytes() == report
    target.write_text("of before")
    assert saved(tree, link).code == 1
    assert target.read_bytes() == report
    assert [item.name for item in target.parent.glob(".*tmp")] == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors have no names here")
def test_output_to_a_descriptor_is_written_into_it(tree, report):
    link = tree.with_name("descriptor")
    link.symlink_to("/proc/self/fd/1")
    command = ["check", "--output-format", "concise", "-o", str(link), "."]
    with tree.with_name("out").open("wb") as out:
        subprocess.run(
            [sys.executable, "-m", "fixtests", *command],
            cwd=tree, stdout=out, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        status = os.fstat(out.fileno())
    assert tree.with_name("out").read_bytes() == report
    assert os.path.samestat(status, tree.with_name("out").stat())
    assert link.is_symlink()


def test_output_that_cannot_be_written_is_named(tree):
    path = tree.with_name("locked") / "report"
    answer = saved(tree, path)
    assert answer.code == 2
    assert f"error: {path}: cannot be written: " in answer.err


def test_saved_plan_is_no_failure_and_applies_only_once(tree):
    plan = tree.with_name("plan.json")
    assert fixtests("plan", "-o", plan, folder=tree).code == 0
    assert fixtests("plan", folder=tree).code == 0
    assert fixtests("apply", plan, folder=tree).code == 0
    answer = fixtests("apply", plan, folder=tree)
    assert (answer.code, answer.err) == (0, "tests/test_one.py: already applied\nNothing to fix.\n")
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_cut_plan_that_was_applied_is_known_by_its_run(tree):
    one = tree / "tests/test_one.py"
    one.write_bytes(
        module() + b"        self.attach(port_id='11111111-2222-3333-4444-555555555555')\n"
    )
    plan = tree.with_name("plan.json")
    fixtests("plan", "-o", plan, folder=tree)
    first = json.loads(plan.read_text())["files"][0]["findings"][0]["fingerprint"]
    assert fixtests("plan-edit", plan, "--drop", first, folder=tree).code == 0
    assert fixtests("apply", plan, folder=tree).code == 0
    answer = fixtests("apply", plan, folder=tree)
    assert (answer.code, answer.err[:34]) == (0, "tests/test_one.py: already applied")
    one.write_bytes(one.read_bytes() + b"# edited\n")
    answer = fixtests("apply", plan, folder=tree)
    assert answer.code == 2
    assert "tests/test_one.py: changed since it was read; run again" in answer.err


def test_plan_that_is_applied_in_part_writes_the_rest(tree):
    (tree / "tests/test_two.py").write_bytes(module(name="image_id"))
    plan = tree.with_name("plan.json")
    fixtests("plan", "-o", plan, folder=tree)
    fixtests("tests/test_one.py", folder=tree)
    answer = fixtests("apply", plan, folder=tree)
    assert answer.code == 0
    assert answer.err.splitlines() == [
        "tests/test_one.py: already applied",
        "Fixed 1 finding in 1 file.",
    ]
    assert (tree / "tests/test_two.py").read_bytes() != module(name="image_id")


WORKS = (
    *("engine", "fixing", "rules", "reasoning", "run", "plan", "write", "review", "verify"),
    *("series", "migrate", "campaign"),
)


def started(words, **variables):
    """Run a command line, and return its exit code, output, and the modules of ours it loaded."""
    code = (
        "import json, sys; from fixtests import __main__ as it\n"
        f"sys.argv = ['fixtests', *{words!r}]\n"
        "code = it._answered()\n"
        "names = [name for name in sys.modules if name.startswith('fixtests.')]\n"
        "print(json.dumps([code, names]), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, **variables},
    )
    left, names = json.loads(done.stderr.splitlines()[-1])
    return left, done.stdout, names


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        *(([name, "--help"], 0) for name in cli.COMMANDS),
        (["check", "--nonsense"], 2),
        (["--dry-run", "--jobs", "0"], 2),
        (["undo", "x"], 2),
    ],
    ids=str,
)
def test_start_loads_nothing_that_works_on_files(words, code):
    found, _, names = started(words)
    assert found == code
    assert "fixtests.cli.main" in names
    assert [name for name in names if name.split(".")[1] in WORKS] == []
    if words == ["--version"]:
        assert {name for name in names if name.startswith("fixtests.cli.")} == {"fixtests.cli.main"}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ch", ["plain,check", "file,ch"]),
        ("--dry", ["plain,--dry-run"]),
        ("check --sel", ["plain,--select"]),
        (". --veri", ["plain,--verify", "plain,--verify-command"]),
    ],
)
def test_completion_offers_commands_and_options_and_loads_nothing_that_works(typed, offered):
    line = {"COMP_WORDS": f"fixtests {typed}", "COMP_CWORD": str(len(typed.split()))}
    _, out, names = started([], _FIXTESTS_COMPLETE="bash_complete", **line)
    assert out.splitlines() == offered
    assert [name for name in names if name.split(".")[1] in WORKS] == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("explain ft2", {"FT201", "FT202"}),
        ("explain unch", {"unchecked-loop"}),
        ("explain --profile ci", {"cinder"}),
        ("check --select FT20", {"FT201", "FT202"}),
        ("check --ignore FT101,FT20", {"FT101,FT201", "FT101,FT202"}),
        ("--extend-select lit", {"literal-uuid", "literal-hostname"}),
        ("undo --rule FT10", {"FT101", "FT102"}),
        ("plan-edit plan.json --drop missing", {"missing-cleanup", "missing-docstring"}),
        ("migrate mock", {"mock_assertions"}),
        ("migrate mock_assertions nova/te", set()),
        ("commit --script ten", {"tenant_to_project"}),
        ("check --output-format json", {"json", "json-lines"}),
        ("--output-format sa", {"sarif"}),
    ],
)
def test_completion_offers_values(typed, offered):
    line = {"COMP_WORDS": f"fixtests {typed}", "COMP_CWORD": str(len(typed.split()))}
    _, out, _ = started([], _FIXTESTS_COMPLETE="bash_complete", **line)
    kinds = [tuple(item.split(",", 1)) for item in out.splitlines()]
    assert {word for kind, word in kinds if kind == "plain"} == offered
    files = typed.startswith(("migrate", "commit"))
    assert [word for kind, word in kinds if kind == "file"] == ([typed.split()[-1]] * files)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_ask(shell):
    _, out, _ = started([], _FIXTESTS_COMPLETE=f"{shell}_source")
    assert f"_FIXTESTS_COMPLETE={shell}_complete" in out


def test_every_command_is_described_whole():
    _, out, _ = started(["--help"], COLUMNS="80")
    told = " ".join(out.partition("Commands:")[2].split())
    assert "..." not in told
    for name in cli.COMMANDS:
        command = cli.main.get_command(None, name)
        sentence = " ".join(command.help.split("\n\n")[0].split()).partition(". ")[0]
        assert f"{name} {sentence}".rstrip(".") in told
