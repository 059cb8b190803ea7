"""What runs tests and their helpers without calling them, and meets what a fix adds there.

Callers of callers, hooks, cleanups, threads, and stand-ins for what a wait or a creation asks.
"""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from inputs.reflected import unseen

CREATE = "server = self.api.post_server({'server': {'name': 'x', 'networks': 'none'}})\n"
FAILS = "self.assertEqual(len('ab'), 3)\n"
NINTH = "def one(self):\n    found = self.api.get_servers()\n    return found[9]\n"
QUIET = (
    "def quiet(function):\n    def inner(self):\n        try:\n            return function(self)\n"
    "        except IndexError:\n            return None\n    return inner\n"
)
CAUGHT = {
    "constant": (
        "ERRORS = (IndexError, KeyError)\n",
        "",
        "try:\n    self.one()\nexcept ERRORS:\n    pass\n",
    ),
    "attribute": (
        "",
        "errors = (IndexError,)\n\n",
        "try:\n    self.one()\nexcept self.errors:\n    pass\n",
    ),
    "function": (
        "def errors():\n    return IndexError\n",
        "",
        "try:\n    self.one()\nexcept errors():\n    pass\n",
    ),
    "looked at": (
        "",
        "",
        "try:\n    self.one()\nexcept Exception as error:\n    if not isinstance(error, IndexError):\n        raise\n",
    ),
    "two calls up": (
        "",
        "def two(self):\n    return self.one()\n\n",
        "try:\n    self.two()\nexcept IndexError:\n    pass\n",
    ),
    "expected two calls up": (
        "",
        "def two(self):\n    return self.one()\n\n",
        "with self.assertRaises(IndexError):\n    self.two()\n",
    ),
    "of a dict": (
        "",
        "",
        "for check in {'one': self.one}.values():\n    try:\n        check()\n    except IndexError:\n        pass\n",
    ),
    "getattr": ("", "", "try:\n    getattr(self, 'one')()\nexcept IndexError:\n    pass\n"),
    "pool": (
        "",
        "",
        "with futures.ThreadPoolExecutor(1) as pool:\n    error = pool.submit(self.one).exception()\nself.assertIsInstance(error, IndexError)\n",
    ),
    "wrapped in the class": (QUIET, "", "self.assertIsNone(self.one())\n"),
    "getattr of a text put together": (
        "",
        "",
        "try:\n    getattr(self, 'o' + 'ne')()\nexcept IndexError:\n    pass\n",
    ),
    "loop over what is indexed": (
        "class Pages:\n    def __init__(self, case):\n        self.case = case\n\n"
        "    def __getitem__(self, at):\n        return self.case.one()\n",
        "",
        "for page in Pages(self):\n    self.fail(page)\n",
    ),
    "__getitem__ of its class": (
        "",
        "def __getitem__(self, at):\n    found = self.api.get_servers()\n    return found[9]\n\n",
        "self.assertNotIn('x', self)\n",
    ),
    "suppress under another name": (
        "from contextlib import suppress as ignored\n",
        "",
        "with ignored(IndexError):\n    self.one()\n",
    ),
    "suppress kept by its module": (
        "QUIET = contextlib.suppress(IndexError)\n",
        "",
        "with QUIET:\n    self.one()\n",
    ),
    "suppress kept by an attribute": (
        "",
        "def quiet(self):\n    self.ignored = contextlib.suppress(IndexError)\n\n",
        "self.quiet()\nwith self.ignored:\n    self.one()\n",
    ),
    "assertRaises under another name": (
        "",
        "",
        "raises = self.assertRaises\nwith raises(IndexError):\n    self.one()\n",
    ),
    "stack that is entered first": (
        "",
        "",
        "stack = contextlib.ExitStack()\nstack.enter_context(contextlib.suppress(IndexError))\nwith stack:\n    self.one()\n",
    ),
    "stack that is told": (
        "",
        "",
        "with contextlib.ExitStack() as stack:\n    stack.push(lambda *told: told[0] is IndexError)\n    self.one()\n",
    ),
    "stack that a helper fills": (
        "def fill(stack):\n    stack.enter_context(contextlib.suppress(IndexError))\n",
        "",
        "with contextlib.ExitStack() as stack:\n    fill(stack)\n    self.one()\n",
    ),
}
RUNS = {
    "_callTestMethod": "def _callTestMethod(self, method):\n    try:\n        method()\n    except LookupError:\n        pass\n",
    "run": "def run(self, result=None):\n    method = getattr(self, self._testMethodName)\n\n    def quietly():\n        try:\n            method()\n        except IndexError:\n            pass\n    setattr(self, self._testMethodName, quietly)\n    return super().run(result)\n",
}
SWEEP = "def sweep(case):\n    for it in case.api.get_servers():\n        if it['name'] == 'x':\n            case.api.delete_server(it['id'])\n"
LEFT = "self.api.get_servers()\nself.assertTrue(server)\n"
SWEPT = {
    "function": (SWEEP, "", "sweep(self)\n"),
    "list of functions": (
        f"{SWEEP}\n\nSTEPS = [sweep]\n",
        "",
        "for step in STEPS:\n    step(self)\n",
    ),
    "thread": (
        SWEEP,
        "",
        "thread = threading.Thread(target=sweep, args=(self,))\nthread.start()\nthread.join()\n",
    ),
    "tearDown that is bound": (SWEEP, "tearDown = sweep\n\n", LEFT),
    "lambda": (
        "",
        "tearDown = lambda self: [self.api.delete_server(it['id']) for it in self.api.get_servers() if it['name'] == 'x']\n\n",
        LEFT,
    ),
    "setter": (
        "",
        "@property\ndef server(self):\n    return None\n\n@server.setter\ndef server(self, value):\n    self.addCleanup(self.api.delete_server, value['id'])\n\n",
        "self.server = server\n",
    ),
    "__setattr__": (
        "",
        "def __setattr__(self, name, value):\n    super().__setattr__(name, value)\n    if name == 'server':\n        self.addCleanup(self.api.delete_server, value['id'])\n\n",
        "self.server = server\n",
    ),
    "descriptor": (
        "class Dropped:\n    def __set__(self, case, value):\n        case.addCleanup(case.api.delete_server, value['id'])\n",
        "server = Dropped()\n\n",
        "self.server = server\n",
    ),
    "tearDownClass": (
        "",
        "@classmethod\ndef tearDownClass(cls):\n    api, server_id = cls.kept\n    api.delete_server(server_id)\n    super().tearDownClass()\n\n",
        "type(self).kept = self.api, server['id']\n",
    ),
    "fixture that is given nothing": (
        "KEPT = []\n\n\nclass Drop(fixtures.Fixture):\n    def setUp(self):\n        super().setUp()\n        self.addCleanup(self.drop)\n\n    def drop(self):\n        for api, server_id in KEPT:\n            api.delete_server(server_id)\n        KEPT.clear()\n",
        "",
        "self.useFixture(Drop())\nKEPT.append((self.api, server['id']))\n",
    ),
    "verb in other letters": (
        "",
        "",
        "self.api.api_request('/servers/%s' % server['id'], 'delete'.upper(), expected=(204,))\n",
    ),
    "verb": (
        "class Verb(enum.Enum):\n    DELETE = 'DELETE'\n",
        "",
        "self.api.api_request('/servers/%s' % server['id'], Verb.DELETE.value, expected=(204,))\n",
    ),
}
LOOKED_AT = {
    "method": (
        "self.addCleanup(self.check)\n",
        "def check(self):\n    self.assertTrue([it for it in self.api.get_servers() if it['name'] == 'x'])\n",
    ),
    "tearDownClass": (
        "type(self).kept = self.api\n",
        "@classmethod\ndef tearDownClass(cls):\n    assert [it for it in cls.kept.get_servers() if it['name'] == 'x']\n    super().tearDownClass()\n",
    ),
    "lambda": (
        "self.made = []\nself.addCleanup(lambda: [self.api.get_server(it) for it in self.made])\n",
        "",
    ),
}
WITNESSES = {
    "handler": "try:\n    self.check()\nexcept AssertionError as error:\n    self.assertIn('2 != 3', str(error))\n",
    "expected": "self.assertRaisesRegex(AssertionError, '2 != 3', self.check)\n",
    "lambda": "self.assertRaisesRegex(AssertionError, '2 != 3', lambda: self.check())\n",
    "stack": "with contextlib.ExitStack() as stack:\n    stack.push(lambda kind, error, trace: '2 != 3' in str(error))\n    self.check()\n",
    "block": "with Told() as told:\n    self.check()\nself.assertIn('2 != 3', told.text)\n",
}
TOLD = "class Told:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, kind, error, trace):\n        self.text = str(error)\n        return True\n"
MOVE = (
    "server = self._create_server(networks='none')\n"
    "self.addCleanup(self.api.delete_server, server['id'])\n"
    "self.admin_api.post_server_action(\n    server['id'],\n"
    "    {'os-migrateLive': {'host': 'compute2', 'block_migration': 'auto'}})\n"
    "server = self._wait_for_state_change(server, 'ACTIVE')\n"
    "self.assertEqual('compute2', server['OS-EXT-SRV-ATTR:host'])\n"
)
WAIT = (
    "def _wait_for_migration_status(self, server, expected_statuses):\n"
    "    for migration in self.admin_api.get_migrations():\n"
    "        if migration['instance_uuid'] == server['id']:\n"
    "            if migration['status'] in expected_statuses:\n                return migration\n"
    "    self.fail('no such migration')\n\n"
)
REPLACED = {
    "setUp": ("", "self.admin_api.get_migrations = lambda: []\n", ""),
    "vars": ("", "vars(self.admin_api)['get_migrations'] = lambda: []\n", ""),
    "wait": ("", "self._wait_for_migration_status = None\n", ""),
    "wait by a text": ("", "setattr(self, '_wait_for_' + 'migration_status', None)\n", ""),
    "function": (
        "def quiet(case):\n    case.admin_api.get_migrations = list\n",
        "quiet(self)\n",
        "",
    ),
    "client": (
        "class Client(client.TestOpenStackClient):\n    def get_migrations(self):\n        return []\n",
        "self.admin_api = Client('admin', self.api.base_url, 'demo')\n",
        "",
    ),
    "request": (
        "",
        "seen = []\nreal = self.admin_api.api_request\nself.admin_api.api_request = lambda *a, **k: seen.append(a) or real(*a, **k)\nself.addCleanup(lambda: self.assertEqual(1, len(seen)))\n",
        "",
    ),
    "heir": (
        "",
        "",
        "class Heir({case}):\n    def _wait_for_migration_status(self, server, expected_statuses):\n        self.fail('never')\n",
    ),
}

