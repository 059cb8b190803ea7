"""Hypothesis strategies: trees of tests whose helpers call each other, in circles and over files.

Some are functions of modules, others methods of mixins; what is fetched,
created, deleted, expected or waited for may stand any number of calls away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

HOME = "tests/functional"
SETTINGS = 'root = true\nprofile = "nova"\n'

# What a helper does. `{0}` and `{1}` are calls of other helpers, `{2}` and `{3}` what is called.
ENDS = [
    "return self.api.get_servers()",
    "return self.api.get_flavors()",
    "return self.api_get('/servers')",
    "return self.api_get('/servers').body",
    "return self.other.get_servers()",
    "return [server]",
    "return server, {0}",
    "return {0}",
    "return {0}\n",
    "return {0} or {1}",
    "return sorted({0})",
    "return {0}['servers']",
    "return {0}.body['servers']",
    "found = {0}\nif self.busy:\n    found = {1}\nreturn found",
    "if self.busy:\n    return {0}\nreturn {1}",
    "for turn in range(3):\n    found = {0}\n    if found:\n        return found\nreturn {1}",
    "server = self._create_server()\nreturn server",
    "return self.assertRaises(ValueError, {2})",
]
DEEDS = [
    "{0}",
    "self.api.delete_server(server['id'])",
    "self._delete_server(server)",
    "self.addCleanup({2}, server)",
    "self.server = {0}",
    "self.assertEqual(1, len({0}))",
    "with {0}:\n    {1}",
    "self._start_compute(server)",
    "self.api.post_server_action(server['id'], {{'os-migrateLive': {{'host': 'host1'}}}})",
    "self._wait_for_migration_status(server, ['completed'])",
    "self.assertEqual('host1', {0}['OS-EXT-SRV-ATTR:host'])",
]
TESTS = [
    "server = self.server\nfound = {0}\nself.assertEqual('one', found[0]['name'])",
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
    """A helper: its file, whether it is a mixin's method, and what it does."""

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


def _filled(text: str, called: list[tuple[str, str]]) -> str:
    (one, first), (other, second) = called
    return text.format(one, other, first, second)


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
        f"from tests.functional import test_{other} as mod{other}\n" for other in range(count)
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
    count = draw(st.integers(1, 3))
    names = [
        f"{verb}_{at}" for at, verb in enumerate(["get", "boot", "look", "raises", "wait"] * 2)
    ]
    names = names[: draw(st.integers(2, len(names)))]
    places = [(draw(st.integers(0, count - 1)), draw(st.booleans())) for _ in names]
    bare = [Helper(name, *place, (), False) for name, place in zip(names, places, strict=True)]
    calls = st.lists(st.sampled_from(bare).map(_called), min_size=2, max_size=2)
    deeds = st.builds(_filled, st.sampled_from(DEEDS), calls)
    ends = st.builds(_filled, st.sampled_from(ENDS), calls)
    helpers = [
        Helper(
            item.name,
            item.file,
            item.method,
            (*draw(st.lists(deeds, max_size=2)), draw(ends)),
            draw(st.integers(0, 5)) == 0,
        )
        for item in bare
    ]
    tests = st.lists(st.builds(_filled, st.sampled_from(TESTS), calls), min_size=1, max_size=3)
    files = {
        f"{HOME}/test_{number}.py": _module(
            number, count, helpers, draw(tests), draw(st.booleans())
        )
        for number in range(count)
    }
    return {
        "fixtests.toml": SETTINGS,
        "tests/__init__.py": "",
        f"{HOME}/__init__.py": "",
        **files,
    }
