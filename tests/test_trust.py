"""Plans and caches come from anywhere: what they hold is proved before it is written."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time

import pytest

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.cache import seal

OLD = time.time() - 3600
EVIL = "import os; os.system('true')\n"
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "{}"\n'
CLASH = b"""

class TwoTest(unittest.TestCase):

    def test_show(self):
        server = self.api.get_servers(volume_id='%s')[0]
        self.assertEqual('ACTIVE', server['status'])
"""


@pytest.fixture
def plan(tree):
    """A plan for the tree."""
    path = tree.with_name("plan.json")
    assert fixtests("plan", "-o", path, folder=tree).code == 0
    return path


def forged(path, change):
    body = json.loads(path.read_text())
    change(body)
    path.write_text(json.dumps(body))


def refused(tree, plan, reason):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    for options in ([], ["--partial"], ["--dry-run"]):
        answer = fixtests("apply", *options, plan, folder=tree)
        assert (answer.code, answer.out) == (2, b"")
        assert reason in answer.err
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_edits_that_no_listed_fix_has_are_refused(tree, plan):
    def add(body):
        (item,) = body["files"]
        item["edits"].insert(0, {**item["edits"][0], "start": 0, "end": 0, "content": EVIL})
        item["result"] = digest(EVIL.encode() + fixed())

    forged(plan, add)
    refused(tree, plan, "the edits are not those of the fixes that are listed")


def test_edits_without_a_listed_fix_are_refused(tree, plan):
    def strip(body):
        (item,) = body["files"]
        item["needs"], item["findings"] = [], []

    forged(plan, strip)
    refused(tree, plan, "the edits are not those of the fixes that are listed")


def test_fix_whose_result_does_not_parse_is_refused(tree, plan):
    def spoil(body):
        (item,) = body["files"]
        for edits in (item["edits"], item["findings"][0]["fix"]["edits"]):
            next(edit for edit in edits if edit["content"] == "VOLUME_ID")["content"] = "(((("
        item["result"] = digest(fixed().replace(b"=VOLUME_ID", b"=(((("))

    forged(plan, spoil)
    refused(tree, plan, "tests/test_one.py: line 9: ")


def test_fix_that_changes_code_outside_its_edits_is_refused(tree, plan):
    def swallow(body):
        (item,) = body["files"]
        edits = sorted(item["edits"], key=lambda edit: edit["start"])
        start = {**edits[0], "start": 0, "end": 0, "content": '"""', "order": 0}
        end = {**edits[0], "start": 16, "end": 16, "content": '"""\n', "order": 0}
        item["edits"] = item["findings"][0]["fix"]["edits"] = [start, end]
        text = module()
        item["result"] = digest(b'"""' + text[:16] + b'"""\n' + text[16:])

    forged(plan, swallow)
    refused(tree, plan, "the fix would change code outside its edits")


