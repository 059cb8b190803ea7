"""Every way to read an attribute back: what FT401 relies on when it pins a version.

For the service 'latest' is its highest version; for a test that reads what it set it is a text.
"""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

from random import Random

from inputs.shapes import Kind, module

M = "self.api.microversion"
READS = {
    "==": f"self.assertTrue({M} == 'latest')",
    "assertEqual": f"self.assertEqual('latest', {M})",
    "!=": f"self.assertFalse({M} != 'latest')",
    "in": f"self.assertIn({M}, ('latest', None))",
    "in, the operator": f"self.assertTrue({M} in ('latest', 'x'))",
    "in a set": f"assert {M} in {{'latest'}}",
    "contained": f"self.assertTrue('test' in {M})",
    "is": f"self.assertIs('latest', {M})",
    "is, the operator": f"kept = 'latest'\nassert {M} is kept",
    "is not None": f"kept = {M}\nself.assertTrue(kept is not None and kept.isalpha())",
    "is, of a local": "SET version = 'latest'\nself.assertIs(version, self.api.microversion)",
    "match": f"match {M}:\n    case 'latest':\n        pass\n    case _:\n        self.fail('other')",
    "match, class": f"match {M}:\n    case str('latest'):\n        pass\n    case _:\n        self.fail('x')",
    "match, of the client": "match self.api:\n    case object(microversion='latest'):\n        pass\n    case _:\n        self.fail('x')",
    "dict key": f"self.assertEqual(1, {{'latest': 1}}[{M}])",
    "dict key, by get": f"self.assertEqual(1, {{'latest': 1}}.get({M}))",
    "dict made of it": f"self.assertIn('latest', {{{M}: 1}})",
    "copy": f"kept = {M}\nself.assertEqual('latest', kept)",
    "copy of the client": "kept = copy.copy(self.api)\nself.assertEqual('latest', kept.microversion)",
    "copy, compared later": f"kept = [{M}]\nself.assertEqual(['latest'], kept)",
    "copy by vars": "self.assertEqual('latest', vars(self.api)['microversion'])",
    "copy by __dict__": "self.assertEqual('latest', self.api.__dict__['microversion'])",
    "copy to another client": (
        f"self.admin_api.microversion = {M}\nself.assertEqual('latest', self.admin_api.microversion)"
    ),
    "argument": f"def check(version):\n    return version == 'latest'\n\nself.assertTrue(check({M}))",
    "argument of len": f"self.assertEqual(6, len({M}))",
    "argument of sorted": f"self.assertEqual('a', sorted({M})[0])",
    "argument of str": f"self.assertEqual('latest', str({M}))",
    "argument of repr": f"self.assertEqual(\"'latest'\", repr({M}))",
    "argument of hash": f"self.assertEqual(hash('latest'), hash({M}))",
    "argument of isinstance": f"self.assertTrue(isinstance({M}, str) and {M}.isalpha())",
    "argument of a helper": "MEMBER def check(self, version):\n    self.assertEqual('latest', version)\n\nself.check(self.api.microversion)",
    "argument by name": "MEMBER def check(self, *, version):\n    assert version == 'latest'\n\nself.check(version=self.api.microversion)",
    "argument of assertRegex": f"self.assertRegex({M}, '^l')",
    "client as an argument": "MEMBER def check(self, api):\n    assert api.microversion == 'latest'\n\nself.check(self.api)",
    "format": f"self.assertEqual('v latest', 'v {{}}'.format({M}))",
    "f-string": f"self.assertEqual('v latest', f'v {{{M}}}')",
    "%": f"self.assertEqual('v latest', 'v %s' % {M})",
    "+": f"self.assertEqual('v latest', 'v ' + {M})",
    "join": f"self.assertEqual('v latest', ' '.join(['v', {M}]))",
    "startswith": f"self.assertTrue({M}.startswith('l'))",
    "endswith": f"self.assertTrue({M}.endswith('test'))",
    "upper": f"self.assertEqual('LATEST', {M}.upper())",
    "isalpha": f"self.assertTrue({M}.isalpha())",
    "replace": f"self.assertEqual('x', {M}.replace('latest', 'x'))",
    "split": f"self.assertEqual(['latest'], {M}.split('.'))",
    "slice": f"self.assertEqual('l', {M}[0])",
    "<": f"self.assertTrue({M} > 'a')",
    "condition": f"if {M} != 'latest':\n    self.fail('other')",
    "ternary": f"found = 1 if {M} == 'latest' else 2\nself.assertEqual(1, found)",
    "and": f"self.assertTrue(self.api and {M} == 'latest')",
    "assert": f"assert {M} == 'latest', 'other'",
    "walrus": f"if (kept := {M}) != 'latest':\n    self.fail(kept)",
    "comprehension": "self.assertEqual(['latest'], [it.microversion for it in (self.api,)])",
    "loop": "for api in (self.api,):\n    self.assertEqual('latest', api.microversion)",
    "tuple": f"self.assertEqual(('latest', 1), ({M}, 1))",
    "getattr": "self.assertEqual('latest', getattr(self.api, 'microversion'))",
    "getattr, name built": "self.assertEqual('latest', getattr(self.api, 'micro' + 'version'))",
    "attrgetter": "self.assertEqual('latest', operator.attrgetter('api.microversion')(self))",
    "client by another name": "api = self.api\nself.assertEqual('latest', api.microversion)",
    "client by another attribute": (
        "both = self.api_fixture\n"
        "self.assertIn('latest', (both.api.microversion, both.admin_api.microversion))"
    ),
    "lambda": f"found = lambda: {M}  # noqa: E731\nself.assertEqual('latest', found())",
    "nested function": f"def found():\n    return {M}\n\nself.assertEqual('latest', found())",
    "default argument": f"def found(it={M}):\n    return it\n\nself.assertEqual('latest', found())",
    "helper": "MEMBER def version(self):\n    return self.api.microversion\n\nself.assertEqual('latest', self.version())",
    "property": "MEMBER @property\ndef version(self):\n    return self.api.microversion\n\nself.assertEqual('latest', self.version)",
    "tearDown": "MEMBER def tearDown(self):\n    self.assertEqual('latest', self.api.microversion)\n    super().tearDown()\n\nself.assertIsNotNone(self.api)",
    "addCleanup": "self.addCleanup(lambda: self.assertEqual('latest', self.api.microversion))",
    "restored": (f"kept = {M}\n{M} = '2.1'\n{M} = kept\nself.assertEqual('latest', {M})"),
    "exec": "exec('assert self.api.microversion == \"latest\"')",
    "json": f"self.assertEqual('\"latest\"', json.dumps({M}))",
    "headers of the request": (
        "with mock.patch('urllib.request.urlopen', wraps=request.urlopen) as sent:\n"
        "    self.api.get_servers()\n"
        "self.assertIn('compute latest', sent.call_args[0][0].headers.values())"
    ),
}
# How a class attribute is read, with the lines of the class.
OF_CLASS = {
    "==": ("", "self.assertTrue(self.microversion == 'latest')"),
    "dict key": ("", "self.assertTrue({'latest': 1}[self.microversion])"),
    "in": ("", "self.assertIn(self.microversion, ('latest',))"),
    "of the client": ("", "self.assertEqual('latest', self.api.microversion)"),
    "of the client, startswith": ("", "self.assertTrue(self.api.microversion.startswith('l'))"),
    "in a list of the class": (
        "versions = [microversion]\n",
        "self.assertEqual(['latest'], self.versions)",
    ),
    "f-string of the class": (
        "text = f'v {microversion}'\n",
        "self.assertEqual('v latest', self.text)",
    ),
    "another name": ("version = microversion\n", "self.assertEqual('latest', self.version)"),
    "type(self)": ("", "self.assertEqual('latest', type(self).microversion)"),
    "vars of the class": ("", "self.assertEqual('latest', vars(type(self))['microversion'])"),
    "getattr": ("", "self.assertEqual('latest', getattr(self, 'microversion'))"),
    "match": (
        "",
        "match self.microversion:\n    case 'latest':\n        pass\n    case _:\n        self.fail('x')",
    ),
    "super": ("", "self.assertEqual('latest', super().__getattribute__('microversion'))"),
    "condition in the class": (
        "NEW = 1 if microversion == 'latest' else 0\n",
        "self.assertEqual(1, self.NEW)",
    ),
    "decorator": (
        "@unittest.skipUnless(microversion == 'latest', 'only there')\ndef test_only(self):\n"
        "    self.assertIsNotNone(self.api)\n\n",
        "self.assertIsNotNone(self.api)",
    ),
    "assert": ("", "assert self.microversion == 'latest'"),
    "length": ("", "self.assertEqual(6, len(self.microversion))"),
    "default argument": (
        "",
        "def found(it=self.microversion):\n    return it\n\nself.assertEqual('latest', found())",
    ),
    "argument of a method": (
        "def check(self, version=microversion):\n    return version\n\n",
        "self.assertEqual('latest', self.check())",
    ),
}
NOT_FOUND = {
    "setattr": ("", "setattr(self.api, 'microversion', 'latest')\nself.api.get_servers()"),
    "mock.patch.object": (
        "",
        "with mock.patch.object(self.api, 'microversion', 'latest'):\n    self.api.get_servers()",
    ),
    "module constant": ("NEWEST = 'latest'\n", f"{M} = NEWEST\nself.api.get_servers()"),
    "default parameter": (
        "",
        f"def use(version='latest'):\n    {M} = version\n\nuse()\nself.api.get_servers()",
    ),
    "local": ("", f"version = 'latest'\n{M} = version\nself.api.get_servers()"),
    "tuple": ("", f"{M}, self.admin_api.microversion = 'latest', '2.1'\nself.api.get_servers()"),
    "vars": ("", "vars(self.api)['microversion'] = 'latest'\nself.api.get_servers()"),
    "loop": ("", f"for {M} in ('2.1', 'latest'):\n    self.api.get_servers()"),
    "annotated": ("", f"{M}: str = 'latest'\nself.api.get_servers()"),
    "walrus": ("", f"{M} = (version := 'latest')\nself.assertTrue(version)"),
}
IMPORTS = {
    "copy.": "import copy",
    "operator.": "import operator",
    "json.": "import json",
    "unittest.": "import unittest",
    "mock.": "from unittest import mock",
    "request.urlopen)": "from urllib import request",
}


