"""What linters print over several lines, or as commands to a server, spelled `path:1:1: text`.

Rows stay what they are.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

COMMAND = re.compile(r"^::(?:error|warning|notice) (?P<words>\S.*?)::(?P<text>.*)$")
WORD = re.compile(r"(\w+)=([^,]*)")
ARROW = re.compile(r"^ *--> (?P<place>\S.*:\d+:\d+)$")
GUTTER = re.compile(r"^ *\d* \|")  # before code, and what points into it
REASON = re.compile(r"^ *= (?=\S)")


def spelled(text: str) -> str:
    """Return a text whose findings stand on one line each, with their place in front."""
    if "::" not in text and "-->" not in text:
        return text
    found: list[str] = []
    head = -1  # the line that says what is wrong
    for line in text.split("\n"):
        if found and (match := ARROW.match(line)):
            head = len(found) - 1
            found[head] = f"{match['place']}: {found[head].strip()}"
            line = ""
        elif match := COMMAND.match(line):
            line = _command(match)
        elif not line.strip():
            head = -1
        elif head >= 0 and (GUTTER.match(line) or REASON.match(line)):
            found[head] += f"; {line.strip(' =')}" if REASON.match(line) else ""
            line = ""
        found.append(line)
    return "\n".join(found)


def _command(match: re.Match[str]) -> str:
    """Return a workflow command of GitHub as a line."""
    words = {name: unquote(value) for name, value in WORD.findall(match["words"])}
    title = f"{words['title']}: " if "title" in words else ""
    said = " ".join(unquote(match["text"]).split())
    if "file" not in words:
        return f"{title}{said}"
    return f"{words['file']}:{words.get('line', 1)}:{words.get('col', 1)}: {title}{said}"
