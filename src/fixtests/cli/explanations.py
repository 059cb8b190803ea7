"""Pages about rules and profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fixtests.cli.refusals import refuse
from fixtests.report import profiles, rule_pages
from fixtests.report.screen import Screen
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError


def list_rules(output_format: str) -> None:
    """Print which rules there are, as text or JSON."""
    lines = rule_pages.listed if output_format == "json" else rule_pages.listing
    for line in lines(registry.every()):
        Screen("never").emit(line)


def explain(rule: str | None, profile: str | None) -> None:
    """Print the page of a rule or of a profile; leave where not just one of them is named."""
    screen = Screen("auto")
    try:
        match rule, profile:
            case str(), None:
                screen.emit_page(rule_pages.page(registry.find(rule)))
            case None, str():
                for line in described(profile):
                    screen.emit(line)
            case _:
                refuse("explain needs either RULE or --profile NAME; see `fixtests rules`")
    except (registry.SelectionError, UsageError) as error:
        refuse(str(error))


def described(name: str) -> Iterator[str]:
    """Return the page of a profile as the current folder's configuration extends it.

    Raises UsageError.
    """
    configuration = Configuration(Request())
    here = Path.cwd()
    settings = replace(configuration.at(here), profile=name)
    extension = settings.extend_profile
    source = f"extended by {extension.place.where}" if extension else "as built in"
    return profiles.page(configuration.profile(configuration.root(here), settings), source)
