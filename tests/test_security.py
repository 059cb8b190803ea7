"""A hostile tree: it cannot lead a write out of the root, run code, or keep the tool busy."""

import gc
import json
import os
import sys

import pytest

from conftest import A_UUID, fixed, fixtests, module
from fixtests.cli import main as cli
from fixtests.model import Status
from fixtests.rules.literal_uuid.rule import LiteralUuid
from fixtests.run import limits, one_file, pool
from fixtests.run.request import Request, UsageError
from fixtests.run.session import Session
from sparse import sparse

OUTSIDE = b"# not ours\n"


@pytest.fixture
def outside(tree):
    """A folder beside the root, with a file in it."""
    folder = tree.parent / "outside"
    folder.mkdir()
    (folder / "secret.py").write_bytes(OUTSIDE)
    return folder


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def plan(tree):
    """Return the data of a plan for the tree, which is as it was."""
    said = fixtests("plan", "-o", "../plan.json", folder=tree)
    assert said.code == 0
    return json.loads((tree.parent / "plan.json").read_text())


def applied(tree, body):
    (tree.parent / "plan.json").write_text(json.dumps(body))
    return fixtests("apply", "../plan.json", folder=tree)


def test_links_in_a_tree_lead_no_write_out_of_it(tree, outside):
    (outside / "test_other.py").write_bytes(module())
    (tree / "tests/linked").symlink_to(outside)
    (tree / "tests/test_link.py").symlink_to(outside / "test_other.py")
    said = fixtests(folder=tree)
    assert said.code == 2
    assert held(outside) == {"secret.py": OUTSIDE, "test_other.py": module()}
    assert (tree / "tests/test_one.py").read_bytes() == fixed()


@pytest.mark.parametrize(
    "path",
    ["../outside/secret.py", "/etc/hosts", "tests/../../outside/secret.py", "linked/secret.py"],
)
@pytest.mark.parametrize("key", ["path", "root", "edit", "declaration"])
def test_plan_that_names_a_file_outside_is_refused(tree, outside, path, key):
    (tree / "linked").symlink_to(outside)
    body = plan(tree)
    (item,) = body["files"]
    match key:
        case "edit":
            item["edits"][0]["path"] = path
        case "declaration":
            entry = {"path": path, "name": "VOLUME_ID", "value": f"'{A_UUID}'"}
            item["findings"][0]["fix"]["declarations"].append(entry)
        case _:
            item[key] = path
    said = applied(tree, body)
    assert said.code == 2
    assert "leads out of" in said.err
    assert held(outside) == {"secret.py": OUTSIDE}
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_folder_of_a_plan_that_became_a_link_out_is_refused(tree, outside):
    body = plan(tree)
    (tree / "tests/test_one.py").rename(outside / "test_one.py")
    (tree / "tests").rmdir()
    (tree / "tests").symlink_to(outside)
    said = applied(tree, body)
    assert said.code == 2
    assert held(outside) == {"secret.py": OUTSIDE, "test_one.py": module()}


def test_value_in_a_plan_is_no_code(tree):
    body = plan(tree)
    marker = tree / "executed"
    entry = {
        "path": "tests/constants.py",
        "name": "VOLUME_ID",
        "value": f"open({str(marker)!r}, 'w')",
    }
    body["files"][0]["findings"][0]["fix"]["declarations"].append(entry)
    said = applied(tree, body)
    assert "Traceback" not in said.err
    assert not marker.exists()


@pytest.mark.parametrize("module_path", ["../outside/secret.py", "/tmp/secret.py", "a/../b.py"])
def test_constants_module_outside_is_refused(tree, outside, module_path):
    text = f'root = true\n[literal-uuid]\nconstants-module = "{module_path}"\n'
    (tree / "fixtests.toml").write_text(text)
    said = fixtests(folder=tree)
    assert said.code == 2
    assert "constants-module" in said.err
    assert held(outside) == {"secret.py": OUTSIDE}


@pytest.mark.parametrize("link", ["folder", "file"])
def test_constants_module_behind_a_link_is_not_written(tree, outside, link):
    if link == "folder":
        (tree / "shared").symlink_to(outside)
        name = "shared/secret.py"
    else:
        (tree / "tests/constants.py").symlink_to(outside / "secret.py")
        name = "tests/constants.py"
    text = f'root = true\n[literal-uuid]\nconstants-module = "{name}"\n'
    (tree / "fixtests.toml").write_text(text)
    said = fixtests(folder=tree)
    assert said.code == 2
    assert held(outside) == {"secret.py": OUTSIDE}
    assert (tree / "tests/test_one.py").read_bytes() == module()


def test_known_expression_is_written_and_never_run(tree):
    expression = "io.open('executed', 'w')"
    (tree / "fixtests.toml").write_text(
        f'root = true\n[literal-uuid.known."{A_UUID}"]\n'
        f'expression = "{expression}"\nimport = "import io"\n'
    )
    said = fixtests("--unsafe-fixes", folder=tree)
    assert said.code == 0, said.err
    assert f"volume_id={expression})" in (tree / "tests/test_one.py").read_text()
    assert not (tree / "executed").exists()


