"""What is said of places that no rule flags, where a review speaks against them."""

import textwrap

import pytest

from test_review import review, verdicts

HEAD = '''\
import unittest


class OneTest(unittest.TestCase):
    """Looks at lamps."""

    names = ['red', 'green']
    max_microversion = 'latest'

    def _extend(self, lamp):
        self.api.extend_lamp(lamp)
        self.wait_for_lamp(lamp)

    def test_one(self):
'''
FIRST = 15  # the row of the first line of the test


def judged(tree, body, text):
    """Review a test whose body is given; `{0}` in the text is the row of its first line."""
    (tree / "tests/test_one.py").write_text(HEAD + textwrap.indent(body, " " * 8))
    return review(tree, f"- {text.format(*range(FIRST, FIRST + 30))}\n")


LOOP = "line {%d}: asserts only in a loop, nothing is checked where the list is empty"
INDEX = "line {%d}: the list is indexed without a check of its length"
LEFT = "line {%d}: the lamp is never deleted"
EARLY = "line {%d}: when an assertion fails, the lamp is left behind"
OUTCOME = "line {%d}: nobody looks at the outcome of the extend"
HIDDEN = "line {%d}: the exception is swallowed"
SWAPPED = "line {%d}: the arguments of assertEqual are swapped"


@pytest.mark.parametrize(
    ("body", "text", "verdict", "reason"),
    [
        ("self.assertTrue(1)\nfor lamp in ('a', 'b'):\n    self.assertIn(lamp, x)\n", LOOP % 1,
         "already right", "`('a', 'b')` is written out, with 2 items"),
        ("self.assertTrue(1)\nfor lamp in self.names:\n    self.assertIn(lamp, x)\n", LOOP % 1,
         "already right", "`self.names` is written out, with 2 items"),
        ("lamps = self.find()\nself.assertEqual(n, len(lamps))\nfor lamp in lamps:\n"
         "    self.assertIn(lamp, x)\n", LOOP % 2,
         "already right", "the length of `lamps` is checked on line 16"),
        ("lamps = self.find()\nself.assertEqual(0, len(lamps))\nfor lamp in lamps:\n"
         "    self.assertIn(lamp, x)\n", LOOP % 2,
         "already right", "something else is asserted on line 1"),
        ("lamps = self.find()\nself.assertEqual(n, len(lamps))\nlamps = self.more()\n"
         "for lamp in lamps:\n    self.assertIn(lamp, x)\n", LOOP % 3,
         "already right", "something else is asserted on line 1"),
        ("lamps = self.find()\nself.assertEqual(lamps, others)\nfor lamp in lamps:\n"
         "    self.assertIn(lamp, x)\n", LOOP % 2,
         "already right", "something else is asserted on line 1"),
        ("self.assertTrue(1)\nfor lamp in lamps:\n    x = lamp.size\n", LOOP % 1,
         "already right", "nothing is asserted in it"),
        ("self.assertTrue(1)\nfor lamp in lamps:\n    self.look(lamp)\n", LOOP % 1,
         "cannot tell without the tree", "nothing tells whether something is asserted in it"),
        ("if CONF.lamps:\n    self.light(CONF.lamps[0])\n", INDEX % 1,
         "already right", "the length of `CONF.lamps` is checked on line 15"),
        ("lamps = [x for x in y if x]\nif not lamps:\n    raise self.skipException()\n"
         "self.light(lamps[0])\n", INDEX % 3,
         "already right", "the length of `lamps` is checked on line 16"),
        ("lamps = [x for x in y if x]\nif not lamps:\n    self.light(y)\nself.light(lamps[0])\n",
         INDEX % 3, "reported only", "nothing checks the length of `lamps`"),
        ("if not lamps:\n    return\nlamps = [x for x in y if x]\nself.light(lamps[0])\n",
         INDEX % 3, "reported only", "nothing checks the length of `lamps`"),
        ("lamps = self.find()\nself.assertEqual(1, len(lamps))\nnames = list(lamps.values())\n"
         "self.light(names[0])\n", INDEX % 3, "already right", "is checked on line 16"),
        ("lamp = sort(lamps)[0]\n", INDEX % 0,
         "reported only", "nothing checks the length of `sort(lamps)`"),
        ("self.light(self.mock.call_args[0])\n", INDEX % 0, "cannot tell without the tree", ""),
        ("lamps = ['a', 'b']\nself.light(lamps[1])\n", INDEX % 1,
         "already right", "`lamps` is written out, with 2 items"),
        ("lamp = db.create_lamp()\n", LEFT % 0,
         "reported only", "nothing here is called like a deletion"),
        ("lamp = db.create_lamp()\nself.addCleanup(db.delete_lamp, lamp)\n", EARLY % 0,
         "already right", "on line 16"),
        ("lamp = db.create_lamp()\nself.assertTrue(lamp)\ndb.delete_lamp(lamp)\n", LEFT % 0,
         "already right", "on line 17, where the test comes as far as that"),
        ("lamp = db.create_lamp()\nself.assertTrue(lamp)\ndb.delete_lamp(lamp)\n", EARLY % 0,
         "reported only", "on line 17, where the test comes as far as that"),
        ("lamp = db.create_lamp()\nself.assertTrue(lamp)\nself.addCleanup(db.delete_lamp, lamp)\n",
         EARLY % 0, "reported only", "on line 17, where the test comes as far as that"),
        ("lamp = db.create_lamp()\ndb.update_lamp(lamp)\nself.addCleanup(db.delete_lamp, lamp)\n",
         EARLY % 0, "reported only", "on line 17, where the test comes as far as that"),
        ("self.create_lamp()\n", LEFT % 0, "cannot tell without the tree", "nothing is known"),
        ("self.api.extend_lamp(lamp)\nself.wait_for_lamp(lamp)\n", OUTCOME % 0,
         "already right", "the next look after `self.api.extend_lamp`"),
        ("self.api.extend_lamp(lamp)\nself.wait_for_lamp(lamp)\n",
         "line {0}: the outcome of the extend is looked at by its host only",
         "reported only", "the next look after `self.api.extend_lamp`"),
        ("self._extend(lamp)\n", OUTCOME % 0, "already right", "`_extend`, which it runs, waits"),
        ("self.api.extend_lamp(lamp)\n", OUTCOME % 0,
         "reported only", "nothing is waited for or asserted after `self.api.extend_lamp`"),
        ("reply = self.patch_json('/lamps', lamp)\nself.assertEqual(200, reply.status)\n",
         "line {0}: the outcome of the update is not looked at",
         "reported only", "only how it is answered is compared, on line 16"),
        ("lamp = self.api.patch_lamp(lamp)\nself.assertEqual('red', lamp.color)\n",
         "line {0}: the outcome of the update is not looked at",
         "already right", "what `self.api.patch_lamp` replies is compared, on line 16"),
        ("reply = self.api.patch_lamp(lamp)\nlamp = reply['lamp']\nfor room in lamp:\n"
         "    self.assertEqual('red', room)\n",
         "line {0}: the answer of the update is ignored",
         "already right", "what `self.api.patch_lamp` replies is compared, on line 18"),
        ("lamp = self.api.patch_lamp(lamp)\nself.assertEqual('red', lamp.color)\n",
         "line {0}: after the update of the lamp it is never read back",
         "cannot tell without the tree", "judges nothing there that it names"),
        ("self.api.extend_lamp(lamp, wait_until=ON)\n", OUTCOME % 0,
         "already right", "`self.api.extend_lamp` is told to wait, by `wait_until`"),
        ("self.api.extend_lamp(lamp, wait_until=None)\n", OUTCOME % 0,
         "reported only", "nothing is waited for or asserted after `self.api.extend_lamp`"),
        ("self.do_request('update_lamp', lamp=lamp)\n",
         "line {0}: the outcome of the update is not looked at",
         "reported only", "nothing is waited for or asserted after `self.do_request`"),
        ("self._get_response('/lamps/%s' % self.lamp, 'POST', '{}')\n"
         "self.wait_for_lamp(self.lamp)\n",
         "line {0}: nobody waits for the outcome of the action",
         "already right", "is `self.wait_for_lamp` on line 16"),
        ("self.api.destroy_lamp(lamp)\nself.assertRaises(NotFound, self.api.get_lamp, lamp)\n",
         "line {0}: the outcome of the removal is not looked at",
         "already right", "is `self.assertRaises` on line 16"),
        ("self.api.destroy_lamp(lamp)\nself.assertRaises(NotFound, self.api.dim_lamp, lamp)\n",
         "line {0}: the outcome of the removal is not looked at",
         "cannot tell without the tree", "nothing tells how `self.api.destroy_lamp` is to end"),
        ("self.api.update_lamp(lamp)\n" + "x = 1\n" * 20 + "lamps = self.api.list_lamps(lamp)\n"
         "self.assertIn(lamp, lamps)\n",
         "line {0}: the outcome of the update is not looked at",
         "cannot tell without the tree", "is `self.api.list_lamps` on line 36"),
        ("self.api.update_lamp(lamp1)\nself.wait_for_lamp(lamp2)\nself.assertTrue(lamp2)\n",
         "line {0}: the outcome of the update is not looked at",
         "reported only", "no call after `self.api.update_lamp` names what it is about"),
        ("self.patch_json('/lamps', lamp)\nlamp = self.get_json('/lamps')\n"
         "self.assertEqual('red', lamp['color'])\n",
         "line {0}: the outcome of the update is not looked at",
         "already right", "is `self.get_json` on line 16"),
        ("self.client.enable_lamp(lamp)\nself.mock_lamp.assert_called_once_with(lamp)\n",
         "line {0}: the outcome of the update is not looked at",
         "already right", "is `self.mock_lamp.assert_called_once_with` on line 16"),
        ("self.skipTest('later')\nself.api.post_lamp_action(lamp, go)\nself.wait_for_lamp(lamp)\n",
         "line {1}: the outcome of the update is not looked at",
         "cannot tell without the tree", "is never reached"),
        ("self.assertTrue(1)\nlamps = self.find()\n"
         "for lamp in lamps:\n    self.assertIn(lamp, x)\n",
         "line {2}: with an empty list the loop is skipped silently",
         "reported only", "nothing tells that `lamps` is not empty"),
        ("for lamp in one:\n    self.assertIn(lamp, x)\nfor lamp in two:\n"
         "    self.assertIn(lamp, y)\n", LOOP % 0,
         "reported only", "nothing is asserted outside of it"),
        ("try:\n    self.show()\nexcept Conflict:\n    pass\n",
         "line {2}: this catch-all swallows every exception",
         "already right", "`Conflict` is caught and passed over"),
        ("try:\n    self.show()\nexcept Conflict:\n    pass\n",
         "line {2}: the conflict is swallowed",
         "reported only", "`Conflict` is caught and passed over"),
        ("try:\n    self.show()\nexcept Conflict:\n    raise self.skipException()\n",
         "line {2}: the exception is swallowed and turned into a skip",
         "reported only", "what catches `Conflict` skips the test"),
        ("try:\n    self.show()\nexcept Conflict:\n    raise self.skipException()\n",
         "line {2}: this catch-all swallows every exception",
         "already right", "what catches `Conflict` skips the test"),
        ("self.light('host1')\n", "line {0}: the host name is repeated all over the module",
         "already right", "`host1` is written out here alone"),
        ("self.light('host1')\n", "line {0}: the host name is written out",
         "reported only", "`host1` is written out here alone"),
        ("self.light(lamp['bulbs'][0])\n", INDEX % 0,
         "reported only", "nothing here checks the length of `lamp['bulbs']`"),
        ("lamp = {'bulbs': [one]}\nself.light(lamp['bulbs'][0])\n", INDEX % 1,
         "already right", "`lamp['bulbs']` is written out, with 1 item"),
        ("self.light(self.bulbs[0])\n", INDEX % 0,
         "cannot tell without the tree", "nothing tells whether `self.bulbs` was fetched"),
        ("self.plug_lamp(lamp)\nself.addCleanup(self.unset, lamp)\n", LEFT % 0,
         "already right", "`unset` is registered for what `self.plug_lamp` does, on line 16"),
        ("body = self.upload(lamp)['image']\nimage = body['id']\n"
         "self.addCleanup(self.api.delete_image, image)\n", "line {0}: the image is left behind",
         "already right", "`delete_image` is registered for what `self.upload` does, on line 17"),
        ("for lamp in lamps:\n    self.plug_lamp(lamp)\nself.addCleanup(self.reset_all, lamps)\n",
         "line {1}: when plugging the second lamp fails, the first one is left behind",
         "cannot tell without the tree", "does not judge what stands there"),
        ("for lamp in lamps:\n    self.plug_lamp(one, lamp)\n"
         "self.addCleanup(self.reset_all, one)\n",
         "line {1}: when plugging the second lamp fails, the first one is left behind",
         "reported only", "on line 17, where the test comes as far as that"),
        ("self.api.update_lamp(lamp)\nself.wait_for_host(host)\n"
         "self.assertEqual(2, host.count)\n",
         "line {0}: the outcome of the update is not looked at",
         "reported only", "no call after `self.api.update_lamp` names what it is about"),
        ("try:\n    self.show()\nexcept Conflict:\n    if lamp:\n        raise\n", HIDDEN % 2,
         "reported only", "raises or fails again in some cases"),
        ("try:\n    self.show()\nexcept Conflict:\n    self.light()\n    raise\n", HIDDEN % 2,
         "already right", "raises or fails again"),
        ("self.light(lamp.name.split('.')[0])\n", INDEX % 0,
         "already right", "holds one part at least"),
        ("lamp = db.create_lamp()\nself.lamps.append(lamp)\n", LEFT % 0,
         "cannot tell without the tree", "nothing tells what becomes of that"),
        ("lamp = db.create_lamp_from_kit()\nself.addCleanup(db.delete_lamp, lamp)\n", LEFT % 0,
         "already right", "on line 16"),
        ("while True:\n    try:\n        self.show()\n    except NotFound:\n        break\n",
         HIDDEN % 3, "already right", "`NotFound` is what the loop around it waits for"),
        ("wrong = []\ntry:\n    self.show()\nexcept Exception as e:\n    wrong.append(e)\n"
         "self.assertEqual([], wrong)\n", HIDDEN % 3,
         "already right", "`Exception` is kept, and asserted on line 20"),
        ("try:\n    self.show()\nexcept Exception:\n    self.other()\n", HIDDEN % 2,
         "reported only", "`Exception` is caught, and the code goes on"),
        ("try:\n    self.show()\nexcept ValueError:\n    tries += 1\n", HIDDEN % 2,
         "reported only", "`ValueError` is caught, and the code goes on"),
        ("try:\n    self.show()\nexcept ValueError:\n    self.other()\n", HIDDEN % 2,
         "reported only", "nothing tells whether what is done then is enough"),
        ("try:\n    self.show()\nexcept ValueError:\n    self.other()\n",
         "line {2}: the broad handler hides every failure",
         "already right", "`ValueError` is caught"),
        ("one = self.make()\ntwo = self.show()\nself.assertEqual(two['a'], one['a'])\n",
         SWAPPED % 2, "reported only", "`two['a']` is read last"),
        ("one = self.make()\ntwo = self.show()\nself.assertEqual(one['a'], two['a'])\n",
         SWAPPED % 2, "already right", "`two['a']` is read last"),
        ("number = 2\nfor lamp in range(number):\n    self.assertIn(lamp, x)\n", LOOP % 1,
         "already right", "`range(number)` is written out, with 2 items"),
        ("for lamp in range(2, 2):\n    self.assertIn(lamp, x)\n", LOOP % 0,
         "reported only", "nothing is asserted outside of it"),
        ("lamps = [1, 2]\nfor lamp, name in zip(lamps, self.names):\n"
         "    self.assertIn(lamp, name)\n", LOOP % 1,
         "already right", "`zip(lamps, self.names)` is written out, with 2 items"),
        ("for lamp in lamps:\n    print(len(lamp))\n", LOOP % 0,
         "already right", "nothing is asserted in it"),
        ("for _ in range(9):\n    try:\n        self.light()\n    except Conflict:\n"
         "        continue\n    break\nelse:\n    self.fail('never')\n", HIDDEN % 3,
         "already right", "what ends the loop around it fails, on line 22"),
        ("for _ in range(9):\n    try:\n        self.light()\n    except Conflict:\n"
         "        continue\n    break\n", HIDDEN % 3,
         "reported only", "`Conflict` is caught"),
        ("try:\n    a()\n    b()\n    c()\nexcept Conflict as error:\n    if error.known:\n"
         "        self.skipTest('')\n    raise\n", HIDDEN % 0,
         "already right", "raises or fails again (of the `try` on line 15)"),
        ("first = lamps[0]\nrooms = self.client.list_rooms()\nself.assertEqual(1, len(rooms))\n"
         "x = rooms[0]\nlast = self.client.list_lamps()[0]\n",
         "line {3}: `rooms[0]` is indexed without a check of its length",
         "already right", "is checked on line 17"),
        ("self.assertEqual(number, len(lamps))\n", SWAPPED % 0,
         "already right", "`len(lamps)` counts what is observed"),
        ("self.assertEqual(len(lamps), number)\n", SWAPPED % 0,
         "reported only", "`len(lamps)` counts what is observed"),
        ("self.assertEqual(before['a'] + 1, after['a'])\n", SWAPPED % 0,
         "already right", "`before['a'] + 1` is calculated"),
        ("try:\n    self.light()\nexcept Conflict:\n    pass\n",
         "`test_one` says that it fails, and nothing asserts the failure",
         "reported only", "`test_one` lets a failure pass"),
        ("lamps = self.find(self.MISSING_LAMP)\nself.assertEqual([], lamps)\n",
         "`test_one` says that it fails, and nothing asserts the failure",
         "cannot tell without the tree", "may follow from a failure, and from something else"),
        ("self.light(missing, expected_status=404)\n",
         "`test_one` says that it fails, and nothing asserts the failure",
         "already right", "`test_one` asserts a failure"),
        ("self.assertRaises(Conflict, self.light)\n",
         "`test_one`: the message of the failure is not asserted",
         "cannot tell without the tree", "judges nothing there that it names"),
        ("error = self.assertRaises(Conflict, self.light)\nself.assertIn('lit', str(error))\n",
         "`test_one`: the message of the failure is not asserted",
         "already right", "and looks at its message"),
        ("lamp = self.api.find_lamp()\nself.light(lamp)\n", "`test_one` asserts nothing",
         "reported only", "`test_one` holds no assertion"),
        ("self.assertEqual(404, self.api.light().status_code)\n", "`test_one` asserts nothing",
         "already right", "`test_one` asserts a failure"),
        ("self.api.disable_lamp(lamp)\nself.api.reboot_host(host)\nself.wait_for_host(host)\n"
         "self.assertEqual(2, count)\n",
         "line {0}: the outcome of the update is not looked at",
         "reported only", "no call after `self.api.disable_lamp` names what it is about"),
        ("self.client.update_lamps(1)\nself.addCleanup(self.client.delete_lamps)\n",
         "line {0}: the lamps are changed and never restored",
         "already right", "`delete_lamps` is registered for what `self.client.update_lamps` does"),
        ("with self.room():\n    lamp = self.create_lamp()\n"
         "    self.addCleanup(self.delete_lamp, lamp)\n",
         LEFT % 0, "already right", "creates, on line 17"),
        ("self.extend(lamp)\n", LEFT % 0,
         "cannot tell without the tree", "missing-cleanup does not judge what stands there"),
        ("pass\n" * 60, "`test_one` has some sixty lines, which is too long",
         "reported only", "`test_one` has 61 lines"),
        ("self.light('0123456789abcdef0123456789abcdef')\n", "line {0}: hard-coded UUID literal",
         "cannot tell without the tree", "is no UUID with hyphens"),
        ("pass\n", "line 8: asks for the latest microversion",
         "reported only", "`max_microversion` is 'latest'"),
        ("self.add('lamp.rooms')\nself.add('lamp.rooms')\n",
         "line {1}: host name 'lamp.rooms' is hard-coded again",
         "reported only", "`lamp.rooms` is written out"),
        ("pass\n" * 30, "`test_one` has 31 lines, which is too long",
         "reported only", "`test_one` has 31 lines"),
        ("pass\n" * 60, "`test_one` has 140 lines, which is too long",
         "already right", "`test_one` has 61 lines"),
    ],
)  # fmt: skip
def test_place_that_is_not_flagged_is_judged_by_what_stands_there(
    tree, body, text, verdict, reason
):
    said = judged(tree, body, text)
    assert (verdicts(said), reason in said.text) == ([verdict], True), said.text


