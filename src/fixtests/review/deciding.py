"""Which rule a claim means where its words leave it open: the one that looks at the rows named."""

from __future__ import annotations

from collections.abc import Sequence

from fixtests.model import Judgement
from fixtests.review.claim import Claim
from fixtests.review.files import File
from fixtests.review.matching import exactly
from fixtests.review.topics import Meaning
from fixtests.rules.api import Rule


def decided(claim: Claim, meaning: Meaning, files: Sequence[File]) -> Rule | None:
    """Return the rule that has something on the very rows named, where words leave it open.

    What it flags there goes before what it has looked at, and the nearest words come first.
    """
    if any(topic.rule is None for topic in meaning.topics):
        return None
    flagged = {
        rule.code
        for rule in meaning.hinted
        for file in files
        if exactly(claim, file, file.of_rule.get(rule.code, []))
    }
    looked = {
        rule.code
        for rule in meaning.hinted
        for file in files
        if any(
            item.judged.judgement is not Judgement.OPEN
            for item in exactly(claim, file, file.left(rule.code))
        )
    }
    found = [rule for rule in meaning.hinted if rule.code in (flagged or looked)]
    return found[0] if found and (flagged or (meaning.topics and len(found) == 1)) else None
