"""What a page says, as Markdown: a review of its own, or a mail that has no plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LISTS = ("ul", "ol")
BLOCKS = frozenset((*LISTS, "p", "div", "table", "section", "article", "header", "footer"))
APART = ("blockquote", "pre")
SILENT = frozenset(("head", "style", "script", "title"))
HEADING = re.compile(r"h([1-6])")
CELLS = ("td", "th")
MARKS = {"code": "`", "strong": "**", "b": "**"}
QUOTE = "> "
PAGE = re.compile(
    r"\s*<(?:!doctype|html|body|head|section|article|div|p|h[1-6]|ul|ol|table)\b[^<>]*>",
    re.IGNORECASE,
)


def text_of(page: str) -> str:
    """Return the text of a page, with lists, tables, quotes and code as Markdown has them."""
    return "\n".join(line for line, _ in lines_of(page)) + "\n"


def is_page(text: str) -> bool:
    """Tell whether a text begins as a page does, or as a part of one."""
    return PAGE.match(text) is not None


def lines_of(page: str) -> list[tuple[str, int]]:
    """Return the lines of a page as Markdown has them, each with its row in the page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    found: list[tuple[str, int]] = []
    for line, row in reader.lines():
        if line or (found and found[-1][0]):
            found.append((line, row))
    return found[: len(found) - (bool(found) and not found[-1][0])]


class _Reader(HTMLParser):
    """Puts the parts of a page one after the other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[str, int]] = [("", 1)]
        self._silent = 0
        self._quotes = 0
        self._lists = 0
        self._is_code = False

    def lines(self) -> list[tuple[str, int]]:
        """Return the lines found, each with the row that its text begins in."""
        return [(line.rstrip(), row) for line, row in self._lines]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in SILENT
        self._lists += tag in LISTS
        if match := HEADING.fullmatch(tag):
            self._apart(f"{'#' * int(match[1])} ")
        elif tag == "blockquote":
            self._apart("")
            self._quotes += 1
            self._line("")
        elif tag == "pre":
            self._is_code = True
            self._apart("```")
            self._line("")
        elif tag in BLOCKS and not self._lists - (tag in LISTS):
            self._apart("")
        elif tag in ("br", "tr"):
            self._line("|" if tag == "tr" else "")
        elif tag == "li":
            self._line(f"{'  ' * (self._lists - 1)}- ")
        elif tag in MARKS and not self._is_code:
            self._add(MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        self._lists -= tag in LISTS and self._lists > 0
        if tag == "blockquote":
            self._quotes = max(self._quotes - 1, 0)
        elif tag == "pre":
            self._line("```")
            self._is_code = False
        elif tag in CELLS:
            self._add(" |")
        elif tag in MARKS and not self._is_code:
            self._add(MARKS[tag])
        if (tag in BLOCKS and not self._lists) or tag in APART or HEADING.fullmatch(tag):
            self._apart("")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._is_code:
            first, *rest = data.split("\n")
            self._add(first)
            for number, line in enumerate(rest, 1):
                self._lines.append((f"{QUOTE * self._quotes}{line}", self.getpos()[0] + number))
            return
        said = re.sub(r"\s+", " ", data)
        self._add(said if self._lines[-1][0] else said.lstrip())

    def _add(self, said: str) -> None:
        line, row = self._lines[-1]
        self._lines[-1] = (line + said, row if line.strip() else self.getpos()[0])

    def _line(self, begin: str) -> None:
        self._lines.append((f"{QUOTE * self._quotes}{begin}", self.getpos()[0]))

    def _apart(self, begin: str) -> None:
        self._line("")
        self._line(begin)
