"""Count findings by rule and applicability over real trees, as a Markdown table.

Usage: counts.py TREES LABEL=TREE/PATH [LABEL=TREE/PATH ...]

TREES is a folder with unpacked source distributions, for instance
`counts.py trees "nova functional=nova-34.0.0/nova/tests/functional"`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from fixtests import runner
from fixtests.model import Applicability, Status

LINE = "| {} | {} | {} | {} | {} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", type=Path)
    parser.add_argument("places", nargs="+", metavar="LABEL=TREE/PATH")
    options = parser.parse_args()
    print(LINE.format("tree", "rule", *Applicability))
    print("|---|---|---:|---:|---:|")
    for place in options.places:
        label, _, path = place.partition("=")
        for code, tiers in sorted(count(options.trees / path).items()):
            print(LINE.format(label, code, *(tiers[tier] for tier in Applicability)))


def count(path: Path) -> dict[str, Counter[Applicability]]:
    session = runner.Session(runner.Request(paths=(path.resolve(),), isolated=True, fix=False))
    found: dict[str, Counter[Applicability]] = {}
    for result in runner.run(session, session.files(), lambda: None):
        if result.status is Status.FAILED:
            print(f"<!-- {result.path}: {result.detail} -->")
        for item in result.findings:
            found.setdefault(item.code, Counter())[item.applicability] += 1
    return found


if __name__ == "__main__":
    main()
