"""Where lines break when a fix makes them too long, as OpenStack's style has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

INDENT = "    "


@dataclass(frozen=True)
class Slot:
    """The line around an expression that is to be replaced, in four parts.

    `head` ends where the argument, keyword or item that holds the expression
    begins, `lead` reaches from there to the expression, `tail` follows it.
    `alone` says that the expression is all that a statement assigns or
    returns, `indents` where a line that begins with it may stand.
    """

    indent: str
    head: str
    lead: str
    tail: str
    newline: str
    alone: bool
    indents: tuple[str, ...]


@dataclass(frozen=True)
class Broken:
    """A replacement: `text` takes the place of all after `head`, and of `eaten` of the tail."""

    head: str
    text: str
    eaten: int = 0


def fitted(slot: Slot, text: str, length: int) -> Broken | None:
    """Return the first way to put a replacement on lines of at most some length."""
    for way in _ways(slot, text):
        whole = way.head + way.text + slot.tail[way.eaten :]
        if all(len(line) <= length for line in whole.split(slot.newline)):
            return way
    return None


def _ways(slot: Slot, text: str) -> Iterator[Broken]:
    """Yield the ways to break, the least obtrusive first."""
    first = not slot.head.strip()
    yield Broken(slot.head, slot.lead + text)
    if first and slot.tail.startswith(", "):
        yield Broken(slot.head, f"{slot.lead}{text},{slot.newline}{slot.indent}", 2)
    for shape in (_whole, _folded):
        for indent in slot.indents:
            inner = slot.newline + indent
            value = shape(text, inner)
            if slot.alone:
                yield Broken(slot.head, f"{slot.lead}({inner}{value})")
            elif first:
                yield Broken(slot.head, slot.lead + value)
            else:
                yield Broken(slot.head.rstrip(), f"{inner}{slot.lead}{value}")


def _whole(text: str, inner: str) -> str:
    return text


def _folded(text: str, inner: str) -> str:
    """Break an expression inside its last square brackets."""
    key = text.rfind("[") + 1
    return f"{text[:key]}{inner}{INDENT}{text[key:]}" if key else text


def call(indent: str, text: str, length: int) -> str:
    """Break a call that is too long for a line after its bracket, then between arguments."""
    opening = text.find("(")
    if "\n" in text or len(indent + text) <= length or opening < 0 or not text.endswith(")"):
        return text
    inner = indent + INDENT
    head, arguments = text[: opening + 1], text[opening + 1 : -1]
    if len(inner + arguments) + 1 <= length:
        return f"{head}\n{inner}{arguments})"
    parsed = ast.parse(text, mode="eval").body
    if not isinstance(parsed, ast.Call):
        return text
    parts = [ast.get_source_segment(text, item) or "" for item in (*parsed.args, *parsed.keywords)]
    return f"{head}\n" + ",\n".join(inner + part for part in parts) + ")"
