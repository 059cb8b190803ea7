"""Random names of resources begin with the prefix that tempest is configured with.

What: `data_utils.rand_name(x)` of tempest.lib becomes
`data_utils.rand_name(prefix=CONF.resource_name_prefix, name=x)`, whatever name the module is
imported under. A file that has no `CONF` gets `from tempest import config` and
`CONF = config.CONF`. Nothing changes where the option keeps its default, which is the prefix
that `rand_name` has anyway.

Why: `tempest cleanup --prefix` deletes what the option's value begins the name of, and leaves
what a test has named otherwise. Tempest did it by hand in 213d0a4c6: 574 calls in 149 files.

When to delete: once `rand_name` reads the option itself, or a check refuses calls without it.

What it leaves, and says so: calls that take `*args` or `**kwargs`, since they may hold a prefix;
files of tempest.lib, which must not read tempest's configuration; unit tests, which create
nothing; files whose `CONF` or `config` is something else; a tempest that has no such option.
A call that has a prefix is as it should be. A project's own `rand_name` is another function.

Needs --unsafe-fixes: in plugins, since the option came with tempest 37.0.0, and for calls that
run on import (values of classes and modules, decorators, defaults), which read the
configuration earlier than tests do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixtests.migrate import Codemod
from fixtests.model import Applicability, Finding
from fixtests.reasoning.module_names import binds_otherwise, leads_to, name_for
from fixtests.rules.api import Context, Editor
from fixtests.syntax.queries import bound_names, dotted, values_given, walk

RAND_NAME = "tempest.lib.common.utils.data_utils.rand_name"
CONFIG, CONF, OPTION = "tempest.config", "tempest.config.CONF", "resource_name_prefix"
LEFT = "`rand_name` is called without the configured prefix; "
BODIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class ResourceNamePrefix(Codemod):
    """Pass the configured prefix to `rand_name`."""

    needles = (re.compile(rb"rand_name"),)
    visits = (ast.Call,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield one finding for all calls of a statement, and one for each call that is left."""
        if not isinstance(node, ast.Call) or not _lacks_prefix(node, context):
            return
        obstacle = _obstacle(node, context)
        if obstacle:
            yield context.finding(node, LEFT + obstacle, Applicability.DISPLAY)
            return
        calls = _beside(node, context)
        if calls[0] is not node:
            return
        conf = name_for(context.module, CONF, context.project)
        doubt = _doubt(node, context)
        kind = Applicability.UNSAFE if doubt else Applicability.SAFE
        texts = {
            context.source.span(call): _prefixed(call, conf or "CONF", context) for call in calls
        }
        message = "`rand_name` is called without the configured prefix"
        message = "; ".join(filter(None, (message, doubt)))
        yield context.finding(node, message, kind, texts=texts, bind=not conf)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Give the calls their prefix, and the file its CONF."""
        edit.rewrite(finding.data["texts"])
        if finding.data["bind"]:
            edit.require_import("from tempest import config")
            edit.declare_constant("CONF", "config.CONF")


def _lacks_prefix(call: ast.Call, context: Context) -> bool:
    """Tell whether a call is one of tempest.lib's `rand_name`, and gives no prefix by name."""
    name = dotted(call.func) or ""
    if not name.endswith("rand_name") or leads_to(context.module, name, context.project) != (
        RAND_NAME
    ):
        return False
    own = name.partition(".")[0]
    if any(own in bound_names(item) for item in _functions(call, context)):
        return False
    named = {item.arg for item in call.keywords if item.arg}
    return named <= {"name"} and len(call.args) < 2


def _functions(node: ast.AST, context: Context) -> list[ast.AST]:
    return [item for item in context.parents.above(node) if isinstance(item, BODIES)]


def _obstacle(call: ast.Call, context: Context) -> str:
    """Return why a call has to be left, in words; empty for nothing."""
    if any(isinstance(item, ast.Starred) for item in call.args) or any(
        item.arg is None for item in call.keywords
    ):
        return "what it is given may hold one"
    if not _flat(call, context):
        return "a comment or a text of several lines stands between its brackets"
    units = (*context.project.profile.cleanups.units, "tempest/tests")
    if "unit" in context.relative.split("/") or context.relative.startswith(
        tuple(f"{place}/" for place in units)
    ):
        return "a unit test creates no resource"
    home = context.project.path_of(CONFIG)
    if home is not None and OPTION not in context.project.text(home):
        return f"this tempest has no option {OPTION}"
    if f"{context.module.name}.".startswith("tempest.lib."):
        return "tempest.lib must not read tempest's configuration"
    taken = binds_otherwise(context.module, CONF, context.project)
    if taken and not name_for(context.module, CONF, context.project):
        return f"`{taken}` is something else in this file"
    return ""


def _doubt(call: ast.Call, context: Context) -> str:
    """Return what speaks against a call's change, in words; empty for nothing."""
    inner: ast.AST = call
    for item in context.parents.above(call):
        if isinstance(item, ast.Lambda) and inner is item.body:
            break
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and inner in item.body:
            break
        inner = item
    else:
        return "the configuration would be read on import"
    if context.project.path_of(CONFIG) is None:
        return "the option needs tempest 37.0.0 or newer"
    return ""


def _beside(call: ast.Call, context: Context) -> list[ast.Call]:
    """Return the calls of a call's statement that are to change, in their order."""
    statement = context.parents.statement(call)
    found = [
        item
        for item in walk(statement)
        if isinstance(item, ast.Call)
        and context.parents.statement(item) is statement
        and _lacks_prefix(item, context)
        and not _obstacle(item, context)
    ]
    inner = {below for item in found for below in walk(item) if below is not item}
    outer = [item for item in found if item not in inner]
    return sorted(outer, key=lambda item: (item.lineno, item.col_offset))


def _flat(node: ast.expr, context: Context) -> str:
    """Return an expression on one line; empty where that would not be the same."""
    text = context.source.slice(context.source.span(node))
    opened = re.sub(r"([(\[{])\s*\n\s*", r"\1", text)
    flat = re.sub(r"\s*\n\s*", " ", re.sub(r"\s*\n\s*([)\]}])", r"\1", opened))
    try:
        found = ast.parse(flat, mode="eval").body
    except SyntaxError:
        return ""
    return flat if ast.dump(found) == ast.dump(node) else ""


def _prefixed(call: ast.Call, conf: str, context: Context) -> str:
    """Return a call with the prefix."""
    given = values_given(call)
    names = [f"name={_flat(item, context)}" for item in given]
    return f"{_flat(call.func, context)}({', '.join([f'prefix={conf}.{OPTION}', *names])})"
