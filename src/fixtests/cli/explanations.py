"""Pages about rules and profiles, and the beginning of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fixtests.cli.refusals import refuse
from fixtests.model import RunError
from fixtests.report import profiles, rule_pages
from fixtests.report.screen import Screen
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request, UsageError
from fixtests.tree import known_profiles


def list_rules(output_format: str) -> None:
    """Print which rules there are, as text or JSON."""
    lines = rule_pages.listed if output_format == "json" else rule_pages.listing
    for line in lines(registry.every()):
        Screen("never").emit(line)


def begin_rule(name: str, code: str) -> None:
    """Write a package with a rule, or a rule beside those of a package; say what to do next."""
    from fixtests.testing import skeleton
    from fixtests.write import outputs

    try:
        files = skeleton.files(name, code)
        top = Path(next(iter(files))).parent
        for rule in registry.every():
            if rule.is_called(name) or rule.is_called(code):
                refuse(f"{code} {name}: there is {rule.title}; take another name and code")
        if top.is_dir():  # the package is there: only the rule is new
            files = {path: text for path, text in files.items() if not Path(path).exists()}
            if not any(path.endswith("/rule.py") for path in files):
                refuse(f"{name}: {top} has that rule; name another one")
            for file in sorted(top.glob("*/*/rule.py")):
                if re.search(rf"^    code = (['\"]){code}\1", file.read_text(), re.MULTILINE):
                    refuse(f"--code: {code} is the code of {file}; take another one")
        outputs.save_new({Path(path): text.encode() for path, text in files.items()})
    except RunError as error:
        refuse(str(error))
    screen = Screen("never")
    for path in files:
        screen.emit(path)
    screen.warn(f"Next: pip install -e {top} pytest, then python -m pytest {top}")


def explain(rule: str | None, profile: str | None) -> None:
    """Print the page of a rule or of a profile; leave where not just one of them is named."""
    screen = Screen("auto")
    try:
        match rule, profile:
            case str(), None:
                _explain(rule, screen)
            case None, str():
                for line in described(profile):
                    screen.emit(line)
            case _:
                refuse("explain needs either RULE or --profile NAME; see `fixtests rules`")
    except (registry.SelectionError, UsageError) as error:
        refuse(str(error))


def _explain(word: str, screen: Screen) -> None:
    """Print the page of a rule, or list the rules whose codes begin so. Raises SelectionError."""
    try:
        screen.emit_page(rule_pages.page(registry.find(word)))
    except registry.SelectionError:
        family = registry.select((word,), (), ())
        if not family:
            raise
        for line in rule_pages.listing(family):
            screen.emit(line)


def described(name: str) -> Iterator[str]:
    """Return the page of a profile as the current folder's configuration extends it.

    Raises UsageError.
    """
    configuration = Configuration(Request())
    here = Path.cwd()
    settings = replace(configuration.at(here), profile=name)
    extension = settings.extend_profile
    shown = configuration.profile(configuration.root(here), settings)
    file = Path(known_profiles.find(name).place.where)
    source = "as built in" if file.parent == known_profiles.PROFILES else f"as {file} has it"
    if extension:
        source = f"extended by {extension.place.where}"
    return profiles.page(shown, source)
