"""The script that makes a release, and what tox runs."""

import configparser
import datetime
import importlib.util
import tomllib
from pathlib import Path

import pytest

import fixtests
from conftest import git

TOP = Path(__file__).resolve().parents[1]
DAY = datetime.date(2026, 12, 1)
spec = importlib.util.spec_from_file_location("release", TOP / ".ci/release.py")
release = importlib.util.module_from_spec(spec)
spec.loader.exec_module(release)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository with a version and a changelog, in place of this one."""
    (tmp_path / "src/fixtests").mkdir(parents=True)
    (tmp_path / "src/fixtests/__init__.py").write_text('__version__ = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n- A change.\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "All")
    monkeypatch.setattr(release, "TOP", tmp_path)
    return tmp_path


def test_entries_of_the_changelog_become_those_of_the_version():
    text = (TOP / "CHANGELOG.md").read_text()
    once = release.released(text, "9.8.7", DAY)
    assert once.replace("\n## [9.8.7] - 2026-12-01\n", "", 1) == text
    assert "## [Unreleased]\n\n## [9.8.7] - 2026-12-01\n\n### Added\n" in once
    assert release.released(once, "9.8.7", DAY) == once
    with pytest.raises(release.ReleaseError, match="no entries below"):
        release.released(once, "9.8.8", DAY)


def test_version_of_the_package_is_the_one_that_is_replaced():
    (found,) = release.VERSION.findall(release.MODULE.read_text())
    assert found == fixtests.__version__


@pytest.mark.parametrize("version", ["1.2", "v1.2.3", "1.2.3rc1", ""])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(release.ReleaseError, match="is no version"):
        release.refuse(version)


def test_version_that_has_a_tag_is_refused(checkout):
    release.refuse("1.2.3")
    git(checkout, "tag", "v1.2.3")
    with pytest.raises(release.ReleaseError, match="there is a tag v1"):
        release.refuse("1.2.3")


def test_other_work_is_refused_and_that_of_a_release_goes_on(checkout):
    (checkout / "CHANGELOG.md").write_text("changed")
    release.refuse("1.2.3")
    (checkout / "new.py").write_text("")
    with pytest.raises(release.ReleaseError, match=r"commit or stash first: new\.py"):
        release.refuse("1.2.3")


@pytest.mark.parametrize("differ", [False, True], ids=["the same", "not the same"])
def test_two_builds_have_to_be_the_same(differ, checkout, monkeypatch):
    epochs = []

    def run(*words, SOURCE_DATE_EPOCH=None, **_):  # noqa: N803  # the variable's name
        if "build" in words:
            epochs.append(SOURCE_DATE_EPOCH)
            words[-1].mkdir()
            (words[-1] / "a.whl").write_text(f"{len(epochs)}" if differ else "")
            (words[-1] / "a.tar.gz").write_text("")

    monkeypatch.setattr(release, "run", run)
    if differ:
        with pytest.raises(release.ReleaseError, match=r"a\.whl: two builds are not the same"):
            release.built(checkout)
    else:
        assert release.built(checkout) == (checkout / "dist/a.whl", checkout / "dist/a.tar.gz")
    assert epochs == [git(checkout, "log", "-1", "--format=%ct").decode().strip()] * 2


def test_command_that_fails_ends_the_release(checkout):
    with pytest.raises(release.ReleaseError, match="failed: false"):
        release.run("false", folder=checkout)


def test_tox_runs_what_continuous_integration_runs():
    tox = configparser.ConfigParser()
    tox.read(TOP / "tox.ini")
    lint = tox["testenv:lint"]["commands"].strip().splitlines()
    tests = tox["testenv"]["commands"].replace(" {posargs}", "")
    assert (TOP / ".ci/run").read_text().splitlines()[-1] == " && ".join([*lint, tests])
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    versions = {line.rpartition(" ")[2] for line in project["classifiers"] if ":: 3." in line}
    named = tox["tox"]["env_list"].replace("py3", "3.").split(", ")
    assert versions <= set(named)
