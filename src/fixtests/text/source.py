"""Bytes and text of one file: encoding, newlines and offsets, converted without loss.

Lines end at LF, CRLF and CR only, as the Python tokenizer has it; a form feed
or U+2028 ends none.
"""

from __future__ import annotations

import ast
import bisect
import codecs
import errno
import io
import itertools
import os
import re
import stat
import tokenize
import warnings
from dataclasses import dataclass
from functools import cached_property

from fixtests.model import Span, digest
from fixtests.text.word_rows import WordRows

LINE_END = re.compile(rb"\r\n|\r|\n")
LONE_CR = re.compile(rb"\r(?!\n)")
LONE_LF = re.compile(rb"(?<!\r)\n")
# Maybe an encoding cookie, in the first two lines.
COOKIES = re.compile(rb"[^\r\n]*?coding|[^\r\n]*+[\r\n]++[^\r\n]*?coding")
COOKIE = "correct the encoding cookie"


def read(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a regular file.

    Raises OSError, for pipes and devices too: they might never end.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with io.FileIO(handle) as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", os.fspath(path))
        return stream.read()


class SourceError(Exception):
    """A file that cannot be worked on; the message says where and what to do.

    `reason` is why it is no Python, `row` where.
    """

    def __init__(self, message: str, reason: str = "", row: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.row = row


def encoded(text: str) -> bytes:
    """Return a text from elsewhere as the bytes of a file, in the encoding of its cookie.

    Raises SourceError where that has no such character.
    """
    utf8 = text.encode("utf-8", "surrogatepass")
    if utf8.isascii() or not COOKIES.match(utf8):
        return utf8
    try:
        return text.encode(tokenize.detect_encoding(io.BytesIO(utf8).readline)[0])
    except UnicodeEncodeError as error:
        raise SourceError(
            f"line 1: {error.encoding} cannot hold {text[error.start]!r}; save the file as UTF-8"
        ) from None
    except (SyntaxError, LookupError, UnicodeError):
        return utf8  # decoding says what is wrong


@dataclass(frozen=True)
class Source:
    """One file's text as UTF-8, with what is needed to give its bytes back.

    `path` is absolute; `utf8` is the decoded text without byte order mark.
    """

    path: str
    content: bytes
    encoding: str
    mark: bytes
    utf8: bytes

    @classmethod
    def decode(cls, path: str, content: bytes) -> Source:
        """Read a file's bytes.

        Raises SourceError where the bytes are not text in the declared
        encoding, or where that encoding does not give the bytes back.
        """
        if content.isascii() and b"\0" not in content and not COOKIES.match(content):
            return cls(path, content, "utf-8", b"", content)
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        body = content[len(mark) :]
        if b"\0" in body:
            line = body[: body.index(b"\0")].count(b"\n") + 1
            raise SourceError(f"line {line}: NUL byte; remove it, this is not Python source")
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        except SyntaxError as error:
            if "invalid or missing" not in str(error.msg):
                raise SourceError(f"line 1: {error.msg}; {COOKIE}") from None
            encoding = "utf-8"  # decoding below names the byte
        if encoding == "utf-8-sig":
            encoding = "utf-8"
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as error:
            line = body[: error.start].count(b"\n") + 1
            raise SourceError(
                f"line {line}: byte 0x{body[error.start]:02x} is not {encoding}; "
                "add the right encoding cookie or save the file as UTF-8"
            ) from None
        except (LookupError, UnicodeError):  # codecs such as rot13 and idna
            raise SourceError(f"line 1: {encoding} is no encoding of text; {COOKIE}") from None
        utf8 = text.encode("utf-8", "surrogatepass")
        source = cls(path, content, encoding, mark, utf8)
        if source.encode(utf8) != content:
            raise SourceError(
                f"line 1: encoding {encoding} does not give the same bytes back; "
                "save the file as UTF-8"
            )
        return source

    def encode(self, utf8: bytes) -> bytes:
        """Return the file's bytes for another text.

        Each line is encoded alone, as diffs need it: where a line depends on
        those before it, as in iso2022_kr, the file's own text gives other bytes.
        Raises SourceError where the encoding has no such character.
        """
        if self.encoding == "utf-8":
            return self.mark + utf8
        lines = utf8.decode("utf-8", "surrogatepass").split("\n")
        try:
            ended = (f"{line}\n".encode(self.encoding) for line in lines[:-1])
            return b"".join((self.mark, *ended, lines[-1].encode(self.encoding)))
        except UnicodeEncodeError as error:
            raise SourceError(
                f"line 1: {self.encoding} cannot hold {error.object[error.start]!r}; "
                "save the file as UTF-8"
            ) from None
        except UnicodeError as error:  # idna says no more
            raise SourceError(f"line 1: {self.encoding}: {error}; {COOKIE}") from None

    @cached_property
    def text(self) -> str:
        """The decoded text."""
        return self.utf8.decode("utf-8", "surrogatepass")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return digest(self.content)

    @cached_property
    def starts(self) -> list[int]:
        """Offset of the first byte of each line."""
        lines = self.utf8.splitlines(keepends=True)
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            lines.pop()
        return [0, *itertools.accumulate(map(len, lines))]

    def rows(self, pattern: re.Pattern[bytes]) -> list[int]:
        """Return the rows, from 1, that a pattern touches, sorted."""
        if pattern not in self._rows:
            found: set[int] = set()
            for match in pattern.finditer(self.utf8):
                last = self.row(max(match.end() - 1, match.start()))
                found.update(range(self.row(match.start()), last + 1))
            self._rows[pattern] = sorted(found)
        return self._rows[pattern]

    @cached_property
    def _rows(self) -> dict[re.Pattern[bytes], list[int]]:
        return {}

    @cached_property
    def newline(self) -> str:
        """The line end used first in the file, LF where there is none.

        Beside both a lone CR and a lone LF only CRLF stays a line end of its own.
        """
        match = LINE_END.search(self.utf8)
        if LONE_CR.search(self.utf8) and LONE_LF.search(self.utf8):
            return "\r\n"
        return match.group().decode() if match else "\n"

    def rows_of_word(self, word: bytes, first: int = 1, last: int | None = None) -> list[int]:
        """Return the rows, from 1, on which a word stands, sorted; or several words as they are.

        Only those from `first` to `last`, where these are given.
        """
        return self._words.rows(word, first, last)

    @cached_property
    def _words(self) -> WordRows:
        return WordRows(self.utf8, self.starts)

    def parse(self) -> ast.Module:
        """Parse the text.

        Raises SourceError with line and column where it is not Python.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text, filename=self.path)
        except SyntaxError as error:
            row, reason = error.lineno or 1, str(error.msg)
            remedy = "make it valid for this Python, or exclude the file"
            raise SourceError(f"line {row}: {reason}; {remedy}", reason, row) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise SourceError(f"line 1: cannot be parsed ({error}); exclude the file") from None

    def offset(self, line: int, column: int) -> int:
        """Return the offset of an `ast` position (line from 1, column in bytes from 0)."""
        return self.starts[line - 1] + column

    def span(self, node: ast.AST) -> Span:
        """Return the offsets of an `ast` node that has a position."""
        return Span(
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def row(self, offset: int) -> int:
        """Return the row, from 1, of an offset."""
        return bisect.bisect_right(self.starts, offset)

    def location(self, offset: int) -> tuple[int, int]:
        """Return row and column, both from 1, the column in characters."""
        row = self.row(offset)
        start = self.starts[row - 1]
        return row, len(self.utf8[start:offset].decode("utf-8", "surrogatepass")) + 1

    def line(self, row: int) -> bytes:
        """Return line `row` (from 1) with its line end."""
        end = self.starts[row] if row < len(self.starts) else len(self.utf8)
        return self.utf8[self.starts[row - 1] : end]

    def code_before(self, offset: int) -> int:
        """Return where the text before an offset ends that is no white space."""
        while offset and self.utf8[offset - 1 : offset].isspace():
            offset -= 1
        return offset

    def code_after(self, offset: int) -> int:
        """Return where the text from an offset on begins that is no white space."""
        while self.utf8[offset : offset + 1].isspace():
            offset += 1
        return offset

    def slice(self, span: Span) -> str:
        """Return the text of a span."""
        return self.utf8[span.start : span.end].decode("utf-8", "surrogatepass")
