"""Every way to run a helper that indexes a list so that an index error is dealt with or expected.

And words of a guard that mean something else than they say.
"""

from __future__ import annotations

from random import Random

from inputs.shapes import Kind, module

FIRST = "def first(self{}):\n    found = self.api.get_servers()\n    return found[0]\n"
NOBODY = (
    "def first(self, name='nobody'):\n"
    "    found = self.api.get_servers(search_opts={'name': name})\n"
    "    return found[9]\n"
)
TRIES = (
    "def {}(function):\n    def inner(*args):\n        try:\n            return function(*args)\n"
    "        except IndexError:\n            return True\n    return inner\n"
)
INDEXED = "found = self.api.get_servers()\nself.assertTrue(found[0])"
# What stands above the class, in its body, and in the test.
RUNS = {
    "decorator that deals with it": (
        TRIES.format("dealing"),
        f"@dealing\n{FIRST.format('')}",
        "self.assertTrue(self.first())",
    ),
    "decorator that retries": (
        TRIES.format("retry"),
        f"@retry\n{FIRST.format('')}",
        "self.assertTrue(self.first())",
    ),
    "given to what expects IndexError": ("", NOBODY, "self.assertRaises(IndexError, self.first)"),
    "given to what expects a text": (
        "",
        NOBODY,
        "self.assertRaisesRegex(IndexError, 'range', self.first)",
    ),
    "in a lambda for what expects it": (
        "",
        NOBODY,
        "self.assertRaises(LookupError, lambda: self.first('x'))",
    ),
    "in a block that expects it": (
        "",
        NOBODY,
        "with self.assertRaises(LookupError):\n    self.first('x')",
    ),
    "in a block that drops it": (
        "",
        NOBODY,
        "with contextlib.suppress(IndexError):\n    self.first('x')",
    ),
    "stack that drops it": (
        "",
        "",
        "with contextlib.ExitStack() as stack:\n"
        "    stack.enter_context(contextlib.suppress(IndexError))\n"
        "    found = self.api.get_servers()\n    print(found[9])",
    ),
    "self bound again": (
        "",
        "",
        "api = self.api\nself = None\nfound = api.get_servers()\nassert found[0] is not self",
    ),
    "len of the module": ("def len(it):\n    return 0\n", "", INDEXED),
    "len of the test": ("", "", f"len = id\nself.assertTrue(len)\n{INDEXED}"),
    "assertion of the class": (
        "",
        "def assertGreater(self, one, other):\n    self.fail('never')\n",
        INDEXED,
    ),
    "assertion that is replaced": (
        "",
        "",
        "with mock.patch.object(self, 'assertGreater', side_effect=ValueError):\n"
        "    found = self.api.get_servers()\n    self.assertTrue(found[0])",
    ),
}
IMPORTS = {"contextlib.": "import contextlib", "mock.": "from unittest import mock"}


def _kind(name: str, head: str, others: str, body: str) -> Kind:
    def make(random: Random) -> str:
        imports = [told for needed, told in IMPORTS.items() if needed in body]
        return module(random, f"{body}\n", head=head, others=others, imports=imports)

    return Kind("FT201", f"run: {name}", make)


def _expected_to_fail(random: Random) -> str:
    decorators = "@unittest.expectedFailure\n"
    body = "found = self.api.get_servers()\nself.assertEqual(0, found[0])\n"
    return module(random, body, imports=["import unittest"], decorators=decorators)


def _reads_itself(name: str, statement: str) -> Kind:
    def make(random: Random) -> str:
        uuid = "2f1c3b8e-8d4c-4a57-9c1e-7a5d2f1c3b8e"
        body = f"{statement}\nself.api.post_server_volume('x', {{'volumeId': '{uuid}'}})\n"
        imports = ["import inspect"] if "inspect." in statement else []
        return module(random, body, imports=imports)

    return Kind("FT101", f"module read: {name}", make)


KINDS = [
    *(_kind(name, *it) for name, it in RUNS.items()),
    Kind("FT201", "run: test that is expected to fail", _expected_to_fail),
    _reads_itself(
        "source",
        "text = inspect.getsource(type(self))\nself.assertIn('2f1c3b8e-8d4c', text)",
    ),
    _reads_itself("names", "self.assertNotIn('VOLUME_ID', globals())"),
]
