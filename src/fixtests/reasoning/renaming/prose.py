"""Words of comments and docstrings."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from fixtests.model import Span
from fixtests.syntax.queries import walk
from fixtests.text.source import Source
from fixtests.text.word_forms import WordForms
from fixtests.tree.module import Module

QUOTES = re.compile(r"\w*(?:\"{3}|'{3}|\"|')")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def words_of(module: Module, words: WordForms) -> Iterator[Span]:
    """Yield where comments and docstrings say an old word, outside of names and phrases to keep."""
    for span in (*_comments(module.source), *_docstrings(module)):
        text = module.source.slice(span)
        for match in words.prose.finditer(text):
            first = text.rfind("\n", 0, match.start()) + 1
            around = text[max(first, match.start() - 12) : match.end() + 12]
            if not words.keeps(around):
                start = span.start + len(text[: match.start()].encode())
                yield Span(start, start + len(match[0].encode()))


def _comments(source: Source) -> Iterator[Span]:
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            line = source.line(row).decode("utf-8", "surrogatepass")
            start = source.starts[row - 1] + len(line[:column].encode("utf-8", "surrogatepass"))
            yield Span(start, start + len(token.string.encode("utf-8", "surrogatepass")))


def _docstrings(module: Module) -> Iterator[Span]:
    for node in walk(module.tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            span = module.source.span(node.body[0])
            quotes = QUOTES.match(module.source.slice(span))
            yield Span(span.start + (quotes.end() if quotes else 0), span.end)
