"""Every way to reach an index only sometimes, or not at all: what FT201 relies on.

A guard asks for a length whenever it is reached, so that a test with a shorter list fails that
never came as far as the index.
"""

from __future__ import annotations

from random import Random

from inputs.reaching import FETCHED, KNOWN, NOT_FOUND, SOMETIMES, TWICE
from inputs.shapes import Kind, indented, lines, module

LISTS = {
    "servers": "self.api.get_servers()",
    "flavors": "self.api.get_flavors()",
    "migrations": "self.api.get_migrations()",
}
# In a loop that fetches the list again, an assertion would end what is there to wait.
POLLS = (
    "while not {s} or {s}[0]['id'] is None:\n    {s} = {f}",
    "while self.api is None or not {s}:\n    {s} = {f}\n    break",
    "for _ in range(3):\n    {s} = {f}\n    if {s} and {s}[0]:\n        break",
    "for _ in range(3):\n    {s} = {f}\n    with contextlib.suppress(IndexError):\n"
    "        self.assertIsNotNone({s}[0])",
)


def _kind(name: str, template: str, aim: str = "broken", prefix: str = "") -> Kind:
    def make(random: Random) -> str:
        name = random.choice(sorted(LISTS))
        index = random.choice((0, 1, 2, 3)) if "{i}" in template else 0
        body = f"{name} = {LISTS[name]}\n{template.format(s=name, i=index)}\n"
        imports = {
            "import contextlib": "contextlib" in body,
            "import functools": "functools" in body,
        }
        body += random.choice(("", "", "self.assertIsNotNone(self.api)\n"))
        return module(random, body, imports=[it for it, needed in imports.items() if needed])

    return Kind("FT201", f"{prefix}{name}", make, aim)


def _fetched(name: str, template: str) -> Kind:
    def make(random: Random) -> str:
        name = random.choice(sorted(LISTS))
        body = template.format(s=name, f=LISTS[name], i=random.randrange(4)) + "\n"
        imports = ["import contextlib"] if "contextlib" in body else []
        if "client." in body:
            imports.append("from nova.tests.functional.api import client")
        return module(random, body, imports=imports)

    return Kind("FT201", name, make)


def _helper_whose_caller_handles(random: Random) -> str:
    name = random.choice(sorted(LISTS))
    others = f"def first(self):\n    {name} = {LISTS[name]}\n    return {name}[0]\n"
    caught = random.choice(("IndexError", "LookupError", "(KeyError, IndexError)"))
    body = f"try:\n    self.first()\nexcept {caught}:\n    pass\n"
    return module(random, body, others=others)


def _of_attribute(name: str) -> Kind:
    """Return a kind whose list is an attribute of the test, set in the test itself."""

    def make(random: Random) -> str:
        fetched = LISTS["servers"]
        body = SOMETIMES[name].format(s="self.found", i=random.randrange(4))
        imports = ["import contextlib"] if "contextlib" in body else []
        return module(random, f"self.found = {fetched}\n{body}\n", imports=imports)

    return Kind("FT201", f"attribute, {name}", make)


def _kept_in_set_up(random: Random) -> str:
    name = random.choice(sorted(LISTS))
    index = random.randrange(4)
    body = f"self.assertIsNotNone(self.{name}[{index}])\n"
    return module(random, body, set_up=f"self.{name} = {LISTS[name]}\n")


def _set_up_sometimes(random: Random) -> str:
    body = f"self.assertFalse(self.found is None and self.found[{random.randrange(4)}])\n"
    return module(random, body, set_up=f"self.found = {LISTS['servers']}\n")


def _polls(random: Random) -> str:
    name = random.choice(sorted(LISTS))
    body = f"{name} = {LISTS[name]}\n{random.choice(POLLS)}\n".format(s=name, f=LISTS[name])
    imports = ["import contextlib"] if "contextlib" in body else []
    return module(random, body, imports=imports)


def _in_helper(random: Random) -> str:
    """Return a test that gives a list to a helper which indexes it sometimes."""
    template = random.choice(
        ("if only:\n    self.assertIsNotNone(found[0])", "self.assertFalse(only and found[0])")
    )
    others = f"def check(self, found, only):\n{indented(template)}\n"
    body = f"self.check({LISTS['servers']}, False)\n"
    return module(random, body, others=others)


def _with_wait(random: Random) -> str:
    return module(
        random,
        lines("""
        servers = self.api.get_servers()
        try:
            self.assertEqual(0, len(servers))
        except AssertionError:
            self.assertIsNotNone(servers[0])
    """),
    )


KINDS = [
    *(_kind(*it) for it in SOMETIMES.items()),
    *(_of_attribute(it) for it in list(SOMETIMES)[::4]),
    *(_fetched(*it) for it in FETCHED.items()),
    Kind("FT201", "helper whose caller handles IndexError", _helper_whose_caller_handles),
    *(_kind(*it, "redundant") for it in TWICE.items()),
    *(_kind(*it, "redundant", "redundant: ") for it in KNOWN.items()),
    *(_kind(*it, "not found", "not found: ") for it in NOT_FOUND.items()),
    Kind("FT201", "not found: list kept in setUp", _kept_in_set_up, "not found"),
    Kind("FT201", "list of setUp, index sometimes", _set_up_sometimes),
    Kind("FT201", "polling loop", _polls),
    Kind("FT201", "helper indexes sometimes", _in_helper),
    Kind("FT201", "length expected in a try", _with_wait),
]
