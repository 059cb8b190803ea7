"""Plug-ins: their rules are as ours are, and what is wrong with one loses nothing of the others."""

import json
import os
import sys
import time

import pytest

from conftest import A_UUID, fixtests
from fixtests import api
from fixtests.model import Applicability, FileResult, Finding, Span, Status, digest
from fixtests.plugins import loading
from fixtests.report import formats
from fixtests.report.contents import Report
from fixtests.report.location import Texts
from fixtests.rules import registry
from plugged import Site

TEST = f"""\
import unittest


class OneTest(unittest.TestCase):

    def test_attach(self):
        self.old_call()
        self.attach(volume_id='{A_UUID}')
"""
AT = Span(0, 1)
FINDING = Finding("AC101", "old-call", "x.py", AT, AT, "calls it", Applicability.SAFE)
RESULT = FileResult("x.py", digest(b"x"), Status.FOUND, findings=(FINDING,))
FORMATS = ("full", "concise", "json", "json-lines", "sarif", "github", "junit")
OLD = time.time() - 3600


@pytest.fixture
def site(tmp_path):
    found = Site(tmp_path / "site")
    found.install()
    found.rule()
    return found


@pytest.fixture
def loaded(site, monkeypatch):
    """Have this process load the plug-ins of the site anew, and forget them in the end."""
    monkeypatch.syspath_prepend(site.folder)
    monkeypatch.setattr(loading, "_faults", {})
    monkeypatch.setattr(loading, "_watched", {})
    before = set(sys.modules)
    registry.every.cache_clear()
    yield
    registry.every.cache_clear()
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    (folder / "tests").mkdir(parents=True)
    (folder / "fixtests.toml").write_text('root = true\nprofile = "unittest"\n')
    (folder / "tests" / "test_one.py").write_text(TEST)
    return folder


UNCOMPILED = {"PYTHONDONTWRITEBYTECODE": "1"}  # so that no run changes the plug-in's folders


@pytest.fixture
def run(site, tree, tmp_path):
    """What runs the command line in the tree, beside what is installed in the site."""
    own = tmp_path / "own"
    own.mkdir()
    folders = {f"FIXTESTS_{kind}_DIR": str(own / kind) for kind in ("CACHE", "STATE")}

    def run(*arguments, kept=False):
        extra = () if kept else ("--no-cache",)
        given = (
            arguments if arguments[0] in ("rules", "explain", "review") else (*arguments, *extra)
        )
        return fixtests(*given, folder=tree, env={**site.env, **folders, **UNCOMPILED})

    return run


def codes(answer):
    return sorted(item["code"] for item in json.loads(answer.text))


def test_rule_is_listed_and_explained(run, site):
    samples = "acme_rules/old_call/samples"
    site.write(f"{samples}/example.before.py", "self.old_call()  # expect: AC101\n")
    site.write(f"{samples}/example.after.py", "self.new_call()\n")
    assert "AC101  on   old-call" in run("rules").text
    page = run("explain", "old-call").text
    assert "It comes with acme-rules 1.0." in page
    assert "-self.old_call()\n+self.new_call()" in page


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["AC101", "FT101"]),
        (("--select", "AC"), ["AC101"]),
        (("--select", "AC1"), ["AC101"]),
        (("--select", "old-call"), ["AC101"]),
        (("--select", "ALL", "--ignore", "FT"), ["AC101"]),
        (("--ignore", "AC101"), ["FT101"]),
    ],
)
def test_rule_is_selected(run, options, found):
    assert codes(run("check", "--output-format", "json", *options)) == found


def test_rule_is_fixed_beside_ours(run, tree):
    assert run(".").code == 0
    text = (tree / "tests/test_one.py").read_text()
    assert "self.new_call()" in text
    assert "VOLUME_ID = " in text


@pytest.mark.parametrize("how", FORMATS)
def test_rule_is_in_each_format(loaded, how):
    report = Report([FINDING], [], Texts([RESULT], {"x.py": lambda: b"x"}), registry.every())
    assert "AC101" in "".join(formats.printer(how)(report))


