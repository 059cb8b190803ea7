"""What FT501, FT601 and FT603 rely on: moves end, nothing reads docstrings or replaces asserts."""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from random import Random

from inputs.shapes import Kind, module

MOVE = (
    "self.admin_api.post_server_action(\n    server['id'],\n"
    "    {{'os-migrateLive': {{'host': '{host}', 'block_migration': 'auto'}}}})\n"
)
WAIT = (
    "def _wait_for_migration_status(self, server, expected_statuses):\n"
    "    for migration in self.admin_api.get_migrations():\n"
    "        if migration['instance_uuid'] == server['id']:\n"
    "            if migration['status'] in expected_statuses:\n"
    "                return migration\n"
    "    self.fail('no such migration')\n\n"
)
CHECKS = (
    "server = self._wait_for_state_change(server, 'ACTIVE')\n"
    "self.assertEqual('{host}', server['OS-EXT-SRV-ATTR:host'])\n",
    "server = self.api.get_server(server['id'])\n"
    "self.assertEqual('{host}', server['OS-EXT-SRV-ATTR:host'])\n",
)
# Lines between the server and the move, with which its record does not come to "completed".
NEVER = {
    "a client that lists none": "self.admin_api.get_migrations = lambda: []",
    "setattr of the client": "setattr(self.admin_api, 'get_migrations', lambda: [])",
    "a wait of its own": "self._wait_for_migration_status = None",
    "a patch": "self.enterContext(mock.patch.object(self.admin_api, 'get_migrations', return_value=[]))",
    "a patch by name": (
        "self.enterContext(mock.patch(\n"
        "    'nova.tests.functional.api.client.TestOpenStackClient.get_migrations',\n"
        "    return_value=[]))"
    ),
    "another client": "self.admin_api = self.api",
    "nothing": "self.assertIsNotNone(self.admin_api)",
}
# How a test reads its own docstring, or text.
DOCUMENTED = {
    "__doc__": "self.assertIsNone(type(self).{test}.__doc__)",
    "_testMethodDoc": "self.assertIsNone(self._testMethodDoc)",
    "getattr": "self.assertIsNone(getattr(type(self).{test}, '__do' + 'c__'))",
    "shortDescription": "self.assertIsNone(self.shortDescription())",
    "co_consts": "self.assertIsNone(type(self).{test}.__code__.co_consts[0])",
    "getsource": "self.assertIn('# ' + 'T', inspect.getsource(type(self).{test}))",
    "getdoc": "self.assertIsNone(inspect.getdoc(getattr(self, self._testMethodName)))",
}
COMMENTS = (
    "# Test that a server has a name when it was created",
    "# Tests that the flavors are listed",
    "# Verify that a server can be found",
)


def _never(name: str, line: str) -> Kind:
    def make(random: Random) -> str:
        host = random.choice(("compute2", "host2"))
        body = "server = self._create_server(networks='none')\n"
        body += "self.addCleanup(self.api.delete_server, server['id'])\n"
        body += f"{line}\n{MOVE}{random.choice(CHECKS)}".replace("{host}", host)
        body = body.replace("{{", "{").replace("}}", "}")
        imports = ["from unittest import mock"] if "mock." in line else []
        return module(random, body, members=WAIT, imports=imports)

    return Kind("FT501", f"migration that is not seen to end: {name}", make)


def _documented(name: str, line: str) -> Kind:
    def make(random: Random) -> str:
        text = module(
            random,
            f"{random.choice(COMMENTS)}\n{line}\n",
            first=False,
            imports=["import inspect"] if "inspect" in line else [],
        )
        test = text.rpartition("def test_")[2] if text.count("def test_") == 1 else ""
        test = test or text.partition("def test_")[2]
        return text.replace("{test}", f"test_{test.partition('(')[0]}")

    return Kind("FT601", f"docstring read by {name}", make)


def _decorated(random: Random) -> str:
    """Return a test whose decorator looks whether it has a docstring."""
    head = "def plain(function):\n    assert not function.__doc__\n    return function\n"
    body = f"{random.choice(COMMENTS)}\nself.assertTrue(self.api)\n"
    return module(random, body, first=False, head=head, decorators="@plain\n")


def _replaced(random: Random) -> str:
    """Return a test that looks at how an assertion was called."""
    number = random.randrange(2, 9)
    body = (
        "with mock.patch.object(self, 'assertEqual') as told:\n"
        f"    self.assertEqual(len(self.api.get_flavors()), {number})\n"
        f"self.assertEqual(({number}), told.call_args[0][1])\n"
    )
    return module(random, body, imports=["from unittest import mock"])


KINDS = [
    *(_never(*it) for it in NEVER.items()),
    *(_documented(*it) for it in DOCUMENTED.items()),
    Kind("FT601", "docstring read by a decorator", _decorated),
    Kind("FT603", "assertion that is replaced", _replaced),
]
