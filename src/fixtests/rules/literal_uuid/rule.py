"""FT101: a literal UUID becomes a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from typing import Literal as OneOf

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.rules.literal_uuid import fresh as new_names
from fixtests.rules.literal_uuid import occurrences, packages, spelling, uuids
from fixtests.rules.literal_uuid import standing as tree_constants
from fixtests.rules.literal_uuid.fresh import Fresh
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.names import Name, Names
from fixtests.tree.statements import module_name


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
    number, a value that data of the module or a class keep, a second word for one kind of
    thing in the file, an id whose neighbours in the statement keep theirs, be they UUIDs
    or only look so, a key that tells what an id is for and not whose it is, such as
    `marker`, an id that the test expects not to find, a value that more than four test modules
    of a folder hold, or that is another thing's, too, in the same function. A value that stands
    for several things, or that locals hold in most places, is reported. Decorators,
    default arguments, sample data, modules without tests, keys, ids that must
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
        path = context.source.path
        if not context.project.is_test(path) or packages.holds_data(context.project, path):
            return
        options: Options = context.options
        if context.relative == options.constants_module:
            return
        own = Names(context.module, context.project)
        fresh: dict[str, Fresh] | None = None
        standing = tree_constants.of_module(own) if options.strategy == "tree" else {}
        for literal in own.literals.found:
            name = _known(literal, own, options) or own.of(literal)
            if name is None and literal.value in standing:
                name = tree_constants.name(own, literal, standing[literal.value])
            if literal.verdict is Verdict.LEAVE or (name is None and own.keeps_values):
                continue
            new = None
            if name is None:
                fresh = _fresh(own, options, standing) if fresh is None else fresh
                new = fresh.get(literal.value)
                if literal.absent and not (new and new.name):
                    continue
            yield self._finding(literal, name, new, context)

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

    def _finding(
        self, literal: Literal, name: Name | None, fresh: Fresh | None, context: Context
    ) -> Finding:
        data: dict[str, Any] = dict.fromkeys(("import", "constant", "value"), "")
        data["module"] = None
        applicability = Applicability.SAFE
        options: Options = context.options
        if literal.verdict is Verdict.ADVISE:
            applicability, hint = Applicability.DISPLAY, literal.reason
        elif name is not None:
            data |= {"expression": name.expression, "import": name.import_}
            hint = f"use `{name.expression}`"
            if name.obstacle:
                applicability, hint = Applicability.DISPLAY, f"{hint}, but {name.obstacle}"
            elif name.doubt:
                applicability, hint = Applicability.UNSAFE, f"{name.doubt}; look before using it"
        elif fresh is None or not fresh.name:
            applicability = Applicability.DISPLAY
            hint = literal.reason or (fresh.doubt if fresh else new_names.UNTOLD)
        elif options.strategy == "sentinel":
            applicability, hint, chosen = _sentinel(literal, fresh.name, context)
            data |= chosen
        else:
            data |= _declared(literal, fresh.name, context)
            hint = f"name it `{data['expression']}`"
            if fresh.doubt:
                applicability = Applicability.UNSAFE
                hint = f"{fresh.doubt}; name it by hand, else `{data['expression']}`"
        message = f"literal UUID `{literal.value}`: {hint}"
        return context.finding(literal.node, message, applicability, **data)


def _fresh(own: Names, options: Options, standing: Container[str]) -> dict[str, Fresh]:
    """Return the names of new constants, by value."""
    if options.constants_module and options.strategy == "constant":
        return new_names.across(own.project, options.constants_module)
    return new_names.of_module(own, standing, sentinels=options.strategy == "sentinel")


def _known(literal: Literal, own: Names, options: Options) -> Name | None:
    """Return the expression that the configuration names for a value."""
    known = options.known.get(literal.value)
    if known is None:
        return None
    if isinstance(known, str):
        known = Known(known)
    first = re.match(r"\w+", known.expression)
    bound = not first or first.group() == "self" or first.group() in own.bound
    if first and not known.import_ and not bound:
        reason = f"`{first.group()}` is not bound in this module; give the `import` as well"
        return Name(known.expression, obstacle=reason)
    return Name(known.expression, known.import_)


def _sentinel(
    literal: Literal, fresh: str, context: Context
) -> tuple[Applicability, str, dict[str, str]]:
    """Return how far a sentinel may take a literal's place, why, and what the fix needs."""
    sentinels = Names(context.module, context.project).sentinels()
    expression = f"{sentinels.expression}.{fresh}"
    others = occurrences.elsewhere(context.project, literal.value, context.source.path)
    if sentinels.obstacle or others:
        reason = sentinels.obstacle or f"the value also stands in other files ({others})"
        return Applicability.DISPLAY, f"a sentinel would do, but {reason}", {}
    hint = f"use `{expression}`, which changes the value; run the tests"
    return Applicability.UNSAFE, hint, {"expression": expression, "import": sentinels.import_}


def _declared(literal: Literal, fresh: str, context: Context) -> dict[str, Any]:
    """Return how to declare a new constant; in its own file, with the quotes of its first use."""
    target = context.options.constants_module
    quote = "'" if target is not None else _quote(literal, context)
    declared = {"constant": fresh, "value": f"{quote}{literal.value}{quote}"}
    if target is None:
        return {**declared, "expression": fresh}
    package, _, module = module_name(target).rpartition(".")
    needed = f"from {package} import {module}" if package else f"import {module}"
    return {**declared, "expression": f"{module}.{fresh}", "import": needed, "module": target}


def _quote(literal: Literal, context: Context) -> str:
    """Return the quote that a value's first literal in a file is written with."""
    first = uuids.literals(context.module, context.project).opening(literal.value)
    text = context.source.slice(context.source.span(first))
    return '"' if text.rstrip().endswith('"') else "'"
