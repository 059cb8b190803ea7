"""What a project says of single rules: which are fixed, how safely, and where they are left out."""

import json
import tomllib
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest

from conftest import fixed, fixtests, module
from fixtests.cli import main as cli
from fixtests.engine.trust import Trust
from fixtests.report import addresses
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.jobs import Jobs
from fixtests.run.projects import Projects
from fixtests.run.request import Request

LOOP = """\
import unittest


class OneTest(unittest.TestCase):

    def test_images(self):
        servers = self.api.get_servers()
        for server in servers:
            self.assertIn('image', server)
"""
BOTH = ("--select", "FT101,FT202")


@pytest.fixture
def both(tree):
    """A tree with a safe fix of FT101 and an unsafe one of FT202."""
    (tree / "tests/test_two.py").write_text(LOOP)
    return tree


def tiers(tree, *arguments):
    """Return how far the fix of each finding may be trusted, and why, by code."""
    answer = fixtests("check", *BOTH, "--output-format", "json", *arguments, folder=tree)
    assert answer.code == 1, answer.err
    return {
        item["code"]: (item["applicability"], item["reason"]) for item in json.loads(answer.out)
    }


def configure(tree, text):
    (tree / "fixtests.toml").write_text(f"root = true\n{text}\n")


def test_nothing_is_said_and_each_fix_is_as_safe_as_its_rule_says(both):
    assert {code: tier for code, (tier, _) in tiers(both).items()} == {
        "FT101": "safe",
        "FT202": "unsafe",
    }


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        ('unfixable = ["FT101"]', [], ("display", "unsafe")),
        ('unfixable = ["literal-uuid", "FT2"]', [], ("display", "display")),
        ('fixable = ["FT2"]', [], ("display", "unsafe")),
        ("fixable = []", [], ("display", "display")),
        ('fixable = ["ALL"]\nunfixable = ["FT2"]', [], ("safe", "display")),
        ('fixable = ["FT202"]\nunfixable = ["FT2"]', [], ("display", "unsafe")),
        ('extend-unsafe-fixes = ["FT1"]', [], ("unsafe", "unsafe")),
        ('extend-safe-fixes = ["FT2"]', [], ("safe", "safe")),
        ('extend-safe-fixes = ["ALL"]\nextend-unsafe-fixes = ["ALL"]', [], ("unsafe", "unsafe")),
        ('extend-safe-fixes = ["FT2"]\nextend-unsafe-fixes = ["FT202"]', [], ("safe", "unsafe")),
        ('extend-safe-fixes = ["FT101"]\nextend-unsafe-fixes = ["FT1"]', [], ("safe", "unsafe")),
        ("", ["--unfixable", "FT101"], ("display", "unsafe")),
        ("", ["--fixable", "FT101"], ("safe", "display")),
        ('unfixable = ["FT101"]', ["--fixable", "FT1"], ("safe", "display")),
        ('fixable = ["FT101"]', ["--unfixable", "ALL"], ("display", "display")),
        ('extend-unsafe-fixes = ["FT101"]', ["--extend-safe-fixes", "FT1"], ("safe", "unsafe")),
        ('extend-safe-fixes = ["FT202"]', ["--extend-unsafe-fixes", "FT2"], ("safe", "unsafe")),
    ],
)
def test_fixes_go_as_far_as_the_project_says(both, text, arguments, expected):
    configure(both, text)
    found = tiers(both, *arguments)
    assert (found["FT101"][0], found["FT202"][0]) == expected


def test_finding_says_why_its_fix_is_another(both):
    found = tiers(both, "--unfixable", "FT101", "--extend-safe-fixes", "FT202")
    assert found["FT101"][1] == "FT101 is not fixed here"
    assert found["FT202"][1] == "taken for safe here"
    found = tiers(both, "--extend-unsafe-fixes", "FT101")
    assert found["FT101"][1] == "taken for unsafe here"
    answer = fixtests("check", *BOTH, "--unfixable", "FT101", folder=both)
    assert " = `fixable` and `unfixable` say which rules are\n" in answer.text


def test_what_is_unfixable_is_not_written_and_what_is_promoted_is(both):
    one, two = both / "tests/test_one.py", both / "tests/test_two.py"
    configure(both, 'unfixable = ["FT101"]\nextend-safe-fixes = ["FT202"]')
    answer = fixtests(*BOTH, folder=both)
    assert answer.code == 1
    assert one.read_bytes() == module()
    assert "self.assertGreater(len(servers), 0)" in two.read_text()
    configure(both, 'extend-unsafe-fixes = ["FT101"]')
    fixtests(*BOTH, folder=both)
    assert one.read_bytes() == module()
    fixtests(*BOTH, "--unsafe-fixes", folder=both)
    assert one.read_bytes() == fixed()


def test_plan_holds_what_may_be_fixed(both):
    answer = fixtests("plan", *BOTH, "--unfixable", "FT101", folder=both)
    findings = [it for file in json.loads(answer.out)["files"] for it in file["findings"]]
    assert {it["code"]: bool(it["fix"]) for it in findings} == {"FT101": False, "FT202": True}
    assert "Would fix" not in answer.err


