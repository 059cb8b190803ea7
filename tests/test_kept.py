"""Results kept file by file: the same as found anew, whatever has changed in the tree."""

import ast
import dataclasses
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import changes
import house
from conftest import A_UUID
from fixtests.cache import entries, result_cache
from fixtests.cli import main as cli
from fixtests.model import FileResult, Status
from fixtests.reasoning.calls import Run, steps_of
from fixtests.reasoning.fetched.lists import Lists
from fixtests.reasoning.objects import Objects
from fixtests.reasoning.replacing import bound_beside
from fixtests.reasoning.stand_ins import Replacements
from fixtests.reasoning.traits import attributes_bound, attributes_named
from fixtests.rules.long_test import length
from fixtests.rules.missing_cleanup.escapes import told_unseen
from fixtests.rules.missing_cleanup.reaching import words_said
from fixtests.run import one_file, pool
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree import files
from fixtests.tree.project import Project
from fixtests.tree.trail import Memory, Trail, members
from fixtests.tree.traits import find
from sparse import sparse

SAMPLES = Path(__file__).parents[1] / "fixtures"
DEMO = SAMPLES / "demo"
TREES = [DEMO, *sorted(path.parent for path in SAMPLES.glob("*/*/fixtests.toml"))]
SIMILAR = "a tree like others of which one is looked at"
MORE = "a few of the changes are with the other tests, and many more in benchmarks/kept.py"
ALL = {"select": ("ALL",), "unsafe_fixes": True}


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "MANY", 0)
    root = tmp_path / "demo"
    shutil.copytree(DEMO, root)
    return root


@pytest.fixture
def looked_at(monkeypatch):
    """The files that were looked at by the engine, in order, all in this one process."""
    monkeypatch.delattr(os, "fork")
    seen = []
    run = one_file.check_file.run

    def noted(path, content, job):
        seen.append(Path(path).name)
        return run(path, content, job)

    monkeypatch.setattr(one_file.check_file, "run", noted)
    return seen


def results(root, where=None, **options):
    """Return what a run over a tree finds; with a folder, what it keeps goes there."""
    session = Session(Request((root,), **options), where)
    found = list(pool.run(session, session.files(), lambda share: None, jobs=1))
    session.keep()
    return [plain(item) for item in found]


def plain(result):
    """Return a result without what its fixes were placed by."""
    findings, fixed = (
        tuple(dataclasses.replace(item, data={}) for item in items)
        for items in (result.findings, result.fixed)
    )
    return dataclasses.replace(result, findings=findings, fixed=fixed)


@pytest.mark.parametrize("options", [{}, ALL, {"fix": False}], ids=str)
def test_nothing_is_found_anew_where_nothing_changed(demo, cache_dir, looked_at, options):
    first = results(demo, str(cache_dir), **options)
    assert looked_at
    looked_at.clear()
    assert results(demo, str(cache_dir), **options) == first
    assert looked_at == []
    assert any(item.findings for item in first)


def test_a_test_nobody_else_speaks_of_is_the_only_one_found_anew(demo, cache_dir, looked_at):
    results(demo, str(cache_dir))
    looked_at.clear()
    (path,) = demo.rglob("test_delete_server.py")
    path.write_text(path.read_text() + "# later\n")
    results(demo, str(cache_dir))
    assert looked_at == [path.name]


def test_what_a_base_class_says_counts_for_its_heirs(demo, cache_dir, looked_at):
    before = results(demo, str(cache_dir))
    looked_at.clear()
    (path,) = demo.rglob("integrated_helpers.py")
    path.write_text(
        "import unittest\n\n\nclass _IntegratedTestBase(unittest.TestCase):\n    pass\n"
    )
    after = results(demo, str(cache_dir))
    assert "test_delete_server.py" in looked_at
    assert after == results(demo)
    assert after != before


