"""What other machines read: each format parses as what it claims to be, and says the same."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from conftest import A_UUID, fixtests, module
from fixtests import __version__
from fixtests.report import addresses, formats
from fixtests.report.message import parts
from fixtests.rules import registry
from fixtests.text import line_hashes

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0.json").read_text())
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
MESSY = "tests/test_a%b,c:d é.py"


@pytest.fixture
def messy(tree):
    """A tree with a second file whose name and text have to be escaped."""
    (tree / MESSY).write_bytes("# ünïcödé 😀\n".encode() + module(name="image_id"))
    return tree


def printed(tree, form, *arguments):
    answer = fixtests("check", "--output-format", form, *arguments, folder=tree)
    assert answer.code == 1, answer.err
    return answer.out.decode()


def places(tree):
    found = json.loads(printed(tree, "json"))
    return [
        (
            Path(item["filename"]).relative_to(tree).as_posix(),
            item["code"],
            *item["location"].values(),
            *item["end_location"].values(),
        )
        for item in found
    ]


def test_json_lines_are_the_entries_of_the_array(messy):
    lines = printed(messy, "json-lines").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(printed(messy, "json"))


def test_sarif_follows_the_schema_and_places_findings(messy):
    log = json.loads(printed(messy, "sarif"))
    jsonschema.validate(log, SCHEMA)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["fixtests/v1"]
        where = result["locations"][0]["physicalLocation"]
        assert where["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        region = where["region"]
        found.append(
            (where["artifactLocation"]["uri"], result["ruleId"], region["startLine"],
             region["startColumn"], region["endLine"], region["endColumn"])
        )  # fmt: skip
    names = {MESSY: "tests/test_a%25b%2Cc%3Ad%20%C3%A9.py"}
    assert found == [(names.get(path, path), *rest) for path, *rest in places(messy)]


def test_sarif_says_of_each_rule_what_code_scanning_shows(tree):
    (run,) = json.loads(printed(tree, "sarif"))["runs"]
    driver = run["tool"]["driver"]
    assert driver["semanticVersion"] == driver["version"] == __version__
    assert [item["id"] for item in driver["rules"]] == [rule.code for rule in registry.every()]
    for item, rule in zip(driver["rules"], registry.every(), strict=True):
        full = item["fullDescription"]["text"]
        assert full == f"{rule.summary} {rule.reason}".replace("`", "")
        assert len(full) <= 1024  # characters that GitHub takes
        assert item["defaultConfiguration"]["enabled"] is rule.default
        properties = item["properties"]
        assert properties["precision"] == ("high" if rule.default else "medium")
        assert properties["problem.severity"] in ("warning", "recommendation")
        assert [f"external/cwe/cwe-{it:03}" for it in rule.cwe] == properties["tags"][2:]
        assert item["help"]["markdown"].startswith(f"# {rule.code} {rule.name}\n\n{rule.summary}")
        assert "\n## Example\n\n```" in item["help"]["markdown"]
        assert not {"#", "`"} & set(item["help"]["text"])
        assert item.get("helpUri") == addresses.of_rule(rule.name)


def test_sarif_has_the_hash_by_which_github_knows_a_line_again(tree):
    one = tree / "tests/test_one.py"
    again = module().partition(b"    def")[2]
    one.write_bytes(module() + b"\n    def" + again.replace(b"test_attach", b"test_more"))
    hashes = line_hashes.of(one.read_bytes())
    (run,) = json.loads(printed(tree, "sarif"))["runs"]
    found = {
        item["locations"][0]["physicalLocation"]["region"]["startLine"]: item["partialFingerprints"]
        for item in run["results"]
    }
    assert found.keys() == {7, 10}
    for row, prints in found.items():
        assert prints["primaryLocationLineHash"] == hashes[row - 1]
    one.write_bytes(b"\n\n" + one.read_bytes())
    (run,) = json.loads(printed(tree, "sarif"))["runs"]
    moved = [item["partialFingerprints"] for item in run["results"]]
    assert moved == [*found.values()]


def test_sarif_names_weaknesses_that_its_taxonomy_holds(tree):
    (run,) = json.loads(printed(tree, "sarif"))["runs"]
    taxa = {item["id"] for item in run["taxonomies"][0]["taxa"]}
    named = {
        relation["target"]["id"]
        for rule in run["tool"]["driver"]["rules"]
        for relation in rule["relationships"]
    }
    assert named == taxa != set()


def test_fixes_in_sarif_give_what_fix_writes(messy):
    log = json.loads(printed(messy, "sarif"))
    for result in log["runs"][0]["results"]:
        name = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        if name != "tests/test_one.py":
            continue
        lines = (messy / name).read_text().splitlines(keepends=True)
        (change,) = result["fixes"][0]["artifactChanges"]
        for item in reversed(change["replacements"]):
            region, new = item["deletedRegion"], item["insertedContent"]["text"]
            assert region["startLine"] == region["endLine"]
            at = region["startLine"] - 1
            line = lines[at] if at < len(lines) else ""
            head, tail = line[: region["startColumn"] - 1], line[region["endColumn"] - 1 :]
            lines[at : at + 1] = [head + new + tail]
    fixtests(folder=messy)
    assert "".join(lines) == (messy / "tests/test_one.py").read_text()


def test_fix_that_needs_another_file_is_no_fix_in_sarif(tree):
    (tree / "fixtests.toml").write_text(SHARED)
    log = json.loads(printed(tree, "sarif"))
    jsonschema.validate(log, SCHEMA)
    (result,) = log["runs"][0]["results"]
    assert "fixes" not in result


def test_github_annotations_are_escaped(messy):
    first, second = printed(messy, "github").splitlines()
    assert first.startswith(
        "::warning title=FT101 literal-uuid,file=tests/test_a%25b%2Cc%3Ad é.py,"
    )
    assert second.startswith(
        "::warning title=FT101 literal-uuid,file=tests/test_one.py,"
        f"line=7,col=31,endLine=7,endColumn=69::literal UUID `{A_UUID}`"
    )


def test_junit_has_a_failure_for_each_finding(messy):
    top = ElementTree.fromstring(printed(messy, "junit"))
    suites = {suite.get("name"): suite for suite in top}
    assert sorted(suites) == sorted({path for path, *_ in places(messy)})
    for suite in top:
        assert len(suite) == int(suite.get("failures")) == int(suite.get("tests")) == 1
        assert suite[0][0].get("type") == "FT101"


def test_junit_without_findings_passes(tree):
    (tree / "tests/test_one.py").write_text("x = 1\n")
    answer = fixtests("check", "--output-format", "junit", folder=tree)
    (suite,) = ElementTree.fromstring(answer.out.decode())
    assert (answer.code, suite.get("failures"), len(suite[0])) == (0, "0", 0)


@pytest.mark.parametrize("form", sorted(formats.PRINTERS))
def test_what_would_be_printed_is_saved(tree, form):
    path = tree.with_name("report")
    answer = fixtests("check", "--output-format", form, "-o", path, folder=tree)
    assert (answer.code, answer.out) == (1, b"")
    assert path.read_text() == printed(tree, form)
    again = fixtests("check", "--output-format", form, "-o", path, folder=tree)
    assert (again.code, again.out) == (1, b"")


def test_diff_and_statistics_are_saved_too(tree):
    path = tree.with_name("report")
    diff = fixtests("--dry-run", folder=tree)
    answer = fixtests("--dry-run", "-o", path, folder=tree)
    assert (answer.code, answer.out, path.read_bytes()) == (1, b"", diff.out)
    counted = fixtests("check", "--statistics", folder=tree)
    answer = fixtests("check", "--statistics", "-o", path, folder=tree)
    assert (answer.code, answer.out, path.read_bytes()) == (1, b"", counted.out)


def test_baseline_accepts_what_is_there_and_only_new_findings_count(tree):
    path = tree.with_name("baseline.json")
    answer = fixtests("baseline", path, folder=tree)
    assert (answer.code, answer.out) == (0, b"")
    assert answer.err.endswith("1 accepted, 1 of them new, 0 gone.\n")
    assert fixtests("check", "--baseline", path, folder=tree).code == 0
    one = tree / "tests/test_one.py"
    one.write_bytes(b"# a line more\n" + one.read_bytes())
    (tree / "tests/test_two.py").write_bytes(module())
    answer = fixtests("check", "--output-format", "concise", "--baseline", path, folder=tree)
    assert answer.code == 1
    assert [line.split(":")[0] for line in answer.text.splitlines()] == ["tests/test_two.py"]
    before = one.read_bytes()
    fixtests("--baseline", path, folder=tree)
    assert one.read_bytes() == before
    assert A_UUID.encode() not in (tree / "tests/test_two.py").read_bytes().partition(b"class")[2]


def test_baseline_loses_what_is_gone_and_keeps_what_was_not_looked_at(tree):
    path = tree.with_name("baseline.json")
    (tree / "tests/test_two.py").write_bytes(module())
    (tree / "tests/test_three.py").write_bytes(module())
    fixtests("baseline", path, folder=tree)
    (tree / "tests/test_one.py").write_text("x = 1\n")
    (tree / "tests/test_three.py").unlink()
    answer = fixtests("baseline", path, "tests/test_one.py", folder=tree)
    assert answer.err.endswith("1 accepted, 0 of them new, 2 gone.\n")
    body = json.loads(path.read_text())
    assert [item["path"] for item in body["findings"]] == ["project/tests/test_two.py"]


def test_baseline_is_the_same_from_every_folder(tree):
    path = tree / "baseline.json"
    fixtests("baseline", path, folder=tree)
    before = path.read_bytes()
    answer = fixtests("baseline", "../baseline.json", folder=tree / "tests")
    assert answer.err.endswith("1 accepted, 0 of them new, 0 gone.\n")
    assert path.read_bytes() == before
    (tree / "more").mkdir()
    fixtests("baseline", "../baseline.json", folder=tree / "more")
    assert path.read_bytes() == before


def test_baseline_keeps_what_could_not_be_looked_at(tree):
    path = tree / "baseline.json"
    fixtests("baseline", path, folder=tree)
    before = path.read_bytes()
    (tree / "tests/test_one.py").write_text("x = (\n")
    assert fixtests("baseline", path, folder=tree).code == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not JSON"),
        ("[]", "is no baseline"),
        ('{"format": "fixtests-baseline", "version": 9, "findings": []}', "is of version 9"),
        ('{"format": "fixtests-baseline", "version": 1, "findings": 3}', "findings: is no list"),
        ('{"format": "fixtests-baseline", "version": 1, "findings": [3]}', "findings[0]: has no"),
    ],
)
def test_what_is_no_baseline_is_refused(tree, text, reason):
    path = tree.with_name("baseline.json")
    path.write_text(text)
    answer = fixtests("check", "--baseline", path, folder=tree)
    assert answer.code == 2
    assert f"{path}: {reason}" in answer.err
    assert fixtests("check", "--baseline", "nowhere", folder=tree).code == 2


def test_message_has_parts(tree):
    (entry,) = json.loads(fixtests("check", "--output-format", "json", folder=tree).text)
    assert len(entry["message"]) <= 100
    assert {"reason", "hint"} <= entry.keys()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("it is wrong", ("it is wrong", "", "")),
        ("it is wrong; why", ("it is wrong", "why", "")),
        ("it is wrong; why: do this: now", ("it is wrong", "why", "do this: now")),
        ("`a; b` is wrong; `c: d` is why", ("`a; b` is wrong", "`c: d` is why", "")),
        (f"`{'x' * 90}` is too long", (f"`{'x' * 56}...{'x' * 27}` is too long", "", "")),
        (f"`{'x' * 90}.post_lamp` is long", (f"`{'x' * 78}...post_lamp` is long", "", "")),
    ],
)
def test_parts_of_a_message_are_told_from_quoted_code(message, expected):
    assert tuple(parts(message)) == expected
