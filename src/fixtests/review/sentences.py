"""The sentences of a text, and what who wrote them asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixtests.review import phrases
from fixtests.review.claim import Asks

SHORT = r"(?:\b(?:e\.g|i\.e|cf|vs|no|nr|resp|approx|incl|etc|ll?|ln|p|fig|dr|mr|ms|z\.b|[A-Z]))\.$"
ENDS = re.compile(r"(?<=[.!?])(?P<closing>[\"')\]*_]*)\s+|;\s+(?=(?:lines?\s|L|l\.\s?)\d)|\n\s*\n")
GOES_ON = re.compile(r"(?:\.\.|\u2026)\W*$")  # where small letters follow
CLAUSES = phrases.pattern("but", r"[,;:\u2014-]?\s{1,9}{}\b,?")
CONTRARY, PRAISE, FAULT, SETTLED, WANTS, HARMLESS, NEUTRAL, URGES, ACCEPTS = map(
    phrases.pattern,
    ("contrary", "praise", "fault", "settled", "wants", "harmless", "neutral", "urges", "accepts"),
)
UNSAID = re.compile(  # that somebody should say why something is as it is
    r"\b(?:no|without|lacks?|missing|needs?|add|some) (?:an? |any )?(?:\w+ )?"
    r"(?:remark|comment|note|hint|word|explanation|reason)s?\W+(?:that|why|whether|saying|which)\b",
    re.IGNORECASE,
)
FORBIDS = re.compile(r"\W*(?:please )?(?:do not|don't|no)\b", re.IGNORECASE)
DENIED = re.compile(r"n't\b|\b(?:not|never|nobody)\b", re.IGNORECASE)
DOUBTS = re.compile(  # beside praise, what no praise has
    r"\?|n't\b|\b(?:not|never|nobody|should|please|instead|rather|remove|drop|move|why)\b",
    re.IGNORECASE,
)
THANKS = phrases.pattern(
    "thanks",
    r"(?<=\w)\W*\b(?:and )?(?:many |much |kind )?{}\b"
    r"(?:[^\w?]|\b(?:a lot|in advance|(?:so|very) much|again|and|regards|all)\b)*$",
)
OPENS = phrases.pattern(
    "opening",
    r"^\W*(?:(?:it is|it.s|that is|it pleased me|very|really|quite|also|i am|i.m|i|we) ){0,4}"
    r"{}\b(?! (?:to (?:have|add)|if)\b)",
)
CONCLUDES = phrases.pattern(
    "concluding",
    r"^(?!\W*(?:an?|some|any|more|maybe)\b)(?!.*\?)(?!.*\b(?:should|would|please|must|if|unless|not)\b)"
    r".*\b(?:is|are|was|were) {}\W*$",
)
APPLAUDS = re.compile(
    r"(?:[\U0001F44D\U0001F44F\U0001F4AF\u2764]\ufe0f?|:(?:\+1|thumbsup|clap|100):)\W*$"
)
LED_TO = re.compile(  # a place in front of what is said of it
    r"^\W*(?:[(\[<]\w+[)\]>]\s+)?(?:[\w./-]+\.py\b[:,]?\s*)?(?:(?:lines?|L|l\.)\s?\d+(?:\s?[-\u2013,]\s?\d+)*)\s*(?:[:,\u2013-]\s*)?(?=\S)"
)
AGREES = phrases.pattern("agreeing", r"\W*{}\W*")
PURPOSE = re.compile(
    r"\bso(?: that)? (?:the|it|that|this|we|one|they)\b"
    r"(?! (?:\w+ )?(?:can|could|would|will|does|do|did)(?:n.t|not| not| never)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
EXCLAIMS = phrases.pattern("opening", r"^\W*{}(?: \w+){0,3}[,;:!.\u2014-]+\s+")
ACCEPTED = phrases.pattern("accepted", r"^\W*{}")
SPEAKER = re.compile(
    r"^\W*[A-Z][\w.-]{0,20}(?: [A-Z][\w.-]{0,20})?:\s+|^\s*<[@+ ]?[\w.|-]{1,30}>\s+"
)
GREETS = phrases.pattern("greeting", r"^\W*{}\b[^.?!:]{0,40}[.!,]?$")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; abbreviations end none."""
    start = 0
    for match in ENDS.finditer(text):
        said = text[start : max(match.start(), match.end("closing"))]
        if re.search(SHORT, said.rstrip(), re.IGNORECASE):
            continue
        if GOES_ON.search(said) and text[match.end() : match.end() + 1].islower():
            continue
        if said.strip():
            yield said.strip()
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()


