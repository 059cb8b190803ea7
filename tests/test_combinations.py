"""Each two options of a command are both obeyed, or refused with a reason; none is ignored."""

import contextlib
import itertools
import json
import random
import shutil

import click
import pytest

from conftest import FIXTURES, fixtests, git, module
from fixtests.cli.combinations import REFUSED
from fixtests.cli.main import main

COMMANDS = ("fix", "check", "plan", "apply", "review", "migrate", "commit")
# What a command needs beside its options, and values for options that cannot be guessed.
NEEDED = {"apply": ["plan.json"], "review": ["review.md"]}
VALUES = {
    "--baseline": "accepted.json",
    "--cache-dir": "kept",
    "--config": "fixtests.toml",
    "--exclude": "nothing.py",
    "--extend-exclude": "nothing.py",
    "--extend-select": "FT202",
    "--ignore": "FT602",
    "--in-place": "--verify --in-place",
    "--microversion": "compute=2.1",
    "--output-file": "out.txt",
    "--plan": "plan.json",
    "--per-file-ignores": "nothing.py:FT602",
    "--fixable": "FT201",
    "--unfixable": "FT602",
    "--extend-safe-fixes": "FT501",
    "--extend-unsafe-fixes": "FT101",
    "--root": ".",
    "--stdin-filename": "tests/test_one.py",
    "--scheduler": "--verify --scheduler=tcp://127.0.0.1:1",
    "--script": "assert_length_idiom",
    "--select": "FT101",
    "--since": "HEAD",
    "--split": "rule",
    "--verify-command": "--verify --verify-command=true",
}
# Options that need a terminal, tests that can be run, a server, or a series that is there.
NEEDS_MORE = {"--interactive", "--verify", "--scheduler", "--push", "--refresh"}
VERIFIES = "verify,verify-command,in-place,scheduler"
RUNS = "isolated/config no-cache/cache-dir quiet/verbose"
TRUST = "fixable,unfixable,extend-safe-fixes,extend-unsafe-fixes"
OF_FIXES = (
    "unsafe-fixes,exit-non-zero-on-fix,interactive,verify,microversion,ignore-suppressions,commit,"
    f"{TRUST}"
)
CHOICE = (
    "select,extend-select,ignore,microversion,ignore-suppressions,baseline,since,unsafe-fixes,"
    f"per-file-ignores,{TRUST}"
)
DISCOVERY = (
    "exclude,extend-exclude,force-exclude,no-respect-gitignore,config,isolated,jobs,no-cache,"
    "cache-dir"
)
# All pairs that are refused: before the slash an option, after it those that it cannot stand
# beside.
PAIRS = {
    "fix": f"{RUNS} in-place/scheduler dry-run/commit,atomic add-ignore/{OF_FIXES}"
    " exit-zero/exit-non-zero-on-fix"
    " commit/atomic,output-format,output-file,exit-non-zero-on-fix,interactive"
    f" stdin-filename/since,commit,interactive,atomic,output-format,cache-dir,{VERIFIES}",
    "check": f"{RUNS} since/staged stdin-filename/since,staged,cache-dir",
    "plan": RUNS,
    "apply": "in-place/scheduler dry-run/commit,atomic commit/atomic",
    "review": "in-place/scheduler write/diff-only",
    "migrate": f"{RUNS} in-place/scheduler dry-run/commit,atomic commit/atomic"
    f" plan/dry-run,commit,atomic,{VERIFIES}"
    f" list/once,plan,dry-run,unsafe-fixes,commit,atomic,since,{VERIFIES},{DISCOVERY},color,"
    "exit-zero,quiet,verbose",
    "commit": f"{RUNS} in-place/scheduler script/plan,{CHOICE} plan/{CHOICE},{DISCOVERY}",
}


def options(name):
    """The options of a command, each as its long name and the words that give it."""
    found = {}
    for option in main.get_command(None, name).params:
        if not isinstance(option, click.Option):
            continue
        word = max(option.opts, key=len)
        value = VALUES.get(word)
        if value is None and not option.is_flag:
            kind = option.type
            value = kind.choices[0] if isinstance(kind, click.Choice) else "1"
        if value is not None and value.startswith("--"):
            found[word] = value.split()
        else:
            found[word] = [word] if value is None else [f"{word}={value}"]
    return found


def pairs(name):
    """Each two options of a command, and whether both can be given."""
    refused = {
        frozenset((f"--{one}", f"--{other}"))
        for one, _, others in (item.partition("/") for item in PAIRS[name].split())
        for other in others.split(",")
    }
    given = options(name)
    left = {word for pair in refused for word in pair} - given.keys()
    assert not left, f"{name} has no {left}"
    for pair in itertools.combinations(given, 2):
        words = [word for item in pair for word in given[item]]
        yield words, frozenset(pair) in refused


