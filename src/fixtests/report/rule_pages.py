"""What `fixtests rules` and `fixtests explain` print, made from the rules and their samples."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

MARK = "  # expect:"


PACKAGE = Path(__file__).resolve().parents[1]
SAMPLES = (PACKAGE / "samples", PACKAGE.parents[1] / "fixtures")  # installed, or a checkout


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
    def cwe(self) -> tuple[int, ...]:
        """The numbers of the weaknesses in MITRE's list that it finds."""

    @property
    def options(self) -> type:
        """The dataclass of its options."""

    @property
    def origin(self) -> str:
        """The distribution that a rule of a plug-in comes from, empty for ours."""

    @property
    def words(self) -> Path:
        """The file beside it that says how reviews speak of it."""


def listing(rules: Iterable[Described]) -> Iterator[str]:
    """Yield one line for each rule."""
    found = list(rules)
    width = max(len(rule.name) for rule in found)
    for rule in found:
        state = "on " if rule.default else "off"
        yield f"{rule.code}  {state}  {rule.name:<{width}}  {rule.summary}"


def page(rule: Described) -> Iterator[str]:
    """Yield a rule's page: what, why, an example, fix safety, options."""
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield from rule.page.splitlines()
    if rule.origin:
        yield from ("", f"It comes with {rule.origin}.")
    yield from _example(rule)
    fields = dataclasses.fields(rule.options)
    if fields:
        yield ""
        yield f"Options, in `[tool.fixtests.{rule.name}]`:"
        yield from (f"- {field.name.replace('_', '-')}" for field in fields)


def _example(rule: Described) -> Iterator[str]:
    """Yield the sample called `example`: a diff, or the module where a rule only reports.

    In a small tree it is the test module.
    """
    for folder in (rule.words.with_name("samples"), *(item / rule.name for item in SAMPLES)):
        before, after, reported, unsafe = (
            _text(folder / f"example.{part}") for part in ("before", "after", "reported", "unsafe")
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
