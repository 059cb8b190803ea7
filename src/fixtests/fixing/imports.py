"""Where an import or a constant goes at module level, as OpenStack's style has it.

Import order is hacking's H306: within a block, by the full dotted name in
lower case, `from a import b` read as `a.b`; where isort holds, what it is told.
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fixtests.settings.layout import Layout
from fixtests.syntax.queries import bound_names, first_row, is_function, walk
from fixtests.text.source import Source
from fixtests.tree.module import Module
from fixtests.tree.statements import import_targets

LOADS_TESTS = "load_tests"  # what unittest asks a module for

Rank = tuple[bool, str]
Statement = ast.Import | ast.ImportFrom
Left = Mapping[ast.stmt, Statement | None]  # what a fix leaves of statements, None of those that go


@dataclass(frozen=True)
class Insertion:
    """Lines to put at an offset; `order` keeps imports before constants there."""

    offset: int
    text: str
    order: int


def insertion(
    module: Module, text: str, layout: Layout, left: Left | None = None
) -> Insertion | None:
    """Return where an import statement goes, None where it is there already.

    What the same fix leaves of others is told as `left`.
    """
    wanted = ast.parse(text).body[0]
    if is_there(module, wanted):
        return None
    source = module.source
    every = ([(left or {}).get(node, node) for node in block] for block in _blocks(module))
    blocks = [block for held in every if (block := [node for node in held if node is not None])]
    key = _rank(wanted, layout)
    group = _group(wanted, module)
    own = [block for block in blocks if any(_top(item) == _top(wanted) for item in block)]
    groups = [{_group(item, module) for item in block} for block in blocks]
    if not own and (group == 0 or {2} in groups):  # else nobody knows what the project's own are
        own = [block for block, held in zip(blocks, groups, strict=True) if held == {group}]
    if own:
        return _into(source, own[-1], key, text, layout)
    if blocks:
        earlier = [block for block in blocks if _group(block[0], module) <= group]
        if earlier:
            end = _line_end(source, earlier[-1][-1])
            return Insertion(end, f"{source.newline}{text}{source.newline}", 3)
        start = source.starts[blocks[0][0].lineno - 1]
        return Insertion(start, f"{text}{source.newline}{source.newline}", 3)
    offset = _after_docstring(module)
    return Insertion(offset, f"{_gap(source, offset)}{text}{source.newline}", 3)


def order(text: str, layout: Layout) -> Rank:
    """Return where an import statement stands among others of its block."""
    return _rank(ast.parse(text).body[0], layout)


def is_there(module: Module, wanted: ast.stmt) -> bool:
    """Tell whether a module binds all that an import statement binds to the same already."""
    if isinstance(wanted, ast.Import) and any("." in item.name for item in wanted.names):
        every = [node for node in module.tree.body if isinstance(node, ast.Import)]
        return any(ast.dump(wanted) == ast.dump(node) for node in every)
    targets = import_targets(wanted, module.name, package=module.package)
    return all(module.imports.get(name) == target for name, target in targets.items())


def stay_sorted(
    module: Module, becomes: Mapping[ast.stmt, Sequence[ast.stmt]], layout: Layout
) -> bool:
    """Tell whether imports of one block may take the places of others in it.

    They may where the block is no less sorted than before.
    """
    block = next((block for block in _blocks(module) if any(item in becomes for item in block)), [])
    after = [new for node in block for new in becomes.get(node, [node])]
    return _of_one_group(module, becomes) and _falls(after, layout) <= _falls(block, layout)


def stand_alone(module: Module, becomes: Mapping[ast.stmt, Sequence[ast.stmt]]) -> bool:
    """Tell whether no other import stands in the block of some, and others belong there.

    They do if they are of its group, or there is no other block.
    """
    every = _blocks(module)
    blocks = [block for block in every if any(item in becomes for item in block)]
    alone = all(item in becomes for block in blocks for item in block)
    return alone and (len(every) == 1 or _of_one_group(module, becomes))


def _of_one_group(module: Module, becomes: Mapping[ast.stmt, Sequence[ast.stmt]]) -> bool:
    groups = {_group(new, module) for item in becomes.values() for new in item}
    return groups <= {_group(node, module) for node in becomes}


def _falls(nodes: Sequence[ast.stmt], layout: Layout) -> int:
    """Return how often an import stands after one that it is sorted before."""
    ranks = [_rank(node, layout) for node in nodes]
    return sum(one > other for one, other in itertools.pairwise(ranks))


def declaration(module: Module, name: str, value: str, layout: Layout) -> tuple[int, str, str]:
    """Return where a module constant goes, the blank lines needed before it, and its line.

    It follows the imports, the one-line assignments that come right after them, and longer
    ones that no blank line divides from those.
    """
    source = module.source
    line = f"{name} = {value}{source.newline}"
    head = list(itertools.takewhile(_opens, module.tree.body))
    last = max((at for at, node in enumerate(head) if _imports(node)), default=-1)
    if last < 0:
        offset = _after_docstring(module)
        return offset, _gap(source, offset), line
    end = last
    while end + 1 < len(head) and _continues(head[end], head[end + 1]):
        end += 1
    offset = _line_end(source, head[end])
    lines = layout.after_imports or _blank_before_constants(module, end) or 1
    return offset, source.newline * lines if end == last else "", line


def _blank_before_constants(module: Module, last: int) -> int:
    """Return how many blank lines a module has between its imports and longer constants."""
    here, *rest = module.tree.body[last:]
    if not rest or not isinstance(rest[0], ast.Assign | ast.AnnAssign):
        return 0
    row = end = here.end_lineno or here.lineno
    while not module.source.line(row + 1).strip():
        row += 1
    return row - end


def class_declaration(
    module: Module, owner: ast.ClassDef, name: str, value: str
) -> tuple[int, str, str, str]:
    """Return where a class constant goes, its line, and the blank lines before and after it.

    It follows the docstring and the assignments that open the body, else it opens the body
    itself. Raises ValueError for a body that stands on the line of its class.
    """
    source = module.source
    indent = source.line(owner.body[0].lineno)[: owner.body[0].col_offset]
    if indent.strip():
        raise ValueError("the class's body does not stand on lines of its own")
    line = f"{indent.decode()}{name} = {value}{source.newline}"
    documented = _is_text(owner.body[0])
    end = 0 if documented else -1
    while end + 1 < len(owner.body) and _continues(owner.body[max(end, 0)], owner.body[end + 1]):
        end += 1
    if end < 0:
        blank = is_function(owner.body[0]) or isinstance(owner.body[0], ast.ClassDef)
        return _opening(source, owner.body[0]), "", line, source.newline if blank else ""
    offset = _line_end(source, owner.body[end])
    if end or not documented:
        return offset, "", line, ""
    row, _ = source.location(offset)
    return offset, source.newline, line, source.newline if source.line(row).strip() else ""


def _is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _opening(source: Source, node: ast.stmt) -> int:
    """Return where the lines of a statement begin, comments and decorators above it included."""
    row = first_row(node)
    while row > 1 and source.line(row - 1).lstrip().startswith(b"#"):
        row -= 1
    return source.starts[row - 1]


def _opens(node: ast.stmt) -> bool:
    """Tell whether a statement can stand before a module's first definition."""
    return not isinstance(node, ast.ClassDef) and not is_function(node)


