"""Reviews in XML as the tables that JSON would hold: Checkstyle's, and what tools make up."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from fixtests.review import hypertext
from fixtests.review.records import Node, whole

BEGINS = re.compile(
    r"\s*<(?:\?xml\b|[a-zA-Z][\w:-]*(?:\s+[\w:-]+\s*=\s*[\"'][^\"']*[\"'])*\s*>\s*<)"
)
NAMED = ("name", "file")  # what Checkstyle calls a file, and what everybody else does


def is_markup(text: str) -> bool:
    """Tell whether a text is XML, by how it begins."""
    return BEGINS.match(text) is not None and not hypertext.is_page(text)


def loaded(text: str) -> Node | None:
    """Return what the outermost element holds, None for what is no XML, or declares entities."""
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)
    except (expat.ExpatError, ValueError):
        return None
    return reader.root


class _Reader:
    """Makes tables of elements: their attributes, and what stands in them by its names."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.EntityDeclHandler = _refused
        self.root = Node()
        self._open: list[tuple[Node, list[tuple[str, Node]], list[str]]] = []

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        node = Node({_key(name, value): _value(value) for name, value in attributes.items()})
        node.row = self.parser.CurrentLineNumber
        self._open.append((node, [], []))

    def _said(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _end(self, name: str) -> None:
        node, inside, said = self._open.pop()
        text = "".join(said).strip()
        if text:
            node["text"] = text
        plain = all({*part} <= {"text"} for _, part in inside)
        for called, part in inside:
            if plain and called not in node:
                node[called] = _value(part.get("text", ""))
            else:
                told = part["text"] if {*part} == {"text"} else part
                node[called] = [*_listed(node.get(called)), told]
        if self._open:
            self._open[-1][1].append((name, node))
        else:
            self.root = node


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _key(name: str, value: str) -> str:
    return NAMED[1] if name == NAMED[0] and value.endswith(".py") else name


def _value(text: str) -> Any:
    return whole(text) if text.isdecimal() else text


def _refused(*_: Any) -> None:
    raise ValueError("entities are not expanded")
