"""Lists of lines with marks and numbers, legends, tables of commas, and what is named beside."""

from __future__ import annotations

import json
import re

import pytest

from conftest import topics
from fixtests.review import claims as reading
from fixtests.review import places
from fixtests.review.claim import Asks

LAMPS = """lamps, second look (? = to be fixed, v = done, # = leave)

lamps/tests/test_lamps.py
 ? 12 bulbs[0] though none may be there
 v 19 this delete was missing
 # 31 the uuid of the socket
 ? 40 no docstring,
      not even a short one
"""


@pytest.fixture(name="claims_of")
def _claims_of(tmp_path):
    def claims_of(text, name="review.txt"):
        path = tmp_path / name
        path.write_text(text)
        return reading.load(path, topics()).claims

    return claims_of


def test_lines_that_begin_with_a_mark_and_a_number_are_findings_of_their_own(claims_of):
    found = claims_of(LAMPS.replace("#", "%"))
    assert [item.place.lines.ranges[0].start for item in found] == [12, 19, 31, 40]
    assert {item.place.files for item in found} == {("lamps/tests/test_lamps.py",)}
    assert "not even" in found[3].text


def test_legend_tells_what_marks_ask_for(claims_of):
    found = claims_of(LAMPS.replace("#", "%"))
    assert [item.asks for item in found] == [
        Asks.CHANGE,
        Asks.NOTHING,
        Asks.CONTRARY,
        Asks.CHANGE,
    ]


def test_marks_without_a_legend_make_a_list_too(claims_of):
    found = claims_of("lamps/test_a.py\n! 5 bulbs[0] is read blindly\n! 9 no docstring here\n")
    assert [item.place.lines.ranges[0].start for item in found] == [5, 9]


def test_sentence_that_is_wrapped_before_a_number_is_no_list(claims_of):
    found = claims_of(
        "The test in lamps/test_a.py has no docstring, and is\n90 lines long today.\n"
    )
    assert all("today" not in item.text or "90" in item.text for item in found)
    assert not any(item.place.lines.ranges for item in found)


def test_lines_that_commas_divide_below_headings_are_a_table(claims_of):
    text = (
        "id,file,line,remark,status\n"
        "1,lamps/test_a.py,7,no docstring,open\n"
        '2,lamps/test_a.py,9,"bulbs[0], unchecked",open\n'
    )
    found = claims_of(text, "review.csv")
    assert [item.text for item in found] == ["no docstring", "bulbs[0], unchecked"]
    assert [item.place.lines.ranges[0].start for item in found] == [7, 9]


def test_row_that_is_named_beside_the_one_of_its_column_is_meant_too(claims_of):
    text = "|file|line|finding|\n|-|-|-|\n|lamps/test_a.py|7|literal uuid (31 as well)|\n"
    (claim,) = claims_of(text, "review.md")
    assert [item.start for item in claim.place.lines.ranges] == [7, 31]


def test_remedy_that_leaves_a_thing_asks_for_the_contrary(claims_of):
    text = "|file|line|finding|proposal|\n|-|-|-|-|\n|lamps/test_a.py|7|literal uuid|Keep it|\n"
    (claim,) = claims_of(text, "review.md")
    assert claim.asks is Asks.CONTRARY


def test_paragraphs_with_strong_titles_that_name_places_are_findings_of_their_own(claims_of):
    text = (
        "# lamps/test_a.py\n\n## Hygiene\n\n**[A] L7**\nThere is no docstring.\n\n"
        "**[B] L19**\nThe lamp stays in the cloud for good.\n"
    )
    assert len(claims_of(text, "review.md")) == 2


@pytest.mark.parametrize(
    "said",
    [
        "a comparable matter, identical flaw",
        "mutatis mutandis for the second lamp",
        "The preceding remark also holds for the dimmer.",
        "the dimmer repeats this",
    ],
)
def test_remark_that_points_back_is_about_what_the_one_before_it_is_about(claims_of, said):
    found = claims_of(f"lamps/test_a.py:7: no docstring\nlamps/test_a.py:9: {said}\n")
    assert found[1].refers.startswith("no docstring")


