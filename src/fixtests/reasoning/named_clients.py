"""Clients that tests get by a name from what knows them all, and which class of the tree each is.

The classes stand in modules of that name, wherever those are.
"""

from __future__ import annotations

import ast

from fixtests.reasoning import roles, words
from fixtests.reasoning.calls import OWN
from fixtests.syntax.queries import dotted
from fixtests.tree.module import Class, Module
from fixtests.tree.project import Project


def of_manager(node: ast.Attribute, attr: str, project: Project) -> list[Class]:
    """Return the client that hangs on something outside of the tree that knows them all.

    It is that of the one module of the attribute's name: `cls.os_admin.zones_client`.
    """
    root = (dotted(node) or "").partition(".")[0]
    if root not in OWN or not roles.REPLYING.fullmatch(attr):
        return []
    found = _modules_named(attr, project)
    module = found[0] if len(found) == 1 else None
    return [
        owner
        for name, owner in (module.classes.items() if module else ())
        if roles.FORM.sub("", name).lower() == attr.replace("_", "")  # `MagnetoDBClient` too
    ]


def registered(called: str, module: Module, project: Project) -> list[Class]:
    """Return the client that a test gets by the name of its class from what knows them all.

    That class stands in a module of the same name, or without the version in it:
    `cls.os_admin.dns_v2.ZonesClient()`, `manager.share_v2.SharesV2Client()`.
    """
    holder, _, name = called.rpartition(".")
    root = holder.partition(".")[0]
    if not holder or root in module.imports or not roles.MAKES_CLIENT.search(name):
        return []
    stem = words.snake_case(name)
    found = _modules_named(stem, project) or _modules_named(roles.VERSION.sub("", stem), project)
    owners = (item.classes.get(name) for item in found if item)
    return [owner for owner in owners if owner is not None]


def _modules_named(name: str, project: Project) -> list[Module | None]:
    """Return the modules of the tree that have a name, None for each that cannot be read."""
    return [project.at(path) for path in project.texts.named(f"{name}.py")]
