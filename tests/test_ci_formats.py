"""What servers of continuous integration read: Zuul, Gerrit, GitLab."""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest

from conftest import A_UUID, fixtests, git, module

FORMS = {"zuul": "zuul-return", "gerrit": "gerrit-review-input", "gitlab": "gitlab-code-quality"}
SCHEMAS = {
    form: json.loads((Path(__file__).parent / f"schemas/{name}.json").read_text())
    for form, name in FORMS.items()
}
SHARED = 'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
NOTHING = {
    "zuul": {"zuul": {"file_comments": {}}},
    "gerrit": {"message": "fixtests: 0 findings.", "comments": {}},
    "gitlab": [],
}
EVERYTHING = ("--select", "ALL")
FENCE = "```suggestion\n"


def report(tree, form, *arguments):
    answer = fixtests("check", "--output-format", form, *arguments, folder=tree)
    return json.loads(answer.out), answer


def checked(tree, form, *arguments):
    """Return a report that follows its schema, and the same findings as JSON of our own."""
    found, answer = report(tree, form, *arguments)
    assert answer.code == 1, answer.err
    jsonschema.validate(found, SCHEMAS[form])
    return found, report(tree, "json", *arguments)[0]


def comments(found):
    """Return the comments of Zuul's or Gerrit's report with their paths, in order."""
    by_path = found["zuul"]["file_comments"] if "zuul" in found else found["comments"]
    return [(path, comment) for path, items in by_path.items() for comment in items]


def units(text):
    """Return what a server counts characters of a line in: units of UTF-16."""
    data = text.encode("utf-16-le")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def offset(text, line, character):
    """Return the offset in units of UTF-16 of a line from 1 and a character from 0."""
    before = "".join(row + "\n" for row in text.split("\n")[: line - 1])
    return len(units(before)) + character


def replaced(text, changes):
    """Return a text after replacements, each a range as Gerrit has it and its text."""
    old = units(text)
    new: list[bytes] = []
    at = 0
    for place, content in sorted(changes, key=lambda item: _start(item[0])):
        start = offset(text, place["start_line"], place["start_character"])
        new += old[at:start] + units(content)
        at = offset(text, place["end_line"], place["end_character"])
    return b"".join(new + old[at:]).decode("utf-16-le")


def _start(place):
    return place["start_line"], place["start_character"]


def edited(text, entry):
    """Return a text after the fix of an entry of our own JSON."""
    changes = []
    for edit in entry["fix"]["edits"]:
        start, end = edit["location"], edit["end_location"]
        lines = text.split("\n")
        place = {
            "start_line": start["row"],
            "start_character": len(units(lines[start["row"] - 1][: start["column"] - 1])),
            "end_line": end["row"],
            "end_character": len(units(lines[end["row"] - 1][: end["column"] - 1])),
        }
        changes.append((place, edit["content"]))
    return replaced(text, changes)


def check_titles(found, entries, tree):
    """Look whether a report of comments has one for each entry of our own JSON."""
    told = comments(found)
    assert [path for path, _ in told] == [os.path.relpath(e["filename"], tree) for e in entries]
    for (_, comment), entry in zip(told, entries, strict=True):
        assert comment["message"].startswith(f"{entry['code']} {entry['name']}: ")
        assert comment["line"] == comment["range"]["end_line"]


def test_gitlab_has_every_finding_in_its_place(suite):
    found, entries = checked(suite, "gitlab", *EVERYTHING)
    told = [
        (i["location"]["path"], i["location"]["lines"]["begin"], i["check_name"]) for i in found
    ]
    assert told == [
        (
            os.path.relpath(item["filename"], suite),
            item["location"]["row"],
            f"{item['code']} {item['name']}",
        )
        for item in entries
    ]
    assert len({item["fingerprint"] for item in found}) == len(entries)