@pytest.mark.parametrize(
    "said",
    [
        "Sure, I'll add the missing docstring.",
        "Will rename the missing one.",
        "Hats off for the check that nothing is missing.",
        "The lamp is removed at once: just how one should do it.",
        "No error is ignored, spot on.",
        "Hands off the latest version.",
    ],
)
def test_reply_or_praise_asks_for_no_change(claims_of, said):
    (claim,) = claims_of(f"lamps/test_a.py:7: {said}\n")
    assert claim.asks is not Asks.CHANGE


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("The lamp remains in the project for good.", "FT301"),
        ("The computed sum trails, the wanted one should be on the left", "FT603"),
        ("Zero has to stay as first parameter.", "FT603"),
        ("Slot 1 is read on faith.", "FT201"),
        ("The narrative is nonexistent.", "FT601"),
        ("A LampNotFound evaporates without a word.", "FT503"),
        ("Effect of the resize goes unproven.", "FT501"),
    ],
)
def test_topic_of_a_remark_in_other_words(claims_of, said, code):
    (claim,) = claims_of(f"lamps/test_a.py:7: {said}\n")
    assert [item.rule.code for item in topics().meant(claim).topics if item.rule] == [code]
    assert claim.asks is Asks.CHANGE


def test_path_in_a_heading_hints_at_no_topic(claims_of):
    (claim,) = claims_of("# api/admin/test_hosts.py\n\n- line 7: please look at it again\n")
    assert topics().meant(claim).nearest == ()


BOXES = """REVIEW CHECKLIST  (x = ok, ! = to do, ? = ask)

lamps/tests/test_lamps.py
[!] 42-46   own while/sleep construction
[x] 54      the bulb is looked up afterwards
[?] 61/65   whole class skipped, still needed?
[!] 28      comment instead of docstring
            on test_bulb
"""


def test_marks_in_boxes_make_a_list(claims_of):
    found = claims_of(BOXES)
    assert [item.place.lines.ranges[0].start for item in found] == [42, 54, 61, 28]
    assert [item.asks is Asks.CHANGE for item in found] == [True, False, True, True]
    assert "on test_bulb" in found[3].text


NUMBERED = """For lamps/tests/test_lamps.py

[ ] 1.  L55   flip assertEqual(len(lamps), 0)
[ ] 2.  L71   flip assertEqual(0, len(lamps))
[x] 10. L78   the rooms are deleted
"""


def test_numbers_behind_boxes_are_those_of_a_list(claims_of):
    found = claims_of(NUMBERED)
    assert [item.place.lines.ranges[0].start for item in found] == [55, 71, 78]
    assert [item.asks for item in found] == [Asks.CHANGE, Asks.CHANGE, Asks.NOTHING]


def test_remark_behind_a_row_may_begin_with_a_number(claims_of):
    found = claims_of("lamps/test_a.py\n\nL227  the lamp is never deleted\nL89   3 lamps stay\n")
    assert [item.place.lines.ranges[0].start for item in found] == [227, 89]


def test_row_of_a_table_is_no_line_where_another_column_has_that(claims_of):
    lines = ["row\tfile\tline\tremark", "1\tlamps/test_a.py\t75\tthe lamp is never deleted"]
    (claim,) = claims_of("\n".join([*lines, "2\tlamps/test_a.py\t77\tliteral uuid"]))[:1]
    assert [item.start for item in claim.place.lines.ranges] == [75]


def test_box_does_not_outweigh_the_wish_to_leave_something(claims_of):
    (claim,) = claims_of("lamps/test_a.py\n\n- [ ] L62 the first call is needed, leave it in\n")
    assert claim.asks is Asks.CONTRARY


TABLE = """as promised, the list. ZT = lamps/test_zones.py, TL =
lamps/test_long.py.

 file | line | what
------+------+------------------------------
 ZT   |  58  | seven steps, no docstring
 TL   |  47  | the TL is never deleted

Also for ZT: no docstring on the class.
"""


