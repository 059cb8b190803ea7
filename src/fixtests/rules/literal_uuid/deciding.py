"""Which UUIDs are to be named, and how."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from fixtests.model import Applicability, Finding
from fixtests.rules.api import Context
from fixtests.rules.literal_uuid import fresh as new_names
from fixtests.rules.literal_uuid import occurrences, packages, uuids
from fixtests.rules.literal_uuid import standing as tree_constants
from fixtests.rules.literal_uuid.fresh import Fresh
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.names import Name, Names
from fixtests.rules.literal_uuid.options import Known, Options
from fixtests.tree.statements import module_name


def of_module(context: Context) -> Iterator[Finding]:
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
        yield _finding(literal, name, new, context)


def _finding(literal: Literal, name: Name | None, fresh: Fresh | None, context: Context) -> Finding:
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