KINDS = [
    *(
        unseen(
            "FT201",
            f"caught by {name}",
            body,
            head=head,
            others=f"{others}{NINTH}" + ("\none = quiet(one)\n" if head == QUIET else ""),
        )
        for name, (head, others, body) in CAUGHT.items()
    ),
    *(
        unseen(
            "FT201",
            f"tests run by {name}",
            "found = self.api.get_servers()\nself.assertTrue(found[9])\n",
            others=line,
        )
        for name, line in RUNS.items()
    ),
    unseen(
        "FT201",
        "client of its own, whose pages have no length",
        "api = Client()\nfound = api.get_servers()\nself.assertEqual(1, found[0])\n",
        head="class Pages:\n    def __getitem__(self, at):\n        return 1\n\n\nclass Client:\n    def get_servers(self):\n        return Pages()\n",
    ),
    unseen(
        "FT201",
        "wrapped below",
        "found = self.api.get_servers()\nself.assertTrue(found[9])\n",
        head=QUIET,
        tail="for name in [it for it in dir({case}) if it.startswith('test')]:\n    setattr({case}, name, quiet(getattr({case}, name)))\n",
    ),
    *(
        unseen("FT301", f"deleted by {name}", f"{CREATE}{body}", head=head, members=members)
        for name, (head, members, body) in SWEPT.items()
    ),
    *(
        unseen(
            "FT301",
            f"looked at by a {name}",
            CREATE
            + (
                "self.made.append(server['id'])\n"
                if "made" in first
                else "self.assertTrue(server)\n"
            ),
            set_up=first,
            others=others,
        )
        for name, (first, others) in LOOKED_AT.items()
    ),
    unseen(
        "FT301",
        "creation that is replaced",
        "server = self.api.post_server({})\nself.assertEqual('x', server['id'])\n",
        set_up="self.api.post_server = lambda body: {'id': 'x'}\n",
    ),
    *(
        unseen(
            "FT501", f"replaced by {name}", MOVE, head=head, members=WAIT, set_up=line, tail=tail
        )
        for name, (head, line, tail) in REPLACED.items()
    ),
    *(
        unseen(
            "FT603",
            f"failure read by a {name}",
            body,
            head=TOLD if "Told" in body else "",
            others=f"def check(self):\n    {FAILS}",
        )
        for name, body in WITNESSES.items()
    ),
    unseen(
        "FT603",
        "self of a comprehension",
        "[self.assertEqual(len('ab'), 3) for self in [Checker()]]\n",
        head="class Checker:\n    def assertEqual(self, one, two):\n        assert one < two\n",
    ),
]
