"""Comments in a piece of a text: those for readers, and those that are written for a tool."""

from __future__ import annotations

import io
import re
import tokenize

DIRECTIVE = re.compile(
    r"\s*(?:noqa|nosec|pylint|type|fixtests|flake8|pragma|mypy|fmt|isort|yapf|pycodestyle|ruff)"
    r"\s*(?::|$|\s*(?:no cover|ignore|off|on|skip|disable)\b)|.*#\s*(?:noqa|nosec)\b",
    re.IGNORECASE,
)


def for_readers(text: str) -> list[str]:
    """Return the comments in some lines that are written for no tool.

    Raises SyntaxError and tokenize.TokenError where they cannot be divided into words.
    """
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in found if token.type == tokenize.COMMENT]
    return [item for item in comments if not DIRECTIVE.match(item[1:])]
