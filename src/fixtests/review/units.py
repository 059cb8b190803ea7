"""What a piece of a review is, told by its words: a label, a greeting, a place, a title."""

from __future__ import annotations

import re

from fixtests.review import places, rows
from fixtests.review.claim import Place
from fixtests.review.sentences import FAULT

WHERE = r"where|lines?|locations?|loc|places?|files?|path|position|affected(?: \w+)?|component|symbol|function|method|test|row"
OTHER = (
    r"severity|priority|level|confidence|cwe|id|nr|no|#|type|category|kind|rule|code|status|owner|author|"
    r"likelihood(?: \w+)*|effort|score|resolution|scope|phase|reviewer|verdict"
)
REMEDY = (
    r"fix(?:es)?|recommend\w*|suggest\w*|solutions?|mitigations?|potential mitigations?|remed(?:y|iation)|action|"
    r"proposal|proposed(?: \w+)?|how|todo|advice|improvement|remediation|expected"
)
SAID = (
    r"what|why|problem|issue|impact|risk|descriptions?|details?|evidence|examples?|effects?|cause|reason|rationale|"
    r"note|notes|actual|finding|title|message|comments?|observation|consequences?|common consequences|"
    r"demonstrative example|background|context|weakness|summary|question|remark"
)
LABEL = re.compile(
    rf"^\W*(?P<label>{WHERE}|{OTHER}|{REMEDY}|{SAID})(?:\(s\))?(?:[*_]*\s*:[*_]*\s*|\*\*\s+|\s+[\u2013\u2014-]+\s+|\W*$)",
    re.IGNORECASE,
)
IS_WHERE = re.compile(WHERE, re.IGNORECASE)
IS_REMEDY = re.compile(REMEDY, re.IGNORECASE)
IS_OTHER = re.compile(OTHER, re.IGNORECASE)
STRONG = re.compile(r"^(?:\*\*|__)(?P<title>.+?)(?:\*\*|__)(?P<rest>.*)$", re.DOTALL)
# Words of headings that name a kind of findings, and none of them.
CATEGORY = re.compile(
    r"(?:\b(?:security|reliability|maintainability|readability|performance|style|correctness|quality|robustness|usability|"
    r"findings?|issues?|problems?|observations?|notes?|comments?|remarks?|reviews?(?:ed)?|code|critical|high(?:est)?|major|medium|moderate|"
    r"minor|low|severe|severity|priority|blockers?|blocking|non-blocking|warnings?|errors?|suggestions?|recommendations?|"
    r"improvements?|nits?|nitpicks?|general|overview|details?|detailed|further|additional|other|others|misc\w*|tests?|files?|class|module|"
    r"functional|unit|of|the|in|on|for|to|and|a|by|with|per|from|inline|info\w*|category|section|part|round|checklist|list|analysis|"
    r"report|assessment|documentation|docs|design|structure|good|practices?|main|key|must|should|fix|points?|questions?|"
    r"hints?|weakness\w*|vulnerabilit\w+|static|manual|more|some|my|your|all|impact|p\d|patch ?set|ps|lines?|cwe|top|here|"
    r"areas?|potential|executive|good|bad)\b|\d|[^\w\s]|\s)+",
    re.IGNORECASE,
)
PRAISES = re.compile(
    r"^\W*(?:\w+ )?(?:positives?|strengths?|good|praise|pros|kudos|nice|what (?:is|was|went|works?)\b.{0,20}|well done|"
    r"highlights|things i like\w*|likes|done well|no action(?: \w+)*|what i like\w*|keep)\b.{0,25}$",
    re.IGNORECASE,
)
CLOSES = re.compile(
    r"^\W*(?:conclusion|summary|verdict|overall|closing|final (?:words|thoughts|remarks|note)|in (?:summary|conclusion|short|sum|closing)|"
    r"executive summary|overview|introduction|scope|methodology|tl;?dr|next steps|bottom line|wrap[- ]?up|about this (?:report|review)|"
    r"recommendation summary|disclaimer|metadata|legend)\b\W*.{0,25}$",
    re.IGNORECASE,
)
SUMS_UP = re.compile(
    r"^\W*(?:in (?:summary|conclusion|short|sum|closing|total)|overall|to (?:reiterate|sum up|summari[sz]e|conclude)|all in all|"
    r"on the whole|summing up|once these|apart from (?:that|these)|other than that|otherwise|please let me know|let me know|"
    r"these are|the above|as it stands|with th(?:at|ese|ose)|by addressing|addressing|if you (?:have|need|like|want)|feel free|"
    r"happy to|i hope|hope this|best|below (?:are|is)|here (?:are|is|come) (?:my|some|the|a few|what|our)\b|what follows|the following|findings are|"
    r"i (?:have )?(?:read|went|looked|reviewed|gone|took)|(?:certainly|sure)[!,.])\b",
    re.IGNORECASE,
)
GREETS = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|evening|day|afternoon)|thanks|thank you|thx|cheers|(?:best |kind |warm |many )?(?:regards|wishes)|"
    r"best|sincerely|yours|with (?:\w+ )?(?:greet\w*|regards|wishes)|ciao|greetings|salut|moin|ta|br|mfg|vg)\b[^.?!:]{0,60}[.!,]?$",
    re.IGNORECASE,
)
MAIL = re.compile(
    r"^(?:From|To|Cc|Bcc|Date|Subject|Reply-To|In-Reply-To|References|Message-ID|Content-[\w-]+|MIME-Version|X-[\w-]+|"
    r"Gerrit-[\w-]+|List-[\w-]+|User-Agent|Return-Path|Received|Sender|Attachments?): ?|^.{0,80}\b(?:wrote|schrieb|writes|said):\s*$",
    re.IGNORECASE,
)
WITHOUT_PLACE = re.compile(
    r"\b(?:files?|in|review(?:ed|s)?|of|for|comments?|on|class|module|test|tests|quick|pass|notes?|section|and|the|target|tree|"
    r"patch|from|me|about|remarks?|findings?|checked|path|component|functional|my|code|some|see|also)\b|[-+]\d\b|\W|\d",
    re.IGNORECASE,
)


