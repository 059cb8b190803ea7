"""Plans as files: they hold what a dry run shows, and apply to exactly that or to nothing."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from conftest import A_UUID, fixed, fixtests, git, module

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/plan.schema.json").read_text())
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
LATEST = b"""

class TwoTest(unittest.TestCase):
    microversion = 'latest'

    def test_show(self):
        self.show('11111111-2222-3333-4444-555555555555')
"""


@pytest.fixture
def saved(tree):
    """A tree with three files, and a plan for it."""
    (tree / "tests/test_two.py").write_bytes(module(name="image_id"))
    (tree / "tests/test_many.py").write_bytes(
        module() + b"        self.attach(image_id='11111111-2222-3333-4444-555555555555')\n"
    )
    return plan(tree)


def plan(tree, *arguments):
    path = tree.with_name("plan.json")
    answer = fixtests("plan", "-o", path, *arguments, folder=tree)
    assert answer.code == 0, answer.err
    return path


def contents(tree):
    return {
        path.relative_to(tree).as_posix(): path.read_bytes() for path in sorted(tree.rglob("*.py"))
    }


def edited(path, change):
    """Change a plan as a reviewer does by hand."""
    body = json.loads(path.read_text())
    change(body)
    path.write_text(json.dumps(body))


def files_of(body):
    return {item["path"]: item for item in body["files"]}


def test_plan_follows_the_schema_and_writes_nothing(tree, saved):
    before = contents(tree)
    body = json.loads(saved.read_text())
    jsonschema.validate(body, SCHEMA)
    assert contents(tree) == before
    assert [item["path"] for item in body["files"]] == sorted(before)
    assert body["revision"] is None
    assert len(body["configuration"]) == 64


def test_plan_is_printed_where_no_file_is_named(tree, saved):
    answer = fixtests("plan", folder=tree)
    assert json.loads(answer.out) == json.loads(saved.read_text())


def test_revision_is_that_of_git(tree):
    git(tree, "init", "-q")
    git(tree, "add", ".")
    git(tree, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")
    body = json.loads(plan(tree).read_text())
    assert len(body["revision"]) == 40
    assert files_of(body)["tests/test_one.py"]["root"] == "."


@pytest.mark.parametrize("options", [[], ["--unsafe-fixes"]], ids=["safe", "unsafe"])
def test_apply_writes_what_fix_writes(tree, options):
    (tree / "tests/test_two.py").write_bytes(module(name="image_id") + LATEST)
    copy = tree.with_name("copy")
    shutil.copytree(tree, copy)
    path = plan(tree, *options)
    answer = fixtests("apply", path, folder=tree)
    assert answer.code == 0
    fixtests(*options, folder=copy)
    assert contents(tree) == contents(copy)


def test_apply_shows_the_diff_that_a_dry_run_shows(tree, saved):
    before = contents(tree)
    answer = fixtests("apply", "--dry-run", saved, folder=tree)
    assert answer.code == 1
    assert answer.out == fixtests("--dry-run", folder=tree).out != b""
    assert contents(tree) == before


def test_plan_applies_to_another_copy_of_the_tree(tree, saved):
    copy = tree.with_name("copy")
    shutil.copytree(tree, copy)
    assert fixtests("apply", "--root", copy, saved, folder=tree.parent).code == 0
    assert (copy / "tests/test_one.py").read_bytes() == fixed()
    assert (tree / "tests/test_one.py").read_bytes() == module()


def move(tree):
    (tree / "tests/test_one.py").write_bytes(module() + b"# edited\n")


def remove(tree):
    (tree / "tests/test_one.py").unlink()


@pytest.mark.parametrize(
    ("change", "reason"),
    [(move, "changed since it was read"), (remove, "vanished since it was read")],
)
def test_what_has_moved_is_refused_with_the_rest_unless_partial(tree, saved, change, reason):
    change(tree)
    before = contents(tree)
    answer = fixtests("apply", saved, folder=tree)
    assert answer.code == 2
    assert f"tests/test_one.py: {reason}" in answer.err
    assert "nothing was written; --partial applies the rest" in answer.err
    assert contents(tree) == before
    answer = fixtests("apply", "--partial", saved, folder=tree)
    assert answer.code == 2
    assert f"tests/test_one.py: {reason}" in answer.err
    after = contents(tree)
    assert after["tests/test_two.py"] == fixed(name="IMAGE_ID").replace(b"volume_id", b"image_id")
    assert after.get("tests/test_one.py") == before.get("tests/test_one.py")


def test_dropped_finding_is_left_and_the_rest_applies(tree, saved):
    def cut(body):
        findings = files_of(body)["tests/test_many.py"]["findings"]
        findings[:] = [item for item in findings if A_UUID not in item["message"]]

    edited(saved, cut)
    assert fixtests("apply", saved, folder=tree).code == 0
    after = contents(tree)["tests/test_many.py"]
    assert A_UUID.encode() in after
    assert b"image_id=IMAGE_ID" in after
    assert contents(tree)["tests/test_one.py"] == fixed()


def test_finding_that_is_not_selected_is_left(tree, saved):
    def unselect(body):
        for item in body["files"]:
            item["findings"][0]["selected"] = False

    edited(saved, unselect)
    fixtests("apply", saved, folder=tree)
    after = contents(tree)
    assert after["tests/test_one.py"] == module()
    assert b"image_id=IMAGE_ID" in after["tests/test_many.py"]


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("FT101", []),
        ("ft101", []),
        ("FT1", []),
        ("ALL", []),
        ("literal-uuid", []),
        ("tests/*", []),
        ("tests", []),
        ("tests/", []),
        ("tests/test_many.py", ["tests/test_one.py", "tests/test_two.py"]),
        ("fingerprint", ["tests/test_many.py", "tests/test_one.py", "tests/test_two.py"]),
    ],
)
def test_plan_edit_drops_by_code_name_path_and_fingerprint(tree, saved, word, left):
    if word == "fingerprint":
        word = json.loads(saved.read_text())["files"][0]["findings"][0]["fingerprint"]
    answer = fixtests("plan-edit", saved, "--drop", word, folder=tree)
    assert (answer.code, answer.err.split()[:2]) == (0, ["Dropped", str(4 - len(left))])
    body = json.loads(saved.read_text())
    jsonschema.validate(body, SCHEMA)
    found = [(file["path"], item) for file in body["files"] for item in file["findings"]]
    assert [path for path, _ in found] == left
    assert word not in {item["fingerprint"] for _, item in found}


def test_plan_edit_lists_findings_with_their_lines(tree, saved):
    lines = fixtests("plan-edit", saved, folder=tree).text.splitlines()
    assert len(lines) == 4
    assert [line.split()[3] for line in lines] == [
        "tests/test_many.py:7:",
        "tests/test_many.py:8:",
        "tests/test_one.py:7:",
        "tests/test_two.py:7:",
    ]
    assert all(" fix FT101 tests/test_" in line for line in lines)


@pytest.mark.parametrize("line", [None, "7", {}])
def test_line_of_a_finding_may_be_missing_or_odd(tree, saved, line):
    def without(body):
        for item in body["files"]:
            for finding in item["findings"]:
                del finding["line"]
                if line is not None:
                    finding["line"] = line

    edited(saved, without)
    assert " tests/test_one.py: literal" in fixtests("plan-edit", saved, folder=tree).text
    assert fixtests("apply", saved, folder=tree).code == 0


@pytest.mark.parametrize(
    "word", ["FT999", "FTX", "XT1", "tests/test_other.py", "test/*", "0123456789abcdef"]
)
def test_plan_edit_refuses_a_word_that_means_nothing_and_drops_nothing(tree, saved, word):
    before = saved.read_bytes()
    answer = fixtests("plan-edit", saved, "--drop", "FT101", "--drop", word, folder=tree)
    assert answer.code == 2
    assert f"holds nothing that {word!r} means" in answer.err
    assert f"`fixtests plan-edit {saved} --drop FT101` drops the rest" in answer.err
    assert saved.read_bytes() == before


def test_plan_edit_names_all_words_that_mean_nothing_with_the_nearest(tree, saved):
    before = saved.read_bytes()
    words = ("litteral-uuid", "tests/test_too.py", "FT101", "0000000000000000")
    drops = [part for word in words for part in ("--drop", word)]
    answer = fixtests("plan-edit", saved, *drops, folder=tree)
    assert answer.code == 2
    assert answer.err.splitlines() == [
        f"error: {saved}: nothing was dropped",
        "  holds nothing that 'litteral-uuid' means, and no rule is called so; did you mean"
        " 'literal-uuid'?",
        "  holds nothing that 'tests/test_too.py' means, and no rule is called so; did you mean"
        " 'tests/test_two.py'?",
        "  holds nothing that '0000000000000000' means, and no rule is called so",
        f"`fixtests plan-edit {saved} --drop FT101` drops the rest",
    ]
    assert saved.read_bytes() == before


def test_plan_edit_that_has_nothing_right_leads_to_the_list(tree, saved):
    answer = fixtests("plan-edit", saved, "--drop", "nothing", folder=tree)
    assert answer.code == 2
    assert f"`fixtests plan-edit {saved}` lists what can be dropped" in answer.err


@pytest.mark.parametrize("word", ["FT401", "FT4", "missing-cleanup"])
def test_plan_edit_says_that_a_rule_has_no_findings_and_drops_the_others(tree, saved, word):
    answer = fixtests(
        "plan-edit", saved, "--drop", word, "--drop", "tests/test_one.py", folder=tree
    )
    assert answer.code == 0
    assert answer.err.splitlines() == [
        f"warning: {saved}: holds no finding that {word!r} means",
        "Dropped 1 finding.",
    ]
    assert len(fixtests("plan-edit", saved, folder=tree).text.splitlines()) == 3


def test_a_folder_is_no_prefix(tree):
    (tree / "f").mkdir()
    (tree / "f/test_three.py").write_bytes(module())
    saved = plan(tree)
    assert fixtests("plan-edit", saved, "--drop", "f", folder=tree).err == "Dropped 1 finding.\n"
    (line,) = fixtests("plan-edit", saved, folder=tree).text.splitlines()
    assert "tests/test_one.py" in line


def test_plan_edit_can_be_repeated(tree, saved):
    words = ("--drop", "FT101", "--drop", "tests/*")
    assert fixtests("plan-edit", saved, *words, folder=tree).code == 0
    after = saved.read_bytes()
    assert fixtests("plan-edit", saved, *words, folder=tree).code == 0
    assert saved.read_bytes() == after


def test_shared_module_is_extended_by_what_is_left(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    (tree / "tests/test_two.py").write_bytes(module(A_UUID[:-1] + "2", name="image_id"))
    path = plan(tree)
    fixtests("plan-edit", path, "--drop", "tests/test_two.py", folder=tree)
    assert fixtests("apply", path, folder=tree).code == 0
    assert (tree / "tests/constants.py").read_text() == f"VOLUME_ID = '{A_UUID}'\n"
    assert b"constants.VOLUME_ID" in (tree / "tests/test_one.py").read_bytes()


def root_elsewhere(body):
    body["files"][0]["root"] = "fixtures"


def lead_out(body):
    body["files"][0]["path"] = "../outside.py"


def start_at_the_top(body):
    body["files"][0]["path"] = "/etc/outside.py"


def edit_elsewhere(body):
    body["files"][0]["edits"][0]["path"] = "tests/../../outside.py"


def edit_another_file(body):
    body["files"][0]["edits"][0]["path"] = "tests/test_two.py"


def declare_elsewhere(body):
    fix = body["files"][0]["findings"][0]["fix"]
    fix["declarations"] = [{"path": "../outside.py", "name": "A", "value": "1"}]


def wrong_kind(body):
    body["files"][0]["edits"][0]["start"] = "1"


def missing(body):
    del body["files"][0]["findings"][0]["span"]


def wrong_digest(body):
    body["files"][0]["digest"] = "abc"


def newer(body):
    body["version"] = 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lead_out, "files[0].path: '../outside.py' leads out of"),
        (root_elsewhere, "files[0].root: 'fixtures' does not hold the file"),
        (start_at_the_top, "files[0].path: '/etc/outside.py' leads out of"),
        (edit_elsewhere, "files[0].edits[0].path: 'tests/../../outside.py' leads out of"),
        (edit_another_file, "files[0].edits[0].path: is another file than the finding's"),
        (declare_elsewhere, "declarations[0].path: '../outside.py' leads out of"),
        (wrong_kind, "files[0].edits[0].start: has the wrong kind of value"),
        (missing, "files[0].findings[0]: has no 'span'"),
        (wrong_digest, "files[0].digest: is no SHA-256 digest"),
        (newer, "is a plan of version 2, this fixtests reads version 1"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_plan_that_does_not_fit_is_refused_whole(tree, saved, change, reason):
    edited(saved, change)
    before = contents(tree)
    answer = fixtests("apply", "--partial", saved, folder=tree)
    assert answer.code == 2
    assert "plan.json: " in answer.err
    assert reason in answer.err
    assert contents(tree) == before
    assert not tree.with_name("outside.py").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "x"}', "[" * 100_000])
def test_what_is_no_plan_is_refused(tree, text):
    path = tree / "plan.json"
    path.write_text(text)
    answer = fixtests("apply", path, folder=tree)
    assert answer.code == 2
    assert answer.err.startswith(f"error: {path}: is not ")
    assert fixtests("apply", "nowhere.json", folder=tree).code == 2


def test_edits_that_give_something_else_are_refused(tree, saved):
    def forge(body):
        item = files_of(body)["tests/test_one.py"]
        item["edits"][0]["content"] = "import os\n"

    edited(saved, forge)
    answer = fixtests("apply", saved, folder=tree)
    assert answer.code == 2
    reason = "tests/test_one.py: the edits are not those of the fixes that are listed"
    assert f"{saved}: files[1].edits: {reason}" in answer.err
    assert contents(tree)["tests/test_one.py"] == module()
