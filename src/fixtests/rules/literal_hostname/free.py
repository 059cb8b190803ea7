"""Whether a new constant of a class is seen by nobody but those who are to use it."""

from __future__ import annotations

from fixtests.reasoning import lineage, reflection, roles
from fixtests.tree.module import Class, External, Module
from fixtests.tree.project import Project

LOOKS = "{} reads or sets attributes that it does not name; look whether `{}` is one of them"


def modules(owner: Class, project: Project) -> frozenset[Module]:
    """Return the modules of a class, of its bases, and of its heirs with theirs."""
    return project.below(owner, "modules", lambda item: lineage.modules(item, project))


def doubt(name: str, owner: Class, project: Project) -> str:
    """Return why nobody can tell whether a class can have a constant of that name, in words."""
    if base := project.first(owner, "base outside of frameworks", _unseen):
        return f"`{base}` is not in this tree; check that it has no such attribute"
    module = owner.module
    if reflection.may_read(module, name) or reflection.reads_code(module):
        return LOOKS.format("this file", name)
    if reflection.is_made_otherwise(owner, project):
        return LOOKS.format("who makes this class", name)
    if any(reflection.may_set(item, name) for item in modules(owner, project)):
        return LOOKS.format("a file of this class", name)
    return ""


def _unseen(item: Class | External) -> str | None:
    """Return the name of a class that nobody sees the attributes of."""
    return item.name if isinstance(item, External) and not roles.is_of_framework(item) else None
