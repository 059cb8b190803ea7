"""Compare findings with places judged by hand.

Usage: judge.py CASES TREES [--rules FT101,FT201] [--verbose]

CASES is a JSON list of objects with `tree`, `file`, `line`, `rule`, `expected`
(fix, advise, skip or either) and `why`. TREES is a folder that holds each
unpacked tree under its name. A `fix` place wants a safe fix, an `advise` place
a report without one, a `skip` place no report; `either` takes a fix or a
report. Exits 1 where a skip place is reported or fewer than 90 % of the fix or
advise places are met.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from fixtests.model import Applicability, Finding
from fixtests.rules import registry
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import Source

SHARE = 0.9


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--rules", help="codes to judge; those that exist by default")
    parser.add_argument("--verbose", action="store_true", help="print the places that are met too")
    options = parser.parse_args()
    codes = options.rules.split(",") if options.rules else [rule.code for rule in registry.every()]
    cases = [case for case in json.loads(options.cases.read_text()) if case["rule"][:5] in codes]
    if not cases:
        raise SystemExit(f"error: {options.cases}: holds no place for {', '.join(codes)}")
    met: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for case in cases:
        key = (case["rule"][:5], case["expected"])
        asked[key] += 1
        tier = verdict(options.trees, case)
        right = is_met(case["expected"], tier)
        met[key] += right
        if options.verbose or not right:
            mark = "ok " if right else "NOT"
            print(
                f"{mark} {case['rule'][:5]} {case['expected']:<6} got {tier or 'nothing':<8}"
                f" {case['file']}:{case['line']}  {case['why']}"
            )
    for key in sorted(asked):
        print(f"{key[0]} {key[1]:<6} {met[key]:>3} of {asked[key]:>3}")
    return 0 if enough(met, asked) else 1


def verdict(trees: Path, case: dict[str, Any]) -> str:
    """Return the applicability of the finding at a place, empty where nothing is reported."""
    path = (trees / case["tree"] / case["file"]).resolve()
    session = Session(Request(paths=(path,), select=(case["rule"][:5],), isolated=True))
    tiers = [
        item.applicability
        for result in one_file.run(session, session.files(), lambda: None)
        for item in result.findings
        if case["line"] in rows(path, item)
    ]
    return min(tiers, key=list(Applicability).index).value if tiers else ""


def rows(path: Path, finding: Finding) -> range:
    source = Source.decode(str(path), path.read_bytes())
    first, _ = source.location(finding.span.start)
    last, _ = source.location(finding.span.end)
    return range(first, last + 1)


def is_met(expected: str, tier: str) -> bool:
    match expected:
        case "fix":
            return tier == "safe"
        case "advise":
            return tier in ("unsafe", "display")
        case "skip":
            return not tier
    return bool(tier)


def enough(met: Counter[tuple[str, str]], asked: Counter[tuple[str, str]]) -> bool:
    def share(expected: str) -> float:
        wanted = sum(number for key, number in asked.items() if key[1] == expected)
        return sum(met[key] for key in asked if key[1] == expected) / wanted if wanted else 1.0

    return share("skip") == 1.0 and share("fix") >= SHARE and share("advise") >= SHARE


if __name__ == "__main__":
    raise SystemExit(main())
