"""Reviews as input: every claim is read, and what is answered is true of the file."""

import json
from pathlib import Path

import pytest

from conftest import A_UUID, fixed, fixtests, git, module, topics
from fixtests.review import claims
from fixtests.review.claim import Asks
from fixtests.review.reading import ReviewError
from fixtests.review.rows import Rows

TOP = Path(__file__).parents[1]
CODE = """import unittest


class OneTest(unittest.TestCase):
    \"\"\"Starts servers.\"\"\"

    microversion = '2.90'

    def test_start(self):
        servers = self.api.get_servers()
        flavors = self.api.get_flavors()
        self.assertEqual(2, len(flavors))
        self.start(servers[0], image_id='{uuid}')
"""


def read(text, tmp_path, name="review.md"):
    path = tmp_path / name
    path.write_text(text)
    return claims.load(path, topics()).claims


def at(*rows):
    return Rows.of(range(row, row + 1) for row in rows)


NUMBERED = """Thank you. Some thoughts:

1. **Hard-coded UUID** (line 13): give `{uuid}` a name.

   - It stands in lines 3-5, 9 and 11 as well.
2. **Cleanup**: CWE-772, nothing is deleted.
   More about that.

All in all it is fine.
"""
BULLETS = """- UUID in test_one.py:13
- `servers[0]` without a check, L13
  - a nested remark
"""
HEADINGS = """# Review

Nice.

## 1. Literal id

See line 4.

## Version

See rows 7 to 9.
"""
PLAIN = """I read the test.

Lines 4, 5 and 6: the id is hard-coded.

Nobody deletes the server.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NUMBERED, [("Hard-coded UUID", (3, 4, 5, 9, 11, 13), ()), ("Cleanup", (), (772,))]),
        (BULLETS, [("UUID in test_one.py:13", (13,), ()),
                   ("`servers[0]` without a check, L13", (13,), ())]),
        (HEADINGS, [("Literal id", (4,), ()), ("Version", (7, 8, 9), ())]),
        (PLAIN, [("the id is hard-coded", (4, 5, 6), ()), ("Nobody deletes the server", (), ())]),
        (NUMBERED.replace("\n", "\r\n"), [("Hard-coded UUID", (3, 4, 5, 9, 11, 13), ()),
                                          ("Cleanup", (), (772,))]),
    ],
    ids=["numbers", "bullets", "headings", "paragraphs", "crlf"],
)  # fmt: skip
def test_prose_is_divided_into_claims(tmp_path, text, expected):
    found = read(text, tmp_path)
    assert [(item.title, item.place.rows, item.cwe) for item in found] == [
        (title, at(*rows), cwe) for title, rows, cwe in expected
    ]


def test_quoted_code_and_files_are_told_apart(tmp_path):
    (claim,) = read("1. Why `a.b()` in `tests/test_one.py` and `x`?", tmp_path)
    assert (claim.place.quoted, claim.place.files) == (("a.b()", "x"), ("tests/test_one.py",))
    assert claim.origin.endswith("review.md:1")


SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "scanner",
                    "rules": [
                        {"id": "S1", "shortDescription": {"text": "Literal UUID"},
                         "properties": {"tags": ["CWE-547"]}}
                    ],
                }
            },
            "results": [
                {
                    "ruleIndex": 0,
                    "message": {"text": "give it a name"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "file:///x/tests/test%20one.py"},
                                "region": {"startLine": 3, "endLine": 4,
                                           "snippet": {"text": " a = 1 "}},
                            }
                        }
                    ],
                },
                {"ruleId": "S2", "message": {"markdown": "*odd*"}},
                {},
            ],
        },
        {},
    ],
}  # fmt: skip


def test_sarif_is_read_with_and_without_its_optional_fields(tmp_path):
    first, second, third = read(json.dumps(SARIF), tmp_path, "scan.sarif")
    assert (first.title, first.place.rows, first.cwe, first.rules) == (
        "give it a name", at(3, 4), (547,), ("S1",)
    )  # fmt: skip
    assert (first.place.quoted, first.place.files) == (("a = 1",), ("/x/tests/test one.py",))
    assert "Literal UUID" in first.about
    assert (second.title, second.rules, second.place.rows) == ("*odd*", ("S2",), at())
    assert (third.title, third.rules) == ("no message", ())


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        ({"level": "none"}, Asks.NOTHING),
        ({"kind": "informational"}, Asks.NOTHING),
        ({"level": "note"}, Asks.CHANGE),
        ({}, Asks.CHANGE),
    ],
)
def test_result_that_is_no_finding_asks_for_nothing(tmp_path, result, wanted):
    message = {"message": {"text": "All lamps of the test carry a literal UUID."}}
    body = {"version": "2.1.0", "runs": [{"results": [{**result, **message}]}]}
    (claim,) = read(json.dumps(body), tmp_path, "scan.sarif")
    assert claim.asks is wanted


@pytest.mark.parametrize(
    ("said", "remedy", "wanted"),
    [
        ("The whole list of lamps is complete.", "Iterate over it lazily.", Asks.CHANGE),
        ("Every test has a docstring, which is exemplary.", "Add them.", Asks.NOTHING),
        ("The lamp is only lit here.", "None.", Asks.NOTHING),
        ("The lamp is only lit here.", "Delete it.", Asks.CHANGE),
    ],
)
def test_remedy_tells_whether_a_record_asks_for_a_change(tmp_path, said, remedy, wanted):
    body = [{"title": "Lamps", "description": said, "recommendation": remedy, "line": 3}]
    (claim,) = read(json.dumps(body), tmp_path, "review.json")
    assert claim.asks is wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ('{"a": 1}', "holds no findings"),
        ("[1]", "holds no findings"),
        ("[" * 100_000, "is not JSON"),
    ],
    ids=["broken", "object", "list", "deep"],
)
def test_what_is_no_review_is_refused(tmp_path, text, reason):
    with pytest.raises(ReviewError, match=reason):
        read(text, tmp_path, "scan.json")


@pytest.fixture
def reviewed(tree):
    (tree / "tests/test_one.py").write_text(CODE.format(uuid=A_UUID))
    return tree


def review(tree, text, *arguments, name="review.md"):
    (tree.parent / name).write_text(text)
    return fixtests("review", tree.parent / name, "tests", *arguments, folder=tree)


def verdicts(answer):
    lines = answer.text.partition("\ndiff --git")[0].splitlines()
    return [line.strip() for line in lines if line[:2] == "  " and line[2:3] != " "]


TEXT = """
1. **Hard-coded UUID** (line 12): name it.
2. **First server**: `servers[0]` may be an empty list.
3. **Flavors**: line 11 takes the flavors without checking the length of the list.
4. **Microversion**: do not use 'latest'.
5. **Release note**: where is it?
"""


def test_every_claim_gets_a_true_answer(reviewed):
    answer = review(reviewed, TEXT)
    assert answer.code == 1
    assert verdicts(answer) == ["fixed", "fixed", "fixed", "already right", "out of scope"]
    assert f"tests/test_one.py:13: FT101 literal UUID `{A_UUID}`" in answer.text
    assert "tests/test_one.py:7: FT401 `microversion` asks for 2.90" in answer.text


def test_diff_holds_the_fixes_that_answer_and_no_others(reviewed):
    answer = review(reviewed, "1. **Hard-coded UUID** in line 13")
    git(reviewed, "init", "-q")
    git(reviewed, "apply", stdin=answer.out)
    text = (reviewed / "tests/test_one.py").read_text()
    assert "image_id=IMAGE_ID" in text
    assert "assertGreater" not in text


def test_answers_go_to_stderr_where_only_the_diff_is_wanted(reviewed):
    answer = review(reviewed, TEXT, "--diff-only")
    assert answer.out.startswith(b"diff --git a/tests/test_one.py")
    assert "Hard-coded UUID" in answer.err


def test_answers_as_a_table(reviewed):
    lines = review(reviewed, TEXT, "--output-format", "review").text.splitlines()
    assert lines[:2] == ["| finding | answer | why |", "|---|---|---|"]
    assert lines[2].startswith("| Hard-coded UUID | fixed | tests/test_one.py:13 FT101 ")
    assert [line.count("|") - line.count("\\|") for line in lines[2:7]] == [4] * 5


def test_nothing_left_to_do_is_exit_0(tree):
    (tree / "tests/test_one.py").write_bytes(fixed())
    answer = review(tree, "1. Hard-coded UUID in the test")
    assert (answer.code, verdicts(answer)) == (0, ["already right"])


def test_own_json_is_a_review(reviewed):
    found = fixtests("check", "--output-format", "json", folder=reviewed).out.decode()
    answer = review(reviewed, found, name="found.json")
    assert verdicts(answer) == ["fixed", "fixed"]
    lines = fixtests("check", "--output-format", "json-lines", folder=reviewed).out.decode()
    assert verdicts(review(reviewed, lines, name="found.jsonl")) == ["fixed", "fixed"]


def test_files_are_those_that_the_review_names(reviewed):
    path = reviewed.parent / "review.txt"
    path.write_text("- tests/test_one.py:13: literal UUID\n- tests/test_two.py: literal UUID\n")
    answer = fixtests("review", path, folder=reviewed)
    assert verdicts(answer) == ["fixed", "cannot tell without the tree"]
    assert "tests/test_two.py: is not among the files that are looked at" in answer.text


@pytest.fixture
def outside(reviewed):
    """A file of another tree, beside this one."""
    folder = reviewed.parent / "outside"
    (folder / "tests").mkdir(parents=True)
    (folder / "fixtests.toml").write_text("root = true\n")
    (folder / "tests/test_two.py").write_bytes(module())
    (reviewed / "linked").symlink_to(folder)
    (reviewed / "tests/test_link.py").symlink_to(folder / "tests/test_two.py")
    return folder / "tests/test_two.py"


def located(*names):
    """Return SARIF that finds a literal UUID in some files."""
    places = [{"physicalLocation": {"artifactLocation": {"uri": name}}} for name in names]
    results = [{"message": {"text": "literal UUID"}, "locations": [item]} for item in places]
    return json.dumps({"runs": [{"results": results}]})


@pytest.mark.parametrize(
    "name",
    ["../outside/tests/test_two.py", "linked/tests/test_two.py", "tests/test_link.py", "absolute",
     "file", "/etc/hosts"],
)  # fmt: skip
def test_review_leads_to_no_file_outside_of_the_tree(reviewed, outside, name):
    name = {"absolute": str(outside), "file": outside.as_uri()}.get(name, name)
    path = name.removeprefix("file://")
    (reviewed / "scan.sarif").write_text(located(name, "tests/test_one.py"))
    said = fixtests("review", "scan.sarif", folder=reviewed)
    assert said.code == 2
    assert said.err.endswith(
        f"error: {path}: lies outside of {reviewed}, and only the review names it; "
        "name it after the review to have it looked at\n"
    )
    assert verdicts(said) == ["cannot tell without the tree", "fixed"]
    assert f"{path}: is not among the files that are looked at" in said.text
    assert b"test_two.py\n@@" not in said.out


def test_review_of_files_outside_of_the_tree_alone_is_refused(reviewed, outside):
    (reviewed / "review.md").write_text(f"- {outside}: literal UUID\n")
    said = fixtests("review", "review.md", folder=reviewed)
    assert (said.code, said.out) == (2, b"")
    assert f"error: {outside} lies outside of {reviewed}" in said.err
    asked = fixtests("review", "review.md", outside, folder=reviewed)
    assert (asked.code, verdicts(asked)) == (1, ["fixed"])


def test_whole_names_that_lead_into_the_tree_are_those_of_its_files(reviewed, outside):
    git(reviewed, "init", "-q")
    path = reviewed / "tests/test_one.py"
    names = [str(path), path.as_uri(), "../tests/test_one.py", "test_one.py", outside.as_uri()]
    (reviewed / "tests/scan.sarif").write_text(located(*names))
    said = fixtests("review", "scan.sarif", folder=reviewed / "tests")
    assert verdicts(said) == [*["fixed"] * 4, "cannot tell without the tree"]
    assert said.out.count(b"diff --git") == 1
    git(reviewed, "apply", stdin=said.out[said.out.index(b"diff --git") :])
    assert "image_id=IMAGE_ID" in path.read_text()


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (".hidden/test_one.py", "fixed"),
        ("./.hidden/test_one.py", "fixed"),
        ("/.hidden/test_one.py", "fixed"),
        ("../outside/tests/test_two.py", "cannot tell without the tree"),
    ],
)
def test_name_is_that_of_a_file_here_or_the_end_of_its_path(tree, outside, name, verdict):
    for path in (".hidden/test_one.py", "outside/tests/test_two.py"):
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_bytes(module())
    (tree / "scan.sarif").write_text(located(name))
    said = fixtests("review", "scan.sarif", ".hidden", "outside", folder=tree)
    assert verdicts(said) == [verdict]


def test_words_of_the_project_are_understood(reviewed):
    (reviewed / "fixtests.toml").write_text(
        'root = true\n[aliases]\nFT101 = ["frobnicated thing"]\n'
    )
    assert verdicts(review(reviewed, "- A Frobnicated Thing.")) == ["fixed"]


def test_fix_that_needs_a_look_is_offered(tree):
    sample = TOP / "fixtures/missing-cleanup/looked-up-one-by-one.reported.py"
    (tree / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    (tree / "tests/test_one.py").write_text(sample.read_text().replace("  # expect: FT301", ""))
    text = "- In line 9, servers are never cleaned up."
    first = review(tree, text)
    assert verdicts(first) == ["fixable with --unsafe-fixes"]
    assert b"diff --git" not in first.out
    second = review(tree, text, "--unsafe-fixes")
    assert verdicts(second) == ["fixed"]
    assert b"+            self.addCleanup(self.api.delete_server, server['id'])\n" in second.out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["tests"], "name a review"),
        (["nowhere.md", "tests"], "cannot be read"),
        (["empty.md", "tests"], "says nothing"),
        (["words.md"], "name the files"),
    ],
)
def test_call_that_makes_no_sense_is_refused(tree, arguments, reason):
    (tree / "empty.md").write_text("\n")
    (tree / "words.md").write_text("- literal UUID\n")
    answer = fixtests("review", *arguments, folder=tree)
    assert answer.code == 2
    assert reason in answer.err


def test_file_that_is_no_python_is_named_and_others_are_answered(tree):
    (tree / "tests/test_bad.py").write_text("x = (\n")
    answer = review(tree, "- literal UUID")
    assert answer.code == 2
    assert "tests/test_bad.py: line 1" in answer.err
    assert verdicts(answer) == ["fixed"]
    assert (tree / "tests/test_one.py").read_bytes() == module()


DEMO = TOP / "fixtures/demo"
EXPECTED = sorted((TOP / "fixtures/reviews").glob("*.expected.json"))


@pytest.mark.parametrize("path", EXPECTED, ids=[path.name[:2] for path in EXPECTED])
def test_reviews_by_others_are_answered(path):
    body = json.loads(path.read_text())
    (text,) = [item for item in path.parent.glob(f"{path.name[:2]}.*") if item != path]
    answer = fixtests("review", text, DEMO / body["file"], folder=TOP)
    assert answer.code in (0, 1), answer.err
    told = claims.load(text, topics()).claims
    given = []
    for line in answer.text.partition("\ndiff --git")[0].splitlines():
        if any(line == f"{item.origin}: {item.title}" for item in told):
            given.append([])
        elif line.startswith("  "):
            given[-1].append(line.strip())
    assert len(given) == len(told)
    assert body["findings"]
    for finding in body["findings"]:
        title = finding["title"]
        at = next(
            at for at, item in enumerate(told) if title in item.text or title[:40] in item.text
        )
        verdict, *reasons = given[at]
        assert verdict == finding["answer"], title
        assert all(any(code in line for line in reasons) for code in finding["rules"]), title