def test_what_python_loads_by_itself_is_not_taken_from_the_tree(tree):
    marker = tree / "executed"
    code = f"open({str(marker)!r}, 'w')\n"
    for name in ("setup.py", "conftest.py", "tests/conftest.py", "tests/__init__.py", "libcst.py"):
        (tree / name).write_text(code)
    (tree / "codemods").mkdir()
    (tree / "codemods/odd.py").write_text(code)
    fixtests(tree, folder=tree.parent)
    assert (tree / "tests/test_one.py").read_bytes() == fixed()
    assert not marker.exists()


@pytest.mark.parametrize(
    "line",
    sparse(
        [
            b"#" + b" " * 300_000,
            b"x = '" + b"a" * 300_000 + b"'",
            b"# " + b"(" * 300_000,
            b'# "' + b'\\"' * 150_000 + b"'''",
            b'x = 1  # noqa: FT101 "' + b'\\"' * 150_000,
            b"# class A(\n" * 30_000,
            b"class B(" + b"a" * 300_000 + b".b): pass",
            b"# from a import (\n" * 18_000,
            b"# " + b"#noqa" * 60_000,
            b"# noqa: FT101\n" * 21_000,
            b"# fixtests: ignore[FT201]\n" * 12_000,
            b"x = [" + b" " * 300_000 + b"'a']",
            b"# " + b".#" * 150_000,
            b"def f(a,  # " + b":#" * 150_000 + b"\n    b=1):\n    pass",
            b"x = '" + b"6f0c3a2e-7b1d-" * 21_000 + b"'",
        ],
        3,
        "bait that others are like",
    ),
    ids=[
        *("spaces", "letters", "brackets", "escapes", "escapes-noqa", "headers", "base"),
        *("imports", "noqa", "noqas", "suppressions", "index", "dots", "colons", "digits"),
    ],
)
def test_much_bait_is_read_through(tree, line):
    for content in (line + b"\n" + module(), module() + line + b"\n"):
        (tree / "tests/test_one.py").write_bytes(content)
        (result,) = results(tree, select=("ALL",))
        assert result.status is Status.CHANGED
        assert [item.code for item in result.fixed] == ["FT101"]


def results(tree, **asked):
    session = Session(Request(paths=(tree / "tests",), **asked))
    return list(one_file.run(session, session.files(), lambda: None))


def spinning(self, node, context):
    while True:
        pass


def sinking(self, node, context):
    return sinking(self, node, context)


@pytest.mark.parametrize(
    ("check", "detail"),
    [
        (spinning, "takes more than 0.3 seconds of processor time; exclude it, or split it up"),
        (sinking, "is nested too deeply to be worked on; exclude it, or make it flatter"),
    ],
)
def test_file_that_leads_a_rule_astray_is_given_up_and_others_go_on(
    tree, monkeypatch, check, detail
):
    monkeypatch.setattr(limits, "PROCESSOR", 0.3)
    (tree / "tests/test_bait.py").write_bytes(module())
    usual = LiteralUuid.check

    def chosen(self, node, context):
        bait = context.module.path.endswith("test_bait.py")
        return (check if bait else usual)(self, node, context)

    monkeypatch.setattr(LiteralUuid, "check", chosen)
    bait, other = results(tree)
    assert (bait.status, bait.detail) == (Status.FAILED, detail)
    assert [item.code for item in other.fixed] == ["FT101"]


def test_pipe_that_takes_the_place_of_a_file_is_not_waited_for(tree):
    session = Session(Request(paths=(tree,)))
    files = session.files()
    (tree / "tests/test_one.py").unlink()
    os.mkfifo(tree / "tests/test_one.py")
    (result,) = one_file.run(session, files, lambda: None)
    assert result.status is Status.FAILED
    assert result.detail == "not judged: is not a regular file; put the file back, or exclude it"


SLOW = "(?:text )?(?:a+)+(c)"  # tries every way to divide a run of a's
RUN = "a" * 45
DISK = '[[extend-profile.resources]]\nname = "disk"\ncreate = ["create_disk"]\n'
CREATED = "disk = self.disks.create_disk()"
MOVED = (
    "server = self._create_server()",
    "self.stub_out('STUBBED', None)",
    "self.api.post_server_action(server['id'], {'os-migrateLive': {'host': 'two'}})",
    "self.assertEqual('two', server['KEY'])",
)
STUBBED = [line.replace("KEY", "OS-EXT-SRV-ATTR:host") for line in MOVED]


def write_slow(tree, table, *body):
    """Write a configuration, and a test on which a pattern of it takes years."""
    (tree / "fixtests.toml").write_text(f'root = true\nprofile = "nova"\n{table}')
    (tree / "served.txt").write_text(RUN)
    path = tree / "tests/test_one.py"
    path.write_text(
        "import unittest\n\n\nclass OneTest(unittest.TestCase):\n\n"
        "    def _wait_for_migration_status(self, server, statuses):\n"
        "        self.poll(server['id'], statuses)\n\n    def test_it(self):\n"
        + "".join(f"        {line}\n" for line in body)
    )
    return path


