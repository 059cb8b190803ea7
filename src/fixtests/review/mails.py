"""Mails as they are kept: what stands in their bodies, whatever it was encoded by."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import PurePath
from typing import Any

from fixtests.review import hypertext

HEAD = re.compile(rb"(?:From \S.*\r?\n)?(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
TELLING = re.compile(
    rb"^(?:MIME-Version|Content-Transfer-Encoding|Content-Type|Message-ID):", re.MULTILINE | re.I
)
ENVELOPE = re.compile(rb"^From \S+ .*\d{4}\r?\n", re.MULTILINE)  # before each mail of a mailbox
KEPT = ("From", "Subject")  # headers that may say whom and what it is about
PLAIN, PAGE = ("text/plain", "text/markdown"), "text/html"
SAID = ("", ".txt", ".md")  # suffixes of attachments that may be reviews


def read(content: bytes) -> str | None:
    """Return what a mail, or each mail of a mailbox, says below its subject; None for no mail."""
    head = HEAD.match(content)
    if head is None or not TELLING.search(head[0]):
        return None
    return "\n".join(_said(part) for part in ENVELOPE.split(content) if part.strip())


def _said(content: bytes) -> str:
    message = email.message_from_bytes(content)
    told = [f"{name}: {_header(message[name])}" for name in KEPT if name in message]
    head = HEAD.match(content)
    above = [""] * (head[0].count(b"\n") - len(told)) if head else []  # so that rows stay
    return "\n".join([*told, *above, *_bodies(message)])


def _header(value: Any) -> str:
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (HeaderParseError, LookupError, ValueError):
        return " ".join(str(value).split())


def _bodies(part: Message) -> Iterator[str]:
    """Yield the texts of a part: of alternatives the plain one, of a page what it says."""
    inner: Any = part.get_payload()
    if isinstance(inner, list):
        kind = part.get_content_type()
        for item in _best(inner) if kind == "multipart/alternative" else inner:
            yield from _bodies(item)
    elif PurePath(part.get_filename() or "").suffix.lower() in SAID:
        if part.get_content_type() in PLAIN:
            yield _text(part)
        elif part.get_content_type() == PAGE:
            yield hypertext.text_of(_text(part))


def _best(parts: Sequence[Message]) -> Sequence[Message]:
    """Return the alternative that is plain text, else all, of which pages alone are read."""
    plain = [item for item in parts if item.get_content_type() in PLAIN]
    return plain[:1] or parts


def _text(part: Message) -> str:
    """Return the text of a part; what its character set does not have is replaced."""
    held = part.get_payload(decode=True)
    content = held if isinstance(held, bytes) else b""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
