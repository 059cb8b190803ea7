"""What wins among topics that are ranked together, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fixtests.rules.api import Rule

ENOUGH = 1.75  # for a claim to be understood
MARGIN = 1.25  # by which the best has to win
PLAIN, FAIR, ALONE = 3.25, 2.5, 0.4  # for a claim to be denied; the next has little of a fair one
BEHIND = 0.75  # how much of the best the next may have, where the place bears it out
SURE = 4.0  # what words have to weigh that no place supports
CERTAIN = 6.0  # what they weigh where nothing else can be meant
STRONG = 5.0  # what words and place weigh where it does not matter how something is denied
SHOWN = 2  # topics that are told to be near


@dataclass(frozen=True)
class Topic:
    """What claims can be about: a rule, or a matter that no rule judges.

    `beside` is a rule that judges a part of the matter.
    """

    name: str  # as it is said to people
    rule: Rule | None = None
    beside: Rule | None = None


class Score(NamedTuple):
    """How near a claim comes to a topic.

    `is_firm` tells that a phrase says so, `is_agreed` that it does not stand alone: examples do
    not speak for something else, or its place speaks for it.
    """

    topic: Topic
    weight: float
    is_firm: bool = False
    is_agreed: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether words alone leave no doubt."""
        return self.is_firm and self.weight >= SURE


@dataclass(frozen=True)
class Meaning:
    """What a claim is about: more than one topic only where nothing tells which of them.

    `nearest` are those that come nearest where nothing is understood; `is_plain` tells that
    there is little doubt, so that the claim may be denied; `is_agreed` that nothing speaks
    against the best; `scores` are all topics that its words come near to, the nearest first.
    """

    topics: tuple[Topic, ...] = ()
    nearest: tuple[Topic, ...] = ()
    is_plain: bool = True
    is_agreed: bool = True
    scores: tuple[Score, ...] = ()

    @property
    def is_firm(self) -> bool:
        """Whether a phrase says what is best, or nothing had to be ranked."""
        return all(score.is_firm for score in self.scores[:1])

    @property
    def is_near(self) -> bool:
        """Whether words come near enough to the best for it to be meant, if its place bears it."""
        best, second = (*(score.weight for score in self.scores[:2]), 0.0, 0.0)[:2]
        return self.is_agreed and best >= PLAIN and second <= best * BEHIND

    @property
    def is_strong(self) -> bool:
        """Whether words and place together hardly leave another topic."""
        return self.is_plain and all(score.weight >= STRONG for score in self.scores[:1])

    @property
    def is_certain(self) -> bool:
        """Whether words and place leave no doubt, or nothing had to be ranked."""
        return all(score.weight >= CERTAIN for score in self.scores[:1])

    @property
    def rules(self) -> list[Rule]:
        """The rules among the topics."""
        return [item.rule for item in self.topics if item.rule is not None]

    @property
    def beside(self) -> list[Rule]:
        """The rules that judge a part of what no rule judges as a whole."""
        return [item.beside for item in self.topics if item.beside is not None]


def ranked(scores: Iterable[Score]) -> Meaning:
    """Return what some scores mean; of equal ones the first goes before."""
    listed = sorted(scores, key=lambda item: -item.weight)
    nearest = tuple(item.topic for item in listed[:SHOWN])
    if not listed or listed[0].weight < ENOUGH:
        return Meaning((), nearest, scores=(*listed,))
    best = listed[0]
    second = listed[1].weight if listed[1:] else 0.0
    tied = tuple(item.topic for item in listed if item.weight > best.weight / MARGIN)
    is_clear = best.weight >= PLAIN or (best.weight >= FAIR and second <= best.weight * ALONE)
    is_alone = best.weight >= PLAIN and second <= best.weight * ALONE
    is_plain = is_clear and best.is_agreed and (best.is_firm or is_alone)
    return Meaning(tied, nearest, is_plain, best.is_agreed, (*listed,))