def _module(random: Random, body: str, **places: str) -> str:
    everything = "".join([body, *places.values()])
    imports = [told for needed, told in IMPORTS.items() if needed in everything]
    if "import unittest" in imports and "@unittest" not in everything:
        imports.remove("import unittest")
    return module(random, body, imports=imports, **places)


def _read(name: str, template: str) -> Kind:
    def make(random: Random) -> str:
        others, statements, value = "", template, "'latest'"
        word, _, rest = template.partition(" ")
        if word == "MEMBER":
            others, _, statements = rest.partition("\n\n")
            others += "\n"
        if word == "SET":
            first, _, statements = rest.partition("\n")
            value = "version"
            return _module(random, f"{first}\n{M} = {value}\n{statements}\n")
        asked = random.choice(("", "", "self.api.get_servers()\n"))
        set_line = f"{M} = {value}\n"
        if random.random() < 0.25:
            return _module(random, f"{statements}\n", others=others, set_up=set_line)
        return _module(random, f"{set_line}{asked}{statements}\n", others=others)

    return Kind("FT401", f"read back: {name}", make)


def _of_class(name: str, members: str, statements: str) -> Kind:
    def make(random: Random) -> str:
        asked = random.choice(("", "self.api.get_servers()\n"))
        return _module(
            random, f"{asked}{statements}\n", members=f"microversion = 'latest'\n{members}"
        )

    return Kind("FT401", f"class attribute read: {name}", make)


def _not_found(name: str, head: str, statements: str) -> Kind:
    def make(random: Random) -> str:
        return _module(random, f"{statements}\n", head=head)

    return Kind("FT401", f"not found: {name}", make, "not found")


KINDS = [
    *(_read(*it) for it in READS.items()),
    *(_of_class(name, *it) for name, it in OF_CLASS.items()),
    *(_not_found(name, *it) for name, it in NOT_FOUND.items()),
]
