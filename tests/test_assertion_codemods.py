"""What the codemods of assertions leave, and why they say so."""

import textwrap

import pytest

from test_migrate import CODEMODS, Tree

SPECIFIC = CODEMODS / "specific_assertions.py"
MOCKS = CODEMODS / "mock_assertions.py"
HEAD = """from unittest import mock

import testtools

from shop import basket


class {owner}(testtools.TestCase):

{above}
    def {name}(self, {given}):
{body}
"""


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def written(body, owner="TestIt", name="test_it", above="", given="*given"):
    """Return a module with one test."""
    return HEAD.format(
        owner=owner,
        name=name,
        given=given,
        above=textwrap.indent(textwrap.dedent(above), "    "),
        body=textwrap.indent(textwrap.dedent(body), " " * 8),
    )


LEFT = {
    "both sides are names": (
        {"body": "self.assertTrue(one == other)"},
        "both sides are names",
    ),
    "a test of equality by its name": (
        {"body": "self.assertFalse(made() == 'x')", "name": "test_not_equal"},
        "a test of `==` itself",
    ),
    "a test of comparison by its class": (
        {"body": "self.assertTrue(made() != 'x')", "owner": "TestComparing"},
        "a test of `==` itself",
    ),
    "a class with its own equality": (
        {"body": "bag = Bag()\nself.assertTrue(bag == 'x')"},
        "a test of `==` itself",
    ),
    "the opposite of an order": (
        {"body": "self.assertFalse(one < other)"},
        "another operator",
    ),
    "a comment between the values": (
        {"body": "self.assertTrue('a' in  # sought\n                made())"},
        "a comment stands beside",
    ),
}
BAG = "\n\nclass Bag:\n\n    def __eq__(self, other):\n        return True\n"


@pytest.mark.parametrize("case", LEFT)
def test_specific_assertion_is_left_with_a_reason(case, tree):
    given, reason = LEFT[case]
    content = written(**given) + BAG
    path = tree.add(content)
    answer = tree.run(SPECIFIC, "--unsafe-fixes")
    assert answer.code == 1
    assert reason in " ".join(answer.diff.decode().split())
    assert path.read_text() == content


UNSAFE = {
    "a truth": ("self.assertEqual(True, made())", "self.assertTrue(made())", "no other values"),
    "the exact type": (
        "self.assertEqual(Bag, type(made()))",
        "self.assertIsInstance(made(), Bag)",
        "instances of heirs",
    ),
    "what holds the assertion": (
        "self.bag.assertTrue('a' in made())",
        "self.bag.assertIn('a', made())",
        "all assertions of unittest",
    ),
    "a failure that is looked at": (
        "with self.assertRaises(AssertionError):\n    self.assertTrue('a' in made())",
        "with self.assertRaises(AssertionError):\n    self.assertIn('a', made())",
        "looked at",
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_specific_assertion_that_asks_something_else_is_unsafe(case, tree):
    body, after, reason = UNSAFE[case]
    path = tree.add(written(body))
    answer = tree.run(SPECIFIC)
    assert answer.code == 1
    assert reason in " ".join(answer.diff.decode().split())
    assert path.read_text() == written(body)
    assert tree.run(SPECIFIC, "--unsafe-fixes").code == 0
    assert path.read_text() == written(after)


STRICT = """
def assertTrue(self, value, message=''):
    self.assertIs(True, value, message)

def assertFalse(self, value):
    log(value)
    super().assertFalse(value)
"""


def test_own_assertion_counts_as_unittests_where_it_wants_the_truth_itself(tree):
    body = (
        "self.assertTrue('a' in made())\n"
        "self.assertFalse('a' in made())\n"
        "self.assertTrue(not made())\n"
    )
    path = tree.add(written(body, above=STRICT))
    assert tree.run(SPECIFIC).code == 0
    after = body.replace("self.assertTrue('a' in made())", "self.assertIn('a', made())")
    assert path.read_text() == written(after, above=STRICT)


CALLED = "self.assertTrue({}.called)"
NO_MOCK = {
    "a parameter of nobody": {"body": CALLED.format("given"), "given": "given"},
    "a stand-in of the tree": {"body": "bag = Bag()\n" + CALLED.format("bag")},
    "an attribute of something real": {"body": CALLED.format("basket.pay")},
    "a new value that is no mock": {
        "body": CALLED.format("basket.pay"),
        "above": "@mock.patch.object(basket, 'pay', Bag())\n",
    },
    "made by something else": {
        "body": CALLED.format("pay"),
        "above": "@mock.patch.object(basket, 'pay', new_callable=Bag)\n",
        "given": "pay",
    },
    "one of two bindings": {
        "body": "pay = mock.Mock()\nif given:\n    pay = Bag()\n" + CALLED.format("pay")
    },
    "an attribute that is given": {
        "body": "pay = mock.Mock(bag=Bag())\n" + CALLED.format("pay.bag")
    },
    "an attribute that is put there": {
        "body": "pay = mock.Mock()\npay.bag = Bag()\n" + CALLED.format("pay.bag")
    },
    "a mock like a class with assertions of its own": {
        "body": "pay = mock.create_autospec(Bag)\n" + CALLED.format("pay")
    },
    "more parameters than patchers": {
        "body": CALLED.format("first"),
        "above": "@mock.patch.object(basket, 'pay')\n",
        "given": "first, second",
    },
}
STAND_IN = "\n\nclass Bag:\n    called = False\n\n    def assert_called(self):\n        pass\n"


@pytest.mark.parametrize("case", NO_MOCK)
def test_what_is_not_known_to_be_a_mock_is_left(case, tree):
    content = written(**NO_MOCK[case]) + STAND_IN
    path = tree.add(content)
    answer = tree.run(MOCKS)
    assert answer.code == 1
    assert "nothing shows that it is a mock" in answer.diff.decode()
    assert path.read_text() == content


MOCK = "pay = mock.Mock()\n"
KNOWN = {
    "a message": (MOCK + "self.assertTrue(pay.called, 'it is not')", "it has a message"),
    "a count that is set": (
        MOCK + "pay.call_count = 0\nself.assertFalse(pay.called)",
        "sets `call_count` of it",
    ),
    "a comment": (
        MOCK + "self.assertEqual(1,  # once\n                 pay.call_count)",
        "a comment stands in it",
    ),
}


@pytest.mark.parametrize("case", KNOWN)
def test_assertion_of_a_mock_is_left_with_a_reason(case, tree):
    body, reason = KNOWN[case]
    path = tree.add(written(body))
    answer = tree.run(MOCKS)
    assert answer.code == 1
    assert reason in answer.diff.decode()
    assert path.read_text() == written(body)


def test_parameter_that_all_callers_fill_with_mocks_is_one(tree):
    given = "\n    def check(self, one):\n        self.assertTrue(one.called)\n"
    path = tree.add(written("self.check(mock.Mock())") + given)
    assert tree.run(MOCKS).code == 0
    assert "one.assert_called()" in path.read_text()
    path.write_text(written("self.check(mock.Mock())\nself.check(Bag())") + given + STAND_IN)
    assert tree.run(MOCKS).code == 1
    assert "self.assertTrue(one.called)" in path.read_text()
