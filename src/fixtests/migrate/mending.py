"""Results of scripts laid out as the project has it: imports in their place, long lines broken.

A script asks for it with `MENDED = True`. What comes out is the same syntax tree, but for
imports.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from fixtests.fixing import import_changes, imports
from fixtests.fixing.fragments import CannotPlaceError
from fixtests.fixing.nodes import Nodes
from fixtests.migrate import long_lines
from fixtests.migrate.results import Target
from fixtests.model import Edit
from fixtests.run.session import Session
from fixtests.settings.layout import Layout
from fixtests.syntax.queries import walk
from fixtests.text import edits
from fixtests.text.source import Source
from fixtests.tree.module import Module


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
    for line in _unused(old, new):
        text = _without(target, text, line, layout)
    for line in _added(old, new):
        text = _placed(target, _without(target, text, line, layout), line, layout)
    return long_lines.broken(text, frozenset(before.split("\n")), layout.line_length)


def _names(tree: ast.Module) -> Counter[str]:
    """Return how often names are read, those in texts such as `__all__` included."""
    return Counter(
        item.id if isinstance(item, ast.Name) else str(item.value)
        for item in walk(tree)
        if isinstance(item, ast.Name | ast.Constant)
    )


def _lines(tree: ast.Module) -> Iterator[tuple[imports.Statement, ast.alias, str]]:
    """Yield each name that is imported at the top, with a statement that imports it alone."""
    for node in tree.body:
        if isinstance(node, imports.Statement):
            for alias in node.names:
                one = type(node)(**{**dict(ast.iter_fields(node)), "names": [alias]})
                yield node, alias, ast.unparse(one)


def _added(old: ast.Module, new: ast.Module) -> list[str]:
    """Return the imports of a result that are new and that a statement of their own can hold."""
    known = {line for _, _, line in _lines(old)}
    together = any(isinstance(node, imports.Statement) and len(node.names) > 1 for node in old.body)
    return [
        line
        for node, _, line in _lines(new)
        if line not in known and (len(node.names) == 1 or not together)
    ]


def _unused(old: ast.Module, new: ast.Module) -> Iterator[str]:
    """Yield the imports of a result that its changes left without a use."""
    before, after = _names(old), _names(new)
    held = {line for _, _, line in _lines(old)}
    for _, alias, line in _lines(new):
        bound = alias.asname or alias.name.partition(".")[0]
        if line in held and before[bound] and not after[bound] and bound != "*":
            yield line


def _without(target: Target, text: str, line: str, layout: Layout) -> str:
    """Return a text without the import that a statement names, where it can be taken out.

    Raises Failure.
    """
    module = _module(target, text)
    source = module.source
    for node, alias, own in _lines(module.tree):
        if own == line and b"noqa" not in source.line(node.lineno):
            nodes = Nodes(module, {node.lineno})
            name = alias.asname or alias.name
            try:
                move = import_changes.Move(nodes, source.span(node), [name], ())
                changes = [*import_changes.replaced(nodes, [move], layout)]
            except CannotPlaceError:
                continue
            return _edited(source, [(item.start, item.end, item.text) for item in changes])
    return text


def _placed(target: Target, text: str, line: str, layout: Layout) -> str:
    """Return a text with an import in its place. Raises Failure."""
    module = _module(target, text)
    edit = imports.insertion(module, line, layout)
    if edit is None:
        return text
    return _edited(module.source, [(edit.offset, edit.offset, edit.text)])


def _module(target: Target, text: str) -> Module:
    """Return the file's module as a text would make it. Raises Failure."""
    source = target.of(text)
    path = target.relative.with_suffix("")
    package = path.name == "__init__"
    name = ".".join((path.parent if package else path).parts)
    return Module(name, source, source.parse(), package=package)


def _edited(source: Source, changes: Sequence[tuple[int, int, str]]) -> str:
    """Return a text with some changes, none of which overlap."""
    made = [Edit(source.path, *change) for change in sorted(changes)]
    return edits.apply(source.utf8, made).decode("utf-8", "surrogatepass")