def test_rule_is_suppressed_and_idle_suppressions_are_named(run, tree):
    path = tree / "tests/test_one.py"
    path.write_text(TEST.replace("old_call()", "old_call()  # noqa: AC101"))
    assert codes(run("check", "--output-format", "json")) == ["FT101"]
    path.write_text(TEST.replace("old_call()", "new_call()  # noqa: AC101"))
    assert "unused suppression of AC101" in run("check", "--select", "AC").err


def test_rule_is_configured(run, site, tree):
    site.rule(body="if context.options.off: return")
    text = (site.folder / "acme_rules/old_call/rule.py").read_text()
    options = "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Options:\n"
    text = text.replace("class OldCall", f"{options}    off: bool = False\n\n\nclass OldCall")
    text = text.replace("    visits", "    options = Options\n    visits")
    (site.folder / "acme_rules/old_call/rule.py").write_text(text)
    file = tree / "fixtests.toml"
    file.write_text(f"{file.read_text()}[old-call]\noff = true\n")
    assert codes(run("check", "--output-format", "json")) == ["FT101"]
    file.write_text(file.read_text().replace("off = true", "of = true"))
    assert "unknown key 'old-call.of'" in run("check").err


def test_profile_is_chosen(run, site, tree):
    site.uninstall()
    site.install(profiles={"acme": "acme_rules"}, rules={"AC": "acme_rules"})
    site.write("acme_rules/acme.toml", 'name = "acme"\nimports = ["acme"]\n')
    file = tree / "fixtests.toml"
    file.write_text(file.read_text().replace("unittest", "acme"))
    assert codes(run("check", "--output-format", "json")) == ["AC101", "FT101"]
    page = run("explain", "--profile", "acme").text
    assert page.startswith(f"# Profile acme, as {site.folder / 'acme_rules' / 'acme.toml'} has it.")


# What is wrong: what makes it so, what is said of it (with the remedy), what is found otherwise.
def two_with_one_prefix(site):
    site.install("other-rules", rules={"AC": "acme_rules"})


def one_that_begins_as_another(site):
    site.install("other-rules", rules={"ACX": "acme_rules"})


def our_prefix(site):
    site.uninstall()
    site.install(rules={"FT": "acme_rules"})


def broken(site):
    site.write("acme_rules/old_call/rule.py", "import nothing_of_the_kind\n")


def leaves(site):
    site.write("acme_rules/__init__.py", "import sys\nsys.exit('not today')\n")


def no_package(site):
    site.uninstall()
    site.install(rules={"AC": "gone_rules"})


def newer(site):
    site.write("acme_rules/__init__.py", 'FIXTESTS_API = "1.7"\n')


def older(site):
    site.write("acme_rules/__init__.py", 'FIXTESTS_API = "0.9"\n')


def unsaid(site):
    site.write("acme_rules/__init__.py", "")


def other_code(site):
    site.rule(code="XY101")


def our_name(site):
    site.rule(place="acme_rules/literal_uuid", code="AC102")


def name_of_a_key(site):
    site.rule(place="acme_rules/select", code="AC102")


def needles_of_text(site):
    path = site.folder / "acme_rules/old_call/rule.py"
    path.write_text(path.read_text().replace('rb"', 'r"'))


def no_rule(site):
    site.write("acme_rules/old_call/rule.py", "")


REPAIR = "; repair it, or run: pip uninstall acme-rules"
FAULTS = [
    (two_with_one_prefix, "its codes cannot be told from AC of other-rules 1.0; uninstall one"),
    (two_with_one_prefix, "its codes cannot be told from AC of acme-rules 1.0; uninstall one"),
    (one_that_begins_as_another, "its codes cannot be told from ACX of other-rules 1.0; uninst"),
    (our_prefix, "its codes cannot be told from FT; uninstall one of them, such as: pip uninstall"),
    (broken, f"No module named 'nothing_of_the_kind'{REPAIR}"),
    (leaves, f"cannot be imported: SystemExit: not today{REPAIR}"),
    (no_package, f"cannot be imported: ModuleNotFoundError: No module named 'gone_rules'{REPAIR}"),
    (newer, "asks for version 1.7 of the API, this is 1.0; run: pip install --upgrade fixtests"),
    (older, f"was written for version 0.9 of the API, this is 1.0{REPAIR}"),
    (unsaid, 'says FIXTESTS_API = None; write FIXTESTS_API = "1.0" in its __init__.py'),
    (other_code, "its code is 'XY101', not AC and a number"),
    (our_name, "AC102 literal-uuid is called as FT101 literal-uuid is"),
    (name_of_a_key, "select is what a key of the configuration is called"),
    (needles_of_text, 'needles are patterns of bytes, as re.compile(rb"...") makes'),
    (no_rule, "holds no rule: no folder of it has a rule.py with a class of Rule"),
]


