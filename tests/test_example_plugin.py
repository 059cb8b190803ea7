"""The reference plug-in of examples/: offered by its own pyproject.toml, and from its own wheel."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from conftest import fixtests
from plugged import Site

TOP = Path(__file__).resolve().parents[1]
EXAMPLE = TOP / "examples" / "django-habits"
PYPROJECT = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
FOUND = ["DT101", "DT102", "DT102"]
TEST = """\
from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, "Welcome")
        self.assertIn("Good day", response.content.decode())

    def test_gone(self):
        response = self.client.get("/gone/")
        self.assertEqual(404, response.status_code)
        self.assertContains(response, "Gone", status_code=404)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder in which the plug-in is said to be installed."""
    site = Site(tmp_path_factory.mktemp("example") / "site")
    offered = PYPROJECT["entry-points"]
    groups = {name.removeprefix("fixtests."): entries for name, entries in offered.items()}
    site.describe(PYPROJECT["name"], PYPROJECT["version"], **groups)
    return site


@pytest.fixture
def env(site):
    """The variables of a process beside which the plug-in is installed."""
    return {**site.env, "PYTHONPATH": f"{EXAMPLE}{os.pathsep}{site.env['PYTHONPATH']}"}


@pytest.fixture
def tests(tmp_path):
    path = tmp_path / "tree" / "tests" / "test_pages.py"
    path.parent.mkdir(parents=True)
    (tmp_path / "tree" / "fixtests.toml").write_text("root = true\n")
    path.write_text(TEST)
    return path


def test_its_rules_find_and_fix(env, tests):
    tree = tests.parent.parent
    answer = fixtests("check", "--output-format", "json", folder=tree, env=env)
    assert sorted(item["code"] for item in json.loads(answer.text)) == FOUND
    assert fixtests(".", folder=tree, env=env).code == 0
    text = tests.read_text()
    assert text.count("status_code") == 1
    assert '        self.assertContains(response, "Good day")\n' in text


def test_its_profile_and_codemod_are_there(env, tests):
    tree = tests.parent.parent
    page = fixtests("explain", "--profile", "django", folder=tree, env=env)
    assert (page.code, "setUpTestData" in page.text) == (0, True)
    listed = fixtests("migrate", "--list", folder=tree, env=env).text
    assert re.search(r"http_status_names +codemod .*\(from fixtests-django-habits\)", listed)
    assert fixtests("migrate", "http_status_names", ".", folder=tree, env=env).code == 0
    text = tests.read_text()
    assert text.startswith("from http import HTTPStatus\n\nfrom django.test import TestCase\n")
    assert "self.assertEqual(HTTPStatus.NOT_FOUND, response.status_code)" in text


def own_tests(python, env, *words):
    """Run the plug-in's own tests, where nothing of ours configures pytest."""
    command = [python, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", EXAMPLE]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", EXAMPLE / "tests", *words]
    return subprocess.run(
        list(map(str, command)), env=env, capture_output=True, text=True, check=False
    )


def test_its_examples_pass_the_shipped_checks(env):
    done = own_tests(sys.executable, env, "-k", "redirect or whole")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\n1\d passed", done.stdout)


@pytest.mark.slow("builds two wheels, and runs all checks of 29 samples")
def test_it_is_installed_from_its_own_wheel(tmp_path, tests):
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")

    def call(*words):
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for place in (TOP, EXAMPLE):
        copy = tmp_path / place.name
        shutil.copytree(place, copy, ignore=shutil.ignore_patterns(".git", "build", ".venv"))
        call(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path / "wheels", copy)
    call(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    wheels = sorted((tmp_path / "wheels").glob("*.whl"))
    assert len(wheels) == 2
    call(*pip, "--python", python, "install", "--no-deps", "--no-index", *wheels)
    (packages,) = tmp_path.glob("venv/lib/python*/site-packages")
    around = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "around.pth").write_text("\n".join(around))
    alone = {name: it for name, it in os.environ.items() if name != "PYTHONPATH"}
    done = own_tests(python, alone)
    assert done.returncode == 0, done.stdout
    page = call(python, "-m", "fixtests", "explain", "DT102")
    assert "It comes with fixtests-django-habits 0.1.0." in page
    assert "-        self.assertEqual(response.status_code, 200)" in page
