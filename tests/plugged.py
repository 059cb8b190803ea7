"""Distributions that offer rules and profiles, laid out as an installer leaves them."""

import os
from pathlib import Path
from textwrap import dedent

RULE = '''
"""A rule of a plug-in."""

import ast
import re

from fixtests.api import Applicability, Rule


class {name}(Rule):
    """Tests call `{word}`.

    ## Why is this bad?

    Nobody knows any more.
    """

    code = "{code}"
    needles = (re.compile(rb"{word}"),)
    visits = (ast.Call,)

    def check(self, node, context):
        """Yield the calls."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "{word}":
            {body}
            yield context.finding(node, "calls {word}", Applicability.SAFE)

    def fix(self, finding, edit):
        """Take the call away."""
        {fix}
'''


class Site:
    """A folder that packages are installed in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offered = ""  # the prefix of the codes that were offered last
        folder.mkdir()

    @property
    def env(self) -> dict[str, str]:
        """The variables of a process that has it on its path."""
        places = [str(self.folder), os.environ.get("PYTHONPATH", "")]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}

    def install(self, name: str = "acme-rules", version: str = "1.0", **groups: dict[str, str]):
        """Install a distribution with entry points; return the folder of its package."""
        package = name.replace("-", "_")
        self.describe(name, version, **groups)
        (self.folder / package).mkdir(exist_ok=True)
        self.write(f"{package}/__init__.py", '"""Rules."""\n\nFIXTESTS_API = "1.0"\n')
        return self.folder / package

    def describe(self, name: str, version: str, **groups: dict[str, str]) -> None:
        """Say which distribution is installed, and what it offers."""
        package = name.replace("-", "_")
        self.offered = next(iter(groups.get("rules", {"AC": package})))
        about = self.folder / f"{package}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        entries = [
            f"[fixtests.{group}]\n" + "".join(f"{key} = {it}\n" for key, it in offered.items())
            for group, offered in (groups or {"rules": {"AC": package}}).items()
        ]
        (about / "entry_points.txt").write_text("\n".join(entries))

    def uninstall(self, name: str = "acme-rules") -> None:
        """Remove what describes a distribution."""
        (about,) = self.folder.glob(f"{name.replace('-', '_')}-*.dist-info")
        for path in about.iterdir():
            path.unlink()
        about.rmdir()

    def rule(
        self,
        place: str = "acme_rules/old_call",
        code: str = "AC101",
        word: str = "old_call",
        body: str = "pass",
        fix: str = 'edit.replace("self.new_call()")',
    ) -> None:
        """Write a rule that flags calls of a method."""
        name = place.rpartition("/")[2].title().replace("_", "")
        text = RULE.format(name=name, code=code, word=word, body=body, fix=fix)
        self.write(f"{place}/__init__.py", '"""One rule."""\n')
        self.write(f"{place}/rule.py", text.lstrip())

    def write(self, place: str, text: str) -> None:
        """Write a file of the folder."""
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