@pytest.fixture
def here(tree):
    """A tree with all that values of options name."""
    git(tree, "init", "-q")
    (tree / "review.md").write_text("# Findings\n\n- tests/test_one.py:7: magic UUID\n")
    (tree / "plan.json").write_bytes(fixtests("plan", folder=tree).out)
    fixtests("baseline", "accepted.json", "--select", "FT602", folder=tree)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "all")
    return tree


@pytest.mark.parametrize("name", COMMANDS)
def test_each_pair_of_options_is_taken_or_refused_with_a_reason(name, capsys):
    wrong = []
    for words, refused in pairs(name):
        with contextlib.suppress(SystemExit):
            main.get_command(None, name).make_context(name, [*NEEDED.get(name, ()), *words])
        said = capsys.readouterr().err
        names = [word.partition("=")[0] for word in words if word != "--verify"]
        reason = said.count("; leave ") == 1 and all(it in said for it in names)
        if reason is not refused:
            wrong.append((" ".join(words), said))
    assert wrong == []


def test_all_that_is_refused_is_of_a_command_and_of_its_options():
    for name, refused in REFUSED.items():
        known = {option.name for option in main.get_command(None, name).params}
        for item in refused:
            assert {item.option, *item.others} <= known, f"{name}: {item}"


@pytest.mark.slow("runs the command line seven hundred times")
@pytest.mark.parametrize("name", COMMANDS)
def test_pairs_that_are_taken_run(name, here, tmp_path):
    taken = [words for words, refused in pairs(name) if not refused]
    runs = [words for words in taken if NEEDS_MORE.isdisjoint(words)]
    for words in random.Random(name).sample(runs, min(len(runs), 100)):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(here, copy)
        rest = ["mock_assertions"] if name == "migrate" and "--list" not in words else []
        rest += ["-"] if any(word.startswith("--stdin") for word in words) else []
        answer = fixtests(name, *NEEDED.get(name, ()), *words, *rest, folder=copy)
        assert "internal error" not in answer.err, f"{words}: {answer.err}"
        assert "Traceback" not in answer.err, f"{words}: {answer.err}"
        assert answer.code in (0, 1), f"{words}: {answer.err}"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (
            ["--dry-run", "--output-format", "json"],
            "`fixtests check` findings with their fixes; leave --output-format json out",
        ),
        (["--dry-run", "--atomic"], "--dry-run writes nothing; leave --atomic out"),
        (
            ["check", "--statistics", "--output-format", "sarif"],
            "--statistics has no form as sarif",
        ),
        (["--statistics", "--output-format", "github"], "--statistics has no form as github"),
        (["review", "--diff-only", "--output-format", "review", "x"], "cannot be combined"),
        (["review", "--verify", "x"], "give --write, too"),
        (["--verify-command", "true"], "give --verify, too"),
        (["plan", "--output-format", "json"], "No such option"),
        (
            ["commit", "--plan", "plan.json", "tests"],
            "--plan says which files are changed; leave PATHS out",
        ),
    ],
    ids=str,
)
def test_what_is_refused_says_why_and_writes_nothing(tree, command, reason):
    answer = fixtests(*command, folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert reason in answer.err
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_format_that_is_configured_has_to_have_statistics_too(tree):
    (tree / "fixtests.toml").write_text('root = true\noutput-format = "junit"\n')
    answer = fixtests("check", "--statistics", folder=tree)
    assert answer.code == 2
    assert "--output-format full, concise, json, json-lines" in answer.err
    assert fixtests("--dry-run", folder=tree).code == 1
    assert "literal-uuid" in fixtests("--dry-run", "--statistics", folder=tree).err


@pytest.mark.parametrize("command", [["check"], ["--exit-zero"]], ids=" ".join)
def test_statistics_as_json(command, tmp_path):
    root = tmp_path / "demo"
    shutil.copytree(FIXTURES / "demo", root)
    fixtests("baseline", "none.json", "--select", "FT602", folder=root)
    shown = fixtests(*command, "--statistics", folder=root).text.splitlines()[1:]
    table = [line.split() for line in shown]
    copy = tmp_path / "again"
    shutil.copytree(FIXTURES / "demo", copy)
    bodies = json.loads(
        fixtests(*command, "--statistics", "--output-format", "json", folder=copy).text
    )
    names = ("code", "name", "safe", "unsafe", "display", "count")
    assert [[str(body[name]) for name in names] for body in bodies] == table
    for body in bodies:
        assert body["fixable_count"] == body["safe"] + body["unsafe"]
        assert body["fixable"] is bool(body["fixable_count"])


def test_statistics_as_lines_of_json_are_saved(tree):
    words = ("--statistics", "--output-format", "json-lines", "-o", "counts.jsonl")
    assert fixtests("check", *words, folder=tree).text == ""
    (line,) = (tree / "counts.jsonl").read_text().splitlines()
    assert json.loads(line)["count"] == 1


def test_statistics_stand_beside_commits(here):
    answer = fixtests("--commit", "--statistics", folder=here)
    assert answer.code == 0
    assert "FT101 literal-uuid" in answer.err