@pytest.mark.parametrize(
    ("seed", "options"),
    [
        pytest.param(
            seed, options, id=f"{seed}-{name}", marks=[] if is_quick else pytest.mark.slow(MORE)
        )
        for seed in range(12)
        for name, options, is_quick in (
            ("default rules", {}, not seed),
            ("all rules", ALL, not seed),
        )
    ],
)
def test_kept_results_are_those_found_anew(demo, cache_dir, seed, options):
    rng = changes.numbers(seed)
    results(demo, str(cache_dir), **options)
    for _ in range(6):
        what = changes.change(demo, changes.python_files(demo), rng)
        assert results(demo, str(cache_dir), **options) == results(demo, **options), what


def test_other_questions_have_other_results(demo, cache_dir):
    for options in ({}, ALL, {"fix": False}, {"select": ("FT101",)}, {"silence": False}):
        assert results(demo, str(cache_dir), **options) == results(demo, **options)


def test_how_long_linters_let_lines_be_is_a_part_of_what_is_asked(demo, cache_dir, looked_at):
    guards = {"select": ("FT201",)}
    for most, is_new in (("30", True), ("200", True), ("30", False)):
        (demo / "setup.cfg").write_text(f"[flake8]\nmax-line-length = {most}\n")
        looked_at.clear()
        found = results(demo, str(cache_dir), **guards)
        assert bool(looked_at) is is_new
        assert found == results(demo, **guards)
        written = "".join(edit.content for item in found for edit in item.edits)
        assert ("(\n" in written) is (most == "30")


def test_configuration_counts(demo, cache_dir):
    results(demo, str(cache_dir))
    (demo / "fixtests.toml").write_text('root = true\nignore = ["FT101"]\n')
    found = results(demo, str(cache_dir))
    assert found == results(demo)
    assert not any(item.code == "FT101" for result in found for item in result.findings)


@pytest.mark.parametrize("order", [1, -1])
def test_looks_do_not_depend_on_what_was_asked_before(demo, order):
    """What is remembered from other files leads to all that it was learnt from."""
    request = Request((demo,), **ALL)
    shared = Session(request)
    most = 0
    for path in shared.files()[::order]:
        one_file.one(shared, path)
        looks = shared.results.rows(path)
        alone = Session(request)
        one_file.one(alone, path)
        assert set(alone.results.rows(path)) <= set(looks), path.name
        most = max(most, len(alone.results.rows(path)))
    assert most > 10


def test_a_changed_file_is_seen_as_if_nothing_had_been_learnt_before(demo, monkeypatch):
    class Fresh(Memory):
        def __init__(self, trail, older=None, changed=0):
            super().__init__(trail)

    first = results(demo, **ALL)
    monkeypatch.setattr(files, "Memory", Fresh)
    assert results(demo, **ALL) == first


@pytest.mark.parametrize("many", [0, 10**9], ids=["a large run", "a small run"])
def test_failed_file_is_run_again_when_it_changes(demo, cache_dir, looked_at, monkeypatch, many):
    monkeypatch.setattr(pool, "MANY", many)
    bad = demo / "nova/tests/functional/test_bad.py"
    bad.write_text("def f(:\n    x[0]\n")
    first = results(demo, str(cache_dir), **ALL)
    assert [item.status for item in first].count(Status.FAILED) == 1
    looked_at.clear()
    assert results(demo, str(cache_dir), **ALL) == first
    assert bad.name not in looked_at
    bad.write_text("def f():\n    pass\n")
    looked_at.clear()
    assert Status.FAILED not in {item.status for item in results(demo, str(cache_dir), **ALL)}
    assert bad.name in looked_at


def test_what_a_process_beside_the_first_one_learns_is_kept(demo, cache_dir, monkeypatch):
    for path in demo.rglob("*"):
        os.utime(path, (10**9, 10**9))

    def learnt(name):
        results(demo, str(cache_dir / name), **ALL)
        told = [entries.load(str(path)) for path in (cache_dir / name).glob("*.known")]
        (facts,) = (it["facts"] for it in told if "facts" in it)
        return {kind: sorted(path for path, *_ in table) for kind, table in facts}

    beside = learnt("beside")
    monkeypatch.delattr(os, "fork")
    assert beside == learnt("alone")
    assert beside


