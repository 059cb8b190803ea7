"""What fixes rely on that a file does without naming it: names and attributes read or set by texts.

Its own text and code among them, classes that code of the tree has a hand in, and methods that are
run with something else than their object.
"""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from random import Random

from inputs.shapes import Kind, module

UUID = "2f1c3b8e-8d4c-4a57-9c1e-7a5d2f1c3b8e"
IMAGE = "8b2f7f5e-6a0d-4a3c-9f4e-51c2d7e0a911"
ATTACH = f"self.api.post_server_volume('x', {{'volumeId': '{UUID}'}})\n"
HOST = "self.start_service('compute', host='host1')\nself.assertIn('host1', self.services)\n"
LATEST = "self.api.microversion = 'latest'\nself.api.get_servers()\n"
COMMENT = "# Test that a server has a name when it was created\n"
NAMED = "[name for name in {} if name.isupper()]"
CAPITALS = f"self.assertEqual([], {NAMED})\n"
META = (
    "class Meta(type):\n    def __new__(cls, name, bases, space):\n"
    "        assert not [key for key in space if key.startswith('H')]\n"
    "        return super().__new__(cls, name, bases, space)\n\n\n"
    "class Base(integrated_helpers._IntegratedTestBase, metaclass=Meta):\n    pass\n"
)
PREPARED = (
    "class Names(dict):\n    def __missing__(self, name):\n"
    "        if name.isupper():\n            return 'other'\n        raise KeyError(name)\n\n\n"
    "class Prepared(type):\n    @classmethod\n    def __prepare__(cls, name, bases):\n"
    "        return Names()\n"
)
HEIR = (
    "class Base(integrated_helpers._IntegratedTestBase):\n    def __init_subclass__(cls):\n"
    "        assert not [key for key in vars(cls) if key.startswith('H')]\n"
)
DOUBLED = (
    "def made(case):\n    for name, value in list(vars(case).items()):\n"
    "        if isinstance(value, str) and name.isupper():\n"
    "            setattr(case, name, value * 2)\n    return case\n\n\n"
)
READS = {
    "dir of the module": CAPITALS.format("dir(sys.modules[__name__])"),
    "dict of the module": CAPITALS.format("sys.modules[__name__].__dict__"),
    "globals of a function": CAPITALS.format("(lambda: 0).__globals__"),
    "frame": CAPITALS.format("sys._getframe().f_globals"),
    "import of itself": CAPITALS.format("dir(importlib.import_module(__name__))"),
    "its file": "with open(__file__) as stream:\n    self.assertNotIn('VOLUME' + '_ID', stream.read())\n",
    "compiled names": "self.assertNotIn('VOLUME' + '_ID', sys._getframe().f_code.co_names)\n",
    "a name that is not bound": "with self.assertRaises(NameError):\n    VOLUME_ID\n",
}
SETS = {
    "vars": "for name in [item for item in vars() if item.isupper()]:\n    vars()[name] = 'other'",
    "setattr": "for name in [item for item in dir() if item.isupper()]:\n    setattr(sys.modules[__name__], name, 'other')",
    "exec": "exec('VOL' + \"UME_ID = 'other'\")",
}
SHARED = {
    "item": "nova_fixtures.GlanceFixture.image1['id'] = 'other'\n",
    "update": "nova_fixtures.GlanceFixture.image1.update(id='other')\n",
    "local": "image = self.glance.image1\nimage['id'] = 'other'\n",
    "loop": "for image in (self.glance.image1, self.glance.image2):\n    image['id'] = 'other'\n",
    "attribute": "nova_fixtures.GlanceFixture.image1 = {'id': 'other'}\n",
}
ATTRIBUTES = {
    "dir": "self.assertEqual([], [it for it in dir(self) if it.startswith('HOST')])",
    "vars of the class": "self.assertEqual([], [it for it in vars(type(self)) if it.startswith('HOST')])",
    "dict of the class": "self.assertEqual([], [it for it in self.__class__.__dict__ if it.startswith('HOST')])",
    "getmembers": "self.assertEqual([], [it for it, _ in inspect.getmembers(self) if it.startswith('HOST')])",
    "getattr": "self.assertIsNone(getattr(self, 'host1'.upper(), None))",
    "hasattr": "self.assertFalse(hasattr(self, f'HOST{1}'))",
    "attribute that is not there": "self.assertRaises(AttributeError, lambda: self.HOST1)",
}
STORED = {
    "setattr": "for at in range(3):\n    setattr(self, f'HOST{at}', 'other')\n",
    "vars": "for at in '123':\n    vars(self)['HOST' + at] = 'other'\n",
    "update": "self.__dict__.update({f'HOST{at}': 'other' for at in range(3)})\n",
    "object": "object.__setattr__(self, 'HOST' + '1', 'other')\n",
}
CHECK = "def check(self):\n    assert 'host1' in self.services\n    assert self.services['host1'].running\n"
LENT = {
    "other object": "{case}.check(types.SimpleNamespace(services=self.services))\n",
    "mock": "check = type(self).check\ncheck(mock.Mock(services=self.services))\n",
    "bound to it": "types.MethodType(type(self).check, mock.Mock(services=self.services))()\n",
}
VERSIONS = {
    "attrgetter": "self.assertEqual('la' + 'test', operator.attrgetter('micro' + 'version')(self.api))",
    "getattr": "self.assertEqual('la' + 'test', getattr(self.api, 'micro' + 'version'))",
    "vars": "self.assertIn('la' + 'test', vars(self.api).values())",
    "dict": "self.assertIn('la' + 'test', self.api.__dict__.values())",
    "match": "match self.api:\n    case client.TestOpenStackClient(microversion=version):\n        self.assertTrue(version.isalpha())",
}
SEEN = (
    "seen = []\nreal = request.urlopen\nrequest.urlopen = lambda req, *a: seen.append(req.headers) or real(req, *a)\n"
    "self.addCleanup(setattr, request, 'urlopen', real)\nself.api.get_servers()\n"
    "self.assertIn('compute la' + 'test', seen[0].values())\n"
)
MODULES = {
    "contextlib.": "import contextlib",
    "(fixtures.": "import fixtures",
    "copy.": "import copy",
    "traceback.": "import traceback",
    "sys.": "import sys",
    "importlib.": "import importlib",
    "inspect.": "import inspect",
    "types.": "import types",
    "mock.": "from unittest import mock",
    "futures.": "from concurrent import futures",
    "threading.": "import threading",
    "enum.": "import enum",
    "operator.": "import operator",
    "client.": "from nova.tests.functional.api import client",
    "request.urlopen": "from urllib import request",
    "nova_fixtures.": "from nova.tests import fixtures as nova_fixtures",
}


