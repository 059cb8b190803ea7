"""What a review says: one claim for each of its findings, whatever it was written in."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from fixtests.model import RunError
from fixtests.text.source import read

DASH = r"\-\u2010-\u2015"  # hyphens and dashes, in a set
ITEM = re.compile(r"^(?P<indent> *)(?:(?P<number>\(?(?:\d+|[a-z])[.)])|[-*+•])\s+(?P<text>\S.*)$")
HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?:\d+[.)]\s+)?(?P<text>\S.*)$")
STRONG = re.compile(rf"^(?:\*\*|__)(?P<title>.+?)(?:\*\*|__)\s*[:.{DASH}]?\s*(?P<rest>.*)$")
CWE = re.compile(r"\bCWE[-_ ]?(\d{1,4})\b", re.IGNORECASE)
LINES = re.compile(
    r"(?:\blines?|\bL|\brows?)[ \u00a0#]*"
    rf"(\d+(?:\s*(?:[{DASH}]|to|through|,|and|&|or)\s*(?:lines?\s+)?\d+)*)",
    re.IGNORECASE,
)
COLON_LINE = re.compile(r"\.py:(\d+)")
RANGE = re.compile(rf"(\d+)\s*(?:[{DASH}]|to|through)\s*(\d+)")
PLACE = re.compile(  # in front of what is said of it
    rf"^(?:[\w./-]+\.py:\d+|(?:L|lines?|rows?) ?\d+(?:(?:[{DASH}, L]|to|and)+\d+)*):\s+",
    re.IGNORECASE,
)
QUOTED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w./-]*\w\.py\b")
LONGEST = 200  # lines of a range; a longer one says nothing of a place


class ReviewError(RunError):
    """A review that cannot be read; the message names file, place and remedy."""


@dataclass(frozen=True)
class Claim:
    """One finding of a review.

    `origin` is the review's file and line, `rows` the lines of code it names,
    `words` the code it quotes, `rules` what a tool called it.
    """

    origin: str
    title: str
    text: str
    cwe: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def load(path: Path) -> list[Claim]:
    """Return what a review says. Raises ReviewError where it cannot be read."""
    try:
        content = read(path)
    except OSError as error:
        raise ReviewError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReviewError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    if path.suffix.lower() in (".json", ".sarif", ".jsonl") or text.lstrip()[:1] in ("{", "["):
        return list(_from_json(text, path))
    return list(prose(text, str(path)))


def prose(text: str, origin: str) -> Iterator[Claim]:
    """Yield the claims of plain text or Markdown.

    They are the items of its outermost lists, else the parts under its
    headings, else its paragraphs.
    """
    lines = text.expandtabs(4).replace("\r\n", "\n").split("\n")
    starts = _starts(lines)
    listed = bool(starts)
    if not listed:
        starts = [
            at
            for at, line in enumerate(lines)
            if line.strip() and (at == 0 or not lines[at - 1].strip())
        ]
    for at, begin in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        block = _block(lines[begin:end], cut=listed)
        if block.strip():
            yield _claim(block, f"{origin}:{begin + 1}")


def _starts(lines: list[str]) -> list[int]:
    """Return where the items of the outermost list begin, or the parts under headings."""
    items = [
        (at, len(match["indent"]), match["number"] is not None)
        for at, line in enumerate(lines)
        if (match := ITEM.match(line))
    ]
    if items:
        numbered = [item for item in items if item[2]] or items
        outermost = min(indent for _, indent, _ in numbered)
        found = [at for at, indent, _ in numbered if indent == outermost]
        if len(found) > 1 or not any(HEADING.match(line) for line in lines):
            return found
    headings = [
        (at, match["level"]) for at, line in enumerate(lines) if (match := HEADING.match(line))
    ]
    levels = Counter(level for _, level in headings)
    usual = max(levels, key=lambda level: (levels[level], level), default="")
    return [at for at, level in headings if level == usual]


def _block(lines: list[str], *, cut: bool) -> str:
    """Return the text of an item; what follows it at the margin after a blank line is not of it."""
    heading = HEADING.match(lines[0])
    if cut and not heading:
        for at in range(1, len(lines)):
            apart = not lines[at - 1].strip() and lines[at][:1].strip()
            if apart and not ITEM.match(lines[at]):
                lines = lines[:at]
                break
    return "\n".join(lines)


def _claim(block: str, origin: str) -> Claim:
    first, _, rest = block.partition("\n")
    item, heading = ITEM.match(first), HEADING.match(first)
    head = (item or heading)["text"] if item or heading else first  # type: ignore[index]
    bare = PLACE.sub("", head)
    strong = STRONG.match(bare)
    title = strong["title"] if strong else re.split(rf"(?<=[.!?:;])\s|\s[{DASH}]\s", bare)[0]
    text = f"{head}\n{rest}"
    words = [word for word in QUOTED.findall(text) if not FILE.fullmatch(word)]
    return Claim(
        origin,
        title.strip().rstrip(":."),
        text,
        tuple(dict.fromkeys(map(int, CWE.findall(text)))),
        tuple(sorted(_rows(text))),
        tuple(dict.fromkeys(words)),
        tuple(dict.fromkeys(FILE.findall(text))),
    )


def _rows(text: str) -> set[int]:
    """Return the lines that a text names, the first and last of each range among them."""
    found: set[int] = set(map(int, COLON_LINE.findall(text)))
    for told in LINES.findall(text):
        for first, last in RANGE.findall(told):
            if 0 <= int(last) - int(first) <= LONGEST:
                found.update(range(int(first), int(last) + 1))
        found.update(map(int, re.findall(r"\d+", told)))
    return {row for row in found if row}


def _from_json(text: str, path: Path) -> Iterator[Claim]:
    """Yield the claims of SARIF, or of what `check --output-format json` prints."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        try:
            body = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise ReviewError(f"{path}: is not JSON ({error})") from None
    if isinstance(body, Mapping) and isinstance(body.get("runs"), list):
        for number, run in enumerate(body["runs"]):
            yield from _sarif(run, f"{path}: runs[{number}]")
    elif isinstance(body, list) and all(isinstance(item, Mapping) for item in body):
        for number, item in enumerate(body):
            yield _own(item, f"{path}: [{number}]")
    else:
        raise ReviewError(
            f"{path}: is neither SARIF nor what `fixtests check --output-format json` prints"
        )


