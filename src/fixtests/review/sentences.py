"""The sentences of a text, and what who wrote them asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixtests.review.claim import Asks

SHORT = r"(?:\b(?:e\.g|i\.e|cf|vs|no|nr|resp|approx|incl|etc|ll?|ln|p|fig|dr|mr|ms|z\.b|[A-Z]))\.$"
ENDS = re.compile(r"(?<=[.!?])[\"')\]*_]*\s+|\n\s*\n")
CLAUSES = re.compile(
    r"[,;:\u2014-]?\s+(?:but|however|although|though|yet|whereas|while|only|still|except that"
    r"|apart from that|that said|nonetheless|nevertheless)\b,?",
    re.IGNORECASE,
)
# What somebody would do who mends what rules find.
_DEED = (
    r"(?:pin|guard|add|clean|delete|remove|replace|extract|split|name|rename|move|turn|touch|change"
    r"|fix|wait|convert|introduce|factor|put|bother|swap|mess|register|assert|check|refactor|break"
    r"|generate|shorten|cut|reorder|document|write|make|raise|bump|set|tear|narrow|hoist|pull)\b"
)
CONTRARY = re.compile(
    rf"(?:^|please|[,;:(\u2014-]|\band|\bso|\bjust)\s*(?:do ?n[o']t|do not|don.t|never)\s+(?:\w+ ){{0,2}}?{_DEED}"
    rf"|\b(?:no need|no reason|not necessary|unnecessary|need ?n.t|need not|needs no|shouldn.t|should not"
    rf"|wouldn.t|would not|mustn.t|must not|let.s not|let us not|not worth|rather not|not going to|"
    rf"no point in|against)\b.{{0,25}}?\b(?:{_DEED}|\w+ing\b)"
    r"|\b(?:no|without) (?:additional |explicit |further |extra )?"
    r"(?:cleanup|clean-up|guard|change|fix|docstring|pin\w*|action)s? (?:is |are )?(?:needed|required|necessary)"
    r"|\b(?:needs?|requires?) no (?:\w+ )?(?:cleanup|guard|change|fix|docstring|action|pin\w*)"
    r"|\b(?:keep|leave|retain)\b.{0,40}?\b(?:as (?:it |they )?(?:is|are)|alone|here|latest|literal|unpinned|untouched|in place)\b"
    r"|\b(?:keep|leave|retain) (?:the |this |these |that |it|them|`)|\bkeep(?: it)?(?: so| that way)?\W*$|\bkeep it so\b"
    r"|\b(?:stays?|remains?) .{0,30}\b(?:please|pls)\b|\bplease (?:leave|keep)\b|\bneed(?:s)? not (?:be )?\w+"
    r"|\b(?:should|must|may|can|ought to|has to) (?:\w+ )?(?:stay|remain|be left|be kept)\b"
    r"|\b(?:is|are|was|looks?|seems?) (?:\w+ )?(?:intentional|deliberate|on purpose|by design|intended|wanted here)"
    r"|\b(?:intentionally|deliberately|on purpose|by design)\b",
    re.IGNORECASE,
)
PRAISE = re.compile(
    r"\b(?:good|nice|nicely|great|excellent|well[- ](?:done|written|structured|named|documented|covered)"
    r"|lgtm|looks? (?:good|fine|ok|right|correct|sane)|kudos|thanks?\b|thank you|appreciate\w*|glad|happy (?:to see|with)"
    r"|love|like (?:how|that|the)|i like|properly|correctly|thorough\w*|solid|clean and|clear and|neat\w*|commend\w*"
    r"|pleas(?:ed|ant)|jewel|instructive|well chosen|as it should|exemplary|robust(?:ly)?|careful(?:ly)?|diligent\w*|\+1|\+2)"
    r"|\b(?:is|are|it.s|that.s|all) (?:\w+ )?(?:fine|ok(?:ay)?|good|right|correct|acceptable|well|in order|unproblematic)\b"
    r"|\b(?:no|not an?|without) (?:\w+ ){0,2}(?:issues?|problems?|objections?|complaints?|concerns?|remarks?|findings?|"
    r"violations?|weakness\w*|defects?)\b|\bnothing to (?:complain|change|do|add|fix|remark|report)"
    r"|^no\b.{0,60}\b(?:found|identified|detected|seen|present|observed|left)\b|[\u2705\u2714\u2713]|:\+1:|\U0001f44d",
    re.IGNORECASE,
)
FAULT = re.compile(
    r"\b(?:missing|miss(?:es)?|lacks?|lacking|absent|never|nobody|nowhere|no (?:one|docstring|guard|check|cleanup|clean-up|"
    r"assert\w*|verif\w*|wait|comment|teardown|deletion|delete)|neither|without (?:a |any |first )?(?:check|guard|look|"
    r"verif|valid|clean|delet|assert|docstring|wait)\w*|un(?:checked|guarded|verified|documented|pinned|bounded|used|named)"
    r"|should|shall|must|could|please|pls|instead|rather|better|hard-?(?:coded|wired)|literal|magic|leak\w*|wrong|bug"
    r"|error-prone|fragile|brittle|flaky|risk\w*|fail\w*|why|consider|avoid|needs?|todo|fixme|nit|too|forgot\w*|broken"
    r"|swap\w*|revers\w*|swallow\w*|hid(?:es?|den)|ignor\w*|crash\w*|blow\w*|race\w*|duplicat\w*|repeated|depends?|only|trips?|silence|opaque|gap"
    r"|assum\w*|suggest\w*|recommend\w*|prefer|replace|use|add|pin|guard|extract|split|move|make|name|register|drop)\b"
    r"|n.t\b|\bnot\b|\?",
    re.IGNORECASE,
)
SETTLED = re.compile(  # what ends a matter, whatever else is said of it
    r"(?:\u2192|->|=>|:|,|-)\s*(?:fine|ok(?:ay)?|good|no action|all good|no change)\b\W*$|\b(?:ok|okay|fine|good) (?:by|with|for) me\b"
    r"|\bas it (?:should|ought to) be\b|\bno (?:\w+ ){0,2}(?:is|are) (?:required|needed|necessary)\b|\bno (?:further )?action\b"
    r"|\bnothing (?:against|to do|wrong|to add|more to say)\b|\bis (?:exactly )?the right (?:thing|way|choice|call)\b|\breads well\b"
    r"|\bnot (?:a|an) (?:real )?(?:weakness|problem|bug|defect|issue|concern|finding|leak|violation)\b|\b(?:not (?:observed|applicable|affected)|n/a)\b"
    r"|\bmark(?:ed|ing) (?:this |it )?as (?:resolved|done)\b|^\W*(?:done|ack(?:nowledged)?|fixed|will do|agreed|same here|\+1|lgtm|resolved)\W*$"
    r"|\bit is proved\b|\b(?:is|are) (?:already )?(?:handled|covered|taken care of)\b|\bwell (?:done|chosen|spotted|handled|covered)\b"
    r"|\bno (?:issues?|problems?|findings?|weakness\w*|concerns?|objections?) (?:here|there|with|found|identified|on)\b",
    re.IGNORECASE,
)
OPENS = re.compile(
    r"^(?:\W*)(?:(?:it is|it.s|that is|very|really|i|we) )*(?:good|nice|great|love|like|glad|happy|kudos|thanks?|thank you|lgtm"
    r"|well done|appreciate|excellent|\+1|\+2|pleased|commend\w*)\b(?! (?:to have|if|would|catch))",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; abbreviations end none."""
    start = 0
    for match in ENDS.finditer(text):
        said = text[start : match.start()]
        if re.search(SHORT, said.rstrip(), re.IGNORECASE):
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
    found = [_clause(clause) for said in sentences(text) for clause in _clauses(said)]
    if Asks.CONTRARY not in found and any(SETTLED.search(said) for said in sentences(text)):
        return Asks.NOTHING
    for wanted in (Asks.CONTRARY, Asks.CHANGE, Asks.NOTHING):
        if wanted in found:
            return wanted
    return Asks.CHANGE


def _clauses(sentence: str) -> list[str]:
    return [part for part in CLAUSES.split(sentence) if part and part.strip()]


def _clause(text: str) -> Asks | None:
    if CONTRARY.search(text):
        return Asks.CONTRARY
    if OPENS.search(text):
        return Asks.NOTHING
    if FAULT.search(text):
        return Asks.CHANGE
    return Asks.NOTHING if PRAISE.search(text) else None