def test_small_runs_keep_nothing(demo, cache_dir, monkeypatch):
    results(demo, str(cache_dir / "many"))
    assert kept_in(cache_dir / "many") != []
    monkeypatch.setattr(pool, "MANY", 300_000)
    results(demo, str(cache_dir / "few"))
    assert kept_in(cache_dir / "few") == []


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"rows": 3, "results": []},
        {"rows": [["file"]], "results": []},
        {"rows": [], "results": [["a.py", "xyz", []]]},
        {"rows": [], "results": [["a.py", "ff", ["x", "clean", "/", [], [], [], "", ""]]]},
        {"rows": [], "results": [["a.py", "0", ["x", "odd", "/", [], [], [], "", ""]]]},
        {"rows": [], "results": [["a.py", "0", ["x", "clean", "/", [1], [], [], "", ""]]]},
        {"rows": [], "results": [["a.py", "0", "x"]]},
        {"rows": [["file", "a.py", ""]], "results": [["a.py", "1", ["x"]]]},
    ],
    ids=str,
)
def test_what_has_another_shape_counts_for_nothing(told):
    assert result_cache.Kept(told, lambda kind, at, said: said == "told").result("a.py") is None


def test_results_come_back_and_rows_without_use_go():
    first = result_cache.Kept({}, lambda kind, at, said: said == "told")
    one, two = (FileResult(name, "d", Status.CLEAN) for name in ("one.py", "two.py"))
    first.keep(one, [("file", "gone", "told"), ("file", "one.py", "told")])
    first.keep(one, [("file", "one.py", "told")])
    first.keep(two, [("file", "two.py", "other")])
    told = json.loads(json.dumps(first.told()))
    assert told["rows"] == [["file", "one.py", "told"], ["file", "two.py", "other"]]
    second = result_cache.Kept(told, lambda kind, at, said: said == "told")
    assert second.result("one.py") == one
    assert second.result("two.py") is None
    assert not second.changed


def test_what_cannot_be_told_never_holds():
    first = result_cache.Kept({}, lambda kind, at, said: False)
    first.keep(FileResult("one.py", "d", Status.CLEAN), [("all", "", "")])
    assert result_cache.Kept(first.told(), lambda kind, at, said: False).result("one.py") is None


def test_members_of_a_set():
    assert members(0) == []
    assert members(0b10010) == [1, 4]


def test_answers_lead_to_what_they_were_learnt_from():
    trail = Trail()
    memory = Memory(trail)

    def inner():
        trail.look("file", "inner")
        return "inner"

    def outer():
        trail.look("file", "outer")
        return memory.ask("inner", inner)

    assert memory.ask("outer", outer) == "inner"
    trail.looked = 0
    assert memory.ask("outer", pytest.fail) == "inner"
    assert trail.looks(trail.looked) == [("file", "outer"), ("file", "inner")]
    trail.looked = 0
    assert memory.ask("inner", pytest.fail) == "inner"
    assert trail.looks(trail.looked) == [("file", "inner")]


def test_a_look_is_noted_though_what_it_was_for_fails():
    trail = Trail()
    memory = Memory(trail)
    trail.look("file", "before")

    def learn():
        trail.look("file", "inside")
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        memory.ask("key", learn)
    assert trail.looks(trail.looked) == [("file", "before"), ("file", "inside")]


def test_entries_are_found_again_by_what_they_are_about(cache_dir):
    entries.keep({"a": 1}, str(cache_dir), "results", "one")
    assert entries.known(str(cache_dir), "results", "one") == {"a": 1}
    assert entries.known(str(cache_dir), "results", "two") == {}


@pytest.mark.parametrize(
    "command",
    [(), ("--dry-run",), ("check",), ("plan", "-o", "../plan.json"), ("baseline", "../known.json")],
    ids=str,
)
def test_whatever_becomes_of_results_they_are_kept(demo, cache_dir, command, monkeypatch):
    monkeypatch.chdir(demo)
    CliRunner().invoke(cli.main, [*command, "--no-cache"])
    assert kept_in(cache_dir) == []
    CliRunner().invoke(cli.main, [*command, "--quiet"])
    assert len(kept_in(cache_dir)) == 1


