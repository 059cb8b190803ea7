"""Names that stand for others: of an exception that is caught, of what a patcher puts something in.

Also what a failure is told by later, and what looks at what a test created once that is deleted.
"""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from inputs.reflected import unseen

CREATE = "server = self.api.post_server({'server': {'name': 'x', 'networks': 'none'}})\n"
CHECK = "def check(self):\n    self.assertEqual(len('ab'), 3)\n"
NINTH = "def one(self):\n    found = self.api.get_servers()\n    return found[9]\n"
FETCH = "found = self.api.get_servers()\nself.assertTrue(found[0])\n"
# What the module has before its class, and what catches.
CALLED = {
    "constant": ("Missing = IndexError\n", "Missing"),
    "import": ("from builtins import IndexError as Missing\n", "Missing"),
    "constant of an import": (
        "from builtins import LookupError as Missing\nGone = Missing\n",
        "Gone",
    ),
    "tuple of a class that is bound again": (
        "class Gone(Exception):\n    pass\n\n\nGone = (Gone, IndexError)\n",
        "Gone",
    ),
}
FAILED = {
    "constant": ("Failed = AssertionError\n", "Failed"),
    "import": ("from builtins import AssertionError as Failed\n", "Failed"),
}
TOLD = {
    "handler that raises": (
        "except AssertionError:\n        raise ValueError\n",
        "error.__context__",
    ),
    "handler of all that raises": (
        "except Exception:\n        raise ValueError from OSError()\n",
        "error.__context__",
    ),
    "text that is raised": (
        "except Exception as told:\n        raise ValueError(str(told))\n",
        "error",
    ),
    "block that raises at its end": ("finally:\n        raise ValueError\n", "error.__context__"),
}
MOCK = "return_value=mock.MagicMock()"
# Lines that put something in the place of a method of the client, called {verb}_{kind}.
PUT = {
    "sum": "self.enterContext(mock.patch.object(type(self.api), '{verb}_' + '{kind}', {new}))\n",
    "local": "name = '{verb}_' + '{kind}'\nself.enterContext(mock.patch.object(type(self.api), name, {new}))\n",
    "f-string": "kind = '{kind}'\nself.enterContext(mock.patch.object(type(self.api), f'{verb}_{{kind}}', {new}))\n",
    "%": "self.enterContext(mock.patch.object(type(self.api), '{verb}_%s' % '{kind}', {new}))\n",
    "format": "self.enterContext(mock.patch.object(type(self.api), '{verb}_{{}}'.format('{kind}'), {new}))\n",
    "join": "self.enterContext(mock.patch.object(type(self.api), '_'.join(['{verb}', '{kind}']), {new}))\n",
    "loop": "for name in ('{verb}_{kind}',):\n    self.enterContext(mock.patch.object(type(self.api), name, {new}))\n",
    "constant": "self.enterContext(mock.patch.object(type(self.api), NAME, {new}))\n",
    "attribute": "self.enterContext(mock.patch.object(type(self.api), self.NAME, {new}))\n",
    "path": "self.enterContext(mock.patch('nova.tests.functional.api.client.TestOpenStackClient.{verb}_' + '{kind}', {new}))\n",
    "keys": "self.enterContext(mock.patch.multiple(type(self.api), **{{'{verb}_' + '{kind}': mock.MagicMock({new})}}))\n",
    "dict": "self.enterContext(mock.patch.dict(vars(self.api), {{'{verb}_' + '{kind}': mock.MagicMock({new})}}))\n",
    "setattr": "setattr(self.api, '{verb}_' + '{kind}', mock.MagicMock({new}))\n",
}
KEPT = f"{CREATE}kept.append(server['id'])\n"
LOOKED = {
    "request": "self.addCleanup(lambda: [self.api.api_get('/servers/' + it) for it in kept])\n",
    "request by a local": "path = '/servers/'\nself.addCleanup(lambda: [self.api.api_get(path + it) for it in kept])\n",
    "request by a constant": "self.addCleanup(lambda: [self.api.api_get(PATH + it) for it in kept])\n",
    "request that is lent": "self.addCleanup(lambda: [functools.partial(self.api.api_get, '/servers/' + it)() for it in kept])\n",
    "action": "self.addCleanup(lambda: [self.api.post_server_action(it, {'os-stop': None}) for it in kept])\n",
}
SPIED = {
    "attribute": "sent = []\nreal = self.api.api_request\nself.addCleanup(lambda: self.assertEqual(1, len(sent)))\nself.api.api_request = lambda *args, **kwargs: sent.append(args) or real(*args, **kwargs)\n",
    "patch": "spy = mock.patch.object(self.api, 'api_request', wraps=self.api.api_request).start()\nself.addCleanup(lambda: self.assertEqual(1, spy.call_count))\n",
    "patch by a text": "spy = mock.patch.object(self.api, 'api_' + 'request', wraps=self.api.api_request).start()\nself.addCleanup(lambda: self.assertEqual(1, spy.call_count))\n",
    "path": "real, sent = type(self.api).api_request, []\n\ndef spy(*args, **kwargs):\n    sent.append(args)\n    return real(*args, **kwargs)\n\nself.enterContext(mock.patch('nova.tests.functional.api.client.TestOpenStackClient.api_request', spy))\nself.addCleanup(lambda: self.assertEqual(1, len(sent)))\n",
}


