"""What reviews are answered with: true of the file, for the place that is named, and no more."""

import json
import sys
import textwrap

import pytest

from conftest import A_UUID, fixtests, git
from test_review import CODE, review, verdicts

TREE = '''\
import unittest


class OneTest(unittest.TestCase):
    """Starts servers."""

    microversion = '2.90'

    def test_first(self):
        servers = self.api.get_servers()
        self.start(servers[0])

    def test_second(self):
        """Look at what there is."""
        flavors = self.api.get_flavors()
        self.assertEqual(2, len(flavors))
        self.start(flavors[1])
        images = self.api.get_images()
        for image in images:
            self.assertEqual('active', image['status'])
        try:
            self.start(images[0])
        except ValueError:
            pass
'''


@pytest.fixture
def tests(tree):
    (tree / "tests/test_one.py").write_text(TREE)
    return tree


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("- line 11: `servers[0]` without a check", "fixed", "FT201 `servers` was fetched"),
        ("- line 17: the list is indexed without a check of its length", "already right",
         "the length of `flavors` is checked on line 16"),
        ("- line 7: please pin the microversion", "already right", "asks for 2.90"),
        ("- `test_second` has no docstring", "already right", "has a docstring on line 14"),
        ("- `test_first` has no docstring", "reported only", "`test_first` has no docstring"),
        ("- `test_third` has no docstring", "not in this file", "nothing is called `test_third`"),
        ("- line 23: the error is swallowed", "reported only", "`ValueError` is caught"),
        ("- line 19: asserts only in a loop over a list that may be empty",
         "already right", "something else is asserted on line 16"),
        ("- line 4: the list is indexed without a check", "not in this file", "but on line"),
        ("- line 11: the first server, never looked how it ended", "fixed",
         "FT201 `servers` was fetched"),
        ("- line 11: a guard?", "fixed", "FT201 `servers` was fetched"),
        ("- line 17: a guard?", "not understood", ""),
        ("- line 11: the mock should be autospecced", "out of scope", "mocks and stubs"),
        ("- line 11: hm?", "not understood", "no rule has words for it"),
        ("- LGTM, line 11 is nice", "nothing to change", "it asks for no change"),
        ("- line 11: please do not guard this index", "nothing to change", "leave that as it is"),
        ("- tests/test_two.py:3: literal UUID", "cannot tell without the tree", "is not among"),
        ("- tests/test_one.py:5000: index without a check", "not in this file",
         "there is no line 5000; it has 24"),
        ("- lines 29-31: `servers[0]` without a check", "fixed", "test_one.py:11: FT201"),
        ("- in the helper `start_it`: index without a length check", "not in this file",
         "nothing is called `start_it`"),
        ("- TestTwo: index without a length check", "not in this file",
         "nothing is called `TestTwo`"),
        ("- `test_second` is far too long", "already right", "`max-lines` is 100"),
    ],
)  # fmt: skip
def test_answer_is_about_the_place_that_is_named(tests, text, verdict, reason):
    said = review(tests, text)
    assert (verdicts(said), reason in said.text) == ([verdict], True), said.text


def test_fix_for_another_place_never_enters_the_diff(tests):
    said = review(tests, "- line 17: `flavors[1]` is not guarded\n- line 11: nice, LGTM\n")
    assert b"diff --git" not in said.out
    assert "2 findings: 1 already right, 1 nothing to change." in said.err


def test_half_of_what_belongs_together_is_not_fixed(tree):
    (tree / "tests/test_one.py").write_text(
        CODE.format(uuid=A_UUID) + f"        self.stop(image_id='{A_UUID}')\n"
    )
    said = review(tree, "- line 13: hard-coded UUID")
    assert verdicts(said) == ["fixed"]
    assert said.out.count(b"-        self.st") == 2


def test_what_is_fixed_in_part_is_said_to_be(tree):
    (tree / "tests/test_one.py").write_text(
        CODE.format(uuid=A_UUID).replace("self.start(", "self.start(servers[0], ")
        + "\n\ndef helper(api):\n    images = api.get_images()\n    return images[0]\n"
    )
    said = review(tree, "- the lists in lines 13 and 18 are indexed without a check")
    assert verdicts(said) == ["partly fixed"]


def test_file_is_found_by_the_end_of_its_path(tests):
    (tests.parent / "review.md").write_text("- test_one.py:11 `servers[0]` is unguarded\n")
    said = fixtests("review", tests.parent / "review.md", folder=tests)
    assert verdicts(said) == ["fixed"]