def test_what_is_written_is_what_an_earlier_run_found(demo, cache_dir, looked_at, monkeypatch):
    monkeypatch.chdir(demo)
    CliRunner().invoke(cli.main, ["--dry-run"])
    files = set(looked_at)
    looked_at.clear()
    fresh = demo.with_name("fresh")
    shutil.copytree(demo, fresh)
    assert CliRunner().invoke(cli.main, []).exit_code == 1
    assert looked_at == []
    assert files
    monkeypatch.chdir(fresh)
    assert CliRunner().invoke(cli.main, ["--no-cache"]).exit_code == 1
    assert looked_at
    written = {path.relative_to(fresh): path.read_bytes() for path in changes.python_files(fresh)}
    assert {path: (demo / path).read_bytes() for path in written} == written
    assert {path: (DEMO / path).read_bytes() for path in written} != written


def kept_in(folder):
    """Return the entries of a cache that hold results."""
    told = [json.loads(path.read_bytes().partition(b"\n")[2]) for path in folder.glob("*.known")]
    return [item for item in told if "results" in item]


def test_version_that_the_tree_states_is_looked_at(demo, cache_dir):
    (path,) = demo.rglob("api_version_request.py")
    for text in (path.read_text().replace("2.96", "2.97"), None):
        before = results(demo, str(cache_dir))
        path.unlink() if text is None else path.write_text(text)
        after = results(demo, str(cache_dir))
        assert after == results(demo)
        assert after != before


def test_linked_folder_that_becomes_one_of_the_tests_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "MANY", 0)
    root, cache_dir = tmp_path / "root", str(tmp_path / "cache")
    for name in ("pkg", "pkg/tests", "pkg/tests/unit"):
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").touch()
    (root / "setup.cfg").touch()
    far = tmp_path / "far"
    far.mkdir()
    (far / "__init__.py").touch()
    (far / "consts.py").write_text(f"FAKE_IMAGE_ID = '{A_UUID}'\n")
    (root / "pkg/tests/shared").symlink_to(far)
    (root / "pkg/tests/unit/test_a.py").write_text(
        "import unittest\nfrom pkg.tests.shared import consts\n\n\n"
        "class TestA(unittest.TestCase):\n    def test_x(self):\n"
        f"        self.create(image_id='{A_UUID}')\n        self.assertEqual(1, consts.X)\n"
    )
    before = results(root, cache_dir)
    (root / "pkg/tests/shared").unlink()
    shutil.copytree(far, root / "pkg/tests/shared")
    after = results(root, cache_dir)
    assert after == results(root)
    assert after != before


def test_what_no_code_says_counts_for_its_own_file_alone(demo, cache_dir, looked_at):
    results(demo, str(cache_dir))
    (path,) = demo.rglob("integrated_helpers.py")
    for text in (
        f"{path.read_text()}# below\n",
        f"# above\n\n{path.read_text()}",
        path.read_text().replace("    def setUp(", "\n    # between\n\n    def setUp("),
        path.read_text().replace("    time.sleep(0.5)\n", "    time.sleep(0.5)  # beside\n"),
    ):
        assert text != path.read_text()
        path.write_text(text)
        looked_at.clear()
        after = results(demo, str(cache_dir))
        assert looked_at == [path.name]
        assert after == results(demo)


def test_a_row_of_another_file_that_a_message_names_is_looked_at(tmp_path, cache_dir, monkeypatch):
    monkeypatch.setattr(pool, "MANY", 0)
    root = tmp_path / "root"
    shutil.copytree(SAMPLES / "latest-microversion/other-use.reported", root)
    before = results(root, str(cache_dir), select=("FT401",))
    (path,) = root.rglob("samples_base.py")
    path.write_text(f"# above\n{path.read_text()}")
    after = results(root, str(cache_dir), select=("FT401",))
    assert after == results(root, select=("FT401",))
    assert after != before