def _sarif(run: Any, place: str) -> Iterator[Claim]:
    """Yield the results of one run; any field may be missing."""
    driver = _at(run, "tool", "driver")
    rules = [
        rule
        for part in (driver, *_list(_at(run, "tool"), "extensions"))
        for rule in _list(part, "rules")
    ]
    known = {rule.get("id"): rule for rule in rules if isinstance(rule, Mapping)}
    for number, result in enumerate(_list(run, "results")):
        identifier = _at(result, "ruleId") or _at(result, "rule", "id")
        index = _at(result, "ruleIndex")
        if not identifier and isinstance(index, int) and 0 <= index < len(rules):
            identifier = _at(rules[index], "id")
        rule = known.get(identifier, {})
        message = _at(result, "message", "text") or _at(result, "message", "markdown") or ""
        told = [
            *(_at(rule, name, "text") for name in ("shortDescription", "fullDescription")),
            *(str(tag) for tag in _list(_at(rule, "properties"), "tags")),
            *(str(_at(item, "target", "id")) for item in _list(rule, "relationships")),
        ]
        about = "\n".join(filter(None, map(str, (message, identifier, *filter(None, told)))))
        regions = [_at(item, "physicalLocation") for item in _list(result, "locations")]
        snippets = [_at(item, "region", "snippet", "text") for item in regions]
        weaknesses = [
            *map(int, CWE.findall(about)),
            *(
                int(str(_at(item, "id")))
                for item in _list(result, "taxa")
                if str(_at(item, "id")).isdecimal()
            ),
        ]
        yield Claim(
            f"{place}.results[{number}]",
            str(message).split("\n")[0] or str(identifier or "no message"),
            about,
            tuple(dict.fromkeys(weaknesses)),
            tuple(sorted({row for item in regions for row in _region(_at(item, "region"))})),
            tuple(str(item).strip() for item in snippets if item),
            tuple(dict.fromkeys(filter(None, map(_uri, regions)))),
            (str(identifier),) if identifier else (),
        )


def _region(region: Any) -> Iterator[int]:
    first = _at(region, "startLine")
    last = _at(region, "endLine")
    if isinstance(first, int) and first > 0:
        end = last if isinstance(last, int) and first <= last <= first + LONGEST else first
        yield from range(first, end + 1)


def _uri(location: Any) -> str:
    uri = _at(location, "artifactLocation", "uri")
    return unquote(urlparse(uri).path) if isinstance(uri, str) else ""


def _own(item: Mapping[str, Any], place: str) -> Claim:
    message = str(item.get("message", ""))
    row, last = _at(item, "location", "row"), _at(item, "end_location", "row")
    rows = range(row, (last if isinstance(last, int) else row) + 1) if isinstance(row, int) else ()
    code = str(item.get("code", ""))
    return Claim(
        place,
        message or code or "no message",
        f"{message}\n{item.get('name', '')}",
        rows=tuple(rows),
        words=tuple(QUOTED.findall(message)),
        files=(str(item["filename"]),) if item.get("filename") else (),
        rules=(code,) if code else (),
    )


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _list(value: Any, name: str) -> list[Any]:
    found = _at(value, name)
    return found if isinstance(found, list) else []
