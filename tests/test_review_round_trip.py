"""What this tool prints is a review, too: each finding, in each form, has its one right answer."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from conftest import FIXTURES, fixtests

VERDICTS = {"safe": "fixed", "unsafe": "fixable with --unsafe-fixes", "display": "reported only"}
FORMATS = (
    *("full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "zuul", "gerrit"),
)
REVIEW = """\
- tests/test_unguarded_index.py:9: index without a length check
- tests/test_literal_uuid.py:10: please give this UUID a name
- tests/test_literal_uuid.py: do not pin the microversion
- tests/test_literal_uuid.py:8: LGTM, nicely named
- tests/test_literal_uuid.py:6: where is the docstring?
- tests/test_literal_uuid.py:7: the mock should be autospecced
- tests/test_literal_uuid.py:7: hm?
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A tree with the example of each rule, and what is found in it."""
    root = tmp_path_factory.mktemp("examples").resolve()
    (root / "tests").mkdir()
    (root / "fixtests.toml").write_text("root = true\n")
    for example in FIXTURES.glob("*/example.*.py"):
        if example.suffixes[0] in (".before", ".reported"):
            name = example.parent.name.replace("-", "_")
            shutil.copy(example, root / f"tests/test_{name}.py")
    return root, json.loads(checked(root, "json"))


def checked(root, form):
    return fixtests("check", "--select", "ALL", "--output-format", form, "tests", folder=root).out


def answered(text):
    """Return each answer of a review: its verdict, and file, row and rule where it has them."""
    found = []
    for line in text.partition("\ndiff --git")[0].splitlines():
        if line[:2] == "  " and line[2:3] != " ":
            found.append((line.strip(), set()))
        elif line.startswith("    "):
            place, _, rest = line.strip().partition(": ")
            if place.count(":") == 1:
                found[-1][1].add((*place.split(":"), rest.partition(" ")[0]))
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_each_finding_has_its_one_answer(found, form):
    root, findings = found
    text = checked(root, form)
    review = root.parent / f"{form}{'.json' if text[:1] in (b'{', b'[') else '.txt'}"
    review.write_bytes(text)
    said = fixtests("review", review, "tests", folder=root)
    given = answered(said.text)
    for item in findings:
        path = Path(item["filename"]).relative_to(root)
        place = (str(path), str(item["location"]["row"]), item["code"])
        assert any(
            verdict == VERDICTS[item["applicability"]] and place in places
            for verdict, places in given
        ), place
    verdicts = [VERDICTS[item["applicability"]] for item in findings]
    assert Counter(verdict for verdict, _ in given) == Counter(verdicts)
    assert "is not read" not in said.err


@pytest.mark.parametrize(("form", "name"), [("review", "again.md"), ("gerrit", "again.json")])
def test_answers_are_answered_again(found, form, name):
    root, _ = found
    review = root.parent / "review.md"
    review.write_text(REVIEW)
    first = fixtests("review", review, "tests", folder=root)
    answers = fixtests("review", review, "tests", "--output-format", form, folder=root)
    (root.parent / name).write_bytes(answers.out)
    again = fixtests("review", root.parent / name, "tests", folder=root)
    given = answered(first.text)
    if form == "gerrit":  # what has no place stands in the message above; no reply asks for nothing
        given = [item for item in given if item[0] != "nothing to change"]
        given.sort(key=lambda item: bool(item[1]))
    assert answered(again.text) == given
    assert "is not read" not in again.err


def test_rule_is_named_by_its_code_alone(found):
    root, _ = found
    review = root.parent / "codes.md"
    one, other = "tests/test_unguarded_index.py", "tests/test_literal_uuid.py"
    review.write_text(f"- {one}: FT201 line 9\n- {other}: PR101 line 7\n")
    said = fixtests("review", review, "tests", folder=root)
    place = (one, "9", "FT201")
    assert answered(said.text) == [("fixed", {place}), ("not understood", set())]


def test_comment_that_suggests_a_fix_is_a_finding_beside_the_others(found):
    root, _ = found
    suggestion = {"description": "Name it", "replacements": [{"path": "a.py", "replacement": "A"}]}
    comments = [
        {"line": 10, "message": "please name this UUID", "fix_suggestions": [suggestion]},
        {"line": 6, "message": "where is the docstring?", "fix_suggestions": []},
    ]
    review = root.parent / "comments.json"
    review.write_text(json.dumps({"comments": {"tests/test_literal_uuid.py": comments}}))
    said = fixtests("review", review, "tests", folder=root)
    assert [verdict for verdict, _ in answered(said.text)] == ["fixed", "reported only"]
