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


def test_code_that_is_taken_is_refused(tmp_path):
    assert new_rule(tmp_path).code == 0
    answer = new_rule(tmp_path, "no-pprint")
    assert answer.code == 2
    assert "--code: TM101 is the code of tm-rules/tm_rules/no_print/rule.py" in answer.err
    assert not (tmp_path / "tm-rules/tm_rules/no_pprint").exists()
    assert new_rule(tmp_path, "no-pprint", "TM1011").code == 0


@pytest.mark.parametrize("name", ["no-print", "old-call"])
def test_name_or_code_of_a_rule_that_is_installed_is_refused(site, tmp_path, name):
    site.install()
    site.rule()
    code = "AC102" if name == "old-call" else "AC101"
    answer = fixtests("new-rule", name, "--code", code, folder=tmp_path, env=site.env)
    assert answer.code == 2
    assert f"{code} {name}: there is AC101 old-call; take another name and code" in answer.err
    answer = new_rule(tmp_path, "literal-uuid", "TM101")
    assert "there is FT101 literal-uuid" in answer.err


def test_words_of_a_new_rule_are_understood(site, tmp_path):
    assert new_rule(site.folder).code == 0
    site.describe("tm-rules", "0.1.0", rules={"TM": "tm_rules"})
    (site.folder / "tm-rules" / "tm_rules").rename(site.folder / "tm_rules")
    (tmp_path / "test_a.py").write_text(
        "class ATest:\n    def test_a(self):\n        print(1)\n        self.b()\n"
    )
    (tmp_path / "review.md").write_text("- test_a.py:3: a left-over print, drop it\n")
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "unittest"\n')
    answer = fixtests("review", "review.md", folder=tmp_path, env=site.env)
    assert answer.err.splitlines()[-1] == "1 finding: 1 fixed."