def unseen(
    rule: str, name: str, body: str, *, decorator: str = "", tail: str = "", **places: str
) -> Kind:
    """Return a kind; `{case}` is the name of its class, and `Base` in its head what that inherits."""

    def make(random: Random) -> str:
        everything = "".join([body, *places.values()])
        imports = [told for needed, told in MODULES.items() if needed in everything]
        text = module(random, body, imports=imports, first=rule != "FT601", **places)
        before, _, after = text.rpartition("\nclass ")
        case, _, rest = after.partition("(")
        if "class Base(" in before:
            rest = rest.replace("integrated_helpers._IntegratedTestBase", "Base", 1)
        text = f"{before}\n{decorator}class {case}({rest}" + (f"\n\n{tail}" if tail else "")
        return text.replace("{case}", case)

    return Kind(rule, f"unseen: {name}", make)


KINDS = [
    *(unseen("FT101", f"module read by {name}", f"{ATTACH}{line}") for name, line in READS.items()),
    *(
        unseen("FT101", f"module set by {name}", ATTACH, head=f"VOLUME_ID = '{UUID}'\n{line}\n")
        for name, line in SETS.items()
    ),
    *(
        unseen(
            "FT101",
            f"shared value set by {name}",
            f"{line}server = self._create_server(image_uuid='{IMAGE}')\nself.addCleanup(self.api.delete_server, server['id'])\nself.assertEqual('{IMAGE[:8]}', server['image']['id'][:8])\n",
        )
        for name, line in SHARED.items()
    ),
    unseen(
        "FT101",
        "class inside of a test",
        f"class Holder:\n    VOLUME_ID = 'other'\n    body = {{'volumeId': '{UUID}'}}\nself.api.post_server_volume('x', Holder.body)\n",
    ),
    unseen(
        "FT101",
        "class whose metaclass gives names",
        f"class Holder(metaclass=Prepared):\n    body = {{'volumeId': '{UUID}'}}\nself.api.post_server_volume('x', Holder.body)\n",
        head=PREPARED,
    ),
    unseen(
        "FT101",
        "constant below what runs before",
        "self.api.post_server_volume('x', BODY)\n",
        head=f"def body():\n    return {{'volumeId': '{UUID}'}}\n\n\nBODY = body()\nVOLUME_ID = '{UUID}'\n",
    ),
    *(
        unseen("FT102", f"attribute read by {name}", f"{HOST}{line}\n")
        for name, line in ATTRIBUTES.items()
    ),
    *(
        unseen("FT102", f"attribute set by {name}", HOST, set_up=line)
        for name, line in STORED.items()
    ),
    *(
        unseen(
            "FT102",
            f"method given {name}",
            f"self.start_service('compute', host='host1')\n{line}",
            others=CHECK,
        )
        for name, line in LENT.items()
    ),
    unseen("FT102", "metaclass", HOST, head=META),
    unseen("FT102", "__init_subclass__", HOST, head=HEIR),
    unseen("FT102", "class decorator", HOST, head=DOUBLED, decorator="@made\n"),
    unseen(
        "FT102",
        "class made by type",
        HOST,
        tail="Other = type('Other', ({case},), {f'HOST{at}': 'other' for at in range(3)})\n",
    ),
    *(
        unseen("FT401", f"version read by {name}", f"{LATEST}{line}\n")
        for name, line in VERSIONS.items()
    ),
    unseen("FT401", "request seen", f"self.api.microversion = 'latest'\n{SEEN}"),
    unseen(
        "FT401",
        "kept beside",
        "kept = self.api.microversion = 'latest'\nself.api.get_servers()\nself.assertTrue(kept.isalpha())\n",
    ),
    unseen(
        "FT601",
        "text read by its file",
        f"{COMMENT}with open(__file__) as stream:\n    self.assertIn('# ' + 'Test', stream.read())\n",
    ),
]
