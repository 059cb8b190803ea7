"""Hypothesis strategies: trees of tests whose helpers call each other, in circles and over files.

Some are functions of modules, others methods of mixins; what is fetched,
created, deleted, expected or waited for may stand any number of calls away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypothesis import strategies as st

HOME = "nova/tests/functional"
SETTINGS = 'root = true\nprofile = "nova"\n'
CLIENT = """\
class TestOpenStackClient:

    def shelves(self):
        return self.stored()

    def stored(self):
        return self.api_get('/shelves').body['shelves']

    def post_server(self, server):
        return self.api_post('/servers', server).body['server']

    def delete_server(self, server_id):
        return self.api_delete('/servers/%s' % server_id)
"""
BASE = """\
from nova import test
from nova.tests.functional.api import client


class _IntegratedTestBase(test.TestCase):

    def setUp(self):
        super().setUp()
        self.api = client.TestOpenStackClient('admin')

    def _create_server(self):
        return self.api.post_server({'server': {}})
"""

# What a helper does. `{0}` and `{1}` are calls of other helpers, `{2}` what the first one calls.
LISTS = [
    "return self.api.shelves()",
    "return {0}",
    "found = {0}\nreturn found",
    "return sorted({0})",
    "found = {0}\nif self.busy:\n    found = {1}\nreturn found",
    "if self.busy:\n    return {1}\nreturn {0}",
    "for turn in range(3):\n    found = {0}\n    if found:\n        return found\nreturn {1}",
]
ANYTHING = [
    *LISTS,
    "return self.api_get('/servers')",
    "return self.api_get('/servers').body",
    "return {0}['servers']",
    "return {0}.body['servers']",
    "return [server]",
    "return server, {0}",
    "return self._create_server()",
    "return self.assertRaises(ValueError, {2})",
]
DEEDS = [
    "{0}",
    "self.api.delete_server(server['id'])",
    "self.addCleanup({2}, server)",
    "self.server = {0}",
    "self.assertEqual(1, len({0}))",
    "with {0}:\n    {1}",
    "self.api.post_server_action(server['id'], {{'os-migrateLive': {{'host': 'host1'}}}})",
    "self._wait_for_migration_status(server, ['completed'])",
]
TESTS = [
    *(["server = self.server\nfound = {0}\nself.assertEqual('one', found[0]['name'])"] * 4),
    "server = {{}}\nserver = {0}\nself.assertEqual('one', server['name'])",
    "server = self._create_server()\n{0}\n{1}",
    "server = self._create_server()\nwith {0}:\n    found = {1}\n    self.use(found[0])",
    "server = self.api.get_server('one')\n"
    "self.api.post_server_action(server['id'], {{'os-migrateLive': {{'host': 'host1'}}}})\n"
    "{0}\n{1}",
    "server = self._create_server()\n{0}\nself.assertTrue(self.busy)",
]


@dataclass(frozen=True)
class Helper:
    """A helper: its file, whether it is a mixin's method, and what it does.

    Methods ask anybody, functions only functions: their `self` may be of any class.
    """

    name: str
    file: int
    method: bool
    lines: tuple[str, ...]
    manager: bool


def _called(helper: Helper) -> tuple[str, str]:
    """Return a call of a helper, and the expression that it is."""
    if helper.method:
        return f"self.{helper.name}(server)", f"self.{helper.name}"
    return f"mod{helper.file}.{helper.name}(self, server)", f"mod{helper.file}.{helper.name}"


def _filled(text: str, one: Helper, other: Helper) -> str:
    call, called = _called(one)
    return text.format(call, _called(other)[0], called)


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def _function(helper: Helper, indent: int) -> str:
    body = "\n".join(helper.lines)
    if helper.manager:
        body = f"{body.replace('return', 'found =')}\nyield"
    head = "@contextlib.contextmanager\n" if helper.manager else ""
    return _indented(f"{head}def {helper.name}(self, server=None):", indent) + _indented(
        body, indent + 4
    )


def _module(number: int, count: int, helpers: list[Helper], tests: list[str], heirs: bool) -> str:
    own = [item for item in helpers if item.file == number]
    imports = "".join(
        f"from nova.tests.functional import test_{other} as mod{other}\n" for other in range(count)
    )
    functions = "\n\n".join(_function(item, 0) for item in own if not item.method)
    methods = "\n".join(_function(item, 4) for item in own if item.method) or "    pass\n"
    mixins = [f"mod{other}.Mixin{other}" for other in range(count) if other != number]
    bases = ", ".join([f"Mixin{number}", *mixins, "integrated_helpers._IntegratedTestBase"])
    cases = "\n".join(
        _indented(f"def test_{at}(self):", 4) + _indented(text, 8) for at, text in enumerate(tests)
    )
    heir = f"\n\nclass Heir{number}Test(Case{number}Test):\n    busy = True\n" if heirs else ""
    return (
        f"import contextlib\n\nfrom nova.tests.functional import integrated_helpers\n"
        f"{imports}\n\n{functions}\n\n"
        f"class Mixin{number}:\n\n{methods}\n\nclass Case{number}Test({bases}):\n\n{cases}{heir}"
    )


@st.composite
def trees(draw: st.DrawFn) -> Mapping[str, str]:
    """Return the files of a tree, by their path."""
    count, several = draw(st.integers(1, 3)), draw(st.integers(3, 16))
    bare = [
        Helper(f"get_{at}", draw(st.integers(0, count - 1)), at > several // 2, (), False)
        for at in range(several)
    ]
    texts = draw(st.sampled_from([LISTS, ANYTHING]))
    helpers = [_helper(draw, at, bare, texts) for at in range(several)]
    anyone = st.sampled_from(bare)
    tests = st.lists(
        st.builds(_filled, st.sampled_from(TESTS), anyone, anyone), min_size=2, max_size=4
    )
    files = {
        f"{HOME}/test_{number}.py": _module(
            number, count, helpers, draw(tests), draw(st.booleans())
        )
        for number in range(count)
    }
    return {
        "fixtests.toml": SETTINGS,
        "nova/__init__.py": "",
        "nova/tests/__init__.py": "",
        f"{HOME}/__init__.py": "",
        f"{HOME}/api/__init__.py": "",
        f"{HOME}/api/client.py": CLIENT,
        f"{HOME}/integrated_helpers.py": BASE,
        **files,
    }


def _helper(draw: st.DrawFn, at: int, bare: list[Helper], texts: list[str]) -> Helper:
    """Draw what a helper does; most ask the one before: there are long ways, and circles."""
    asked = [item for item in bare if bare[at].method or not item.method]

    def line(texts: list[str]) -> str:
        one = asked[at - 1] if draw(st.integers(0, 3)) else draw(st.sampled_from(asked))
        return _filled(draw(st.sampled_from(texts)), one, draw(st.sampled_from(asked)))

    deeds = [line(DEEDS)] if draw(st.integers(0, 9)) == 0 else []
    manager = draw(st.integers(0, 19)) == 0
    return replace(bare[at], lines=(*deeds, line(texts)), manager=manager)
