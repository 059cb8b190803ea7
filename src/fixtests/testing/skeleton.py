"""A package with one rule, whose tests pass, to begin a rule of one's own with."""

from __future__ import annotations

import re

from fixtests.model import RunError
from fixtests.rules import plugged
from fixtests.rules.api import API
from fixtests.settings.config import Config

NAME = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
CODE = re.compile("([A-Z]{2,})[0-9]{1,5}")

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{distribution}"
version = "0.1.0"
description = "Rules of our team for fixtests"
requires-python = ">=3.11"
dependencies = ["fixtests"]

[project.entry-points."fixtests.rules"]
{prefix} = "{package}"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""
PACKAGE = """\
\"""Rules of our team: one folder for each.\"""

FIXTESTS_API = "{api}"
"""
TESTS = """\
\"""Every sample of every rule, checked as those of fixtests are.\"""

from pathlib import Path

import pytest

from fixtests.testing import cases, rules_are_whole

STAND_INS = Path(__file__).with_name("stand_ins.py")


@pytest.mark.parametrize("case", cases("{prefix}", STAND_INS), ids=str)
def test_sample(case, tmp_path):
    case.run(tmp_path)


def test_rules_are_whole():
    rules_are_whole("{prefix}", cases=3)
"""
STAND_INS = """\
\"""What the samples need to be run, beside what is made up: names, by the module that has them.\"""

PROVIDED = {{}}
"""
RULE = """\
\"""{code}: a test prints.\"""

import ast
import re
from collections.abc import Iterator

from fixtests.api import Applicability, Context, Editor, Finding, Rule


class {title}(Rule):
    \"""A test prints what nobody reads.

    ## What it does

    Flags `print(...)` as a statement of its own, and takes it away.

    ## Why is this bad?

    A runner shows what a test prints only where it fails, among much else.

    ## Fix safety

    Unsafe where the arguments call something. Where nothing else stands in the block, there is no
    fix.
    \"""

    code = "{code}"
    needles = (re.compile(rb"print"),)
    visits = (ast.Expr,)
    subject = "Do not print in tests"

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        \"""Yield a finding for a statement that prints.\"""
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                kind, reason = _judged(node, call, context)
                yield context.finding(node, f"`print` in a test{{reason}}", kind)

    def fix(self, finding: Finding, edit: Editor) -> None:
        \"""Take the statement away.\"""
        edit.remove(finding.span)


def _judged(node: ast.AST, call: ast.Call, context: Context) -> tuple[Applicability, str]:
    \"""Return how far the fix can be trusted, and what stands in the way of it.\"""
    around = context.parents.of(node)
    if [node] in [getattr(around, block, ()) for block in ("body", "orelse", "finalbody")]:
        return Applicability.DISPLAY, "; nothing else stands in the block; write what it is for"
    arguments = [*call.args, *(item.value for item in call.keywords)]
    if all(isinstance(item, ast.Constant) for item in arguments):
        return Applicability.SAFE, ""
    return Applicability.UNSAFE, "; its arguments may call something"
"""
WORDS = """\
# How reviews speak of it, as regular expressions over small letters: what says it, and what only
# hints at it. Its name and its code are understood without a word here.

says = [
    'debug\\w* (?:output|prints?)',
    'left-?over prints?',
]
hints = [
    'prints?\\b',
]
# Sentences that people say about it, one a line, from which its words are learnt.
examples = '''
Please drop this print, nobody reads it.
The test still prints what it created.
'''
"""
HEAD = """\
import unittest


class ServersTest(unittest.TestCase):

    def test_create(self):
        server = self.create()
"""
SAMPLES = {
    "example.before": HEAD
    + "        print('created')  # expect: {code}\n        self.show(server)\n",
    "example.after": HEAD + "        self.show(server)\n",
    "alone-in-a-block.reported": HEAD
    + "        if server:\n            print('created')  # expect: {code}\n",
    "another-print.unchanged": HEAD + "        self.print(server)\n",
}


def files(name: str, code: str) -> dict[str, str]:
    """Return the files of a package with a rule, by their paths. Raises RunError."""
    if not NAME.fullmatch(name) or name in vars(Config()):
        raise RunError(f"NAME: {name} is no name of a rule; write words as in no-print")
    found = CODE.fullmatch(code)
    if found is None or found[1].startswith(plugged.OURS) or plugged.OURS.startswith(found[1]):
        raise RunError(
            f"--code: {code} is no code of a plug-in; write two capitals or more, which are not"
            f" {plugged.OURS}, and a number, as in TM101"
        )
    words = {
        "api": ".".join(map(str, API)),
        "code": code,
        "distribution": f"{found[1].lower()}-rules",
        "package": f"{found[1].lower()}_rules",
        "prefix": found[1],
        "title": "".join(word.title() for word in name.split("-")),
    }
    top, package = words["distribution"], words["package"]
    rule = f"{top}/{package}/{name.replace('-', '_')}"
    return {
        f"{top}/pyproject.toml": PYPROJECT.format(**words),
        f"{top}/{package}/__init__.py": PACKAGE.format(**words),
        f"{top}/tests/test_rules.py": TESTS.format(**words),
        f"{top}/tests/stand_ins.py": STAND_INS.format(**words),
        f"{rule}/__init__.py": f'"""{code}: {name}."""\n',
        f"{rule}/rule.py": RULE.format(**words),
        f"{rule}/words.toml": WORDS,
        **{f"{rule}/samples/{it}.py": text.format(**words) for it, text in SAMPLES.items()},
    }
