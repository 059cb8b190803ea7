"""Topics learnt from sentences, and the weight that a place adds to them."""

import inspect
from pathlib import Path

import pytest

from conftest import topics
from fixtests.review import words
from fixtests.review.claim import Claim
from fixtests.review.examples import Examples, features
from fixtests.review.topics import Topics
from fixtests.rules import registry
from test_review import review, verdicts


def best(text):
    return [item.name for item in topics().meant(Claim("", "", text)).topics]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("expectation and observation have traded places", "FT603 swapped-assertion"),
        ("the lamp is made and nothing takes it away", "FT301 missing-cleanup"),
        ("the lamps of line 4 are read without knowing that there are any",
         "FT201 unguarded-index"),
        ("methods in here come without documentation", "FT601 missing-docstring"),
        ("simplify this with min()", "style and formatting"),
        ("bug ids should be linked", "release notes and commits"),
    ],
)  # fmt: skip
def test_words_that_no_phrase_has_are_understood_by_those_alike(text, topic):
    assert best(text) == [topic]


@pytest.mark.parametrize("rule", registry.every(), ids=lambda rule: rule.code)
def test_words_of_our_rules_can_be_used(rule):
    path = Path(inspect.getfile(type(rule))).with_name("words.toml")
    said = words.of_rule.__wrapped__(path)
    assert said.says
    assert said.examples


def test_rarer_words_speak_more_and_unknown_ones_not_at_all():
    learnt = Examples([["the lamp is red", "the lamp is tall"], ["the door is red"], []])
    assert learnt.likelihoods("nobody knows") == {}
    told = learnt.likelihoods("a tall lamp")
    assert set(told) == {0, 1}
    assert told[0] > 0.8
    assert sum(told.values()) == pytest.approx(1)
    assert learnt.likelihoods("red") == {}
    red = learnt.likelihoods("it is red: the lamp, the door")
    assert red[1] > red[0]


def test_code_in_a_text_is_taken_for_what_it_is():
    text = "test_one_lamp takes `x['a'][0]` of create_lamp, 5e1f2b3c-0000-4000-8000-000000000001"
    assert {*features(text)} >= {"subscript", "create_", "uuid"}
    assert not {*features(text)} & {"test_", "lamp"}


def test_phrases_of_a_project_are_examples_too():
    topics = Topics(registry.every(), {"FT301": ("lamp debt",)}, {"soldering": ("solder",)})
    meaning = topics.meant(Claim("", "", "one more lamp debt"))
    assert [item.code for item in meaning.rules] == ["FT301"]
    (topic,) = topics.meant(Claim("", "", "solder it")).topics
    assert topic.name == "soldering"


CODE = """import unittest


class OneTest(unittest.TestCase):
    def test_first(self):
        servers = self.api.get_servers()
        self.start(servers[0])
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("- line 7: this may hold nothing", "fixed"),
        ("- line 1: this may hold nothing", "not understood"),
        ("- line 7: that is odd", "not understood"),
        ("- line 7: `servers` is a misleading name", "out of scope"),
    ],
)
def test_place_weighs_for_what_words_come_near_to_and_decides_nothing_alone(tree, text, verdict):
    (tree / "tests/test_one.py").write_text(CODE)
    assert verdicts(review(tree, text)) == [verdict]
