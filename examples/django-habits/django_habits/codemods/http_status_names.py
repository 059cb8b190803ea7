"""Call the statuses of responses by their names.

What: `assertEqual(response.status_code, 404)` becomes `..., HTTPStatus.NOT_FOUND)`.
Why: not everybody knows 409 from 410, and a name can be searched for.
When to delete: once `git grep 'status_code, [0-9]'` finds nothing.
What it leaves: numbers that are no status of HTTP.
"""

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus

from django_habits import responses
from fixtests.api import Applicability, Context, Editor, Finding
from fixtests.migrate import Codemod


class HttpStatusNames(Codemod):
    """Finds the number that a status is compared with, and names it."""

    needles = (re.compile(rb"\.status_code\b"), re.compile(rb"assertEqual"))
    visits = (ast.Expr,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding for the number in an assertion of a status."""
        status = responses.status_of(node)
        if status is None or status.method != "assertEqual":
            return
        number = next(item for item in node.value.args if isinstance(item, ast.Constant))
        if status.number in [item.value for item in HTTPStatus]:
            name = HTTPStatus(status.number).name
            said = f"{status.number} is {name}"
            yield context.finding(number, said, Applicability.SAFE, name=name)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Put the name in the place of the number."""
        edit.require_import("from http import HTTPStatus")
        edit.replace(f"HTTPStatus.{finding.data['name']}")
