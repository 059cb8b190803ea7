"""What a page says, as Markdown: the body of mails that have no plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = frozenset(("p", "div", "ul", "ol", "table", "section", "article", "header", "footer"))
SILENT = frozenset(("head", "style", "script", "title"))
HEADING = re.compile(r"h([1-6])")
CELLS = ("td", "th")
QUOTE = "> "


def text_of(page: str) -> str:
    """Return the text of a page, with lists, tables, quotes and code as Markdown has them."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.found)).strip("\n") + "\n"


class _Reader(HTMLParser):
    """Puts the parts of a page one after the other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0
        self._quotes = 0
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in SILENT
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
        elif tag in BLOCKS:
            self._apart("")
        elif tag in ("br", "tr", "li"):
            self._line({"br": "", "tr": "|", "li": "- "}[tag])
        elif tag == "code" and not self._is_code:
            self.found.append("`")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        if tag == "blockquote":
            self._quotes = max(self._quotes - 1, 0)
        elif tag == "pre":
            self._line("```")
            self._is_code = False
        elif tag in CELLS:
            self.found.append(" |")
        elif tag == "code" and not self._is_code:
            self.found.append("`")
        if tag in BLOCKS or tag in ("blockquote", "pre") or HEADING.fullmatch(tag):
            self._apart("")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._is_code:
            self.found.append(data.replace("\n", f"\n{QUOTE * self._quotes}"))
            return
        said = re.sub(r"\s+", " ", data)
        begins = not self.found or self.found[-1].endswith("\n")
        self.found.append(said.lstrip() if begins else said)

    def _line(self, begin: str) -> None:
        self.found.append(f"\n{QUOTE * self._quotes}{begin}")

    def _apart(self, begin: str) -> None:
        self.found.append("\n")
        self._line(begin)