def _named(verb: str, kind: str) -> dict[str, str]:
    """Return what a module and a class have that lines of `PUT` name."""
    return {
        "head": f"import functools\n\nNAME = '{verb}_' + '{kind}'\nPATH = '/servers/'\n",
        "members": f"NAME = '{verb}_' + '{kind}'\n\n",
    }


KINDS = [
    *(
        unseen(
            "FT201",
            f"caught under another name by {name}",
            f"try:\n    self.one()\nexcept {caught}:\n    pass\n",
            head=head,
            others=NINTH,
        )
        for name, (head, caught) in CALLED.items()
    ),
    unseen(
        "FT201",
        "suppressed by an import",
        "with contextlib.suppress(Missing):\n    self.one()\n",
        head=CALLED["import"][0],
        others=NINTH,
    ),
    unseen(
        "FT201",
        "caught in place by a constant",
        "found = self.api.get_servers()\nself.api.get_flavors()\ntry:\n    self.assertTrue(found[9])\nexcept Missing:\n    pass\n",
        head=CALLED["constant"][0],
    ),
    *(
        unseen(
            "FT201",
            f"put by {name}",
            line.format(verb="get", kind="servers", new=MOCK) + FETCH,
            **_named("get", "servers"),
        )
        for name, line in PUT.items()
    ),
    *(
        unseen(
            "FT301",
            f"deletion put by {name}",
            line.format(verb="delete", kind="server", new="side_effect=ValueError") + CREATE,
            **_named("delete", "server"),
        )
        for name, line in PUT.items()
        if name not in ("sum", "path")  # set up once more below
    ),
    unseen(
        "FT301",
        "deletion put by what prepares",
        f"{CREATE}self.assertTrue(server)\n",
        set_up="mock.patch.object(self.api, 'delete_' + 'server', side_effect=ValueError).start()\n",
    ),
    *(
        unseen(
            "FT301",
            f"looked at later by {name}",
            f"kept = []\n{line}{KEPT}",
            **_named("get", "server"),
        )
        for name, line in LOOKED.items()
    ),
    *(
        unseen("FT301", f"requests seen by {name}", f"{line}{CREATE}")
        for name, line in SPIED.items()
    ),
    *(
        unseen(
            "FT603",
            f"failure caught by {name}",
            f"try:\n    self.check()\nexcept {caught} as error:\n    self.assertIn('2 != 3', str(error))\n",
            head=head,
            others=CHECK,
        )
        for name, (head, caught) in FAILED.items()
    ),
    *(
        unseen(
            "FT603",
            f"failure told by {name}",
            f"try:\n    try:\n        self.check()\n    {line}except ValueError as error:\n    self.assertIn('2 != 3', str({read}))\n",
            others=CHECK,
        )
        for name, (line, read) in TOLD.items()
    ),
]
