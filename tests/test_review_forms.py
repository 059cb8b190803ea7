"""What people and machines write reviews in: each finding is read, with its place and its wish."""

import json
from pathlib import Path

import pytest

from conftest import topics
from fixtests.review import claims, markup, outline
from fixtests.review.claim import Asks
from fixtests.review.reading import ReviewError

FILE = "tests/functional/test_one.py"


def read(text, tmp_path, name="review.md"):
    path = tmp_path / name
    path.write_text(text)
    return claims.load(path, topics())


def rows(claim):
    return [row for item in claim.place.lines.ranges for row in item]


def told(reading):
    """Return what each claim is about, the file that it names and its rows."""
    return [
        (
            ",".join(item.name.split(" ")[0] for item in topics().meant(claim).topics),
            *claim.place.files,
            *rows(claim),
        )
        for claim in reading.claims
    ]


LINTER = f"""{FILE}:13:24: X101 hardcoded uuid
{FILE}:7:5: X102 do not use the latest microversion
{FILE}:9: nobody deletes the server
"""
HEADINGS = f"""File: {FILE}

# Review

## Security
### Hardcoded image UUID
Line 13.
### Floating microversion
Line 7 asks for the latest.

## Reliability
The server of `_boot` is never deleted.
"""
PROSE = f"""The file {FILE} has a hardcoded UUID on line 13. The microversion on line 7 is
`latest`, which should be pinned. Also, the server is never deleted.
"""
TABLE = f"""{FILE}

| Line | Finding |
|---|---|
| 13 | Hardcoded image UUID |
| 7 | Uses the latest microversion |
"""
BARE_TABLE = f"""| file | line | finding |
| {FILE} | 13 | Hardcoded image UUID |
| {FILE} | 7 | Uses the latest microversion |
"""
TABS = f"id\tfile\tline\tfinding\n1\t{FILE}\t13\tHardcoded UUID\n2\t{FILE}\t7\tlatest API version\n"
LINK = f"- https://git.example.org/a/b/blob/main/{FILE}#L13 hardcoded UUID\n"
GROUPS = f"""{FILE}:
- L13 hard-coded UUID
- (7) latest microversion, pin it
"""
RECORDS = f"""F-01
  Where: `{FILE}`, line 13
  What:  a UUID is written out.
  Fix:   take it from line 99.

F-02
  Lines: 7
  The class asks for the newest microversion.
"""
MAIL = f"""From: Ada <ada@example.org>
Subject: Comments on {FILE}

Hello,

> +        image='6f0c3a2e-1c2d-4f5a-9b8c-7d6e5f4a3b2c'

Why is the UUID written out?

>     microversion = 'latest'

Please pin this version.

Regards,
Ada
--
A. Author
"""
GERRIT_MAIL = f"""Ada has posted comments on this change.

Patch Set 2: Code-Review-1

File {FILE}:

https://review.example.org/c/a/+/1/comment/aa_bb/ :
PS2, Line 13:         image='x'
Hard-coded UUID.

PS2, Line 7:     microversion = 'latest'
Please pin the microversion.

--
Gerrit-Project: a
"""