def test_file_that_may_be_several_is_asked_for(tests):
    (tests / "tests/more").mkdir()
    (tests / "tests/more/test_one.py").write_text(TREE)
    (tests.parent / "review.md").write_text("- test_one.py:11 `servers[0]` is unguarded\n")
    said = fixtests("review", tests.parent / "review.md", folder=tests)
    assert said.code == 2
    assert "test_one.py may be tests/more/test_one.py, tests/test_one.py; name it" in said.err


def test_fixes_that_answer_are_written_and_can_be_taken_back(tests):
    said = review(tests, "- line 11: `servers[0]` is unguarded", "--write")
    assert "1 file written; `fixtests undo 1` takes it back" in said.err
    assert "assertGreater(len(servers), 0)" in (tests / "tests/test_one.py").read_text()
    assert b"diff --git" not in said.out
    assert fixtests("undo", folder=tests).code == 0
    assert (tests / "tests/test_one.py").read_text() == TREE


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--write", "--diff-only"], "--write leaves no diff to print; leave --diff-only out"),
        (["--diff-only", "--output-format", "gerrit"], "cannot be combined"),
    ],
)
def test_options_that_exclude_each_other_are_refused(tests, options, reason):
    said = review(tests, "- line 11: `servers[0]` is unguarded", *options)
    assert (said.code, said.out) == (2, b"")
    assert reason in said.err


def test_table_holds_the_diff_in_a_fence(tests):
    said = review(tests, "- line 11: `servers[0]` is unguarded", "--output-format", "review")
    table, _, diff = said.text.partition("```diff\n")
    assert "| fixed |" in table
    assert "1 finding: 1 fixed." in table
    assert diff.endswith("```\n")
    git(tests, "init", "-q")
    git(tests, "apply", stdin=diff.removesuffix("```\n").encode())


def test_threads_of_gerrit_are_answered_one_by_one(tests):
    body = {
        "tests/test_one.py": [
            {"id": "a1", "line": 11, "message": "`servers[0]` is not guarded"},
            {"id": "a2", "line": 7, "message": "please pin the microversion"},
            {"id": "a3", "line": 9, "message": "a docstring is missing"},
        ]
    }
    said = review(tests, json.dumps(body), "--output-format", "gerrit", name="comments.json")
    answer = json.loads(said.text)
    first, second, third = answer["comments"]["tests/test_one.py"]
    assert [item["in_reply_to"] for item in (first, second, third)] == ["a1", "a2", "a3"]
    assert [item["unresolved"] for item in (first, second, third)] == [True, False, True]
    assert first["message"].startswith("fix suggested\ntests/test_one.py:11: FT201 ")
    (suggestion,) = first["fix_suggestions"]
    (replacement,) = suggestion["replacements"]
    assert replacement["path"] == "tests/test_one.py"
    assert replacement["range"]["start_line"] == 11
    assert "assertGreater" in replacement["replacement"]
    assert answer["message"].startswith("3 findings: 1 fixed, 1 reported only, 1 already right.")


THREADS = {
    "tests/test_one.py": [
        {"id": "a1", "line": 11, "message": "`servers[0]` is not guarded"},
        {"id": "b1", "line": 7, "message": "+1 nice"},
        {"id": "c1", "line": 9, "message": "where is the docstring?"},
        {"id": "a2", "in_reply_to": "a1", "line": 11, "message": "yes, please check the length"},
        {"id": "c2", "in_reply_to": "c1", "line": 9, "message": "Done"},
        {"id": "a3", "in_reply_to": "a2", "line": 11, "message": "Agreed, `servers` may be empty"},
    ]
}


@pytest.mark.parametrize("written", [False, True])
def test_thread_of_gerrit_has_one_reply_to_its_last_comment(tests, written):
    how = ["--write"] if written else []
    said = review(
        tests, json.dumps(THREADS), "--output-format", "gerrit", *how, name="comments.json"
    )
    replies = json.loads(said.text)["comments"]["tests/test_one.py"]
    assert [item["in_reply_to"] for item in replies] == ["a3", "c2"]
    index, docstring = replies
    assert index["message"].count("FT201") == 1
    assert index["unresolved"] is not written
    assert ("fix_suggestions" in index) is not written
    assert ("fixed" in index["message"]) is written
    assert docstring["unresolved"]


