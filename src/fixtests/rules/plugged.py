"""Rules of plug-ins: imported, and judged before anybody asks them.

An entry point of the group `fixtests.rules` leads from the prefix of its codes to a package, in
which each folder with a module `rule` is a rule, as in this one.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import pkgutil
import re
from collections.abc import Iterator, Sequence
from types import ModuleType

from fixtests.plugins import installed, loading
from fixtests.plugins.installed import Offer
from fixtests.plugins.loading import PluginError
from fixtests.rules.api import API, Rule
from fixtests.settings.config import Config

OURS = "FT"
PREFIX = re.compile("[A-Z]{2,}")
DECLARED = re.compile(r"([0-9]+)\.([0-9]+)")
LEVEL = "FIXTESTS_API"  # what a package says that it was written for


def rules(ours: Sequence[Rule]) -> list[Rule]:
    """Return the rules of plug-ins beside our own; what is wrong with others is noted."""
    found: list[Rule] = []
    for offer in installed.offers(installed.RULES):
        with loading.judging(offer):
            _judge_prefix(offer)
            found += _rules_of(offer, [*ours, *found])
    return found


def prefixes() -> tuple[str, ...]:
    """Return the prefixes that plug-ins have for codes, also those that cannot be used."""
    return tuple(offer.name for offer in installed.offers(installed.RULES))


def _judge_prefix(offer: Offer) -> None:
    """Look whether codes with a prefix can be told from others. Raises PluginError."""
    if not PREFIX.fullmatch(offer.name):
        raise PluginError("the prefix of codes has to be two capitals or more")
    others = [OURS] + [
        f"{other.name} of {other.origin}"
        for other in installed.offers(installed.RULES)
        if other != offer
    ]
    for other in others:
        prefix = other.partition(" ")[0]
        if prefix.startswith(offer.name) or offer.name.startswith(prefix):
            remedy = f"uninstall one of them, such as: pip uninstall {offer.distribution}"
            raise PluginError(f"its codes cannot be told from {other}", remedy)


def _rules_of(offer: Offer, known: Sequence[Rule]) -> list[Rule]:
    """Return the rules of a package. Raises PluginError, and what its own code raises."""
    package = loading.imported(offer.value)
    if not hasattr(package, "__path__"):
        raise PluginError(f"{offer.value} is no package")
    _judge_level(package)
    found: list[Rule] = []
    for entry in pkgutil.iter_modules(package.__path__):
        name = f"{package.__name__}.{entry.name}.rule"
        if not entry.ispkg or importlib.util.find_spec(name) is None:
            continue
        for rule in of_module(loading.imported(name)):
            _judge(rule, offer, [*known, *found])
            vars(rule)["origin"] = offer.origin
            found.append(rule)
    if not found:
        raise PluginError("holds no rule: no folder of it has a rule.py with a class of Rule")
    loading.watch(package)
    return found


def _judge_level(package: ModuleType) -> None:
    """Look whether a package was written for what there is here. Raises PluginError."""
    asked = getattr(package, LEVEL, None)
    here = ".".join(map(str, API))
    level = DECLARED.fullmatch(asked) if isinstance(asked, str) else None
    if level is None:
        raise PluginError(
            f"its package says {LEVEL} = {asked!r}", f'write {LEVEL} = "{here}" in its __init__.py'
        )
    major, minor = int(level[1]), int(level[2])
    if (major, minor) > API:
        raise PluginError(
            f"asks for version {asked} of the API, this is {here}",
            "run: pip install --upgrade fixtests",
        )
    if major < API[0]:
        raise PluginError(f"was written for version {asked} of the API, this is {here}")


def of_module(module: ModuleType) -> Iterator[Rule]:
    """Yield one instance of each rule that a module defines."""
    for item in vars(module).values():
        if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == module.__name__:
            yield item()


def _judge(rule: Rule, offer: Offer, known: Sequence[Rule]) -> None:
    """Look whether a rule can be selected, configured and explained. Raises PluginError."""
    where = f"{type(rule).__module__}.{type(rule).__qualname__}"
    code = getattr(rule, "code", None)
    if not isinstance(code, str) or not re.fullmatch(f"{offer.name}[0-9]+", code):
        raise PluginError(f"{where}: its code is {code!r}, not {offer.name} and a number")
    for other in known:
        if code == other.code or rule.name == other.name:
            raise PluginError(f"{where}: {code} {rule.name} is called as {other.title} is")
    if rule.name in {field.name.replace("_", "-") for field in dataclasses.fields(Config)}:
        raise PluginError(f"{where}: {rule.name} is what a key of the configuration is called")
    if not rule.summary:
        raise PluginError(f"{where}: has no docstring, which is its page")
    if type(rule).check is Rule.check or not rule.visits:
        raise PluginError(f"{where}: has no check(), or no `visits`: nothing calls it")
    if not all(isinstance(getattr(it, "pattern", None), bytes) for it in rule.needles):
        raise PluginError(f'{where}: needles are patterns of bytes, as re.compile(rb"...") makes')
    rule.options()
