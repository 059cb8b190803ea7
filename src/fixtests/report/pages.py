"""What `fixtests rules` and `fixtests explain` print, made from the rules and their samples."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

PACKAGE = Path(__file__).resolve().parents[1]
SAMPLES = (PACKAGE / "samples", PACKAGE.parents[1] / "fixtures")  # installed, or a checkout


class Described(Protocol):
    """What a rule says of itself."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def page(self) -> str: ...
    @property
    def default(self) -> bool: ...
    @property
    def options(self) -> type: ...


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
    yield from _example(rule.name)
    fields = dataclasses.fields(rule.options)
    if fields:
        yield ""
        yield f"Options, in `[tool.fixtests.{rule.name}]`:"
        yield from (f"- {field.name.replace('_', '-')}" for field in fields)


def _example(name: str) -> Iterator[str]:
    for folder in SAMPLES:
        before, after = (folder / name / f"example.{part}.py" for part in ("before", "after"))
        if before.is_file() and after.is_file():
            old = [line.partition("  # expect:")[0] for line in before.read_text().splitlines()]
            new = after.read_text().splitlines()
            yield ""
            yield "## Example"
            yield ""
            for line in list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]:
                yield "    " + line
            return
