"""A page of HTML taken apart: its elements as a tree, refused where a tag is not closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "br", "img", "link", "hr"}


@dataclass
class Element:
    """One element; `parts` are its texts and elements in order."""

    tag: str
    attributes: dict[str, str | None]
    parts: list[str | Element] = field(default_factory=list)

    def all(self, tag: str = "", **wanted: str) -> Iterator[Element]:
        """Yield the elements below of a tag that have some attributes; of classes one will do."""
        for part in self.parts:
            if isinstance(part, str):
                continue
            if tag in ("", part.tag) and all(part.has(name, it) for name, it in wanted.items()):
                yield part
            yield from part.all(tag, **wanted)

    def one(self, tag: str = "", **wanted: str) -> Element:
        (found,) = self.all(tag, **wanted)
        return found

    def has(self, name: str, value: str) -> bool:
        if name == "cls":
            return value in (self.attributes.get("class") or "").split()
        return self.attributes.get(name.replace("_", "-")) == value

    def __getitem__(self, name: str) -> str:
        return self.attributes[name] or ""

    @property
    def text(self) -> str:
        """All text, but that of scripts and style sheets."""
        if self.tag in ("script", "style"):
            return ""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("", {})]

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"{tag}: an attribute stands twice"
        element = Element(tag, dict(attrs))
        self.stack[-1].parts.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_endtag(self, tag):
        assert self.stack[-1].tag == tag, f"</{tag}> closes <{self.stack[-1].tag}>"
        self.stack.pop()

    def handle_data(self, data):
        self.stack[-1].parts.append(data)


def parsed(text: str) -> Element:
    """Return the top of a page."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    assert [item.tag for item in parser.stack] == [""], "something is not closed"
    return parser.stack[0]
