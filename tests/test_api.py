"""The public API: it does what commands do, neither prints nor leaves, and costs a rule little."""

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import FIXTURES, fixtests, module
from fixtests import api
from fixtests.api import Applicability, Project, RunError, Status


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for kind in ("CACHE", "STATE"):
        monkeypatch.setenv(f"FIXTESTS_{kind}_DIR", str(tmp_path / kind))
    shutil.copytree(FIXTURES / "demo", tmp_path / "tree")
    return tmp_path / "tree"


@pytest.fixture
def one(tmp_path, monkeypatch):
    """A tree of one file with one finding."""
    monkeypatch.setenv("FIXTESTS_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "one"
    (folder / "tests").mkdir(parents=True)
    (folder / "fixtests.toml").write_text('root = true\nprofile = "unittest"\n')
    (folder / "tests" / "test_one.py").write_bytes(module())
    return folder


def test_check_finds_what_the_command_finds(tree):
    listed = fixtests("check", "--output-format", "concise", ".", folder=tree).text.splitlines()
    results = api.check(Project(tree))
    found = [(item, it) for item in results for it in item.findings if not it.suppressed]
    assert len(found) == len(listed) > 0
    for result, finding in found:
        place = api.place_of(result, finding)
        assert any(
            f"{result.path.removeprefix(f'{tree}/')}:{place.row}:{place.column}: " in line
            for line in listed
        )


def test_plan_is_the_preview_and_is_written(tree, capfd):
    preview = fixtests("--dry-run", ".", folder=tree).out
    plan = api.make_plan(Project(tree))
    diff, moved = plan.diff()
    assert (diff, moved) == (preview, {})
    applied = api.apply_plan(plan)
    assert set(applied.written) == {write.path for write in plan.writes}
    assert applied.problems == {}
    assert api.make_plan(Project(tree)).writes == []
    assert f"{applied.run} " in fixtests("runs", folder=tree).text
    assert capfd.readouterr() == ("", "")


def test_selection_and_applicability_are_the_projects(one):
    (result,) = api.check(Project(one, select=("FT2",)))
    assert result.status is Status.CLEAN
    (result,) = api.check(Project(one, select=("literal-uuid",)), ["tests/test_one.py"])
    assert result.findings[0].fix.applicability is Applicability.SAFE


def test_file_that_moved_is_left_and_named(one):
    plan = api.make_plan(Project(one))
    path = one / "tests" / "test_one.py"
    path.write_bytes(path.read_bytes() + b"\n")
    applied = api.apply_plan(plan)
    assert applied.run is None
    assert applied.written == ()
    assert "changed since it was read" in applied.problems[path]


def test_fixes_are_proved_by_the_projects_own_tests(one, monkeypatch):
    path = one / "tests" / "test_one.py"
    text = path.read_text()
    path.write_text(text.replace("self.attach(", "str(") if "str(" not in text else text)
    path.write_text(path.read_text().replace("str(volume_id=", "dict(volume_id="))
    (one / "tests" / "__init__.py").touch()
    project = Project(one)
    plan = api.verify_plan(project, api.make_plan(project), command="unittest")
    (fixed,) = [item for result in plan.results for item in result.fixed]
    assert fixed.proof.tests


def test_review_is_answered(one):
    (one / "review.md").write_text("- tests/test_one.py: the UUID is a magic literal\n")
    review = api.answer_review(Project(one), ["review.md"])
    assert [str(item.verdict) for item in review.answers] == ["fixed"]
    assert review.plan.diff()[0]


@pytest.mark.parametrize(
    ("text", "place"), [("profil = 1\n", "fixtests.toml:1"), ("a = [1\n", "fixtests.toml")]
)
def test_errors_have_a_place(one, text, place):
    (one / "fixtests.toml").write_text(text)
    with pytest.raises(RunError, match=r"unknown key|TOML") as caught:
        api.check(Project(one))
    assert caught.value.place == str(one / place)


def test_error_without_a_place_says_so(one):
    with pytest.raises(RunError, match="unknown rule 'FT999'") as caught:
        api.check(Project(one, select=("FT999",)))
    assert caught.value.place == ""


def test_missing_path_is_an_error_of_a_plan(one):
    with pytest.raises(RunError, match=r"gone\.py: does not exist; .*; nothing was written"):
        api.make_plan(Project(one), ["gone.py"])


@pytest.mark.parametrize(
    "act",
    [
        lambda one: Project(one, select="FT"),
        lambda one: Project(one, extend_select="FT"),
        lambda one: Project(one, ignore="FT"),
        lambda one: api.check(Project(one), "FT"),
        lambda one: api.make_plan(Project(one), Path("FT")),
        lambda one: api.answer_review(Project(one), "FT"),
        lambda one: api.answer_review(Project(one), [], "FT"),
    ],
)
def test_text_in_the_place_of_a_list_is_refused(one, act):
    with pytest.raises(
        RunError, match=r"\w is 'FT' and has to be a list, as in \['FT'\]"
    ) as caught:
        act(one)
    assert caught.value.place == ""


def test_project_that_is_not_there_is_named(tmp_path):
    (tmp_path / "file").touch()
    for name, said in (("nowhere", "does not exist"), ("file", "is no folder")):
        with pytest.raises(RunError, match=f"{name}: {said}; correct the root") as caught:
            api.check(Project(tmp_path / name))
        assert caught.value.place == str(tmp_path / name)


def test_missing_path_is_a_result_of_a_check(one):
    (result,) = api.check(Project(one), ["gone.py"])
    assert (result.status, result.detail) == (Status.FAILED, "does not exist; check the path")


def test_broken_file_is_a_result(one):
    (one / "tests" / "test_two.py").write_text("def (\n")
    results = api.check(Project(one, select=("ALL",)))
    assert [item.status for item in results] == [Status.FOUND, Status.FAILED]


def test_data_are_frozen(one):
    (result,) = api.check(Project(one))
    with pytest.raises(dataclasses.FrozenInstanceError, match="code"):
        result.findings[0].code = "X1"


def test_every_name_is_there_and_documented():
    assert sorted(api.__all__) == api.__all__
    for name in api.__all__:
        assert hasattr(api, name), name


def loaded(code):
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in answer.stdout.split() if name.startswith("fixtests")}


def test_package_itself_loads_nothing():
    assert loaded("import fixtests") == {"fixtests"}


def test_words_of_a_rule_load_no_command_and_no_run():
    rooms = {name.split(".")[1] for name in loaded("import fixtests.api") if "." in name}
    assert rooms.isdisjoint({"cli", "run", "plan", "write", "verify", "review", "cache"})