def asks(text: str) -> Asks:
    """Return what a text asks for: the first clause that finds fault decides.

    What only praises, thanks or states that all is well asks for nothing.
    """
    text = LED_TO.sub("", phrases.unwrapped(text), count=1)
    said = [*sentences(text)]
    listed = [*map(_unthanked, [item for item in said if not AGREES.fullmatch(item)] or said)]
    found = [_sentence(said) for said in listed]
    telling = [at for at, said in enumerate(listed) if not _greets(said, found[at])]
    if any(found[at] is not None for at in telling):
        listed, found = [listed[at] for at in telling], [found[at] for at in telling]
    settled = [at for at, said in enumerate(listed) if _settles(said)]
    if settled and Asks.CONTRARY not in found:
        after = [*zip(listed, found, strict=True)][settled[-1] + 1 :]
        more = [said for said, asked in after if asked is Asks.CHANGE]
        urges = any(WANTS.search(said) or URGES.match(said) for said in more)
        return Asks.CHANGE if urges else Asks.NOTHING
    start = found.index(Asks.CONTRARY) + 1 if Asks.CONTRARY in found else len(found)
    told = zip(listed[start:], found[start:], strict=True)
    if any(asked is Asks.CHANGE and not FORBIDS.match(said) for said, asked in told):
        return Asks.CHANGE  # which may be of another thing
    for wanted in (Asks.CONTRARY, Asks.CHANGE, Asks.NOTHING):
        if wanted in found:
            return wanted
    return Asks.NOTHING if GREETS.match(text) else Asks.CHANGE


def praises(text: str) -> bool:
    """Tell whether a sentence of a text praises beyond doubt, whatever is advised beside it."""
    sure = (ACCEPTS, CONCLUDES, APPLAUDS, OPENS)
    lines = [said.replace("\n", " ") for said in sentences(text)]
    return any(pattern.search(line) for line in lines for pattern in sure)


def _greets(sentence: str, asked: Asks | None) -> bool:
    return asked in (None, Asks.NOTHING) and GREETS.match(sentence) is not None


def _unthanked(sentence: str) -> str:
    """Return a sentence without thanks at its end, where it says more that counts."""
    rest = THANKS.sub("", sentence)
    counts = rest != sentence and not re.match(r"\W*no\b", rest, re.IGNORECASE)
    return rest if counts and _sentence(rest) is not None else sentence


def _settles(sentence: str) -> bool:
    """Tell whether a sentence ends a matter; what it says last decides."""
    parts = [part for part in CLAUSES.split(sentence) if part and part.strip(" .!")]
    settled = SETTLED.search(parts[-1]) if parts and "?" not in sentence else None
    return settled is not None and not DENIED.search(parts[-1], settled.end())


def _sentence(sentence: str) -> Asks | None:
    """Return what a sentence asks for; what stands behind a "but" outweighs what precedes it."""
    clauses = [part for part in CLAUSES.split(sentence) if part and part.strip()]
    found = [_clause(part) for part in clauses]
    if Asks.CONTRARY in found:
        return Asks.CONTRARY
    if len(found) > 1 and ACCEPTED.match(clauses[-1]) and not WANTS.search(clauses[-1]):
        return Asks.NOTHING
    if Asks.CHANGE in found or (len(found) > 1 and found[-1] is None and any(found)):
        return Asks.CHANGE
    return Asks.NOTHING if Asks.NOTHING in found else None


def _clause(text: str) -> Asks | None:
    speaker = SPEAKER.match(text)
    if speaker and not FAULT.search(speaker[0]):
        text = text[speaker.end() :]
    if CONTRARY.search(text) and not UNSAID.search(text):
        return Asks.CONTRARY
    if any(pattern.search(text) for pattern in (ACCEPTS, CONCLUDES, APPLAUDS)):
        return Asks.NOTHING
    said = HARMLESS.sub(" ", PURPOSE.sub("", text))
    rest = EXCLAIMS.sub("", said, count=1)
    if OPENS.search(said) and not (rest != said and (WANTS.search(rest) or URGES.match(rest))):
        return Asks.NOTHING
    if FAULT.search(NEUTRAL.sub(" ", said) if PRAISE.search(said) else said):
        return Asks.CHANGE
    if HARMLESS.search(text):
        return Asks.NOTHING
    praised = PRAISE.search(text) is not None and not DOUBTS.search(PRAISE.sub(" ", text))
    return Asks.NOTHING if praised else None
