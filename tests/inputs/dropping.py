"""Further ways to drop or read an exception, to keep a list, and to be told what a fix changes.

Context managers that no name shows, decorators kept elsewhere, attributes that a class has a hand in.
"""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from inputs.reflected import ATTACH, COMMENT, HOST, unseen

NINTH = "def one(self):\n    found = self.api.get_servers()\n    return found[9]\n"
CREATE = "server = self.api.post_server({'server': {'name': 'x', 'networks': 'none'}})\n"
CHECK = "def check(self):\n    self.assertEqual(len('ab'), 3)\n"
WRAPS = "def quiet(function):\n    def inner(self):\n        try:\n            return function(self)\n        except IndexError:\n            return None\n    return inner\n"
LEAVES = "class Quiet(contextlib.ContextDecorator):\n    def __enter__(self):\n        return self\n\n    def __exit__(self, kind, error, trace):\n        return kind is IndexError\n"
# What stands before the class, and what a helper with an index is run in.
AROUND = {
    "heir": ("class Quiet(contextlib.suppress):\n    pass\n", "Quiet(IndexError)"),
    "partial": (
        "import functools\nquiet = functools.partial(contextlib.suppress, IndexError)\n",
        "quiet()",
    ),
    "lambda": ("quiet = lambda: contextlib.suppress(IndexError)\n", "quiet()"),
    "choice": ("", "contextlib.suppress(IndexError) if self.api else contextlib.nullcontext()"),
    "or": ("", "None or contextlib.suppress(IndexError)"),
    "walrus": ("", "(quiet := contextlib.suppress(IndexError))"),
    "dict": ("QUIET = {'it': contextlib.suppress(IndexError)}\n", "QUIET['it']"),
}
WRAPPED = {
    "class": (LEAVES, "@Quiet()\n"),
    "alias": (f"{WRAPS}\n\nsilently = quiet\n", "@silently\n"),
    "list": (f"{WRAPS}\n\nquiets = [quiet]\n", "@quiets[0]\n"),
    "generator": (
        "@contextlib.contextmanager\ndef quiet():\n    with contextlib.suppress(IndexError):\n        yield\n",
        "@quiet()\n",
    ),
}
PAGES = "class Pages:\n    def __getitem__(self, at):\n        return {'id': 1}\n"
KEPT = "self.found = self.api.get_servers()\n"
INDEXED = "self.assertTrue(self.found[9])\n"
# Members of a class, and lines of a test, that change what an attribute holds.
CHANGED = {
    "property": (
        "@property\ndef found(self):\n    return Pages()\n\n@found.setter\ndef found(self, value):\n    pass\n\n",
        "",
    ),
    "__setattr__": (
        "def __setattr__(self, name, value):\n    super().__setattr__(name, Pages() if name == 'found' else value)\n\n",
        "",
    ),
    "patch": ("", "self.enterContext(mock.patch.object(self, 'found', Pages()))\n"),
    "vars": ("", "vars(self)['found'] = Pages()\n"),
    "function": ("", "fill(self)\n"),
    "text": ("", "setattr(self, 'fo' + 'und', Pages())\n"),
}
READS = {
    "format_exc": "try:\n    self.check()\nexcept AssertionError:\n    self.assertIn('2 != 3', traceback.format_exc())\n",
    "exc_info": "try:\n    self.check()\nexcept AssertionError:\n    self.assertIn('2 != 3', str(sys.exc_info()[1]))\n",
    "future": "with futures.ThreadPoolExecutor(1) as pool:\n    told = pool.submit(self.check).exception()\nself.assertIn('2 != 3', str(told))\n",
}
ATTRIBUTES = {
    "hasattr of another": "other = copy.copy(self)\nself.assertFalse(hasattr(other, 'HOST' + '1'))\n",
    "autospec": "spec = mock.create_autospec(type(self))\nself.assertFalse(hasattr(spec, 'HOST' + '1'))\n",
}

KINDS = [
    *(
        unseen(
            "FT201",
            f"dropped by {name}",
            f"with {context}:\n    self.one()\n",
            head=head,
            others=NINTH,
        )
        for name, (head, context) in AROUND.items()
    ),
    unseen(
        "FT201",
        "dropped by what it is given",
        "self.run_in(contextlib.suppress(IndexError))\n",
        others=f"def run_in(self, context):\n    with context:\n        self.one()\n\n{NINTH}",
    ),
    *(
        unseen(
            "FT201", f"wrapped by {name}", "self.one()\n", head=head, others=f"{decorator}{NINTH}"
        )
        for name, (head, decorator) in WRAPPED.items()
    ),
    *(
        unseen(
            "FT201",
            f"kept list changed by {name}",
            f"{line}{INDEXED}",
            head=f"{PAGES}\n\ndef fill(case):\n    case.found = Pages()\n",
            members=members,
            set_up=KEPT,
        )
        for name, (members, line) in CHANGED.items()
    ),
    unseen(
        "FT201",
        "list of a fake client",
        "self.api = mock.MagicMock()\nfound = self.api.get_servers()\nself.assertTrue(found[0])\n",
    ),
    unseen(
        "FT201",
        "assertion that an heir has",
        "found = self.api.get_servers()\nself.assertTrue(found[0])\n",
        tail="class Heir({case}):\n    def assertGreater(self, one, two, msg=None):\n        raise ValueError\n",
    ),
    *(
        unseen("FT603", f"failure read by {name}", line, others=CHECK)
        for name, line in READS.items()
    ),
    unseen(
        "FT603",
        "comparison of its own",
        "getattr(self, 'addTypeEquality' + 'Func')(int, self.differs)\nself.assertEqual(len('ab'), 3)\n",
        others="def differs(self, one, two, msg=None):\n    assert one < two\n",
    ),
    *(
        unseen("FT102", f"attribute asked by {name}", f"{HOST}{line}")
        for name, line in ATTRIBUTES.items()
    ),
    unseen(
        "FT102",
        "attribute given by __getattr__",
        f"{HOST}self.assertEqual('made', getattr(self, 'HO' + 'ST1'))\n",
        others="def __getattr__(self, name):\n    if name.startswith('HOST'):\n        return 'made'\n    raise AttributeError(name)\n",
    ),
    unseen(
        "FT101",
        "body of a class that sets names",
        ATTACH.replace(
            "self.api", "class Box:\n    vars()['VOLUME' + '_ID'] = 3\n    body = {BODY}\nself.api"
        ).replace("{BODY}", ATTACH.partition("'x', ")[2].rstrip(")\n")),
    ),
    unseen(
        "FT101",
        "module that makes names",
        f"{ATTACH}self.assertEqual('made', getattr(sys.modules[type(self).__module__], 'VOLUME_' + 'ID'))\n",
        tail="def __getattr__(name):\n    if name.isupper():\n        return 'made'\n    raise AttributeError(name)\n",
    ),
    unseen(
        "FT301",
        "looked at by a cleanup of the class",
        f"{CREATE}self.addClassCleanup(self.api.get_server, server['id'])\n",
    ),
    unseen(
        "FT301",
        "looked at by tearDownModule",
        f"{CREATE}LEFT.append((self.api, server['id']))\n",
        head="LEFT = []\n\n\ndef tearDownModule():\n    for api, server_id in LEFT:\n        api.get_server(server_id)\n    LEFT.clear()\n",
    ),
    unseen(
        "FT601",
        "docstring asked by a name of the module",
        f"{COMMENT}self.assertIsNone(getattr(self, DOC))\n",
        head="DOC = '_testMethod' + 'Doc'\n",
    ),
]
