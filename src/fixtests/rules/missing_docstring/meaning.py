"""Whether the first comment of a test says what the test is for, or what its first step does.

The words decide: "Test that ..." and "This test ..." speak of the test. Other
openings, such as "Verify ..." or "Creates ...", are those of a step, too; there
the comments and blank lines of the test have to say that it covers all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fixtests.reasoning import words
from fixtests.rules.missing_docstring import (
    asides,
    cases,
    names,
    overview,
    sentences,
    statements,
    writable,
)
from fixtests.rules.missing_docstring.comments import Block
from fixtests.syntax.queries import (
    Function,
    bound_names,
    constant_string,
    first_row,
    walk,
)

DOUBTFUL = "its first comment may speak of the first step only"
# `accessing it creates it`
EXPLAINS = re.compile(r"\w+ing\b.* (?:calls|creates|gives|loads|makes|opens|returns|sets)\b")
OF_A_VALUE = re.compile(r"(\w{3,}) (?:is|are|was|does|has|should)\b")
# What is demanded of the thing that is tested, not done in the next line.
DEMANDS = re.compile(
    r"\b(?:should|must|cannot|(?:can|may) (?:not|only|just)|(?:only|just) can"
    r"|(?:is|are) not allowed)\b"
)
EXPLAINED = re.compile(
    r"(?:because|since)\b|.*\b(?:therefore\b|so (?:just|manipulate|set|skip|use|we)\b)"
)
CAN = re.compile(r"(?!.*\b(?:only|just|cannot|not)\b).*\bcan\b")
# What holds before anything is done to it.
PURPOSE = re.compile(r"(?:in order )?to \w+[^,.]*, ")  # of what is done for it
UNTOUCHED = re.compile(r"(?:an? |the )?(?:newly|freshly) \w")
WORDS = re.compile(r"\w[^\s/]*")
ASIDES = re.compile(r"\([^)]*\)")
# What the test makes the service do, said as an order or under a condition.
OUTCOMES = re.compile(
    r"(?:returns?|raises?|fails?|gets?) (?:an? |the )?\w*(?:error|exception|failure)s?"
    r" (?:if|when|for)\b"
    r"|(?:if|when) [^.,]+, (?!(?:we|you|i|it|this|so)\b)\w+"
)
THIS_TEST = re.compile(
    r"this (?:\w+ )?test(?:case)?s? (?:case )?(?!"
    r"(?:requires?|needs?|assumes?|depends?|relies|uses?|only|is|was|has|can|could|may|might|will"
    r"|should|must|does|doesn|isn|won|takes?|runs?|overrides?|because|since|below|and|method"
    r"|mirrors?|repeats?|duplicates?|copies|resembles?)\b)"
    r"(?:\w+s|that|whether|if|when|for|to)\b|this tests\b"
)
TESTS = re.compile(
    r"(?!sanity check\b)"
    r"(?:simple |basic |unit |functional |negative |positive |regression |sanity |quick )*"
    r"(?:tests (?!(?:are|is|need|require|run|in|below|here|data|use|must|will|can|do)\b)\w"
    r"|(?:test|check) (?:to (?:ensure|make sure|verify|check|see|confirm|validate)|that|whether)\b"
    r"|test (?:if|for|when|case (?:where|when|for|that|in)|the case|a scenario|the scenario)\b"
    r"|test (?:\w+ ){1,2}(?:comparison|creation|deletion|removal|validation)\b)"
    r"|(?:unit|functional|negative|positive|regression|sanity) test(?: (?:which|of|case)\b|:)"
)
TEST = re.compile(
    r"(?:re)?test (?!(?:data|set|set-?up|fixtures?|vectors?|values?|inputs?|param\w*|cases?|with"
    r"|is|was|not|needs?|requires?|will|should|can|may|must|has|env\w*|images?|objects?|servers?|volumes?"
    r"|nodes?|users?|projects?|tenants?|networks?|ports?|names?|it|this|them|again|both|class(?:es)?"
    r"|methods?|code|suites?|runs?|config(?:uration)?s?|doubles?|strings?|files?|resources?|steps?|one|two"
    r"|first|default|by|in|on|and|or|driver|helpers?|assert\w*|constants?)\b)[a-z]"
)
VERIFY = re.compile(
    r"(?:we (?:want to )?|try to |just |simply |double[ -]|simple )?"
    r"(?:(?:verify|check|validate|confirm|assert)\b(?! of\b| (?:the|this|our)? ?\w+$)"
    r"|(?:verifies|checks|validates|confirms|asserts)\b)"
)
GOES_ON = re.compile(r"(?:check|make sure|ensure|verify)\b")  # where `now` comes behind it
ENSURE = re.compile(r"(?:we (?:want to )?|try to |just )?(?:ensures?|makes? sure)\b")
OUTCOME = re.compile(
    r"\b(?:results?|raise[sd]?|fail(?:s|ed)?|returns?|not|cannot|can|can't|\w+n't|when|if|works?"
    r"|only|still|should|must|correct(?:ly)?|properly|error|exception|possible|able|never|always"
    r"|even|handled?|ignored|rejected|allowed)\b"
)
SCENARIO = re.compile(
    r"(?:when|if|with|without|trying|attempting|even|regression|scenario)\b(?=.*\b(?:should|must)\b)"
)
FIRST = re.compile(
    r"(?:first|firstly|now|next|then|step|again|initially|start|begin|set ?up|prepare|given|also"
    r"|finally|second|let's|here|\w+ also)\b|\W*\d"
)
# What the next lines are written with, unless that is what somebody must not do.
MEANS = re.compile(
    r"(?:by )?using\b"
    r"(?!.*\b(?:should|must|cannot|can't|not|(?:fail|rais|return|work|result)\w*)\b)"
)
POINTS = re.compile(
    r"\b(?:below|above|here|following|next (?:line|call|statement)|so far|at this point|already)\b"
    r"|(?<! and )\b(?:ensure|verify|check|assert|sure|confirm) (?:that )?(?:this|these|it)\b"
    r"(?! tests?\b)"
    r"|['\"]: |\bunless we\b|\bsee the\b|\b(?:sure|ensure) (?:that )?the test\b"
)
WORK = re.compile(
    r"\b(?:should|must|could|can|needs? to|has to|ought to) be (?:updated?|removed?|changed|fixed"
    r"|moved|rewritten|split|replaced|cleaned|dropped|refactored)\b|\bwork-?around\b|\btemporar(?:y|ily)\b"
)
ASIDE = re.compile(
    r"(?:these|those|this|it|we|they|there|in|for|since|because|as|by|the|an?|our|no|all|each"
    r"|by default|currently|some|not|only)\b"
)
SET_UP = re.compile(r"\btest set[ -]?up\W*$")  # what heads the lines that prepare a test
UNFINISHED = re.compile(
    r"(?:[:,;]|\.\.\.|\b(?:and|or|but|the|an?|of|to|with|that|than|for|in|on|by))$"
)


def unlike(
    block: Block, function: Function, others: Sequence[Block], verbs: tuple[str, ...]
) -> str:
    """Return why a comment may not speak of the whole test, in words; else nothing.

    `verbs` are those of the project that say what a whole test does.
    """
    text = block.text.lower()
    if WORK.search(text):
        return "its first comment is a note to developers"
    short = len(WORDS.findall(ASIDES.sub("", text))) < 3 and not (
        names.opens_with_deed(text) and names.is_name(text, function.name) and not others
    )
    part = UNFINISHED.search(text) or SET_UP.search(text)
    if short or part or FIRST.match(text) or MEANS.match(text):
        return "its first comment speaks of the first step"
    if POINTS.search(text):
        return "its first comment points at the code around it"
    if sentences.is_phrase(text):
        return "its first comment is a phrase, which says little beside the test's name"
    if CAN.match(text) and statements.only_refuses(function):
        return "its first comment says what can be done, and the test expects a refusal"
    if PURPOSE.match(text) and statements.names_argument(text, function.body[0]):
        return "its first comment speaks of the first step"
    going_on = [] if TESTS.match(text) else others
    if cases.is_first_of_two(text, function.name, going_on):
        return "its first comment speaks of the first of two cases"
    deeds = words.widened(asides.DEEDS, r"(?:{})\b", verbs)
    if _is_heading(block, function, others) and _may_head(text, function.name):
        return ""
    steps = [item for item in others if not writable.is_note(item.lines[0])]
    if _is_of_test(block, text, function, steps, deeds):
        return ""
    return DOUBTFUL


def _is_of_test(
    block: Block, text: str, function: Function, others: Sequence[Block], verbs: re.Pattern[str]
) -> bool:
    if text.startswith("this "):
        return THIS_TEST.match(text) is not None
    if names.is_name(text, function.name) or overview.tells_course(text, function.name, others):
        return True
    deeds = verbs.match(text)
    word = names.first_word(text) if deeds else names.stem(text)
    if _is_first_of(block, word, others):
        return False
    another = not TESTS.match(text) and names.says_another_deed(text, function.name)
    another = another or names.fetches_first_result(text, function)
    repeated = names.repeats_name(text, function.name)
    if another or (not repeated and _explains(text, function)):
        return False
    spaced = block.spaced and not any(item.spaced for item in others)  # unlike those of steps
    if (repeated and (spaced or not others)) or names.says_long_name(text, function.name):
        return True
    if TESTS.match(text) or (deeds and len(verbs.findall(text)) > 1):
        return True
    if names.shared(text, function.name) > 1 and _tells_outcome(text, function.name, others):
        return True
    alone = (
        spaced
        or (statements.reaches_end(function) and not others)
        or all(map(statements.checks, function.body))
    )
    if VERIFY.match(text) and _covers(text, function, others):
        return True
    if TEST.match(text):
        long = spaced or len(text.split()) > 3
        return alone and long and text.split()[1] not in bound_names(function.body[0])
    if (
        not alone
        or statements.begins_with_check(function)
        or names.names_first_result(text, function)
    ):
        return False
    if ENSURE.match(text):
        return bool(OUTCOME.search(text)) and not statements.arranges(function.body[0])
    return bool(
        deeds
        or VERIFY.match(text)
        or SCENARIO.match(text)
        or names.says_name(text, function.name)
        or names.opens_like_name(text, function.name)
    )


def _is_first_of(block: Block, word: str, others: Sequence[Block]) -> bool:
    """Tell whether later comments go on as a comment begins, or with `now` after a check.

    All do after one on what is new, where they stand as deep.
    """
    text = block.text.lower()
    if UNTOUCHED.match(text) and any(item.indent == block.indent for item in others):
        return True
    if any(word in (names.first_word(item.text), names.stem(item.text)) for item in others):
        return True
    goes_on = GOES_ON.match(text) is not None
    return goes_on and any(FIRST.match(item.text.lower()) for item in others)


def _covers(text: str, function: Function, others: Sequence[Block]) -> bool:
    """Tell whether a comment on a check says what its test's name does, and no check follows it.

    Where a later comment goes on with such words as `now`, the check is the first of several.
    """
    if statements.checks(function.body[0]) or any(
        FIRST.match(item.text.lower()) for item in others
    ):
        return False
    return names.shared(text, function.name) > 2 and names.says_deeds(text, function.name)


def _tells_outcome(text: str, name: str, others: Sequence[Block]) -> bool:
    """Tell whether a comment says what comes of it, rather than what is done in the next line."""
    if TEST.match(text):
        return True
    if EXPLAINED.match(text) or _orders(text, name):
        return False
    first = ASIDES.sub("", text).partition(". ")[0]
    return DEMANDS.search(first) is not None or (not others and OUTCOMES.match(text) is not None)


def _orders(text: str, name: str) -> bool:
    """Tell whether a comment begins with an order that the test's name does not give."""
    first = names.first_word(text)
    return first in words.DOING and first not in name.lower().split("_")


def _explains(text: str, function: Function) -> bool:
    """Tell whether a comment begins with what a line does, or with a value of the test."""
    if EXPLAINS.match(text):
        return True
    value = OF_A_VALUE.match(text)
    if value is None or value[1] in function.name.lower().split("_"):
        return False
    return any((constant_string(node) or "").lower() == value[1] for node in walk(function))


def _may_head(text: str, name: str) -> bool:
    """Tell whether a comment can be a heading by its words."""
    another = not TESTS.match(text) and names.says_another_deed(text, name)
    return not (another or names.SETS_UP.match(text) or ASIDE.match(text))


def _is_heading(block: Block, function: Function, others: Sequence[Block]) -> bool:
    """Tell whether another comment stands between a comment and the first statement."""
    return block.spaced and bool(others) and others[0].last < first_row(function.body[0])