@pytest.mark.parametrize(
    ("fault", "said"), FAULTS, ids=lambda it: it if isinstance(it, str) else it.__name__
)
def test_plugin_that_cannot_be_used_is_named_in_one_line(loaded, site, fault, said):
    fault(site)
    ours = [rule.code for rule in registry.every() if not rule.origin]
    assert len(ours) > 10
    lines = [line for line in api.plugin_faults() if said in line]
    assert len(lines) == 1
    assert lines[0].startswith("plug-in ")
    assert "\n" not in lines[0]
    assert registry.select((site.offered, "FT1"), (), ()) != ()


@pytest.mark.parametrize("fault", [broken, newer])
def test_other_rules_go_on_without_a_plugin_that_cannot_be_used(run, site, tree, fault):
    fault(site)
    with (tree / "fixtests.toml").open("a") as file:
        file.write("[old-call]\noff = true\n")
    answer = run("check", "--output-format", "json", "--extend-select", "AC")
    assert answer.code == 2
    assert answer.err.count("error: plug-in acme-rules 1.0: AC = acme_rules: ") == 1
    assert codes(answer) == ["FT101"]
    assert run("rules").code == 2


def test_broken_profile_is_named_and_the_others_go_on(run, site):
    site.install("acme-profile", profiles={"acme": "acme_profile"})
    site.write("acme_profile/acme.toml", "packages = 3\n")
    answer = run("check", "--output-format", "json")
    assert answer.code == 2
    assert "acme.toml:1: packages" in answer.err
    assert codes(answer) == ["AC101", "FT101"]


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ({"body": "raise ValueError('odd')"}, "ValueError: odd"),
        ({"body": "raise SystemExit(3)"}, "SystemExit: 3"),
        ({"body": "yield node"}, "not what context.finding() returns"),
        (
            {"body": "context.source.span(ast.withitem(node))"},
            "at rule.py:24 (source.py:",
        ),
        ({"fix": "raise KeyError(finding.data['gone'])"}, "KeyError: 'gone'"),
        ({"fix": "edit.insert_before('self.more()')"}, "AC101 is still there after 10 rounds"),
    ],
)
def test_rule_that_raises_is_left_out_of_the_file_alone(run, site, tree, stage, said):
    site.rule(**stage)
    (tree / "tests" / "test_two.py").write_text(TEST.replace("old_call()", "other()"))
    answer = run("--dry-run")
    assert answer.code == 2
    assert answer.text.count("+VOLUME_ID = ") == 2
    (line,) = [line for line in answer.err.splitlines() if "AC101 of acme-rules 1.0" in line]
    assert line.startswith("error: tests/test_one.py: ")
    assert said in line
    assert line.endswith("or run with --ignore AC101")


def test_failure_of_a_rule_is_in_the_report(run, site):
    site.rule(body="raise ValueError('odd')")
    found = json.loads(run("check", "--output-format", "json").text)
    assert [item["code"] for item in found] == ["invalid-file", "FT101"]
    assert "AC101 of acme-rules 1.0 was left out" in found[0]["message"]


def test_what_is_checked_is_never_taken_for_a_plugin(tree, tmp_path, site):
    (tree / "evil_rules-1.0.dist-info").mkdir()
    about = tree / "evil_rules-1.0.dist-info" / "entry_points.txt"
    about.write_text("[fixtests.rules]\nEV = evil_rules\n")
    (tree / "evil_rules.py").write_text("raise SystemExit('imported')\n")
    answer = fixtests("rules", folder=tree, env=site.env)
    assert (answer.code, answer.err) == (0, "")


# An answer from the cache looks for no plug-in, and holds as long as they are what they were.


@pytest.fixture
def aged(site, tree):
    """What makes everything so old that answers are kept."""

    def age():
        for folder in (site.folder, tree):
            for path in [*folder.rglob("*"), folder, folder.parent]:
                os.utime(path, (OLD, OLD))

    age()
    return age


