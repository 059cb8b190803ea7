"""What a configuration may say of UUIDs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from typing import Literal as OneOf

from fixtests.rules.literal_uuid import spelling


@dataclass(frozen=True)
class Known:
    """An expression for a value, and the import statement that it needs."""

    expression: str
    import_: str = ""


@dataclass(frozen=True)
class Options:
    """What a project says of its UUIDs.

    `known` maps values to expressions, `constants_module` is the path of a
    module for new constants, and `strategy` says what a value without a name
    becomes: a constant that keeps it, a sentinel of oslo.utils, or the constant that a
    module of the profile has for its role.
    """

    known: Mapping[str, str | Known] = field(default_factory=dict)
    constants_module: str | None = None
    strategy: OneOf["constant", "sentinel", "tree"] = "constant"

    def __post_init__(self) -> None:
        for value, known in self.known.items():
            if not spelling.EXACT.fullmatch(value):
                raise ValueError(f"known: {value!r} is no UUID")
            _parsed(known.expression if isinstance(known, Known) else known, "eval", ast.expr)
            if isinstance(known, Known) and known.import_:
                _parsed(known.import_, "single", (ast.Import, ast.ImportFrom))
        path = PurePosixPath(
            "constants.py" if self.constants_module is None else self.constants_module
        )
        names_module = path.suffix == ".py" and all(
            part.isidentifier() for part in path.with_suffix("").parts
        )
        if path.is_absolute() or ".." in path.parts or not names_module:
            message = "is no path of a .py file below the root, such as tests/constants.py"
            raise ValueError(f"constants-module: {self.constants_module!r} {message}")


def _parsed(text: str, mode: str, kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> None:
    """Check an expression or a statement of the configuration. Raises ValueError."""
    what = "Python expression" if mode == "eval" else "import statement"
    try:
        tree: Any = ast.parse(text, mode=mode)
    except (SyntaxError, ValueError):
        raise ValueError(f"known: {text!r} is no {what}") from None
    nodes = [tree.body] if mode == "eval" else tree.body
    if len(nodes) != 1 or not isinstance(nodes[0], kind):
        raise ValueError(f"known: {text!r} is no {what}")