def test_suggested_lines_of_zuul_are_what_the_fix_makes_of_them(suite):
    found, entries = checked(suite, "zuul", *EVERYTHING)
    check_titles(found, entries, suite)
    suggested = 0
    for (path, comment), entry in zip(comments(found), entries, strict=True):
        _, mark, block = comment["message"].partition(FENCE)
        if not mark:
            continue
        suggested += 1
        text = (suite / path).read_text()
        place = comment["range"]
        lines = text.split("\n")
        assert place["start_character"] == 0
        assert place["end_character"] == len(lines[place["end_line"] - 1])
        assert block.endswith("\n```")
        assert replaced(text, [(place, block.removesuffix("\n```"))]) == edited(text, entry)
    assert suggested > 5


def test_fix_suggestions_of_gerrit_are_what_the_fix_makes(suite):
    emoji = "😀" * 3
    odd = module().replace(b"self.attach(", f"self.attach('{emoji}', ".encode())
    (suite / "nova/tests/functional/test_odd.py").write_bytes(odd)
    found, entries = checked(suite, "gerrit", *EVERYTHING)
    check_titles(found, entries, suite)
    fixed = 0
    for (path, comment), entry in zip(comments(found), entries, strict=True):
        if entry["fix"] is None:
            assert "fix_suggestions" not in comment
            continue
        fixed += 1
        (suggestion,) = comment["fix_suggestions"]
        text = (suite / path).read_text()
        assert {item["path"] for item in suggestion["replacements"]} == {path}
        changes = [(item["range"], item["replacement"]) for item in suggestion["replacements"]]
        assert replaced(text, changes) == edited(text, entry)
    assert fixed > 10
    assert any(path.endswith("test_odd.py") for path, _ in comments(found))


def test_range_is_what_is_flagged_in_units_of_utf_16(tree):
    text = module().decode().replace("self.attach(", "self.attach('😀', ")
    (tree / "tests/test_one.py").write_text(text)
    found, _ = checked(tree, "gerrit")
    ((_, comment),) = comments(found)
    place = comment["range"]
    start = offset(text, place["start_line"], place["start_character"])
    end = offset(text, place["end_line"], place["end_character"])
    assert b"".join(units(text)[start:end]).decode("utf-16-le") == f"'{A_UUID}'"


@pytest.mark.parametrize("form", ["zuul", "gerrit"])
def test_fix_that_needs_another_file_is_not_suggested(tree, form):
    (tree / "fixtests.toml").write_text(SHARED)
    found, _ = checked(tree, form)
    ((_, comment),) = comments(found)
    assert "fix_suggestions" not in comment
    assert FENCE not in comment["message"]


@pytest.mark.parametrize("end", ["\f\n", "\x85\n", "\r"], ids=["form feed", "nel", "lone cr"])
def test_nothing_is_suggested_where_gerrit_counts_lines_in_another_way(tree, end):
    text = f"# a{end}{module().decode()}"
    (tree / "tests/test_one.py").write_bytes(text.encode())
    found, _ = checked(tree, "gerrit")
    ((_, comment),) = comments(found)
    assert "fix_suggestions" not in comment


CREATED = """\
from nova import test
from nova.tests import fixtures
from nova.tests.functional import integrated_helpers


class OneTest(test.TestCase, integrated_helpers.InstanceHelperMixin):

    def setUp(self):
        super().setUp()
        self.api = self.useFixture(fixtures.OSAPIFixture()).api

    def test_one(self):
        server = self._create_server(name='{}')
        self.attach(server)
"""


@pytest.mark.parametrize(
    ("name", "newline", "expected"),
    [("one", "\n", True), ("```", "\n", False), ("one", "\r\n", False)],
    ids=["plain", "a fence of its own", "carriage returns"],
)
def test_block_is_left_out_where_a_comment_cannot_hold_it(suite, name, newline, expected):
    text = CREATED.replace("{}", name).replace("\n", newline)
    (suite / "nova/tests/functional/test_odd.py").write_bytes(text.encode())
    found, _ = checked(suite, "zuul", "--select", "FT301", "nova/tests/functional/test_odd.py")
    ((_, comment),) = comments(found)
    assert (FENCE in comment["message"]) is expected


