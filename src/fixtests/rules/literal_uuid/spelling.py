"""How UUIDs are written: in full, in a file's bytes, and in other ways beside that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from fixtests.syntax.queries import called_name, constant_string
from fixtests.tree.module import Module

DIGITS = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
EXACT = re.compile(DIGITS)
# Begins with a fixed byte, which is searched for at once.
NEEDLE = re.compile(DIGITS[14:].encode() + b"(?<=" + DIGITS.encode() + b")")
# A text that goes on in the one on the next line, with what may be parts of a UUID.
DIVIDED = re.compile(rb"[0-9a-fA-F-][\"'][ \t]*\\?\r?\n\s*[rRuU]?[\"'][0-9a-fA-F-]")
# Begins with a set of bytes, which is searched for at once; what stands before it is seen then.
SPELLED = re.compile(
    rb"[0-9a-fA-F](?<![0-9a-fA-F-].)"
    + rb"-?".join(b"[0-9a-fA-F]{%d}" % count for count in (7, 4, 4, 4, 12))
    + rb"(?![0-9a-fA-F-])"
)


def values_in(content: bytes) -> Iterator[str]:
    """Yield every UUID that a file's bytes hold."""
    return (content[item.end() - 36 : item.end()].decode() for item in NEEDLE.finditer(content))


def strings(module: Module) -> list[tuple[ast.Constant, str]]:
    """Return a module's strings that hold a UUID anywhere, in source order, with their values.

    Where there are any, a longer one may hold a UUID that its lines divide.
    """
    found = dict(_holding(module.near(NEEDLE)))
    if found:
        divided = _holding(module.near(DIVIDED))
        found |= {node: value for node, value in divided if not EXACT.fullmatch(value)}
    return sorted(found.items(), key=lambda item: (item[0].lineno, item[0].col_offset))


def _holding(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Constant, str]]:
    for node in nodes:
        value = constant_string(node)
        if isinstance(node, ast.Constant) and value is not None and EXACT.search(value):
            yield node, value


def is_spelled_otherwise(value: str, module: Module) -> bool:
    """Tell whether a file has another spelling of a value: then that is the matter."""
    return len(module.noted(SPELLED, _spellings, module).get(_digits(value), ())) > 1


def is_identity(node: ast.AST) -> bool:
    """Tell whether a node asks whether two texts are one object, as equal ones need not be."""
    if isinstance(node, ast.Call):
        return called_name(node) in ("assertIs", "assertIsNot")
    return any(isinstance(item, ast.Is | ast.IsNot) for item in getattr(node, "ops", ()))


def _spellings(module: Module) -> dict[str, set[str]]:
    """Return how a file spells each value, by its digits."""
    found: dict[str, set[str]] = {}
    for match in SPELLED.finditer(module.source.utf8):
        text = match.group().decode()
        found.setdefault(_digits(text), set()).add(text)
    return found


def _digits(value: str) -> str:
    return value.replace("-", "").lower()