@pytest.mark.parametrize(
    "text",
    [
        "line {0}: this differs from its neighbour in a digit alone and looks typed by hand",
        "line {0}: the digits of the owner look like ids, use names",
        "line {0}: what comes back is dropped, at least see to it that we got a list",
    ],
)
def test_nothing_is_denied_on_a_hint(tree, text):
    assert verdicts(judged(tree, "pass\n", text)) == ["not understood"]


KEEPS = """\
import unittest


class Base(unittest.TestCase):
    @classmethod
    def create_lamp(cls):
        lamp = cls.api.create_lamp()
        cls.lamps.append(lamp)
        return lamp

    @classmethod
    def {clears}(cls):
        for lamp in cls.lamps:
            cls.api.{does}(lamp)


class OneTest(Base):
    def test_one(self):
        self.create_lamp()
"""


@pytest.mark.parametrize(
    ("clears", "does", "verdict"),
    [
        ("tearDownClass", "delete_lamp", "already right"),
        ("tearDownClass", "show_lamp", "cannot tell without the tree"),
        ("look", "delete_lamp", "cannot tell without the tree"),
    ],
)
def test_what_a_class_keeps_and_deletes_in_the_end_is_not_left_behind(tree, clears, does, verdict):
    (tree / "tests/test_one.py").write_text(KEEPS.format(clears=clears, does=does))
    assert verdicts(review(tree, "- line 19: the lamp is never deleted\n")) == [verdict]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("nobody looks at the outcome of the extend", "already right"),
        ("nobody looks at the outcome of the extend, is color_of_lamp what was asked for?",
         "cannot tell without the tree"),
        ("nobody looks at the outcome of prepare()", "cannot tell without the tree"),
    ],
)  # fmt: skip
def test_nothing_is_already_right_of_code_that_the_rule_did_not_look_at(tree, text, verdict):
    body = "self.prepare()\npass\nself.api.extend_lamp(lamp)\nself.wait_for_lamp(lamp)\n"
    body += "pass\nself.color_of_lamp = 1\n"
    assert verdicts(judged(tree, body, f"line {{2}}: {text}")) == [verdict]