def long_test(count):
    steps = "".join(f"        self.act({at})\n" for at in range(count))
    return f"class TestB(a.TestA):\n    def test_b(self):\n{steps}"


def test_how_long_the_tests_of_heirs_are_is_looked_at(tmp_path):
    """The comments of an heir may make its test so long that it takes a name for a helper."""
    (tmp_path / "setup.cfg").touch()
    path = tmp_path / "test_b.py"
    path.write_text(long_test(9))
    longer = "        # longer\n" * 2
    assert moved(tmp_path, path, lambda it: length.listed(it.at(path), it, 10), longer) == ["file"]


COMMENT = "# class A(Frob): import frobnicate\n"
ASKED = {
    "its code": (lambda it, path: it.at(path).classes, []),
    "nodes near a word": (lambda it, path: it.at(path).near_word("frobnicate"), []),
    "rows of a word": (lambda it, path: it.at(path).rows_of_word("frobnicate"), []),
    "rows of a pattern": (lambda it, path: it.at(path).rows(re.compile(b"frob")), []),
    "nodes near a pattern": (lambda it, path: it.at(path).near(re.compile(b"frob")), ["file"]),
    "its text": (lambda it, path: it.at(path).source.text, ["file"]),
    "a row": (lambda it, path: it.at(path).row(it.at(path).tree.body[0]), ["file"]),
    "a text that is not parsed": (lambda it, path: it.text(path), ["file"]),
    "the bytes of a test file": (lambda it, path: it.texts[path], ["file"]),
    "a word in the tests": (lambda it, path: it.mentions("frobnicate"), ["word"]),
    "a part of a file": (lambda it, path: it.texts.holds(path, "frobnicate"), ["text"]),
    "a part that it lacks": (lambda it, path: it.texts.holds(path, "fro bnicate"), []),
    "a pattern": (lambda it, path: it.texts.holding(re.compile(b"frob")), ["pattern"]),
    "heirs": (lambda it, path: it.texts.heirs("Frob"), ["heirs"]),
    "imports": (lambda it, path: it.texts.imports("frobnicate"), ["import"]),
}


def moved(root, path, ask, added):
    """Return the kinds of looks of a question that tell something else after a line is added."""

    def project():
        return Session(Request((root,))).jobs.of(path).project

    before = project()
    ask(before)  # what is remembered leads to the same looks
    _, looked = before.trail.follow(ask, before)
    rows = before.rows(looked, whole=False)
    path.write_text(path.read_text() + added)
    after = project()
    return [kind for kind, at, said in rows if not after.holds(kind, at, said)]


@pytest.mark.parametrize(("ask", "kinds"), ASKED.values(), ids=ASKED)
def test_a_comment_counts_for_those_who_look_at_more_than_code(demo, ask, kinds):
    (path,) = demo.rglob("test_delete_server.py")
    assert moved(demo, path, lambda it: ask(it, path), COMMENT) == kinds


@pytest.mark.parametrize(
    ("learn", "kinds"),
    [(lambda module: module.source.newline, ["file"]), (lambda module: module.imports, [])],
    ids=["its text", "its code"],
)
def test_what_is_remembered_of_a_file_leads_to_its_text_where_it_was_learnt_from_that(
    demo, learn, kinds
):
    (path,) = demo.rglob("test_delete_server.py")

    def ask(project):
        module = project.at(path)
        return module.noted("outer", lambda: module.noted("inner", learn, module))

    assert moved(demo, path, ask, COMMENT) == kinds


def test_with_rules_of_others_all_of_a_file_is_looked_at(demo):
    (path,) = demo.rglob("test_delete_server.py")
    project = Session(Request((demo,))).jobs.of(path).project
    _, looked = project.trail.follow(project.at, path)
    assert [kind for kind, _, _ in project.rows(looked, whole=False)] == ["code"]
    assert [kind for kind, _, _ in project.rows(looked, whole=True)] == ["file"]