CHECKLIST = f"""### Notes on the lamps

File: {FILE}

- [ ] L13: hard-coded UUID
- [x] L20 the lamp is lit
- [ ] L7: please pin the microversion
"""
UNDERLINED = f"""NOTES

{FILE}
{"~" * len(FILE)}
L13  hard-coded UUID
L7   please pin the microversion
"""
BELOW_TITLE = f"""Lamps, exported

File;Line;Comment;State
{FILE};13;hard-coded UUID;open
{FILE};7;please pin the microversion;open
{FILE};9;nobody deletes the server;open
{FILE};8;"one; two: a lamp is lit"
{FILE};6;the server is never deleted;open
"""
COUNTED = f"""REVIEW / {FILE}
FINDING 1 (severity: low) line 13
    hard-coded UUID
FINDING 2 (severity: high) line 7
    please pin the microversion
"""
BY_LINE = f"""{FILE}

l. 13: hard-coded UUID

l. 7 and l. 9: please pin the microversion
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINTER, [("FT101", FILE, 13), ("FT401", FILE, 7), ("FT301", FILE, 9)]),
        (HEADINGS, [("FT101", FILE, 13), ("FT401", FILE, 7), ("FT301", FILE)]),
        (PROSE, [("FT101", FILE, 13), ("FT401", FILE, 7), ("FT301", FILE)]),
        (TABLE, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (BARE_TABLE, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (TABS, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (LINK, [("FT101", FILE, 13)]),
        (GROUPS, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (RECORDS, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (MAIL, [("FT101", FILE), ("FT401", FILE)]),
        (GERRIT_MAIL, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (CHECKLIST, [("FT101", FILE, 13), ("", FILE, 20), ("FT401", FILE, 7)]),
        (UNDERLINED, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (BELOW_TITLE, [("FT101", FILE, 13), ("FT401", FILE, 7), ("FT301", FILE, 9), ("", FILE, 8),
                       ("FT301", FILE, 6)]),
        (COUNTED, [("FT101", FILE, 13), ("FT401", FILE, 7)]),
        (BY_LINE, [("FT101", FILE, 13), ("FT401", FILE, 7, 9)]),
    ],
    ids=["linter", "headings", "prose", "table", "bare-table", "tabs", "link", "groups", "records",
         "mail", "gerrit-mail", "checklist", "underlined", "below-title", "counted", "by-line"],
)  # fmt: skip
def test_forms_in_prose(tmp_path, text, expected):
    found = read(text, tmp_path)
    assert told(found) == expected
    assert found.unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "1. Line 62: literal UUID\n- Line 49: pin this microversion",
        "- Line 62: literal UUID\n1. Line 49: pin this microversion",
        "* line 62: literal UUID\n- line 49: pin this microversion",
        "1. **Line 62**: literal UUID\n2. **Line 49**: pin this microversion",
        "1. **Line 62** - literal UUID\n\n- **L49**: pin this microversion",
    ],
)
def test_items_are_findings_under_their_own_words_whatever_marks_they_have(tmp_path, text):
    found = read(f"tests/test_one.py\n\n{text}\n", tmp_path).claims
    assert [item.title.split(": ")[-1] for item in found] == [
        "literal UUID", "pin this microversion",
    ]  # fmt: skip
    assert [rows(item) for item in found] == [[62], [49]]


def test_reply_is_about_the_code_quoted_above_it(tmp_path):
    first, second = read(MAIL, tmp_path).claims
    assert first.place.shown == ("image='6f0c3a2e-1c2d-4f5a-9b8c-7d6e5f4a3b2c'",)
    assert second.place.shown == ("microversion = 'latest'",)


QUOTE = f"""> {FILE}:13
@somebody
use_it() gives a hard-coded UUID
"""


def test_row_of_a_quote_holds_for_what_is_said_of_a_name(tmp_path):
    (claim,) = read(QUOTE, tmp_path).claims
    assert (rows(claim), claim.place.names) == ([13], ("use_it",))
    assert claim.title == "use_it() gives a hard-coded UUID"


JIRA = f"""h2. {FILE}

||No||Line||State||Remark||
|1|13|(x)|hardcoded uuid|
|2|7|(x)|do not use the latest microversion|
"""
FOREIGN = f"""nr;datei;zeile;prio;bemerkung;wer
1;{FILE};13;A;hardcoded uuid;hk
2;{FILE};7;B;do not use the latest microversion;tb
"""


@pytest.mark.parametrize("text", [JIRA, FOREIGN])
def test_tables_of_jira_and_in_other_languages(tmp_path, text):
    assert told(read(text, tmp_path)) == [("FT101", FILE, 13), ("FT401", FILE, 7)]


def test_line_that_is_named_is_never_passed_over(tmp_path):
    text = f"{FILE}\n\nLine 9: do we ever learn of it? I could not see.\n"
    found = read(text, tmp_path)
    assert [rows(claim) for claim in found.claims] == [[9]]


XML = f"""<?xml version="1.0"?>
<review file="{FILE}">
  <overview>Two findings of some weight.</overview>
  <issue severity="low" line="13"><what>Hard-coded UUID</what><fix>Name it.</fix></issue>
  <issue line="7">please pin the microversion</issue>
  <praise>The lamps are lit in order.</praise>