def test_what_stands_at_no_file_is_about_the_file_that_it_names_alone(tests):
    body = {
        "/COMMIT_MSG": [
            {"id": "m1", "line": 7, "message": "typo in subject"},
            {"id": "m2", "line": 9, "message": "servers[0] without a check, in tests/test_one.py"},
            {"id": "m3", "line": 9, "message": "please pin the microversion"},
        ],
        "/PATCHSET_LEVEL": [{"id": "p1", "message": "a length check is missing"}],
    }
    said = review(tests, json.dumps(body), name="comments.json")
    assert verdicts(said) == ["out of scope", "fixed", "out of scope", "out of scope"]
    assert "it is about the commit message, which no rule judges" in said.text
    assert "it is about the change as a whole, which no rule judges" in said.text
    mail = "/COMMIT_MSG:\n\nLine 7: Pin it\nplease pin the microversion\n\nGerrit-Project: x\n"
    assert verdicts(review(tests, mail, name="mail.txt")) == ["out of scope"]
    (tests.parent / "alone.json").write_text(json.dumps({"/COMMIT_MSG": body["/COMMIT_MSG"][:1]}))
    alone = fixtests("review", tests.parent / "alone.json", folder=tests)
    assert (alone.code, verdicts(alone)) == (0, ["out of scope"])


def test_linter_of_the_project_is_named_where_it_reports(tests):
    lint = tests / "lint.py"
    lint.write_text("import sys\nprint(sys.argv[1] + ':11:5: S106 a password')\n")
    command = json.dumps(f"{sys.executable} {lint}")
    (tests / "fixtests.toml").write_text(f"root = true\n[review]\nlinters = [{command}]\n")
    said = review(tests, "- line 11: a password is hard-coded\n- line 13: a password, too\n")
    assert verdicts(said) == ["out of scope", "out of scope"]
    assert said.text.count(" S106 reports it there") == 1


def test_file_that_running_text_comes_to_holds_for_what_follows(tests):
    (tests / "tests/test_two.py").write_text(TREE.replace("servers", "lamps"))
    said = review(
        tests,
        "I began with tests/test_one.py, whose layout is fine.\n\n"
        "Now to tests/test_two.py. The microversion in it is right. I am less happy with lamps[0],"
        " of which nobody checks that there is one.\n",
    )
    assert "tests/test_two.py:11: FT201 `lamps` was fetched" in said.text
    assert "tests/test_one.py:" not in said.text


def test_test_that_one_file_alone_has_is_looked_for_there(tests):
    (tests / "tests/test_two.py").write_text(TREE.replace("test_first", "test_lamps"))
    said = review(tests, "## tests/test_one.py\n\n- `test_lamps` has no docstring\n")
    assert "tests/test_two.py:9: FT601 `test_lamps` has no docstring" in said.text


@pytest.mark.parametrize(
    ("values", "verdict", "reason"),
    [
        ("lamp['size'], size", "reported only", "`lamp['size']` comes first"),
        ("size, lamp['size']", "already right", "a field of something second"),
        ("lamp.size, expected", "reported only", "looks like what is observed"),
        ("one, two", "cannot tell without the tree", "nothing tells which value"),
    ],
)
def test_values_of_an_assertion_that_are_said_to_be_swapped(tests, values, verdict, reason):
    (tests / "tests/test_one.py").write_text(
        TREE.replace("self.start(servers[0])", f"self.assertEqual({values})")
    )
    said = review(tests, "- line 11: the arguments of assertEqual are swapped\n")
    assert (verdicts(said), reason in said.text) == ([verdict], True), said.text


@pytest.mark.parametrize(
    ("command", "reason"),
    [("no-such-linter", "cannot be run"), (f"{sys.executable} -c 1/0", "ends with")],
)
def test_linter_that_cannot_be_run_is_named(tests, command, reason):
    told = json.dumps(
        command if "1/0" not in command else f"{sys.executable} -c 'raise SystemExit(3)'"
    )
    (tests / "fixtests.toml").write_text(f"root = true\n[review]\nlinters = [{told}]\n")
    said = review(tests, "- line 11: a password is hard-coded\n")
    assert said.code == 2
    assert reason in said.err
    assert "correct [tool.fixtests.review] linters" in said.err


def test_words_of_a_project_for_what_no_rule_judges(tests):
    (tests / "fixtests.toml").write_text(
        textwrap.dedent("""\
        root = true
        [review.matters]
        "frobnication" = ["frobnicated"]
        """)
    )
    said = review(tests, "- line 11 is frobnicated, which should not be\n")
    assert verdicts(said) == ["out of scope"]
    assert "it is about frobnication, which no rule judges" in said.text


def test_review_without_findings_is_exit_0(tests):
    assert review(tests, "[]", name="a.json").code == 0


def test_line_that_is_not_read_is_named_and_no_exit_0(tests):
    said = review(tests, "# Review\n\nThis must be changed.\n\n- LGTM, line 3 is nice\n")
    assert said.code == 1
    assert "review.md:3: This must be changed: is not read" in said.err
