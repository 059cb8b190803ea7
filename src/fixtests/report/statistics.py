"""How many findings each rule has, as a table for people or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fixtests.model import Applicability, Finding

FIXABLE = (Applicability.SAFE, Applicability.UNSAFE)
Counted = dict[tuple[str, str], Counter[Applicability]]  # by code and name


def table(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a table of counts by rule and applicability, nothing where nothing was found."""
    counts = _counted(findings)
    if not counts:
        return
    width = max((len(name) for _, name in counts), default=4)
    yield f"{'rule':<5} {'name':<{width}} {'safe':>6} {'unsafe':>6} {'display':>7} {'all':>6}"
    for (code, name), tally in counts.items():
        numbers = [tally[tier] for tier in Applicability]
        row = f"{numbers[0]:>6} {numbers[1]:>6} {numbers[2]:>7} {sum(numbers):>6}"
        yield f"{code:<5} {name:<{width}} {row}"


def array(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the lines of a JSON array, in ruff's shape, with the counts by applicability."""
    yield from json.dumps(_bodies(findings), indent=2).split("\n")


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a JSON object for each rule on a line of its own."""
    yield from map(json.dumps, _bodies(findings))


PRINTERS: dict[str, Callable[[Iterable[Finding]], Iterator[str]]] = {
    "full": table,
    "concise": table,
    "json": array,
    "json-lines": lines,
}


def _counted(findings: Iterable[Finding]) -> Counted:
    counts: Counted = {}
    for item in findings:
        counts.setdefault((item.code, item.name), Counter())[item.applicability] += 1
    return dict(sorted(counts.items()))


def _bodies(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": name,
            "count": tally.total(),
            "fixable": any(tally[tier] for tier in FIXABLE),
            "fixable_count": sum(tally[tier] for tier in FIXABLE),
            **{tier.value: tally[tier] for tier in Applicability},
        }
        for (code, name), tally in _counted(findings).items()
    ]