@pytest.mark.parametrize(
    "option", ["fixable", "unfixable", "extend-safe-fixes", "extend-unsafe-fixes"]
)
def test_unknown_rule_is_named_with_its_place(tree, option):
    answer = fixtests("check", f"--{option}", "FT9", folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert "unknown rule 'FT9'" in answer.err
    configure(tree, f'{option} = ["FT101", "FT9"]')
    answer = fixtests("check", folder=tree)
    assert answer.code == 2
    assert f"fixtests.toml:2: {option}[1]: unknown rule 'FT9'" in answer.err


def job(tree, **asked):
    configuration = Configuration(request := Request((tree,), **asked))
    return Jobs(request, configuration, Projects(configuration, None, {})).of(
        tree / "tests/test_one.py"
    )


def test_kept_results_are_those_of_the_same_trust(tree):
    asked = [
        job(tree, **options).asked
        for options in (
            {},
            {"unfixable": ("FT101",)},
            {"fixable": ("FT101",)},
            {"extend_safe_fixes": ("FT101",)},
            {"extend_unsafe_fixes": ("FT101",)},
            {"per_file_ignores": {"*.py": ("FT101",)}},
        )
    ]
    assert len(set(asked)) == len(asked)
    assert job(tree, fixable=("ALL",)).trust == Trust()


def test_answer_of_other_options_is_another_one(tree, cache_dir):
    first = fixtests("check", folder=tree)
    assert fixtests("check", "--unfixable", "FT101", folder=tree) != first
    assert fixtests("check", "--per-file-ignores", "*.py:FT101", folder=tree).code == 0
    assert fixtests("check", folder=tree) == first


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["tests/test_one.py:FT101"], 0),
        (["test_*.py:FT1"], 0),
        (["tests/:FT101"], 0),
        (["*.py:FT301,FT101"], 0),
        (["other.py:FT101,test_one.py:literal-uuid"], 0),
        (["*.py:FT301", "--per-file-ignores", "*.py:FT101"], 0),
        (["*.py:FT301"], 1),
        (["other.py:FT101"], 1),
    ],
    ids=str,
)
def test_rules_are_left_out_file_by_file(tree, given, code):
    assert fixtests("check", "--per-file-ignores", *given, folder=tree).code == code


def test_per_file_ignores_of_the_command_line_replace_those_configured(tree):
    configure(tree, '[per-file-ignores]\n"tests/" = ["FT101"]')
    assert fixtests("check", folder=tree).code == 0
    assert fixtests("check", "--per-file-ignores", "other.py:FT101", folder=tree).code == 1


@pytest.mark.parametrize("given", ["tests/*.py", ":FT101", "tests/*.py:", "a.py:FT101,", ""])
def test_what_is_no_mapping_is_refused(tree, given):
    answer = fixtests("check", "--per-file-ignores", given, folder=tree)
    assert answer.code == 2
    assert "is not PATTERN:CODES" in answer.err


def test_unknown_rule_of_a_mapping_is_refused(tree):
    answer = fixtests("check", "--per-file-ignores", "*.py:FT9", folder=tree)
    assert (answer.code, answer.out) == (2, b"")
    assert "unknown rule 'FT9'" in answer.err


def test_rules_are_listed_as_json(tree):
    answer = fixtests("rules", "--output-format", "json", folder=tree)
    listed = {item["code"]: item for item in json.loads(answer.out)}
    assert list(listed) == [rule.code for rule in registry.every()]
    assert listed["FT101"] == {
        "code": "FT101",
        "name": "literal-uuid",
        "summary": registry.find("FT101").summary,
        "default": True,
        "fix": "safe",
        "options": {"known": {}, "constants-module": None, "strategy": "constant"},
        "url": addresses.of_rule("literal-uuid"),
    }
    assert {code: item["fix"] for code, item in listed.items() if item["fix"] != "safe"} == {
        "FT202": "unsafe",
        "FT502": None,
        "FT503": None,
        "FT504": None,
        "FT602": "unsafe",
    }
    assert listed["FT602"]["options"] == {"max-lines": 100}


def test_readme_promises_no_address_that_there_is_not():
    """A site in `[project.urls]` makes this fail: README says then that there is one."""
    top = Path(__file__).resolve().parents[1]
    urls = tomllib.loads((top / "pyproject.toml").read_text())["project"].get("urls", {})
    told = "is null until the package names a site" in (top / "README.md").read_text()
    assert told == ("documentation" not in map(str.lower, urls))


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A package whose metadata names a site."""
    info = tmp_path / "installed/fixtests-9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: fixtests\nVersion: 9\n"
        "Project-URL: Source, https://example.org/git\n"
        "Project-URL: Documentation, https://example.org/fixtests/\n"
    )
    monkeypatch.syspath_prepend(info.parent)
    addresses._site.cache_clear()
    yield
    addresses._site.cache_clear()


def test_address_of_a_rule_comes_from_the_metadata(site):
    assert (
        addresses.of_rule("literal-uuid") == "https://example.org/fixtests/rules/literal-uuid.html"
    )


def test_there_is_no_address_without_a_site_or_a_package(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    for named in (missing, lambda name: Message()):
        monkeypatch.setattr(metadata, "metadata", named)
        addresses._site.cache_clear()
        assert addresses.of_rule("literal-uuid") is None
    addresses._site.cache_clear()


def test_addresses_stand_in_json_and_sarif(site, tree, monkeypatch, capsys):
    monkeypatch.chdir(tree)
    address = "https://example.org/fixtests/rules/literal-uuid.html"
    with pytest.raises(SystemExit):
        cli.main(["check", "--output-format", "json"])
    assert json.loads(capsys.readouterr().out)[0]["url"] == address
    with pytest.raises(SystemExit):
        cli.main(["check", "--output-format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["tool"]["driver"]["rules"][0]["helpUri"] == address
    with pytest.raises(SystemExit):
        cli.main(["rules", "--output-format", "json"])
    assert json.loads(capsys.readouterr().out)[0]["url"] == address
