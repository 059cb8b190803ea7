"""What a shell offers for values of the command line; what knows them is loaded only then."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Offers: TypeAlias = "list[CompletionItem]"


def rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Offer codes and names of rules; before a last comma stands what was chosen already."""
    from fixtests.rules import registry

    chosen, comma, word = incomplete.rpartition(",")
    known = {item.code: item.summary for item in registry.every()}
    known |= {item.name: item.summary for item in registry.every()}
    return [
        _offer(f"{chosen}{comma}{name}", summary)
        for name, summary in known.items()
        if name.lower().startswith(word.lower())
    ]


def profiles(context: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Offer the names of profiles."""
    from fixtests.tree import known_profiles

    return _beginning(incomplete, ((name, "") for name in known_profiles.names()))


def codemods(context: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Offer the codemods that a bare name leads to here, and files."""
    from fixtests.migrate import catalogue
    from fixtests.model import RunError

    known: list[tuple[str, str]] = []
    with contextlib.suppress(RunError, OSError):
        known = [(item.name, item.summary) for item in catalogue.every(context.params.get("root"))]
    return [*_beginning(incomplete, known), *files(context, parameter, incomplete)]


def files(context: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Offer files, which the shell knows."""
    return [_offer(incomplete, kind="file")]


def _beginning(incomplete: str, known: Iterable[tuple[str, str]]) -> Offers:
    return [_offer(name, summary) for name, summary in known if name.startswith(incomplete)]


def _offer(value: str, summary: str | None = None, kind: str = "plain") -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(value, kind, summary)
