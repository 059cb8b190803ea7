"""Who owns a file, as a CODEOWNERS file of GitHub or GitLab says; nobody where there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fixtests.files import git

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>.*)")
WORD = re.compile(r"(?:\\.|[^\s\\])+")
PART = re.compile(r"/\*\*/|\*\*|\*|\?|\\.|[^*?\\]", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """Files that a pattern matches, and whom its section says that they belong to."""

    section: str
    pattern: re.Pattern[str]
    owners: tuple[str, ...]


def of(path: str) -> tuple[str, ...]:
    """Return the owners of a file: those of the last entry that matches it, of each section."""
    place = Path(path)
    top = git.top(place.parent)
    if top is None:
        return ()
    name = place.relative_to(top).as_posix()
    found = {item.section: item.owners for item in _entries(top) if item.pattern.fullmatch(name)}
    return tuple(dict.fromkeys(owner for owners in found.values() for owner in owners))


@cache
def _entries(top: Path) -> tuple[Entry, ...]:
    for name in PLACES:
        try:
            return parsed((top / name).read_text("utf-8", "replace"))
        except OSError:
            continue
    return ()


def parsed(text: str) -> tuple[Entry, ...]:
    """Return the entries of a CODEOWNERS file."""
    entries = []
    section = ""
    usual: tuple[str, ...] = ()
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if head := SECTION.fullmatch(line):
            section, usual = head["name"].lower(), _owners(WORD.findall(head["owners"]))
            continue
        pattern, *owners = WORD.findall(line)
        entries.append(Entry(section, _expression(pattern), _owners(owners) or usual))
    return tuple(entries)


def _owners(words: list[str]) -> tuple[str, ...]:
    """Return the owners among the words of a line, up to a comment."""
    end = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
    return tuple(words[:end])


def _expression(pattern: str) -> re.Pattern[str]:
    """Return what matches the files that a pattern names, from the top of the repository.

    It is read as in `.gitignore`, but that `folder/*` means no folder below that one.
    """
    body = pattern.strip("/")
    anywhere = "" if "/" in body or pattern.startswith("/") else "(?:.*/)?"
    text = "".join(_part(part) for part in PART.findall(body))
    inside = "" if body.endswith("/*") else "(?:/.*)?"
    below = "/.*" if pattern.endswith("/") else inside
    return re.compile(f"{anywhere}{text}{below}", re.DOTALL)


def _part(part: str) -> str:
    known = {"/**/": "/(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return known.get(part) or re.escape(part.removeprefix("\\") or "\\")
