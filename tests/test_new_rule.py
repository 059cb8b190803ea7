"""`fixtests new-rule` writes a package whose tests pass, as soon as it is installed."""

import re
import subprocess
import sys

import pytest

from conftest import fixtests
from plugged import Site


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site")


def new_rule(folder, name="no-print", code="TM101"):
    return fixtests("new-rule", name, "--code", code, folder=folder)


def run_tests(folder, site, *words):
    """Run the tests of a package that stands in a folder of its own."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--no-header",
        *words,
    ]
    return subprocess.run(
        command, cwd=folder, env=site.env, capture_output=True, text=True, check=False
    )


def test_tests_of_a_new_package_pass_and_can_fail(site):
    answer = new_rule(site.folder)
    assert answer.code == 0
    assert "tm-rules/tm_rules/no_print/rule.py" in answer.text.splitlines()
    assert new_rule(site.folder, "no-pprint", "TM102").code == 0
    package = site.folder / "tm-rules"
    site.describe("tm-rules", "0.1.0", rules={"TM": "tm_rules"})
    (package / "tm_rules").rename(site.folder / "tm_rules")
    done = run_tests(package, site)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d\d passed", done.stdout)
    rule = site.folder / "tm_rules" / "no_print" / "rule.py"
    rule.write_text(rule.read_text().replace("edit.remove(finding.span)", "edit.replace('None')"))
    done = run_tests(package, site, "-k", "no-print and example")
    assert done.returncode == 1
    assert "+        None" in done.stdout


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("NoPrint", "TM101", "NAME: NoPrint is no name of a rule; write words as in no-print"),
        ("no-print", "FT101", "--code: FT101 is no code of a plug-in; write two capitals or more"),
        ("no-print", "T1", "--code: T1 is no code of a plug-in"),
        ("select", "TM101", "NAME: select is no name of a rule"),
    ],
)
def test_name_or_code_that_cannot_be_is_refused(tmp_path, name, code, said):
    answer = new_rule(tmp_path, name, code)
    assert answer.code == 2
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_rule_that_is_there_is_left(tmp_path):
    assert new_rule(tmp_path).code == 0
    answer = new_rule(tmp_path)
    assert answer.code == 2
    assert "no-print: tm-rules has that rule; name another one" in answer.err
