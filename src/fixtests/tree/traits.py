"""What a function says in one respect: who asks for that depends on no more of its body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fixtests.model import digest
from fixtests.syntax.queries import Function
from fixtests.syntax.unread import quietly
from fixtests.tree.module import Module

# Gives what a trait's name stands for: a plain answer to a question about a function alone, of
# which places in the file are no part, in a form that is another one for another answer.
Trait = Callable[[Function], Any]
Traits = Callable[[str], Trait | None]


def trait(module: Module, says: Trait, function: Function) -> Any:
    """Return what a function of a module says, and look at no more of it."""
    return module.noted((says, function), _looked_at, module, says, function)


def _looked_at(module: Module, says: Trait, function: Function) -> Any:
    number = module.numbers.get(function)
    if number is None:
        return says(function)
    module.look_at_trait(number, says.__name__)
    return quietly(says, function)


def told(module: Module, at: str, traits: Traits) -> str:
    """Return a digest of what a look at a trait tells, nothing where that cannot be said."""
    number, _, name = at.partition(" ")
    says = traits(name)
    if says is None or int(number) >= len(module.numbers):
        return ""
    function = [*module.numbers][int(number)]
    return digest(repr(quietly(says, function)).encode("utf-8", "surrogatepass"))
