"""Measure how reviews are answered whose right answers somebody wrote down beforehand.

Usage: reviews.py REVIEWS TREES [--show]

REVIEWS is a folder with reviews `NN.md`, `NN.json` and so on, each with an
`NN.expected.json`: `tree`, the folder below TREES that it is about, and
`findings`, each with `quote` (a part of its text), `kind` (the name or code of a
rule, "other" or "none"), `asks` (change, nothing, contrary) and `true` (whether it is
so). Each review is answered without paths. `--show` prints what is not right.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fixtests.cli import outcomes
from fixtests.model import RunError
from fixtests.review import checking
from fixtests.review import run as reviewing
from fixtests.review.verdicts import Answer, Verdict
from fixtests.rules import registry
from fixtests.run.configuration import Configuration
from fixtests.run.request import Request

ACTS = (Verdict.FIXED, Verdict.FIXABLE, Verdict.PARTLY, Verdict.REPORTED)
DENIES = (Verdict.RIGHT, Verdict.ABSENT, Verdict.NOTHING)
NAMES = {rule.code: rule.name for rule in registry.every()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reviews", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    folder, trees = given.reviews.resolve(), given.trees.resolve()
    counted: Counter[tuple[str, str]] = Counter()
    for expected in sorted(folder.glob("*.expected.json")):
        stem = expected.name.partition(".")[0]
        (path,) = [item for item in folder.glob(f"{stem}.*") if item != expected]
        body = json.loads(expected.read_text())
        os.chdir(trees / body["tree"])
        try:
            review = answered(path)
        except RunError as error:
            print(f"{path.name}: refused: {error}")
            counted["review", "refused"] += 1
            continue
        for kind, outcome, finding, answer in judged(review.answers, body["findings"]):
            counted[kind, outcome] += 1
            if given.show and outcome != "right":
                told = answer.verdict if answer else "no answer"
                print(f"{path.name}: {kind}, {outcome}: {finding['quote']!r}: {told}")
    for (kind, outcome), count in sorted(counted.items()):
        print(f"{kind:8} {outcome:14} {count:4}")


def answered(path: Path) -> reviewing.Review:
    """Answer a review in the current folder, as `fixtests review` does."""

    def check(paths: Sequence[Path]) -> checking.Checked:
        return checking.checked(Request(tuple(paths)))

    settings = Configuration(Request(())).at(Path.cwd())
    return reviewing.carry_out([path], settings, check, outcomes.top_of_here())


def judged(
    answers: Sequence[Answer], findings: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, Mapping[str, Any], Answer | None]]:
    """Yield the kind of each expected finding, how it was answered, and the answer."""
    for finding in findings:
        answer = meant(answers, finding["quote"])
        verdict = answer.verdict if answer else None
        rules = {NAMES.get(reason.code) for reason in answer.reasons} if answer else set()
        if finding["asks"] != "change" or finding["kind"] == "none":
            kind, right, wrong = "praise", (None, *DENIES), ACTS
        elif finding["kind"] == "other":
            kind, right, wrong = "other", (Verdict.OUTSIDE, Verdict.UNKNOWN), (*ACTS, *DENIES)
        elif finding["true"]:
            kind, right, wrong = "true", ACTS, DENIES
            is_of_rule = NAMES.get(finding["kind"], finding["kind"]) in rules
            wrong = wrong if is_of_rule else (*wrong, *ACTS)
            right = right if is_of_rule else ()
        else:
            kind, right, wrong = "false", DENIES, ACTS
        outcome = "right" if verdict in right else "wrong" if verdict in wrong else "open"
        if verdict is None and outcome != "right":
            outcome = "silent"
        yield kind, outcome, finding, answer


def meant(answers: Sequence[Answer], quote: str) -> Answer | None:
    """Return the answer to what is quoted, by its longest cell where the quote spans several."""
    cells = sorted(re.split(r"[;|]|\s{2,}|:\d+:\s", quote), key=len, reverse=True)
    texts = [bare(item.claim.text) for item in answers]
    for part in filter(None, map(bare, (quote, *cells[:1]))):
        found = [item for item, text in zip(answers, texts, strict=True) if part in text]
        if found and (part == bare(quote) or len(found) == 1):
            return found[0]
    return None


def bare(text: str) -> str:
    """Return a text without what forms add to it."""
    return re.sub(r"[\s>|*_`;]+", "", text).lower()


if __name__ == "__main__":
    main()