@pytest.mark.parametrize("form", FORMS)
def test_file_that_cannot_be_read_is_named(tree, form):
    (tree / "tests/test_one.py").write_text("x = 1\n\ny = (\n")
    found, answer = report(tree, form)
    assert answer.code == 2
    jsonschema.validate(found, SCHEMAS[form])
    if form == "gitlab":
        ((path, row, text),) = [
            (i["location"]["path"], i["location"]["lines"]["begin"], i["description"])
            for i in found
        ]
    else:
        ((path, row, text),) = [(path, c["line"], c["message"]) for path, c in comments(found)]
    assert (path, row) == ("tests/test_one.py", 3)
    assert "was never closed" in text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_found_is_an_empty_report(tree, form):
    (tree / "tests/test_one.py").write_text("x = 1\n")
    found, answer = report(tree, form)
    assert answer.code == 0
    jsonschema.validate(found, SCHEMAS[form])
    assert found == NOTHING[form]


@pytest.mark.parametrize("form", FORMS)
def test_paths_begin_at_the_top_of_the_repository(tree, form):
    git(tree.parent, "init", "-q")
    (tree / "fixtests.toml").unlink()
    found, _ = checked(tree / "tests", form)
    paths = {i["location"]["path"] for i in found} if form == "gitlab" else {*dict(comments(found))}
    assert paths == {f"{tree.name}/tests/test_one.py"}


def test_so_they_do_for_github_where_one_file_failed_and_one_is_elsewhere(tree, tmp_path):
    git(tree.parent, "init", "-q")
    (tree / "fixtests.toml").unlink()
    (tree / "tests/test_two.py").write_text("def f(:\n")
    names = [f"{tree.name}/tests/test_two.py", f"{tree.name}/tests/test_one.py"]
    answer = fixtests("check", "--output-format", "github", folder=tree / "tests")
    assert re.findall("file=([^,]+)", answer.text) == names
    sarif, _ = report(tree / "tests", "sarif")
    (run,) = sarif["runs"]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == f"{tree.parent.as_uri()}/"
    places = re.findall(r'"uri": "([^"]+)",\s+"uriBaseId"', json.dumps(sarif, indent=1))
    assert {*places} == {*names}
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "test_three.py").write_bytes(module())
    sarif = json.dumps(report(other, "sarif", tree, other)[0])
    assert '"uri": "test_three.py", "uriBaseId"' in sarif
    assert f'"uri": "{(tree / "tests/test_one.py").as_uri()}"}}' in sarif


@pytest.mark.parametrize("form", FORMS)
def test_name_that_is_no_text_is_saved_all_the_same(tree, form):
    (tree / "tests/test_one.py").rename(tree / os.fsdecode(b"tests/test_\xff.py"))
    file = tree.with_name("report.json")
    answer = fixtests("check", "--output-format", form, "-o", file, folder=tree)
    assert answer.code == 1, answer.err
    jsonschema.validate(json.loads(file.read_bytes()), SCHEMAS[form])


def test_same_finding_in_two_projects_of_a_repository_is_two_to_gitlab(tree):
    git(tree.parent, "init", "-q")
    other = tree.with_name("other")
    (other / "tests").mkdir(parents=True)
    for name in ("fixtests.toml", "tests/test_one.py"):
        (other / name).write_bytes((tree / name).read_bytes())
    found, _ = checked(tree.parent, "gitlab")
    first, second = found
    assert first["fingerprint"] != second["fingerprint"]


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"level": "odd"}, "is not one of"),
        ({"code": "FT101"}, "'code' was unexpected"),
        ({"line": "1"}, "is not of type 'integer'"),
        ({"range": {"start_line": 1}}, "is a required property"),
    ],
    ids=["level", "another key", "a number as text", "half a range"],
)
def test_schema_of_zuul_is_as_strict_as_zuul(tree, spoilt, reason):
    found, _ = checked(tree, "zuul")
    ((_, comment),) = comments(found)
    comment.update(spoilt)
    with pytest.raises(jsonschema.ValidationError, match=reason):
        jsonschema.validate(found, SCHEMAS["zuul"])