@pytest.mark.parametrize(
    ("row", "text", "verdict"),
    [
        (0, "without a word on what it does", "reported only"),
        (20, "what for?", "not understood"),
    ],
)
def test_head_of_a_test_is_not_meant_by_a_remark_far_below(tree, row, text, verdict):
    said = judged(tree, "self.light(lamp)\n" * 30, f"line {FIRST - 1 + row}: {text}")
    assert verdicts(said) == [verdict], said.text


WAITED_FOR = """\
one = self.api.post_server({'server': {}})
self.addCleanup(self._wait_until_server_deleted, one)
self.addCleanup(self.api.delete_server, one['id'])
two = self.api.post_server({'server': {}})
self.addCleanup(self._wait_until_server_deleted, two)
self.addCleanup(self.api.delete_server, two['id'])
"""


@pytest.mark.parametrize(("row", "deleted"), [(0, 2), (3, 5)])
def test_line_of_a_deletion_is_that_of_the_thing_itself_and_no_wait(tree, row, deleted):
    answer = judged(tree, WAITED_FOR, f"line {{{row}}}: the server is never deleted")
    assert verdicts(answer) == ["already right"]
    assert f"creates, on line {FIRST + deleted}\n" in answer.text


def test_deletion_of_another_one_says_nothing(tree):
    body = "".join(WAITED_FOR.splitlines(keepends=True)[:4])
    answer = judged(tree, body, "line {3}: the server is never deleted")
    assert "creates, on line" not in answer.text
    assert "creates, on line" in judged(tree, body, "line {0}: the server is never deleted").text


