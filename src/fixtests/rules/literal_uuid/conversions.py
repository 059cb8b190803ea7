"""UUIDs that a test holds against one another because a function makes one of the other.

Their digits are the matter then: a name would hide what the test is about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from fixtests.reasoning import roles
from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import Function, called_name, constant_string, values_given

MADE = 4  # digits, at most, in which a value differs from the one that it is made of


def values(
    strings: Iterable[tuple[ast.Constant, str]],
    locals_: Mapping[tuple[str, Function | None], ast.Name],
    parents: Parents,
) -> set[str]:
    """Return the values in assertions on functions that make one UUID of another.

    `strings` are the UUIDs of a module, `locals_` the locals that hold them.
    """
    held = {(name.id, function): value for (value, function), name in locals_.items()}
    asserted: list[tuple[str, set[str]]] = []
    for node, value in strings:
        if EXACT.fullmatch(value):
            for call in _beside(node, parents):
                given = set(_given(call, parents.function(node), held))
                asserted.append((called_name(call), {value, *given}))
    making = {name for name, found in asserted if _is_made(found)}
    return {value for name, found in asserted if name in making for value in found}


def _beside(node: ast.Constant, parents: Parents) -> Iterator[ast.Call]:
    """Yield the calls that an assertion holds a literal against."""
    match parents.of(node):
        case ast.Call(args=args) as call if called_name(call).startswith(roles.ASSERTION):
            yield from (item for item in args if isinstance(item, ast.Call))


def _given(
    call: ast.Call, function: Function | None, held: Mapping[tuple[str, Function | None], str]
) -> Iterator[str]:
    """Yield the UUIDs that a call is given, in their place or by locals."""
    for item in values_given(call):
        value = constant_string(item)
        if isinstance(item, ast.Name):
            value = held.get((item.id, function))
        if value and EXACT.fullmatch(value):
            yield value


def _is_made(found: set[str]) -> bool:
    """Tell whether one of some values differs from another in a few digits."""
    plain = sorted({item.lower() for item in found})
    return any(
        0 < sum(a != b for a, b in zip(one, other, strict=True)) <= MADE
        for at, one in enumerate(plain)
        for other in plain[at + 1 :]
    )
