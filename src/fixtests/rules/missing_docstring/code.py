"""Whether a line of a comment is code that was taken out, rather than words."""

from __future__ import annotations

import ast


def is_code(line: str) -> bool:
    """Tell whether a line of a comment is a statement rather than words."""
    try:
        body = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return line.endswith((":", "(", "[", "{", "=", "),", "],")) and _opens_block(line)
    plain = (ast.Name, ast.Constant, ast.BinOp, ast.Compare, ast.Tuple, ast.BoolOp, ast.Attribute)
    return any(not isinstance(item, ast.Expr) or not isinstance(item.value, plain) for item in body)


def _opens_block(line: str) -> bool:
    try:
        ast.parse(f"{line}\n    pass")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return line.endswith(("(", "[", "{", "=", "),", "],"))
    return True
