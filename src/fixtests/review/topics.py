"""What a claim is about: a rule, or something that is no rule's, by words that are ranked together.

The words are data: `words.toml` beside each rule, `matters.toml` here, and those of the
configuration.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fixtests.review import phrases, places
from fixtests.review.claim import Claim
from fixtests.rules.api import Rule

MATTERS = Path(__file__).with_name("matters.toml")
SAYS, HINTS = 2.0, 1.0  # what a phrase weighs that says something, and one that only hints at it
TITLE, ABOVE = 1.5, 0.5  # how much more they do in a title, less in what stands above
FADES = 0.5  # what each further phrase of a topic counts, of the one before
AGAINST = 0.35  # what is left of a topic where a phrase speaks against it
ENOUGH = 1.75  # for a claim to be understood
MARGIN = 1.25  # by which the best has to win
PLAIN, FAIR, ALONE = 3.25, 2.5, 0.4  # for a claim to be denied; the next has little of a fair one
LIKELY = 1.6  # for a rule to be meant where it has something on the very row; one hint is less
PLACES = re.compile(rf"{places.FILE.pattern}|\blines? \d[\d, -]*", re.IGNORECASE)
TEXTS = re.compile(r"`(['\"])([^`'\"\n]*)\1`")  # of a program
MANY = 2  # blanks, for such a text to be a sentence
LONGEST = 3_000  # characters of a claim that are looked at


@dataclass(frozen=True)
class Topic:
    """What claims can be about: a rule, or a matter that no rule judges.

    `beside` is the code of a rule that judges a part of the matter, empty for none.
    """

    name: str  # as it is said to people
    rule: Rule | None = None
    beside: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a claim is about: more than one topic only where nothing tells which of them.

    `nearest` are those that come nearest where nothing is understood; `is_plain` tells that
    the words leave little doubt, so that the claim may be denied; `hinted` are the rules that
    the words come near to, the nearest first, for an exact place to decide between.
    """

    topics: tuple[Topic, ...] = ()
    nearest: tuple[Topic, ...] = ()
    beside: tuple[Rule, ...] = ()  # rules that judge a part of what no rule judges as a whole
    is_plain: bool = True
    hinted: tuple[Rule, ...] = ()

    @property
    def rules(self) -> list[Rule]:
        """The rules among the topics."""
        return [item.rule for item in self.topics if item.rule is not None]


