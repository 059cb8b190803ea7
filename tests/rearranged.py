"""Modules rearranged so that they mean what they meant: methods reversed, branches swapped.

Whole lines move, with the comments and blank lines that belong to them; what
cannot be moved without a doubt stays. The tree of each result is held to be the
one that the same change of the tree gives.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Iterable, Iterator

LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
LONE_CR = re.compile(r"\r(?!\n)")
KEYWORD = re.compile(rb"(?:el)?if\b[ \t\f]*")
ELSE = re.compile(rb"[ \t\f]*else[ \t\f]*:[ \t\f]*(?:#.*)?$")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

Change = Callable[[ast.AST, list[bytes]], bool]


def methods_reversed(content: bytes) -> tuple[bytes, int]:
    """Return a module whose classes have their methods the other way round, and how many have.

    Raises SyntaxError where it is not Python.
    """
    return _rearranged(content, _reverse_methods)


def branches_swapped(content: bytes) -> tuple[bytes, int]:
    """Return a module whose `if c: A else: B` are `if not (c): B else: A`, and how many are.

    One on a single line stays, and one whose `else` is an `elif`. Raises
    SyntaxError where it is not Python.
    """
    return _rearranged(content, _swap_branches)


def _rearranged(content: bytes, change: Change) -> tuple[bytes, int]:
    """Change every node of a module that can be, inner ones first, and prove the result.

    A module whose encoding cannot be told, or does not give it back, stays, and
    one whose lines would make other lines side by side: CR before LF.
    """
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    except SyntaxError:
        return content, 0
    text = content.decode(encoding, "replace")
    if text.encode(encoding, "replace") != content or (LONE_CR.search(text) and "\n" in text):
        return content, 0
    tree, lines = _parsed(text), LINE.findall(text.encode())
    count = sum(change(node, lines) for node in _inner_first(tree))
    after = b"".join(lines).decode()
    if ast.dump(_parsed(after)) != ast.dump(tree):
        raise AssertionError("lines do not mean what their statements do; leave more alone")
    return after.encode(encoding), count


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except ValueError as error:  # a NUL
            raise SyntaxError(str(error)) from None


def _inner_first(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield from _inner_first(child)
    yield node


def _reverse_methods(node: ast.AST, lines: list[bytes]) -> bool:
    if not isinstance(node, ast.ClassDef) or not _is_free_in_order(node):
        return False
    blocks = _blocks(node.body, lines)
    methods = [at for at, item in enumerate(node.body) if isinstance(item, FUNCTION)]
    if blocks is None or not lines[blocks[-1].stop - 1].endswith((b"\r", b"\n")):
        return False
    order = dict(zip(methods, reversed(methods), strict=True))
    sources = [order.get(at, at) for at in range(len(blocks))]
    moved = [line for at in sources for line in lines[blocks[at].start : blocks[at].stop]]
    lines[blocks[0].start : blocks[-1].stop] = moved
    node.body = [node.body[at] for at in sources]
    return True


def _is_free_in_order(node: ast.ClassDef) -> bool:
    """Tell whether the class means the same whatever the order of its methods.

    Not where two have one name, where one is read while the class is made, or
    where one reads, while it is made, what is bound between them.
    """
    methods = [item for item in node.body if isinstance(item, FUNCTION)]
    others = [item for item in node.body if not isinstance(item, FUNCTION)]
    names = {item.name for item in methods}
    bound, read = set(), set()
    for item in others:
        bound |= _names(ast.walk(item), ast.Store)
        read |= _names(ast.walk(item), ast.Load)
    for item in methods:
        read |= _names(_evaluated(item), ast.Load)
    between = node.body[: node.body.index(methods[0])] != others if methods else False
    return (
        len(methods) > 1
        and len(names) == len(methods)
        and not names & (bound | read)
        and not (between and bound & read)
    )


def _evaluated(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield what of a method is evaluated where it stands: all but its body."""
    for part in (*method.decorator_list, method.args, method.returns):
        if part is not None:
            yield from ast.walk(part)


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> set[str]:
    """Return the names that nodes read or bind."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            found.add(node.id)
        elif isinstance(node, FUNCTION | ast.ClassDef) and context is ast.Store:
            found.add(node.name)
        elif isinstance(node, ast.alias) and context is ast.Store:
            found.add((node.asname or node.name).partition(".")[0])
    return found


def _blocks(body: list[ast.stmt], lines: list[bytes]) -> list[range] | None:
    """Return the rows, from 0, of each statement, with its comments; None where two share one.

    Blank lines and comments before a statement are its own, and comments after
    it that stand further to the right.
    """
    found: list[range] = []
    for node in body:
        first, last = _first(node) - 1, node.end_lineno or 0
        before = found[-1].stop if found else 0
        if first < before:
            return None
        while first > before and _is_beside(lines[first - 1]):
            first -= 1
        if found and first > before:
            return None  # a backslash, or what else is no statement's
        found.append(range(first, _end(last, node.col_offset, lines)))
    return found


def _end(row: int, column: int, lines: list[bytes]) -> int:
    """Return the row after those from `row` that are blank or comments right of a column."""
    end = row
    while row < len(lines) and _is_beside(lines[row]):
        row += 1
        comment = lines[row - 1].strip()
        if comment and len(lines[row - 1]) - len(lines[row - 1].lstrip()) > column:
            end = row
    return end


def _is_beside(line: bytes) -> bool:
    return not line.strip() or line.lstrip().startswith(b"#")


def _first(node: ast.stmt) -> int:
    """Return the first row of a statement, from 1."""
    return min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])


def _swap_branches(node: ast.AST, lines: list[bytes]) -> bool:
    if not isinstance(node, ast.If) or not node.orelse:
        return False
    top, last = _colon(node, lines), _first(node.orelse[0]) - 1
    rows = [row for row in range(node.body[-1].end_lineno or 0, last) if ELSE.match(lines[row])]
    if top is None or len(rows) != 1 or _first(node.body[0]) - 1 == top[0]:
        return False
    (row, column), middle, head = top, rows[0], node.lineno - 1
    end = _end(node.end_lineno or 0, node.col_offset, lines)
    keyword = KEYWORD.match(lines[head], node.col_offset)
    if keyword is None or not lines[end - 1].endswith((b"\r", b"\n")):
        return False
    lines[row] = lines[row][:column] + b")" + lines[row][column:]
    gap = b"" if keyword[0].endswith((b" ", b"\t", b"\f")) else b" "
    lines[head] = b"".join(
        (lines[head][: keyword.end()], gap, b"not (", lines[head][keyword.end() :])
    )
    body, orelse = lines[row + 1 : middle], lines[middle + 1 : end]
    lines[row + 1 : end] = [*orelse, lines[middle], *body]
    node.test = ast.UnaryOp(ast.Not(), node.test)
    node.body, node.orelse = node.orelse, node.body
    return True


def _colon(node: ast.If, lines: list[bytes]) -> tuple[int, int] | None:
    """Return row and column, from 0, of the colon after the condition of an `if`."""
    column = node.test.end_col_offset or 0
    for row in range((node.test.end_lineno or 0) - 1, _first(node.body[0])):
        code = lines[row][column:].partition(b"#")[0]
        if b":" in code:
            return row, column + code.index(b":")
        column = 0
    return None