@pytest.mark.parametrize(
    ("key", "table", "body"),
    sparse([
        ("resources[0].deleters", f"{DISK}deleters = '{SLOW}'\n",
         [CREATED, f"self.disks.{RUN}(disk)"]),
        ("resources[0].receiver", f"{DISK}deleters = 'x'\nreceiver = '{SLOW}'\n",
         [f"disk = self.{RUN}.create_disk()"]),
        ("resources[0].url", f"{DISK}deleters = 'x'\nurl = '{SLOW}'\n",
         [CREATED, f"self.api.api_delete('{RUN}')"]),
        ("cleanups.hazards[0].find", f"{DISK}deleters = 'x'\ndelete = ['x']\n"
         f"[[extend-profile.cleanups.hazards]]\nreason = 'odd'\nfind = '{SLOW}'\n",
         [CREATED, f"self.use('{RUN}')"]),
        ("versions.compute.pattern",
         f"[extend-profile.versions.compute]\nfile = 'served.txt'\npattern = '{SLOW}'\n",
         ["self.api.microversion = 'latest'"]),
        ("outcomes.host", f"[extend-profile.outcomes]\nhost = '{SLOW}'\n",
         [line.replace("KEY", RUN) for line in MOVED]),
        ("outcomes.hazard", f"[extend-profile.outcomes]\nhazard = '{SLOW}'\n",
         [line.replace("STUBBED", RUN) for line in STUBBED]),
    ], 3, "patterns that others are like"),
    ids=["deleters", "receiver", "url", "hazard", "version", "host", "stub"],
)  # fmt: skip
def test_pattern_that_backtracks_without_end_is_named(tree, monkeypatch, key, table, body):
    monkeypatch.setattr(limits, "PROCESSOR", 0.3)
    known = "[extend-profile.cleanups]\nknown = false\n" if DISK in table else ""
    path = write_slow(tree, f"{known}{table}", *body)
    text = (tree / "fixtests.toml").read_text()
    row = text[: text.index(SLOW)].count("\n") + 1
    with pytest.raises(UsageError, match="the pattern") as refused:
        results(tree, select=("ALL",))
    assert str(refused.value).startswith(
        f"{tree / 'fixtests.toml'}:{row}: extend-profile.{key}: the pattern {SLOW!r} "
        f"takes more than 0.3 seconds in {path}; make it simpler: "
    )


def test_pattern_that_backtracks_in_a_worker_ends_the_run_too(tree, monkeypatch):
    monkeypatch.setattr(limits, "PROCESSOR", 0.3)
    monkeypatch.setattr(pool, "WORTHWHILE", 0)
    write_slow(
        tree,
        f"[extend-profile.versions.compute]\nfile = 'served.txt'\npattern = '{SLOW}'\n",
        "self.api.microversion = 'latest'",
    )
    session = Session(Request(paths=(tree / "tests",)))
    with pytest.raises(UsageError, match=r"versions\.compute\.pattern: the pattern"):
        list(pool.run(session, session.files(), lambda share: None, jobs=2))


def test_slow_pattern_is_exit_2(tree, monkeypatch, capsys):
    monkeypatch.setattr(limits, "PROCESSOR", 0.3)
    monkeypatch.setattr(gc, "disable", gc.enable)  # a run does, for it ends soon
    write_slow(
        tree,
        f"[extend-profile.versions.compute]\nfile = 'served.txt'\npattern = '{SLOW}'\n",
        "self.api.microversion = 'latest'",
    )
    monkeypatch.setattr(sys, "argv", ["fixtests", "check", str(tree), "--exit-zero"])
    assert cli.outcome() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: {tree / 'fixtests.toml'}:5: extend-profile.versions.")


@pytest.mark.parametrize(
    "pattern", ["(" * 5_000 + ")" * 5_000, "a{99999999999999999999}", "a{" + "9" * 5_000 + "}"]
)
def test_pattern_that_cannot_be_compiled_is_no_regular_expression(tree, pattern):
    text = f"root = true\n{DISK}deleters = '{pattern}'\n"
    (tree / "fixtests.toml").write_text(text)
    said = fixtests("check", folder=tree)
    assert said.code == 2
    place = f"error: {tree / 'fixtests.toml'}:5: extend-profile.resources[0].deleters"
    assert said.err.startswith(f"{place} is no regular expression: ")


def test_pattern_of_hosts_may_have_flags_of_its_own(tree):
    write_slow(
        tree,
        "[extend-profile.outcomes]\nhost = '(?i)os-ext-srv-attr:host'\n",
        "server = self._create_server()",
        "self.api.post_server_action(server['id'], {'os-migrateLive': {}})",
        "self.assertNotEqual(server['OS-EXT-SRV-ATTR:host'], self.new['OS-EXT-SRV-ATTR:host'])",
    )
    (result,) = results(tree, select=("FT501",))
    assert (result.status, [item.code for item in result.findings]) == (Status.FOUND, ["FT501"])
