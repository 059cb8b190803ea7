"""Lists of lines with marks and numbers, legends, tables of commas, and what is named beside."""

from __future__ import annotations

import pytest

from fixtests.review import claims as reading
from fixtests.review.claim import Asks
from fixtests.review.topics import Topics
from fixtests.rules import registry

TOPICS = Topics(registry.every(), {}, {})
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
        return reading.load(path, TOPICS).claims

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
    assert [item.rule.code for item in TOPICS.meant(claim).topics if item.rule] == [code]
    assert claim.asks is Asks.CHANGE


def test_path_in_a_heading_hints_at_no_topic(claims_of):
    (claim,) = claims_of("# api/admin/test_hosts.py\n\n- line 7: please look at it again\n")
    assert TOPICS.meant(claim).nearest == ()