</review>
"""
CHECKSTYLE = f"""<checkstyle version="4.3"><file name="{FILE}">
<error line="13" severity="error" message="Hard-coded UUID" source="x1"/>
<error line="7" message="please pin the microversion"/></file></checkstyle>
"""
YAML = f"""# made by a bot
review:
  target: {FILE}
  items:
    - id: 1
      lines: 13
      detail: "Hard-coded UUID"
    - id: 2
      lines: 6-7
      detail: >
        please pin
        the microversion
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.xml", XML), ("a.txt", XML), ("a.xml", CHECKSTYLE), ("a.yaml", YAML)],
)
def test_forms_of_tools_beside_json(tmp_path, name, text):
    found = read(text, tmp_path, name)
    _, second, *praise = found.claims
    assert told(found)[0] == ("FT101", FILE, 13)
    assert topics().meant(second).rules[0].code == "FT401"
    assert 7 in rows(second)
    assert all(item.asks is Asks.NOTHING for item in praise)
    assert len(praise) == (text is XML)


def test_yaml_is_read_with_its_rows(tmp_path):
    found = read(YAML, tmp_path, "a.yaml")
    assert [item.origin.rpartition(":")[2] for item in found.claims] == ["5", "8"]


def test_value_of_yaml_that_begins_with_a_quote(tmp_path):
    text = YAML.replace('"Hard-coded UUID"', "'13' is a line: hard-coded UUID")
    assert told(read(text, tmp_path, "a.yaml"))[0] == ("FT101", FILE, 13)


def test_parts_of_yaml_that_are_repeated_by_name_are_not_expanded(tmp_path):
    lines = ["a0: &a0 [hard-coded UUID]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
    assert outline.loaded(Path("a.yaml"), "\n".join(lines)) is None


@pytest.mark.parametrize("text", ["", "~", "a word", "[" * 100_000, "a: [", "\x00", "- *b"])
def test_what_is_no_yaml_is_a_text(text):
    assert outline.loaded(Path("a.yml"), text) is None


def test_several_documents_of_yaml(tmp_path):
    text = f"---\nfile: {FILE}\nline: 13\ntext: Hard-coded UUID\n"
    assert told(read(text * 2, tmp_path, "a.yaml")) == [("FT101", FILE, 13)] * 2


def test_entities_of_xml_are_not_expanded(tmp_path):
    text = '<!DOCTYPE a [<!ENTITY b "hard-coded UUID">]>\n<a><b line="13">&b;</b></a>\n'
    assert markup.loaded(text) is None
    read(text, tmp_path, "a.xml")


GERRIT = {FILE: [{"id": "a1", "line": 13, "message": "Hard-coded UUID", "unresolved": True},
                 {"id": "a2", "line": 13, "message": "Done", "in_reply_to": "a1"}]}  # fmt: skip
GITHUB = [{"id": 1, "path": FILE, "start_line": 12, "line": 13, "body": "Hard-coded UUID"}]
ZUUL = {"zuul": {"file_comments": {FILE: [{"line": 13, "message": "Hard-coded UUID"}]}}}
SEVERITIES = {"issues": {"critical": [], "warnings": [
    {"title": "Hard-coded UUID", "description": "It has no name.", "location": f"{FILE}:13",
     "recommendation": "Name it."}]}}  # fmt: skip
GITLAB = [{"description": "Hard-coded UUID", "check_name": "x1",
           "location": {"path": FILE, "lines": {"begin": 13}}}]  # fmt: skip
CLAIMS = {"claims": [{"topic": "literal-uuid", "asks": "change", "file": FILE, "lines": [13],
                      "text": "It is not good."}]}  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [GITHUB, ZUUL, SEVERITIES, GITLAB, CLAIMS],
    ids=["github", "zuul", "severities", "gitlab", "claims"],
)
def test_forms_in_json(tmp_path, body):
    found = told(read(json.dumps(body), tmp_path, "review.json"))
    expected = ("FT101", FILE, 12, 13) if body is GITHUB else ("FT101", FILE, 13)
    assert found == [expected]


