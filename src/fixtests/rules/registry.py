"""Which rules there are, and which of them were asked for."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache

from fixtests import rules
from fixtests.rules import plugged
from fixtests.rules.api import Rule
from fixtests.settings import nearest


class SelectionError(Exception):
    """A selector that no rule answers to."""


@cache
def every() -> tuple[Rule, ...]:
    """Return one instance of each rule in `rules/` and of plug-ins, by code."""
    found: list[Rule] = []
    for entry in pkgutil.iter_modules(rules.__path__):
        if entry.ispkg:
            module = importlib.import_module(f"{rules.__name__}.{entry.name}.rule")
            found += plugged.of_module(module)
    return tuple(sorted([*found, *plugged.rules(found)], key=lambda rule: rule.code))


def prepare() -> None:
    """Load what our rules decide with, which files with their needles need, and others do not."""
    for rule in every():
        if not rule.origin:
            importlib.import_module(f"{type(rule).__module__.rpartition('.')[0]}.deciding")


def option_types() -> dict[str, type]:
    """Return the options dataclass of each rule, by the rule's name."""
    return {rule.name: rule.options for rule in every()}


def find(word: str) -> Rule:
    """Return the rule with a code or name.

    Raises SelectionError where there is none.
    """
    for rule in every():
        if rule.is_called(word):
            return rule
    raise _unknown(word)


def select(
    chosen: Iterable[str] | None,
    extra: Iterable[str],
    ignored: Iterable[str],
    start: Iterable[Rule] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules that selectors name: codes, prefixes, names, ALL.

    `None` for `chosen` means the rules of `start`, which any selector beats;
    by default those that are on by default. A longer selector beats a shorter
    one; on a tie, ignoring wins.

    Raises SelectionError for a selector that no rule answers to.
    """
    wanted: dict[str, int] = {}
    if chosen is None:
        initial = (rule for rule in every() if rule.default) if start is None else start
        wanted = {rule.code: 0 for rule in initial}
    unwanted: dict[str, int] = {}
    for words, weights in (([*(chosen or ()), *extra], wanted), (list(ignored), unwanted)):
        for word in words:
            for code, weight in _matches(word).items():
                weights[code] = max(weight, weights.get(code, 0))
    return tuple(
        rule
        for rule in every()
        if rule.code in wanted and wanted[rule.code] > unwanted.get(rule.code, -1)
    )


def _matches(word: str) -> dict[str, int]:
    """Return the codes that a selector names, with how exactly it names them."""
    if word == "ALL":
        return {rule.code: 0 for rule in every()}
    found = {
        rule.code: len(rule.code) if word == rule.name else len(word)
        for rule in every()
        if word == rule.name
        or (re.fullmatch(r"[A-Za-z]+[0-9]*", word) and rule.code.startswith(word.upper()))
    }
    if not found and not _is_of_absent(word):
        raise _unknown(word)
    return found


def _is_of_absent(word: str) -> bool:
    """Tell whether a selector is for rules of a plug-in that cannot be used, and is named."""
    codes = [rule.code for rule in every()]
    return any(
        re.fullmatch(f"{re.escape(prefix)}[0-9]*", word, re.IGNORECASE)
        for prefix in plugged.prefixes()
        if not any(code.startswith(prefix) for code in codes)
    )


def _unknown(word: str) -> SelectionError:
    valid = [name for rule in every() for name in (rule.code, rule.name)]
    return SelectionError(f"unknown rule {word!r}{nearest.meant(word, valid)}")
