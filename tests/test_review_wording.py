"""What remarks are about and what they ask for, in words that nobody has measured with."""

import pytest

from conftest import topics
from fixtests.review import blocks, phrases
from fixtests.review.claim import Asks, Claim, Place
from fixtests.review.making import Above
from fixtests.review.segments import Segments
from fixtests.rules import registry
from test_review import review, verdicts

ABOVE = Above(Place(("tests/test_one.py",)))


def claims(text):
    return [*Segments("review.md", topics()).of_comment(text, ABOVE)]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("api_version = latest, flaky with the next release", "FT401 latest-microversion"),
        ("The handler turns any failure into a return None.", "FT503 swallowed-failure"),
        ("lamp.example.org typed out in three tests", "FT102 literal-hostname"),
        ("share server stays in the pool once the run is over", "FT301 missing-cleanup"),
        ("This helper is not called anywhere in this file, drop it.", "structure and duplication"),
        ("the two branches are the same block twice, pull it up", "structure and duplication"),
        ("The order of the tests matters here, run alone this one fails",
         "races and parallel runs"),
        ("assertRaises around the helper also catches the error of the first call",
         "what the test tests"),
        ("the lamps hang around until the worker ends", "FT301 missing-cleanup"),
        ("Every run adds one more volume to the backend.", "FT301 missing-cleanup"),
        ("It takes faith that the zeroth port is there.", "FT201 unguarded-index"),
        ("The cleanup of the lamp is registered only after the update, move it up.",
         "when a cleanup is registered"),
        ("addCleanup comes after the wait; when that fails, nobody clears up.",
         "when a cleanup is registered"),
        ("The colors are changed and never put back.", "FT301 missing-cleanup"),
        ("We light the lamp and go on without waiting for anything.", "FT501 unverified-outcome"),
        ("404, and then?", "what a refused request leaves behind"),
        ("Conflict is what we want, but does the lamp still shine?",
         "what a refused request leaves behind"),
        ("Forbidden, good. Were the lamps left alone?", "what a refused request leaves behind"),
        ("With zero rounds of the loop everybody is happy.", "FT202 unchecked-loop"),
        ("The size was updated, and nobody looked at it.", "FT501 unverified-outcome"),
        ("According to the title this is denied, and no line proves it.",
         "FT502 unasserted-failure"),
        ("The net is too wide, whatever is thrown ends in it.", "FT503 swallowed-failure"),
        ("A poor man's poll, our tooling has that.", "FT504 hand-written-wait"),
        ("A stranger finds no text on the story behind it.", "FT601 missing-docstring"),
        ("The body goes on for pages, chop it.", "FT602 long-test"),
        ("What we got precedes what we want.", "FT603 swapped-assertion"),
        ("The identifier is anonymous, make it talk.", "FT101 literal-uuid"),
        ("The second node is retyped in each scenario.", "FT102 literal-hostname"),
        ("Pause, resume, suspend and rebuild, all in here?", "FT602 long-test"),
        ("Leave a comment why the lamp is two rooms away.", "comments in the code"),
        ("The color is PUT, and what came of it is not verified.", "FT501 unverified-outcome"),
        ("isn't None is all we check, an empty dict isn't None either",
         "weak assertions"),
        ("Every lamp is truthy, so assertTrue(lamp) is a weak check.", "weak assertions"),
        ("There is not one assertion in the method.", "FT502 unasserted-failure"),
        ("the lamp test ends and verifies nothing", "FT502 unasserted-failure"),
        ("Four stories in one test.", "FT602 long-test"),
        ("FT401 says it all", "FT401 latest-microversion"),
    ],
)  # fmt: skip
def test_topic_of_a_remark(text, topic):
    (claim,) = claims(text)
    assert [item.name for item in topics().meant(claim).topics] == [topic]


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("The docstring says lamps, the test is on sockets.", "what docstrings say"),
        ("range(len(lamps)) - enumerate is made for that", "style and formatting"),
        ("The ordering of lamps is not guaranteed.", "races and parallel runs"),
        ("The name of the test does not say what is special.", "names of variables and functions"),
        ("Fix the comment, lamps do not fail any more.", "comments in the code"),
    ],
)
def test_matter_that_is_named_outweighs_concepts_of_rules(text, matter):
    (claim,) = claims(text)
    assert [item.name for item in topics().meant(claim).topics] == [matter]


@pytest.mark.parametrize(("number", "topic"), [(252, "FT501"), (755, "FT502")])
def test_number_of_a_weakness_decides_between_topics_that_tie(number, topic):
    text = "Neither the outcome of the resize nor its failure is verified."
    claim, numbered = Claim("", "", text), Claim("", "", text, cwe=(number,))
    assert {item.code for item in topics().meant(claim).rules} == {"FT501", "FT502"}
    assert [item.code for item in topics().meant(numbered).rules] == [topic]


def test_what_is_supposed_for_an_argument_is_no_claim_of_a_test():
    (claim,) = claims("Suppose line 63 raises. Who, then, takes the lamp away?")
    assert "FT502" not in {item.code for item in topics().meant(claim).rules}


def test_paths_lines_and_quoted_sentences_hint_at_no_topic():
    texts = ("lines 12-90 of api/test_hosts.py", "`'Describe what a lamp is for'` it is")
    assert [topics().near(text) for text in texts] == [(), ()]