def test_code_with_an_error_is_looked_at_whole(demo):
    (path,) = demo.rglob("integrated_helpers.py")
    path.write_text(path.read_text() + "\n\ndef broken():\n    x = = 1\n")
    assert moved(demo, path, lambda it: it.at(path), COMMENT) == ["outline"]


@pytest.mark.parametrize("root", sparse(TREES, 4, SIMILAR), ids=lambda path: path.name)
def test_comments_of_all_other_files_change_no_result_that_is_kept(root):
    """Where no look tells something else, neither rows nor words in comments matter."""
    rng = changes.numbers(1)
    request = Request((root,), **ALL)
    texts = {path: path.read_text() for path in changes.python_files(root)}
    others = {path: changes.commented(text, rng).encode() for path, text in texts.items() if text}
    for path in texts:
        session = Session(request)
        found = one_file.one(session, path)
        rows = session.results.rows(path)
        contents = {item: content for item, content in others.items() if item != path}
        later = Session(dataclasses.replace(request, contents=contents))
        project = later.jobs.of(path).project
        if all(project.holds(*row) for row in rows):
            assert plain(one_file.one(later, path)) == plain(found)


HELPER = "    def _reboot_server("
USED = "    def _wait_for_state_change("
FAILS = "self.fail()"


@pytest.mark.parametrize(
    ("helper", "line", "users"),
    [(HELPER, FAILS, 1), (USED, FAILS, 0), (USED, "self.api.delete_server('one')", 4)],
    ids=["one", "what says the same", "what all depend on"],
)
def test_a_changed_helper_counts_for_those_who_depend_on_what_changed(
    demo, cache_dir, looked_at, helper, line, users
):
    results(demo, str(cache_dir), **ALL)
    looked_at.clear()
    (path,) = demo.rglob("integrated_helpers.py")
    before, after = path.read_text().split(helper)
    path.write_text(before + helper + after.replace("\n        ", f"\n        {line}\n        ", 1))
    after = results(demo, str(cache_dir), **ALL)
    assert looked_at.count(path.name) == 1
    assert len(looked_at) - 1 == users
    assert after == results(demo, **ALL)


KEEPER = """\
import mock


class Keeper:
    def show(self, count):
        client = self.keep()
        return client.get('/books').body['books']

    def keep(self):
        return self.client

    def swap(self, name):
        mock.patch(name)
"""
SETTLED = {
    "another text": (("'/books'", "'/shelves'"), {"body"}),
    "a statement more": (
        ("        return client", "        str(1)\n        return client"),
        {"body"},
    ),
    "no list": (("['books']", "['book']"), {"body", "fetched_by"}),
    "a dict": (("return client.get", "return {} or client.get"), {"body", "fetched_by"}),
    "a tuple": (("['books']", "['books'], 1"), {"body", "fetched_by", "shapes_of_reply"}),
    "nothing that is replaced": (
        ("mock.patch(name)", "mock.patch('a')"),
        {"hands_on", "replaces_given"},
    ),
}


@pytest.mark.parametrize(("change", "moved"), SETTLED.values(), ids=SETTLED)
def test_what_a_function_gives_back_as_a_class_runs_it_is_looked_at(tmp_path, change, moved):
    """The class of `self` is one of another file."""
    path = tmp_path / "keepers.py"
    path.write_text(KEEPER)
    heirs = tmp_path / "more_keepers.py"
    heirs.write_text("import keepers\n\n\nclass More(keepers.Keeper):\n    client = None\n")

    def project():
        return Session(Request((tmp_path,))).jobs.of(path).project

    def ask(project):
        more = project.at(heirs).classes["More"]
        show, swap = (Run(project.method(more, name), more) for name in ("show", "swap"))
        call = ast.parse("self.swap('a')", mode="eval").body
        said = Lists.of(project).summary(show), Objects.of(project).replies(show)
        return said, Replacements.of(project).replaces(call, swap), len(show.method.node.body)

    before = project()
    ask(before)
    rows = before.rows(before.trail.follow(ask, before)[1], whole=False)
    path.write_text(KEEPER.replace(*change, 1))
    after = project()
    found = {
        at.split("\t")[1].rpartition(".")[2] if kind == "trait" else kind
        for kind, at, said in rows
        if not after.holds(kind, at, said)
    }
    assert found == moved
    assert (ask(after)[:2] == ask(before)[:2]) is (found == {"body"})