def test_text_of_few_words_is_read_where_its_key_is_known_from_others(tmp_path):
    remarks = ["this uuid is hard-coded", "describe test_one"]
    body = [{"f": FILE, "l": 13, "who": "amy", "m": text} for text in remarks]
    assert [item.text for item in read(json.dumps(body), tmp_path, "a.json").claims] == remarks


def test_threads_of_gerrit_can_be_answered(tmp_path):
    first, second = read(")]}'\n" + json.dumps(GERRIT, indent=1), tmp_path, "a.json").claims
    assert (first.thread.path, first.thread.comment, first.thread.line) == (FILE, "a1", 13)
    assert (first.asks, second.asks) == (Asks.CHANGE, Asks.NOTHING)
    assert first.origin.endswith(":4")  # the row of its brace


MESSAGE = """Patch Set 3: Code-Review-1

(1 comment)

Thanks, this looks good. The server is never deleted. Please shorten the commit message."""


@pytest.mark.parametrize(
    "body",
    [
        {"message": MESSAGE, "labels": {"Code-Review": -1}, "comments": GERRIT},
        {"messages": [{"id": "m1", "message": MESSAGE, "_revision_number": 3}], "comments": GERRIT},
        {"body": MESSAGE, "event": "COMMENT", "comments": GITHUB},
    ],
)
def test_message_of_a_whole_review_is_read(tmp_path, body):
    found = read(json.dumps(body), tmp_path, "review.json").claims
    general = [item for item in found if item.beside]
    assert [item.text for item in general] == [
        "The server is never deleted.",
        "Please shorten the commit message.",
    ]
    assert not any(item.thread or item.place.files for item in general)
    assert len(found) - len(general) == len(body["comments"]) or body["comments"] is GERRIT


@pytest.mark.parametrize("text", ["Uploaded patch set 2.", "Patch Set 2: Code-Review+2"])
def test_message_that_says_nothing(tmp_path, text):
    body = {"message": text, "comments": GERRIT}
    assert not any(item.beside for item in read(json.dumps(body), tmp_path, "a.json").claims)


def test_list_without_findings_is_one(tmp_path):
    assert read("[]", tmp_path, "a.json").is_empty
    with pytest.raises(ReviewError, match="holds no findings"):
        read('{"bot": {"version": 3}}', tmp_path, "b.json")


WISHES = [
    ("Nice that the list is checked first.", Asks.NOTHING),
    ("LGTM", Asks.NOTHING),
    ("The cleanup is registered right away, well done.", Asks.NOTHING),
    ("- [x] docstrings present", Asks.NOTHING),
    ("- [ ] docstrings missing", Asks.CHANGE),
    ("Not observed. Passwords come from the configuration.", Asks.NOTHING),
    ("Please do not pin this microversion.", Asks.CONTRARY),
    ("Keep `latest` here.", Asks.CONTRARY),
    ("The literal should stay, it is on purpose.", Asks.CONTRARY),
    ("No need to add a cleanup here.", Asks.CONTRARY),
    ("The name is good, but a docstring is missing.", Asks.CHANGE),
    ("The servers are never deleted.", Asks.CHANGE),
    ("Don't use the latest microversion.", Asks.CHANGE),
    ("Why is this UUID not in a constant?", Asks.CHANGE),
]


@pytest.mark.parametrize(("text", "wish"), WISHES)
def test_what_somebody_asks_for(tmp_path, text, wish):
    body = text if text.startswith("- ") else f"- test_a (line 3): {text}"
    (claim,) = read(body, tmp_path).claims
    assert claim.asks is wish


OTHERS = [
    "`time.sleep(1)` on line 3 makes this slow",
    "the mock on line 3 should have autospec",
    "`x` on line 3 is a misleading name",
    "the password on line 3 is hard-coded",
    "line 3 has trailing whitespace",
    "there is a race between lines 3 and 5",
    "no type annotations on line 3",
    "lines 3-9 are duplicated in the base class",
]