def test_plan_never_writes_what_belongs_to_version_control(tree, plan):
    git(tree, "init", "-q")

    def lead(body):
        (item,) = body["files"]
        text = (tree / ".git/config").read_bytes()
        added = "[core]\n\tfsmonitor = true\n"
        edit = {"path": ".git/config", "start": 0, "end": 0, "content": added, "order": 0}
        item.update(path=".git/config", digest=digest(text), edits=[edit], needs=[])
        item.update(findings=[], result=digest(added.encode() + text))

    forged(plan, lead)
    refused(tree, plan, "files[0].path: '.git/config' belongs to version control")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".venv/test_one.py", ".venv/test_one.py: is excluded, so that no run looks at it"),
        ("requirements.txt", "requirements.txt: is no Python file"),
    ],
)
def test_plan_writes_only_what_a_run_looks_at(tree, plan, name, reason):
    (tree / ".venv").mkdir()
    (tree / "tests/test_one.py").rename(tree / name)

    def lead(body):
        (item,) = body["files"]
        item["path"] = name
        for edit in (*item["edits"], *item["findings"][0]["fix"]["edits"]):
            edit["path"] = name

    forged(plan, lead)
    refused(tree, plan, reason)


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"value": "__import__('os').system('true')"}, "is no literal"),
        ({"value": f"'{A_UUID}'\nimport os"}, "is no literal"),
        ({"value": f"'{A_UUID}'\n"}, "is more than a literal"),
        ({"path": ".git/hooks/x.py"}, "belongs to version control"),
        ({"path": "tests/constants.txt"}, "is no module that can be imported"),
        ({"path": "tests/link.py"}, "is a link"),
    ],
    ids=["call", "two-statements", "line-end", "git", "no-module", "dangling-link"],
)
def test_declaration_is_a_literal_in_a_module(tree, declared, reason):
    (tree / "fixtests.toml").write_text(SHARED.format("tests/constants.py"))
    (tree / "tests/link.py").symlink_to("nowhere.py")
    (tree / ".git/hooks").mkdir(parents=True)
    path = tree.with_name("plan.json")
    assert fixtests("plan", "-o", path, "--root", ".", folder=tree).code == 0

    def declare(body):
        (item,) = body["files"]
        item["findings"][0]["fix"]["declarations"][0].update(declared)

    forged(path, declare)
    refused(tree, path, reason)