def test_a_class_that_is_gone_tells_nothing(tmp_path):
    path = tmp_path / "keepers.py"
    path.write_text(KEEPER)
    before = Session(Request((tmp_path,))).jobs.of(path).project
    owner = before.at(path).classes["Keeper"]
    Lists.of(before).summary(Run(before.method(owner, "show"), owner))
    looks = before.rows(before.trail.looked, whole=False)
    (asked,) = (row for row in looks if row[0] == "trait" and "fetched_by" in row[1])
    renamed = KEEPER.replace("class Keeper", "class Other")
    path.write_text(renamed)
    after = Session(Request((tmp_path,))).jobs.of(path).project
    assert [kind for kind, at, said in looks if not after.holds(kind, at, said)] == ["outline"]
    path.write_text(renamed.replace("self.keep()", "self.keep(0)"))
    after = Session(Request((tmp_path,))).jobs.of(path).project
    assert before.holds(*asked)
    assert not after.holds(*asked)


PARTS = {
    "who asks for an outline": (lambda module, _: module.classes["Shelf"].methods, [[], [], []]),
    "who reads a body": (lambda module, _: ast.dump(first_of(module)), [["body"], [], []]),
    "who looks for a word": (lambda module, _: module.near_word("mending"), [[], ["word at"], []]),
    "who finds a word": (lambda module, _: module.near_word("books"), [["body"], [], []]),
    "who looks for a pattern": (
        lambda module, _: module.rows(re.compile(rb"m\w+ing\b")),
        [[], ["match at"], []],
    ),
    "who asks a method what it names": (
        lambda module, it: attributes_named(of_shelf(module, "mend"), it),
        [[], ["trait"], []],
    ),
    "who asks a method what it binds": (
        lambda module, it: attributes_bound(of_shelf(module, "mend"), it),
        [[], [], []],
    ),
    "who reads all": (
        lambda module, _: ast.dump(module.tree),
        [["body"], ["body"], ["outline"]],
    ),
    "who asks what stands above": (
        lambda module, _: [*module.parents.above(first_of(module).args)],
        [[], [], []],
    ),
}
SHELF = """\
class Shelf:
    def count(self):
        return len(self.books)

    def mend(self):
        return self.glue
"""


def of_shelf(module, name):
    return module.classes["Shelf"].methods[name]


def first_of(module):
    return of_shelf(module, "count").node


def test_every_trait_can_be_held_against_what_it_says_now():
    named = [
        f"fixtests.{name.replace('/', '.')}.{node.name}"
        for name, tree in house.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(item) == "Trait" for item in node.decorator_list)
    ]
    assert len(named) > 5
    assert all(find(name) for name in named)


@pytest.mark.parametrize("name", ["os.getcwd", "fixtests.none.say", "fixtests.model.digest", "x"])
def test_nothing_but_a_trait_is_asked_by_its_name(name):
    assert find(name) is None


STORE = """\
def sweep(shelf):
    return shelf


class Store:
    def one(self, client, name):
        made = client.create_server(name)
        return made

    def other(self):
        return self.one(None, 'a')
"""
LINE = "        made = "
ANSWERS = {
    "a call of what stands elsewhere": ("        str(1)\n", {"body"}),
    "another text": ("        name = 'b'\n", {"body"}),
    "a function of the tests": ("        sweep(name)\n", {"body", "steps_of"}),
    "a call of what another file replaces": (
        "        client.show(name)\n",
        {"body", "bound_beside"},
    ),
    "a method of its own": ("        self.other()\n", {"body", "steps_of"}),
    "a deletion": (
        "        client.delete_server(name)\n",
        {"body", "words_said", "told_unseen"},
    ),
}


