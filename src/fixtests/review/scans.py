"""The claims of SARIF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlparse

from fixtests.review.claim import CWE, Asks, Claim, Place, numbers
from fixtests.review.rows import DIGITS, LONGEST, Rows
from fixtests.review.sentences import asks

GOOD = ("pass", "notApplicable", "informational")  # kinds of results that find no fault


class _Rules:
    """What a run says of its rules, put together once for each."""

    def __init__(self, run: Any) -> None:
        driver = _at(run, "tool", "driver")
        self._all = [
            rule
            for part in (driver, *_list(_at(run, "tool"), "extensions"))
            for rule in _list(part, "rules")
        ]
        self._known = {_name(rule, "id"): rule for rule in self._all if isinstance(rule, Mapping)}
        self._told: dict[str, tuple[str, tuple[int, ...]]] = {}

    def of(self, result: Any) -> str:
        """Return the identifier of the rule that a result belongs to, empty for none."""
        identifier = _name(result, "ruleId") or _name(_at(result, "rule"), "id")
        index = _at(result, "ruleIndex")
        if not identifier and isinstance(index, int) and 0 <= index < len(self._all):
            identifier = _name(self._all[index], "id")
        return identifier

    def about(self, identifier: str) -> tuple[str, tuple[int, ...]]:
        """Return what is said of a rule, and the CWE numbers in it."""
        if identifier not in self._told:
            rule = self._known.get(identifier, {})
            told = [
                identifier,
                *(_at(rule, name, "text") for name in ("shortDescription", "fullDescription")),
                *(str(tag) for tag in _list(_at(rule, "properties"), "tags")),
                *(str(_at(item, "target", "id")) for item in _list(rule, "relationships")),
            ]
            about = "\n".join(map(str, filter(None, told)))
            self._told[identifier] = about, tuple(map(int, CWE.findall(about)))
        return self._told[identifier]


def of_run(run: Any, origin: str) -> Iterator[Claim]:
    """Yield the results of one run; any field may be missing."""
    rules = _Rules(run)
    for number, result in enumerate(_list(run, "results")):
        identifier = rules.of(result)
        about, weaknesses = rules.about(identifier)
        message = str(_at(result, "message", "text") or _at(result, "message", "markdown") or "")
        regions = [_at(item, "physicalLocation") for item in _list(result, "locations")]
        snippets = [_at(item, "region", "snippet", "text") for item in regions]
        taxa = (str(_at(item, "id")) for item in _list(result, "taxa"))
        weak = [*numbers(message), *weaknesses]
        weak += [int(item) for item in taxa if item.isdecimal() and len(item) <= DIGITS]
        row = getattr(result, "row", 0)
        place = Place(
            tuple(dict.fromkeys(filter(None, map(_uri, regions)))),
            Rows.of(row for item in regions for row in _region(_at(item, "region"))),
            quoted=tuple(str(item).strip() for item in snippets if item),
        )
        of_none = _at(result, "level") == "none" or _at(result, "kind") in GOOD
        yield Claim(
            f"{origin}:{row}" if row else f"{origin}: results[{number}]",
            message.partition("\n")[0] or identifier or "no message",
            message,
            place,
            _asked(message) if of_none else Asks.CHANGE,
            cwe=tuple(dict.fromkeys(weak)),
            rules=(identifier,) if identifier else (),
            about=about,
        )


def _asked(message: str) -> Asks:
    """Return what a result asks for that is no finding."""
    return Asks.CONTRARY if asks(message) is Asks.CONTRARY else Asks.NOTHING


def _region(region: Any) -> Iterator[range]:
    first = _at(region, "startLine")
    last = _at(region, "endLine")
    if isinstance(first, int) and first > 0:
        end = last if isinstance(last, int) and first <= last <= first + LONGEST else first
        yield range(first, end + 1)


def _uri(location: Any) -> str:
    uri = _at(location, "artifactLocation", "uri")
    try:
        return unquote(urlparse(uri).path) if isinstance(uri, str) else ""
    except ValueError:  # `http://[`
        return ""


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _name(value: Any, name: str) -> str:
    """Return what is called so in a table, as text, empty where that is nothing."""
    return str(_at(value, name) or "")


def _list(value: Any, name: str) -> list[Any]:
    found = _at(value, name)
    return found if isinstance(found, list) else []