CHECK = ("check", "--output-format", "concise")


def kept(tmp_path):
    return sorted((tmp_path / "own" / "CACHE").glob("*.json"))


def test_warm_answer_looks_for_no_plugin(run, site, aged, tmp_path, monkeypatch):
    first = run(*CHECK, kept=True)
    assert "AC101" in first.text
    assert len(kept(tmp_path)) == 1
    site.write("sitecustomize.py", "import sys\nsys.modules['fixtests.plugins.loading'] = None\n")
    aged()  # the folder has another time by then, and gets the old one again
    assert run(*CHECK, kept=True) == first
    assert "internal error" in run(*CHECK).err


def upgraded(site):
    site.uninstall()
    site.install(version="1.1")
    site.rule(word="attach")


def removed(site):
    site.uninstall()


def added(site):
    site.install("more-rules", rules={"MR": "more_rules"})
    site.rule("more_rules/attached", "MR101", "attach")


def edited(site):
    site.rule(word="attach")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (upgraded, {"AC101 [*] calls attach"}),
        (removed, set()),
        (added, {"AC101 [*] calls old_call", "MR101 [*] calls attach"}),
        (edited, {"AC101 [*] calls attach"}),
    ],
)
def test_answer_changes_with_what_is_installed(run, site, aged, change, found):
    def said():
        text = run(*CHECK, "--ignore", "FT", kept=True).text
        return {line.split(": ", 1)[1] for line in text.splitlines()}

    assert said() == {"AC101 [*] calls old_call"}
    change(site)
    assert said() == found
    assert said() == found


def test_review_finds_a_rule_that_has_no_words(run, tree):
    (tree / "review.json").write_text(
        json.dumps(
            {
                "claims": [
                    {"topic": "AC101", "asks": "change", "file": "tests/test_one.py", "text": "x"}
                ]
            }
        )
    )
    answer = run("review", "review.json")
    assert answer.text.startswith("review.json:")
    assert "fixed" in answer.text
    assert "+        self.new_call()" in answer.text


@pytest.mark.parametrize(
    "said", ["AC101 line 7", "line 7: old-call", "line 7: AC101, please", "old-call (line 7)"]
)
def test_review_understands_name_and_code_of_a_rule_that_has_no_words(run, tree, said):
    (tree / "review.md").write_text(f"# Review\n\n- tests/test_one.py: {said}\n- fine else\n")
    assert "1 fixed" in run("review", "review.md").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("says = a", "words.toml:1: is not valid TOML"),
        ('says = ["a"]\nexamples = ["b"]', "words.toml:2: examples must be a string, not ['b']"),
        ('phrases = ["a"]', "words.toml:1: unknown key 'phrases'; valid are against, beside"),
        ('says = ["("]', "words.toml:1: says[0] is no phrase: '('; write a regular expression"),
        ('says = [\n"a",\n"<gone> && <or>"]', "says[1] names <gone>, which phrases.toml does not"),
        ('says = ["a && b && c"]', "says[0] is no phrase: 'a && b && c'"),
        ('shows = ["["]', "words.toml:1: shows[0] is no regular expression: '['"),
    ],
)
def test_words_that_cannot_be_used_are_named_and_reviews_go_on(run, site, tree, words, said):
    site.write("acme_rules/old_call/words.toml", words)
    (tree / "review.md").write_text("- tests/test_one.py: AC101 line 7\n")
    answer = run("review", "review.md")
    assert answer.code == 2
    (line,) = [line for line in answer.err.splitlines() if line.startswith("error: ")]
    assert said in line
    assert line.endswith("; docs/api.md says what words.toml may hold")
    assert "1 fixed" in answer.err


@pytest.mark.parametrize("how", FORMATS)
def test_fix_that_has_no_place_is_none_in_each_format(run, site, how):
    site.rule(fix="edit.reword({finding.span: f'self.{\"long\" * 30}()'})")
    answer = run("check", "--select", "AC", "--output-format", how)
    assert "longer than 79 columns" in answer.text
    assert "AC101 [*]" not in answer.text
    if how in ("full", "concise"):
        assert "1 finding found: 1 without a mechanical fix." in answer.err