@pytest.fixture
def store(tmp_path):
    """A tree with a store and a test that replaces something; what is asked of a function there."""
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    path = tmp_path / "nova/tests/functional/stores.py"
    path.parent.mkdir(parents=True)
    path.write_text(STORE)
    beside = path.with_name("test_stores.py")
    beside.write_text("def test_store(client):\n    client.show = client.sweep\n")

    def ask(project):
        method = project.at(path).classes["Store"].methods["one"]
        said = [says(method, project) for says in (steps_of, words_said, told_unseen)]
        said += [bound_beside(method, project, project.at(beside))]
        return said, len(method.node.body)

    return path, ask


def of_store(path):
    return Session(Request((path.parents[3],))).jobs.of(path).project


@pytest.mark.parametrize(("line", "moved"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_about_a_body_moves_where_it_is_another_one(store, line, moved):
    path, ask = store
    before = of_store(path)
    first = ask(before)
    rows = before.rows(before.trail.follow(ask, before)[1], whole=False)
    path.write_text(STORE.replace(LINE, line + LINE, 1))
    after = of_store(path)
    found = {
        at.split("\t")[1].rpartition(".")[2] if kind == "trait" else kind
        for kind, at, said in rows
        if not after.holds(kind, at, said)
    }
    assert found == moved
    assert (ask(after)[0] == first[0]) is (found == {"body"})


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [("return shelf", "return [shelf]", 0), (LINE, f"        str(1)\n{LINE}", 4)],
    ids=["another function", "this function"],
)
def test_a_function_that_stays_as_it_is_is_asked_nothing(store, old, new, times, monkeypatch):
    path, ask = store
    before = of_store(path)
    rows = before.rows(before.trail.follow(ask, before)[1], whole=False)
    path.write_text(STORE.replace(old, new, 1))
    told, asked = Project.told, []
    monkeypatch.setattr(Project, "told", lambda *given: asked.append(given) or told(*given))
    after = of_store(path)
    assert all(after.holds(*row) for row in rows if row[0] == "trait")
    assert len(asked) == times


@pytest.mark.parametrize(("ask", "kinds"), PARTS.values(), ids=PARTS)
def test_each_part_of_a_file_is_looked_at_by(ask, kinds, tmp_path):
    """One body changes, then another one, then what is in none."""
    path = tmp_path / "shelves.py"
    said = (("self.books", "self.books)  + (1"), ("self.glue", "self.mending"), (")", ", one=1)"))
    path.write_text(SHELF)

    def project():
        return Session(Request((tmp_path,))).jobs.of(path).project

    found = []
    for old, new in said:
        before = project()
        ask(before.at(path), before)  # what is remembered leads to the same looks
        _, looked = before.trail.follow(lambda it=before: ask(it.at(path), it))
        rows = before.rows(looked, whole=False)
        path.write_text(SHELF.replace(old, new, 1))
        after = project()
        found.append([kind for kind, at, said in rows if not after.holds(kind, at, said)])
        path.write_text(SHELF)
    if kinds[2] == []:  # whoever looks at a file looks at its outline
        kinds = [*kinds[:2], ["outline"]]
    assert found == kinds


@pytest.mark.parametrize("root", sparse(TREES, 4, SIMILAR), ids=lambda path: path.name)
def test_the_body_of_a_function_elsewhere_changes_no_result_that_is_kept(root):
    rng = changes.numbers(2)
    request = Request((root,), **ALL)
    texts = {path: path.read_text() for path in changes.python_files(root)}
    shared = Session(request)
    kept = {path: (one_file.one(shared, path), shared.results.rows(path)) for path in texts}
    for other, text in texts.items():
        changed = changes.with_another_body(text, rng)
        if changed is None:
            continue
        later = Session(dataclasses.replace(request, contents={other: changed.encode()}))
        for path in texts.keys() - {other}:
            found, rows = kept[path]
            project = later.jobs.of(path).project
            if all(project.holds(*row) for row in rows):
                assert plain(one_file.one(later, path)) == plain(found)