def test_table_with_a_rule_below_its_heading_is_read_with_short_names_of_files(claims_of):
    found = claims_of(TABLE)
    told = [(item.place.files, item.place.lines.ranges[0].start) for item in found[:2]]
    assert told == [(("lamps/test_zones.py",), 58), (("lamps/test_long.py",), 47)]
    assert found[1].text == "the TL is never deleted"


DIVIDED = """| Location | Remark |
|---|---|
| **lamps/test_zones.py** | |
| line 5 | the lamp is never deleted |
| **lamps/test_long.py** | |
| line 7 | the first lamp may not exist |
"""


def test_row_of_a_table_that_names_a_file_alone_holds_for_those_below_it(claims_of):
    found = [(it.place.files, it.place.lines.ranges[0].start) for it in claims_of(DIVIDED, "a.md")]
    assert found == [(("lamps/test_zones.py",), 5), (("lamps/test_long.py",), 7)]


LABELLED = """# Report

## CWE-547: hard-coded constants

**Location:** `lamps/test_a.py:75`
**CVSS:** n/a

An identifier is embedded as a literal; name it.

**Location:** `lamps/test_b.py:12`

Second occurrence of the identifier.
"""


def test_labels_of_places_that_repeat_below_a_heading_are_findings_of_their_own(claims_of):
    found = claims_of(LABELLED)
    assert [item.place.files for item in found] == [("lamps/test_a.py",), ("lamps/test_b.py",)]
    assert [item.asks for item in found] == [Asks.CHANGE, Asks.CHANGE]
    assert "Second" not in found[0].text


def test_number_with_a_file_alone_is_a_title(claims_of):
    found = claims_of(
        "1. lamps/test_a.py\n\nor went top to bottom.\n  - l.26 no docstring\n"
        "  - l.37 bulbs[0] is unchecked\n\n2. lamps/test_b.py\n\n  - l.9 no docstring\n"
    )
    files = [item.place.files for item in found if item.place.lines.ranges]
    assert files == [("lamps/test_a.py",), ("lamps/test_a.py",), ("lamps/test_b.py",)]


def test_row_that_is_pointed_back_to_tells_what_is_meant(claims_of):
    *_, last = claims_of(
        "lamps/test_a.py\n\n| Line | Remark |\n|---|---|\n"
        "| 69 | bulbs[0] is taken without a check |\n| 70 | no docstring |\n"
        "| 74 | as 69, for the second lamp |\n"
    )
    assert last.refers.startswith("bulbs[0]")


def test_file_that_offers_something_is_not_what_is_spoken_of(claims_of):
    found = claims_of(
        "In lamps/test_a.py line 5 a loop naps by hand, although `lamps/waits.py` offers a wait.\n"
        "\nAt line 9 the exception is swallowed.\n"
    )
    assert {item.place.files for item in found} == {("lamps/test_a.py",)}


@pytest.mark.parametrize(
    "text",
    [
        "The file `lamps/base.py` has a literal UUID.",
        "lamps/base.py contains a literal UUID on line 13.",
        "lamps/base.py has no docstring.",
        "lamps/test_a.py defines its own poll loop.",
        "lamps/a_test.py holds a literal UUID.",
    ],
)
def test_file_that_has_what_is_wrong_is_spoken_of_itself(text):
    assert places.told(text).files == (re.search(r"lamps/\w+\.py", text)[0],)


def test_comment_of_a_server_is_about_its_own_file(claims_of):
    comments = [{"path": "lamps/test_a.py", "line": 7, "body": "own poll loop; see base.py"}]
    (claim,) = claims_of(json.dumps({"comments": comments}), "review.json")
    assert claim.place.files == ("lamps/test_a.py",)


def test_line_of_a_mail_of_gerrit_may_end_after_its_number(claims_of):
    found = claims_of(
        "Patch Set 3:\n\nFile lamps/test_a.py:\n\nPS3, Line 7: x = 1\nno docstring\n\n"
        "PS3, Line 9\nbulbs[0] is unchecked\n"
    )
    assert [item.place.lines.ranges[0].start for item in found] == [7, 9]
    assert "PS3" not in found[1].text
