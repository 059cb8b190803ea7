"""What tests put in the place of the real thing: calls that replace something, and stand-ins.

A call replaces something where it leads to a patcher of `unittest.mock` or `fixtures`, or to a
function of the tree that hands a parameter on to one; names answer for what is outside of the tree.
"""

from __future__ import annotations

import ast
import re

from fixtests.reasoning.bodies import Body
from fixtests.reasoning.built_texts import written
from fixtests.reasoning.calls import OWN, Calls, Run
from fixtests.reasoning.summaries import Summaries
from fixtests.syntax.queries import constant_string, dotted
from fixtests.tree.module import Class, External, Method
from fixtests.tree.project import Project
from fixtests.tree.traits import Trait

PATCHERS = re.compile(
    r"(?:unittest\.)?mock\.patch(?:\.(?:object|dict|multiple))?|fixtures\.Mo(?:nkey|ck)Patch\w*"
)
# Over the last part of a called name; below what `patch` is, its attributes replace as well.
REPLACES = re.compile(
    r"_*(?:stub|patch|monkey_?patch|intercept)\w*|mock_(?:object|class)|Mo(?:nkey|ck)Patch\w*"
)
BELOW = frozenset({"object", "dict", "multiple", "setattr", "setitem"})
STAND_IN = re.compile(r"_*(?:fake|stub|mock|dummy)\w*|\w+(?:fake|stub|mock|dummy)", re.IGNORECASE)
TARGET = 2  # arguments that may say what is replaced: an object and the name of its attribute


class Replacements:
    """What the calls in one project replace."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._calls = Calls.of(project)
        self._handing = Summaries[bool](project, "hands on what is replaced", False, bool.__or__)

    @classmethod
    def of(cls, project: Project) -> Replacements:
        """Return what is remembered of a project."""
        return project.memory.ask(cls, cls, project)

    def replaces(self, call: ast.Call, run: Run) -> bool:
        """Tell whether a call replaces something."""
        path = dotted(call.func)
        named = path is not None and path.partition(".")[0] not in OWN
        found = self.project.lookup(run.method.module, path) if path and named else None
        if isinstance(found, External):
            return PATCHERS.fullmatch(found.name) is not None or may_replace(call)
        if isinstance(found, Class):
            return any(PATCHERS.fullmatch(item.name) for item in self.project.mro(found))
        callee = self._calls.callee(call.func, run)
        if callee is None:
            return may_replace(call)
        return hands_on(callee.method, self.project) and self.replaces_given(callee)

    def replaces_given(self, run: Run) -> bool:
        """Tell whether a function replaces what a parameter of it is, or names."""
        looks = replaces_given.looks(run.method, self.project, run.owner)
        return self._handing.ask(run.key, lambda: self._replaces_given(run), looks)

    def _replaces_given(self, run: Run) -> bool:
        return any(self.replaces(call, run) for call in _handed(run.method, self.project))


@Trait
def hands_on(method: Method, project: Project) -> bool:
    """Tell whether calls of a function may replace what a parameter of it is, or names."""
    return bool(_handed(method, project))


@Trait
def replaces_given(method: Method, project: Project, owner: Class | None = None) -> bool:
    """Tell whether a function as a class runs it replaces what a parameter of it is, or names."""
    return Replacements.of(project).replaces_given(Run(method, owner))


def _handed(method: Method, project: Project) -> list[ast.Call]:
    """Return the calls of a function that are given a parameter of it, where they say of what."""
    body = Body.of(method, project)
    given = set(body.parameters)
    return [call for call in body.calls if any(_is_one(item, given) for item in call.args[:TARGET])]


def replaced_by(call: ast.Call) -> str:
    """Return what a call replaces that replaces something, and with what, as it is written."""
    texts = (constant_string(item) or dotted(item) or written(item) or "" for item in call.args)
    return ".".join(filter(None, texts))


def may_replace(call: ast.Call) -> bool:
    """Tell whether a call replaces something by its name alone."""
    parts = (dotted(call.func) or "").split(".")
    named = parts[-2:-1] if parts[-1] in BELOW else parts[-1:]
    return any(map(REPLACES.fullmatch, named))


def names_stand_in(name: str) -> bool:
    """Tell whether a name is that of a stand-in, or of something that makes one."""
    return STAND_IN.fullmatch(name) is not None


def _is_one(node: ast.expr, names: set[str]) -> bool:
    inner = node.value if isinstance(node, ast.Starred) else node
    return isinstance(inner, ast.Name) and inner.id in names