def test_concepts_belong_together_only_near_one_another_and_on_one_line():
    near = phrases.Near("<waiting> && <byhand>")
    found = [
        near.is_in("polling by hand"),
        near.is_in("a bespoke way of polling"),
        near.is_in("polling\n\nby hand"),
        near.is_in("polling" + " x" * 60 + " by hand"),
        near.is_in("repolled unhandily"),
    ]
    assert found == [True, True, False, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "These two lamps stay behind after the test, please register their removal.",
        "No need for a counter and half-second naps of our own.",
        "Observed comes before expected; flip the two so that the diff is not misleading.",
        "No test in this class says in words what is wanted.",
        "This test cannot fail when there are no lamps.",
        "Its title says that it fails, the body is happy with anything.",
        "blank line before, blank line after - be consistent",
        "l.57 no description of the case. AGREED",
        "It writes the old value, so it can't fail if the request is ignored.",
        "The odd number stands here without a remark that this is deliberate.",
        "The way to the lamp is rather roundabout.",
    ],
)
def test_remark_that_asks_for_a_change(text):
    assert [item.asks for item in claims(text)] == [Asks.CHANGE]


@pytest.mark.parametrize(
    "text",
    [
        "We don't want a fixed version here.",
        "It would be a mistake to split this.",
        "Do not wrap this in assertRaises.",
        "That the lamp stays on is part of the scenario.",
        "Resist the urge to move the uuid out.",
        "no docstring wanted in this project",
        "One assert per case. Not to be touched.",
        "The length is justified; splitting would hide the flow.",
    ],
)
def test_remark_that_asks_to_leave_something(text):
    assert [item.asks for item in claims(text)] == [Asks.CONTRARY]


@pytest.mark.parametrize(
    "text",
    [
        "the comment says why the newest one is wanted \N{EN DASH} good",
        "80 lines - long, but mostly comments",
        "could be unbound if the loop never ran, quite unlikely though",
        "Resolved: the guard was added in PS3",
        "Line 12 asks for that.",
        "It does, see the assertion below it",
        "The guard on the length is exactly right.",
        "Documentation is adequate.",
        "I have no opinion about the order of the two values.",
        "Here somebody thought of the empty list.",
        "Clean teardown, nothing is left over.",
        "Constants instead of literals. Chapeau.",
        "the lamp is looked at after each switch, exactly what i wanted",
        "~~Nobody looks at the lamp~~ (withdrawn)",
        "Use of `assertDictEqual` is appropriate. No remediation needed.",
    ],
)
def test_remark_that_asks_for_nothing(text):
    assert [item.asks is Asks.CHANGE for item in claims(text)] == [False]


@pytest.mark.parametrize(
    ("text", "is_half"),
    [
        ("Nobody ever deletes the lamp.", False),
        ("There is no addCleanup for the lamp.", True),
        ("The lamp is never deleted, register an addCleanup.", False),
        ("If the first assertion raises, the lamp is orphaned.", True),
        ("a failing assertion keeps the deletion of the lamp from being reached", True),
    ],
)
def test_claim_about_a_deletion_is_so_where_one_stands_at_the_end(text, is_half):
    (rule,) = (item for item in registry.every() if item.code == "FT301")
    (claim,) = claims(text)
    assert topics().allows_half(claim, rule) is is_half


def test_remark_points_back_to_the_last_one_of_what_it_hints_at():
    *_, last = claims(
        "1. `lamps[0]` is indexed without a check of its length.\n"
        "2. `test_one` has no docstring.\n"
        "3. Same unguarded access in the other test.\n"
    )
    assert last.refers.startswith("`lamps[0]` is indexed")


def test_remark_on_the_same_file_points_back_to_nothing():
    *_, last = claims("1. `lamps[0]` may be out of range.\n2. Same file, line 9: what a lamp.\n")
    assert last.refers == ""


def test_row_of_a_table_that_points_back_is_a_finding(tree):
    said = review(
        tree,
        "| Where | Remark | Status |\n|---|---|---|\n"
        "| line 7 | a literal UUID in the body | open |\n| line 8 | ditto | open |\n",
    )
    assert len(verdicts(said)) == 2


def test_state_of_a_row_does_not_outweigh_what_it_says(tree):
    said = review(
        tree,
        "| Where | Remark | Status |\n|---|---|---|\n"
        "| line 7 | the literal UUID is fine, keep it like this | closed |\n",
    )
    assert verdicts(said) == ["nothing to change"]


def test_matters_that_tie_are_out_of_scope(tree):
    answer = review(tree, "- line 9: magic number, and the mock has no spec\n")
    assert verdicts(answer) == ["out of scope"]


def test_arrow_between_two_names_is_a_finding():
    assert [item.text for item in claims("* (164) `t` \N{RIGHTWARDS ARROW} `target2`\n")]


def test_bracket_after_dots_stays():
    (claim,) = claims("use self.config(...) instead of the global one")
    assert claim.text == "use self.config(...) instead of the global one"


def test_sentence_about_the_test_is_not_about_the_helper_before_it():
    text = (
        "One word on _light_lamps: its loop is odd and the name misleads.\n"
        "Finally, the test has no docstring at all."
    )
    first, *_, last = Segments("review.txt", topics()).of(blocks.read(text), ABOVE)
    assert first.place.names == ("_light_lamps",)
    assert last.place.names == ()


def test_running_text_without_a_word_of_fault_is_read_where_it_is_plain():
    text = "Both tests of it give the observed value first, before the expected one."
    assert len([*Segments("review.txt", topics()).of(blocks.read(text), ABOVE)]) == 1
