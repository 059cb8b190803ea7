"""What the page shows, in plain values: files with their findings, totals, pages of rules."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from fixtests.model import Applicability, Finding
from fixtests.report import rule_pages
from fixtests.report.contents import Report
from fixtests.report.location import from_top, named, visible
from fixtests.report.message import parts
from fixtests.report.page import diffs, owners
from fixtests.report.page.coloring import Colors
from fixtests.report.rule_pages import Described
from fixtests.text.source import Source

TIERS = {
    Applicability.SAFE: "safe fix",
    Applicability.UNSAFE: "unsafe fix",
    Applicability.DISPLAY: "no fix",
}
NOBODY = "nobody"  # owns a file where others have owners
HEADINGS = {"h1": "h3", "h2": "h4"}  # of a rule's page, within this one


@dataclass(frozen=True)
class Item:
    """One finding; `state` says whether its fix is planned, empty where nothing is."""

    id: str
    finding: Finding
    row: int
    column: int
    what: Markup
    reason: Markup
    hint: Markup
    proof: Sequence[str]
    failure: str
    state: str
    code: Markup
    elsewhere: Sequence[tuple[str, str]]
    command: str


@dataclass(frozen=True)
class File:
    """A file and what was found in it."""

    path: str
    folder: str
    owners: Sequence[str]
    items: Sequence[Item]


@dataclass(frozen=True)
class Total:
    """How many findings there are of a kind, in the order of `TIERS`."""

    value: str
    name: str
    counts: Sequence[int]

    @property
    def all(self) -> int:
        """How many there are in all."""
        return sum(self.counts)


@dataclass(frozen=True)
class Table:
    """Totals by one thing, which `key` names to the page's filter."""

    key: str
    title: str
    head: str
    rows: Sequence[Total]


def files(report: Report) -> list[File]:
    """Return the files with findings, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for path, group in groupby(report.findings, key=lambda item: item.path):
        source = report.texts.source(path)
        colors = Colors(source)
        name = visible(from_top(path))
        items = []
        for finding in group:
            seen[finding.fingerprint] += 1
            mark = f"{finding.fingerprint}-{seen[finding.fingerprint]}"
            items.append(_item(mark.removesuffix("-1"), finding, report, source, colors))
        folder = str(PurePosixPath(name).parent)
        found.append(File(name, folder, owners.of(path), items))
    return found


def _item(mark: str, finding: Finding, report: Report, source: Source, colors: Colors) -> Item:
    row, column = source.location(finding.span.start)
    what, reason, hint = map(_prose, parts(finding.message))
    code = diffs.of_fix(finding, source, colors) or diffs.excerpt(finding, colors)
    proof = finding.proof
    return Item(
        mark,
        finding,
        row,
        column,
        what,
        reason,
        hint,
        [visible(line) for line in str(proof or "").splitlines()],
        "\n".join(map(visible, proof.failure.splitlines())) if proof else "",
        _state(finding, report),
        Markup(code),  # `coloring` escapes it
        [
            (named(item.path), visible(f"{item.name} = {item.value}"))
            for item in (finding.fix.declarations if finding.fix else ())
        ],
        f"{command(report)} {finding.fingerprint}" if report.plan else "",
    )


def _prose(text: str) -> Markup:
    """Return a message as markup, with the code that it quotes as such."""
    quoted = re.split("`([^`]+)`", visible(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(quoted)
    )


def _state(finding: Finding, report: Report) -> str:
    if report.fixed is None:
        return ""
    return "planned" if (finding.path, finding.fingerprint) in report.fixed else "left"


def command(report: Report) -> str:
    """Return the command that drops findings of the report's plan, up to their names."""
    return shlex.join(["fixtests", "plan-edit", str(report.plan), "--drop"]) if report.plan else ""


def tables(found: Sequence[File]) -> Iterator[Table]:
    """Yield totals by rule, by directory and, where anybody owns a file, by owner."""
    every = [(file, item.finding) for file in found for item in file.items]
    rules = {item.code: f"{item.code} {item.name}" for _, item in every}
    yield Table("rule", "By rule", "rule", [*_totals(rules, ((i.code, i) for _, i in every))])
    folders = {file.folder: file.folder for file in found}
    by_folder = ((file.folder, item) for file, item in every)
    yield Table("folder", "By directory", "directory", [*_totals(folders, by_folder)])
    if any(file.owners for file in found):
        pairs = [(owner, item) for file, item in every for owner in file.owners or (NOBODY,)]
        names = {owner: owner for owner, _ in pairs}
        yield Table("owner", "By owner", "owner", [*_totals(names, pairs)])


def _totals(names: Mapping[str, str], pairs: Iterable[tuple[str, Finding]]) -> Iterator[Total]:
    counts = Counter((key, item.applicability) for key, item in pairs)
    for key in sorted(names):
        yield Total(key, names[key], [counts[key, tier] for tier in TIERS])


@dataclass(frozen=True)
class RulePage:
    """The page of one rule."""

    code: str
    name: str
    text: Markup


def pages(rules: Iterable[Described], found: Sequence[File]) -> Iterator[RulePage]:
    """Yield the pages of the rules that found something."""
    codes = {item.finding.code for file in found for item in file.items}
    for rule in rules:
        if rule.code in codes:
            yield RulePage(rule.code, rule.name, _rendered("\n".join(rule_pages.page(rule))))


def _rendered(text: str) -> Markup:
    """Return Markdown as markup, without what is HTML in it, below the page's own headings."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = [_lowered(token) for token in parser.parse(text)]
    shown: str = parser.renderer.render(tokens, parser.options, {})
    return Markup(shown)  # the renderer escapes text


def _lowered(token: Token) -> Token:
    token.tag = HEADINGS.get(token.tag, token.tag)
    return token