PORTS = """\
import unittest


class OneTest(unittest.TestCase):

    def create_net(self):
        network = self.client.create_network()
        self.addCleanup(self.client.delete_network, network['id'])
        return network

    def test_pairs(self):
        network = self.create_net()
        ports = self.api.create_bulk_ports(network['id'])
        self.attach(ports){}
"""
CLEARS = "\n        self.addCleanup(self.api.delete_port, ports)"


@pytest.mark.parametrize(
    ("text", "verdict", "clears"),
    [
        ("these ports are never deleted", "reported only", ""),
        ("these ports are never deleted", "already right", CLEARS),
        ("the networks are never deleted", "already right", ""),
        ("the volumes are never deleted", "cannot tell without the tree", ""),
        ("what it creates is never deleted", "cannot tell without the tree", ""),
    ],
)
def test_only_what_is_named_is_said_to_be_right(tree, text, verdict, clears):
    (tree / "tests/test_one.py").write_text(PORTS.format(clears))
    said = review(tree, f"- tests/test_one.py, `test_pairs`: {text}")
    assert verdicts(said) == [verdict], said.text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("`test_two` asserts nothing at all", "already right"),
     ("`test_two` says that it fails, and no failure is asserted", "reported only")],
)  # fmt: skip
def test_assertion_in_a_helper_of_the_class_is_one(tree, text, verdict):
    run = "\n    def test_two(self):\n        self._create_lamp()\n"
    helper = "\n    def _create_lamp(self):\n        self.assertTrue(self.api.lamp())\n"
    body = f"{HEAD}        pass\n{run}{helper}"
    (tree / "tests/test_one.py").write_text(body)
    said = review(tree, f"- {text}\n")
    assert (verdicts(said), "but for `_create_lamp`" in said.text) == ([verdict], True), said.text