@pytest.mark.parametrize("text", OTHERS)
def test_what_no_rule_judges_is_taken_for_no_rules(tmp_path, text):
    (claim,) = read(f"- {text}", tmp_path).claims
    assert topics().meant(claim).rules == []


def test_several_findings_in_a_letter_are_several_claims(tmp_path):
    text = f"""Dear colleague,

in {FILE} the list is indexed on line 9 without a check of its length. The image's UUID on
line 13 is written out. I like the docstring of the class.

All in all a fine test.
"""
    found = read(text, tmp_path)
    assert told(found)[:2] == [("FT201", FILE, 9), ("FT101", FILE, 13)]
    assert [claim.asks for claim in found.claims[2:]] in ([], [Asks.NOTHING])


def test_line_that_wants_something_nobody_understands_is_named(tmp_path):
    found = read("# Review\n\nThis must be changed at once.\n\n- literal UUID\n", tmp_path)
    assert [line.partition("review.md:")[2] for line in found.unread] == [
        "3: This must be changed at once"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- tests/test_b.py: XY777 line 59",
        "- tests/test_b.py: E501",
        "- tests/test_b.py weird things",
        "- line 3 of tests/test_b.py: weird",
        "## tests/test_b.py: XY777 line 59",
        "## tests/test_b.py weird things",
    ],
)
@pytest.mark.parametrize("rest", ["", "- tests/test_a.py:7: the UUID is a literal\n"])
def test_line_that_says_more_than_where_is_a_claim(line, rest, tmp_path):
    gap = "\n" if line.startswith("#") and rest else ""
    if gap:
        rest = "## tests/test_a.py:7: the UUID is a literal\n"
    found = read(f"# Review\n\n{line}\n{gap}{rest}", tmp_path)
    files = [file for claim in found.claims for file in claim.place.files]
    assert files == ["tests/test_b.py", "tests/test_a.py"][: 1 + bool(rest)]


def test_line_that_says_where_alone_is_none(tmp_path):
    text = "# Review\n\n- tests/test_b.py\n- line 3: the UUID is a literal\n- tests/test_c.py\n"
    (claim,) = read(text, tmp_path).claims
    assert claim.place.files == ("tests/test_b.py",)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"concerns": FILE, "notes": [{"at": 13, "say": "this uuid is hard-coded"}]}),
        json.dumps({"f": FILE, "l": 13, "m": "this uuid is hard-coded"}) + "\n",
        f"Patch Set 2:\n\n(1 comment)\n\n{FILE}\n\nLine 13:\n  this uuid is hard-coded\n",
    ],
)
def test_path_is_one_whatever_its_key_is_called_and_without_a_colon(tmp_path, text):
    assert told(read(text, tmp_path)) == [("FT101", FILE, 13)]


def test_path_in_a_quote_is_no_place(tmp_path):
    body = [{"line": 13, "message": "this uuid is hard-coded", "snippet": "a/b.py"}]
    assert told(read(json.dumps(body), tmp_path)) == [("FT101", 13)]


def test_lines_of_a_pad_are_findings_below_a_heading_between_signs(tmp_path):
    text = (
        f"Etherpad: lamps (exported as text)\n\n== {FILE} ==\n"
        " (blue) line 11: the list is indexed without a check of its length\n"
        " (red) line 3: good that there is a docstring\n"
    )
    found = read(text, tmp_path).claims
    assert [(rows(item), item.asks) for item in found] == [
        ([11], Asks.CHANGE),
        ([3], Asks.NOTHING),
    ]


def test_strong_titles_with_a_place_behind_them_begin_findings_of_their_own(tmp_path):
    text = (
        f"# Weaknesses in {FILE}\n\n### Observed\n\n"
        "**W1. Unchecked index** (line 11)\nThe first lamp is taken as it comes.\n\n"
        "**W2. Floating version** (lines 13-14)\nIt is set to `latest`, and moves.\n"
    )
    found = read(text, tmp_path).claims
    assert [(rows(item), item.title) for item in found] == [
        ([11], "W1. Unchecked index"),
        ([13, 14], "W2. Floating version"),
    ]
