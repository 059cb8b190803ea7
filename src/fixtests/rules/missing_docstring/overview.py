"""Whether a comment tells the course of a test: several deeds, one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fixtests.rules.missing_docstring import names
from fixtests.rules.missing_docstring.comments import Block

DEED = re.compile(
    r"(?:add|attach|boot|chang|check|creat|delet|detach|get|list|quer|read|remov|renam|reset|resiz"
    r"|restor|retriev|search|set|show|start|stop|updat|upload|verif)(?:es?|s|y|ies|ing)?\b",
    re.IGNORECASE,
)
MANY = 3  # deeds in a row are no single step
ROW = re.compile(rf"{DEED.pattern}(?:(?:\s*[,/&]\s*|\s+)(?:and\s+)?{DEED.pattern})+", re.IGNORECASE)
CHECK = re.compile(r"check|verif|ensure|make|confirm|get|list|read|show|set", re.IGNORECASE)
THEN = re.compile(
    rf"{DEED.pattern} [^.]*\band (?:then )?({DEED.pattern}|ensures?\b|makes? sure\b|confirms?\b)"
)


def tells_course(text: str, name: str, others: Sequence[Block]) -> bool:
    """Tell whether a comment names deeds that one statement does not do.

    `list, update and delete servers` is a course, whatever the next lines say. Of two deeds,
    the name of the test has to say both, or the comment of a later step the first one again.
    """
    row = ROW.match(text)
    if row is not None and len(DEED.findall(row[0])) >= MANY:
        return True
    then = THEN.match(text)
    if then is None or names.shared(text, name) < 2:
        return False
    changes = CHECK.match(then[1]) is None
    if others and not (changes and names.shared(then[1], name) == 0):
        return any(names.stem(item.text) == names.stem(text) for item in others)
    return names.shared(then[1], name) > 0