class Topics:
    """The topics that a run knows.

    `aliases` adds phrases to rules, by code or name, `matters` to what no rule judges, by
    its name.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        aliases: Mapping[str, tuple[str, ...]],
        matters: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.rules = tuple(rules)
        self._topics: list[Topic] = []
        self._shows: dict[str, list[re.Pattern[str]]] = {}
        self._halves: dict[str, list[phrases.Near]] = {}
        self._phrases: list[tuple[int, phrases.Near, float]] = []
        for rule in self.rules:
            added = [
                re.escape(phrase)
                for word, phrases in aliases.items()
                if rule.is_called(word)
                for phrase in phrases
            ]
            words = _words(rule.words)
            self._add(Topic(f"{rule.code} {rule.name}", rule), words, added)
            self._shows[rule.code] = [re.compile(item) for item in words.get("shows", ())]
            self._halves[rule.code] = [phrases.Near(item) for item in words.get("half", ())]
        known = _words(MATTERS)
        for name in dict.fromkeys((*known, *matters)):
            words = known.get(name, {"says": (), "hints": ()})
            added = [*map(re.escape, matters.get(name, ()))]
            self._add(Topic(name, beside=words.get("beside", "")), words, added)
        self._in = lru_cache(10_000)(self._found)
        self._in_all = cache(self._found)  # headings and descriptions hold for many claims

    def _add(self, topic: Topic, words: Mapping[str, Any], added: Iterable[str] = ()) -> None:
        self._topics.append(topic)
        number = len(self._topics) - 1
        listed = ((SAYS, (*words["says"], *added)), (HINTS, words["hints"]))
        for weight, said in (*listed, (0.0, words.get("against", ()))):
            self._phrases += [(number, phrases.Near(phrase), weight) for phrase in said]

    def meant(self, claim: Claim) -> Meaning:
        """Return what a claim is about.

        What a tool calls it decides, then the words; the number of a weakness
        decides where these leave it open, and alone means the rules that have it.
        """
        named = [
            topic
            for topic in self._topics
            if topic.rule and {topic.rule.code, topic.rule.name} & set(claim.rules)
        ]
        if named:
            return Meaning(tuple(named))
        text = f"{claim.text}\n{claim.refers}" if claim.refers else claim.text
        scores = self._scores(claim.title, text, claim.above, claim.about)
        meaning = self._best(scores)
        weak = set(claim.cwe)
        told = [item for item in self._topics if item.rule and weak & set(item.rule.cwe)]
        tied = [item for item in meaning.topics if item in told]
        if tied and len(tied) < len(meaning.topics):
            return replace(meaning, topics=tuple(tied))
        if meaning.topics or not weak:
            return meaning
        likely = [item for item in told if scores.get(self._topics.index(item), 0)] or told
        return Meaning(tuple(likely), meaning.nearest, hinted=meaning.hinted)

    def allows_half(self, claim: Claim, rule: Rule) -> bool:
        """Tell whether a claim is so where something is done, and not all that a rule asks for."""
        line = phrases.unwrapped(f"{claim.text}\n{claim.refers}"[:LONGEST]).lower()
        return any(phrase.is_in(line) for phrase in self._halves[rule.code])

    def shows(self, line: str, rule: Rule) -> bool:
        """Tell whether a line of code holds what a rule may be about, whether judged or not."""
        return any(pattern.search(line) for pattern in self._shows[rule.code])

    def of_rule(self, rule: Rule) -> Topic:
        """Return the topic that a rule is."""
        return next(item for item in self._topics if item.rule is rule)

    def of(self, text: str) -> Topic | None:
        """Return the topic of a piece of text, None where none wins."""
        found = self._best(self._scores("", text, "", "")).topics
        return found[0] if len(found) == 1 else None

    def is_plain(self, text: str) -> bool:
        """Tell whether a piece of text leaves little doubt that it is about a rule."""
        meaning = self._best(self._scores("", text, "", ""))
        return meaning.is_plain and len(meaning.rules) == len(meaning.topics) == 1

    def near(self, text: str) -> tuple[Topic, ...]:
        """Return the topics that come nearest to a piece of text, whether they win or not."""
        meaning = self._best(self._scores("", text, "", ""))
        return meaning.topics or meaning.nearest

    def _scores(self, title: str, text: str, above: str, about: str) -> dict[int, float]:
        titled, over = self._in(title[:LONGEST]), self._in_all(above[:LONGEST])
        said = self._in(text[:LONGEST]) | self._in_all(about[:LONGEST])
        weights: dict[int, list[float]] = {}
        loose: dict[int, float] = {}
        cut = {self._phrases[at][0] for at in said | titled if not self._phrases[at][2]}
        for at in said | titled | over:
            number, phrase, weight = self._phrases[at]
            share = 1.0 if at in said | titled else ABOVE
            if phrase.is_loose:
                loose[number] = max(weight * share, loose.get(number, 0.0))
            elif weight:
                share = TITLE if at in titled else share
                weights.setdefault(number, []).append(weight * share)
        firm = {number for number, found in weights.items() if max(found) >= SAYS}
        matters = any(self._topics[number].rule is None for number in firm)
        for number, most in loose.items():  # they share their words, so that one of them counts
            only = matters and number not in firm
            weights.setdefault(number, []).append(min(most, HINTS) if only else most)
        return {
            number: (AGAINST if number in cut else 1)
            * sum(weight * FADES**at for at, weight in enumerate(sorted(found, reverse=True)))
            for number, found in weights.items()
        }

    def _best(self, scores: Mapping[int, float]) -> Meaning:
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        nearest = tuple(self._topics[number] for number in ranked[:2])
        likely = (self._topics[number].rule for number in ranked if scores[number] >= LIKELY)
        hinted = tuple(rule for rule in likely if rule is not None)
        if not ranked or scores[ranked[0]] < ENOUGH:
            return Meaning((), nearest, hinted=hinted)
        least = scores[ranked[0]] / MARGIN
        tied = [self._topics[number] for number in ranked if scores[number] > least]
        codes = {item.beside for item in tied}
        beside = tuple(rule for rule in self.rules if rule.code in codes)
        best, second = scores[ranked[0]], scores[ranked[1]] if ranked[1:] else 0.0
        is_plain = best >= PLAIN or (best >= FAIR and second <= best * ALONE)
        return Meaning(tuple(tied), nearest, beside, is_plain, hinted)

    def _found(self, text: str) -> frozenset[int]:
        """Return the numbers of the phrases that stand in a text."""
        if not text:
            return frozenset()
        line = TEXTS.sub(_without_sentence, PLACES.sub(" ", phrases.unwrapped(text))).lower()
        return frozenset(
            at for at, (_, phrase, _) in enumerate(self._phrases) if phrase.is_in(line)
        )


def _without_sentence(match: re.Match[str]) -> str:
    """Return a text of a program, empty for a sentence, which hints at nothing."""
    return " " if match[2].count(" ") >= MANY else match[0]


@cache
def _words(path: Path) -> dict[str, Any]:
    """Return what a file of words says; the rule of a plug-in may have none."""
    if not path.is_file():
        return {"says": (), "hints": ()}
    return tomllib.loads(path.read_text(encoding="utf-8"))