def _imports(node: ast.stmt) -> bool:
    """Tell whether a statement imports, also in `try` or `if`."""
    return any(isinstance(item, Statement) for item in walk(node))


def _continues(previous: ast.stmt, node: ast.stmt) -> bool:
    """Tell whether an assignment is one line, or a statement stands in one block with another.

    How tests are loaded is no constant, and stands apart from those.
    """
    joined = node.lineno == (previous.end_lineno or 0) + 1
    if isinstance(node, ast.Expr):
        return joined
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    return (joined or node.lineno == node.end_lineno) and LOADS_TESTS not in bound_names(node)


def _blocks(module: Module) -> list[list[Statement]]:
    """Return the runs of imports at the top of the module that no blank line or code divides."""
    blocks: list[list[Statement]] = []
    previous: ast.stmt | None = None
    for node in module.tree.body:
        if isinstance(node, Statement):
            joined = previous is not None and isinstance(previous, Statement)
            if joined and previous and node.lineno == (previous.end_lineno or 0) + 1:
                blocks[-1].append(node)
            else:
                blocks.append([node])
        previous = node
    return [block for block in blocks if _top(block[0]) != "__future__"] or blocks


def _into(
    source: Source,
    block: Sequence[Statement],
    key: Rank,
    text: str,
    layout: Layout,
) -> Insertion:
    line = f"{text}{source.newline}"
    for node in block:
        if _rank(node, layout) > key:
            return Insertion(source.starts[node.lineno - 1], line, 2)
    return Insertion(_line_end(source, block[-1]), line, 2)


def _rank(node: ast.stmt, layout: Layout) -> Rank:
    return layout.straight_first and isinstance(node, ast.ImportFrom), _key(node)


def _key(node: ast.stmt) -> str:
    if isinstance(node, ast.ImportFrom):
        return f"{'.' * node.level}{node.module or ''}.{node.names[0].name}".lower()
    return node.names[0].name.lower() if isinstance(node, ast.Import) else ""


def _top(node: ast.stmt) -> str:
    return _key(node).partition(".")[0]


def _group(node: ast.stmt, module: Module) -> int:
    """Return 0 for the standard library, 1 for other projects, 2 for the module's own."""
    if _top(node) in ("", module.name.partition(".")[0]):
        return 2
    return 0 if _top(node) in sys.stdlib_module_names else 1


def _line_end(source: Source, node: ast.stmt) -> int:
    row = node.end_lineno or node.lineno
    return source.starts[row] if row < len(source.starts) else len(source.utf8)


def _after_docstring(module: Module) -> int:
    """Return the offset after the docstring, or after the comments that open the file."""
    body = module.tree.body
    if body and _is_text(body[0]):
        return _line_end(module.source, body[0])
    row = 1
    while row <= len(module.source.starts) and module.source.line(row).startswith(b"#"):
        row += 1
    return module.source.starts[row - 1] if row <= len(module.source.starts) else 0


def _gap(source: Source, offset: int) -> str:
    """Return the blank line that is to stand before code at an offset."""
    return source.newline if offset else ""
