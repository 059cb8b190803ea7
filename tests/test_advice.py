"""What messages say is to be done, so that whoever does it keeps what the test tests."""

import pytest

from fixtests.testing import samples
from fixtests.testing.roots import Root

INSTEAD = "register its deletion right after it is created, in the place of that statement"
BESIDE = "register another deletion right after it is created, which lets it be gone by then"
MOVED = "move that assertion up"
ANEW = "assert it above, for the index"
SAID = {
    "unguarded-index/length-asserted-below": [MOVED, MOVED, ANEW, ANEW],
    "missing-cleanup/commands-whose-deletion-is-tested": [INSTEAD, *[BESIDE] * 4],
    "missing-cleanup/tempest-helpers-that-take-an-id": [
        *["see that what is gone by then does no harm"] * 2,
        "look what `delete_chair` takes, and what it waits for",
        "look what `delete_lamp` takes, and what it waits for",
        BESIDE,
        "see that what is gone by then does no harm",
        "register its deletion by those names of its reply that show the lamp",
    ],
}


@pytest.mark.parametrize("case", SAID)
def test_message_says_what_is_to_be_done(case, tmp_path):
    (sample,) = [it for it in samples.every() if it.name == case]
    root = Root(sample.start, tmp_path / "root")
    found = [
        finding.message
        for result in samples.run(samples.request(root, sample.rule))
        for finding in result.findings
    ]
    assert [message.rpartition("; ")[2].rpartition(": ")[2] for message in found] == SAID[case]
