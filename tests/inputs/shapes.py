"""The module around what an input is about: its class, its other tests, its set-up, its spacing.

Each kind gives the lines that matter; a random shape around them makes many inputs of a kind.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

HELPERS = "from nova.tests.functional import integrated_helpers\n"
CLASSES = ("ReproTest", "VolumeTest", "RegressionTest", "ServersTest", "FlavorsTest", "SmallTest")
TESTS = ("test_a", "test_attach", "test_first", "test_it_works", "test_again", "test_small")
DOCUMENTED = ('"""A regression test."""\n\n', "# Licensed to whoever reads it.\n\n", "", "", "")
MEMBERS = ("", "", "    microversion = '2.90'\n\n", "    ADMIN_API = True\n\n")
OTHER_TESTS = (
    "",
    "",
    "\n    def test_other(self):\n        self.assertIsNotNone(self.api)\n",
    "\n    def test_flavors(self):\n        self.assertIsInstance(self.api.get_flavors(), list)\n",
    "\n    def _unused(self):\n        return self.compute\n",
)
FIRST = (
    "",
    "",
    "self.assertIsNotNone(self.api)\n",
    "# What is asked for comes last.\n",
    "count = 3\nself.assertEqual(3, count)\n",
    "self.api.get_flavors()\n",
)


@dataclass(frozen=True)
class Input:
    """One module, the rule that it is about, its kind in words, and what is wrong with the kind."""

    rule: str
    kind: str
    text: str
    aim: str = "broken"


@dataclass(frozen=True)
class Kind:
    """A kind of input: what makes one of its modules at random.

    `aim` says what is wrong with the kind where it is not mended: "broken", "thrown away",
    "not found", "not fixed" or "redundant", a guard of what is known.
    """

    rule: str
    name: str
    make: Callable[[Random], str]
    aim: str = "broken"

    def input(self, random: Random) -> Input:
        """Return one input."""
        return Input(self.rule, self.name, self.make(random), self.aim)


def indented(text: str, levels: int = 1) -> str:
    """Return some lines further to the right."""
    return textwrap.indent(text, "    " * levels)


def lines(text: str) -> str:
    """Return a text whose lines begin where those of the source around it do not."""
    return textwrap.dedent(text).strip("\n") + "\n"


def module(
    random: Random,
    body: str,
    *,
    imports: Iterable[str] = (),
    head: str = "",
    members: str = "",
    set_up: str = "",
    others: str = "",
    tail: str = "",
    parameters: str = "",
    decorators: str = "",
    first: bool = True,
) -> str:
    """Return a test module whose one telling test has a body; `first` allows lines before it."""
    plain = sorted(item for item in set(imports) if item.startswith("import "))
    rest = sorted(item for item in set(imports) if item not in plain)
    told = "".join(f"{item}\n" for item in [*plain, *rest])
    text = random.choice(DOCUMENTED) + told + ("\n" if told else "") + HELPERS
    if head:
        text += (
            f"{'' if head.startswith(('from', 'import')) else random.choice(['', chr(10)])}{head}"
        )
    # A line `class` below a block or an import is a kind of its own.
    text += f"\n\nclass {random.choice(CLASSES)}(integrated_helpers._IntegratedTestBase):\n"
    text += indented(members) + ("\n" if members else random.choice(MEMBERS))
    if set_up:
        text += indented(f"def setUp(self):\n    super().setUp()\n{indented(set_up)}\n")
    body = (random.choice(FIRST) if first else "") + body
    text += indented(decorators)
    text += indented(f"def {random.choice(TESTS)}(self{parameters}):\n{indented(body)}")
    text += f"\n{indented(others)}" if others else random.choice(OTHER_TESTS)
    return text + (f"\n\n{tail}" if tail else "")
