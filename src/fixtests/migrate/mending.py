"""Results of scripts laid out as the project has it: imports in their place, long lines broken.

A script asks for it with `MENDED = True`. What comes out is the same syntax tree, but for
imports.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from fixtests.fixing import imports
from fixtests.migrate import long_lines
from fixtests.migrate.results import Target
from fixtests.run.session import Session
from fixtests.settings.layout import Layout
from fixtests.syntax.queries import walk
from fixtests.tree.module import Module

Import = ast.Import | ast.ImportFrom


def mended(target: Target, text: str, session: Session) -> str:
    """Return a result with its new imports and lines laid out.

    Raises Failure where the result cannot be written.
    """
    layout = session.configuration.layout(target.path.parent, target.root)
    before = target.source.text
    try:
        old, new = ast.parse(before), ast.parse(text)
    except SyntaxError:
        return text  # its writer says what is wrong with it
    text = _without_unused(text, old, new)
    for line in _added(old, ast.parse(text)):
        text = _placed(target, _without(text, line), line, layout)
    return long_lines.broken(text, frozenset(before.split("\n")), layout.line_length)


def _names(tree: ast.Module) -> Counter[str]:
    """Return how often names are read, those in texts such as `__all__` included."""
    return Counter(
        item.id if isinstance(item, ast.Name) else str(item.value)
        for item in walk(tree)
        if isinstance(item, ast.Name | ast.Constant)
    )


def _lines(tree: ast.Module) -> Iterator[tuple[Import, ast.alias, str]]:
    """Yield each name that is imported at the top, with a statement that imports it alone."""
    for node in tree.body:
        if isinstance(node, Import):
            for alias in node.names:
                one = type(node)(**{**dict(ast.iter_fields(node)), "names": [alias]})
                yield node, alias, ast.unparse(one)


def _added(old: ast.Module, new: ast.Module) -> list[str]:
    """Return the imports of a result that are new and that a statement of their own can hold."""
    known = {line for _, _, line in _lines(old)}
    together = any(isinstance(node, Import) and len(node.names) > 1 for node in old.body)
    return [
        line
        for node, _, line in _lines(new)
        if line not in known and (len(node.names) == 1 or not together)
    ]


def _without_unused(text: str, old: ast.Module, new: ast.Module) -> str:
    """Return a result without the imports that its changes left without a use."""
    before, after = _names(old), _names(new)
    held = {line for _, _, line in _lines(old)}
    for _, alias, line in _lines(new):
        bound = alias.asname or alias.name.partition(".")[0]
        if line in held and before[bound] and not after[bound] and bound != "*":
            text = _without(text, line)
    return text


def _without(text: str, line: str) -> str:
    """Return a text without the import that a statement names, and without its empty place."""
    lines = text.split("\n")
    for node, alias, own in _lines(ast.parse(text)):
        if own != line or "noqa" in lines[node.lineno - 1]:
            continue
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        others = [item for item in node.names if item is not alias]
        end = "\r" if lines[first].endswith("\r") else ""
        kept = []
        if others:
            rest = type(node)(**{**dict(ast.iter_fields(node)), "names": others})
            kept = [ast.unparse(rest) + end]
        elif _is_blank(lines, first - 1) and _is_blank(lines, last):
            last += 1
        return "\n".join([*lines[:first], *kept, *lines[last:]])
    return text


def _is_blank(lines: list[str], at: int) -> bool:
    return at < 0 or at >= len(lines) or not lines[at].strip()


def _placed(target: Target, text: str, line: str, layout: Layout) -> str:
    """Return a text with an import in its place. Raises Failure."""
    source = target.of(text)
    path = target.relative.with_suffix("")
    package = path.name == "__init__"
    name = ".".join((path.parent if package else path).parts)
    module = Module(name, source, source.parse(), package=package)
    edit = imports.insertion(module, line, layout)
    if edit is None:
        return text
    utf8 = source.utf8
    return (utf8[: edit.offset] + edit.text.encode() + utf8[edit.offset :]).decode(
        "utf-8", "surrogatepass"
    )
