"""Every way to reach an index only sometimes, or not at all, as lines with a place for the list."""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

# {s} is the list, {i} an index; none of these reaches the index where the list is empty.
SOMETIMES = {
    "message of an assert": "assert self.api, f'got {{{s}[{i}]}}'",
    "message of an assert, by %": "assert self.api, 'got %s' % {s}[{i}]",
    "message of an assert, in a call": "assert self.api, str({s}[{i}])",
    "message of a raise": "if self.api is None:\n    raise ValueError({s}[{i}])",
    "later operand of a chained comparison": "self.assertFalse('q' == 'r' == {s}[{i}])",
    "later operand of a chained comparison of indexes": (
        "self.assertFalse('q' == ({s} or 'x')[0] == {s}[{i}])"
    ),
    "third operand of a chained comparison": "assert not (1 < 0 < {s}[{i}]['ram'])",
    "chained comparison in a condition": "if 'q' == 'r' == {s}[{i}]:\n    self.fail()",
    "chained in": "self.assertFalse('q' in ('r',) == {s}[{i}])",
    "and": "self.assertFalse({s} is None and {s}[{i}])",
    "or": "self.assertTrue({s} is not None or {s}[{i}])",
    "and of itself": "found = {s} and {s}[{i}]\nself.assertIsNot(found, 0)",
    "not or": "self.assertFalse(not (self.api or {s}[{i}]))",
    "second branch of a ternary": "found = 1 if self.api else {s}[{i}]\nself.assertEqual(1, found)",
    "first branch of a ternary": "found = {s}[{i}] if {s} is None else 1\nself.assertEqual(1, found)",
    "condition of a comprehension": "self.assertEqual([], [x for x in () if {s}[{i}]])",
    "element of a comprehension": "self.assertEqual([], [{s}[{i}] for x in ()])",
    "element of a set comprehension": "self.assertEqual(set(), {{{s}[{i}]['id'] for x in ()}})",
    "value of a dict comprehension": "self.assertEqual({{}}, {{x: {s}[{i}] for x in ()}})",
    "second loop of a comprehension": "self.assertEqual([], [y for x in () for y in {s}[{i}]])",
    "generator never consumed": "found = ({s}[{i}] for _ in (1,))\nself.assertIsNotNone(found)",
    "generator in any": "self.assertTrue(any(x or {s}[{i}] for x in (1, 0)))",
    "generator function never consumed": (
        "def found():\n    yield {s}[{i}]\n\nself.assertIsNotNone(found())"
    ),
    "lambda never called": "found = lambda: {s}[{i}]\nself.assertIsNotNone(found)",
    "nested function never called": "def found():\n    return {s}[{i}]\n\nself.assertIsNotNone(found)",
    "default of a nested function in a branch": (
        "if self.api is None:\n    def found(x={s}[{i}]):\n        return x"
    ),
    "f-string of a branch": "text = '' if self.api else f'{{{s}[{i}]}}'\nself.assertEqual('', text)",
    "if": "if {s} is None:\n    self.fail({s}[{i}])",
    "if of the list": "if {s}:\n    self.assertIsNotNone({s}[0])",
    "else": "if self.api:\n    pass\nelse:\n    self.fail({s}[{i}])",
    "elif condition": "if self.api:\n    pass\nelif {s}[{i}]:\n    self.fail()",
    "loop over the list": "for each in {s}:\n    self.assertIsNotNone({s}[0], each)",
    "loop over nothing": "for _ in ():\n    self.fail({s}[{i}])",
    "loop with break": "for _ in (1,):\n    if self.api:\n        break\n    self.fail({s}[{i}])",
    "else of a loop": "for _ in (1,):\n    break\nelse:\n    self.fail({s}[{i}])",
    "after continue": "for _ in (1, 2):\n    if self.api:\n        continue\n    self.fail({s}[{i}])",
    "while condition, later operand": "while self.api is None and {s}[{i}]:\n    pass",
    "body of a while": "while self.api is None:\n    self.fail({s}[{i}])",
    "else of a while": "while True:\n    break\nelse:\n    self.fail({s}[{i}])",
    "after return": "if self.api:\n    return\nself.fail({s}[{i}])",
    "except": "try:\n    self.assertIsNotNone(self.api)\nexcept ValueError:\n    self.fail({s}[{i}])",
    "except IndexError": "try:\n    self.assertIsNotNone({s}[{i}])\nexcept IndexError:\n    pass",
    "except LookupError": "try:\n    self.assertIsNotNone({s}[{i}])\nexcept LookupError:\n    pass",
    "except Exception": "try:\n    found = {s}[{i}]\nexcept Exception:\n    found = None\nself.assertIsNot(found, 1)",
    "else of a try": (
        "try:\n    raise ValueError\nexcept ValueError:\n    pass\nelse:\n    self.fail({s}[{i}])"
    ),
    "after a raise in try": (
        "try:\n    self.api.get_server('missing')\n    self.fail({s}[{i}])\nexcept Exception:\n    pass"
    ),
    "with suppress": "with contextlib.suppress(IndexError):\n    self.assertIsNotNone({s}[{i}])",
    "after a raise in suppress": (
        "with contextlib.suppress(Exception):\n    self.api.get_server('missing')\n"
        "    self.assertIsNotNone({s}[{i}])"
    ),
    "index after an expected raise": (
        "with self.assertRaises(Exception):\n    self.assertIsNone(self.api.get_server('m'), {s}[{i}])"
    ),
    "index after an expected raise, as arguments": (
        "with self.assertRaises(Exception):\n    print(self.api.get_server('m'), {s}[{i}])"
    ),
    "index after an expected raise, as a subscript": (
        "with self.assertRaises(Exception):\n    self.api.get_server('m')[{s}[{i}]['id']]"
    ),
    "index after an expected raise, in a tuple": (
        "with self.assertRaises(Exception):\n    found = (self.api.get_server('m'), {s}[{i}])"
    ),
    "index after an expected raise, by +": (
        "with self.assertRaises(Exception):\n    found = self.api.get_server('m') + {s}[{i}]"
    ),
    "index after an expected raise, statement before": (
        "with self.assertRaises(Exception):\n    self.api.get_server('m')\n    print({s}[{i}])"
    ),
    "expected IndexError": "with self.assertRaises(IndexError):\n    {s}[9]\n",
    "expected IndexError of a function": "self.assertRaises(IndexError, lambda: {s}[9])",
    "expected IndexError by a keyword": (
        "with self.assertRaisesRegex(IndexError, 'range'):\n    print({s}[9])"
    ),
    "expected LookupError": "with self.assertRaises(LookupError):\n    print({s}[9])",
    "guard of a case": "match self.api:\n    case None if {s}[{i}]:\n        self.fail()",
    "body of a case": "match {s}:\n    case None:\n        self.fail({s}[{i}])",
    "case of a sequence": "match {s}:\n    case [_, *_]:\n        self.assertIsNotNone({s}[0])",
    "walrus in and": "self.assertFalse((n := 0) and {s}[{i}], n)",
    "message of a skip": "if self.api is None:\n    self.skipTest({s}[{i}]['id'])",
    "after a skip": "self.skipTest('later')\nself.fail({s}[{i}])",
    "length asked first": "if len({s}) > {i}:\n    self.assertIsNotNone({s}[{i}])",
    "length asked first, by a name": (
        "count = len({s})\nif count > {i}:\n    self.assertIsNotNone({s}[{i}])"
    ),
    "length asked in a loop": "for at in range(len({s})):\n    self.assertIsNotNone({s}[at])",
    "next of a generator": "found = next((x for x in (1, {s})), {s})\nself.assertTrue(found or {s}[{i}])",
    "conditional argument": "self.assertIsNotNone(self.api or {s}[{i}], self.api or {s}[0])",
    "slice of an and": "self.assertEqual([], [][:0 and {s}[{i}]['ram']])",
    "key of an empty dict": "self.assertIsNone({{}}.get(self.api) and {s}[{i}])",
    "partial never called": (
        "found = functools.partial(lambda: {s}[{i}])\nself.assertIsNotNone(found)"
    ),
    "class body in a branch": ("if self.api is None:\n    class Found:\n        it = {s}[{i}]"),
    "annotation of a local": "found: {s}[{i}] = 1\nself.assertEqual(1, found)",
    "bare annotation": "found: {s}[{i}]\nself.assertIsNotNone(self.api)",
    "del of another": "kept = {{'a': 1}}\ndel kept['a' or {s}[{i}]]\nself.assertEqual({{}}, kept)",
}
E = "client.OpenStackApiException"
# {f} fetches the list, where what follows may leave before the index.
FETCHED = {
    "expected raise, as arguments": (
        f"with self.assertRaises({E}):\n"
        "    {s} = {f}\n    print(self.api.get_server('m'), {s}[{i}])"
    ),
    "expected raise, as a subscript": (
        f"with self.assertRaises({E}):\n"
        "    {s} = {f}\n    print(self.api.get_server('m')[{s}[{i}]['id']])"
    ),
    "expected raise, in a tuple": (
        f"with self.assertRaises({E}):\n"
        "    {s} = {f}\n    found = self.api.get_server('m'), {s}[{i}]"
    ),
    "expected raise, by +": (
        f"with self.assertRaises({E}):\n"
        "    {s} = {f}\n    found = self.api.get_server('m') + {s}[{i}]"
    ),
    "expected raise, statement before": (
        f"with self.assertRaises({E}):\n"
        "    {s} = {f}\n    self.api.get_server('m')\n    print({s}[{i}])"
    ),
    "expected raise, by a pattern": (
        f"with self.assertRaisesRegex({E}, '404'):\n"
        "    {s} = {f}\n    print(self.api.get_server('m'), {s}[{i}])"
    ),
    "expected raise, of a function": (
        "def run():\n    {s} = {f}\n    return self.api.get_server('m'), {s}[{i}]\n\n"
        f"self.assertRaises({E}, run)"
    ),
    "expected raise, second item of with": (
        "{s} = {f}\n"
        f"with self.assertRaises({E}), self.subTest(\n"
        "        self.api.get_server('m'), it={s}[{i}]):\n    pass"
    ),
    "expected raise, with in with": (
        "{s} = {f}\n"
        f"with self.assertRaises({E}):\n"
        "    with self.subTest(self.api.get_server('m'), it={s}[{i}]):\n        pass"
    ),
    "raise in a try": (
        "try:\n    {s} = {f}\n    print(self.api.get_server('m'), {s}[{i}])\n"
        f"except {E}:\n    pass"
    ),
    "raise in suppress": (
        f"with contextlib.suppress({E}):\n"
        "    {s} = {f}\n    print(self.api.get_server('m'), {s}[{i}])"
    ),
    "raise in a try around a function": (
        "def run():\n    {s} = {f}\n    print(self.api.get_server('m'), {s}[{i}])\n\n"
        f"try:\n    run()\nexcept {E}:\n    pass"
    ),
    "function whose caller handles IndexError": (
        "def first():\n    {s} = {f}\n    return {s}[{i}]\n\n"
        "try:\n    first()\nexcept IndexError:\n    pass"
    ),
    "function that is to raise IndexError": (
        "def first():\n    {s} = {f}\n    {s}.clear()\n    return {s}[{i}]\n\n"
        "self.assertRaises(IndexError, first)"
    ),
    "function that is to raise LookupError": (
        "def first():\n    {s} = {f}\n    return {s}[9]\n\nself.assertRaises(LookupError, first)"
    ),
    "after a yield": (
        "def found():\n    {s} = {f}\n    yield 1\n    yield {s}[{i}]\n\n"
        "self.assertEqual(1, next(found()))"
    ),
    "in a yield": "def found():\n    {s} = {f}\n    yield {s}[{i}]\n\nself.assertTrue(found())",
    "in finally after a return": (
        "def found():\n    {s} = {f}\n    try:\n        return 1\n    finally:\n"
        "        if {s}:\n            print({s}[0])\n\nself.assertEqual(1, found())"
    ),
}
# {s} is a list that is indexed twice, so that one guard or two would do.
TWICE = {
    "two guards on one list": "self.assertIsNotNone({s}[0])\nif {s}[0] is None:\n    self.fail({s}[2])",
    "two guards, one in a branch": (
        "self.assertIsNotNone({s}[0])\nif len({s}) == 4:\n    self.assertIsNotNone({s}[3])"
    ),
    "two guards, one in a with": (
        "self.assertIsNotNone({s}[0])\nwith self.subTest():\n    self.assertIsNotNone({s}[1])"
    ),
    "two guards, one in a loop": (
        "self.assertIsNotNone({s}[0])\nfor at in ():\n    self.assertIsNotNone({s}[1], at)"
    ),
    "two guards, the first sometimes": (
        "if self.api is None:\n    self.fail({s}[3])\nself.assertIsNotNone({s}[0])"
    ),
    "two guards, list fetched again": (
        "self.assertIsNotNone({s}[0])\n{s} = []\nif {s}:\n    self.assertIsNotNone({s}[1])"
    ),
    "two guards in a statement": "self.assertTrue({s}[0] or {s}[3])",
    "two guards in a chain": "self.assertFalse('q' == {s}[0]['id'] == {s}[1]['id'])",
    "two guards in a comparison with and": "assert {s}[0]['id'] and ('x' or {s}[1]['id'])",
}
# A guard there says what is known: none is to be written.
KNOWN = {
    "after if len > 3": "if len({s}) > 3:\n    self.assertIsNotNone({s}[2])",
    "after n = len": "n = len({s})\nif n > 3:\n    self.assertIsNotNone({s}[2])",
    "after n = len, asserted": "n = len({s})\nself.assertGreater(n, 0)\nself.assertIsNotNone({s}[0])",
    "case [first, *_]": "match {s}:\n    case [first, *_]:\n        self.assertEqual(first, {s}[0])",
    "case [_, _, *_]": "match {s}:\n    case [_, _, *_]:\n        self.assertIsNotNone({s}[1])",
    "after unpacking": "first, *_ = {s}\nself.assertEqual(first, {s}[0])",
    "after assert len": "assert len({s}) >= 2\nself.assertIsNotNone({s}[1])",
    "after assertEqual len": "self.assertEqual(4, len({s}))\nself.assertIsNotNone({s}[1])",
    "after if not: fail": "if not {s}:\n    self.fail('none')\nself.assertIsNotNone({s}[0])",
    "after if len < 2: return": "if len({s}) < 2:\n    return\nself.assertIsNotNone({s}[1])",
    "after while not": "while not {s}:\n    self.fail('none')\nself.assertIsNotNone({s}[0])",
    "in if n := len": "if (n := len({s})) > 1:\n    self.assertIsNotNone({s}[1], n)",
}
# Nothing is found there today; an index that may fail is to be found.
NOT_FOUND = {
    "index in a while condition": ("while {s}[0] is None:\n    self.assertIsNotNone(self.api)"),
    "index after a slice": "{s} = {s}[1:]\nself.assertIsNotNone({s}[0])",
    "index after pop": "{s}.pop()\nself.assertIsNotNone({s}[0])",
    "index after pop(0)": "{s}.pop(0)\nself.assertIsNotNone({s}[0])",
}
