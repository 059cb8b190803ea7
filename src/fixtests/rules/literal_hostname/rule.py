"""FT102: a host name that a class repeats becomes a class constant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.tree.project import Project


class LiteralHostname(Rule):
    """A class repeats the name of a host on which it starts a service.

    ## What it does
    Looks for host names that stand at least twice in a class and its heirs in
    the same file, where one of the places starts a service: `start_service`,
    or a method that passes the name on to it. The fix declares a class constant
    with the same value and uses it in all of these places, or a constant of the
    class or the module that has the value already.

    ## Why is this bad?
    The places have to agree, and nothing says so: a test that asks for a
    misspelt host fails far from the mistake.

    ## Fix safety
    Safe, because the value stays. All hosts of a test get a constant, or none:
    a name that is a key of a dict (tables of weighers, maps of cells) or the
    default of a method of the class, one that a local holds, and one beside a
    text that differs in its number and gets no constant, is reported with all
    others of its tests. Defaults, decorators, longer strings, recorded samples
    and fixture modules are left alone, and so is a literal that a name or an
    attribute holds. Not safe where a base class outside the tree might have an
    attribute of the constant's name.
    """

    code = "FT102"
    subject = "Name the hosts of services"
    cwe = (547,)
    severity = "recommendation"
    absent = "no host name is repeated in a class that starts a service on it"
    default = False
    needles = (re.compile(rb"\("),)
    visits = (ast.Module,)

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for the names of the profile's methods that start services as well."""
        return _calling(tuple(item.start for item in project.profile.services))

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield every host name that a constant is to stand for."""
        from fixtests.rules.literal_hostname import deciding

        return deciding.of_module(context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the literals that may be names of hosts."""
        from fixtests.rules.literal_hostname import judging

        return judging.of_module(context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Put the constant in the literal's place, and declare it."""
        data = finding.data
        edit.replace(data["text"], data["replaced"])
        for owner, name, value in data["constants"]:
            edit.declare_class_constant(owner, name, value)

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return the mutant with another name of the host."""
        from fixtests.rules.literal_hostname import mutants

        return mutants.of_constant(standing)


@cache
def _calling(names: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    listed = "|".join(("(?:start|compute|host|service)\\w*", *map(re.escape, names)))
    return (re.compile(rf"(?:{listed})[\s\\]*\(".encode()),)
