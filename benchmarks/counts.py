"""Count findings over real trees, and why some are not safe, as Markdown.

Usage: counts.py TREES LABEL=TREE/PATH [LABEL=TREE/PATH ...]

TREES is a folder with unpacked source distributions, for instance
`counts.py trees "nova functional=nova-34.0.0/nova/tests/functional"`. The
output is a table of counts and, for each rule, its most common reasons.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from fixtests.model import Applicability, Finding, Status
from fixtests.report.message import parts
from fixtests.rules import registry
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session

REASONS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", type=Path)
    parser.add_argument("places", nargs="+", metavar="LABEL=TREE/PATH")
    options = parser.parse_args()
    print("| tree | rule | safe | unsafe | display |\n|---|---|---:|---:|---:|")
    reasons: dict[str, Counter[str]] = {}
    failed: list[str] = []
    for place in options.places:
        label, _, path = place.partition("=")
        found, left = findings(options.trees / path)
        failed += [f"{label}: {item}" for item in left]
        for rule in registry.every():
            own = [item for item in found if item.code == rule.code]
            tiers = Counter(item.applicability for item in own)
            if own:
                print(f"| {label} | {rule.code} |", *(f"{tiers[tier]} |" for tier in Applicability))
            unsafe = (item for item in own if item.applicability is not Applicability.SAFE)
            reasons.setdefault(rule.code, Counter()).update(map(reason, unsafe))
    if failed:
        print("\nFiles that could not be read:\n")
        print(*(f"- {item}" for item in failed), sep="\n")
    for code, counts in sorted(reasons.items()):
        if counts:
            print(f"\n{code}, why not safe:\n")
        for text, number in counts.most_common(REASONS):
            print(f"- {number} x {text}")


def findings(path: Path) -> tuple[list[Finding], list[str]]:
    """Return what is found below a path, and which files failed, with the reason."""
    everything = Request(paths=(path.resolve(),), isolated=True, fix=False, select=("ALL",))
    session = Session(everything)
    found: list[Finding] = []
    failed: list[str] = []
    for result in one_file.run(session, session.files(), lambda: None):
        if result.status is Status.FAILED:
            failed.append(f"{Path(result.path).relative_to(path.resolve())}: {result.detail}")
        found += result.findings
    return found, failed


def reason(finding: Finding) -> str:
    """Return the part of a message that says what stands in the way, without names."""
    text = re.sub(
        r"^literal UUID `[^`]*`: ", "", ": ".join(filter(None, parts(finding.message)[1:]))
    )
    text = text or re.sub(r"^literal UUID `[^`]*`: ", "", parts(finding.message).what)
    return re.sub(r"`[^`]*`", "`...`", re.sub(r"\d+(\.\d+)*", "N", text))


if __name__ == "__main__":
    main()
