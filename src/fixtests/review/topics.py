"""What a claim is about: a rule, or something that is no rule's, by words that are ranked together.

The words are data: `words.toml` beside each rule, `matters.toml` here, and those of the
configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from fixtests.review import examples, phrases, places, ranking, words
from fixtests.review.claim import Claim
from fixtests.review.ranking import ENOUGH, SURE, Meaning, Score, Topic
from fixtests.review.words import Words
from fixtests.rules.api import Rule

MATTERS = Path(__file__).with_name("matters.toml")
SAYS, HINTS = 2.0, 1.0  # what a phrase weighs that says something, and one that only hints at it
TITLE, ABOVE = 1.5, 0.5  # how much more they do in a title, less in what stands above
FADES = 0.5  # what each further phrase of a topic counts, of the one before
AGAINST = 0.35  # what is left of a topic where a phrase speaks against it
PLACES = re.compile(rf"{places.FILE.pattern}|\blines? \d[\d, -]*", re.IGNORECASE)
CALLED = re.compile(r"(?<![\w.-])[A-Za-z][\w-]*\d(?![\w-])|(?<![\w.-])[a-z]+(?:-[a-z]+)+(?![\w-])")
REPORTED = re.compile(r"[A-Z]+\d+ (?:\[\*\]|[a-z-]+:)\s")  # the code in front of a tool's message
SENDS = re.compile(r"\b(?:PUT|POST|PATCH)(?:s|e[ds]|t?ed|t?ing)?\b")  # no patches of mocks
TEXTS = re.compile(r"`(['\"])([^`'\"\n]*)\1`")  # of a program
THING = r"(?<![^\W_])(?:{})(?![^\W_])"  # as a word, or as a part of a name in code
MANY = 2  # blanks, for such a text to be a sentence
LEARNT = 5.0  # what examples weigh where they leave no doubt
LIKELY = 0.2  # the likelihood that they have to give a topic, for them to speak for it
DISSENT = 0.5  # that of all that no rule judges, for them to speak against a rule
BRIEF = 12  # words of a claim that may do no more than point back
LONGEST = 3_000  # characters of a claim that are looked at


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
        self._examples: list[tuple[str, ...]] = []
        self._shows: dict[str, list[re.Pattern[str]]] = {}
        self._halves: dict[str, list[phrases.Near]] = {}
        self._denied: dict[str, list[phrases.Near]] = {}
        self._things: dict[str, list[re.Pattern[str]]] = {}
        self._phrases: list[tuple[int, phrases.Near, float]] = []
        for rule in self.rules:
            called = [said for name, said in aliases.items() if rule.is_called(name)]
            added = [phrase for said in called for phrase in said]
            its = words.of_rule(rule.words)
            self._add(Topic(f"{rule.code} {rule.name}", rule), its, added)
            self._shows[rule.code] = [re.compile(item) for item in its.shows]
            things = (THING.format(item) for item in its.things)
            self._things[rule.code] = [re.compile(item, re.IGNORECASE) for item in things]
            self._halves[rule.code] = [phrases.near(item) for item in its.half]
            self._denied[rule.code] = [phrases.near(item) for item in its.denied]
        known = words.of_matters(MATTERS)
        for name in dict.fromkeys((*known, *matters)):
            its = known.get(name, Words())
            self._add(Topic(name, beside=self._rule(its.beside)), its, matters.get(name, ()))
        self._learnt = examples.learnt(tuple(self._examples))
        self._like = lru_cache(10_000)(self._alike)
        self._in = lru_cache(10_000)(self._found)
        self._named_in = lru_cache(10_000)(self._names)
        self._in_all = cache(self._found)  # headings and descriptions hold for many claims

    def _rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)

    def _add(self, topic: Topic, its: Words, plain: Iterable[str]) -> None:
        self._topics.append(topic)
        self._examples.append((*its.examples.strip().splitlines(), *plain))
        number = len(self._topics) - 1
        says = (*its.says, *map(re.escape, plain))
        for weight, said in ((SAYS, says), (HINTS, its.hints), (0.0, its.against)):
            self._phrases += [(number, phrases.near(phrase), weight) for phrase in said]

    def meant(self, claim: Claim) -> Meaning:
        """Return what a claim is about.

        What a tool calls it decides, then a rule that it names, or what stands above it, then
        the words; the number of a weakness decides where these leave it open, and alone means
        the rules that have it.
        """
        over = self.called(claim.about, claim.above)
        for called in (claim.rules, self.called(claim.text), over):
            if named := self.named(called):
                return Meaning(named)
        points = claim.refers and len(claim.text.split()) <= BRIEF
        before = self._ranked(claim.refers) if points else Meaning()
        if len(before.topics) == 1 and not self.says(claim.text):
            return replace(before, is_plain=before.is_plain and claim.place.is_told)
        text = f"{claim.text}\n{claim.refers}" if claim.refers else claim.text
        meaning = ranking.ranked(self._scores(claim.title, text, claim.above, claim.about))
        told = [item for item in self._topics if item.rule and {*claim.cwe} & {*item.rule.cwe}]
        if not told or (meaning.topics and not {*told} & {*meaning.topics}):
            return meaning
        near = {item.topic: item.weight for item in meaning.scores if item.topic in told}
        likely = tuple(Score(item, max(near.get(item, 0.0), ENOUGH)) for item in near or told)
        tied = tuple(item.topic for item in likely)
        return Meaning(tied, meaning.nearest, meaning.is_plain, scores=likely)

    def called(self, *texts: str) -> tuple[str, ...]:
        """Return the codes of the rules that texts name by code, or by whole name."""
        found = frozenset[str]().union(*map(self._named_in, texts))
        return tuple(rule.code for rule in self.rules if rule.code in found)

    def _names(self, text: str) -> frozenset[str]:
        words = {*CALLED.findall(text)}
        return frozenset(rule.code for rule in self.rules if any(map(rule.is_called, words)))

    def reported(self, text: str, *, in_front: bool = False) -> tuple[str, ...]:
        """Return the rule that reports a text, by its code in front and what tools have there.

        With `in_front`, the code alone is enough.
        """
        match = (CALLED if in_front else REPORTED).match(text)
        return self.called(match[0]) if match else ()

    def allows_half(self, claim: Claim, rule: Rule) -> bool:
        """Tell whether a claim is so where something is done, and not all that a rule asks for."""
        line = phrases.unwrapped(f"{claim.text}\n{claim.refers}"[:LONGEST]).lower()
        return any(phrase.is_in(line) for phrase in self._halves[rule.code])

    def is_named(self, claim: Claim, rule: Rule) -> bool:
        """Tell whether a claim names what a rule looks for, so that it may be said to be absent."""
        return not self._denied[rule.code] or self.names(claim, rule)

    def names(self, claim: Claim, rule: Rule) -> bool:
        """Tell whether a claim says in so many words that what a rule looks for is there."""
        line = _cleaned(claim.text[:LONGEST]).lower()
        return any(phrase.is_in(line) for phrase in self._denied[rule.code])

    def things(self, claim: Claim, rule: Rule) -> list[re.Pattern[str]]:
        """Return what tells the things that a claim names of those that a rule knows by name."""
        text = PLACES.sub(" ", claim.text)
        for name in claim.place.names:
            text = text.replace(name, " ")
        return [pattern for pattern in self._things[rule.code] if pattern.search(text)]

    def shows(self, line: str, rule: Rule) -> bool:
        """Tell whether a line of code holds what a rule may be about, whether judged or not."""
        return any(pattern.search(line) for pattern in self._shows[rule.code])

    def is_literal(self, rule: Rule) -> bool:
        """Tell whether a rule looks for a text, so that nothing else can look like it."""
        return words.of_rule(rule.words).literal

    def of(self, text: str) -> Topic | None:
        """Return the topic of a piece of text, None where none wins."""
        found = self._ranked(text).topics
        return found[0] if len(found) == 1 else None

    def says(self, text: str) -> bool:
        """Tell whether a phrase in a piece of text says what it is about."""
        meaning = self._ranked(text)
        is_firm = all(score.is_firm for score in meaning.scores[:1])
        return len(meaning.topics) == 1 and is_firm

    def near(self, text: str) -> tuple[Topic, ...]:
        """Return the topics that come nearest to a piece of text, whether they win or not."""
        meaning = self._ranked(text)
        nearest = [item.topic for item in meaning.scores if item.weight >= HINTS]
        return meaning.topics or (*nearest[: ranking.SHOWN],)

    def named(self, words: Iterable[str]) -> tuple[Topic, ...]:
        """Return the topics of rules that are called by some words."""
        names = set(words)
        return tuple(
            topic
            for topic in self._topics
            if topic.rule and not names.isdisjoint((topic.rule.code, topic.rule.name))
        )

    def _ranked(self, text: str) -> Meaning:
        """Return what a piece of text means, without what stands around it."""
        named = self.named(self.called(text))
        return Meaning(named) if named else ranking.ranked(self._scores("", text, "", ""))

    def _scores(self, title: str, text: str, above: str, about: str) -> Iterator[Score]:
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
        shares = self._like(text[:LONGEST])
        likely = {number: share for number, share in shares.items() if share >= LIKELY}
        others = (share for at, share in shares.items() if self._topics[at].rule is None)
        dissent = sum(others) >= DISSENT
        for number in sorted({*weights, *likely}):
            found = sorted(weights.get(number, ()), reverse=True)
            phrased = sum(weight * FADES**at for at, weight in enumerate(found))
            learnt = LEARNT * likely.get(number, 0.0)
            is_firm = number in firm
            weight = phrased + (min(learnt, HINTS) if matters and not is_firm else learnt)
            left = AGAINST if number in cut else 1.0
            is_agreed = number in likely or not dissent or (is_firm and phrased * left >= SURE)
            yield Score(self._topics[number], left * weight, is_firm, is_agreed)

    def _alike(self, text: str) -> dict[int, float]:
        return self._learnt.likelihoods(_cleaned(text))

    def _found(self, text: str) -> frozenset[int]:
        """Return the numbers of the phrases that stand in a text."""
        if not text:
            return frozenset()
        line = _cleaned(text).lower()
        return frozenset(
            at for at, (_, phrase, _) in enumerate(self._phrases) if phrase.is_in(line)
        )


def _cleaned(text: str) -> str:
    """Return a text without places, and without texts of a program, which hint at nothing."""
    placeless = PLACES.sub(" ", phrases.unwrapped(text))
    return TEXTS.sub(_without_sentence, SENDS.sub("sends", placeless))


def _without_sentence(match: re.Match[str]) -> str:
    """Return a text of a program, empty for a sentence, which hints at nothing."""
    return " " if match[2].count(" ") >= MANY else match[0]