def test_fix_of_a_later_round_is_listed_and_proved(tree):
    (tree / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    one = tree / "tests/test_one.py"
    one.write_bytes(module() + CLASH % A_UUID.encode())
    path = tree.with_name("plan.json")
    options = ("--select", "FT101,FT201", "--unsafe-fixes")
    fixtests("plan", "-o", path, *options, folder=tree)
    (item,) = json.loads(path.read_text())["files"]
    assert [finding["code"] for findings in item["later"] for finding in findings] == ["FT101"]
    after = fixtests("--dry-run", *options, folder=tree).out
    assert fixtests("apply", "--dry-run", path, folder=tree).out == after != b""
    listed = fixtests("plan-edit", path, folder=tree).text
    assert len(re.findall(r" fix FT101 tests/test_one\.py(?::\d+)?: ", listed)) == 3

    def forge(body):
        edits = body["files"][0]["later"][0][0]["fix"]["edits"]
        next(edit for edit in edits if edit["start"] < edit["end"])["content"] = "print()"

    whole = path.read_bytes()
    forged(path, forge)
    refused(tree, path, "the edits are not those of the fixes that are listed")
    path.write_bytes(whole)
    assert fixtests("plan-edit", path, "--drop", "FT201", folder=tree).code == 0
    assert fixtests("apply", path, folder=tree).code == 0
    assert one.read_bytes().count(b"=VOLUME_ID") == 2
    assert b"[0]" in one.read_bytes()


@pytest.mark.skipif(os.sep == "\\", reason="a backslash divides names here")
def test_backslash_in_a_name_is_a_name(tree):
    (tree / "tests/test_one.py").rename(tree / "tests/test_\\one.py")
    path = tree.with_name("plan.json")
    fixtests("plan", "-o", path, folder=tree)
    assert fixtests("apply", path, folder=tree).code == 0
    assert (tree / "tests/test_\\one.py").read_bytes() == fixed()


@pytest.mark.parametrize("place", [".git/hooks/x.py", "tests/.hg/x.py", "a-b/constants.py"])
def test_module_for_constants_can_be_imported(tree, place):
    (tree / place).parent.mkdir(parents=True)
    (tree / "fixtests.toml").write_text(SHARED.format(place))
    answer = fixtests("--root", ".", folder=tree)
    assert answer.code == 2
    assert f"fixtests.toml:3: literal-uuid: constants-module: '{place}' is no path" in answer.err
    assert not (tree / place).exists()


def test_module_for_constants_is_no_dangling_link(tree):
    (tree / "fixtests.toml").write_text(SHARED.format("tests/constants.py"))
    link = tree / "tests/constants.py"
    link.symlink_to("nowhere.py")
    answer = fixtests(folder=tree)
    assert answer.code == 2
    assert f"{link}: is a link, which a new file would replace; name the file" in answer.err
    assert link.is_symlink()
    assert (tree / "tests/test_one.py").read_bytes() == module()


def large(tree):
    """Make a tree so large that results are kept file by file, and keep them."""
    for number in range(2000):
        (tree / f"tests/test_{number:04}.py").write_text(f"x = '{'y' * 150}{number}'\n")
    for path in [*tree.parent.rglob("*"), tree.parent]:
        os.utime(path, (OLD, OLD))
    assert fixtests("--dry-run", "-j", "1", folder=tree).code == 1


def entry_with_results(cache_dir):
    (entry,) = [path for path in cache_dir.glob("*.known") if b'"results"' in path.read_bytes()]
    return entry


def poison(entry, sealed):
    """Put a line of ours into all edits that an entry holds."""
    body = entry.read_bytes().partition(b"\n")[2]
    told = json.loads(body)
    count = 0
    for _, _, data in told["results"]:
        for edit in data[5]:
            edit[2], count = EVIL, count + 1
        if data[5]:
            data[6] = "0" * 64
    assert count
    body = json.dumps(told).encode()
    entry.write_bytes(sealed(body) + b"\n" + body)


def test_poisoned_result_is_not_believed(tree, cache_dir):
    large(tree)
    poison(entry_with_results(cache_dir), lambda body: digest(body).encode())
    assert fixtests("-j", "1", folder=tree).code == 0
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_result_under_the_right_seal_is_proved_before_it_is_written(tree, cache_dir):
    large(tree)
    poison(entry_with_results(cache_dir), lambda body: seal.of(body).encode())
    assert fixtests("-j", "1", folder=tree).code == 0
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


def test_key_of_the_seal_is_private_and_stays(tree, cache_dir, state_dir):
    fixtests("check", folder=tree)
    key = (state_dir / "key").read_bytes()
    assert len(key) == 32
    assert (state_dir / "key").stat().st_mode & 0o777 == 0o600
    fixtests("check", folder=tree)
    assert (state_dir / "key").read_bytes() == key


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cache, state: cache.chmod(0o777), "others may write it; run: chmod go-w "),
        (lambda cache, state: cache.chmod(0o770), "others may write it; run: chmod go-w "),
        (lambda cache, state: (state / "key").chmod(0o644), "others may read it; run: chmod 600 "),
        (lambda cache, state: (state / "key").write_bytes(b"short"), "is no key of 32 bytes"),
    ],
    ids=["world", "group", "key", "no-key"],
)
def test_cache_that_others_could_have_written_is_named_and_not_used(
    tree, cache_dir, state_dir, change, reason
):
    seal._key(str(state_dir / "key"))
    change(cache_dir, state_dir)
    answer = fixtests("check", "--output-format", "concise", folder=tree)
    assert answer.code == 1
    assert answer.err.startswith("warning: the cache is not used: ")
    assert reason in answer.err.splitlines()[0]
    assert list(cache_dir.iterdir()) == []


def test_cache_of_another_user_is_named_and_not_used(tree, cache_dir):
    if os.geteuid() != 0:
        pytest.skip("only the superuser can give a folder to another user")
    os.chown(cache_dir, 12345, 12345)
    answer = fixtests("check", folder=tree)
    assert f"the cache is not used: {cache_dir}: belongs to another user" in answer.err
    assert list(cache_dir.iterdir()) == []


def test_new_cache_folder_is_private(tree):
    folder = tree.with_name("new-cache")
    for path in [*tree.parent.rglob("*"), tree.parent]:
        os.utime(path, (OLD, OLD))
    subprocess.run(
        [sys.executable, "-m", "fixtests", "check", "--cache-dir", folder],
        cwd=tree, check=False, capture_output=True, umask=0o002,
    )  # fmt: skip
    assert folder.stat().st_mode & 0o777 == 0o700