def label(text: str) -> str:
    """Return the label that a text begins with, such as "where", empty for none."""
    match = LABEL.match(text)
    return match["label"].lower() if match else ""


def tells(line: str) -> bool:
    """Tell whether a line begins with the label of what is wrong, or of what to do."""
    name = label(line)
    return bool(name) and not (IS_WHERE.fullmatch(name) or IS_OTHER.fullmatch(name))


def unlabelled(text: str) -> str:
    """Return a text without the label that it begins with."""
    match = LABEL.match(text)
    return text[match.end() :] if match else text


def is_category(text: str) -> bool:
    """Tell whether a heading names a kind of findings, and none of them."""
    return CATEGORY.fullmatch(_plain(text)) is not None


def only_place(text: str) -> Place | None:
    """Return the place that a text names and says nothing else of, None where it says more."""
    place = places.told(text)
    if not (place.files or place.names or place.rows.ranges):
        return None
    rest = places.URL.sub(" ", text)
    rest = places.FILE.sub(" ", rest)
    rest = rows.LINES.sub(" ", places.BACKTICKS.sub(" ", rest))
    for name in place.names:
        rest = rest.replace(name, " ")
    if FAULT.search(rest):
        return None
    rest = WITHOUT_PLACE.sub(" ", rest)
    return place if len(rest.split()) <= (2 if place.files else 0) else None


def is_said_of_all(text: str) -> bool:
    """Tell whether a text greets, sums up, leads over or belongs to the head of a mail."""
    lines = [line for line in text.splitlines() if line.strip()]
    rest = [line for line in lines if not MAIL.match(line)]
    if not rest or (GREETS.match(rest[0]) and len(" ".join(rest[1:]).split()) < 6):
        return True
    leads = text.rstrip().endswith(":") and not re.search(r":\w+:\s*$", text)
    return leads or bool(SUMS_UP.match(text))


def _plain(text: str) -> str:
    return re.sub(r"[*_`#]", "", text).strip()
