"""FT101: a literal UUID becomes a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.rules.literal_uuid import spelling
from fixtests.rules.literal_uuid.options import Options


class LiteralUuid(Rule):
    """Literal UUIDs stand where a name would say what they are.

    ## What it does
    Checks for literal UUIDs in the bodies of tests. The fix names the value:
    an expression that the configuration knows for it, else a name that the
    target tree already binds to exactly this value (a constant of the module,
    then the project's fixture and constants modules), else a new constant
    that keeps the value.

    ## Why is this bad?
    A reader cannot tell that `155d900f-...` is the image which a fixture
    offers, and a change of the fixture breaks the test without a hint.

    ## Fix safety
    Safe, because the value stays, where what is around the value says what it
    is: a keyword, a key, a parameter, the owner of an id. Where nothing does, a
    name is only offered as an unsafe fix, and so it is where the name would
    read worse than the literal: more than three constants that differ in a
    number which no local says, one that stands once and is told from another by such a
    number, a name that a class of the file gives another id, a value that data of the
    module or a class keep, or a dict of a module that it imports, a second word
    for one kind of thing in the file, an id whose neighbours keep theirs, be they UUIDs
    or only look so (those in its statement, and in the assignments or like calls right above
    and below), a key that tells what an id is for and not whose it is, such as
    `marker`, an id that the test expects not to find, a value that is another
    thing's, too, in the same function. A value that stands
    for several things, or that locals hold in most places, is reported. Decorators,
    default arguments, what is taken where something else is missing, sample data, modules
    without tests, keys, ids that must
    not exist, values of which the file holds another spelling, those that a function
    makes of one another in an assertion, those that one
    local holds and nothing else uses and those that also stand inside longer
    strings are left alone or only reported, unless the tree has a name for
    them. Not safe with another `strategy` than `constant`, which changes the value, and
    where the only name with the value speaks of another resource than what is around the
    literal, or than a local of the function, or of one around it, that holds the value.

    ## Options
    - `known`: a table from UUIDs to expressions, or to tables of `expression`
      and `import`.
    - `constants-module`: the path of a module, from the root, that new
      constants go to instead of the test module.
    - `strategy`: `constant`, `sentinel` or `tree`: the constant that a constants
      module of the profile has for the role, where it has one, as
      `fake.VOLUME_ID` in cinder. All literals of a value change, or none does.
    """

    code = "FT101"
    subject = "Name literal UUIDs"
    cwe = (547,)
    severity = "recommendation"
    absent = "no literal UUID stands in the body of a test"
    needles = (spelling.NEEDLE,)
    visits = (ast.Module,)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield every literal UUID that is to be named, or that a person should look at."""
        from fixtests.rules.literal_uuid import deciding

        return deciding.of_module(context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the literals that are left."""
        from fixtests.rules.literal_uuid import judging

        return judging.of_module(context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Put the name in the literal's place, with the import or constant that it needs."""
        data = finding.data
        edit.replace(data["expression"])
        if data["import"]:
            edit.require_import(data["import"])
        if data["constant"]:
            edit.declare_constant(data["constant"], data["value"], data["module"])

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return the mutant with another UUID."""
        from fixtests.rules.literal_uuid import mutants

        return mutants.of_name(standing)
