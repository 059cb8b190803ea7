"""What a test says of itself that is to fail: in its name, its docstring, its comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.reasoning import roles, words
from fixtests.syntax.queries import Function
from fixtests.text.source import Source

NAMED = re.compile(  # beside what fails: `test_fail` alone may be of what never runs
    r"(?<!^test)_(fails?|raises?)(_(with|due|because|for|as|without)_\w+)?$"
    # Who raises a deadline or a hand raises no error: what is raised says so, or when it is.
    r"|_raises?_(after|at|by|from|if|in|on|unless|when)_\w+$"
    r"|(?i:_raises?_\w*(abort|conflict|denied|error|exception|exceed|exist|exit|fail|fault|forbid"
    r"|found|illegal|interrupt|invalid|missing|refus|reject|stop|timeout|un[a-z]+able|unauthorized"
    r"|unknown|unsupported|warning|wrong|\d{3})\w*$)"
)
# Of the exceptions that a profile calls failures: the end of a test's name, and words of a text.
ENDING = r"_(?:{})(?:_(?:with|due|because|for|as|without)_\w+)?$"
ENDED = r"\b(?:results?|resulting|ends?|fails?) (?:in|with) (?:an? |the )?(?:\w+\.)*(?:{})"
# A thing that fails is what a test is about, not what comes of it.
SUBJECT = re.compile(
    r"_(agent|backend|callback|compute|connection|controller|database|db|device|disk|driver|handler"
    r"|hook|host|link|network|node|peer|plugin|process|region|replica|server|service|site|thread"
    r"|worker)s?_fails?$"
)
VAGUE = re.compile(r"_(failure|error|exception|forbidden|denied|conflict|rejected|refused)$")
UNCLAIMED = re.compile(
    r"_(no|not|never|none|nothing|without|ignor\w*|(do|does|did|should|wo|ca|must)nt|cannot|handl\w*|after|avoid\w*|if|when|while"
    r"|recover\w*|previous\w*|clean\w*|log\w*|first|once|retr\w*|swallow\w*|catch\w*)_(\w+_)?"
    r"(fail|raise|error|exception|reject|refuse|denied|forbidden|conflict)"
    r"|_(on|un)_(fail|raise|error|exception|reject|conflict)"
)
FAILING = r"(?:fail|fails|raise|raises|error|errors|be (?:rejected|refused|denied|forbidden))"
TOLD = re.compile(
    rf"(?i)\b(?:should|must|will|shall|(?:is|are) (?:expected|supposed) to) {FAILING}\b"
    r"(?! (?:open|closed|safe|safely|soft|over|back|silently|gracefully)\b)"
    r"|\b(?:results?|resulting|ends?) (?:in|with) (?:an? |the )?(?:\d{3}\b|\w*Exception\b"
    r"|error\b|failure\b)"
    r"|\braises? (?:an? |the )?(?:\w+\.)*(?-i:[A-Z][a-z]+[A-Z]\w+)\b"
    r"|\bfails? with (?:an? |the )?(?:\w+\.)*(?:\w*(?-i:Exception|Error)|\d{3}|error)\b"
    r"|\bexpect(?:s|ed)? (?:an? |the )?(?:\w+ )?(?:failure|error|exception)\b"
)
DENIED = re.compile(
    r"(?i)\b(?:not|no|but|none|nothing|neither|never|without|n't|instead of|rather than"
    r"|previously|before|used to|bug|if|when|otherwise|else|might|may|unless|until|would|could"
    r"|avoid\w*|prevent\w*|ignor\w*|mode|scenario|race|(?:the|these) tests? will)\b"
)


# Behind `will fail`: what does not come of the test, but of something that is spoken of.
OF_OTHERS = re.compile(r"(?:(?: \w+)? (?:by|inside|within) (?:the|an?)|(?: \w+)? the following)\b")

# Further behind it: that it goes on well, so that the failure is one on the way.
GOES_ON = re.compile(
    r"(?i)\b(?:then|afterwards?|finally|after (?:that|which)|(?:and|but) (?:then|so))\b[^.;]*"
    r"\b(?:succe\w+|mov(?:es?|ing) on\w*|go(?:es)? on|continu\w+|(?:tr(?:y|ies)|start\w*) again"
    r"|retr(?:y|ies)\w*|recover\w*)\b"
)

# What is said of a test whose name ends in a failure: that nothing comes of it, or when.
FAILS = r"(?:fail\w*|raise[sd]?|errors?|exceptions?)\b"
NOTHING_COMES = re.compile(rf"(?i)\b(?:not|no|never|without)\b(?: \w+){{0,3}} {FAILS}")
CONDITION = re.compile(rf"(?i)\b(?:if|when|while|after|though|despite)\b[^.;]*\b{FAILS}")
# Code that is commented out, which a name behind `NOTE` is not.
CODE = re.compile(r"\w+ ?=|(?!(?:NOTE|TODO|FIXME|XXX|HACK)\b)[\w.]+\(|.*\($|[)\]}'\"]")
END = re.compile(r"[.;:!?](?=\s)")


@dataclass(frozen=True)
class Claim:
    """A failure that a test claims: in which words, on which row.

    A `vague` one may be about a failure that is dealt with, or that another one would meet.
    """

    words: str
    row: int
    vague: bool = False


def claim(function: Function, source: Source, failures: tuple[str, ...]) -> Claim | None:
    """Return the first failure that a test claims, None where it claims none.

    `failures` are the names of exceptions that are failures whatever their names say.
    """
    endings = words.widened(NAMED, ENDING, tuple(map(words.snake_case, failures)))
    named = not UNCLAIMED.search(function.name)
    about = SUBJECT.search(function.name) is not None and not roles.ACTS_IN_NAME.match(
        function.name
    )
    texts = [*_texts(function, source)]
    if (
        named
        and endings.search(function.name)
        and not about
        and not any(map(_is_dealt_with, texts))
    ):
        return Claim(function.name, function.lineno)
    for lines in texts:
        found = _told(lines, words.widened(TOLD, ENDED, failures))
        if found is not None:
            return found
    vague = named and VAGUE.search(function.name) and not any(map(_is_dealt_with, texts))
    if vague and not function.decorator_list:
        return Claim(function.name, function.lineno, vague=True)
    return None


def _is_dealt_with(lines: list[tuple[int, str]]) -> bool:
    """Tell whether some lines of prose say that no failure comes of it, or what does where one is.

    `Test that cleaning up goes on if a driver fails` claims no failure.
    """
    text = " ".join(line for _, line in lines)
    under = CONDITION.search(text)
    if under is not None and not re.search(rf"(?i)\b{FAILS}", text[: under.start()]):
        return True
    return NOTHING_COMES.search(text) is not None


def _told(lines: list[tuple[int, str]], told: re.Pattern[str]) -> Claim | None:
    """Return the first failure that some lines of prose claim, with the row that it begins on."""
    text = " ".join(line for _, line in lines)
    for match in told.finditer(text):
        start = max((item.end() for item in END.finditer(text, 0, match.start() + 1)), default=0)
        end = END.search(text, match.end())
        denied = DENIED.search(text[start : end.start() if end else len(text)])
        if not denied and not GOES_ON.search(text, match.end()):
            at = 0
            for row, line in lines:
                at += len(line) + 1
                if match.start() < at:
                    vague = OF_OTHERS.match(text, match.end()) is not None
                    return Claim(match.group(), row, vague=vague)
    return None


def _texts(function: Function, source: Source) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines of the docstring and of each block of comments, with their rows.

    What looks like code in a comment ends a block.
    """
    first = function.body[0]
    written = ast.get_docstring(function, clean=False)
    if written:
        yield [
            (first.lineno + number, line.strip()) for number, line in enumerate(written.split("\n"))
        ]
    block: list[tuple[int, str]] = []
    for row in range(function.lineno, (function.end_lineno or function.lineno) + 1):
        line = source.line(row).strip().decode(errors="replace")
        text = line.lstrip("# ")
        if line.startswith("#") and not CODE.match(text):
            block.append((row, text))
        elif block:
            yield block
            block = []
