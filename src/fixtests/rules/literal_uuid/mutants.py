"""What shows whether the value of a UUID matters: another one in the constant, or for its name."""

from __future__ import annotations

import ast

from fixtests.model import Edit
from fixtests.reasoning.calls import OWN
from fixtests.rules.api import Mutant, Standing, of_value
from fixtests.rules.literal_uuid import spelling
from fixtests.syntax.queries import walk

NAMES = ast.Name | ast.Attribute | ast.Subscript


def of_name(standing: Standing) -> list[Mutant]:
    """Return the mutant with another UUID in the constant that takes the place of a literal.

    Where the name comes from elsewhere, the value takes the place of the name, everywhere in the
    file, so that the test still agrees with itself.
    """
    found = spelling.EXACT.search(standing.flagged)
    if found is None:
        return []
    other = _another(found.group())
    literals = list(standing.literals(found.group()))
    edits = standing.other_value(literals, other) or _instead(other, standing)
    return [of_value(edits)] if edits else []


def _another(value: str) -> str:
    """Return a UUID that differs from another one in all of its last digits."""
    kept, last = value[:-12], value[-12:]
    return kept + "".join(f"{15 - int(digit, 16):x}" for digit in last)


def _instead(value: str, standing: Standing) -> tuple[Edit, ...]:
    """Return the edits that write a value for a name, none where not all places can be told.

    What is of `self` is meant in the class of the fix alone.
    """
    module = standing.module
    name = _name(standing)
    if name is None:
        return ()
    word = next(item.id for item in walk(name) if isinstance(item, ast.Name))
    found = []
    for node in module.near_word(word):
        if type(node) is not type(name) or ast.dump(node) != ast.dump(name):
            continue
        if word in OWN and module.class_at(node) != module.class_at(name):
            continue
        if any(isinstance(item, ast.JoinedStr) for item in module.parents.above(node)):
            return ()  # Python before 3.12 does not say where in it
        found.append(module.source.span(node))
    return tuple(standing.edit(span, repr(value)) for span in sorted(set(found)))


def _name(standing: Standing) -> ast.expr | None:
    """Return the name that the fix put in the literal's place: the longest that is new there."""
    names = [node for node in standing.whole[0] if isinstance(node, NAMES)]
    span = standing.module.source.span
    found = max(names, key=lambda node: span(node).end - span(node).start, default=None)
    return found if any(isinstance(item, ast.Name) for item in walk(found or ast.Pass())) else None
