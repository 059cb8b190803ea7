"""What a text says of a place: files, rows, names and quoted code."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from fixtests.review import rows
from fixtests.review.claim import Place

FILE = re.compile(r"(?<![\w./~-])[\w./~+-]*\w\.py\b")  # tried once in each run of such characters
UNCALLED = "".join(rf"(?<!(?i:{word}) )(?<!(?i:{word}) [`'\"])" for word in ("file", "module"))
# A file that is named for what it holds, and not for what is wrong in it. The subject that a
# sentence calls a file is spoken of itself; so is one whose lines follow.
SOURCE = re.compile(
    rf"{UNCALLED}{FILE.pattern}[`'\"]*"
    r"(?= (?:\w+ )?(?:offers?|ha[sd]|have|provides?|contains?|exports?|ships?"
    r"|defines?|implements?|comes with|knows|holds)\b(?! (?:no|neither|nothing|none)\b)"
    r"(?![^.\n]*\b(?:lines? |rows? |L)\d))"
)
OF_TESTS = re.compile(r"test_[^/]*|[^/]*_test\.py\W*")  # over the name of a file
URL = re.compile(r"https?://[^\s<>()\[\]`\"']+\.py[^\s<>()\[\]`\"']*")
IN_URL = re.compile(
    r"/(?:blob|tree|raw|edit|blame|src/branch|src/tag|src/commit)/[^/]+/(.+)|/\+/\d+/(?:\d+/)?(.+)"
)
BACKTICKS = re.compile(r"``([^`\n]+)``|`([^`\n]+)`")
QUOTES = re.compile(
    r"(?<![\w])(['\"\u2018\u201c])([^\s'\"\u2018\u2019\u201c\u201d]{2,80})['\"\u2019\u201d](?!\w)"
)
UUID = re.compile(
    r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b[0-9a-f]{8}(?=-?(?:\u2026|\.\.\.))"
)
CODE = re.compile(r"(?<![\w.`])(?:self\.)?[A-Za-z_][\w.]*(?:\[-?\d+\])+|(?<![\w.`])self\.\w[\w.]*")
ALIKE = re.compile(  # which is spoken of elsewhere
    r"\b(?:ditto|dito|likewise|(?:same|just) as|as for|as in|as on|like|cf\.?|see)"
    r"(?: (?:in|on|at|for))? (?:lines? |L|l\. ?)?\d{1,5}\b",
    re.IGNORECASE,
)
REGRESSION = re.compile(r"\bregression\w* .{0,20}?\bbugs? #?(\d{6,8})\b", re.IGNORECASE)
NAME = re.compile(
    r"(?<![\w./-])(?:[A-Za-z]\w*\.)*(_?[a-z]\w*_\w+|_\w+|(?:[A-Z][a-z0-9]+){2,}\w*"
    r"|setUp(?:Class)?|tearDown(?:Class)?)(?![\w-]|\.py|/)"
)
# Which Python itself raises; a review says that it does, and names no place with it.
RAISED = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
CALLED = re.compile(r"(?<![\w.])(?:\w+\.)*(\w+)\(\)")
LEFT_OUT = re.compile(r"\.{2,}|\u2026")  # of a name, such as `..._with_two_bulbs`
IDENTIFIER = re.compile(r"(?:\w+\.)*([A-Za-z_]\w*)(?:\(\))?")


def told(text: str) -> Place:
    """Return the place that a text names."""
    plain = URL.sub(" ", text)
    urls = URL.findall(text)
    files = [*map(_of_url, urls), *FILE.findall(SOURCE.sub(_unless_of_tests, plain))]
    words = [word for pair in BACKTICKS.findall(plain) for word in pair if word]
    words = [word.strip() for word in words if not FILE.fullmatch(word.partition(":")[0])]
    words += [word for _, word in QUOTES.findall(plain) if not FILE.fullmatch(word)]
    words += UUID.findall(plain)
    words += CODE.findall(BACKTICKS.sub(" ", plain))
    if not files:
        files = [f"test_bug_{number}.py" for number in REGRESSION.findall(plain)]
    return Place(
        tuple(dict.fromkeys(files)),
        own if (own := rows.told(ALIKE.sub(" ", text))).ranges else rows.told(text),
        rows.guessed(rows.ALSO.sub(" ", plain)),
        tuple(dict.fromkeys(_names(plain, words))),
        tuple(dict.fromkeys(words)),
        also=rows.also(plain),
    )


def stem(path: str) -> str:
    """Return the name of a file without its folders and `.py`."""
    return path.rpartition("/")[2].removesuffix(".py")


def _unless_of_tests(match: re.Match[str]) -> str:
    """Return what names a file of tests as it is, which is spoken of itself, else nothing."""
    return match[0] if OF_TESTS.fullmatch(match[0].rpartition("/")[2]) else " "


def _of_url(url: str) -> str:
    """Return the path that a link to a file leads to."""
    path = re.split(r"[#?@]", url, maxsplit=1)[0]
    path = path[: path.rfind(".py") + 3]
    match = IN_URL.search(path)
    return next(filter(None, match.groups())) if match else path.split("/", 3)[-1]


def _names(text: str, words: list[str]) -> Iterator[str]:
    """Yield what a text may call a function or a class."""
    bare = LEFT_OUT.sub(" ", QUOTES.sub(" ", text))
    yield from (name for name in NAME.findall(FILE.sub(" ", bare)) if name not in RAISED)
    yield from CALLED.findall(bare)
    for word in words:
        if match := IDENTIFIER.fullmatch(LEFT_OUT.sub("", word)):
            yield match[1]
