"""Which number the code around a literal gives the thing that it stands for."""

from __future__ import annotations

import ast
import re

from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import last_name

COUNTED = re.compile(r"(?P<name>\w*[A-Za-z])(?P<number>_?\d+)")


def holder(node: ast.AST, parents: Parents) -> tuple[str, str]:
    """Return the name without its number, and the number, of what holds a call's result.

    They are empty where a literal is no argument of a call that an assignment names, as `2` is
    in `server2 = self.show('...')`.
    """
    called = False
    for above in parents.above(node):
        match above:
            case ast.Call():
                called = True
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                found = COUNTED.fullmatch(last_name(target)) if called else None
                return (found["name"], found["number"]) if found else ("", "")
            case ast.stmt():
                break
    return "", ""
