"""Docstrings that users read as help: as they are written, also where Python drops them (-OO)."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any


def docstring(item: type | Callable[..., Any]) -> str:
    """Return the docstring of a class or function, without indentation; "" where it has none."""
    found = inspect.getdoc(item)
    if found is None:
        node = ast.parse(inspect.getsource(item)).body[0]
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found = ast.get_docstring(node)
    return found or ""
