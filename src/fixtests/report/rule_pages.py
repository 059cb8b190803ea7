"""What `fixtests rules` and `fixtests explain` print, made from the rules and their samples."""

from __future__ import annotations

import dataclasses
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
OPTIONS = "## Options"
SILENCED = (
    "- On one line: `# noqa: {0}`, or `# fixtests: ignore[{0}] the reason`.",
    "- In one file: `# fixtests: ignore-file[{0}]`, on a line of its own.",
    '- In some files: `"tests/old_*" = ["{0}"]` in `[tool.fixtests.per-file-ignores]`.',
    '- In the project: `ignore = ["{0}"]` in `[tool.fixtests]`; in one run: `--ignore {0}`.',
    "- What is there today: `fixtests baseline FILE`, and `--baseline FILE` from then on.",
)
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


def plain(rule: Described) -> str:
    """Return a rule's page without the marks of Markdown."""
    return HEADING.sub("", rule.page).replace("`", "")


def page(rule: Described) -> Iterator[str]:
    """Yield a rule's page in Markdown: when it runs, what, why, fix safety, options, example."""
    yield f"# {rule.code} {rule.name}"
    summary, _, rest = rule.page.partition("\n")
    yield from ("", summary, "", f"{_when(rule)} {_how(rule)}")
    if rule.origin:
        yield from ("", f"It comes with {rule.origin}.")
    table = f"{OPTIONS}\nIn `[tool.fixtests.{rule.name}]`:\n"
    yield from rest.replace(f"{OPTIONS}\n", f"{table}\n").splitlines()
    yield from _example(rule)
    yield from ("", "## Silence it", *(line.format(rule.code) for line in SILENCED))


def _when(rule: Described) -> str:
    """Say whether a rule runs where nobody selects it."""
    return "On by default." if rule.default else f"Off by default; `--select {rule.code}` runs it."


def _how(rule: Described) -> str:
    """Say whether a rule fixes, and how safely."""
    if not rule.fixable:
        return "It reports, and fixes nothing."
    if rule.applicability is Applicability.SAFE:
        return "Its fixes are safe where that is certain; `--unsafe-fixes` takes the others, too."
    return "Its fixes are unsafe: `--unsafe-fixes` takes them."


def _example(rule: Described) -> Iterator[str]:
    """Yield the sample called `example`: a diff, or the module where a rule only reports.

    In a small tree it is the test module.
    """
    import difflib

    for folder in (rule.words.with_name("samples"), *(item / rule.name for item in SAMPLES)):
        before, after, reported, unsafe = (
            _text(folder / f"example.{part}") for part in ("before", "after", "reported", "unsafe")
        )
        if (before and after) or (reported and unsafe):
            old = [line.partition(MARK)[0] for line in (before or reported).splitlines()]
            new = (after or unsafe).splitlines()
            kind, lines = "diff", list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
        else:
            kind, lines = "python", reported.replace(MARK, "  #").splitlines()
        if lines:
            yield from ("", "## Example", "", f"```{kind}", *map(str.rstrip, lines), "```")
            return


def _text(place: Path) -> str:
    tests = sorted(place.rglob("test_*.py"))
    path = tests[0] if tests else place.with_name(f"{place.name}.py")
    return path.read_text(encoding="utf-8") if path.is_file() else ""
