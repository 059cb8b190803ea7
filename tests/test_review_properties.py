"""Known findings in any form and order: each gets one answer, about its own place."""

import contextlib
import json
import tempfile
from pathlib import Path

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from conftest import topics
from fixtests.review import claims
from fixtests.review.claim import Asks
from fixtests.review.reading import ReviewError
from generated import TIMES

FILE = "tests/functional/test_one.py"
# What somebody says of a row, and the rule that it is about.
SAID = {
    "FT101": ["there is a hard-coded UUID", "the image's UUID is written out"],
    "FT201": [
        "`servers[0]` is used without a check of its length",
        "IndexError if the list is empty",
    ],
    "FT301": ["the server is never deleted", "nobody cleans up the volume that is created"],
    "FT401": ["please pin the microversion", "do not use the latest microversion"],
    "FT504": ["a hand-written polling loop", "use the shared waiter instead of a loop with sleep"],
    "FT601": ["the test has no docstring", "a docstring is missing"],
    "FT603": ["expected and observed are swapped", "the arguments of assertEqual are reversed"],
}
FILLERS = ["Thanks for the patch!", "Some remarks:", "All in all it is fine.", "Best regards,\nAda"]


@st.composite
def findings(draw, fewest=1):
    """Return texts with the codes and the rows that they are about, each row once."""
    codes = draw(st.lists(st.sampled_from(sorted(SAID)), min_size=fewest, max_size=6))
    start = draw(st.integers(20, 40))
    return [
        (draw(st.sampled_from(SAID[code])), code, start + 10 * number)
        for number, code in enumerate(codes)
    ]


def bullets(found):
    return f"{FILE}:\n\n" + "".join(f"- line {row}: {text}\n" for text, _, row in found)


def numbers(found):
    lines = (f"{at}. **{text}** (L{row})\n" for at, (text, _, row) in enumerate(found, 1))
    return f"Review of {FILE}\n\n" + "".join(lines)


def table(found):
    head = f"## {FILE}\n\n| Line | Severity | Finding |\n|---|---|---|\n"
    return head + "".join(f"| {row} | minor | {text} |\n" for text, _, row in found)


def headings(found):
    parts = (f"### {text}\n\nSee line {row}.\n" for text, _, row in found)
    return f"# Review of {FILE}\n\n## Findings\n\n" + "\n".join(parts)


def attributes(found):
    parts = (f"- **{text}**\n  - *Where:* line {row}\n" for text, _, row in found)
    return f"File: {FILE}\n\n" + "".join(parts)


def boxes(found):
    return f"{FILE}\n\n" + "".join(f"- [ ] l. {row} {text}\n" for text, _, row in found)


def linter(found):
    return "".join(f"{FILE}:{row}:1: X1 {text}\n" for text, _, row in found)


def links(found):
    url = f"https://git.example.org/a/b/blob/main/{FILE}"
    return "".join(f"* {url}#L{row} - {text}\n" for text, _, row in found)


def letter(found):
    return f"In {FILE} I saw this.\n\n" + "\n\n".join(
        f"On line {row}, {text}." for text, _, row in found
    )


def comments(found):
    listed = [{"path": FILE, "line": row, "body": text} for text, _, row in found]
    return json.dumps(listed)


PROSE = (bullets, numbers, table, headings, attributes, boxes, linter, links, letter)


def read(text, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text)
        return claims.load(path, topics())


def about(claim):
    rows = {row for item in claim.place.lines.ranges for row in item}
    codes = [topic.rule.code for topic in topics().meant(claim).topics if topic.rule]
    return [*claim.place.files], rows, codes


@settings(max_examples=70 * TIMES, deadline=None)
@given(found=findings(), form=st.sampled_from(PROSE), fillers=st.booleans())
def test_each_finding_is_one_claim_whatever_form_it_has(found, form, fillers):
    text = form(found)
    if fillers and form is not linter:
        text = f"{FILLERS[0]} {FILLERS[1]}\n\n{text}\n\n{FILLERS[2]}\n\n{FILLERS[3]}\n"
    reading = read(text, "review.md")
    asking = [claim for claim in reading.claims if claim.asks is Asks.CHANGE]
    assert [about(claim) for claim in asking] == [
        ([FILE], {row}, [code]) for _, code, row in found
    ], text
    assert reading.unread == ()


@settings(max_examples=25 * TIMES, deadline=None)
@given(found=findings())
def test_each_comment_is_one_claim(found):
    reading = read(comments(found), "review.json")
    assert [about(claim) for claim in reading.claims] == [
        ([FILE], {row}, [code]) for _, code, row in found
    ]


@settings(max_examples=25 * TIMES, deadline=None)
@given(found=findings(), form=st.sampled_from((bullets, numbers, boxes, letter)))
def test_praise_among_findings_is_none(found, form):
    text = form(found) + "\n\nI like the docstring on line 7.\n"
    asking = [item for item in read(text, "review.md").claims if item.asks is Asks.CHANGE]
    assert len(asking) == len(found)


@settings(max_examples=100 * TIMES, deadline=None)
@given(st.text(alphabet="ab -*#|>`[]()1.:\n\t_~=+x\u2014", max_size=300))
def test_any_text_is_read(text):
    with contextlib.suppress(ValueError):
        assume(not json.loads(text))  # JSON without findings is refused as such
    reading = read(text, "review.txt")
    rows = text.count("\n") + 1
    for claim in reading.claims:
        assert 1 <= int(claim.origin.rpartition(":")[2]) <= rows


@settings(max_examples=40 * TIMES, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ("path", "line", "message", "id", "location", "issues", "title", "a.py")
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
@example(["#"])
def test_any_json_is_read_or_refused(value):
    with contextlib.suppress(ReviewError):
        reading = read(json.dumps(value), "review.json")
        assert all(claim.title for claim in reading.claims)
