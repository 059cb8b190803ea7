"""What `fixtests rules` and `fixtests explain` print, made from the rules and their samples."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from fixtests.model import Applicability
from fixtests.report import addresses

PACKAGE = Path(__file__).resolve().parents[1]
SAMPLES = (PACKAGE / "samples", PACKAGE.parents[1] / "fixtures")  # installed, or a checkout

MARK = "  # expect:"
HEADING = re.compile(r"^#+ ", re.MULTILINE)


class Described(Protocol):
    """What a rule says of itself."""

    @property
    def code(self) -> str:
        """The code."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def summary(self) -> str:
        """One line."""

    @property
    def page(self) -> str:
        """The whole docstring."""

    @property
    def default(self) -> bool:
        """Whether it is on by default."""

    @property
    def applicability(self) -> Applicability:
        """How far its best fixes can be trusted."""

    @property
    def fixable(self) -> bool:
        """Whether it has fixes."""

    @property
    def severity(self) -> str:
        """How much its findings matter, in the words of code scanning."""

    @property
    def reason(self) -> str:
        """Why what it finds is bad, in one paragraph."""

    @property
    def cwe(self) -> tuple[int, ...]:
        """The numbers of the weaknesses in MITRE's list that it finds."""

    @property
    def options(self) -> type:
        """The dataclass of its options."""


def listing(rules: Iterable[Described]) -> Iterator[str]:
    """Yield one line for each rule."""
    found = list(rules)
    width = max(len(rule.name) for rule in found)
    for rule in found:
        state = "on " if rule.default else "off"
        yield f"{rule.code}  {state}  {rule.name:<{width}}  {rule.summary}"


def listed(rules: Iterable[Described]) -> Iterator[str]:
    """Yield the lines of a JSON array with an object for each rule."""
    yield from json.dumps([_described(rule) for rule in rules], indent=2).split("\n")


def _described(rule: Described) -> dict[str, Any]:
    fix = rule.applicability.value if rule.fixable else None
    options = {
        field.name.replace("_", "-"): _usual(field) for field in dataclasses.fields(rule.options)
    }
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "default": rule.default,
        "fix": fix,
        "options": options,
        "url": addresses.of_rule(rule.name),
    }


def _usual(field: dataclasses.Field[Any]) -> Any:
    """Return what an option is where nobody sets it."""
    made = field.default_factory
    return field.default if made is dataclasses.MISSING else made()


def markdown(rule: Described) -> str:
    """Return a rule's page with its example."""
    return "\n".join((f"# {rule.code} {rule.name}", "", rule.page, *_example(rule.name)))


def plain(rule: Described) -> str:
    """Return a rule's page without the marks of Markdown."""
    return HEADING.sub("", rule.page).replace("`", "")


def page(rule: Described) -> Iterator[str]:
    """Yield a rule's page: what, why, an example, fix safety, options."""
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield from rule.page.splitlines()
    yield from _example(rule.name)
    fields = dataclasses.fields(rule.options)
    if fields:
        yield ""
        yield f"Options, in `[tool.fixtests.{rule.name}]`:"
        yield from (f"- {field.name.replace('_', '-')}" for field in fields)


def _example(name: str) -> Iterator[str]:
    """Yield the sample called `example`: a diff, or the module where a rule only reports.

    In a small tree it is the test module.
    """
    for folder in SAMPLES:
        before, after, reported, unsafe = (
            _text(folder / name / f"example.{part}")
            for part in ("before", "after", "reported", "unsafe")
        )
        if (before and after) or (reported and unsafe):
            old = [line.partition(MARK)[0] for line in (before or reported).splitlines()]
            new = (after or unsafe).splitlines()
            lines = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
        else:
            lines = reported.replace(MARK, "  #").splitlines()
        if lines:
            yield from ("", "## Example", "", *(f"    {line}".rstrip() for line in lines))
            return


def _text(place: Path) -> str:
    tests = sorted(place.rglob("test_*.py"))
    path = tests[0] if tests else place.with_name(f"{place.name}.py")
    return path.read_text(encoding="utf-8") if path.is_file() else ""
