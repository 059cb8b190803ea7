"""Running text divided where its sentences begin to speak of something else."""

from __future__ import annotations

import re

from fixtests.review import phrases, places, units
from fixtests.review.claim import Asks, Place, numbers
from fixtests.review.ranking import Topic
from fixtests.review.sentences import FAULT, asks, sentences
from fixtests.review.topics import Topics

FURTHER = phrases.pattern("further", r"^\W*{}\b")
PLACED = re.compile(
    r"\W*(?:(?:also|and|then|again)\W+)?(?:(?:on|in|at)\s)?(?:lines?\s|L)\d", re.IGNORECASE
)
BRIEF = 6  # words of a sentence that says nothing of its own
Group = tuple[list[str], Topic | None]  # sentences, and what they are about


def groups(text: str, topics: Topics, *, whole: bool) -> list[list[str]]:
    """Return the sentences of a text, those together that speak of one thing.

    With `whole`, all do unless one says that it is about something further.
    """
    found: list[Group] = []
    for sentence in sentences(text):
        topic = topics.of(sentence)
        near = topic or next(iter(topics.near(sentence)), None)
        if found and _goes_on(found[-1], sentence, topic, topics, whole=whole):
            said, before = found[-1]
            found[-1] = ([*said, sentence], before or near)
        else:
            found.append(([sentence], near))
    return [said for said, _ in found]


def is_claim(text: str, topics: Topics, *, structured: bool) -> bool:
    """Tell whether running text says something of the code, and does not lead over to it."""
    place = places.told(text)
    placed = place.is_told
    if numbers(text) or topics.called(text) or place.rows.ranges or (placed and topics.of(text)):
        return True
    if units.is_said_of_all(text):
        return False
    if asks(text) is Asks.NOTHING:
        return placed or not structured
    if not structured and topics.of(text) is not None:
        return True
    return bool(FAULT.search(text)) and (placed or not structured or topics.of(text) is not None)


def _goes_on(
    group: Group, sentence: str, topic: Topic | None, topics: Topics, *, whole: bool
) -> bool:
    """Tell whether a sentence says more of what those before it are about."""
    said, before = group
    here, there = places.told(sentence), places.told(" ".join(said))
    further = FURTHER.match(sentence) is not None
    if whole:
        apart = further or (here.lines.ranges and there.lines.ranges)
        return topic is None or before is None or topic == before or not apart
    if topic is None and not here.is_told and len(sentence.split()) <= BRIEF:
        return True
    if topic is None:
        near = topics.near(sentence)
        new = (here.is_told and not _within(here, there)) or (
            before and near and before not in near
        )
        return not (new and (FAULT.search(sentence) or asks(sentence) is not Asks.CHANGE))
    if topic == before:
        placed = PLACED.match(sentence) and there.lines.ranges and not _within(here, there)
        return not (placed or (further and here.lines.ranges))
    if before is None and asks(" ".join(said)) is Asks.NOTHING:
        return False  # what is praised is not what comes next
    return before is None and not (there.is_told and FAULT.search(" ".join(said)))


def _within(place: Place, other: Place) -> bool:
    """Tell whether a place names nothing that another one does not."""
    return {*place.names, *place.quoted} <= {*other.names, *other.quoted} and all(
        other.lines.away(item.start, item.stop - 1) == 0 for item in place.lines.ranges
    )
